/** Raising TAO from many for one purpose: all of it by a block, or everybody gets it back. */
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import type { Call, RuntimeContext } from '../../pallet.js'
import { signedBy } from '../../pallets/system.js'
import { pass } from '../../pallets/utility.js'
import { type ScaleType, u32 } from '../../scale.js'
import { less, minBig } from '../fixed.js'
import { balanceOf, transfer } from '../pallets/balances.js'
import { System, storeAccount } from '../pallets/system.js'
import { type Crowdloan, type CrowdloanItems, ensure, fail } from './storage.js'

export const MINIMUM_DEPOSIT = 10_000_000_000n
export const LEAST_CONTRIBUTION = 100_000_000n
export const [SHORTEST, LONGEST] = [50_400, 432_000]
export const REFUNDS_PER_CALL = 50
export const MAX_CONTRIBUTORS = 500
export const PALLET_ID = utf8ToBytes('bt/cloan')

/** The account that holds what a crowdloan has raised. */
function fundsAccount(id: number): string {
  const account = new Uint8Array(32)
  account.set(concatBytes(utf8ToBytes('modl'), PALLET_ID, u32.codec.enc(id)))
  return `0x${bytesToHex(account)}`
}

function ensureEnd(now: number, end: number): void {
  ensure(now < end, 'CannotEndInPast')
  ensure(end - now >= SHORTEST, 'BlockDurationTooShort')
  ensure(end - now <= LONGEST, 'BlockDurationTooLong')
}

/** Keeps an account that is empty alive, or no longer. */
function changeProviders(context: RuntimeContext, who: string, change: number): void {
  const account = context.state.get(System.Account, who)
  storeAccount(context, who, { ...account, providers: account.providers + change })
}

type CreateArgs = {
  deposit: bigint
  min_contribution: bigint
  cap: bigint
  end: number
  call: Call | undefined
  target_address: string | undefined
}
type IdArgs = { crowdloan_id: number }

/** The items of the pallet, and the calls of the runtime that they hold. */
export type Tools = { readonly C: CrowdloanItems; readonly runtimeCall: ScaleType<Call> }

const loanOf = ({ C }: Tools, { state }: RuntimeContext, id: number): Crowdloan =>
  state.get(C.Crowdloans, id) ?? fail('InvalidCrowdloanId')

const announce = (context: RuntimeContext, name: string, fields: object): undefined =>
  context.emit('Crowdloan', name, fields) as undefined

/** A crowdloan that only its creator may change, and only while it is open. */
function ownLoan(tools: Tools, context: RuntimeContext, id: number): Crowdloan {
  const who = signedBy(context.origin)
  const loan = loanOf(tools, context, id)
  ensure(!loan.finalized, 'AlreadyFinalized')
  ensure(who === loan.creator, 'InvalidOrigin')
  return loan
}

export function create(tools: Tools, context: RuntimeContext, args: CreateArgs): undefined {
  const { C, runtimeCall } = tools
  const { state, block } = context
  const creator = signedBy(context.origin)
  const { deposit, min_contribution, cap, end, target_address } = args
  ensure(deposit >= MINIMUM_DEPOSIT, 'DepositTooLow')
  ensure(cap > deposit, 'CapTooLow')
  ensure(min_contribution >= LEAST_CONTRIBUTION, 'MinimumContributionTooLow')
  ensureEnd(block, end)
  ensure(balanceOf(state, creator).free >= deposit, 'InsufficientBalance')
  const crowdloan_id = state.get(C.NextCrowdloanId)
  state.set(C.NextCrowdloanId, [], crowdloan_id + 1)
  const funds_account = fundsAccount(crowdloan_id)
  changeProviders(context, funds_account, 1)
  // The real chain keeps calls of more than 128 bytes as preimages; here they stay in place.
  const call = args.call && { type: 'Inline', value: runtimeCall.codec.enc(args.call) }
  const rest = { raised: deposit, target_address, call, finalized: false, contributors_count: 1 }
  const loan = { creator, deposit, min_contribution, end, cap, funds_account, ...rest }
  state.set(C.Crowdloans, [crowdloan_id], loan)
  transfer(context, creator, funds_account, deposit, 'expendable')
  state.set(C.Contributions, [crowdloan_id, creator], deposit)
  return announce(context, 'Created', { crowdloan_id, creator, end, cap })
}

export function contribute(
  tools: Tools,
  context: RuntimeContext,
  args: IdArgs & { amount: bigint },
): undefined {
  const { C } = tools
  const { state, block } = context
  const { crowdloan_id } = args
  const contributor = signedBy(context.origin)
  const loan = loanOf(tools, context, crowdloan_id)
  ensure(block < loan.end, 'ContributionPeriodEnded')
  ensure(loan.raised < loan.cap, 'CapRaised')
  ensure(args.amount >= loan.min_contribution, 'ContributionTooLow')
  ensure(loan.contributors_count < MAX_CONTRIBUTORS, 'MaxContributorsReached')
  const amount = minBig(args.amount, loan.cap - loan.raised)
  const before = state.get(C.Contributions, crowdloan_id, contributor)
  ensure(balanceOf(state, contributor).free >= amount, 'InsufficientBalance')
  transfer(context, contributor, loan.funds_account, amount, 'expendable')
  state.set(C.Contributions, [crowdloan_id, contributor], (before ?? 0n) + amount)
  state.set(C.Crowdloans, [crowdloan_id], {
    ...loan,
    raised: loan.raised + amount,
    contributors_count: loan.contributors_count + Number(before === undefined),
  })
  return announce(context, 'Contributed', { crowdloan_id, contributor, amount })
}

