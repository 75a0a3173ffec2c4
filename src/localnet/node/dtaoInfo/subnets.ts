/** The descriptions of a subnet in `SubnetInfoRuntimeApi` that are not about its neurons. */

import { less } from '../../runtime/dtao/fixed.js'
import { S } from '../../runtime/dtao/subtensor/storage.js'
import { SubnetIdentityV3 } from '../../runtime/dtao/subtensor/types.js'
import { Swap } from '../../runtime/dtao/swap/storage.js'
import { I32F32, I96F32 } from '../../runtime/dtao/types.js'
import { AccountId, array, bool, option, struct, u16, vec } from '../../runtime/scale.js'
import {
  C16,
  C64,
  C128,
  CompactBytes,
  infoType,
  ownerHotkey,
  pendingAlpha,
  subnetName,
} from './fields.js'
import { settings } from './settings.js'
import { type Fields, field, stored, typesOf } from './view.js'

const info: Fields = {
  netuid: field(C16, ({ netuid }) => netuid),
  rho: settings.rho,
  kappa: settings.kappa,
  difficulty: settings.difficulty,
  immunity_period: settings.immunity_period,
  max_allowed_validators: settings.max_validators,
  min_allowed_weights: settings.min_allowed_weights,
  max_weights_limit: settings.max_weights_limit,
  scaling_law_power: stored(C16, S.ScalingLawPower),
  subnetwork_n: stored(C16, S.SubnetworkN),
  max_allowed_uids: stored(C16, S.MaxAllowedUids),
  blocks_since_last_step: stored(C64, S.BlocksSinceLastStep),
  tempo: settings.tempo,
  network_modality: field(C16, () => 0),
  network_connect: field(vec(array(u16, 2)), () => [] as number[][]),
}
const identity = field(option(SubnetIdentityV3), ({ state, netuid }) =>
  state.get(S.SubnetIdentitiesV3, netuid),
)
const noEmission = field(C64, () => 0n)
const owner = stored(AccountId, S.SubnetOwner)

export const subnetInfo: Fields = {
  ...info,
  emission_values: noEmission,
  burn: settings.burn,
  owner,
}
export const subnetInfo2: Fields = {
  ...info,
  emission_value: noEmission,
  burn: settings.burn,
  owner,
  identity,
}
export const SubnetInfo = struct(typesOf(subnetInfo), infoType('subnet_info', 'SubnetInfo'))
export const SubnetInfo2 = struct(typesOf(subnetInfo2), infoType('subnet_info', 'SubnetInfov2'))

export const hyperparameters: Fields = {
  rho: settings.rho,
  kappa: settings.kappa,
  immunity_period: settings.immunity_period,
  min_allowed_weights: settings.min_allowed_weights,
  max_weights_limit: settings.max_weights_limit,
  tempo: settings.tempo,
  min_difficulty: settings.min_difficulty,
  max_difficulty: settings.max_difficulty,
  weights_version: settings.weights_version,
  weights_rate_limit: settings.weights_rate_limit,
  adjustment_interval: settings.adjustment_interval,
  activity_cutoff: settings.activity_cutoff,
  registration_allowed: settings.registration_allowed,
  target_regs_per_interval: settings.target_regs_per_interval,
  min_burn: settings.min_burn,
  max_burn: settings.max_burn,
  bonds_moving_avg: settings.bonds_moving_avg,
  max_regs_per_block: settings.max_regs_per_block,
  serving_rate_limit: settings.serving_rate_limit,
  max_validators: settings.max_validators,
  adjustment_alpha: settings.adjustment_alpha,
  difficulty: settings.difficulty,
  commit_reveal_period: settings.commit_reveal_period,
  commit_reveal_weights_enabled: settings.commit_reveal_weights_enabled,
  alpha_high: settings.alpha_high,
  alpha_low: settings.alpha_low,
  liquid_alpha_enabled: settings.liquid_alpha_enabled,
}
export const hyperparameters2: Fields = {
  ...hyperparameters,
  alpha_sigmoid_steepness: field(
    I32F32,
    ({ state, netuid }) => BigInt(state.get(S.AlphaSigmoidSteepness, netuid)) << 32n,
  ),
  yuma_version: field(C16, ({ state, netuid }) => (state.get(S.Yuma3On, netuid) ? 3 : 2)),
  subnet_is_active: stored(bool, S.SubtokenEnabled),
  transfers_enabled: stored(bool, S.TransferToggle),
  bonds_reset_enabled: stored(bool, S.BondsResetOn),
  user_liquidity_enabled: stored(bool, Swap.EnabledUserLiquidity),
}
const path = (name: string) => ({ path: ['pallet_subtensor', 'rpc_info', 'subnet_info', name] })
export const SubnetHyperparams = struct(typesOf(hyperparameters), path('SubnetHyperparams'))
export const SubnetHyperparams2 = struct(typesOf(hyperparameters2), path('SubnetHyperparamsV2'))

const ownerKeys: Fields = {
  owner_hotkey: field(AccountId, ({ state, netuid }) => ownerHotkey(state, netuid)),
  owner_coldkey: owner,
}
const name = field(CompactBytes, ({ state, netuid }) => subnetName(state, netuid))
const symbol = field(CompactBytes, ({ state, netuid }) => [...state.get(S.TokenSymbol, netuid)])
const steps: Fields = {
  tempo: settings.tempo,
  last_step: stored(C64, S.LastMechansimStepBlock),
  blocks_since_last_step: field(C64, ({ state, netuid, block }) =>
    less(BigInt(block), state.get(S.LastMechansimStepBlock, netuid)),
  ),
}
const reserves: Fields = {
  alpha_in: stored(C64, S.SubnetAlphaIn),
  alpha_out: stored(C64, S.SubnetAlphaOut),
  tao_in: stored(C64, S.SubnetTAO),
  alpha_out_emission: stored(C64, S.SubnetAlphaOutEmission),
  alpha_in_emission: stored(C64, S.SubnetAlphaInEmission),
  tao_in_emission: stored(C64, S.SubnetTaoInEmission),
  pending_alpha_emission: field(C64, ({ state, netuid }) => pendingAlpha(state, netuid)),
  pending_root_emission: noEmission,
  subnet_volume: stored(C128, S.SubnetVolume),
}
const network_registered_at = stored(C64, S.NetworkRegisteredAt)
const moving_price = stored(I96F32, S.SubnetMovingPrice)
const netuid = field(C16, ({ index }) => index)

export const dynamicInfo: Fields = {
  netuid,
  ...ownerKeys,
  subnet_name: name,
  token_symbol: symbol,
  ...steps,
  emission: noEmission,
  ...reserves,
  network_registered_at,
  subnet_identity: identity,
  moving_price,
}
export const DynamicInfo = struct(typesOf(dynamicInfo), infoType('dynamic_info', 'DynamicInfo'))

/** The head of a metagraph: the subnet itself, without its settings. */
export const metagraphHead: Fields = {
  netuid,
  name,
  symbol,
  identity,
  network_registered_at,
  ...ownerKeys,
  block: field(C64, ({ block }) => BigInt(block)),
  ...steps,
  subnet_emission: noEmission,
  ...reserves,
  moving_price,
}
