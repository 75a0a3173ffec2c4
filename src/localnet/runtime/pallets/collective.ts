/** The triumvirate: proposals by its three members, voted on by the senate. */
import { checksOf, failWith } from '../failure.js'
import {
  addCosts,
  type Call,
  type Cost,
  call,
  cost,
  type EventDef,
  errorsInOrder,
  growing,
  identity,
  optionalMap,
  optionalValue,
  type Pallet,
  type PostInfo,
  type RuntimeContext,
  storageOf,
  value,
} from '../pallet.js'
import {
  AccountId,
  bool,
  compact,
  H256,
  option,
  type ScaleType,
  struct,
  u32,
  vec,
} from '../scale.js'
import type { State } from '../state.js'
import { boundedVec, CompactOldWeight, DispatchResult, Weight, type WeightValue } from '../types.js'
import type { MembershipObserver } from './membership.js'
import { blake256, ensureRoot, signedBy } from './system.js'

const NAME = 'Triumvirate'
/** Twelve hours of blocks: the shortest time a proposal stays open. */
export const MOTION_DURATION = 3600
const MAX_PROPOSALS = 10

const Votes = struct(
  { index: u32, threshold: u32, ayes: vec(AccountId), nays: vec(AccountId), end: u32 },
  {
    path: ['pallet_collective', 'Votes'],
    params: [
      { name: 'AccountId', type: AccountId },
      { name: 'BlockNumber', type: u32 },
    ],
  },
)
export type VotesValue = {
  index: number
  threshold: number
  ayes: string[]
  nays: string[]
  end: number
}

/** Items that do not depend on the calls there are. */
export const Collective = storageOf(NAME, {
  Proposals: value(boundedVec(H256), []),
  Voting: optionalMap([identity(H256)], Votes),
  ProposalCount: value(u32, 0),
  Members: value(vec(AccountId), []),
  Prime: optionalValue(AccountId),
})

const proposalOf = (runtimeCall: ScaleType<Call>) =>
  storageOf(NAME, { ProposalOf: optionalMap([identity(H256)], runtimeCall) }).ProposalOf

const hash = { proposal_hash: H256 }
const events: Record<string, EventDef> = {
  Proposed: {
    index: 0,
    fields: { account: AccountId, proposal_index: u32, ...hash, threshold: u32 },
  },
  Voted: { index: 1, fields: { account: AccountId, ...hash, voted: bool, yes: u32, no: u32 } },
  Approved: { index: 2, fields: hash },
  Disapproved: { index: 3, fields: hash },
  Executed: { index: 4, fields: { ...hash, result: DispatchResult } },
  MemberExecuted: { index: 5, fields: { ...hash, result: DispatchResult } },
  Closed: { index: 6, fields: { ...hash, yes: u32, no: u32 } },
}

const ERRORS = [
  'NotMember',
  'DuplicateProposal',
  'ProposalMissing',
  'WrongIndex',
  'DuplicateVote',
  'AlreadyInitialized',
  'TooEarly',
  'TooManyProposals',
  'WrongProposalWeight',
  'WrongProposalLength',
  'WrongDuration',
] as const
const { fail, ensure } = checksOf<(typeof ERRORS)[number]>(NAME)

type Context = Pick<RuntimeContext, 'state' | 'emit'>

/** What the pallet needs from the rest of the runtime. */
export type CollectiveHooks = {
  readonly runtimeCall: ScaleType<Call>
  /** How many seats may vote. */
  seats(state: State): number
  /** Declared weight of a call. */
  weightOf(call: Call): { refTime: bigint; proofSize: bigint }
}

function openVoting(state: State, proposal: string, index: number): VotesValue {
  const voting = state.get(Collective.Voting, proposal) ?? fail('ProposalMissing')
  ensure(voting.index === index, 'WrongIndex')
  return voting
}

const without = (list: readonly string[], who: string) => {
  const at = list.indexOf(who)
  if (at < 0) return [...list]
  const rest = list.slice(0, -1)
  const last = list.at(-1)
  if (at < rest.length && last !== undefined) rest[at] = last
  return rest
}

/** Counts a vote; true when the account votes on the proposal for the first time. */
export function castVote(
  context: Context,
  who: string,
  proposal: string,
  index: number,
  approve: boolean,
): boolean {
  const voting = openVoting(context.state, proposal, index)
  const [same, other] = approve ? [voting.ayes, voting.nays] : [voting.nays, voting.ayes]
  const first = !same.includes(who) && !other.includes(who)
  ensure(!same.includes(who), 'DuplicateVote')
  const joined = [...same, who]
  const left = without(other, who)
  const [ayes, nays] = approve ? [joined, left] : [left, joined]
  context.emit(NAME, 'Voted', {
    account: who,
    proposal_hash: proposal,
    voted: approve,
    yes: ayes.length,
    no: nays.length,
  })
  context.state.set(Collective.Voting, [proposal], { ...voting, ayes, nays })
  return first
}

