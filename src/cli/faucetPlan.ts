/** The proof of work that a faucet asks for, and what `faucet` shows before signing. */
import { readFreeBalance } from '../core/chain/balances.js'
import { faucetCall } from '../core/chain/calls.js'
import type { ChainClient, ChainView } from '../core/chain/types.js'
import { BittensorError } from '../core/errors.js'
import { fromHex } from '../core/keys/hex.js'
import { decodeAddress } from '../core/keys/ss58.js'
import type { Party, Plan, Planning } from '../core/plans/plan.js'
import { probeByteOrder } from '../core/plans/probe.js'
import { FAUCET_DIFFICULTY, type PowScheme, type Solution } from '../core/pow/challenge.js'
import { chooseFaucetScheme } from '../core/pow/scheme.js'
import { solve } from '../core/pow/solve.js'
import type { Context } from './context.js'
import { type SearchValues, solverOptions } from './powActions.js'

export type FaucetPlan = Plan<bigint>

/** A proof is good for the block it names and two more; with one spare it can still be sent. */
const FRESH_BLOCKS = 1

/**
 * Makes plans that carry a proof; one that is still good is used again.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED` where the runtime has no faucet, `POW_DISABLED` where it pays nothing, `INTERRUPTED`
 */
export function faucetPlanner(
  ctx: Context,
  wallet: Party,
  searching: SearchValues,
): (planning: Planning) => Promise<FaucetPlan> {
  let solution: Solution | undefined
  return async ({ client, view }) => {
    const scheme = await schemeOf(client, view)
    // What signs is loaded while the proof is searched: on a fast chain it is good for half a second.
    client.encoder().catch(() => {})
    const age = view.block.number - (solution?.challenge.blockNumber ?? Number.NEGATIVE_INFINITY)
    if (!solution || age > FRESH_BLOCKS) {
      solution = await proofFor(ctx, view, { scheme, wallet, searching })
    }
    const { challenge, nonce, seal } = solution
    const free = await readFreeBalance(view, wallet.address)
    return {
      operations: [
        {
          label: 'the faucet',
          call: faucetCall(client, { blockNumber: challenge.blockNumber, nonce, work: seal }),
          spendRao: 0n,
          asked: { account: wallet.address },
          measure: (at) => readFreeBalance(at, wallet.address),
        },
      ],
      facts: [
        { label: 'proof', value: `of block ${challenge.blockNumber}`, note: `nonce ${nonce}` },
      ],
      effects: [
        {
          label: `${wallet.name}, free`,
          before: free,
          after: null,
          note: 'plus what the faucet gives',
        },
      ],
      question: `Ask the faucet for τ for ${wallet.name}?`,
    }
  }
}

async function schemeOf(client: ChainClient, view: ChainView): Promise<PowScheme> {
  const choice = chooseFaucetScheme(client)
  if (choice.kind === 'none') throw unsupported(client, choice.reason)
  if (client.value === 'real') throw noFaucet(client.network, 'τ on it are worth money')
  if (choice.kind === 'solve') return choice.scheme
  if (choice.kind === 'probe') {
    return probeByteOrder(client, view, choice.reason, (proof) => faucetCall(client, proof))
  }
  throw unsupported(client, choice.reason)
}

const ELSEWHERE = 'a development chain has accounts with τ: btcli localnet fund'

function unsupported({ specVersion }: ChainClient, reason: string): BittensorError {
  return new BittensorError('RUNTIME_UNSUPPORTED', reason, {
    hint: ELSEWHERE,
    data: { specVersion },
  })
}

/** The failure where no faucet pays out, though the runtime has the call. */
export function noFaucet(network: string, reason: string): BittensorError {
  return new BittensorError('POW_DISABLED', `${network} has no faucet`, {
    details: reason,
    hint: ELSEWHERE,
  })
}

async function proofFor(
  ctx: Context,
  view: ChainView,
  part: {
    readonly scheme: PowScheme
    readonly wallet: Party
    readonly searching: SearchValues
  },
): Promise<Solution> {
  const { number, hash } = view.block
  const blockHash = fromHex(hash, 32)
  if (!blockHash) throw new BittensorError('CONNECTION', `the node names a block by \`${hash}\``)
  const challenge = {
    scheme: part.scheme,
    blockNumber: number,
    blockHash,
    key: decodeAddress(part.wallet.address),
    difficulty: FAUCET_DIFFICULTY,
  }
  const options = await solverOptions(ctx, part.searching)
  const result = await ctx.progress(`Solving a proof of work for block ${number}`, () =>
    solve({ ...options, challenge, signal: ctx.signal }),
  )
  if (result.found) return result.solution
  throw new BittensorError('INTERNAL', 'no proof of work was found')
}
