/** Numbers as tables show them. Money is cut from exact integers; ratios are the chain's u16 fractions. */
import { U16_MAX } from '../core/units.js'

const RAO_DIGITS = 9

/**
 * RAO as TAO with a fixed number of decimals, rounded half up; what would round to zero is shown as `<0.00001`.
 * @example
 * taoFixed(1_500_000_000n, 5) // '1.50000'
 */
export function taoFixed(amount: bigint, decimals: number): string {
  const unit = 10n ** BigInt(RAO_DIGITS - decimals)
  const rounded = (amount + unit / 2n) / unit
  if (rounded === 0n && amount > 0n) return `<0.${'1'.padStart(decimals, '0')}`
  const digits = `${rounded}`.padStart(decimals + 1, '0')
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}

/** A u16 ratio with five decimals, `0.49999`. */
export function ratio(value: number): string {
  return (value / U16_MAX).toFixed(5)
}

/** `1.02 K`, `198.08 T`: two decimals and a suffix by powers of a thousand, exact for any bigint. */
export function millify(value: number | bigint): string {
  const exact = BigInt(value)
  const suffixes = ['', ' K', ' M', ' B', ' T']
  let power = 0
  while (power < suffixes.length - 1 && exact >= 1000n ** BigInt(power + 1)) power += 1
  const hundredths = (exact * 100n + 1000n ** BigInt(power) / 2n) / 1000n ** BigInt(power)
  const whole = hundredths / 100n
  return `${whole}.${`${hundredths % 100n}`.padStart(2, '0')}${suffixes[power]}`
}

/** Digits in groups of three, joined by `_` as bittensor 5.3.1 writes RAO. */
export function grouped(value: bigint, separator = '_'): string {
  return `${value}`.replace(/\B(?=(\d{3})+$)/g, separator)
}

/** A share of a whole as a percentage with two decimals; 0 of 0 is 0. */
export function percent(part: bigint, whole: bigint): string {
  if (whole === 0n) return '0.00%'
  const hundredths = (part * 10_000n + whole / 2n) / whole
  return `${hundredths / 100n}.${`${hundredths % 100n}`.padStart(2, '0')}%`
}
