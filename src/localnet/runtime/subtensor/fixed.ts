/**
 * Fixed-point arithmetic of the runtime, exact to the last bit.
 *
 * A number with f fractional bits is an integer v meaning v/2^f. Products are floored, quotients cut toward zero
 * (all divisors here are positive). Values with 32 fractional bits are plain numbers, because an epoch has hundreds of
 * thousands of them; the helpers split operands so that no intermediate passes 2^53, and fall back to bigints where
 * operands are too large for that. Values with 64 fractional bits are bigints.
 */

/** 1 with 32 fractional bits. */
export const ONE32 = 2 ** 32
/** 1 with 64 fractional bits. */
export const ONE64 = 1n << 64n

const HALF_WORD = 2 ** 16
/** Operands below this keep every intermediate of {@link mul32} and {@link div32} below 2^53. */
const SAFE = 2 ** 36

/** floor(a·b) with 32 fractional bits. */
export function mul32(a: number, b: number): number {
  if (a < 0 || b < 0 || a > SAFE || b > SAFE) return Number((BigInt(a) * BigInt(b)) >> 32n)
  const low = a % HALF_WORD
  const high = (a - low) / HALF_WORD
  if (high * b < Number.MAX_SAFE_INTEGER - SAFE) {
    return Math.floor((high * b + Math.floor((low * b) / HALF_WORD)) / HALF_WORD)
  }
  return Number((BigInt(a) * BigInt(b)) >> 32n)
}

/** a/b with 32 fractional bits, cut; b is positive. */
export function div32(a: number, b: number): number {
  if (a < 0 || a > SAFE || b > SAFE) return Number((BigInt(a) << 32n) / BigInt(b))
  const scaled = a * HALF_WORD
  const high = floorDiv(scaled, b)
  return high * HALF_WORD + floorDiv((scaled - high * b) * HALF_WORD, b)
}

/** floor(a/b) of integers of at most 2^53; the quotient of doubles may be one too high. */
export function floorDiv(a: number, b: number): number {
  const guess = Math.floor(a / b)
  return guess * b > a ? guess - 1 : guess
}

/** floor of a 32-bit share times 65535: how proportions are stored. */
export function toU16(share: number): number {
  return Math.floor((share * 65_535) / ONE32)
}

/** floor(share · amount): a 32-bit share of an integer amount. */
export function shareOf(share: number, amount: bigint): bigint {
  return (BigInt(share) * amount) >> 32n
}

/** A proportion of 65535 with 32 fractional bits, cut. */
export function fromU16(value: number): number {
  return floorDiv(value * ONE32, 65_535)
}

/** Divides each value by the sum, unless that is 0. */
export function normalize32(values: readonly number[]): number[] {
  const sum = total(values)
  return sum === 0 ? [...values] : values.map((value) => div32(value, sum))
}

/** Sum of numbers. */
export function total(values: Iterable<number>): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}

/** floor(a·b) with 64 fractional bits. */
export const mul64 = (a: bigint, b: bigint): bigint => (a * b) >> 64n

/** a/b with 64 fractional bits, cut. */
export const div64 = (a: bigint, b: bigint): bigint => (a << 64n) / b

/** Divides each by the sum with 64 fractional bits; integers may be given as they are. Untouched when the sum is 0. */
export function normalize64(values: readonly bigint[]): bigint[] {
  const sum = values.reduce((a, b) => a + b, 0n)
  return sum === 0n ? [...values] : values.map((value) => div64(value, sum))
}

/** e^y for y ≠ 0 with 64 fractional bits: the series of 63 terms the runtime's library adds up. */
export function exp64(y: bigint): bigint {
  if (y === 0n) return ONE64
  if (y === ONE64) return EULER
  const magnitude = y < 0n ? -y : y
  let sum = ONE64 + magnitude
  let term = magnitude
  for (let i = 2n; i < 64n; i++) {
    term = mul64(term, magnitude) / i
    sum += term
  }
  return y < 0n ? div64(ONE64, sum) : sum
}

/** The constant the library returns for e itself: 22802600/2^23. */
const EULER = 22_802_600n << 41n

/** The most that 64 bits hold. */
export const U64_MAX = (1n << 64n) - 1n

/** a + b, at most 2^64 − 1. */
export const addU64 = (a: bigint, b: bigint): bigint => (a + b > U64_MAX ? U64_MAX : a + b)
/** a − b, at least 0. */
export const subU64 = (a: bigint, b: bigint): bigint => (a > b ? a - b : 0n)
/** A whole number as 16 bits hold it: the runtime's sums of u16 begin again at 0. */
export const wrapU16 = (value: number): number => value & 0xffff
/** The larger of two. */
export const maxBig = (a: bigint, b: bigint): bigint => (a > b ? a : b)
