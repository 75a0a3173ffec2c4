/** `SubnetInfoRuntimeApi` and `SubnetRegistrationRuntimeApi` as runtimes of 2023 and 2024 have them. */
import {
  AccountId,
  bool,
  bytes,
  fixedBytes,
  option,
  type ScaleType,
  struct,
  u16,
  u64,
  vec,
} from '../../runtime/scale.js'
import type { State } from '../../runtime/state.js'
import { lockCost } from '../../runtime/subtensor/networks.js'
import { S } from '../../runtime/subtensor/storage.js'
import { apiMethod, type RuntimeApi } from '../runtimeApis.js'
import { C16, C64, inBytes } from './outer.js'

const beginning = {
  netuid: C16,
  rho: C16,
  kappa: C16,
  difficulty: C64,
  immunity_period: C16,
}
const middle = {
  max_allowed_validators: C16,
  min_allowed_weights: C16,
  max_weights_limit: C16,
  scaling_law_power: C16,
}
const ending = {
  subnetwork_n: C16,
  max_allowed_uids: C16,
  blocks_since_last_step: C64,
  tempo: C16,
  network_modality: C16,
  // Pairs of a netuid and a requirement, in use until mid-2023 only.
  network_connect: vec(fixedBytes(4)),
  emission_values: C64,
  burn: C64,
}
/** From spec 134 on. */
const SubnetInfo = struct({ ...beginning, ...middle, ...ending, owner: AccountId })
/** Until July 2023: what bittensor 5.3.1 reads. */
const OldSubnetInfo = struct({
  ...beginning,
  validator_batch_size: C16,
  validator_sequence_length: C16,
  validator_epochs_per_reset: C16,
  validator_epoch_length: C16,
  ...middle,
  synergy_scaling_law_power: C16,
  ...ending,
})
/** What spec 103 had where nobody had set anything; the items are gone since. */
const OLD_VALUES = {
  validator_batch_size: 32,
  validator_sequence_length: 256,
  validator_epochs_per_reset: 60,
  validator_epoch_length: 100,
  synergy_scaling_law_power: 50,
}

const SubnetHyperparams = struct({
  rho: C16,
  kappa: C16,
  immunity_period: C16,
  min_allowed_weights: C16,
  max_weights_limit: C16,
  tempo: C16,
  min_difficulty: C64,
  max_difficulty: C64,
  weights_version: C64,
  weights_rate_limit: C64,
  adjustment_interval: C16,
  activity_cutoff: C16,
  registration_allowed: bool,
  target_regs_per_interval: C16,
  min_burn: C64,
  max_burn: C64,
  bonds_moving_avg: C64,
  max_regs_per_block: C16,
  serving_rate_limit: C64,
  max_validators: C16,
  adjustment_alpha: C64,
  difficulty: C64,
})

function subnetInfo(state: State, netuid: number) {
  return {
    netuid,
    rho: state.get(S.Rho, netuid),
    kappa: state.get(S.Kappa, netuid),
    difficulty: state.get(S.Difficulty, netuid),
    immunity_period: state.get(S.ImmunityPeriod, netuid),
    max_allowed_validators: state.get(S.MaxAllowedValidators, netuid),
    min_allowed_weights: state.get(S.MinAllowedWeights, netuid),
    max_weights_limit: state.get(S.MaxWeightsLimit, netuid),
    scaling_law_power: state.get(S.ScalingLawPower, netuid),
    subnetwork_n: state.get(S.SubnetworkN, netuid),
    max_allowed_uids: state.get(S.MaxAllowedUids, netuid),
    blocks_since_last_step: state.get(S.BlocksSinceLastStep, netuid),
    tempo: state.get(S.Tempo, netuid),
    network_modality: state.get(S.NetworkModality, netuid),
    network_connect: [],
    emission_values: state.get(S.EmissionValues, netuid),
    burn: state.get(S.Burn, netuid),
    owner: state.get(S.SubnetOwner, netuid),
    ...OLD_VALUES,
  }
}

function hyperparams(state: State, netuid: number) {
  return {
    rho: state.get(S.Rho, netuid),
    kappa: state.get(S.Kappa, netuid),
    immunity_period: state.get(S.ImmunityPeriod, netuid),
    min_allowed_weights: state.get(S.MinAllowedWeights, netuid),
    max_weights_limit: state.get(S.MaxWeightsLimit, netuid),
    tempo: state.get(S.Tempo, netuid),
    min_difficulty: state.get(S.MinDifficulty, netuid),
    max_difficulty: state.get(S.MaxDifficulty, netuid),
    weights_version: state.get(S.WeightsVersionKey, netuid),
    weights_rate_limit: state.get(S.WeightsSetRateLimit, netuid),
    adjustment_interval: state.get(S.AdjustmentInterval, netuid),
    activity_cutoff: state.get(S.ActivityCutoff, netuid),
    registration_allowed: state.get(S.NetworkRegistrationAllowed, netuid),
    target_regs_per_interval: state.get(S.TargetRegistrationsPerInterval, netuid),
    min_burn: state.get(S.MinBurn, netuid),
    max_burn: state.get(S.MaxBurn, netuid),
    bonds_moving_avg: state.get(S.BondsMovingAverage, netuid),
    max_regs_per_block: state.get(S.MaxRegistrationsPerBlock, netuid),
    serving_rate_limit: state.get(S.ServingRateLimit, netuid),
    max_validators: state.get(S.MaxAllowedValidators, netuid),
    adjustment_alpha: state.get(S.AdjustmentAlpha, netuid),
    difficulty: state.get(S.Difficulty, netuid),
  }
}

/** The subnets there are, lowest number first. */
function netuids(state: State): number[] {
  return state
    .entries(S.NetworksAdded)
    .flatMap(([[netuid], added]) => (added ? [netuid] : []))
    .sort((a, b) => a - b)
}

/** @param old whether subnets are described as until July 2023. */
export function subnetInfoApi(old: boolean): RuntimeApi {
  const type = (old ? OldSubnetInfo : SubnetInfo) as ScaleType<ReturnType<typeof subnetInfo>>
  return {
    name: 'SubnetInfoRuntimeApi',
    methods: {
      get_subnet_info: apiMethod({
        inputs: { netuid: u16 },
        output: bytes,
        run: ({ state }, { netuid }) =>
          inBytes(type, state.get(S.NetworksAdded, netuid) ? subnetInfo(state, netuid) : undefined),
      }),
      get_subnets_info: apiMethod({
        inputs: {},
        output: bytes,
        run: ({ state }) =>
          inBytes(
            vec(option(type)),
            netuids(state).map((netuid) => subnetInfo(state, netuid)),
          ),
      }),
      get_subnet_hyperparams: apiMethod({
        inputs: { netuid: u16 },
        output: bytes,
        run: ({ state }, { netuid }) =>
          inBytes(
            SubnetHyperparams,
            state.get(S.NetworksAdded, netuid) ? hyperparams(state, netuid) : undefined,
          ),
      }),
    },
  }
}

export const subnetRegistrationApi: RuntimeApi = {
  name: 'SubnetRegistrationRuntimeApi',
  methods: {
    get_network_registration_cost: apiMethod({
      inputs: {},
      output: u64,
      run: ({ state, block }) => lockCost(state, block),
    }),
  },
}
