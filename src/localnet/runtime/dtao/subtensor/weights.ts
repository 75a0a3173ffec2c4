/** Setting weights. */
import { DispatchFailure } from '../../failure.js'
import type { RuntimeContext } from '../../pallet.js'
import { signedBy } from '../../pallets/system.js'
import type { State } from '../../state.js'
import { upscale } from '../../subtensor/weights.js'
import { ensure, fail } from './errors.js'
import { ensureMechanism, indexOf } from './mechanisms.js'
import { setLastUpdate } from './neurons.js'
import { ROOT } from './pool.js'
import { hasWeightsStake } from './stakeWeights.js'
import { S } from './storage.js'

export type WeightsArgs = {
  netuid: number
  dests: number[]
  weights: number[]
  version_key: bigint
}
type Mechanism = { mecid: number }

export const setWeights = (context: RuntimeContext, args: WeightsArgs): undefined =>
  setMechanismWeights(context, { ...args, mecid: 0 })

export function setMechanismWeights(
  context: RuntimeContext,
  args: WeightsArgs & Mechanism,
): undefined {
  ensure(!context.state.get(S.CommitRevealWeightsEnabled, args.netuid), 'CommitRevealEnabled')
  storeWeights(context, signedBy(context.origin), args)
}

/** Sets weights of a hotkey, revealed or open, with all their checks. Raises WeightsSet. */
export function storeWeights(
  context: RuntimeContext,
  hotkey: string,
  { netuid, mecid, dests, weights, version_key }: WeightsArgs & Mechanism,
): void {
  const { state, block } = context
  ensure(netuid !== ROOT, 'CanNotSetRootNetworkWeights')
  ensure(dests.length === weights.length, 'WeightVecNotEqualSize')
  ensureMechanism(state, netuid, mecid)
  ensure(dests.length <= state.get(S.SubnetworkN, netuid), 'UidsLengthExceedUidsInSubNet')
  const uid = state.get(S.Uids, netuid, hotkey) ?? fail('HotKeyNotRegisteredInSubNet')
  ensure(hasWeightsStake(state, hotkey, netuid), 'NotEnoughStakeToSetWeights')
  const key = state.get(S.WeightsVersionKey, netuid)
  ensure(key === 0n || version_key >= key, 'IncorrectWeightVersionKey')
  const index = indexOf(netuid, mecid)
  const hidden = state.get(S.CommitRevealWeightsEnabled, netuid)
  ensure(hidden || mayUpdate(context, netuid, index, uid), 'SettingWeightsTooFast')
  const self = dests.length === 1 && dests[0] === uid
  ensureTargets(state, netuid, uid, dests, self)
  const stored = upscale(weights)
  const row = dests.map((dest, i): [number, number] => [dest, stored[i] ?? 0])
  state.set(S.Weights, [index, uid], row)
  if (!hidden) setLastUpdate(state, index, uid, BigInt(block))
  context.emit('SubtensorModule', 'WeightsSet', [index, uid])
}

/** Whether a neuron has waited long enough since it last set or committed weights. */
export function mayUpdate(
  { state, block }: RuntimeContext,
  netuid: number,
  index: number,
  uid: number,
): boolean {
  const last = state.get(S.LastUpdate, index)[uid] ?? 0n
  return last === 0n || BigInt(block) - last >= state.get(S.WeightsSetRateLimit, netuid)
}

function ensureTargets(
  state: State,
  netuid: number,
  uid: number,
  dests: readonly number[],
  self: boolean,
): void {
  const permit = self || (state.get(S.ValidatorPermit, netuid)[uid] ?? false)
  ensure(permit, 'NeuronNoValidatorPermit')
  ensure(new Set(dests).size === dests.length, 'DuplicateUids')
  const known = dests.every((dest) => state.has(S.Keys, netuid, dest))
  ensure(known, 'UidVecContainInvalidOne')
  const least = Math.min(state.get(S.MinAllowedWeights, netuid), state.get(S.SubnetworkN, netuid))
  ensure(self || dests.length >= least, 'WeightVecLengthIsLow')
}

type BatchArgs = { netuids: number[]; weights: [number, number][][]; version_keys: bigint[] }

export function batchSetWeights(context: RuntimeContext, args: BatchArgs): undefined {
  const { netuids, weights, version_keys } = args
  signedBy(context.origin)
  const equal = netuids.length === weights.length && netuids.length === version_keys.length
  ensure(equal, 'InputLengthsUnequal')
  runBatch(context, netuids, (netuid, i) => {
    const row = weights[i] ?? []
    setWeights(context, {
      netuid,
      dests: row.map(([dest]) => dest),
      weights: row.map(([, weight]) => weight),
      version_key: version_keys[i] ?? 0n,
    })
  })
}

/** Does something on several subnets; what fails is reported and undone, the rest stays. */
export function runBatch(
  context: RuntimeContext,
  netuids: readonly number[],
  one: (netuid: number, index: number) => void,
): void {
  const { state, emit } = context
  const failures: DispatchFailure[] = []
  for (const [index, netuid] of netuids.entries()) {
    state.begin()
    try {
      one(netuid, index)
      state.commit()
    } catch (error) {
      state.rollback()
      if (!(error instanceof DispatchFailure)) throw error
      failures.push(error)
    }
  }
  if (failures.length > 0) emit('SubtensorModule', 'BatchCompletedWithErrors')
  for (const { error } of failures) {
    const { value } = context.result({ ok: false, error })
    emit('SubtensorModule', 'BatchWeightItemFailed', value)
  }
  emit('SubtensorModule', 'BatchWeightsCompleted', [netuids, signedBy(context.origin)])
}
