/** What `btcli transfer` checks, and what it shows before signing. */
import { readBalance, readFreeBalance } from '../chain/balances.js'
import { transferAllCall, transferCall } from '../chain/calls.js'
import { readOwner } from '../chain/stake.js'
import type { AccountBalance, ChainView } from '../chain/types.js'
import { BittensorError } from '../errors.js'
import type { Ss58 } from '../keys/ss58.js'
import type { Rao } from '../units.js'
import { formatTao, rao } from '../units.js'
import { largest } from './extremes.js'
import { type Effect, type Party, type Plan, type Planning, type Risk, targetName } from './plan.js'

/** What was asked for. */
export type TransferTerms = {
  readonly from: Party
  readonly to: Party
  readonly wanted: Rao | 'all'
  readonly keep: Rao | undefined
  readonly allowDeath: boolean
  readonly allowHotkeyDest: boolean
  /** The destination resembles another address. */
  readonly lookalike: Risk | undefined
}

/** A plan with what `all` became, in RAO. */
export type TransferPlan = Plan<Balances> & { readonly amount: Rao }

/** Free balances of both sides. */
export type Balances = { readonly from: Rao; readonly to: Rao }

/**
 * Checks a transfer and says what it would do.
 * @throws {BittensorError} `INSUFFICIENT_BALANCE`, `BAD_AMOUNT` below the existential deposit of a new account
 */
export async function planTransfer(
  planning: Planning,
  terms: TransferTerms,
): Promise<TransferPlan> {
  const { client, view } = planning
  const { from, to, wanted } = terms
  const [sender, received, owner] = await Promise.all([
    readBalance(view, from.address),
    readFreeBalance(view, to.address),
    readOwner(view, to.address),
  ])
  const callOf = (amount: Rao) =>
    wanted === 'all' && terms.allowDeath
      ? transferAllCall(client, { dest: to.address, keepAlive: false })
      : transferCall(client, { dest: to.address, amount, keepAlive: !terms.allowDeath })
  // The length of the encoded amount, and with it the fee, may depend on the amount: the largest costs the most.
  const fee = (await planning.feeOf(callOf(wanted === 'all' ? sender.free : wanted))) ?? rao(0n)
  const room = spendable(sender, client.existentialDeposit, terms)
  const amount = wanted === 'all' ? rest(room, fee) : wanted
  if (amount + fee > room || amount === 0n) {
    throw notEnough({ terms, sender, fee, amount, room, deposit: client.existentialDeposit })
  }
  checkDestination({ received, amount, deposit: client.existentialDeposit })
  const isSelf = from.address === to.address
  const left = sender.free - amount - fee
  const effects: Effect[] = isSelf
    ? [{ label: from.name, before: sender.free, after: sender.free - fee }]
    : [
        { label: from.name, before: sender.free, after: left },
        {
          label: targetName(to),
          before: received,
          after: received + amount,
          ...(received === 0n ? { note: 'new account' } : {}),
        },
      ]
  return {
    amount,
    operations: [
      {
        label: `τ${formatTao(amount)} to ${targetName(to)}`,
        call: callOf(amount),
        spendRao: wanted === 'all' && terms.allowDeath ? null : amount,
        destinations: [{ address: to.address, amountRao: amount }],
        asked: { dest: to.address, amount: wanted },
        measure: (at) => balances(at, from.address, to.address),
      },
    ],
    facts: [
      { label: 'to', value: to },
      {
        label: 'amount',
        value: `τ${formatTao(amount, 'full')}`,
        ...(wanted === 'all' ? { note: 'all' } : {}),
      },
    ],
    effects,
    notes: notesOf({ isSelf, left, deposit: client.existentialDeposit }),
    risks: [...(terms.lookalike ? [terms.lookalike] : []), ...risksOf(to.address, owner, terms)],
    question: `Send τ${formatTao(amount)} to ${targetName(to)}?`,
  }
}

/** What may leave the account, fee included. */
function spendable(
  sender: AccountBalance,
  deposit: Rao,
  { allowDeath, keep }: TransferTerms,
): bigint {
  const floor = largest(sender.frozen, allowDeath ? 0n : deposit, keep ?? 0n)
  return sender.free > floor ? sender.free - floor : 0n
}

function rest(room: bigint, fee: bigint): Rao {
  return rao(room > fee ? room - fee : 0n)
}

function notEnough(facts: {
  readonly terms: TransferTerms
  readonly sender: AccountBalance
  readonly fee: bigint
  readonly amount: bigint
  readonly room: bigint
  readonly deposit: Rao
}): BittensorError {
  const { terms, sender, fee, amount, room, deposit } = facts
  const most = rest(room, fee)
  const onlyDeposit = amount > 0n && amount + fee <= sender.free && sender.frozen === 0n
  const what = amount === 0n ? 'anything' : `τ${formatTao(amount)}`
  return new BittensorError('INSUFFICIENT_BALANCE', `not enough free balance to send ${what}`, {
    details: `${terms.from.name} has τ${formatTao(sender.free, 'full')} free; τ${formatTao(amount)} + fee τ${formatTao(fee)} + existential deposit τ${formatTao(deposit)} needed`,
    hint: onlyDeposit
      ? 'send less, or add --allow_death to empty and remove the account'
      : most > 0n
        ? `send less: --amount ${formatTao(most)}`
        : undefined,
    data: {
      freeRao: sender.free,
      frozenRao: sender.frozen,
      amountRao: amount,
      feeRao: fee,
      existentialDepositRao: deposit,
      spendableRao: most,
    },
  })
}

/** A new account must get at least the existential deposit, or the chain refuses the transfer. */
function checkDestination(facts: { received: Rao; amount: Rao; deposit: Rao }): void {
  const { received, amount, deposit } = facts
  if (received > 0n || amount >= deposit) return
  throw new BittensorError('BAD_AMOUNT', `τ${formatTao(amount)} is too little for a new account`, {
    details: `the destination has no account yet; it takes at least τ${formatTao(deposit)} to open one`,
    hint: `--amount ${formatTao(deposit)}`,
    data: { amountRao: amount, existentialDepositRao: deposit },
  })
}

function notesOf(facts: { isSelf: boolean; left: bigint; deposit: Rao }): string[] {
  const notes: string[] = []
  if (facts.isSelf) notes.push('the destination is the sender: only the fee is paid')
  if (facts.left < facts.deposit) {
    notes.push(`the account will be removed; the remaining τ${formatTao(facts.left)} are destroyed`)
  } else if (facts.left === facts.deposit) {
    notes.push('nothing is left for a next fee; --keep 0.01 would leave some')
  }
  return notes
}

function risksOf(dest: Ss58, owner: Ss58 | undefined, { allowHotkeyDest }: TransferTerms): Risk[] {
  if (owner === undefined || owner === dest) return []
  return [
    {
      message: `The destination is a hotkey, owned by ${owner}: τ sent there is not staked. Send it anyway?`,
      option: '--allow_hotkey_dest',
      accepted: allowHotkeyDest,
    },
  ]
}

async function balances(view: ChainView, from: Ss58, to: Ss58): Promise<Balances> {
  const [sender, receiver] = await Promise.all([
    readFreeBalance(view, from),
    readFreeBalance(view, to),
  ])
  return { from: sender, to: receiver }
}

/** What changed, from the balances before and after. */
export function changesOf(from: Party, to: Party, before: Balances, after: Balances): Effect[] {
  const own = { label: from.name, before: before.from, after: after.from }
  if (from.address === to.address) return [own]
  return [own, { label: targetName(to), before: before.to, after: after.to }]
}
