/** Setting weights. */
import type { RuntimeContext } from '../pallet.js'
import { signedBy } from '../pallets/system.js'
import type { State } from '../state.js'
import { ensure, fail } from './declarations.js'
import { floorDiv, fromU16, ONE32, total } from './fixed.js'
import { ROOT } from './registration.js'
import { S } from './storage.js'

type Args = { netuid: number; dests: number[]; weights: number[]; version_key: bigint }

export function setWeights(context: RuntimeContext, args: Args): undefined {
  const { state, block } = context
  const { netuid, dests, weights } = args
  const hotkey = signedBy(context.origin)
  ensure(dests.length === weights.length, 'WeightVecNotEqualSize')
  ensure(state.get(S.NetworksAdded, netuid), 'NetworkDoesNotExist')
  ensureTargets(state, netuid, dests)
  const uid = state.get(S.Uids, netuid, hotkey) ?? fail('NotRegistered')
  const minStake = state.get(S.WeightsMinStake)
  ensure(state.get(S.TotalHotkeyStake, hotkey) >= minStake, 'NotEnoughStakeToSetWeights')
  const key = state.get(S.WeightsVersionKey, netuid)
  ensure(key === 0n || args.version_key >= key, 'IncorrectNetworkVersionKey')
  ensureRate(context, netuid, uid)
  const self = dests.length === 1 && dests[0] === uid
  ensureAllowed(state, netuid, uid, dests, self)
  const stored = upscale(weights)
  ensure(self || isWithinLimit(stored, state.get(S.MaxWeightsLimit, netuid)), 'MaxWeightExceeded')
  const row = dests.map((dest, i): [number, number] => [dest, stored[i] ?? 0])
  state.set(S.Weights, [netuid, uid], row)
  state.set(S.LastUpdate, [netuid], state.get(S.LastUpdate, netuid).with(uid, BigInt(block)))
  context.emit('SubtensorModule', 'WeightsSet', [netuid, uid])
}

/** On root the targets are subnets that exist; elsewhere there are at most as many as uids. */
function ensureTargets(state: State, netuid: number, dests: readonly number[]): void {
  if (netuid === ROOT) {
    ensure(
      dests.every((dest) => state.get(S.NetworksAdded, dest)),
      'InvalidUid',
    )
  } else ensure(dests.length <= state.get(S.SubnetworkN, netuid), 'TooManyUids')
}

function ensureRate({ state, block }: RuntimeContext, netuid: number, uid: number): void {
  const last = state.get(S.LastUpdate, netuid)[uid] ?? 0n
  const limit = state.get(S.WeightsSetRateLimit, netuid)
  ensure(last === 0n || BigInt(block) - last >= limit, 'SettingWeightsTooFast')
}

function ensureAllowed(
  state: State,
  netuid: number,
  uid: number,
  dests: readonly number[],
  self: boolean,
): void {
  const isRoot = netuid === ROOT
  const permit = isRoot || self || (state.get(S.ValidatorPermit, netuid)[uid] ?? false)
  ensure(permit, 'NoValidatorPermit')
  ensure(new Set(dests).size === dests.length, 'DuplicateUids')
  ensure(isRoot || dests.every((dest) => state.has(S.Keys, netuid, dest)), 'InvalidUid')
  const least = Math.min(state.get(S.MinAllowedWeights, netuid), state.get(S.SubnetworkN, netuid))
  ensure((self && !isRoot) || dests.length >= least, 'NotSettingEnoughWeights')
}

const U16_MAX = 65_535
/** Above this the real code divides first, which rounds differently. */
const THRESHOLD = 32_768

/**
 * Scales weights so that the largest is 65535, each rounded to the nearest.
 * @example
 * upscale([1, 2, 3]) // [21845, 43690, 65535]
 */
export function upscale(weights: readonly number[]): number[] {
  const max = weights.reduce((a, b) => Math.max(a, b), 0)
  if (max === 0) return [...weights]
  if (max <= THRESHOLD) {
    return weights.map((weight) => roundFixed((BigInt(weight * U16_MAX) << 32n) / BigInt(max)))
  }
  const factor = floorDiv(U16_MAX * ONE32, max)
  return weights.map((weight) => roundFixed(BigInt(weight * factor)))
}

/** The nearest integer of a number with 32 fractional bits, halves up. */
export function roundFixed(value: bigint): number {
  return Number((value + (1n << 31n)) >> 32n)
}

/** Whether no weight has a larger share than the limit. */
function isWithinLimit(weights: readonly number[], limit: number): boolean {
  const sum = total(weights)
  if (limit === U16_MAX || sum === 0) return true
  const most = weights.reduce((a, b) => Math.max(a, b), 0)
  return floorDiv(most * ONE32, sum) <= fromU16(limit)
}
