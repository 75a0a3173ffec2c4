/** Weights that are committed first and revealed epochs later, so that nobody can copy them. */
import type { RuntimeContext } from '../../pallet.js'
import { blake256, signedBy } from '../../pallets/system.js'
import { AccountId, tuple, u16, u64, vec } from '../../scale.js'
import type { State } from '../../state.js'
import { ensure, fail } from './errors.js'
import { ensureMechanism, indexesOf, indexOf } from './mechanisms.js'
import { setLastUpdate } from './neurons.js'
import { epochIsDue, epochOf, lateness, revealBlocks } from './schedule.js'
import { S } from './storage.js'
import { mayUpdate, runBatch, storeWeights } from './weights.js'

/** Open commits of a neuron at most. */
const MAX_COMMITS = 10

type CommitArgs = { netuid: number; mecid?: number; commit_hash: string }

/** The signer's place on a subnet that hides weights, or why it may not commit now. */
function committer(context: RuntimeContext, netuid: number, mecid: number) {
  const { state } = context
  ensureMechanism(state, netuid, mecid)
  const hotkey = signedBy(context.origin)
  ensure(state.get(S.CommitRevealWeightsEnabled, netuid), 'CommitRevealDisabled')
  const index = indexOf(netuid, mecid)
  return { hotkey, index }
}

function ensureRate(
  context: RuntimeContext,
  netuid: number,
  index: number,
  hotkey: string,
): number {
  const uid = context.state.get(S.Uids, netuid, hotkey) ?? fail('HotKeyNotRegisteredInSubNet')
  ensure(mayUpdate(context, netuid, index, uid), 'CommittingWeightsTooFast')
  return uid
}

export function commitWeights(
  context: RuntimeContext,
  { netuid, mecid = 0, commit_hash }: CommitArgs,
): undefined {
  const { state } = context
  const { hotkey, index } = committer(context, netuid, mecid)
  const uid = ensureRate(context, netuid, index, hotkey)
  const block = BigInt(context.block)
  const open = unexpired(state, netuid, index, hotkey, block)
  ensure(open.length < MAX_COMMITS, 'TooManyUnrevealedCommits')
  const [first, last] = revealBlocks(state, netuid, block)
  state.set(S.WeightCommits, [index, hotkey], [...open, [commit_hash, block, first, last]])
  context.emit('SubtensorModule', 'WeightsCommitted', [hotkey, index, commit_hash])
  setLastUpdate(state, index, uid, block)
}

type Commit = [hash: string, block: bigint, first: bigint, last: bigint]

/** Commits of a hotkey without those whose time is over, which stand in front. */
function unexpired(
  state: State,
  netuid: number,
  index: number,
  hotkey: string,
  block: bigint,
): Commit[] {
  const commits = state.get(S.WeightCommits, index, hotkey) ?? []
  const from = commits.findIndex(([, at]) => lateness(state, netuid, at, block) <= 0n)
  return from < 0 ? [] : commits.slice(from)
}

export function batchCommitWeights(
  context: RuntimeContext,
  { netuids, commit_hashes }: { netuids: number[]; commit_hashes: string[] },
): undefined {
  signedBy(context.origin)
  ensure(netuids.length === commit_hashes.length, 'InputLengthsUnequal')
  runBatch(context, netuids, (netuid, i) => {
    commitWeights(context, { netuid, commit_hash: commit_hashes[i] ?? '' })
  })
}

export type Reveal = {
  readonly uids: readonly number[]
  readonly values: readonly number[]
  readonly salt: readonly number[]
  readonly version_key: bigint
}

const revealed = tuple(AccountId, u16, vec(u16), vec(u16), vec(u16), u64)

/** What is committed: blake2b-256 of hotkey, index, uids, values, salt and version key. */
export const commitHash = (
  hotkey: string,
  index: number,
  { uids, values, salt, version_key }: Reveal,
): string =>
  blake256(revealed.codec.enc([hotkey, index, [...uids], [...values], [...salt], version_key]))

type RevealArgs = {
  netuid: number
  mecid?: number
  uids: number[]
  values: number[]
  salt: number[]
  version_key: bigint
}

export function revealWeights(context: RuntimeContext, args: RevealArgs): undefined {
  const { state } = context
  const { netuid, mecid = 0 } = args
  const index = indexOf(netuid, mecid)
  const hotkey = signedBy(context.origin)
  ensure(state.get(S.CommitRevealWeightsEnabled, netuid), 'CommitRevealDisabled')
  const hash = commitHash(hotkey, index, args)
  const open = openCommits(context, netuid, index, hotkey, hash)
  const at = open.findIndex(([one]) => one === hash)
  setOpen(state, index, hotkey, open.slice(at + 1))
  storeRevealed(context, hotkey, netuid, mecid, args)
  context.emit('SubtensorModule', 'WeightsRevealed', [hotkey, index, hash])
}

const storeRevealed = (
  context: RuntimeContext,
  hotkey: string,
  netuid: number,
  mecid: number,
  { uids, values, version_key }: Reveal,
): void =>
  storeWeights(context, hotkey, {
    netuid,
    mecid,
    dests: [...uids],
    weights: [...values],
    version_key,
  })

function setOpen(state: State, index: number, hotkey: string, commits: Commit[]): void {
  if (commits.length === 0) state.remove(S.WeightCommits, index, hotkey)
  else state.set(S.WeightCommits, [index, hotkey], commits)
}

/** When a hash was committed by anybody anywhere. */
export function commitBlock(state: State, hash: string): bigint | undefined {
  for (const [, commits] of state.entries(S.WeightCommits)) {
    const commit = commits?.find(([one]) => one === hash)
    if (commit) return commit[1]
  }
  return undefined
}