export function withdraw(
  tools: Tools,
  context: RuntimeContext,
  { crowdloan_id }: IdArgs,
): undefined {
  const { C } = tools
  const { state } = context
  const contributor = signedBy(context.origin)
  const loan = loanOf(tools, context, crowdloan_id)
  ensure(!loan.finalized, 'AlreadyFinalized')
  const given = state.get(C.Contributions, crowdloan_id, contributor) ?? 0n
  ensure(given > 0n, 'NoContribution')
  const isCreator = contributor === loan.creator
  const amount = isCreator ? less(given, loan.deposit) : given
  ensure(amount > 0n, 'DepositCannotBeWithdrawn')
  if (isCreator) state.set(C.Contributions, [crowdloan_id, contributor], loan.deposit)
  else state.remove(C.Contributions, crowdloan_id, contributor)
  transfer(context, loan.funds_account, contributor, amount, 'expendable')
  state.set(C.Crowdloans, [crowdloan_id], {
    ...loan,
    raised: less(loan.raised, amount),
    contributors_count: loan.contributors_count - Number(!isCreator),
  })
  return announce(context, 'Withdrew', { crowdloan_id, contributor, amount })
}

export function finalize(
  tools: Tools,
  context: RuntimeContext,
  { crowdloan_id }: IdArgs,
): undefined {
  const { C, runtimeCall } = tools
  const { state } = context
  const who = signedBy(context.origin)
  const loan = loanOf(tools, context, crowdloan_id)
  ensure(who === loan.creator, 'InvalidOrigin')
  ensure(loan.raised === loan.cap, 'CapNotRaised')
  ensure(!loan.finalized, 'AlreadyFinalized')
  const { target_address, funds_account, raised } = loan
  if (target_address !== undefined) {
    transfer(context, funds_account, target_address, raised, 'expendable')
  }
  if (loan.call) {
    state.set(C.CurrentCrowdloanId, [], crowdloan_id)
    const call = runtimeCall.codec.dec(loan.call.value as Uint8Array)
    pass(context, call, { kind: 'signed', account: who })
    state.remove(C.CurrentCrowdloanId)
  }
  state.set(C.Crowdloans, [crowdloan_id], { ...loan, finalized: true })
  return announce(context, 'Finalized', { crowdloan_id })
}

export function refund(tools: Tools, context: RuntimeContext, { crowdloan_id }: IdArgs): undefined {
  const { C } = tools
  const { state } = context
  const loan = ownLoan(tools, context, crowdloan_id)
  const all = state
    .entries(C.Contributions, crowdloan_id)
    .filter(([[, who]]) => who !== loan.creator)
  const now = all.slice(0, REFUNDS_PER_CALL)
  for (const [[, who], amount] of now) {
    transfer(context, loan.funds_account, who, amount ?? 0n, 'expendable')
    state.remove(C.Contributions, crowdloan_id, who)
  }
  const paid = now.reduce((sum, [, amount]) => sum + (amount ?? 0n), 0n)
  state.set(C.Crowdloans, [crowdloan_id], {
    ...loan,
    raised: less(loan.raised, paid),
    contributors_count: loan.contributors_count - now.length,
  })
  const done = now.length === all.length ? 'AllRefunded' : 'PartiallyRefunded'
  return announce(context, done, { crowdloan_id })
}

export function dissolve(
  tools: Tools,
  context: RuntimeContext,
  { crowdloan_id }: IdArgs,
): undefined {
  const { C } = tools
  const { state } = context
  const loan = ownLoan(tools, context, crowdloan_id)
  const { creator, funds_account } = loan
  const own = state.get(C.Contributions, crowdloan_id, creator) ?? fail('NoContribution')
  ensure(own === loan.raised, 'NotReadyToDissolve')
  transfer(context, funds_account, creator, own, 'expendable')
  state.remove(C.Contributions, crowdloan_id, creator)
  changeProviders(context, funds_account, -1)
  state.remove(C.Crowdloans, crowdloan_id)
  return announce(context, 'Dissolved', { crowdloan_id })
}

export function updateMinContribution(
  tools: Tools,
  context: RuntimeContext,
  { crowdloan_id, new_min_contribution }: IdArgs & { new_min_contribution: bigint },
): undefined {
  const { C } = tools
  const loan = ownLoan(tools, context, crowdloan_id)
  ensure(new_min_contribution >= LEAST_CONTRIBUTION, 'MinimumContributionTooLow')
  const next = { ...loan, min_contribution: new_min_contribution }
  context.state.set(C.Crowdloans, [crowdloan_id], next)
  return announce(context, 'MinContributionUpdated', { crowdloan_id, new_min_contribution })
}

export function updateEnd(
  tools: Tools,
  context: RuntimeContext,
  { crowdloan_id, new_end }: IdArgs & { new_end: number },
): undefined {
  const { C } = tools
  const loan = ownLoan(tools, context, crowdloan_id)
  ensureEnd(context.block, new_end)
  context.state.set(C.Crowdloans, [crowdloan_id], { ...loan, end: new_end })
  return announce(context, 'EndUpdated', { crowdloan_id, new_end })
}

export function updateCap(
  tools: Tools,
  context: RuntimeContext,
  { crowdloan_id, new_cap }: IdArgs & { new_cap: bigint },
): undefined {
  const { C } = tools
  const loan = ownLoan(tools, context, crowdloan_id)
  ensure(new_cap >= loan.raised, 'CapTooLow')
  context.state.set(C.Crowdloans, [crowdloan_id], { ...loan, cap: new_cap })
  return announce(context, 'CapUpdated', { crowdloan_id, new_cap })
}
