/** When a subnet's epochs are. */
import type { State } from '../../state.js'
import { S } from './storage.js'

/** Blocks until the next epoch of a subnet, 0 in the block it runs in; undefined when it has none. */
export function blocksUntilEpoch(state: State, netuid: number, block: bigint): bigint | undefined {
  const tempo = BigInt(state.get(S.Tempo, netuid))
  if (tempo === 0n) return undefined
  return tempo - ((block + BigInt(netuid) + 1n) % (tempo + 1n))
}

export const epochIsDue = (state: State, netuid: number, block: bigint): boolean =>
  blocksUntilEpoch(state, netuid, block) === 0n

/** Number of the epoch that a block is in. */
export const epochOf = (state: State, netuid: number, block: bigint): bigint =>
  (block + BigInt(netuid) + 1n) / (BigInt(state.get(S.Tempo, netuid)) + 1n)

/** First and last block in which what is committed in a block may be revealed. */
export function revealBlocks(
  state: State,
  netuid: number,
  block: bigint,
): [first: bigint, last: bigint] {
  const tempo = BigInt(state.get(S.Tempo, netuid))
  const epoch = epochOf(state, netuid, block) + state.get(S.RevealPeriodEpochs, netuid)
  const first = epoch * (tempo + 1n) - BigInt(netuid) - 1n
  return [first, first + tempo]
}

/** How many epochs late a commit is: below 0 too early, 0 in time, above 0 expired. */
export const lateness = (state: State, netuid: number, committed: bigint, block: bigint): bigint =>
  epochOf(state, netuid, block) -
  epochOf(state, netuid, committed) -
  state.get(S.RevealPeriodEpochs, netuid)
