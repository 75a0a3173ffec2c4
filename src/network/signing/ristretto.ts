/**
 * Ristretto255 (RFC 9496) on top of a native ed25519 library. Only public values pass through here: the checks of signatures.
 */

const P = 2n ** 255n - 19n
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n
const SQRT_MINUS_ONE =
  19681161376707505956807079304988542015446066515923890162744021073123829784752n
const INVSQRT_A_MINUS_D =
  54469307008909316920995813868745141605393597292927456921205312896311721017578n

/** A point of edwards25519 in affine coordinates. */
export type Point = { readonly x: bigint; readonly y: bigint }

const mod = (value: bigint): bigint => {
  const rest = value % P
  return rest < 0n ? rest + P : rest
}
const isNegative = (value: bigint): boolean => (value & 1n) === 1n
const absolute = (value: bigint): bigint => (isNegative(value) ? P - value : value)

/** 1/√value times a fourth root of unity, and whether value was a square: RFC 9496, SQRT_RATIO_M1 with u = 1. */
function inverseSqrt(value: bigint): { wasSquare: boolean; root: bigint } {
  const v3 = mod(mod(value * value) * value)
  const v7 = mod(mod(v3 * v3) * value)
  let root = mod(v3 * powP58(v7))
  const check = mod(value * mod(root * root))
  const isFlipped = check === P - 1n
  if (isFlipped || check === mod(-SQRT_MINUS_ONE)) root = mod(root * SQRT_MINUS_ONE)
  return { wasSquare: check === 1n || isFlipped, root: absolute(root) }
}

/** value^((p − 5) / 8) = value^(2²⁵² − 3). */
function powP58(value: bigint): bigint {
  const x2 = mod(mod(value * value) * value)
  const x4 = mod(squared(x2, 2) * x2)
  const x5 = mod(squared(x4, 1) * value)
  const x10 = mod(squared(x5, 5) * x5)
  const x20 = mod(squared(x10, 10) * x10)
  const x40 = mod(squared(x20, 20) * x20)
  const x80 = mod(squared(x40, 40) * x40)
  const x160 = mod(squared(x80, 80) * x80)
  const x240 = mod(squared(x160, 80) * x80)
  const x250 = mod(squared(x240, 10) * x10)
  return mod(squared(x250, 2) * value)
}

function squared(value: bigint, times: number): bigint {
  let result = value
  for (let i = 0; i < times; i++) result = (result * result) % P
  return result
}

/** The point of a ristretto encoding, or undefined when the 32 bytes are none. */
export function decodeRistretto(bytes: Uint8Array): Point | undefined {
  const s = fromLittleEndian(bytes)
  if (s >= P || isNegative(s)) return undefined
  const ss = mod(s * s)
  const u1 = mod(1n - ss)
  const u2 = mod(1n + ss)
  const u2u2 = mod(u2 * u2)
  const v = mod(-D * mod(u1 * u1) - u2u2)
  const { wasSquare, root } = inverseSqrt(mod(v * u2u2))
  const dx = mod(root * u2)
  const dy = mod(mod(root * dx) * v)
  const x = absolute(mod(2n * s * dx))
  const y = mod(u1 * dy)
  if (!wasSquare || isNegative(mod(x * y)) || y === 0n) return undefined
  return { x, y }
}

/** The ristretto encoding of a point (its whole coset of four has the same). */
export function encodeRistretto({ x, y }: Point): Uint8Array {
  const u1 = mod((1n + y) * (1n - y))
  const u2 = mod(x * y)
  const { root } = inverseSqrt(mod(u1 * mod(u2 * u2)))
  const d1 = mod(root * u1)
  const d2 = mod(root * u2)
  const zInverse = mod(d1 * mod(d2 * mod(x * y)))
  const rotate = isNegative(mod(mod(x * y) * zInverse))
  const x1 = rotate ? mod(y * SQRT_MINUS_ONE) : x
  const y1 = rotate ? mod(x * SQRT_MINUS_ONE) : y
  const inverse = rotate ? mod(d1 * INVSQRT_A_MINUS_D) : d2
  const yFinal = isNegative(mod(x1 * zInverse)) ? mod(-y1) : y1
  return toLittleEndian(absolute(mod(inverse * (1n - yFinal))))
}

/** The usual 32-byte form of an edwards25519 point: y, and the sign of x in the top bit. */
export function compressEdwards({ x, y }: Point): Uint8Array {
  const bytes = toLittleEndian(y)
  if (isNegative(x)) bytes[31] = (bytes[31] ?? 0) | 0x80
  return bytes
}

/** The four points that share one ristretto encoding. */
export function cosetOf({ x, y }: Point): Point[] {
  const ix = mod(x * SQRT_MINUS_ONE)
  const iy = mod(y * SQRT_MINUS_ONE)
  return [
    { x, y },
    { x: mod(-x), y: mod(-y) },
    { x: iy, y: ix },
    { x: mod(-iy), y: mod(-ix) },
  ]
}

/** (√−1, 0), a point of order four, compressed: adding it to (x, y) gives (√−1·y, √−1·x). */
export const QUARTER_TURN = compressEdwards({ x: SQRT_MINUS_ONE, y: 0n })

/**
 * The point of a compressed form, given the compressed form of the same point a quarter turn on: x is read from there,
 * which saves the square root.
 */
export function pointFromTurned(compressed: Uint8Array, turned: Uint8Array): Point {
  return {
    x: mod(-SQRT_MINUS_ONE * yOf(turned)),
    y: yOf(compressed),
  }
}

function yOf(compressed: Uint8Array): bigint {
  return fromLittleEndian(compressed) & ((1n << 255n) - 1n)
}

function fromLittleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`)
}

function toLittleEndian(value: bigint): Uint8Array {
  return new Uint8Array(Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse())
}