/** Takes the votes of accounts out of all open proposals. */
export function removeVotes(state: State, gone: readonly string[]): void {
  for (const proposal of state.get(Collective.Proposals)) {
    const voting = state.get(Collective.Voting, proposal)
    if (!voting) continue
    const stays = (who: string) => !gone.includes(who)
    const [ayes, nays] = [voting.ayes.filter(stays), voting.nays.filter(stays)]
    state.set(Collective.Voting, [proposal], { ...voting, ayes, nays })
  }
}

/** How the collective follows its membership pallet. */
export const followMembers: MembershipObserver = {
  changed({ state }, outgoing, members) {
    removeVotes(state, outgoing)
    state.set(Collective.Members, [], [...members])
    state.remove(Collective.Prime)
  },
  primeSet({ state }, prime) {
    if (prime === undefined) state.remove(Collective.Prime)
    else state.set(Collective.Prime, [], prime)
  },
}

/** The pallet with its proposals typed by the calls of the runtime. */
export function collectivePallet(hooks: CollectiveHooks): Pallet {
  const ProposalOf = proposalOf(hooks.runtimeCall)
  const { Proposals, ...others } = Collective
  return {
    name: NAME,
    index: 8,
    crate: 'pallet_collective',
    generics: { call: ['T', 'I'], event: ['T', 'I'], error: ['T', 'I'] },
    storage: { Proposals, ProposalOf, ...others },
    calls: calls(hooks, ProposalOf),
    events,
    errors: errorsInOrder(ERRORS),
    constants: {},
  }
}

type ProposalItem = ReturnType<typeof proposalOf>

type Args = Record<string, unknown>
const lengthBound = (args: Args) => args['length_bound'] as number
const oldCount = (args: Args) => args['old_count'] as number
const closingCost = growing(cost(466_175_607, 16_525), cost(2045, 5), lengthBound)
const boundOf = (args: Args): Cost => {
  const bound = args['proposal_weight_bound'] as WeightValue
  return { refTime: bound.ref_time, proofSize: bound.proof_size }
}

function calls(hooks: CollectiveHooks, ProposalOf: ProposalItem) {
  const { runtimeCall } = hooks
  const bound = compact(u32)
  return {
    set_members: call({
      index: 0,
      args: { new_members: vec(AccountId), prime: option(AccountId), old_count: u32 },
      weight: growing(cost(1_592_093_410, 118_966), cost(5_143_145, 7809), oldCount),
      class: 'Operational',
      run: () => failWith('BadOrigin'),
    }),
    execute: call({
      index: 1,
      args: { proposal: runtimeCall, length_bound: bound },
      weight: (args, costOf) =>
        addCosts(
          cost(40_176_069 + 1775 * lengthBound(args), 1114),
          costOf(args['proposal'] as Call),
        ),
      class: 'Operational',
      run: executor(hooks),
    }),
    propose: call({
      index: 2,
      args: { proposal: runtimeCall, length_bound: bound, duration: u32 },
      weight: growing(cost(525_881_871, 10_135), cost(2355), lengthBound),
      class: 'Operational',
      run: proposer(hooks, ProposalOf),
    }),
    vote: call({
      index: 3,
      args: { proposal: H256, index: bound, approve: bool },
      weight: cost(171_114_547, 6516),
      class: 'Operational',
      run(context) {
        signedBy(context.origin)
        return fail('NotMember')
      },
    }),
    disapprove_proposal: call({
      index: 5,
      args: hash,
      weight: cost(342_161_678, 2628),
      run(context, { proposal_hash }) {
        ensureRoot(context.origin)
        disapprove(context, proposal_hash, ProposalOf)
        return undefined
      },
    }),
    ...closingCalls(closer(hooks, ProposalOf)),
  }
}

/** Both ways to close; the older one bounds the time only. */
function closingCalls(close: ReturnType<typeof closer>) {
  const bound = compact(u32)
  return {
    close_old_weight: call({
      index: 4,
      args: {
        proposal_hash: H256,
        index: bound,
        proposal_weight_bound: CompactOldWeight,
        length_bound: bound,
      },
      weight: (args) =>
        addCosts(closingCost(args), {
          refTime: args['proposal_weight_bound'] as bigint,
          proofSize: 0n,
        }),
      class: 'Operational',
      run: (context, args) =>
        close(context, {
          ...args,
          proposal_weight_bound: { ref_time: args.proposal_weight_bound, proof_size: 0n },
        }),
    }),
    close: call({
      index: 6,
      args: {
        proposal_hash: H256,
        index: bound,
        proposal_weight_bound: Weight,
        length_bound: bound,
      },
      weight: (args) => addCosts(closingCost(args), boundOf(args)),
      class: 'Operational',
      run: close,
    }),
  }
}

function executor({ runtimeCall }: CollectiveHooks) {
  return (context: RuntimeContext, args: { proposal: Call; length_bound: number }) => {
    const who = signedBy(context.origin)
    ensure(context.state.get(Collective.Members).includes(who), 'NotMember')
    const encoded = runtimeCall.codec.enc(args.proposal)
    ensure(encoded.length <= args.length_bound, 'WrongProposalLength')
    const result = context.dispatch(args.proposal, { kind: 'member', account: who })
    context.emit(NAME, 'MemberExecuted', {
      proposal_hash: blake256(encoded),
      result: context.result(result),
    })
    return undefined
  }
}

