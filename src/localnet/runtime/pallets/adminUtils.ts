/** Hyperparameters: each call sets one item of SubtensorModule and raises its event. */
import { checksOf, failWith } from '../failure.js'
import {
  type CallDef,
  type Cost,
  call,
  cost,
  errorsInOrder,
  growing,
  type Pallet,
  type RuntimeContext,
  type StorageItem,
} from '../pallet.js'
import { type ScaleType, u16 } from '../scale.js'
import type { State } from '../state.js'
import { S } from '../subtensor/storage.js'
import { AuraPublic, boundedVec } from '../types.js'
import { Aura } from './consensus.js'
import { ensureRoot } from './system.js'

const ERRORS = [
  'NetworkDoesNotExist',
  'StorageValueOutOfRange',
  'MaxAllowedUIdsNotAllowed',
] as const
const { ensure } = checksOf<(typeof ERRORS)[number]>('AdminUtils')

type Common = {
  readonly index: number
  /** Name of the argument with the new value. */
  readonly arg: string
  /** Event of SubtensorModule; some settings raise none. */
  readonly event?: string
  /** Free when signed directly; such calls are operational too. */
  readonly free?: boolean
  readonly weight: Cost
}

type NetuidSetting<V> = Common & {
  readonly item: StorageItem<[number], V>
  /** Also for the owner of the subnet. */
  readonly owner?: boolean
  /** The subnet need not exist. */
  readonly anyNetuid?: boolean
  readonly check?: (state: State, netuid: number, value: V) => void
}

type GlobalSetting<V> = Common & { readonly item: StorageItem<[], V> }

/** What most settings cost: one read and one write besides the call itself. */
const usual = (refTime: number, proofSize = 4697) => cost(refTime, proofSize, 1, 1)
const oneWrite = cost(14_000_000, 0, 0, 1)

function ensureOwnerOrRoot({ origin, state }: RuntimeContext, netuid: number): void {
  if (origin.kind === 'root') return
  const owner = state.get(S.SubnetOwner, netuid)
  if (origin.kind !== 'signed' || origin.account !== owner) failWith('BadOrigin')
}

function declare(
  setting: Common,
  args: Record<string, ScaleType<unknown>>,
  run: (context: RuntimeContext, args: Record<string, unknown>) => void,
): CallDef {
  return call({
    index: setting.index,
    args,
    pays: !setting.free,
    weight: setting.weight,
    class: setting.free ? 'Operational' : 'Normal',
    run(context, given) {
      run(context, given)
      return undefined
    },
  })
}

function perNetuid<V>(setting: NetuidSetting<V>): CallDef {
  const args = { netuid: u16, [setting.arg]: setting.item.type }
  return declare(setting, args, (context, given) => {
    const netuid = given['netuid'] as number
    const value = given[setting.arg] as V
    if (setting.owner) ensureOwnerOrRoot(context, netuid)
    else ensureRoot(context.origin)
    const { state } = context
    ensure(setting.anyNetuid || state.get(S.NetworksAdded, netuid), 'NetworkDoesNotExist')
    setting.check?.(state, netuid, value)
    state.set(setting.item, [netuid], value)
    if (setting.event) context.emit('SubtensorModule', setting.event, [netuid, value])
  })
}

function global<V>(setting: GlobalSetting<V>): CallDef {
  return declare(setting, { [setting.arg]: setting.item.type }, (context, given) => {
    ensureRoot(context.origin)
    const value = given[setting.arg] as V
    context.state.set(setting.item, [], value)
    if (setting.event) context.emit('SubtensorModule', setting.event, value)
  })
}

