/** Giving everything of a hotkey to a new one, on all subnets or on one. */
import type { RuntimeContext, StorageItem } from '../../pallet.js'
import { signedBy } from '../../pallets/system.js'
import type { State } from '../../state.js'
import { moveFamily } from './children.js'
import { moveClaimable, moveClaimed } from './claims.js'
import { ensure } from './errors.js'
import { addToList, allNetuids, ownsHotkey } from './keys.js'
import { clocks, isTooSoon, lastBlockOf, startClock } from './limits.js'
import { indexesOf } from './mechanisms.js'
import { isRegisteredAnywhere } from './neurons.js'
import { addIssuance, canPay, withdraw } from './pool.js'
import { S } from './storage.js'

/** RAO for a swap on all subnets, or of a coldkey. */
export const KEY_SWAP_COST = 100_000_000n
/** RAO for a swap on one subnet. */
export const SUBNET_SWAP_COST = 1_000_000n
/** Blocks between swaps of one coldkey on one subnet. */
export const SUBNET_SWAP_INTERVAL = 36_000n

type Swap = { readonly coldkey: string; readonly from: string; readonly to: string }

export function swapHotkey(
  context: RuntimeContext,
  args: { hotkey: string; new_hotkey: string; netuid: number | undefined },
): undefined {
  const { state } = context
  const { hotkey: from, new_hotkey: to, netuid } = args
  const coldkey = signedBy(context.origin)
  ensure(ownsHotkey(state, coldkey, from), 'NonAssociatedColdKey')
  ensure(from !== to, 'NewHotKeyIsSameWithOld')
  const last = lastBlockOf(state, clocks.transaction(coldkey))
  const early = isTooSoon(context, last, state.get(S.TxRateLimit))
  ensure(!early, 'HotKeySetTxRateLimitExceeded')
  ensure(!isRegisteredAnywhere(state, to), 'HotKeyAlreadyRegisteredInSubNet')
  for (const clock of [clocks.transaction, clocks.delegateTake, clocks.childkeyTake]) {
    state.set(S.LastRateLimitedBlock, [clock(to)], lastBlockOf(state, clock(from)))
  }
  const swap = { coldkey, from, to }
  if (netuid === undefined) swapEverywhere(context, swap)
  else swapOn(context, swap, netuid)
  startClock(context, clocks.transaction(coldkey))
}

function pay(context: RuntimeContext, coldkey: string, cost: bigint): void {
  ensure(canPay(context.state, coldkey, cost), 'NotEnoughBalanceToPaySwapHotKey')
  addIssuance(context.state, -withdraw(context, coldkey, cost))
}

function swapEverywhere(context: RuntimeContext, swap: Swap): void {
  const { state } = context
  const { coldkey, from, to } = swap
  pay(context, coldkey, KEY_SWAP_COST)
  const stakers = new Set(state.entries(S.Alpha, from).map(([[, staker]]) => staker))
  state.remove(S.Owner, from)
  state.set(S.Owner, [to], coldkey)
  renameIn(state, S.OwnedHotkeys, coldkey, from, to)
  for (const netuid of allNetuids(state)) swapOnSubnet(state, swap, netuid)
  for (const clock of [clocks.transaction, clocks.delegateTake, clocks.childkeyTake]) {
    state.remove(S.LastRateLimitedBlock, clock(from))
  }
  if (state.has(S.Delegates, from)) {
    state.set(S.Delegates, [to], state.get(S.Delegates, from))
    state.remove(S.Delegates, from)
  }
  for (const staker of stakers) {
    if (state.get(S.StakingHotkeys, staker).includes(from)) {
      renameIn(state, S.StakingHotkeys, staker, from, to)
    }
  }
  const [old_hotkey, new_hotkey] = [from, to]
  context.emit('SubtensorModule', 'HotkeySwapped', { coldkey, old_hotkey, new_hotkey })
}

function swapOn(context: RuntimeContext, swap: Swap, netuid: number): void {
  const { state } = context
  const { coldkey, from, to } = swap
  const block = BigInt(context.block)
  const due = state.get(S.LastHotkeySwapOnNetuid, netuid, coldkey) + SUBNET_SWAP_INTERVAL
  ensure(due < block, 'HotKeySwapOnSubnetIntervalNotPassed')
  ensure(!state.get(S.IsNetworkMember, to, netuid), 'HotKeyAlreadyRegisteredInSubNet')
  pay(context, coldkey, SUBNET_SWAP_COST)
  state.set(S.Owner, [to], coldkey)
  addToList(state, S.OwnedHotkeys, coldkey, to)
  swapOnSubnet(state, swap, netuid)
  state.set(S.LastHotkeySwapOnNetuid, [netuid, coldkey], block)
  const [old_hotkey, new_hotkey] = [from, to]
  const where = { coldkey, old_hotkey, new_hotkey, netuid }
  context.emit('SubtensorModule', 'HotkeySwappedOnSubnet', where)
}

