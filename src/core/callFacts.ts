/** What a decoded call is about, as far as limits care: the calls in it, the subnets, and who gets TAO. */
import type { ChainValue, DecodedCall } from './chain/types.js'
import type { Payment } from './journal.js'

export type CallFacts = {
  /** `Pallet.name` of the call and of every call inside it. */
  readonly calls: readonly string[]
  /** A call that is approved or announced by its hash alone is among them, and nobody can say what it is. */
  readonly hidden: boolean
  /** Every subnet that an argument names. */
  readonly netuids: readonly number[]
  /** Accounts that get TAO, or may get it: an amount that cannot be read is null. */
  readonly payments: readonly Payment[]
}

/** Calls that let a call be made of which they hold the hash. */
const BY_HASH: readonly string[] = ['Multisig.approve_as_multi', 'Proxy.announce']

/**
 * Reads the facts from the arguments, inner calls of batches and wrappers included.
 * @param hashed the call that the hash in this one stands for, where it is known
 * @example
 * callFacts(call).calls // ['Utility.batch', 'Balances.transfer']
 */
export function callFacts(call: DecodedCall, hashed?: DecodedCall): CallFacts {
  const outer = callsIn(call)
  const all = hashed ? [...outer, ...callsIn(hashed)] : outer
  return {
    calls: all.map(({ pallet, name }) => `${pallet}.${name}`),
    hidden: all.filter(isByHash).length > (hashed ? 1 : 0),
    netuids: [...new Set(all.flatMap(netuidsOf))],
    payments: all.flatMap(paymentsIn),
  }
}

/** What a command says of who gets TAO, and what the call itself says of others: limits must not depend on a command's care. */
export function paymentsOf(one: {
  readonly call: DecodedCall
  readonly destinations: readonly Payment[]
}): readonly Payment[] {
  const told = new Set(one.destinations.map(({ address }) => address))
  const others = callFacts(one.call).payments.filter(({ address }) => !told.has(address))
  return [...one.destinations, ...others]
}

function isByHash({ pallet, name }: DecodedCall): boolean {
  return BY_HASH.includes(`${pallet}.${name}`)
}

/** A call and all that are made inside it. */
export function callsIn(call: DecodedCall): readonly DecodedCall[] {
  return [call, ...Object.values(call.args).flatMap(innerCalls)]
}

function innerCalls(value: ChainValue): readonly DecodedCall[] {
  if (Array.isArray(value)) return (value as readonly ChainValue[]).flatMap(innerCalls)
  if (typeof value !== 'object') return []
  const record = value as { readonly [name: string]: ChainValue }
  return isCall(record) ? callsIn(record) : Object.values(record).flatMap(innerCalls)
}

function isCall(record: { readonly [name: string]: ChainValue }): record is DecodedCall {
  const { pallet, name, args } = record
  return typeof pallet === 'string' && typeof name === 'string' && typeof args === 'object'
}

function netuidsOf({ args }: DecodedCall): readonly number[] {
  return Object.entries(args).flatMap(([name, value]) => {
    if (!/(^|_)netuids?$/.test(name)) return []
    const values = Array.isArray(value) ? (value as readonly ChainValue[]) : [value]
    return values.filter((one) => typeof one === 'number')
  })
}

/** Calls of these pallets move no TAO to accounts in their arguments, except for those of {@link GIVING}. */
const KEEPING: readonly string[] = [
  'System',
  'Utility',
  'Sudo',
  'Proxy',
  'Multisig',
  'Triumvirate',
  'SubtensorModule',
  'AdminUtils',
  'Commitments',
  'Registry',
]

/** Arguments that name who gets TAO, an account's stake, or the power to spend for it. */
const GIVING = /^(dest|dest_id|destination|destination_coldkey|new_coldkey|beneficiary|delegate)$/

function paymentsIn({ pallet, name: call, args }: DecodedCall): readonly Payment[] {
  // Taking power from somebody gives nothing.
  if (call.startsWith('remove_')) return []
  const amount = typeof args['value'] === 'bigint' ? args['value'] : null
  return Object.entries(args).flatMap(([name, value]) => {
    if (typeof value !== 'string' || !looksLikeAccount(value)) return []
    if (KEEPING.includes(pallet) && !GIVING.test(name)) return []
    return [{ address: value, amountRao: pallet === 'Balances' ? amount : null }]
  })
}

function looksLikeAccount(text: string): boolean {
  return /^5[1-9A-HJ-NP-Za-km-z]{46,47}$/.test(text)
}
