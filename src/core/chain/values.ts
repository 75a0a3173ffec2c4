/** Narrows decoded values to what a read expects, and says so when a runtime keeps something else. */
import { BittensorError } from '../errors.js'
import type { Ss58 } from '../keys/ss58.js'
import { type Rao, rao } from '../units.js'
import type { ChainValue } from './types.js'

/** The value of absent `Owner`, `Keys` and `SubnetOwner` entries: 32 zero bytes. */
const NOBODY = '5C4hrfjw9DjXZTzV3MwzrrAr9P1MJhSrvWGWqi1eSuyUpnhM'

export function asNumber(value: ChainValue): number {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint' && value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value)
  throw unexpected('a number', value)
}

/** An integer; a fixed-point number, which the metadata describes as a struct around its bits, counts as those bits. */
export function asBigint(value: ChainValue): bigint {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number') return BigInt(value)
  if (typeof value === 'object' && 'bits' in value) return asBigint(value['bits'])
  throw unexpected('an integer', value)
}

export function asRao(value: ChainValue): Rao {
  return rao(asBigint(value))
}

export function asBoolean(value: ChainValue): boolean {
  if (typeof value === 'boolean') return value
  throw unexpected('true or false', value)
}

export function asText(value: ChainValue): string {
  if (typeof value === 'string') return value
  throw unexpected('text', value)
}

export function asAddress(value: ChainValue): Ss58 {
  return asText(value) as Ss58
}

/** An address, undefined for the all-zero account that stands for nobody. */
export function asOwner(value: ChainValue): Ss58 | undefined {
  return value === undefined || value === NOBODY ? undefined : asAddress(value)
}

export function asList(value: ChainValue): readonly ChainValue[] {
  if (Array.isArray(value)) return value as readonly ChainValue[]
  throw unexpected('a list', value)
}

export function asRecord(value: ChainValue): { readonly [name: string]: ChainValue } {
  if (typeof value === 'object' && !Array.isArray(value)) {
    return value as { readonly [name: string]: ChainValue }
  }
  throw unexpected('a record', value)
}

/** A field of a record that may be absent on some runtimes. */
export function fieldOf(value: ChainValue, name: string): ChainValue {
  return asRecord(value)[name]
}

function unexpected(wanted: string, value: ChainValue): BittensorError {
  return new BittensorError('RUNTIME_UNSUPPORTED', 'this chain keeps a value in an unknown form', {
    details: `${wanted} was expected, the chain has ${Array.isArray(value) ? 'a list' : typeof value}`,
  })
}
