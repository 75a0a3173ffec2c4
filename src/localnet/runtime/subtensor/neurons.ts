/** Uids of a subnet: appended while there is space, then taken over from the neuron with the lowest score. */
import type { RuntimeContext, StorageItem } from '../pallet.js'
import type { State } from '../state.js'
import { returnAllStake } from './staking.js'
import { S } from './storage.js'

/** Whether the hotkey has a uid on any subnet, dissolved ones included. */
export function isRegisteredAnywhere(state: State, hotkey: string): boolean {
  return state.entries(S.IsNetworkMember, hotkey).some(([, member]) => member)
}

/** Gives a hotkey a uid, by pruning if the subnet is full. Returns the uid. */
export function placeNeuron(context: RuntimeContext, netuid: number, hotkey: string): number {
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
export function appendNeuron(
  context: Pick<RuntimeContext, 'state' | 'block'>,
  netuid: number,
  hotkey: string,
): void {
  appendNeurons(context, netuid, [hotkey])
}

/** {@link appendNeuron} for many, whose values are written once. */
export function appendNeurons(
  { state, block }: Pick<RuntimeContext, 'state' | 'block'>,
  netuid: number,
  hotkeys: readonly string[],
): void {
  const first = state.get(S.SubnetworkN, netuid)
  state.set(S.SubnetworkN, [netuid], first + hotkeys.length)
  const push = <V>(item: StorageItem<[number], V[]>, value: V) =>
    state.set(item, [netuid], [...state.get(item, netuid), ...hotkeys.map(() => value)])
  for (const item of [S.Rank, S.Trust, S.Consensus, S.Incentive, S.Dividends]) push(item, 0)
  for (const item of [S.PruningScores, S.ValidatorTrust]) push(item, 0)
  push(S.Active, true)
  push(S.Emission, 0n)
  push(S.LastUpdate, BigInt(block))
  push(S.ValidatorPermit, false)
  for (const [i, hotkey] of hotkeys.entries()) seat(state, netuid, first + i, hotkey, block)
}

function seat(state: State, netuid: number, uid: number, hotkey: string, block: number): void {
  state.set(S.Keys, [netuid, uid], hotkey)
  state.set(S.Uids, [netuid, hotkey], uid)
  state.set(S.BlockAtRegistration, [netuid, uid], BigInt(block))
  state.set(S.IsNetworkMember, [hotkey, netuid], true)
}

/** Hands a uid to another hotkey; one that is left without any uid gets its stake back. */
export function replaceNeuron(
  context: RuntimeContext,
  netuid: number,
  uid: number,
  hotkey: string,
): void {
  const { state } = context
  const old = state.get(S.Keys, netuid, uid)
  state.remove(S.Uids, netuid, old)
  state.remove(S.IsNetworkMember, old, netuid)
  state.remove(S.Keys, netuid, uid)
  if (!isRegisteredAnywhere(state, old)) returnAllStake(context, old)
  state.set(S.Active, [netuid], state.get(S.Active, netuid).with(uid, true))
  seat(state, netuid, uid, hotkey, context.block)
}

const NEVER = 65_535

/**
 * The uid to give up: the lowest score out of immunity, the highest uid among equals; if there is none below the
 * maximum, the lowest score among the immune, the lowest uid among equals. Its score is set to the maximum, so that it
 * is not chosen twice before the next epoch.
 */
function choosePruned({ state, block }: RuntimeContext, netuid: number): number {
  const scores = state.get(S.PruningScores, netuid)
  const immunity = BigInt(state.get(S.ImmunityPeriod, netuid))
  const isImmune = (uid: number) =>
    BigInt(block) - state.get(S.BlockAtRegistration, netuid, uid) < immunity
  let [open, openScore] = [0, NEVER]
  let [immune, immuneScore] = [0, NEVER]
  for (let uid = 0; uid < state.get(S.SubnetworkN, netuid); uid++) {
    const score = scores[uid] ?? NEVER
    if (score > openScore) continue
    if (!isImmune(uid)) [open, openScore] = [uid, score]
    else if (score < immuneScore) [immune, immuneScore] = [uid, score]
  }
  const chosen = openScore === NEVER ? immune : open
  state.set(S.PruningScores, [netuid], scores.with(chosen, NEVER))
  return chosen
}