const ownerSettings = {
  sudo_set_serving_rate_limit: perNetuid({
    index: 3,
    arg: 'serving_rate_limit',
    item: S.ServingRateLimit,
    event: 'ServingRateLimitSet',
    owner: true,
    anyNetuid: true,
    weight: cost(28_290_000, 655, 0, 1),
  }),
  sudo_set_min_difficulty: perNetuid({
    index: 4,
    arg: 'min_difficulty',
    item: S.MinDifficulty,
    event: 'MinDifficultySet',
    owner: true,
    weight: usual(46_909_000),
  }),
  sudo_set_max_difficulty: perNetuid({
    index: 5,
    arg: 'max_difficulty',
    item: S.MaxDifficulty,
    event: 'MaxDifficultySet',
    owner: true,
    weight: usual(47_279_000),
  }),
  sudo_set_weights_version_key: perNetuid({
    index: 6,
    arg: 'weights_version_key',
    item: S.WeightsVersionKey,
    event: 'WeightsVersionKeySet',
    owner: true,
    weight: usual(47_460_000),
  }),
  sudo_set_weights_set_rate_limit: perNetuid({
    index: 7,
    arg: 'weights_set_rate_limit',
    item: S.WeightsSetRateLimit,
    event: 'WeightsSetRateLimitSet',
    owner: true,
    weight: usual(46_970_000),
  }),
  sudo_set_adjustment_alpha: perNetuid({
    index: 9,
    arg: 'adjustment_alpha',
    item: S.AdjustmentAlpha,
    event: 'AdjustmentAlphaSet',
    owner: true,
    free: true,
    weight: cost(14_000_000, 0, 1, 1),
  }),
  sudo_set_max_weight_limit: perNetuid({
    index: 12,
    arg: 'max_weight_limit',
    item: S.MaxWeightsLimit,
    event: 'MaxWeightLimitSet',
    owner: true,
    weight: usual(46_589_000),
  }),
  sudo_set_immunity_period: perNetuid({
    index: 13,
    arg: 'immunity_period',
    item: S.ImmunityPeriod,
    event: 'ImmunityPeriodSet',
    owner: true,
    weight: usual(46_679_000),
  }),
  sudo_set_min_allowed_weights: perNetuid({
    index: 14,
    arg: 'min_allowed_weights',
    item: S.MinAllowedWeights,
    event: 'MinAllowedWeightSet',
    owner: true,
    weight: usual(47_390_000),
  }),
  sudo_set_kappa: perNetuid({
    index: 16,
    arg: 'kappa',
    item: S.Kappa,
    event: 'KappaSet',
    owner: true,
    weight: usual(46_440_000),
  }),
  sudo_set_rho: perNetuid({
    index: 17,
    arg: 'rho',
    item: S.Rho,
    owner: true,
    weight: usual(31_820_000, 4281),
  }),
  sudo_set_activity_cutoff: perNetuid({
    index: 18,
    arg: 'activity_cutoff',
    item: S.ActivityCutoff,
    event: 'ActivityCutoffSet',
    owner: true,
    weight: usual(46_759_000),
  }),
  sudo_set_network_registration_allowed: perNetuid({
    index: 19,
    arg: 'registration_allowed',
    item: S.NetworkRegistrationAllowed,
    event: 'RegistrationAllowed',
    owner: true,
    anyNetuid: true,
    free: true,
    weight: cost(4_000_000, 0, 0, 1),
  }),
  sudo_set_network_pow_registration_allowed: perNetuid({
    index: 20,
    arg: 'registration_allowed',
    item: S.NetworkPowRegistrationAllowed,
    event: 'PowRegistrationAllowed',
    owner: true,
    anyNetuid: true,
    free: true,
    weight: oneWrite,
  }),
  sudo_set_min_burn: perNetuid({
    index: 22,
    arg: 'min_burn',
    item: S.MinBurn,
    event: 'MinBurnSet',
    owner: true,
    weight: usual(46_109_000),
  }),
  sudo_set_max_burn: perNetuid({
    index: 23,
    arg: 'max_burn',
    item: S.MaxBurn,
    event: 'MaxBurnSet',
    owner: true,
    weight: usual(46_339_000),
  }),
  sudo_set_difficulty: perNetuid({
    index: 24,
    arg: 'difficulty',
    item: S.Difficulty,
    event: 'DifficultySet',
    owner: true,
    weight: usual(47_130_000),
  }),
  sudo_set_bonds_moving_average: perNetuid({
    index: 26,
    arg: 'bonds_moving_average',
    item: S.BondsMovingAverage,
    event: 'BondsMovingAverageSet',
    owner: true,
    weight: usual(47_510_000),
  }),
}

