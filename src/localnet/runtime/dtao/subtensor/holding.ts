/** Small things that owners of keys, alpha and subnets do. */
import type { RuntimeContext } from '../../pallet.js'
import { signedBy } from '../../pallets/system.js'
import { minBig } from '../fixed.js'
import { ensure } from './errors.js'
import { createHotkey, hotkeyExists } from './keys.js'
import { ensureOwnerOrRoot } from './networks.js'
import { ROOT, recycleAlpha } from './pool.js'
import { decreaseStake, stakeOf } from './shares.js'
import { S } from './storage.js'
import { ensureSymbolFree } from './symbols.js'

type BurnArgs = { hotkey: string; amount: bigint; netuid: number }

/** Takes alpha from the signer's stake; returns how much was asked for at most, and how much went. */
function giveUp(context: RuntimeContext, { hotkey, amount, netuid }: BurnArgs, event: string) {
  const { state } = context
  const coldkey = signedBy(context.origin)
  ensure(state.get(S.NetworksAdded, netuid), 'SubnetNotExists')
  ensure(netuid !== ROOT, 'CannotBurnOrRecycleOnRootSubnet')
  ensure(state.get(S.SubtokenEnabled, netuid), 'SubtokenDisabled')
  ensure(hotkeyExists(state, hotkey), 'HotKeyAccountNotExists')
  const most = minBig(amount, stakeOf(state, hotkey, coldkey, netuid))
  ensure(state.get(S.SubnetAlphaOut, netuid) >= most, 'InsufficientLiquidity')
  const taken = decreaseStake(state, hotkey, coldkey, netuid, most)
  context.emit('SubtensorModule', event, [coldkey, hotkey, taken, netuid])
  return most
}

/** Takes alpha out of existence. */
export function recycleStake(context: RuntimeContext, args: BurnArgs): undefined {
  recycleAlpha(context.state, args.netuid, giveUp(context, args, 'AlphaRecycled'))
}

/** Takes alpha out of use; it stays counted. */
export function burnStake(context: RuntimeContext, args: BurnArgs): undefined {
  giveUp(context, args, 'AlphaBurned')
}

export function tryAssociateHotkey(
  context: RuntimeContext,
  { hotkey }: { hotkey: string },
): undefined {
  createHotkey(context.state, signedBy(context.origin), hotkey)
}

/** What the signer's hotkeys mine on a subnet is to be staked on this hotkey from now on. */
export function setAutoStake(
  context: RuntimeContext,
  { netuid, hotkey }: { netuid: number; hotkey: string },
): undefined {
  const { state } = context
  const coldkey = signedBy(context.origin)
  ensure(state.get(S.NetworksAdded, netuid), 'SubnetNotExists')
  ensure(state.has(S.Uids, netuid, hotkey), 'HotKeyNotRegisteredInSubNet')
  const current = state.get(S.AutoStakeDestination, coldkey, netuid)
  ensure(current !== hotkey, 'SameAutoStakeHotkeyAlreadySet')
  const item = S.AutoStakeDestinationColdkeys
  if (current !== undefined) {
    const others = state.get(item, current, netuid).filter((one) => one !== coldkey)
    state.set(item, [current, netuid], others)
  }
  state.set(S.AutoStakeDestination, [coldkey, netuid], hotkey)
  const list = state.get(item, hotkey, netuid)
  if (!list.includes(coldkey)) state.set(item, [hotkey, netuid], [...list, coldkey])
  context.emit('SubtensorModule', 'AutoStakeDestinationSet', { coldkey, netuid, hotkey })
}

export function updateSymbol(
  context: RuntimeContext,
  { netuid, symbol }: { netuid: number; symbol: Uint8Array },
): undefined {
  ensureOwnerOrRoot(context, netuid)
  ensureSymbolFree(context.state, symbol)
  context.state.set(S.TokenSymbol, [netuid], symbol)
  context.emit('SubtensorModule', 'SymbolUpdated', { netuid, symbol })
}