function renameIn(
  state: State,
  item: typeof S.OwnedHotkeys,
  key: string,
  from: string,
  to: string,
): void {
  const others = state.get(item, key).filter((one) => one !== from && one !== to)
  state.set(item, [key], [...others, to])
}

/** Adds what one hotkey has to what the other has. */
function addUp(
  state: State,
  item: StorageItem<[string, number], bigint>,
  { from, to }: Swap,
  netuid: number,
): void {
  const sum = state.get(item, from, netuid) + state.get(item, to, netuid)
  state.remove(item, from, netuid)
  state.set(item, [to, netuid], sum)
}

function swapOnSubnet(state: State, swap: Swap, netuid: number): void {
  const { from, to } = swap
  addUp(state, S.TotalHotkeyAlpha, swap, netuid)
  addUp(state, S.TotalHotkeyShares, swap, netuid)
  const isMember = state.get(S.IsNetworkMember, from, netuid)
  state.remove(S.IsNetworkMember, from, netuid)
  state.set(S.IsNetworkMember, [to, netuid], isMember)
  if (isMember) swapNeuron(state, swap, netuid)
  moveFamily(state, netuid, from, to)
  swapAutoStake(state, swap, netuid)
  const owner = state.has(S.SubnetOwnerHotkey, netuid) && state.get(S.SubnetOwnerHotkey, netuid)
  if (owner === from) state.set(S.SubnetOwnerHotkey, [netuid], to)
  addUp(state, S.TotalHotkeyAlphaLastEpoch, swap, netuid)
  const dividends = S.AlphaDividendsPerSubnet
  const sum = state.get(dividends, netuid, from) + state.get(dividends, netuid, to)
  state.remove(dividends, netuid, from)
  state.set(dividends, [netuid, to], sum)
  moveClaimable(state, from, to)
  swapStakers(state, swap, netuid)
}

function swapNeuron(state: State, { from, to }: Swap, netuid: number): void {
  const uid = state.get(S.Uids, netuid, from)
  if (uid !== undefined) {
    state.remove(S.Uids, netuid, from)
    state.set(S.Uids, [netuid, to], uid)
    state.set(S.Keys, [netuid, uid], to)
  }
  rename(state, S.Prometheus, netuid, from, to)
  rename(state, S.Axons, netuid, from, to)
  rename(state, S.NeuronCertificates, netuid, from, to)
  for (const index of indexesOf(state, netuid)) rename(state, S.WeightCommits, index, from, to)
}

function rename<V>(
  state: State,
  item: StorageItem<[number, string], V>,
  index: number,
  from: string,
  to: string,
): void {
  if (!state.has(item, index, from)) return
  state.set(item, [index, to], state.get(item, index, from))
  state.remove(item, index, from)
}

function swapAutoStake(state: State, { from, to }: Swap, netuid: number): void {
  if (!state.has(S.AutoStakeDestinationColdkeys, from, netuid)) return
  const coldkeys = state.get(S.AutoStakeDestinationColdkeys, from, netuid)
  for (const coldkey of coldkeys) state.set(S.AutoStakeDestination, [coldkey, netuid], to)
  state.remove(S.AutoStakeDestinationColdkeys, from, netuid)
  state.set(S.AutoStakeDestinationColdkeys, [to, netuid], coldkeys)
}

function swapStakers(state: State, { from, to }: Swap, netuid: number): void {
  for (const [[, coldkey, on], shares] of state.entries(S.Alpha, from)) {
    if (on !== netuid) continue
    moveClaimed(state, netuid, { hotkey: from, coldkey }, { hotkey: to, coldkey })
    const sum = shares + state.get(S.Alpha, to, coldkey, netuid)
    state.remove(S.Alpha, from, coldkey, netuid)
    state.set(S.Alpha, [to, coldkey, netuid], sum)
    if (state.get(S.StakingHotkeys, coldkey).includes(from)) {
      addToList(state, S.StakingHotkeys, coldkey, to)
    }
  }
}
