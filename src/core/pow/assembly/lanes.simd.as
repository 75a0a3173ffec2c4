// Four nonces side by side: a 128-bit vector is four SHA-256 words or two Keccak lanes.

/** A 32-bit word of SHA-256 for each nonce of a step. */
export type Word = v128
/** A 64-bit lane of Keccak for each nonce of a half step. */
export type Lane = v128

/** Nonces in one step. */
export const WIDTH: u32 = 4
/** Whether a step needs a second run of Keccak: SHA-256 is twice as wide. */
export const HALVED: bool = true
/** Bytes of a Word in memory. */
export const WORD: usize = 16
/** Bytes of a Lane in memory. */
export const LANE: usize = 16

@inline export function loadWord(at: usize): Word { return v128.load(at) }
@inline export function storeWord(at: usize, value: Word): void { v128.store(at, value) }
@inline export function splatWord(value: u32): Word { return i32x4.splat(value) }
/** `first`, `first + 1`, …: one for each nonce. */
@inline export function countFrom(first: u32): Word {
  return i32x4.add(i32x4.splat(first), i32x4(0, 1, 2, 3))
}

@inline export function add(a: Word, b: Word): Word { return i32x4.add(a, b) }
@inline export function xor(a: Word, b: Word): Word { return v128.xor(a, b) }
@inline export function and(a: Word, b: Word): Word { return v128.and(a, b) }
@inline export function or(a: Word, b: Word): Word { return v128.or(a, b) }
@inline export function shiftLeft(a: Word, by: i32): Word { return i32x4.shl(a, by) }
@inline export function shiftRight(a: Word, by: i32): Word { return i32x4.shr_u(a, by) }
@inline export function rotateRight(a: Word, by: i32): Word {
  return v128.or(i32x4.shr_u(a, by), i32x4.shl(a, 32 - by))
}
// Bytes are moved by masks in memory: of a constant mask the engine makes a new one each time, which takes longer than it saves.
const SWAP = memory.data<u8>([3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12], 16)
@inline export function byteSwap(a: Word): Word { return i8x16.swizzle(a, v128.load(SWAP)) }

@inline export function loadLane(at: usize): Lane { return v128.load(at) }
@inline export function storeLane(at: usize, value: Lane): void { v128.store(at, value) }
@inline export function splatLane(value: u64): Lane { return i64x2.splat(value) }
@inline export function loadSplatLane(at: usize): Lane { return v128.load64_splat(at) }

@inline export function xorLanes(a: Lane, b: Lane): Lane { return v128.xor(a, b) }
/** The bits of `b` that are not in `a`. */
@inline export function without(a: Lane, b: Lane): Lane { return v128.andnot(b, a) }
@inline export function rotateLeft(a: Lane, by: i32): Lane {
  return v128.or(i64x2.shl(a, by), i64x2.shr_u(a, 64 - by))
}
const LEFT_8 = memory.data<u8>([7, 0, 1, 2, 3, 4, 5, 6, 15, 8, 9, 10, 11, 12, 13, 14], 16)
const LEFT_56 = memory.data<u8>([1, 2, 3, 4, 5, 6, 7, 0, 9, 10, 11, 12, 13, 14, 15, 8], 16)
@inline export function rotateLeft8(a: Lane): Lane { return i8x16.swizzle(a, v128.load(LEFT_8)) }
@inline export function rotateLeft56(a: Lane): Lane { return i8x16.swizzle(a, v128.load(LEFT_56)) }
/** An addition in place of the shift: processors have more units for it. */
@inline export function rotateLeftOne(a: Lane): Lane {
  return v128.or(i64x2.add(a, a), i64x2.shr_u(a, 63))
}
@inline export function byteSwapLane(a: Lane): Lane {
  return v128.shuffle<u8>(a, a, 7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8)
}
/** Lanes from low and high words: of the first half of the nonces. */
@inline export function joinFirst(low: Word, high: Word): Lane {
  return v128.shuffle<u32>(low, high, 0, 4, 1, 5)
}
/** Lanes from low and high words: of the second half of the nonces. */
@inline export function joinSecond(low: Word, high: Word): Lane {
  return v128.shuffle<u32>(low, high, 2, 6, 3, 7)
}

/** One bit per nonce, set where `value <= limit`. SIMD compares signed numbers only, hence the flipped top bits. */
@inline export function atMost(value: Lane, limit: u64): u32 {
  const flipped = v128.xor(value, i64x2.splat(0x8000000000000000))
  return i64x2.bitmask(i64x2.gt_s(flipped, i64x2.splat(limit ^ 0x8000000000000000))) ^ 3
}
