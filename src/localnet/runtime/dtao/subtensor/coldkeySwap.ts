/** Handing everything of a coldkey over to another, days after it was announced. */
import type { RuntimeContext } from '../../pallet.js'
import { ensureRoot, signedBy } from '../../pallets/system.js'
import type { State } from '../../state.js'
import { deposit, reducible, tryWithdraw } from '../pallets/balances.js'
import { attempt } from './attempt.js'
import { listStakingColdkey, moveClaimed } from './claims.js'
import { ensure } from './errors.js'
import { KEY_SWAP_COST } from './hotkeySwap.js'
import { addToList, allNetuids, hotkeyExists } from './keys.js'
import { clocks, startClock } from './limits.js'
import { addIssuance, canPay, ROOT, withdraw } from './pool.js'
import { S } from './storage.js'

export function scheduleSwapColdkey(
  context: RuntimeContext,
  { new_coldkey }: { new_coldkey: string },
): undefined {
  const { state, block } = context
  const who = signedBy(context.origin)
  if (state.has(S.ColdkeySwapScheduled, who)) {
    const [due] = state.get(S.ColdkeySwapScheduled, who)
    const again = due + state.get(S.ColdkeySwapRescheduleDuration)
    ensure(again <= block, 'SwapAlreadyScheduled')
  }
  ensure(canPay(state, who, KEY_SWAP_COST), 'NotEnoughBalanceToPaySwapColdKey')
  const execution_block = block + state.get(S.ColdkeySwapScheduleDuration)
  state.set(S.ColdkeySwapScheduled, [who], [execution_block, new_coldkey])
  context.emit('SubtensorModule', 'ColdkeySwapScheduled', {
    old_coldkey: who,
    new_coldkey,
    execution_block,
    swap_cost: KEY_SWAP_COST,
  })
}

/** Does the swaps whose block has come; one that fails is dropped, but stays listed as scheduled. */
export function swapDueColdkeys(context: RuntimeContext): void {
  const { state, block } = context
  for (const [[from], [due, to]] of state.entries(S.ColdkeySwapScheduled)) {
    if (due === block) attempt(state, () => swap(context, from, to, KEY_SWAP_COST))
  }
}

export function swapColdkey(
  context: RuntimeContext,
  args: { old_coldkey: string; new_coldkey: string; swap_cost: bigint },
): undefined {
  ensureRoot(context.origin)
  swap(context, args.old_coldkey, args.new_coldkey, args.swap_cost)
}

function swap(context: RuntimeContext, from: string, to: string, swap_cost: bigint): void {
  const { state } = context
  ensure(state.get(S.StakingHotkeys, to).length === 0, 'ColdKeyAlreadyAssociated')
  ensure(!hotkeyExists(state, to), 'NewColdKeyIsHotkey')
  const identity = state.get(S.IdentitiesV2, from)
  if (identity) {
    state.remove(S.IdentitiesV2, from)
    state.set(S.IdentitiesV2, [to], identity)
  }
  ensure(canPay(state, from, swap_cost), 'NotEnoughBalanceToPaySwapColdKey')
  addIssuance(state, -withdraw(context, from, swap_cost))
  moveSubnets(state, from, to)
  moveStake(state, from, to)
  moveHotkeys(state, from, to)
  const rest = reducible(state, from, 'expendable')
  if (rest > 0n && tryWithdraw(context, from, rest, 'expendable')) deposit(context, to, rest)
  startClock(context, clocks.transaction(to))
  state.remove(S.ColdkeySwapScheduled, from)
  context.emit('SubtensorModule', 'ColdkeySwapped', {
    old_coldkey: from,
    new_coldkey: to,
    swap_cost,
  })
}

function moveSubnets(state: State, from: string, to: string): void {
  for (const netuid of allNetuids(state)) {
    if (state.get(S.SubnetOwner, netuid) === from) state.set(S.SubnetOwner, [netuid], to)
    const hotkey = state.get(S.AutoStakeDestination, from, netuid)
    if (hotkey === undefined) continue
    state.remove(S.AutoStakeDestination, from, netuid)
    state.set(S.AutoStakeDestination, [to, netuid], hotkey)
    const others = state
      .get(S.AutoStakeDestinationColdkeys, hotkey, netuid)
      .filter((one) => one !== from && one !== to)
    state.set(S.AutoStakeDestinationColdkeys, [hotkey, netuid], [...others, to])
  }
}

function moveStake(state: State, from: string, to: string): void {
  const hotkeys = state.get(S.StakingHotkeys, from)
  for (const hotkey of hotkeys) {
    for (const netuid of allNetuids(state)) {
      const shares =
        state.get(S.Alpha, hotkey, from, netuid) + state.get(S.Alpha, hotkey, to, netuid)
      state.remove(S.Alpha, hotkey, from, netuid)
      state.set(S.Alpha, [hotkey, to, netuid], shares)
      if (shares === 0n) continue
      moveClaimed(state, netuid, { hotkey, coldkey: from }, { hotkey, coldkey: to })
      if (netuid === ROOT) listStakingColdkey(state, to)
    }
    addToList(state, S.StakingHotkeys, to, hotkey)
  }
  state.remove(S.StakingHotkeys, from)
}

function moveHotkeys(state: State, from: string, to: string): void {
  for (const hotkey of state.get(S.OwnedHotkeys, from)) {
    state.set(S.Owner, [hotkey], to)
    addToList(state, S.OwnedHotkeys, to, hotkey)
  }
  state.remove(S.OwnedHotkeys, from)
}
