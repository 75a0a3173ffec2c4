/** What approving, making and cancelling a call of a multisig check, and what they show before signing. */
import { readBalance } from '../chain/balances.js'
import { buildCall } from '../chain/calls.js'
import {
  multisigAddress,
  multisigDeposit,
  type PendingCall,
  readPendingCall,
  requireMultisigs,
  sortSignatories,
} from '../chain/multisigs.js'
import { estimateWeight } from '../chain/sign.js'
import type { Call, ChainClient, Hex } from '../chain/types.js'
import { BittensorError } from '../errors.js'
import type { Ss58 } from '../keys/ss58.js'
import { formatTao, type Rao, rao } from '../units.js'
import { type CallPlan, planCall } from './callPlan.js'
import { spendOf } from './callSpend.js'
import { largest } from './extremes.js'
import type { Effect, Fact, Party, Planning } from './plan.js'
import { shortAddress } from './texts.js'

/** What waits for approvals, undefined if nothing does (any more). */
export type MultisigPlan = CallPlan<PendingCall | undefined> & {
  readonly multisig: Ss58
  /** The approvals that there were before. */
  readonly pending: PendingCall | undefined
}

export type MultisigTerms = {
  /** The signatory that signs. */
  readonly wallet: Party
  /** All of them, the wallet's among them. */
  readonly signatories: readonly Party[]
  /** The wallet was not named among them. */
  readonly joined: boolean
  readonly threshold: number
  readonly callHash: Hex
  /** The whole call; undefined if only its hash is known. */
  readonly call: Call | undefined
  /** The call as people read it. */
  readonly shown: readonly Fact[]
}

type Facts = {
  readonly multisig: Ss58
  readonly others: readonly Ss58[]
  readonly pending: PendingCall | undefined
  readonly facts: readonly Fact[]
}

/**
 * Approves a call without making it (`Multisig.approve_as_multi`). The first to approve reserves a deposit.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED`, `DUPLICATE` when it is approved already, `USAGE` when one signatory is enough,
 * `INSUFFICIENT_BALANCE`
 */
export async function planApprove(planning: Planning, terms: MultisigTerms): Promise<MultisigPlan> {
  const { client } = planning
  const { wallet, threshold, callHash } = terms
  const read = await readFacts(planning, terms)
  if (threshold === 1) {
    throw new BittensorError('USAGE', 'one signatory is enough here', {
      hint: 'multisig_execute makes the call at once',
    })
  }
  const { pending } = read
  if (pending?.approvals.includes(wallet.address)) {
    throw new BittensorError('DUPLICATE', `${wallet.name} has approved this already`, {
      details: `${pending.approvals.length} of ${threshold} have`,
      hint:
        pending.approvals.length >= threshold
          ? 'multisig_execute makes the call'
          : 'the other signatories must approve as well',
      data: { callHash, approvals: pending.approvals },
    })
  }
  const call = buildCall(client, 'Multisig', 'approve_as_multi', {
    threshold,
    other_signatories: read.others,
    maybe_timepoint: pending?.when,
    call_hash: callHash,
    // Used for making the call only.
    max_weight: { ref_time: 0n, proof_size: 0n },
  })
  const enough = (pending?.approvals.length ?? 0) + 1 >= threshold
  const needs = await needsOf(planning, read.multisig, terms.call)
  const deposit = pending ? rao(0n) : multisigDeposit(client, threshold)
  return planned(planning, terms, read, {
    call,
    hashed: terms.call,
    deposit,
    notes: [
      ...(terms.call ? [] : ['only the hash of the call is known here: know what it stands for']),
      ...(needs.short > 0n ? [`${needs.text}; send it that much before the call is made`] : []),
      enough
        ? 'that is enough approvals: multisig_execute then makes the call'
        : 'nothing happens until enough signatories approved and one of them makes the call',
    ],
    question: `Approve ${nameOf(terms)} for ${shortAddress(read.multisig)}?`,
  })
}

/**
 * Makes a call that enough signatories approved, the signer counted (`Multisig.as_multi`).
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED`, `USAGE` without the whole call or with too few approvals,
 * `INSUFFICIENT_BALANCE`
 */
