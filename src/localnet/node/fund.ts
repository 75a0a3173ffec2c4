/** Money from nowhere, for development accounts. */
import { BittensorError } from '../../core/errors.js'
import { deposit, EXISTENTIAL_DEPOSIT } from '../runtime/pallets/balances.js'
import { System } from '../runtime/pallets/system.js'
import { S } from '../runtime/subtensor/storage.js'
import type { Node } from './node.js'

const U64_MAX = (1n << 64n) - 1n

/**
 * Gives an account new RAO in a block made for it, and counts them in both issuances. Returns its free balance.
 * @throws {BittensorError} `BAD_AMOUNT` when the sum does not fit the chain's numbers.
 */
export async function fundAccount(node: Node, account: string, amount: bigint): Promise<bigint> {
  const before = node.chain.tip.state.get(System.Account, account).data.free
  if (before + amount < EXISTENTIAL_DEPOSIT) {
    throw new BittensorError('BAD_AMOUNT', `an account exists from ${EXISTENTIAL_DEPOSIT} RAO on`)
  }
  await node.advance(1, {
    intervention({ state, emit }) {
      const issuance = state.get(S.TotalIssuance) + amount
      if (issuance > U64_MAX) {
        throw new BittensorError(
          'BAD_AMOUNT',
          'the chain cannot count that much (2⁶⁴−1 RAO in all)',
        )
      }
      deposit({ state, emit }, account, amount)
      state.set(S.TotalIssuance, [], issuance)
    },
  })
  return node.chain.tip.state.get(System.Account, account).data.free
}
