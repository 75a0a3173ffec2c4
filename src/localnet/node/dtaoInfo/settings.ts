/** Settings of a subnet as the APIs show them, each under the name it has in all of them. */
import { S } from '../../runtime/dtao/subtensor/storage.js'
import { bool } from '../../runtime/scale.js'
import { C16, C64 } from './fields.js'
import { field, stored } from './view.js'

/** Weights have no limit any more. */
const NO_LIMIT = 65_535

export const settings = {
  rho: stored(C16, S.Rho),
  kappa: stored(C16, S.Kappa),
  immunity_period: stored(C16, S.ImmunityPeriod),
  min_allowed_weights: stored(C16, S.MinAllowedWeights),
  max_weights_limit: field(C16, () => NO_LIMIT),
  tempo: stored(C16, S.Tempo),
  min_difficulty: stored(C64, S.MinDifficulty),
  max_difficulty: stored(C64, S.MaxDifficulty),
  difficulty: stored(C64, S.Difficulty),
  weights_version: stored(C64, S.WeightsVersionKey),
  weights_rate_limit: stored(C64, S.WeightsSetRateLimit),
  adjustment_interval: stored(C16, S.AdjustmentInterval),
  adjustment_alpha: stored(C64, S.AdjustmentAlpha),
  activity_cutoff: stored(C16, S.ActivityCutoff),
  registration_allowed: stored(bool, S.NetworkRegistrationAllowed),
  pow_registration_allowed: stored(bool, S.NetworkPowRegistrationAllowed),
  target_regs_per_interval: stored(C16, S.TargetRegistrationsPerInterval),
  burn: stored(C64, S.Burn),
  min_burn: stored(C64, S.MinBurn),
  max_burn: stored(C64, S.MaxBurn),
  bonds_moving_avg: stored(C64, S.BondsMovingAverage),
  max_regs_per_block: stored(C16, S.MaxRegistrationsPerBlock),
  serving_rate_limit: stored(C64, S.ServingRateLimit),
  max_validators: stored(C16, S.MaxAllowedValidators),
  commit_reveal_period: stored(C64, S.RevealPeriodEpochs),
  commit_reveal_weights_enabled: stored(bool, S.CommitRevealWeightsEnabled),
  alpha_high: field(C16, ({ state, netuid }) => state.get(S.AlphaValues, netuid)[1]),
  alpha_low: field(C16, ({ state, netuid }) => state.get(S.AlphaValues, netuid)[0]),
  liquid_alpha_enabled: stored(bool, S.LiquidAlphaOn),
}