const rootSettings = {
  sudo_set_adjustment_interval: perNetuid({
    index: 8,
    arg: 'adjustment_interval',
    item: S.AdjustmentInterval,
    event: 'AdjustmentIntervalSet',
    weight: usual(46_790_000),
  }),
  sudo_set_max_allowed_uids: perNetuid({
    index: 15,
    arg: 'max_allowed_uids',
    item: S.MaxAllowedUids,
    event: 'MaxAllowedUidsSet',
    check: (state, netuid, limit) =>
      ensure(state.get(S.SubnetworkN, netuid) < limit, 'MaxAllowedUIdsNotAllowed'),
    weight: cost(51_149_000, 8301, 2, 1),
  }),
  sudo_set_target_registrations_per_interval: perNetuid({
    index: 21,
    arg: 'target_registrations_per_interval',
    item: S.TargetRegistrationsPerInterval,
    event: 'RegistrationPerIntervalSet',
    weight: usual(47_099_000),
  }),
  sudo_set_max_allowed_validators: perNetuid({
    index: 25,
    arg: 'max_allowed_validators',
    item: S.MaxAllowedValidators,
    event: 'MaxAllowedValidatorsSet',
    check: (state, netuid, limit) =>
      ensure(limit <= state.get(S.MaxAllowedUids, netuid), 'StorageValueOutOfRange'),
    weight: cost(53_640_000, 8412, 2, 1),
  }),
  sudo_set_max_registrations_per_block: perNetuid({
    index: 27,
    arg: 'max_registrations_per_block',
    item: S.MaxRegistrationsPerBlock,
    event: 'MaxRegistrationsPerBlockSet',
    weight: usual(46_490_000),
  }),
  sudo_set_tempo: perNetuid({
    index: 30,
    arg: 'tempo',
    item: S.Tempo,
    event: 'TempoSet',
    weight: usual(45_489_000),
  }),
  sudo_set_rao_recycled: perNetuid({
    index: 39,
    arg: 'rao_recycled',
    item: S.RAORecycledForRegistration,
    event: 'RAORecycledForRegistrationSet',
    free: true,
    weight: cost(0),
  }),
}

const globalSettings = {
  sudo_set_default_take: global({
    index: 1,
    arg: 'default_take',
    item: S.DefaultTake,
    event: 'DefaultTakeSet',
    weight: cost(27_199_000, 655, 0, 1),
  }),
  sudo_set_tx_rate_limit: global({
    index: 2,
    arg: 'tx_rate_limit',
    item: S.TxRateLimit,
    event: 'TxRateLimitSet',
    free: true,
    weight: cost(0),
  }),
  sudo_set_subnet_owner_cut: global({
    index: 28,
    arg: 'subnet_owner_cut',
    item: S.SubnetOwnerCut,
    event: 'SubnetOwnerCutSet',
    free: true,
    weight: oneWrite,
  }),
  sudo_set_network_rate_limit: global({
    index: 29,
    arg: 'rate_limit',
    item: S.NetworkRateLimit,
    event: 'NetworkRateLimitSet',
    free: true,
    weight: oneWrite,
  }),
  sudo_set_total_issuance: global({
    index: 33,
    arg: 'total_issuance',
    item: S.TotalIssuance,
    free: true,
    weight: cost(0),
  }),
  sudo_set_network_immunity_period: global({
    index: 35,
    arg: 'immunity_period',
    item: S.NetworkImmunityPeriod,
    event: 'NetworkImmunityPeriodSet',
    free: true,
    weight: oneWrite,
  }),
  sudo_set_network_min_lock_cost: global({
    index: 36,
    arg: 'lock_cost',
    item: S.NetworkMinLockCost,
    event: 'NetworkMinLockCostSet',
    free: true,
    weight: oneWrite,
  }),
  sudo_set_subnet_limit: global({
    index: 37,
    arg: 'max_subnets',
    item: S.SubnetLimit,
    event: 'SubnetLimitSet',
    free: true,
    weight: oneWrite,
  }),
  sudo_set_lock_reduction_interval: global({
    index: 38,
    arg: 'interval',
    item: S.NetworkLockReductionInterval,
    event: 'NetworkLockCostReductionIntervalSet',
    free: true,
    weight: oneWrite,
  }),
  sudo_set_weights_min_stake: global({
    index: 42,
    arg: 'min_stake',
    item: S.WeightsMinStake,
    event: 'WeightsMinStake',
    free: true,
    weight: cost(0),
  }),
}

const MAX_AUTHORITIES = 32

const swapAuthorities = call({
  index: 0,
  args: { new_authorities: boundedVec(AuraPublic, MAX_AUTHORITIES) },
  weight: growing(
    cost(20_410_228, 1127, 1, 2),
    cost(199_399),
    (args) => (args['new_authorities'] as unknown[]).length,
  ),
  run({ origin, state }, args) {
    ensureRoot(origin)
    state.set(Aura.Authorities, [], args.new_authorities)
    return undefined
  },
})

export const adminUtilsPallet: Pallet = {
  name: 'AdminUtils',
  index: 18,
  crate: 'pallet_admin_utils',
  generics: { call: ['T'], event: ['T'], error: ['T'] },
  storage: {},
  calls: {
    swap_authorities: swapAuthorities,
    ...globalSettings,
    ...ownerSettings,
    ...rootSettings,
  },
  events: {},
  errors: errorsInOrder(ERRORS),
  constants: {},
}
