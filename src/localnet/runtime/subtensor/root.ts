/** The root network: seats for the richest, in root and in the senate, and the senate's votes. */
import type { PostInfo, RuntimeContext } from '../pallet.js'
import { castVote, removeVotes } from '../pallets/collective.js'
import { SENATE_SEATS, senate } from '../pallets/seats.js'
import { signedBy } from '../pallets/system.js'
import type { State } from '../state.js'
import { ensure } from './declarations.js'
import { U64_MAX } from './fixed.js'
import { appendNeuron, isRegisteredAnywhere, replaceNeuron } from './neurons.js'
import { countRegistration, ensureSpace, ROOT } from './registration.js'
import { createHotkey, isDelegate, ownsHotkey } from './staking.js'
import { S } from './storage.js'

/** The take of a hotkey that becomes a delegate by joining root: a constant, not DefaultTake. */
const ROOT_TAKE = 11_796

const stakeOf = (state: State, hotkey: string) => state.get(S.TotalHotkeyStake, hotkey)

export function rootRegister(context: RuntimeContext, { hotkey }: { hotkey: string }): undefined {
  const { state } = context
  ensure(state.get(S.NetworksAdded, ROOT), 'NetworkDoesNotExist')
  const coldkey = signedBy(context.origin)
  ensureSpace(state, ROOT, hotkey)
  const uid = joinRoot(context, coldkey, hotkey)
  countRegistration(state, ROOT)
  context.emit('SubtensorModule', 'NeuronRegistered', [ROOT, uid, hotkey])
}

/** Seats a hotkey in root and, if there is room or it is rich enough, in the senate. Returns its uid on root. */
export function joinRoot(context: RuntimeContext, coldkey: string, hotkey: string): number {
  const { state } = context
  createHotkey(state, coldkey, hotkey)
  const uid = takeRootSeat(context, hotkey)
  takeSenateSeat(context, hotkey)
  if (!isDelegate(state, hotkey)) state.set(S.Delegates, [hotkey], ROOT_TAKE)
  return uid
}

/** A free seat, or that of the poorest member if it is poorer. */
function takeRootSeat(context: RuntimeContext, hotkey: string): number {
  const { state } = context
  const n = state.get(S.SubnetworkN, ROOT)
  if (n < state.get(S.MaxAllowedUids, ROOT)) {
    appendNeuron(context, ROOT, hotkey)
    return n
  }
  let [lowest, lowestStake] = [0, U64_MAX]
  for (const [[, uid], member] of state.entries(S.Keys, ROOT)) {
    const stake = stakeOf(state, member)
    if (stake < lowestStake) [lowest, lowestStake] = [uid, stake]
  }
  ensure(lowestStake < stakeOf(state, hotkey), 'StakeTooLowForRoot')
  replaceNeuron(context, ROOT, lowest, hotkey)
  return lowest
}

/** A free seat, or that of the poorest senator if poorer; among equals the one with the highest account bytes goes. */
function takeSenateSeat(context: RuntimeContext, hotkey: string): void {
  const { state } = context
  const members = senate.members(context)
  if (members.length < SENATE_SEATS) {
    senate.add(context, hotkey)
    return
  }
  const poorest = poorestOf(state, members)
  if (poorest === undefined || stakeOf(state, poorest) >= stakeOf(state, hotkey)) return
  removeVotes(state, [poorest])
  senate.swap(context, poorest, hotkey)
}

function poorestOf(state: State, members: readonly string[]): string | undefined {
  return members.reduce<string | undefined>(
    (found, one) =>
      found === undefined || stakeOf(state, one) <= stakeOf(state, found) ? one : found,
    undefined,
  )
}

type VoteArgs = { hotkey: string; proposal: string; index: number; approve: boolean }

/** A senator's vote, by its coldkey; free the first time on each proposal. */
export function vote(context: RuntimeContext, args: VoteArgs): PostInfo {
  const coldkey = signedBy(context.origin)
  ensure(ownsHotkey(context.state, coldkey, args.hotkey), 'NonAssociatedColdKey')
  ensure(senate.members(context).includes(args.hotkey), 'NotSenateMember')
  const first = castVote(context, args.hotkey, args.proposal, args.index, args.approve)
  return { pays: !first }
}

/** Spec 127: a seat for a delegate with enough of all stake. */
export function joinSenate(context: RuntimeContext, { hotkey }: { hotkey: string }): undefined {
  const { state } = context
  const coldkey = signedBy(context.origin)
  ensure(ownsHotkey(state, coldkey, hotkey), 'NonAssociatedColdKey')
  ensure(isRegisteredAnywhere(state, hotkey), 'NotRegistered')
  const members = senate.members(context)
  ensure(!members.includes(hotkey), 'AlreadySenateMember')
  ensure(isDelegate(state, hotkey), 'NotDelegate')
  const [stake, all] = [stakeOf(state, hotkey), state.get(S.TotalStake)]
  const required = state.get(S.SenateRequiredStakePercentage)
  const enough = all > 0n && stake > 0n && (stake * 100n) / all >= required
  ensure(enough, 'BelowStakeThreshold')
  const poorest = members.length < SENATE_SEATS ? undefined : poorestOf(state, members)
  if (poorest === undefined) {
    senate.add(context, hotkey)
    return
  }
  ensure(stakeOf(state, poorest) < stake, 'BelowStakeThreshold')
  removeVotes(state, [poorest])
  senate.swap(context, poorest, hotkey)
}

/** Spec 127: gives the seat up, and with it the votes on open proposals. */
export function leaveSenate(context: RuntimeContext, { hotkey }: { hotkey: string }): undefined {
  const coldkey = signedBy(context.origin)
  ensure(ownsHotkey(context.state, coldkey, hotkey), 'NonAssociatedColdKey')
  ensure(senate.members(context).includes(hotkey), 'NotSenateMember')
  removeVotes(context.state, [hotkey])
  senate.remove(context, hotkey)
}