type ProposeArgs = { proposal: Call; length_bound: number; duration: number }

function proposer({ runtimeCall, seats }: CollectiveHooks, ProposalOf: ProposalItem) {
  return (context: RuntimeContext, args: ProposeArgs) => {
    const { state } = context
    const who = signedBy(context.origin)
    ensure(state.get(Collective.Members).includes(who), 'NotMember')
    ensure(args.duration >= MOTION_DURATION, 'WrongDuration')
    const encoded = runtimeCall.codec.enc(args.proposal)
    ensure(encoded.length <= args.length_bound, 'WrongProposalLength')
    const proposal = blake256(encoded)
    ensure(!state.has(ProposalOf, proposal), 'DuplicateProposal')
    const open = state.get(Collective.Proposals)
    ensure(open.length < MAX_PROPOSALS, 'TooManyProposals')
    const index = state.get(Collective.ProposalCount)
    const threshold = Math.floor(seats(state) / 2) + 1
    state.set(Collective.Proposals, [], [...open, proposal])
    state.set(Collective.ProposalCount, [], index + 1)
    state.set(ProposalOf, [proposal], args.proposal)
    const end = (context.block + args.duration) >>> 0
    state.set(Collective.Voting, [proposal], { index, threshold, ayes: [], nays: [], end })
    context.emit(NAME, 'Proposed', {
      account: who,
      proposal_index: index,
      proposal_hash: proposal,
      threshold,
    })
    return undefined
  }
}

type CloseArgs = {
  proposal_hash: string
  index: number
  proposal_weight_bound: WeightValue
  length_bound: number
}

function closer(hooks: CollectiveHooks, ProposalOf: ProposalItem) {
  return (context: RuntimeContext, args: CloseArgs): PostInfo | undefined => {
    signedBy(context.origin)
    const proposal = args.proposal_hash
    const voting = openVoting(context.state, proposal, args.index)
    const seats = hooks.seats(context.state)
    const tally = outcome(context, voting, seats)
    if (tally.approved) {
      const stored = fitting(context.state, args, hooks, ProposalOf)
      emitClosed(context, proposal, tally)
      approve(context, proposal, stored, tally.yes, seats)
      removeProposal(context.state, proposal, ProposalOf)
      return undefined
    }
    emitClosed(context, proposal, tally)
    disapprove(context, proposal, ProposalOf)
    return { pays: false }
  }
}

type Tally = { yes: number; no: number; approved: boolean }

/** The result if the proposal may close now: a majority either way, or the end with abstentions by default vote. */
function outcome({ state, block }: RuntimeContext, voting: VotesValue, seats: number): Tally {
  const [yes, no] = [voting.ayes.length, voting.nays.length]
  if (yes >= voting.threshold) return { yes, no, approved: true }
  if (Math.max(seats - no, 0) < voting.threshold) return { yes, no, approved: false }
  ensure(block >= voting.end, 'TooEarly')
  const prime = state.get(Collective.Prime)
  const byDefault = prime !== undefined && voting.ayes.includes(prime)
  const abstained = seats - yes - no
  return byDefault
    ? { yes: yes + abstained, no, approved: yes + abstained >= voting.threshold }
    : { yes, no: no + abstained, approved: yes >= voting.threshold }
}

/** The stored call, if it keeps to the bounds the closer gave. */
function fitting(
  state: State,
  args: CloseArgs,
  { runtimeCall, weightOf }: CollectiveHooks,
  ProposalOf: ProposalItem,
): Call {
  const stored = state.get(ProposalOf, args.proposal_hash) ?? fail('ProposalMissing')
  ensure(runtimeCall.codec.enc(stored).length <= args.length_bound, 'WrongProposalLength')
  const weight = weightOf(stored)
  const limit = args.proposal_weight_bound
  const fits = weight.refTime <= limit.ref_time && weight.proofSize <= limit.proof_size
  ensure(fits, 'WrongProposalWeight')
  return stored
}

function emitClosed(context: Context, proposal: string, { yes, no }: Tally): void {
  context.emit(NAME, 'Closed', { proposal_hash: proposal, yes, no })
}

function approve(
  context: RuntimeContext,
  proposal: string,
  stored: Call,
  ayes: number,
  seats: number,
): void {
  context.emit(NAME, 'Approved', { proposal_hash: proposal })
  const result = context.dispatch(stored, { kind: 'members', ayes, seats })
  context.emit(NAME, 'Executed', { proposal_hash: proposal, result: context.result(result) })
}

function disapprove(context: Context, proposal: string, ProposalOf: ProposalItem): void {
  context.emit(NAME, 'Disapproved', { proposal_hash: proposal })
  removeProposal(context.state, proposal, ProposalOf)
}

function removeProposal(state: State, proposal: string, ProposalOf: ProposalItem): void {
  state.remove(ProposalOf, proposal)
  state.remove(Collective.Voting, proposal)
  const open = state.get(Collective.Proposals)
  state.set(
    Collective.Proposals,
    [],
    open.filter((one) => one !== proposal),
  )
}