export async function planExecute(planning: Planning, terms: MultisigTerms): Promise<MultisigPlan> {
  const { client } = planning
  const { wallet, threshold, call: inner } = terms
  const read = await readFacts(planning, terms)
  if (!inner) {
    throw new BittensorError('USAGE', 'the whole call is needed, a hash is not enough', {
      hint: 'give the call as it was approved: Pallet.call --argument value, or 0x and its bytes',
    })
  }
  const { pending, others } = read
  const approvals = new Set([...(pending?.approvals ?? []), wallet.address]).size
  if (approvals < threshold) {
    const more = threshold - approvals
    throw new BittensorError(
      'USAGE',
      `${more} more ${more === 1 ? 'signatory' : 'signatories'} must approve first`,
      {
        details: pending
          ? `approved by ${pending.approvals.join(', ')}`
          : 'nobody has approved this call; another argument makes another call',
        hint: 'multisig_approve approves it',
        data: { callHash: terms.callHash, approvals: pending?.approvals ?? [], threshold },
      },
    )
  }
  const needs = await needsOf(planning, read.multisig, inner)
  if (needs.short > 0n) {
    throw new BittensorError('INSUFFICIENT_BALANCE', 'the multisig can not pay for this call', {
      details: `${needs.text}; the call would fail, and all approvals would be gone`,
      hint: `send it more first: btcli transfer --dest ${read.multisig} --amount ${formatTao(needs.short)}`,
      data: { multisig: read.multisig, freeRao: needs.free, shortRao: needs.short },
    })
  }
  const call =
    threshold === 1
      ? buildCall(client, 'Multisig', 'as_multi_threshold_1', {
          other_signatories: others,
          call: inner,
        })
      : buildCall(client, 'Multisig', 'as_multi', {
          threshold,
          other_signatories: others,
          maybe_timepoint: pending?.when,
          call: inner,
          max_weight: await estimateWeight(client, inner, wallet.address),
        })
  return planned(planning, terms, read, {
    call,
    deposit: rao(0n),
    back: depositBack(pending, wallet),
    effects: needs.effects,
    notes: [`the call is made now, by ${shortAddress(read.multisig)} and with its money`],
    question: `Make ${nameOf(terms)} as ${shortAddress(read.multisig)}?`,
  })
}

/**
 * Takes back a call that was not made yet, and with it the deposit (`Multisig.cancel_as_multi`).
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED`, `USAGE` when nothing waits or another signatory deposited
 */
export async function planCancel(planning: Planning, terms: MultisigTerms): Promise<MultisigPlan> {
  const { client } = planning
  const { wallet, threshold, callHash } = terms
  const read = await readFacts(planning, terms)
  const { pending, others } = read
  if (!pending) {
    throw new BittensorError('USAGE', 'no such call waits for approvals', {
      details: callHash,
      hint: 'multisig_list shows those that do',
    })
  }
  if (pending.depositor !== wallet.address) {
    throw new BittensorError('USAGE', 'only who approved it first can cancel it', {
      details: `that was ${pending.depositor}`,
      data: { depositor: pending.depositor },
    })
  }
  const call = buildCall(client, 'Multisig', 'cancel_as_multi', {
    threshold,
    other_signatories: others,
    timepoint: pending.when,
    call_hash: callHash,
  })
  return planned(planning, terms, read, {
    call,
    deposit: rao(0n),
    back: pending.deposit,
    notes: ['all approvals are gone then'],
    question: `Cancel ${nameOf(terms)} of ${shortAddress(read.multisig)}?`,
  })
}

async function readFacts({ client, view }: Planning, terms: MultisigTerms): Promise<Facts> {
  const { wallet, signatories, threshold, callHash, shown } = terms
  requireMultisigs(view)
  checkSignatories(client, terms)
  const addresses = signatories.map(({ address }) => address)
  const multisig = multisigAddress(addresses, threshold)
  const pending = await readPendingCall(view, multisig, callHash)
  const approved = new Set(pending?.approvals)
  return {
    multisig,
    others: sortSignatories(addresses.filter((address) => address !== wallet.address)),
    pending,
    facts: [
      {
        label: 'multisig',
        value: { name: '', address: multisig },
        note: `${threshold} of ${signatories.length}`,
      },
      ...signatories.map((party, i) => ({
        label: i === 0 ? 'signers' : '',
        value: party,
        note: approved.has(party.address) ? 'approved' : 'not yet',
      })),
      ...shown,
      { label: 'call hash', value: callHash },
    ],
  }
}

