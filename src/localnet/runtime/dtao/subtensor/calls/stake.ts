/** Calls that stake, unstake and move stake. */
import { call, cost } from '../../../pallet.js'
import { AccountId, bool, option, u16, u64 } from '../../../scale.js'
import { btreeSet } from '../../types.js'
import { burnStake, recycleStake, setAutoStake } from '../holding.js'
import { moveStake, swapStake, swapStakeLimit, transferStake } from '../moving.js'
import {
  claimRoot,
  setNumRootClaims,
  setRootClaimThreshold,
  setRootClaimType,
} from '../rootClaims.js'
import {
  addStake,
  addStakeLimit,
  removeStake,
  removeStakeFullLimit,
  removeStakeLimit,
  unstakeAll,
  unstakeAllAlpha,
} from '../staking.js'
import { RootClaimTypeEnum } from '../types.js'

const between = { origin_netuid: u16, destination_netuid: u16, alpha_amount: u64 }
const limit = { limit_price: u64, allow_partial: bool }

export const stakeCalls = {
  add_stake: call({
    index: 2,
    args: { hotkey: AccountId, netuid: u16, amount_staked: u64 },
    weight: cost(340_800_000, 0, 25, 16),
    run: addStake,
  }),
  remove_stake: call({
    index: 3,
    args: { hotkey: AccountId, netuid: u16, amount_unstaked: u64 },
    weight: cost(196_800_000, 0, 19, 10),
    run: removeStake,
  }),
  unstake_all: call({
    index: 83,
    args: { hotkey: AccountId },
    weight: cost(28_830_000, 0, 6),
    run: unstakeAll,
  }),
  unstake_all_alpha: call({
    index: 84,
    args: { hotkey: AccountId },
    weight: cost(358_500_000, 0, 41, 26),
    run: unstakeAllAlpha,
  }),
  add_stake_limit: call({
    index: 88,
    args: { hotkey: AccountId, netuid: u16, amount_staked: u64, ...limit },
    weight: cost(402_900_000, 0, 25, 16),
    run: addStakeLimit,
  }),
  remove_stake_limit: call({
    index: 89,
    args: { hotkey: AccountId, netuid: u16, amount_unstaked: u64, ...limit },
    weight: cost(377_400_000, 0, 29, 15),
    run: removeStakeLimit,
  }),
  remove_stake_full_limit: call({
    index: 103,
    args: { hotkey: AccountId, netuid: u16, limit_price: option(u64) },
    weight: cost(395_300_000, 10_142, 29, 15),
    run: removeStakeFullLimit,
  }),
  move_stake: call({
    index: 85,
    args: { origin_hotkey: AccountId, destination_hotkey: AccountId, ...between },
    weight: cost(164_300_000, 0, 15, 7),
    run: moveStake,
  }),
  transfer_stake: call({
    index: 86,
    args: { destination_coldkey: AccountId, hotkey: AccountId, ...between },
    weight: cost(160_300_000, 0, 13, 6),
    run: transferStake,
  }),
  swap_stake: call({
    index: 87,
    args: { hotkey: AccountId, ...between },
    weight: cost(351_300_000, 0, 37, 24),
    run: swapStake,
  }),
  swap_stake_limit: call({
    index: 90,
    args: { hotkey: AccountId, ...between, ...limit },
    weight: cost(411_500_000, 0, 37, 24),
    run: swapStakeLimit,
  }),
  recycle_alpha: call({
    index: 101,
    args: { hotkey: AccountId, amount: u64, netuid: u16 },
    weight: cost(113_400_000, 0, 7, 4),
    run: recycleStake,
  }),
  burn_alpha: call({
    index: 102,
    args: { hotkey: AccountId, amount: u64, netuid: u16 },
    weight: cost(112_200_000, 0, 7, 3),
    run: burnStake,
  }),
  set_coldkey_auto_stake_hotkey: call({
    index: 114,
    args: { netuid: u16, hotkey: AccountId },
    weight: cost(29_930_000, 0, 4, 2),
    run: setAutoStake,
  }),
  claim_root: call({
    index: 121,
    args: { subnets: btreeSet(u16) },
    weight: cost(117_000_000, 7767, 12, 4),
    run: claimRoot,
  }),
  set_root_claim_type: call({
    index: 122,
    args: { new_root_claim_type: RootClaimTypeEnum },
    weight: cost(19_420_000, 0, 0, 4),
    run: setRootClaimType,
  }),
  sudo_set_num_root_claims: call({
    index: 123,
    args: { new_value: u64 },
    weight: cost(4_000_000, 0, 0, 1),
    class: 'Operational',
    run: setNumRootClaims,
  }),
  sudo_set_root_claim_threshold: call({
    index: 124,
    args: { netuid: u16, new_value: u64 },
    weight: cost(5_711_000, 0, 0, 1),
    class: 'Operational',
    run: setRootClaimThreshold,
  }),
}
