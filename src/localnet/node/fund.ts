/** Money from nowhere, for development accounts. */
import { BittensorError } from '../../core/errors.js'
import { EXISTENTIAL_DEPOSIT } from '../runtime/pallets/balances.js'
import type { Node } from './node.js'

const U64_MAX = (1n << 64n) - 1n

/**
 * Gives an account new RAO in a block made for it, and counts them in both issuances. Returns its free balance.
 * @throws {BittensorError} `BAD_AMOUNT` when the sum does not fit the chain's numbers.
 */
export async function fundAccount(node: Node, account: string, amount: bigint): Promise<bigint> {
  const { runtime } = node
  const before = runtime.account(node.chain.tip.state, account).free
  if (before + amount < EXISTENTIAL_DEPOSIT) {
    throw new BittensorError('BAD_AMOUNT', `an account exists from ${EXISTENTIAL_DEPOSIT} RAO on`)
  }
  await node.advance(1, {
    intervention({ state, emit }) {
      if (runtime.issuance(state) + amount > U64_MAX) {
        throw new BittensorError(
          'BAD_AMOUNT',
          'the chain cannot count that much (2⁶⁴−1 RAO in all)',
        )
      }
      runtime.mint({ state, emit }, account, amount)
    },
  })
  return runtime.account(node.chain.tip.state, account).free
}