/** The open commits of a hotkey, of which one with the hash may be revealed now. */
function openCommits(
  { state, block }: RuntimeContext,
  netuid: number,
  index: number,
  hotkey: string,
  hash: string,
): Commit[] {
  const now = BigInt(block)
  const all = state.get(S.WeightCommits, index, hotkey) ?? fail('NoWeightsCommitFound')
  const open = unexpired(state, netuid, index, hotkey, now)
  const expired = all.slice(0, all.length - open.length).some(([one]) => one === hash)
  const commit = open.find(([one]) => one === hash)
  ensure(commit !== undefined || !expired, 'ExpiredWeightCommit')
  ensure(open.length > 0, 'NoWeightsCommitFound')
  const [, committed] = commit ?? fail('InvalidRevealCommitHashNotMatch')
  ensure(lateness(state, netuid, committed, now) === 0n, 'RevealTooEarly')
  return open
}

export type BatchReveal = {
  netuid: number
  uids_list: number[][]
  values_list: number[][]
  salts_list: number[][]
  version_keys: bigint[]
}

export function batchRevealWeights(context: RuntimeContext, args: BatchReveal): undefined {
  const { state } = context
  const { netuid, uids_list, values_list, salts_list, version_keys } = args
  const count = uids_list.length
  const equal = [values_list, salts_list, version_keys].every((list) => list.length === count)
  ensure(equal, 'InputLengthsUnequal')
  const hotkey = signedBy(context.origin)
  ensure(state.get(S.CommitRevealWeightsEnabled, netuid), 'CommitRevealDisabled')
  const reveals = uids_list.map((uids, i): Reveal & { hash: string } => {
    const reveal = {
      uids,
      values: values_list[i] ?? [],
      salt: salts_list[i] ?? [],
      version_key: version_keys[i] ?? 0n,
    }
    return { ...reveal, hash: commitHash(hotkey, netuid, reveal) }
  })
  for (const { hash } of reveals) openCommits(context, netuid, netuid, hotkey, hash)
  for (const { hash, ...reveal } of reveals) {
    const left = unexpired(state, netuid, netuid, hotkey, BigInt(context.block))
    setOpen(
      state,
      netuid,
      hotkey,
      left.filter(([one]) => one !== hash),
    )
    storeRevealed(context, hotkey, netuid, 0, reveal)
  }
  const hashes = reveals.map(({ hash }) => hash)
  context.emit('SubtensorModule', 'WeightsBatchRevealed', [hotkey, netuid, hashes])
}

type TimelockedArgs = {
  netuid: number
  mecid?: number
  commit: Uint8Array
  reveal_round: bigint
  commit_reveal_version?: number
}

/** Version of the scheme where the call does not say. */
const FIRST_TIMELOCKED = 4

/** Keeps weights that are encrypted to a round of the drand beacon. */
export function commitTimelocked(context: RuntimeContext, args: TimelockedArgs): undefined {
  const { state } = context
  const { netuid, mecid = 0, commit, reveal_round } = args
  const { hotkey, index } = committer(context, netuid, mecid)
  const version = state.get(S.CommitRevealWeightsVersion)
  const { commit_reveal_version = FIRST_TIMELOCKED } = args
  ensure(commit_reveal_version === version, 'IncorrectCommitRevealVersion')
  const uid = ensureRate(context, netuid, index, hotkey)
  const block = BigInt(context.block)
  const current = epochOf(state, netuid, block)
  const epoch = epochIsDue(state, netuid, block) ? current + 1n : current
  const commits = state.get(S.TimelockedWeightCommits, index, epoch)
  const own = commits.filter(([who]) => who === hotkey)
  ensure(own.length < MAX_COMMITS, 'TooManyUnrevealedCommits')
  const next: (typeof commits)[number] = [hotkey, block, commit, reveal_round]
  state.set(S.TimelockedWeightCommits, [index, epoch], [...commits, next])
  const hash = blake256(commit)
  context.emit('SubtensorModule', 'TimelockedWeightsCommitted', [hotkey, index, hash, reveal_round])
  setLastUpdate(state, index, uid, block)
}

/** Drops timelocked commits whose epoch to be revealed in is over. */
export function dropExpiredTimelocked(context: RuntimeContext, netuid: number): void {
  const { state } = context
  const current = epochOf(state, netuid, BigInt(context.block))
  const oldest = current - state.get(S.RevealPeriodEpochs, netuid)
  for (const index of indexesOf(state, netuid)) {
    for (const [keys] of state.entries(S.TimelockedWeightCommits, index)) {
      if (keys[1] < oldest) state.remove(S.TimelockedWeightCommits, ...keys)
    }
  }
}

/**
 * Since when each neuron has weights that it has yet to reveal, by uid: what it said before is not about neurons that
 * came later. Undefined where weights are set openly.
 */
export function pendingSince(
  { state, block }: Pick<RuntimeContext, 'state' | 'block'>,
  netuid: number,
  index: number,
): (bigint | undefined)[] | undefined {
  if (!state.get(S.CommitRevealWeightsEnabled, netuid)) return undefined
  const since: (bigint | undefined)[] = []
  const note = (hotkey: string, at: bigint) => {
    if (lateness(state, netuid, at, BigInt(block)) > 0n) return
    const uid = state.get(S.Uids, netuid, hotkey)
    if (uid === undefined) return
    const before = since[uid]
    since[uid] = before === undefined || at < before ? at : before
  }
  for (const [[, hotkey], commits] of state.entries(S.WeightCommits, index)) {
    for (const [, at] of commits ?? []) note(hotkey, at)
  }
  for (const [, commits] of state.entries(S.TimelockedWeightCommits, index)) {
    for (const [hotkey, at] of commits) note(hotkey, at)
  }
  return since
}
