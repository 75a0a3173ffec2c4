/** Moving a hotkey's place, stake and delegation to a new key. */
import type { RuntimeContext, StorageItem } from '../pallet.js'
import { signedBy } from '../pallets/system.js'
import type { State } from '../state.js'
import { ensure } from './declarations.js'
import { isRegisteredAnywhere } from './neurons.js'
import { burn, canPay, ensureTxRate, noteTx, ownsHotkey, withdraw } from './staking.js'
import { S } from './storage.js'

/** One TAO, burned. */
const SWAP_COST = 1_000_000_000n

export function swapHotkey(
  context: RuntimeContext,
  { hotkey: old, new_hotkey }: { hotkey: string; new_hotkey: string },
): undefined {
  const { state } = context
  const coldkey = signedBy(context.origin)
  ensure(ownsHotkey(state, coldkey, old), 'NonAssociatedColdKey')
  ensureTxRate(context, coldkey)
  ensure(old !== new_hotkey && !isRegisteredAnywhere(state, new_hotkey), 'AlreadyRegistered')
  ensure(canPay(state, coldkey, SWAP_COST), 'NotEnoughBalance')
  withdraw(context, coldkey, SWAP_COST)
  burn(state, SWAP_COST)
  state.remove(S.Owner, old)
  state.set(S.Owner, [new_hotkey], coldkey)
  moveEntry(state, S.TotalHotkeyStake, old, new_hotkey)
  moveEntry(state, S.Delegates, old, new_hotkey)
  moveEntry(state, S.LastTxBlock, old, new_hotkey)
  moveStakes(state, old, new_hotkey)
  moveNeurons(state, old, new_hotkey)
  noteTx(context, coldkey)
  context.emit('SubtensorModule', 'HotkeySwapped', { coldkey, old_hotkey: old, new_hotkey })
}

function moveEntry<V>(
  state: State,
  item: StorageItem<[string], V>,
  from: string,
  to: string,
): void {
  if (!state.has(item, from)) return
  const value = state.get(item, from)
  state.remove(item, from)
  state.set(item, [to], value)
}

function moveStakes(state: State, from: string, to: string): void {
  const entries = state.entries(S.Stake, from)
  for (const [keys] of entries) state.remove(S.Stake, ...keys)
  for (const [[, coldkey], amount] of entries) state.set(S.Stake, [to, coldkey], amount)
}

function moveNeurons(state: State, from: string, to: string): void {
  const netuids = state.entries(S.IsNetworkMember, from).map(([[, netuid]]) => netuid)
  for (const netuid of netuids) {
    state.remove(S.IsNetworkMember, from, netuid)
    state.set(S.IsNetworkMember, [to, netuid], true)
    const axon = state.get(S.Axons, netuid, from)
    if (axon) {
      state.remove(S.Axons, netuid, from)
      state.set(S.Axons, [netuid, to], axon)
    }
    const uid = state.get(S.Uids, netuid, from)
    if (uid !== undefined) moveUid(state, netuid, uid, from, to)
  }
}

function moveUid(state: State, netuid: number, uid: number, from: string, to: string): void {
  state.remove(S.Uids, netuid, from)
  state.set(S.Uids, [netuid, to], uid)
  state.set(S.Keys, [netuid, uid], to)
  const loaded = state.get(S.LoadedEmission, netuid)
  const entry = loaded?.[uid]
  if (!loaded || !entry) return
  const [, server, validator] = entry
  state.set(S.LoadedEmission, [netuid], loaded.with(uid, [to, server, validator]))
}
