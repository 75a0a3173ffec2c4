/** Calls that stake, unstake and move stake. */
import { call, cost } from '../../../pallet.js'
import { AccountId, bool, option, u16, u64 } from '../../../scale.js'
import {
  addStake,
  addStakeLimit,
  removeStake,
  removeStakeFullLimit,
  removeStakeLimit,
  unstakeAll,
  unstakeAllAlpha,
} from '../staking.js'

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
}
