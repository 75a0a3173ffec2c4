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

type Staker = { readonly hotkey: string; readonly coldkey: string }

/** Hands what counts as claimed on to another staker. */
export function moveClaimed(state: State, netuid: number, from: Staker, to: Staker): void {
  const moved = state.get(S.RootClaimed, netuid, from.hotkey, from.coldkey)
  state.remove(S.RootClaimed, netuid, from.hotkey, from.coldkey)
  const claimed = state.get(S.RootClaimed, netuid, to.hotkey, to.coldkey) + moved
  state.set(S.RootClaimed, [netuid, to.hotkey, to.coldkey], claimed)
}

/** Hands the rates of a hotkey on to another. */
export function moveClaimable(state: State, from: string, to: string): void {
  const rates = new Map(claimableRates(state, to))
  for (const [netuid, rate] of claimableRates(state, from)) {
    rates.set(netuid, (rates.get(netuid) ?? 0n) + rate)
  }
  state.remove(S.RootClaimable, from)
  state.set(
    S.RootClaimable,
    [to],
    [...rates].sort(([a], [b]) => a - b),
  )
}
