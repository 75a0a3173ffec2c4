/** Root dividends: alpha that root stakers of a hotkey may claim, by a rate per TAO staked since the beginning. */
import type { State } from '../../state.js'
import { less } from '../fixed.js'
import { S } from './storage.js'

const ROOT = 0

/** Alpha per TAO on root that a hotkey owes since the beginning, by netuid; 32 fractional bits. */
export const claimableRates = (state: State, hotkey: string): [netuid: number, rate: bigint][] =>
  state.get(S.RootClaimable, hotkey)

/** Counts as claimed what new stake on root did not earn. */
export function claimedByStaking(
  state: State,
  hotkey: string,
  coldkey: string,
  amount: bigint,
): void {
  for (const [netuid, rate] of claimableRates(state, hotkey)) {
    const claimed = state.get(S.RootClaimed, netuid, hotkey, coldkey) + ((rate * amount) >> 32n)
    state.set(S.RootClaimed, [netuid, hotkey, coldkey], claimed)
  }
}

/** Takes back of what counts as claimed what belongs to stake that leaves root. */
export function claimedByUnstaking(
  state: State,
  hotkey: string,
  coldkey: string,
  amount: bigint,
): void {
  for (const [netuid, rate] of claimableRates(state, hotkey)) {
    if (netuid === ROOT) continue
    const claimed = state.get(S.RootClaimed, netuid, hotkey, coldkey)
    const left = less(claimed, (rate * amount) >> 32n)
    state.set(S.RootClaimed, [netuid, hotkey, coldkey], left)
  }
}

/** Numbers a coldkey that stakes on root, so that its dividends are claimed for it in its turn. */
export function listStakingColdkey(state: State, coldkey: string): void {
  if (state.has(S.StakingColdkeys, coldkey)) return
  const index = state.get(S.NumStakingColdkeys)
  state.set(S.StakingColdkeysByIndex, [index], coldkey)
  state.set(S.StakingColdkeys, [coldkey], index)
  state.set(S.NumStakingColdkeys, [], index + 1n)
}
