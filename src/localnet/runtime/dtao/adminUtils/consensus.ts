/** Settings of a subnet about weights, bonds and its token. */
import { cost, type RuntimeContext } from '../../pallet.js'
import { ensure as ensureOwn } from '../subtensor/errors.js'
import { S } from '../subtensor/storage.js'
import { ensure } from './errors.js'
import { perSubnet } from './settings.js'

const anytime = true
const anyNetuid = true
const operational = true

/** Most a subnet's owner may set as the moving average of bonds. */
const OWNER_MOVING_AVERAGE = 975_000n
/** Epochs until weights are revealed. */
const [SHORTEST, LONGEST] = [1n, 100n]

function checkCutoff({ state }: RuntimeContext, _netuid: number, blocks: number): void {
  ensureOwn(blocks >= state.get(S.MinActivityCutoff), 'ActivityCutoffTooLow')
}

function checkValidators({ state }: RuntimeContext, netuid: number, count: number): void {
  ensure(count <= state.get(S.MaxAllowedUids, netuid), 'MaxValidatorsLargerThanMaxUIds')
}

function checkBonds({ origin }: RuntimeContext, _netuid: number, average: bigint): void {
  const allowed = origin.kind === 'root' || average <= OWNER_MOVING_AVERAGE
  ensure(allowed, 'BondsMovingAverageMaxReached')
}

function checkRevealPeriod(_context: RuntimeContext, _netuid: number, epochs: bigint): void {
  ensureOwn(epochs <= LONGEST, 'RevealPeriodTooLarge')
  ensureOwn(epochs >= SHORTEST, 'RevealPeriodTooSmall')
}

function checkSteepness({ origin }: RuntimeContext, _netuid: number, steepness: number): void {
  ensure(origin.kind === 'root' || steepness >= 0, 'NegativeSigmoidSteepness')
}

/** Raises an event of this pallet besides. */
const announce =
  (event: string) =>
  ({ emit }: RuntimeContext, netuid: number, enabled: boolean): void =>
    emit('AdminUtils', event, { netuid, enabled })
const announceYuma3 = announce('Yuma3EnableToggled')
const announceReset = announce('BondsResetToggled')

