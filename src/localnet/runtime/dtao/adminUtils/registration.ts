/** Settings of a subnet about who gets a uid and what that costs. */
import { cost, type RuntimeContext } from '../../pallet.js'
import { ensure as ensureOwn } from '../subtensor/errors.js'
import { S } from '../subtensor/storage.js'
import { ensure } from './errors.js'
import { perSubnet } from './settings.js'

const anytime = true
const anyNetuid = true
const operational = true

/** What a burn may cost at least, and what its upper limit may be at least, RAO. */
const MIN_BURN_BELOW = 1_000_000_000n
const MAX_BURN_ABOVE = 100_000_000n
/** How many uids of the owner may be immune. */
const [LEAST_IMMUNE, MOST_IMMUNE] = [1, 10]
/** Most uids of any subnet. */
const MOST_UIDS = 256

function checkMaxUids({ state }: RuntimeContext, netuid: number, count: number): void {
  const least = state.get(S.MinAllowedUids, netuid)
  ensure(count >= least, 'MaxAllowedUidsLessThanMinAllowedUids')
  ensure(count >= state.get(S.SubnetworkN, netuid), 'MaxAllowedUIdsLessThanCurrentUIds')
  ensure(count <= MOST_UIDS, 'MaxAllowedUidsGreaterThanDefaultMaxAllowedUids')
}

function checkMinUids({ state }: RuntimeContext, netuid: number, count: number): void {
  const most = state.get(S.MaxAllowedUids, netuid)
  ensure(count < most, 'MinAllowedUidsGreaterThanMaxAllowedUids')
  ensure(count < state.get(S.SubnetworkN, netuid), 'MinAllowedUidsGreaterThanCurrentUids')
}

function checkMinBurn({ state }: RuntimeContext, netuid: number, burn: bigint): void {
  ensure(burn < MIN_BURN_BELOW && burn < state.get(S.MaxBurn, netuid), 'ValueNotInBounds')
}

function checkMaxBurn({ state }: RuntimeContext, netuid: number, burn: bigint): void {
  ensure(burn > MAX_BURN_ABOVE && burn > state.get(S.MinBurn, netuid), 'ValueNotInBounds')
}

function checkImmune(_context: RuntimeContext, _netuid: number, limit: number): void {
  ensureOwn(limit >= LEAST_IMMUNE && limit <= MOST_IMMUNE, 'InvalidValue')
}

export const registrationCalls = {
  sudo_set_serving_rate_limit: perSubnet({
    index: 3,
    arg: 'serving_rate_limit',
    item: S.ServingRateLimit,
    event: 'ServingRateLimitSet',
    limit: { setting: 'ServingRateLimit' },
    anyNetuid,
    weight: cost(22_980_000, 0, 2, 1),
  }),
  sudo_set_min_difficulty: perSubnet({
    index: 4,
    arg: 'min_difficulty',
    item: S.MinDifficulty,
    event: 'MinDifficultySet',
    weight: cost(26_390_000, 0, 3, 1),
  }),
  sudo_set_max_difficulty: perSubnet({
    index: 5,
    arg: 'max_difficulty',
    item: S.MaxDifficulty,
    event: 'MaxDifficultySet',
    limit: { setting: 'MaxDifficulty' },
    weight: cost(26_990_000, 0, 3, 1),
  }),
  sudo_set_adjustment_interval: perSubnet({
    index: 8,
    arg: 'adjustment_interval',
    item: S.AdjustmentInterval,
    event: 'AdjustmentIntervalSet',
    anytime,
    weight: cost(21_320_000, 0, 1, 1),
  }),
  sudo_set_adjustment_alpha: perSubnet({
    index: 9,
    arg: 'adjustment_alpha',
    item: S.AdjustmentAlpha,
    event: 'AdjustmentAlphaSet',
    limit: { setting: 'AdjustmentAlpha' },
    weight: cost(14_000_000, 0, 1, 1),
  }),
  sudo_set_immunity_period: perSubnet({
    index: 13,
    arg: 'immunity_period',
    item: S.ImmunityPeriod,
    event: 'ImmunityPeriodSet',
    limit: { setting: 'ImmunityPeriod' },
    weight: cost(26_620_000, 0, 3, 1),
  }),
  sudo_set_max_allowed_uids: perSubnet({
    index: 15,
    arg: 'max_allowed_uids',
    item: S.MaxAllowedUids,
    event: 'MaxAllowedUidsSet',
    limit: { setting: 'MaxAllowedUids' },
    weight: cost(32_140_000, 0, 5, 1),
    check: checkMaxUids,
  }),
  sudo_set_network_registration_allowed: perSubnet({
    index: 19,
    arg: 'registration_allowed',
    item: S.NetworkRegistrationAllowed,
    event: 'RegistrationAllowed',
    anytime,
    anyNetuid,
    operational,
    weight: cost(7_343_000, 0, 0, 1),
  }),
  sudo_set_network_pow_registration_allowed: perSubnet({
    index: 20,
    arg: 'registration_allowed',
    item: S.NetworkPowRegistrationAllowed,
    event: 'PowRegistrationAllowed',
    limit: { setting: 'PowRegistrationAllowed' },
    anyNetuid,
    weight: cost(14_000_000, 0, 0, 1),
  }),
  sudo_set_target_registrations_per_interval: perSubnet({
    index: 21,
    arg: 'target_registrations_per_interval',
    item: S.TargetRegistrationsPerInterval,
    event: 'RegistrationPerIntervalSet',
    weight: cost(25_980_000, 0, 3, 1),
  }),
  sudo_set_min_burn: perSubnet({
    index: 22,
    arg: 'min_burn',
    item: S.MinBurn,
    event: 'MinBurnSet',
    limit: { setting: 'MinBurn' },
    weight: cost(29_970_000, 0, 4, 1),
    check: checkMinBurn,
  }),
  sudo_set_max_burn: perSubnet({
    index: 23,
    arg: 'max_burn',
    item: S.MaxBurn,
    event: 'MaxBurnSet',
    limit: { setting: 'MaxBurn' },
    weight: cost(30_510_000, 0, 4, 1),
    check: checkMaxBurn,
  }),
  sudo_set_difficulty: perSubnet({
    index: 24,
    arg: 'difficulty',
    item: S.Difficulty,
    event: 'DifficultySet',
    weight: cost(38_500_000, 0, 3, 1),
  }),
  sudo_set_max_registrations_per_block: perSubnet({
    index: 27,
    arg: 'max_registrations_per_block',
    item: S.MaxRegistrationsPerBlock,
    event: 'MaxRegistrationsPerBlockSet',
    weight: cost(26_970_000, 0, 3, 1),
  }),
  sudo_set_rao_recycled: perSubnet({
    index: 39,
    arg: 'rao_recycled',
    item: S.RAORecycledForRegistration,
    event: 'RAORecycledForRegistrationSet',
    anytime,
    operational,
    weight: cost(15_060_000, 4045, 1, 1),
  }),
  sudo_set_owner_immune_neuron_limit: perSubnet({
    index: 72,
    arg: 'immune_neurons',
    item: S.ImmuneOwnerUidsLimit,
    limit: { setting: 'ImmuneNeuronLimit' },
    anyNetuid,
    weight: cost(18_020_000, 0, 2, 1),
    check: checkImmune,
  }),
  sudo_set_min_allowed_uids: perSubnet({
    index: 79,
    arg: 'min_allowed_uids',
    item: S.MinAllowedUids,
    event: 'MinAllowedUidsSet',
    weight: cost(31_550_000, 0, 5, 1),
    check: checkMinUids,
  }),
}
