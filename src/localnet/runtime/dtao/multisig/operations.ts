/** Calls of an account that several keys hold together. */
import type { CallBook } from '../../callBook.js'
import type { Call, RuntimeContext } from '../../pallet.js'
import { blake256, signedBy } from '../../pallets/system.js'
import { pass } from '../../pallets/utility.js'
import { AccountId, fixedBytes, type ScaleType, tuple, u16, vec } from '../../scale.js'
import type { WeightValue } from '../../types.js'
import { reserve, unreserve } from '../pallets/balances.js'
import { ensure, fail, Multisig, type Time } from './storage.js'

const DEPOSIT_BASE = 132_000_000n
const DEPOSIT_FACTOR = 32_000_000n
const MAX_SIGNATORIES = 100

const Entropy = tuple(fixedBytes(16), vec(AccountId), u16)
/** `modlpy/utilisuba`. */
const PREFIX = '0x6d6f646c70792f7574696c6973756261'

/** The account that so many of these keys (in the order of their bytes) hold. */
const multisigAccount = (signatories: string[], threshold: number): string =>
  blake256(Entropy.codec.enc([PREFIX, signatories, threshold]))

function ensureCount(others: readonly string[]): void {
  ensure(others.length > 0, 'TooFewSignatories')
  ensure(others.length < MAX_SIGNATORIES, 'TooManySignatories')
}

/** All signatories in order; the others must be already. */
function withSender(others: readonly string[], who: string): string[] {
  for (const [i, other] of others.entries()) {
    ensure(i === 0 || (others[i - 1] ?? '') < other, 'SignatoriesOutOfOrder')
    ensure(other !== who, 'SenderInSignatories')
  }
  return [...others, who].sort()
}

export function asMulti1(
  context: RuntimeContext,
  { other_signatories, call }: { other_signatories: string[]; call: Call },
): undefined {
  const who = signedBy(context.origin)
  ensureCount(other_signatories)
  const account = multisigAccount(withSender(other_signatories, who), 1)
  pass(context, call, { kind: 'signed', account })
}

type Group = { threshold: number; other_signatories: string[] }
type Approval = Group & { maybe_timepoint: Time | undefined; max_weight: WeightValue }

function groupOf(context: RuntimeContext, { threshold, other_signatories }: Group) {
  const who = signedBy(context.origin)
  ensure(threshold >= 2, 'MinimumThreshold')
  ensureCount(other_signatories)
  return { who, multisig: multisigAccount(withSender(other_signatories, who), threshold) }
}

const isSame = (a: Time, b: Time): boolean => a.height === b.height && a.index === b.index

type Tools = { readonly runtimeCall: ScaleType<Call>; readonly book: CallBook }

export const asMulti =
  ({ runtimeCall, book }: Tools) =>
  (context: RuntimeContext, args: Approval & { call: Call }): undefined => {
    const call_hash = blake256(runtimeCall.codec.enc(args.call))
    approve(context, args, call_hash, { call: args.call, book })
  }

export const approveAsMulti = (
  context: RuntimeContext,
  args: Approval & { call_hash: string },
): undefined => approve(context, args, args.call_hash)

type Ready = { readonly call: Call; readonly book: CallBook }

function approve(
  context: RuntimeContext,
  args: Approval,
  call_hash: string,
  ready?: Ready,
): undefined {
  const { state, emit } = context
  const { who, multisig } = groupOf(context, args)
  const open = state.get(Multisig.Multisigs, multisig, call_hash)
  if (!open) return begin(context, args, who, multisig, call_hash)
  const timepoint = args.maybe_timepoint ?? fail('NoTimepoint')
  ensure(isSame(open.when, timepoint), 'WrongTimepoint')
  const { approvals } = open
  const isNew = !approvals.includes(who) && approvals.length < args.threshold
  if (ready && approvals.length + Number(isNew) >= args.threshold) {
    ensureWeight(ready, args.max_weight)
    state.remove(Multisig.Multisigs, multisig, call_hash)
    unreserve(context, open.depositor, open.deposit)
    const outcome = context.dispatch(ready.call, { kind: 'signed', account: multisig })
    const result = context.result(outcome)
    emit('Multisig', 'MultisigExecuted', { approving: who, timepoint, multisig, call_hash, result })
    return
  }
  ensure(isNew, 'AlreadyApproved')
  const next = { ...open, approvals: [...approvals, who].sort() }
  state.set(Multisig.Multisigs, [multisig, call_hash], next)
  emit('Multisig', 'MultisigApproval', { approving: who, timepoint, multisig, call_hash })
}

function ensureWeight({ call, book }: Ready, most: WeightValue): void {
  const { refTime, proofSize } = book.costOf(call)
  ensure(refTime <= most.ref_time && proofSize <= most.proof_size, 'MaxWeightTooLow')
}

function begin(
  context: RuntimeContext,
  { threshold, maybe_timepoint }: Approval,
  who: string,
  multisig: string,
  call_hash: string,
): undefined {
  ensure(maybe_timepoint === undefined, 'UnexpectedTimepoint')
  const deposit = DEPOSIT_BASE + DEPOSIT_FACTOR * BigInt(threshold)
  reserve(context, who, deposit)
  const when = { height: context.block, index: context.extrinsic }
  const operation = { when, deposit, depositor: who, approvals: [who] }
  context.state.set(Multisig.Multisigs, [multisig, call_hash], operation)
  context.emit('Multisig', 'NewMultisig', { approving: who, multisig, call_hash })
}

export function cancelAsMulti(
  context: RuntimeContext,
  args: Group & { timepoint: Time; call_hash: string },
): undefined {
  const { state } = context
  const { timepoint, call_hash } = args
  const { who, multisig } = groupOf(context, args)
  const open = state.get(Multisig.Multisigs, multisig, call_hash) ?? fail('NotFound')
  ensure(isSame(open.when, timepoint), 'WrongTimepoint')
  ensure(open.depositor === who, 'NotOwner')
  unreserve(context, open.depositor, open.deposit)
  state.remove(Multisig.Multisigs, multisig, call_hash)
  const done = { cancelling: who, timepoint, multisig, call_hash }
  context.emit('Multisig', 'MultisigCancelled', done)
}

/** Deposits are what they were: there is nothing to bring up to date. */
export function pokeDeposit(
  context: RuntimeContext,
  args: Group & { call_hash: string },
): undefined {
  const { who, multisig } = groupOf(context, args)
  const open = context.state.get(Multisig.Multisigs, multisig, args.call_hash) ?? fail('NotFound')
  ensure(open.depositor === who, 'NotOwner')
}