export const consensusCalls = {
  sudo_set_weights_version_key: perSubnet({
    index: 6,
    arg: 'weights_version_key',
    item: S.WeightsVersionKey,
    event: 'WeightsVersionKeySet',
    limit: { kind: 'SetWeightsVersionKey' },
    weight: cost(26_220_000, 0, 3, 1),
  }),
  sudo_set_weights_set_rate_limit: perSubnet({
    index: 7,
    arg: 'weights_set_rate_limit',
    item: S.WeightsSetRateLimit,
    event: 'WeightsSetRateLimitSet',
    anytime,
    weight: cost(15_060_000, 0, 1, 1),
  }),
  sudo_set_min_allowed_weights: perSubnet({
    index: 14,
    arg: 'min_allowed_weights',
    item: S.MinAllowedWeights,
    event: 'MinAllowedWeightSet',
    limit: { setting: 'MinAllowedWeights' },
    weight: cost(26_630_000, 0, 3, 1),
  }),
  sudo_set_kappa: perSubnet({
    index: 16,
    arg: 'kappa',
    item: S.Kappa,
    event: 'KappaSet',
    anytime,
    weight: cost(15_390_000, 0, 1, 1),
  }),
  sudo_set_rho: perSubnet({
    index: 17,
    arg: 'rho',
    item: S.Rho,
    limit: { setting: 'Rho' },
    weight: cost(23_360_000, 0, 3, 1),
  }),
  sudo_set_activity_cutoff: perSubnet({
    index: 18,
    arg: 'activity_cutoff',
    item: S.ActivityCutoff,
    event: 'ActivityCutoffSet',
    limit: { setting: 'ActivityCutoff' },
    weight: cost(28_720_000, 0, 4, 1),
    check: checkCutoff,
  }),
  sudo_set_max_allowed_validators: perSubnet({
    index: 25,
    arg: 'max_allowed_validators',
    item: S.MaxAllowedValidators,
    event: 'MaxAllowedValidatorsSet',
    weight: cost(30_930_000, 0, 4, 1),
    check: checkValidators,
  }),
  sudo_set_bonds_moving_average: perSubnet({
    index: 26,
    arg: 'bonds_moving_average',
    item: S.BondsMovingAverage,
    event: 'BondsMovingAverageSet',
    limit: { setting: 'BondsMovingAverage' },
    weight: cost(26_270_000, 0, 3, 1),
    check: checkBonds,
  }),
  sudo_set_tempo: perSubnet({
    index: 30,
    arg: 'tempo',
    item: S.Tempo,
    event: 'TempoSet',
    weight: cost(25_790_000, 0, 3, 1),
  }),
  sudo_set_commit_reveal_weights_enabled: perSubnet({
    index: 49,
    arg: 'enabled',
    item: S.CommitRevealWeightsEnabled,
    event: 'CommitRevealEnabled',
    limit: { setting: 'CommitRevealEnabled' },
    weight: cost(26_730_000, 0, 3, 1),
  }),
  sudo_set_liquid_alpha_enabled: perSubnet({
    index: 50,
    arg: 'enabled',
    item: S.LiquidAlphaOn,
    limit: { setting: 'LiquidAlphaEnabled' },
    anyNetuid,
    weight: cost(18_300_000, 0, 2, 1),
  }),
  sudo_set_commit_reveal_weights_interval: perSubnet({
    index: 57,
    arg: 'interval',
    item: S.RevealPeriodEpochs,
    event: 'CommitRevealPeriodsSet',
    limit: { setting: 'WeightCommitInterval' },
    weight: cost(26_950_000, 0, 3, 1),
    check: checkRevealPeriod,
  }),
  sudo_set_bonds_penalty: perSubnet({
    index: 60,
    arg: 'bonds_penalty',
    item: S.BondsPenalty,
    event: 'BondsPenaltySet',
    limit: { setting: 'BondsPenalty' },
    weight: cost(26_890_000, 0, 3, 1),
  }),
  sudo_set_toggle_transfer: perSubnet({
    index: 61,
    arg: 'toggle',
    item: S.TransferToggle,
    event: 'TransferToggle',
    limit: { setting: 'TransferEnabled' },
    anyNetuid,
    weight: cost(20_460_000, 0, 2, 1),
  }),
  sudo_set_ema_price_halving_period: perSubnet({
    index: 65,
    arg: 'ema_halving',
    item: S.EMAPriceHalvingBlocks,
    anytime,
    anyNetuid,
    operational,
    weight: cost(6_201_000, 0, 0, 1),
  }),
  sudo_set_subtoken_enabled: perSubnet({
    index: 66,
    arg: 'subtoken_enabled',
    item: S.SubtokenEnabled,
    anyNetuid,
    operational,
    weight: cost(17_980_000, 0, 2, 1),
  }),
  sudo_set_alpha_sigmoid_steepness: perSubnet({
    index: 68,
    arg: 'steepness',
    item: S.AlphaSigmoidSteepness,
    limit: { setting: 'AlphaSigmoidSteepness' },
    weight: cost(23_140_000, 4045, 3, 1),
    check: checkSteepness,
  }),
  sudo_set_yuma3_enabled: perSubnet({
    index: 69,
    arg: 'enabled',
    item: S.Yuma3On,
    limit: { setting: 'Yuma3Enabled' },
    anyNetuid,
    weight: cost(20_460_000, 0, 2, 1),
    check: announceYuma3,
  }),
  sudo_set_bonds_reset_enabled: perSubnet({
    index: 70,
    arg: 'enabled',
    item: S.BondsResetOn,
    event: 'BondsResetOnSet',
    limit: { setting: 'BondsResetEnabled' },
    anyNetuid,
    weight: cost(32_930_000, 0, 2, 1),
    check: announceReset,
  }),
  sudo_set_recycle_or_burn: perSubnet({
    index: 80,
    arg: 'recycle_or_burn',
    item: S.RecycleOrBurn,
    limit: { setting: 'RecycleOrBurn' },
    anyNetuid,
    weight: cost(1_000_000, 0, 0, 0),
  }),
}
