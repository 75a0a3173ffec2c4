/** Hotkeys and who owns them. */
import type { State } from '../../state.js'
import { S } from './storage.js'

/** Whether a coldkey has claimed the hotkey. */
export const hotkeyExists = (state: State, hotkey: string): boolean => state.has(S.Owner, hotkey)

export function ownsHotkey(state: State, coldkey: string, hotkey: string): boolean {
  return hotkeyExists(state, hotkey) && state.get(S.Owner, hotkey) === coldkey
}

type AccountList = typeof S.OwnedHotkeys

/** Adds an account to a list unless it is there already. */
export function addToList(state: State, item: AccountList, key: string, account: string): void {
  const list = state.get(item, key)
  if (!list.includes(account)) state.set(item, [key], [...list, account])
}

/** Gives a new hotkey to the coldkey; an existing one keeps its owner. */
export function createHotkey(state: State, coldkey: string, hotkey: string): void {
  if (hotkeyExists(state, hotkey)) return
  state.set(S.Owner, [hotkey], coldkey)
  addToList(state, S.OwnedHotkeys, coldkey, hotkey)
  addToList(state, S.StakingHotkeys, coldkey, hotkey)
}

/** Lists a hotkey that others stake to, with the take it has by default. */
export function becomeDelegate(state: State, hotkey: string): void {
  if (!state.has(S.Delegates, hotkey)) {
    state.set(S.Delegates, [hotkey], state.get(S.Delegates, hotkey))
  }
}

/** Netuids of all subnets, root included, in the order of the map. */
export const allNetuids = (state: State): number[] =>
  state.entries(S.NetworksAdded).map(([[netuid]]) => netuid)
