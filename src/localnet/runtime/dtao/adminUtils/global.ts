/** Settings of the whole chain. */
import { call, cost } from '../../pallet.js'
import { ensureRoot } from '../../pallets/system.js'
import { u64 } from '../../scale.js'
import { ONE64 } from '../fixed.js'
import { clearSmallNomination } from '../subtensor/staking.js'
import { S } from '../subtensor/storage.js'
import { ensure } from './errors.js'
import { forAll } from './settings.js'

/** What most of them cost. */
const usual = cost(14_000_000, 0, 0, 1)
const flow = cost(7_343_000, 0, 0, 1)
const operational = true

export const globalCalls = {
  sudo_set_default_take: forAll({
    index: 1,
    arg: 'default_take',
    item: S.MaxDelegateTake,
    event: 'MaxDelegateTakeSet',
    weight: cost(5_420_000, 0, 0, 1),
  }),
  sudo_set_tx_rate_limit: forAll({
    index: 2,
    arg: 'tx_rate_limit',
    item: S.TxRateLimit,
    event: 'TxRateLimitSet',
    operational,
    weight: cost(5_400_000, 0, 0, 1),
  }),
  sudo_set_subnet_owner_cut: forAll({
    index: 28,
    arg: 'subnet_owner_cut',
    item: S.SubnetOwnerCut,
    event: 'SubnetOwnerCutSet',
    operational,
    weight: usual,
  }),
  sudo_set_network_rate_limit: forAll({
    index: 29,
    arg: 'rate_limit',
    item: S.NetworkRateLimit,
    event: 'NetworkRateLimitSet',
    operational,
    weight: usual,
  }),
  sudo_set_total_issuance: forAll({
    index: 33,
    arg: 'total_issuance',
    item: S.TotalIssuance,
    operational,
    weight: cost(2_875_000, 0, 0, 1),
  }),
  sudo_set_network_immunity_period: forAll({
    index: 35,
    arg: 'immunity_period',
    item: S.NetworkImmunityPeriod,
    event: 'NetworkImmunityPeriodSet',
    operational,
    weight: usual,
  }),
  sudo_set_network_min_lock_cost: forAll({
    index: 36,
    arg: 'lock_cost',
    item: S.NetworkMinLockCost,
    event: 'NetworkMinLockCostSet',
    operational,
    weight: usual,
  }),
  sudo_set_subnet_limit: forAll({
    index: 37,
    arg: 'max_subnets',
    item: S.SubnetLimit,
    event: 'SubnetLimitSet',
    operational,
    weight: usual,
  }),
  sudo_set_lock_reduction_interval: forAll({
    index: 38,
    arg: 'interval',
    item: S.NetworkLockReductionInterval,
    event: 'NetworkLockCostReductionIntervalSet',
    operational,
    weight: usual,
  }),
  sudo_set_stake_threshold: forAll({
    index: 42,
    arg: 'min_stake',
    item: S.StakeThreshold,
    event: 'StakeThresholdSet',
    operational,
    weight: cost(5_000_000, 0, 0, 1),
  }),
  sudo_set_nominator_min_required_stake: call({
    index: 43,
    args: { min_stake: u64 },
    weight: cost(28_050_000, 6792, 4, 1),
    class: 'Operational',
    run(context, { min_stake }) {
      ensureRoot(context.origin)
      const { state } = context
      const before = state.get(S.NominatorMinRequiredStake)
      state.set(S.NominatorMinRequiredStake, [], min_stake)
      if (min_stake <= before) return undefined
      for (const [[hotkey, coldkey, netuid]] of state.entries(S.Alpha)) {
        clearSmallNomination(context, { hotkey, coldkey, netuid })
      }
      return undefined
    },
  }),
  sudo_set_tx_delegate_take_rate_limit: forAll({
    index: 45,
    arg: 'tx_rate_limit',
    item: S.TxDelegateTakeRateLimit,
    event: 'TxDelegateTakeRateLimitSet',
    operational,
    weight: cost(5_019_000, 0, 0, 1),
  }),
  sudo_set_min_delegate_take: forAll({
    index: 46,
    arg: 'take',
    item: S.MinDelegateTake,
    event: 'MinDelegateTakeSet',
    operational,
    weight: cost(7_214_000, 0, 0, 1),
  }),
  sudo_set_coldkey_swap_schedule_duration: forAll({
    index: 54,
    arg: 'duration',
    item: S.ColdkeySwapScheduleDuration,
    event: 'ColdkeySwapScheduleDurationSet',
    operational,
    weight: cost(5_000_000, 0, 0, 1),
  }),
  sudo_set_dissolve_network_schedule_duration: forAll({
    index: 55,
    arg: 'duration',
    item: S.DissolveNetworkScheduleDuration,
    event: 'DissolveNetworkScheduleDurationSet',
    operational,
    weight: cost(5_000_000, 0, 0, 1),
  }),
  sudo_set_subnet_moving_alpha: forAll({
    index: 63,
    arg: 'alpha',
    item: S.SubnetMovingAlpha,
    operational,
    weight: cost(3_000_000, 0, 0, 1),
  }),
  sudo_set_commit_reveal_version: forAll({
    index: 71,
    arg: 'version',
    item: S.CommitRevealWeightsVersion,
    event: 'CommitRevealVersionSet',
    operational,
    weight: cost(7_114_000, 0, 0, 1),
  }),
  sudo_set_ck_burn: forAll({
    index: 73,
    arg: 'burn',
    item: S.CKBurn,
    weight: cost(15_650_000, 0, 1, 1),
  }),
  sudo_set_admin_freeze_window: forAll({
    index: 74,
    arg: 'window',
    item: S.AdminFreezeWindow,
    event: 'AdminFreezeWindowSet',
    operational,
    weight: cost(5_510_000, 0, 0, 1),
  }),
  sudo_set_owner_hparam_rate_limit: forAll({
    index: 75,
    arg: 'epochs',
    item: S.OwnerHyperparamRateLimit,
    event: 'OwnerHyperparamRateLimitSet',
    operational,
    weight: cost(5_701_000, 0, 0, 1),
  }),
  sudo_set_tao_flow_cutoff: forAll({
    index: 81,
    arg: 'flow_cutoff',
    item: S.TaoFlowCutoff,
    operational,
    weight: flow,
  }),
  sudo_set_tao_flow_normalization_exponent: forAll({
    index: 82,
    arg: 'exponent',
    item: S.FlowNormExponent,
    operational,
    weight: flow,
    check: (exponent) => ensure(exponent >= ONE64 && exponent <= 2n * ONE64, 'InvalidValue'),
  }),
  sudo_set_tao_flow_smoothing_factor: forAll({
    index: 83,
    arg: 'smoothing_factor',
    item: S.FlowEmaSmoothingFactor,
    operational,
    weight: flow,
  }),
}
