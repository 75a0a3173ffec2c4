/**
 * Results of the custom runtime APIs before spec 233, which metadata does not describe: they arrive as bytes inside a
 * byte vector. Field order is wire order (opentensor/subtensor, pallets/subtensor/src/rpc_info, and the recorded answers
 * in test/vectors/chain). From spec 233 on the metadata (V15) has the types, with the same field names.
 */
import {
  account,
  bool,
  bytes,
  c16,
  c64,
  option,
  struct,
  type TypeDef,
  type TypeRef,
  tuple,
  u8,
  u16,
  u32,
  u64,
  u128,
  vec,
} from './typeDef.js'

const axonInfo = struct({
  block: u64,
  version: u32,
  ip: u128,
  port: u16,
  ip_type: u8,
  protocol: u8,
  placeholder1: u8,
  placeholder2: u8,
})

const prometheusInfo = struct({ block: u64, version: u32, ip: u128, port: u16, ip_type: u8 })

const neuronFields = {
  hotkey: account,
  coldkey: account,
  uid: c16,
  netuid: c16,
  active: bool,
  axon_info: axonInfo,
  prometheus_info: prometheusInfo,
  stake: vec(tuple(account, c64)),
  rank: c16,
  emission: c64,
  incentive: c16,
  consensus: c16,
  trust: c16,
  validator_trust: c16,
  dividends: c16,
  last_update: c64,
  validator_permit: bool,
}

export const neuronLite: TypeDef = struct({ ...neuronFields, pruning_score: c16 })

export const neuron: TypeDef = struct({
  ...neuronFields,
  weights: vec(tuple(c16, c16)),
  bonds: vec(tuple(c16, c16)),
  pruning_score: c16,
})

export const delegateInfo: TypeDef = struct({
  delegate_ss58: account,
  take: c16,
  nominators: vec(tuple(account, c64)),
  owner_ss58: account,
  registrations: vec(c16),
  validator_permits: vec(c16),
  return_per_1000: c64,
  total_daily_return: c64,
})

/** Until the first half of July 2023: with the validator's loop settings. */
const subnetInfoA = struct({
  netuid: c16,
  rho: c16,
  kappa: c16,
  difficulty: c64,
  immunity_period: c16,
  validator_batch_size: c16,
  validator_sequence_length: c16,
  validator_epochs_per_reset: c16,
  validator_epoch_length: c16,
  max_allowed_validators: c16,
  min_allowed_weights: c16,
  max_weights_limit: c16,
  scaling_law_power: c16,
  synergy_scaling_law_power: c16,
  subnetwork_n: c16,
  max_allowed_uids: c16,
  blocks_since_last_step: c64,
  tempo: c16,
  network_modality: c16,
  network_connect: vec(tuple(u16, u16)),
  emission_values: c64,
  burn: c64,
})

/** From 17 July 2023. */
const subnetInfoB: Readonly<Record<string, TypeRef>> = {
  netuid: c16,
  rho: c16,
  kappa: c16,
  difficulty: c64,
  immunity_period: c16,
  max_allowed_validators: c16,
  min_allowed_weights: c16,
  max_weights_limit: c16,
  scaling_law_power: c16,
  subnetwork_n: c16,
  max_allowed_uids: c16,
  blocks_since_last_step: c64,
  tempo: c16,
  network_modality: c16,
  network_connect: vec(tuple(u16, u16)),
  emission_values: c64,
  burn: c64,
}

/** Since subnets have owners (October 2023). */
const subnetInfoC = struct({ ...subnetInfoB, owner: account })

/** With the subnet's identity, as the dTAO preview answers `get_subnet_info_v2`. */
export const subnetInfoV2Preview: TypeDef = struct({
  ...subnetInfoB,
  owner: account,
  identity: option(struct({ subnet_name: bytes, github_repo: bytes, subnet_contact: bytes })),
})

/** Layouts a runtime of this version may use for SubnetInfo, the likeliest first; both are in use around spec 127. */
export function subnetInfoLayouts(specVersion: number): readonly TypeDef[] {
  if (specVersion < 127) return [subnetInfoA]
  return specVersion < 134 ? [struct(subnetInfoB), subnetInfoA] : [subnetInfoC]
}

const hyperparametersUntil143: Readonly<Record<string, TypeRef>> = {
  rho: c16,
  kappa: c16,
  immunity_period: c16,
  min_allowed_weights: c16,
  max_weights_limit: c16,
  tempo: c16,
  min_difficulty: c64,
  max_difficulty: c64,
  weights_version: c64,
  weights_rate_limit: c64,
  adjustment_interval: c16,
  activity_cutoff: c16,
  registration_allowed: bool,
  target_regs_per_interval: c16,
  min_burn: c64,
  max_burn: c64,
  bonds_moving_avg: c64,
  max_regs_per_block: c16,
  serving_rate_limit: c64,
  max_validators: c16,
}

const hyperparametersMid2024 = {
  ...hyperparametersUntil143,
  adjustment_alpha: c64,
  difficulty: c64,
}

const hyperparametersDtao = {
  ...hyperparametersMid2024,
  commit_reveal_period: c64,
  commit_reveal_weights_enabled: bool,
  alpha_high: c16,
  alpha_low: c16,
  liquid_alpha_enabled: bool,
}

/** Layouts of SubnetHyperparams, longest first: each is a prefix of the next, so only one fills the bytes exactly. */
export const hyperparameterLayouts: readonly TypeDef[] = [
  struct(hyperparametersDtao),
  struct(hyperparametersMid2024),
  struct(hyperparametersUntil143),
]

export const stakeInfoClassic: TypeDef = struct({ hotkey: account, coldkey: account, stake: c64 })

/** The dTAO preview: one entry for every staking hotkey and subnet, zeros included. */
export const stakeInfoPreview: TypeDef = struct({
  hotkey: account,
  coldkey: account,
  netuid: c16,
  stake: c64,
  locked: c64,
  emission: c64,
  drain: c64,
  is_registered: bool,
})

/** Tokens and pools in the dTAO preview. */
export const dynamicInfoPreview: TypeDef = struct({
  owner: account,
  netuid: c16,
  tempo: c16,
  last_step: c64,
  blocks_since_last_step: c64,
  emission: c64,
  alpha_in: c64,
  alpha_out: c64,
  tao_in: c64,
  total_locked: c64,
  owner_locked: c64,
})

/** Per-neuron columns of a subnet; the same in the preview and later. */
export const subnetStatePreview: TypeDef = struct({
  netuid: c16,
  hotkeys: vec(account),
  coldkeys: vec(account),
  active: vec(bool),
  validator_permit: vec(bool),
  pruning_score: vec(c16),
  last_update: vec(c64),
  emission: vec(c64),
  dividends: vec(c16),
  incentives: vec(c16),
  consensus: vec(c16),
  trust: vec(c16),
  rank: vec(c16),
  block_at_registration: vec(c64),
  alpha_stake: vec(c64),
  tao_stake: vec(c64),
  total_stake: vec(c64),
  emission_history: vec(vec(c64)),
})
