/** Uids of a subnet: appended while there is space, then taken over from the neuron with the lowest score. */
import type { RuntimeContext, StorageItem } from '../../pallet.js'
import type { State } from '../../state.js'
import { indexesOf } from './mechanisms.js'
import { S } from './storage.js'

type Context = Pick<RuntimeContext, 'state' | 'block'>

/** Whether the hotkey has a uid on any subnet. */
export const isRegisteredAnywhere = (state: State, hotkey: string): boolean =>
  state.entries(S.IsNetworkMember, hotkey).some(([, member]) => member)

/** Gives a hotkey a uid, by pruning if the subnet is full. Returns the uid. */
export function placeNeuron(context: Context, netuid: number, hotkey: string): number {
  const { state } = context
  const n = state.get(S.SubnetworkN, netuid)
  if (n < state.get(S.MaxAllowedUids, netuid)) {
    appendNeuron(context, netuid, hotkey)
    return n
  }
  const uid = choosePruned(context, netuid)
  replaceNeuron(context, netuid, uid, hotkey)
  return uid
}

/** Adds a neuron behind the last uid, all its values at their start. */
export const appendNeuron = (context: Context, netuid: number, hotkey: string): void =>
  appendNeurons(context, netuid, [hotkey])

/** Adds neurons behind the last uid: for thousands of them it is quicker at once. */
export function appendNeurons(
  { state, block }: Context,
  netuid: number,
  hotkeys: readonly string[],
): void {
  const first = state.get(S.SubnetworkN, netuid)
  state.set(S.SubnetworkN, [netuid], first + hotkeys.length)
  const push = <V>(item: StorageItem<[number], V[]>, index: number, value: V) =>
    state.set(item, [index], [...state.get(item, index), ...hotkeys.map(() => value)])
  for (const item of [S.Rank, S.Trust, S.Consensus, S.Dividends]) push(item, netuid, 0)
  for (const item of [S.PruningScores, S.ValidatorTrust]) push(item, netuid, 0)
  push(S.Active, netuid, true)
  push(S.Emission, netuid, 0n)
  push(S.ValidatorPermit, netuid, false)
  for (const index of indexesOf(state, netuid)) {
    push(S.Incentive, index, 0)
    const updates = state.get(S.LastUpdate, index)
    const before = Array.from({ length: first }, (_, uid) => updates[uid] ?? 0n)
    state.set(S.LastUpdate, [index], [...before, ...hotkeys.map(() => BigInt(block))])
  }
  for (const [i, hotkey] of hotkeys.entries()) seat(state, netuid, first + i, hotkey, block)
}

/** Notes when a neuron has last set weights; a shorter list is filled up with zeros. */
export function setLastUpdate(state: State, index: number, uid: number, block: bigint): void {
  const list = [...state.get(S.LastUpdate, index)]
  while (list.length <= uid) list.push(0n)
  list[uid] = block
  state.set(S.LastUpdate, [index], list)
}

function seat(state: State, netuid: number, uid: number, hotkey: string, block: number): void {
  state.set(S.Keys, [netuid, uid], hotkey)
  state.set(S.Uids, [netuid, hotkey], uid)
  state.set(S.BlockAtRegistration, [netuid, uid], BigInt(block))
  state.set(S.IsNetworkMember, [hotkey, netuid], true)
}

/** Hands a uid to another hotkey; the subnet owner's hotkey keeps its own. */
export function replaceNeuron(
  { state, block }: Context,
  netuid: number,
  uid: number,
  hotkey: string,
): void {
  const old = state.get(S.Keys, netuid, uid)
  const owner = state.has(S.SubnetOwnerHotkey, netuid) && state.get(S.SubnetOwnerHotkey, netuid)
  if (owner === old) return
  state.remove(S.Uids, netuid, old)
  state.remove(S.AssociatedEvmAddress, netuid, uid)
  state.remove(S.IsNetworkMember, old, netuid)
  state.remove(S.Keys, netuid, uid)
  setAt(state, S.Active, netuid, uid, true)
  seat(state, netuid, uid, hotkey, block)
  state.remove(S.NeuronCertificates, netuid, old)
  clearNeuron(state, netuid, uid)
  state.remove(S.Axons, netuid, old)
}

