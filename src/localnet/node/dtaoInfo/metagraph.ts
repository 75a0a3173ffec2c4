/** Metagraphs of spec 343: whole ones and those with chosen fields only. */

import { commitmentsOf } from '../../runtime/dtao/pallets/commitments.js'
import type { StakeWeight } from '../../runtime/dtao/subtensor/stakeWeights.js'
import { S } from '../../runtime/dtao/subtensor/storage.js'
import { ChainIdentityV2 } from '../../runtime/dtao/subtensor/types.js'
import { AccountId, bool, option, type ScaleType, struct, tuple, vec } from '../../runtime/scale.js'
import { AxonInfo } from '../../runtime/subtensor/storage.js'
import { C16, C64, CompactBytes, infoType, NO_AXON } from './fields.js'
import { settings } from './settings.js'
import { metagraphHead } from './subnets.js'
import { type Fields, field, readAll, stored, typesOf, type View } from './view.js'

const settingFields: Fields = {
  rho: settings.rho,
  kappa: settings.kappa,
  min_allowed_weights: settings.min_allowed_weights,
  max_weights_limit: settings.max_weights_limit,
  weights_version: settings.weights_version,
  weights_rate_limit: settings.weights_rate_limit,
  activity_cutoff: settings.activity_cutoff,
  max_validators: settings.max_validators,
  num_uids: stored(C16, S.SubnetworkN),
  max_uids: stored(C16, S.MaxAllowedUids),
  burn: settings.burn,
  difficulty: settings.difficulty,
  registration_allowed: settings.registration_allowed,
  pow_registration_allowed: settings.pow_registration_allowed,
  immunity_period: settings.immunity_period,
  min_difficulty: settings.min_difficulty,
  max_difficulty: settings.max_difficulty,
  min_burn: settings.min_burn,
  max_burn: settings.max_burn,
  adjustment_alpha: settings.adjustment_alpha,
  adjustment_interval: settings.adjustment_interval,
  target_regs_per_interval: settings.target_regs_per_interval,
  max_regs_per_block: settings.max_regs_per_block,
  serving_rate_limit: settings.serving_rate_limit,
  commit_reveal_weights_enabled: settings.commit_reveal_weights_enabled,
  commit_reveal_period: settings.commit_reveal_period,
  liquid_alpha_enabled: settings.liquid_alpha_enabled,
  alpha_high: settings.alpha_high,
  alpha_low: settings.alpha_low,
  bonds_moving_avg: settings.bonds_moving_avg,
}

const Numbers16 = vec(C16)
const Numbers64 = vec(C64)

export const keyFields: Fields = {
  hotkeys: field(vec(AccountId), ({ hotkeys }) => hotkeys()),
  coldkeys: field(vec(AccountId), ({ coldkeys }) => coldkeys()),
}

const whole = (part: bigint): bigint => part >> 64n

/** What consensus says about each uid. */
export const scoreFields: Fields = {
  active: stored(vec(bool), S.Active),
  validator_permit: stored(vec(bool), S.ValidatorPermit),
  pruning_score: stored(Numbers16, S.PruningScores),
  last_update: field(Numbers64, ({ state, index }) => state.get(S.LastUpdate, index)),
  emission: stored(Numbers64, S.Emission),
  dividends: stored(Numbers16, S.Dividends),
  incentives: field(Numbers16, ({ state, index }) => state.get(S.Incentive, index)),
  consensus: stored(Numbers16, S.Consensus),
  trust: stored(Numbers16, S.Trust),
  rank: stored(Numbers16, S.Rank),
  block_at_registration: field(Numbers64, ({ state, netuid, hotkeys }) =>
    hotkeys().map((_, uid) => state.get(S.BlockAtRegistration, netuid, uid)),
  ),
  alpha_stake: field(Numbers64, ({ stakes }) => stakes().map(({ alpha }) => alpha)),
  tao_stake: field(Numbers64, ({ stakes }) => stakes().map(({ tao }) => tao)),
  total_stake: field(Numbers64, ({ stakes }) => stakes().map(({ total }) => whole(total))),
}

const Dividends = vec(tuple(AccountId, C64))

export const metagraph: Fields = {
  ...metagraphHead,
  ...settingFields,
  ...keyFields,
  identities: field(vec(option(ChainIdentityV2)), ({ state, coldkeys }) =>
    coldkeys().map((coldkey) => state.get(S.IdentitiesV2, coldkey)),
  ),
  axons: field(vec(AxonInfo), ({ state, netuid, hotkeys }) =>
    hotkeys().map((hotkey) => state.get(S.Axons, netuid, hotkey) ?? NO_AXON),
  ),
  ...scoreFields,
  tao_dividends_per_hotkey: field(Dividends, ({ hotkeys }) =>
    hotkeys().map((hotkey): [string, bigint] => [hotkey, 0n]),
  ),
  alpha_dividends_per_hotkey: field(Dividends, ({ state, netuid, hotkeys }) =>
    hotkeys().map((hotkey): [string, bigint] => [
      hotkey,
      state.get(S.AlphaDividendsPerSubnet, netuid, hotkey),
    ]),
  ),
}
export const Metagraph = struct(typesOf(metagraph), infoType('metagraph', 'Metagraph'))

/** Uids of validators with enough stake, the one with the least first. */
function validators({ state, netuid, stakes, hotkeys }: View): number[] {
  const least = state.get(S.StakeThreshold)
  const permits = state.get(S.ValidatorPermit, netuid)
  const total = (uid: number): bigint => (stakes()[uid] as StakeWeight).total
  return hotkeys()
    .map((_, uid) => uid)
    .filter((uid) => permits[uid] && whole(total(uid)) > least)
    .sort((a, b) => (total(a) < total(b) ? -1 : 1))
}

/** In the order of the numbers by which they are chosen. */
const selective: Fields = {
  ...metagraph,
  validators: field(Numbers16, validators),
  commitments: field(vec(tuple(AccountId, CompactBytes)), ({ state, netuid }) =>
    commitmentsOf(state, netuid),
  ),
}
const CHOICES = Object.keys(selective)

const selectiveTypes = Object.fromEntries(
  Object.entries(typesOf(selective)).map(([name, type]): [string, ScaleType<unknown>] => [
    name,
    name === 'netuid' ? type : option(type),
  ]),
)
export const SelectiveMetagraph = struct(
  selectiveTypes,
  infoType('metagraph', 'SelectiveMetagraph'),
)

/** The fields with the given numbers; all others are left out. */
export function choose(view: View, numbers: readonly number[], netuid: number) {
  const chosen = CHOICES.filter((_, number) => numbers.includes(number))
  const fields: Fields = Object.fromEntries(
    Object.entries(selective).filter(([name]) => chosen.includes(name)),
  )
  const none = Object.fromEntries(CHOICES.map((name) => [name, undefined]))
  return { ...none, ...readAll(fields, view), netuid }
}
