/** Parameters of a call, checked one by one. */
import { fromHex } from '../bytes.js'
import { invalidParams } from './errors.js'

/** The positional parameters. Missing ones are undefined; null counts as missing. */
export type Params = readonly unknown[]

const HEX = /^(?:0x)?((?:[0-9a-fA-F]{2})*)$/
const HASH = /^0x[0-9a-fA-F]{64}$/

/** Whether a parameter was given. */
export function given(params: Params, index: number): boolean {
  return params[index] !== undefined && params[index] !== null
}

/** Hex of any length, in lower case without `0x`. */
export function hexParam(params: Params, index: number): string {
  return hexOf(params[index], `parameter ${index + 1}`)
}

/** Hex as bytes. */
export function bytesParam(params: Params, index: number): Uint8Array {
  return fromHex(`0x${hexParam(params, index)}`)
}

/** Hex as bytes where `0x` may be left out, as the newer methods and `state_call` have it. */
export function plainBytesParam(params: Params, index: number): Uint8Array {
  const value = params[index]
  const full = typeof value === 'string' && !value.startsWith('0x') ? `0x${value}` : value
  return fromHex(`0x${hexOf(full, `parameter ${index + 1}`)}`)
}

/** Hex of a value within a parameter, in lower case without `0x`. */
/** Hex of a value within a parameter, in lower case without `0x`; real nodes do not insist on the `0x` either. */
export function hexOf(value: unknown, what: string): string {
  const digits = typeof value === 'string' ? HEX.exec(value)?.[1] : undefined
  if (digits !== undefined) return digits.toLowerCase()
  throw invalidParams(`${what} must be hex with an even number of digits after 0x`)
}

/** A block hash, if given. */
export function hashParam(params: Params, index: number): string | undefined {
  if (!given(params, index)) return undefined
  const value = params[index]
  if (typeof value === 'string' && HASH.test(value)) return value.toLowerCase()
  throw invalidParams(`parameter ${index + 1} must be a hash of 32 bytes`)
}

export function textParam(params: Params, index: number): string {
  const value = params[index]
  if (typeof value === 'string') return value
  throw invalidParams(`parameter ${index + 1} must be a text`)
}

/** A whole number from 0 up to u32. */
export function countParam(params: Params, index: number): number {
  return countOf(params[index], `parameter ${index + 1}`)
}

/** A whole number from 0 up to u32, as a number or as hex. */
export function countOf(value: unknown, what: string): number {
  const number =
    typeof value === 'string' && /^0x[0-9a-fA-F]{1,8}$/.test(value) ? Number(value) : value
  if (typeof number === 'number' && Number.isInteger(number) && number >= 0 && number < 2 ** 32) {
    return number
  }
  throw invalidParams(`${what} must be a whole number from 0 to 4294967295`)
}

export function listParam(params: Params, index: number): readonly unknown[] {
  const value = params[index]
  if (Array.isArray(value)) return value
  throw invalidParams(`parameter ${index + 1} must be a list`)
}