function setAt<V>(
  state: State,
  item: StorageItem<[number], V[]>,
  index: number,
  uid: number,
  value: V,
): void {
  const list = state.get(item, index)
  if (uid < list.length) state.set(item, [index], list.with(uid, value))
}

/** Resets what a uid has earned, thought and been thought of. */
function clearNeuron(state: State, netuid: number, uid: number): void {
  setAt(state, S.Emission, netuid, uid, 0n)
  for (const item of [S.Trust, S.Consensus, S.Dividends, S.StakeWeight]) {
    setAt(state, item, netuid, uid, 0)
  }
  for (const index of indexesOf(state, netuid)) {
    setAt(state, S.Incentive, index, uid, 0)
    state.remove(S.Bonds, index, uid)
    state.remove(S.Weights, index, uid)
    for (const [keys, row] of state.entries(S.Weights, index)) {
      if (!row.some(([dest, weight]) => dest === uid && weight !== 0)) continue
      const cleared = row.map(([dest, weight]): [number, number] => [
        dest,
        dest === uid ? 0 : weight,
      ])
      state.set(S.Weights, keys, cleared)
    }
  }
}

const NEVER = 65_535

/** Whether a neuron is too young to be pruned. */
export const isImmune = ({ state, block }: Context, netuid: number, uid: number): boolean =>
  BigInt(block) - state.get(S.BlockAtRegistration, netuid, uid) <
  BigInt(state.get(S.ImmunityPeriod, netuid))

/** Uids of the owner's hotkeys that cannot be pruned: the oldest, and the one named as the owner's. */
export function immuneOwnerUids(state: State, netuid: number): number[] {
  const limit = state.get(S.ImmuneOwnerUidsLimit, netuid)
  const uids = ownerUids(state, netuid).sort(byAge(state, netuid)).slice(0, limit)
  const named = state.has(S.SubnetOwnerHotkey, netuid)
    ? state.get(S.Uids, netuid, state.get(S.SubnetOwnerHotkey, netuid))
    : undefined
  if (named === undefined || uids.includes(named)) return uids
  return [named, ...uids].slice(0, Math.max(limit, 0))
}

/** Uids of all hotkeys of the subnet's owner. */
export function ownerUids(state: State, netuid: number): number[] {
  const owned = state.get(S.OwnedHotkeys, state.get(S.SubnetOwner, netuid))
  return owned.flatMap((hotkey) => state.get(S.Uids, netuid, hotkey) ?? [])
}

/** The earlier registered first, then the lower uid. */
const byAge = (state: State, netuid: number) => (a: number, b: number) => {
  const since = (uid: number) => state.get(S.BlockAtRegistration, netuid, uid)
  return Number(since(a) - since(b)) || a - b
}

/**
 * The uid to give up: the lowest score out of immunity, else the lowest among the immune; the earlier registered among
 * equals. Its score is set to the maximum, so that it is not chosen twice before the next epoch.
 */
function choosePruned(context: Context, netuid: number): number {
  const { state } = context
  const n = state.get(S.SubnetworkN, netuid)
  if (n === 0) return 0
  const scores = state.get(S.PruningScores, netuid)
  const score = (uid: number) => scores[uid] ?? NEVER
  const safe = new Set(immuneOwnerUids(state, netuid))
  const older = byAge(state, netuid)
  const candidates = Array.from({ length: n }, (_, uid) => uid)
    .filter((uid) => !safe.has(uid))
    .sort((a, b) => score(a) - score(b) || older(a, b))
  const grown = candidates.find((uid) => !isImmune(context, netuid, uid))
  const chosen = grown ?? candidates.find((uid) => score(uid) < NEVER) ?? 0
  setAt(state, S.PruningScores, netuid, chosen, NEVER)
  return chosen
}
