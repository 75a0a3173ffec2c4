/**
 * Fixed-point numbers as bigints: 64 fractional bits for square-root prices and shares, 32 for prices and emissions.
 * Products are floored, quotients cut, a division by 0 gives 0 and what is too large stays at the largest value.
 */

export const U64_MAX = (1n << 64n) - 1n
const U128_MAX = (1n << 128n) - 1n

/** 1 with 64 fractional bits. */
export const ONE64 = 1n << 64n
/** 1 with 32 fractional bits. */
export const ONE32 = 1n << 32n

const capped = (value: bigint): bigint => (value > U128_MAX ? U128_MAX : value)

export const mul64 = (a: bigint, b: bigint): bigint => capped((a * b) >> 64n)
export const div64 = (a: bigint, b: bigint): bigint => (b === 0n ? 0n : capped((a << 64n) / b))
export const add64 = (a: bigint, b: bigint): bigint => capped(a + b)
/** a − b, never below 0. */
export const less = (a: bigint, b: bigint): bigint => (a > b ? a - b : 0n)
/** An integer with 64 fractional bits. */
export const toFixed64 = (value: bigint): bigint => capped(value << 64n)
/** The integer part, at most 2^64 − 1. */
export function fromFixed64(value: bigint): bigint {
  const whole = value >> 64n
  return whole > U64_MAX ? U64_MAX : whole
}

export const mul32 = (a: bigint, b: bigint): bigint => (a * b) >> 32n
export const div32 = (a: bigint, b: bigint): bigint => (b === 0n ? 0n : (a << 32n) / b)
/** An integer with 32 fractional bits. */
export const toFixed32 = (value: bigint): bigint => value << 32n
/** The integer part, at most 2^64 − 1. */
export function fromFixed32(value: bigint): bigint {
  const whole = value >> 32n
  return whole > U64_MAX ? U64_MAX : whole
}

/** A proportion of 2^64 − 1 with 32 fractional bits. */
export const shareOfU64 = (value: bigint): bigint => div32(toFixed32(value), toFixed32(U64_MAX))
/** A proportion of 65535 with 32 fractional bits. */
export const shareOfU16 = (value: number): bigint =>
  div32(toFixed32(BigInt(value)), toFixed32(65_535n))

export const minBig = (a: bigint, b: bigint): bigint => (a < b ? a : b)

/** Halving the interval more often than this changes nothing. */
const MAX_HALVINGS = 128

/**
 * The square root of a number with 64 fractional bits by bisection, as the chain does it: until the guess and the
 * quotient by it are within `epsilon`.
 */
export function sqrt64(value: bigint, epsilon: bigint): bigint {
  let [low, high] = value > ONE64 ? [0n, value] : [value, ONE64]
  let middle = (low + high) >> 1n
  let check = div64(value, middle)
  for (let i = 0; i <= MAX_HALVINGS && distance(check, middle) > epsilon; i++) {
    if (check < middle) high = middle
    else low = middle
    middle = (low + high) >> 1n
    check = div64(value, middle)
  }
  return middle
}

const distance = (a: bigint, b: bigint): bigint => (a > b ? a - b : b - a)

/** The integer square root, floored. */
export function integerSqrt(value: bigint): bigint {
  if (value < 2n) return value
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1)
  for (;;) {
    const next = (root + value / root) >> 1n
    if (next >= root) return root
    root = next
  }
}
