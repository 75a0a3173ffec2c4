/** What a hotkey validates with: its alpha and, weighted, its stake on root, with what children take and parents give. */
import type { State } from '../../state.js'
import { fromFixed32, less, mul32, shareOfU64, toFixed32 } from '../fixed.js'
import { ROOT } from './pool.js'
import { hotkeyStake } from './shares.js'
import { S } from './storage.js'

/** Of one neuron: RAO of alpha and of TAO, and both together with 64 fractional bits. */
export type StakeWeight = {
  readonly alpha: bigint
  readonly tao: bigint
  readonly total: bigint
}

/** How much TAO on root counts, with 32 fractional bits. */
export const taoWeight = (state: State): bigint => shareOfU64(state.get(S.TaoWeight))

/** Stake of a hotkey on `source` after children and parents of a subnet, RAO. */
function inherited(state: State, hotkey: string, netuid: number, source: number): bigint {
  const own = toFixed32(hotkeyStake(state, hotkey, source))
  const part = (share: bigint, stake: bigint) => mul32(stake, shareOfU64(share))
  const given = state
    .get(S.ChildKeys, hotkey, netuid)
    .reduce((sum, [share]) => sum + part(share, own), 0n)
  const received = state
    .get(S.ParentKeys, hotkey, netuid)
    .reduce(
      (sum, [share, parent]) => sum + part(share, toFixed32(hotkeyStake(state, parent, source))),
      0n,
    )
  return fromFixed32(less(own, given) + received)
}

/** The stake weight of a hotkey on a subnet. */
export function stakeWeight(state: State, hotkey: string, netuid: number): StakeWeight {
  const alpha = inherited(state, hotkey, netuid, netuid)
  const tao = inherited(state, hotkey, netuid, ROOT)
  const weight = taoWeight(state) << 32n
  return { alpha, tao, total: (alpha << 64n) + (((tao << 64n) * weight) >> 64n) }
}

/** Whether a hotkey has the stake that setting weights takes. */
export const hasWeightsStake = (state: State, hotkey: string, netuid: number): boolean =>
  stakeWeight(state, hotkey, netuid).total >> 64n >= state.get(S.StakeThreshold)

/** {@link stakeWeight} of all neurons of a subnet by uid. */
export function stakeWeights(state: State, netuid: number): StakeWeight[] {
  const n = state.get(S.SubnetworkN, netuid)
  const weights = new Array<StakeWeight>(n).fill({ alpha: 0n, tao: 0n, total: 0n })
  for (const [[, uid], hotkey] of state.entries(S.Keys, netuid)) {
    if (uid < n) weights[uid] = stakeWeight(state, hotkey, netuid)
  }
  return weights
}
