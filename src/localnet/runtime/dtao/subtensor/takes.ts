/** What delegates and child keys keep of the dividends of others. */
import type { RuntimeContext } from '../../pallet.js'
import { ensureRoot, signedBy } from '../../pallets/system.js'
import type { State } from '../../state.js'
import { ensure } from './errors.js'
import { hotkeyExists, ownsHotkey } from './keys.js'
import { clocks, isTooSoon, lastBlockOf, noteUse, passesLimit, startClock } from './limits.js'
import { S } from './storage.js'

type TakeArgs = { hotkey: string; take: number }

function signedByOwner({ state, origin }: RuntimeContext, hotkey: string): string {
  const coldkey = signedBy(origin)
  ensure(hotkeyExists(state, hotkey), 'HotKeyAccountNotExists')
  ensure(ownsHotkey(state, coldkey, hotkey), 'NonAssociatedColdKey')
  return coldkey
}

const currentTake = (state: State, hotkey: string): number | undefined =>
  state.has(S.Delegates, hotkey) ? state.get(S.Delegates, hotkey) : undefined

export function increaseTake(context: RuntimeContext, { hotkey, take }: TakeArgs): undefined {
  const { state } = context
  const coldkey = signedByOwner(context, hotkey)
  ensure(take > (currentTake(state, hotkey) ?? -1), 'DelegateTakeTooLow')
  ensure(take <= state.get(S.MaxDelegateTake), 'DelegateTakeTooHigh')
  const clock = clocks.delegateTake(hotkey)
  const limit = state.get(S.TxDelegateTakeRateLimit)
  const early = isTooSoon(context, lastBlockOf(state, clock), limit)
  ensure(!early, 'DelegateTxRateLimitExceeded')
  startClock(context, clock)
  state.set(S.Delegates, [hotkey], take)
  context.emit('SubtensorModule', 'TakeIncreased', [coldkey, hotkey, take])
}

export function decreaseTake(context: RuntimeContext, { hotkey, take }: TakeArgs): undefined {
  const { state } = context
  const coldkey = signedByOwner(context, hotkey)
  ensure(take < (currentTake(state, hotkey) ?? Number.MAX_SAFE_INTEGER), 'DelegateTakeTooLow')
  ensure(take >= state.get(S.MinDelegateTake), 'DelegateTakeTooLow')
  state.set(S.Delegates, [hotkey], take)
  startClock(context, clocks.delegateTake(hotkey))
  context.emit('SubtensorModule', 'TakeDecreased', [coldkey, hotkey, take])
}

export function setChildkeyTake(
  context: RuntimeContext,
  { hotkey, netuid, take }: TakeArgs & { netuid: number },
): undefined {
  const { state } = context
  const coldkey = signedBy(context.origin)
  ensure(ownsHotkey(state, coldkey, hotkey), 'NonAssociatedColdKey')
  ensure(take <= state.get(S.MaxChildkeyTake), 'InvalidChildkeyTake')
  if (take > state.get(S.ChildkeyTake, hotkey, netuid)) {
    const passes = passesLimit(context, 'SetChildkeyTake', hotkey, netuid)
    ensure(passes, 'TxChildkeyTakeRateLimitExceeded')
  }
  noteUse(context, 'SetChildkeyTake', hotkey, netuid)
  state.set(S.ChildkeyTake, [hotkey, netuid], take)
  context.emit('SubtensorModule', 'ChildKeyTakeSet', [hotkey, take])
}

type Limit = { item: typeof S.MinChildkeyTake; event: string }

/** A call of root that sets a bound of the child key take. */
export const boundSetter =
  ({ item, event }: Limit) =>
  (context: RuntimeContext, { take }: { take: number }): undefined => {
    ensureRoot(context.origin)
    context.state.set(item, [], take)
    context.emit('SubtensorModule', event, take)
  }

export function setTxChildkeyTakeRateLimit(
  context: RuntimeContext,
  { tx_rate_limit }: { tx_rate_limit: bigint },
): undefined {
  ensureRoot(context.origin)
  context.state.set(S.TxChildkeyTakeRateLimit, [], tx_rate_limit)
  context.emit('SubtensorModule', 'TxChildKeyTakeRateLimitSet', tx_rate_limit)
}
