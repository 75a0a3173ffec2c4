/** Calls about takes, child keys and swaps of keys. */
import { call, cost } from '../../../pallet.js'
import { AccountId, option, tuple, u16, u64, vec } from '../../../scale.js'
import { setChildren, setPendingChildkeyCooldown } from '../children.js'
import { scheduleSwapColdkey, swapColdkey } from '../coldkeySwap.js'
import { tryAssociateHotkey } from '../holding.js'
import { swapHotkey } from '../hotkeySwap.js'
import { S } from '../storage.js'
import {
  boundSetter,
  decreaseTake,
  increaseTake,
  setChildkeyTake,
  setTxChildkeyTakeRateLimit,
} from '../takes.js'

const take = { hotkey: AccountId, take: u16 }

export const keyCalls = {
  decrease_take: call({
    pays: false,
    index: 65,
    args: take,
    weight: cost(30_020_000, 0, 3, 2),
    run: decreaseTake,
  }),
  increase_take: call({
    pays: false,
    index: 66,
    args: take,
    weight: cost(36_710_000, 0, 5, 2),
    run: increaseTake,
  }),
  set_children: call({
    index: 67,
    args: { hotkey: AccountId, netuid: u16, children: vec(tuple(u64, AccountId)) },
    weight: cost(119_000_000, 0, 6, 31),
    run: setChildren,
  }),
  sudo_set_tx_childkey_take_rate_limit: call({
    index: 69,
    args: { tx_rate_limit: u64 },
    weight: cost(5_660_000, 0, 0, 1),
    class: 'Operational',
    run: setTxChildkeyTakeRateLimit,
  }),
  swap_hotkey: call({
    pays: false,
    index: 70,
    args: { hotkey: AccountId, new_hotkey: AccountId, netuid: option(u16) },
    weight: cost(275_300_000, 0, 50, 35),
    run: swapHotkey,
  }),
  swap_coldkey: call({
    index: 71,
    args: { old_coldkey: AccountId, new_coldkey: AccountId, swap_cost: u64 },
    weight: cost(161_700_000, 0, 16, 9),
    class: 'Operational',
    run: swapColdkey,
  }),
  schedule_swap_coldkey: call({
    index: 73,
    args: { new_coldkey: AccountId },
    weight: cost(37_830_000, 0, 4, 2),
    run: scheduleSwapColdkey,
  }),
  set_childkey_take: call({
    index: 75,
    args: { hotkey: AccountId, netuid: u16, take: u16 },
    weight: cost(66_450_000, 0, 5, 2),
    run: setChildkeyTake,
  }),
  sudo_set_min_childkey_take: call({
    index: 76,
    args: { take: u16 },
    weight: cost(6_000, 0, 1, 1),
    class: 'Operational',
    run: boundSetter({ item: S.MinChildkeyTake, event: 'MinChildKeyTakeSet' }),
  }),
  sudo_set_max_childkey_take: call({
    index: 77,
    args: { take: u16 },
    weight: cost(6_000, 0, 1, 1),
    class: 'Operational',
    run: boundSetter({ item: S.MaxChildkeyTake, event: 'MaxChildKeyTakeSet' }),
  }),
  try_associate_hotkey: call({
    index: 91,
    args: { hotkey: AccountId },
    weight: cost(27_150_000, 0, 3, 3),
    run: tryAssociateHotkey,
  }),
  set_pending_childkey_cooldown: call({
    index: 109,
    args: { cooldown: u64 },
    weight: cost(10_000),
    class: 'Operational',
    run: setPendingChildkeyCooldown,
  }),
}