type Needs = {
  readonly free: bigint
  /** RAO that are missing, 0 if none or if nobody can tell. */
  readonly short: bigint
  readonly text: string
  readonly effects: readonly Effect[]
}

/** What the call takes from the multisig's own account, as far as the call tells. */
async function needsOf(
  { client, view }: Planning,
  multisig: Ss58,
  call: Call | undefined,
): Promise<Needs> {
  const { free, frozen } = await readBalance(view, multisig)
  const spend = call ? spendOf(client, call) : null
  if (!call || spend === null || spend === 0n) return { free, short: 0n, text: '', effects: [] }
  const mayDie = call.name === 'transfer_allow_death' || call.name === 'transfer'
  const stays = largest(frozen, mayDie ? 0n : client.existentialDeposit)
  const missing = spend + stays - free
  return {
    free,
    short: missing > 0n ? missing : 0n,
    text: `the multisig ${shortAddress(multisig)} has τ${formatTao(free)} free, and the call takes τ${formatTao(spend)}${stays > 0n ? ` and leaves τ${formatTao(stays)}` : ''}`,
    effects: [{ label: 'multisig, free', before: free, after: free - spend }],
  }
}

function checkSignatories(client: ChainClient, { wallet, signatories, threshold }: MultisigTerms) {
  const addresses = signatories.map(({ address }) => address)
  if (new Set(addresses).size !== addresses.length) {
    throw new BittensorError('USAGE', 'a signatory is given twice')
  }
  if (!addresses.includes(wallet.address)) {
    throw new BittensorError('USAGE', `${wallet.name} is none of the signatories`)
  }
  if (addresses.length < 2) {
    throw new BittensorError('USAGE', 'a multisig has at least two signatories', {
      hint: 'name the others with --signatories',
    })
  }
  const most = Number(client.constant('Multisig', 'MaxSignatories') ?? 100)
  if (addresses.length > most) {
    throw new BittensorError('USAGE', `a multisig has at most ${most} signatories`)
  }
  if (threshold > addresses.length) {
    throw new BittensorError(
      'USAGE',
      `${threshold} approvals of ${addresses.length} signatories are not possible`,
    )
  }
}

async function planned(
  planning: Planning,
  { wallet, callHash, threshold, joined, signatories }: MultisigTerms,
  { multisig, pending, facts }: Facts,
  part: {
    readonly call: Call
    readonly hashed?: Call | undefined
    readonly deposit: Rao
    readonly back?: Rao | undefined
    readonly effects?: readonly Effect[]
    readonly notes: readonly string[]
    readonly question: string
  },
): Promise<MultisigPlan> {
  const { call, hashed, deposit, back = rao(0n), effects = [], notes, question } = part
  const plan = await planCall<PendingCall | undefined>(planning, {
    signer: wallet,
    call,
    ...(hashed ? { hashed } : {}),
    cost: deposit,
    back,
    effects,
    label: `multisig ${shortAddress(multisig)}`,
    measure: (at) => readPendingCall(at, multisig, callHash),
    facts: [
      ...facts,
      { label: 'approvals', value: `${pending?.approvals.length ?? 0} of ${threshold} so far` },
      ...(deposit === 0n
        ? []
        : [
            {
              label: 'deposit',
              value: `τ${formatTao(deposit)}`,
              note: 'reserved until the call is made or cancelled',
            },
          ]),
      ...(back === 0n
        ? []
        : [{ label: 'deposit', value: `τ${formatTao(back)}`, note: 'comes back' }]),
    ],
    notes: [
      ...(joined
        ? [
            `${wallet.name} is not among the signatories that are given and counts as one more: ${signatories.length} in all`,
          ]
        : []),
      ...notes,
    ],
    question,
  })
  return { ...plan, multisig, pending }
}

function depositBack(pending: PendingCall | undefined, { address }: Party): Rao {
  return pending?.depositor === address ? pending.deposit : rao(0n)
}

function nameOf({ call, callHash }: MultisigTerms): string {
  return call ? `${call.pallet}.${call.name}` : shortAddress(callHash)
}
