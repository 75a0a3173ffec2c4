/** Amounts of TAO and alpha: integers in the smallest unit, parsed and printed exactly. */
import { BittensorError } from './errors.js'

declare const unit: unique symbol

/** An amount of TAO in RAO: 10⁹ RAO = 1 τ. Never negative. */
export type Rao = bigint & { readonly [unit]: 'rao' }

/** An amount of one subnet's alpha token, in its smallest unit (10⁻⁹ α). Not convertible to {@link Rao}. */
export type AlphaRao = bigint & { readonly [unit]: 'alpha' }

/**
 * RAO in one TAO.
 * @example
 * const whole = amount / RAO_PER_TAO
 */
export const RAO_PER_TAO = 1_000_000_000n

/** Largest value of the chain's 16-bit ratios, which stands for 1. */
export const U16_MAX = 65_535

const U64_MAX = (1n << 64n) - 1n

/**
 * Brands a bigint as RAO.
 * @throws {RangeError} when the value is negative.
 * @example
 * rao(1_500_000_000n) // τ1.5
 */
export function rao(value: bigint): Rao {
  if (value < 0n) throw new RangeError('an amount of RAO is never negative')
  return value as Rao
}

/**
 * Brands a bigint as alpha.
 * @throws {RangeError} when the value is negative.
 * @example
 * alphaRao(1_500_000_000n) // 1.5 alpha
 */
export function alphaRao(value: bigint): AlphaRao {
  if (value < 0n) throw new RangeError('an amount of alpha is never negative')
  return value as AlphaRao
}

/**
 * Reads an amount of TAO as people write it: `1.5`, `.5`, `τ1.5`, `1.5τ`, `1_000.5`, or `1500rao`. Exact.
 * @returns the amount in RAO, at most 2⁶⁴−1.
 * @throws {BittensorError} `BAD_AMOUNT` for anything else: signs, exponents, commas, a tenth decimal, more than u64.
 * @example
 * parseTao('1.001') // 1001000000n
 */
export function parseTao(text: string): Rao {
  const value = readAmount(text.trim())
  if (value > U64_MAX) throw badAmount(text, 'it is more than the chain can count (2⁶⁴−1 RAO)')
  return rao(value)
}

function readAmount(text: string): bigint {
  const inRao = /^(\d+(?:_\d+)*)\s*rao$/i.exec(text)?.[1]
  if (inRao !== undefined) return BigInt(inRao.replaceAll('_', ''))
  const bare = text.replace(/^τ\s*|\s*τ$/u, '')
  const parts = /^(\d+(?:_\d+)*)?(?:\.(\d+)?)?$/.exec(bare)
  const whole = parts?.[1]
  const fraction = parts?.[2]
  if (!parts || (whole === undefined && fraction === undefined)) {
    throw badAmount(text, 'write it as a plain decimal number of TAO such as 1.5')
  }
  if (fraction !== undefined && fraction.length > 9) {
    throw badAmount(text, 'TAO has 9 decimals; the smallest amount is 0.000000001')
  }
  return (
    BigInt((whole ?? '0').replaceAll('_', '')) * RAO_PER_TAO +
    BigInt((fraction ?? '').padEnd(9, '0') || '0')
  )
}

function badAmount(text: string, why: string): BittensorError {
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text
  return new BittensorError('BAD_AMOUNT', `\`${shown}\` is not an amount of TAO: ${why}`)
}

/**
 * Prints RAO as TAO without losing a digit: trailing zeros are dropped, no separators, no exponent.
 * @example
 * formatTao(rao(1_500_000_000n)) // '1.5'
 */
export function formatTao(amount: bigint, decimals: 'shortest' | 'full' = 'shortest'): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(10, '0')
  const whole = digits.slice(0, -9)
  const fraction = decimals === 'full' ? digits.slice(-9) : digits.slice(-9).replace(/0+$/, '')
  return `${amount < 0n ? '-' : ''}${whole}${fraction ? `.${fraction}` : ''}`
}

/**
 * Prints RAO as bittensor 5.3.1's Balance does: `τ1,234.567890123`.
 * @example
 * formatBalance(rao(1_234_567_890_123n)) // 'τ1,234.567890123'
 */
export function formatBalance(amount: bigint): string {
  const [whole, fraction] = formatTao(amount, 'full').split('.') as [string, string]
  return `τ${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${fraction}`
}
