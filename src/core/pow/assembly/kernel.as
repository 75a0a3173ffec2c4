// The inner loop of the proof of work: keccak256(sha256(message with a nonce)), many nonces per step.
//
// AssemblyScript, built by scripts/build-kernel.ts once with lanes.simd.as and once with lanes.scalar.as; not TypeScript,
// hence the ending. Four savings against hashing each nonce from scratch:
// - SHA-256: all blocks before the last are hashed once, and so is all of the last block's schedule that the nonce does
//   not reach;
// - Keccak: the five column parities are collected while a round writes its lanes, which keeps them, the differences and
//   a row within the 16 vector registers of x86-64, and the last round computes the one lane that decides;
// - only the top 64 bits are compared: the caller tests the rare hit exactly;
// - loops stay small: the engine's code for fully unrolled rounds is half as fast.
import {
  Word, Lane, WIDTH, HALVED, WORD, LANE, loadWord, storeWord, splatWord, countFrom, add, xor, and, or, shiftLeft,
  shiftRight, rotateRight, byteSwap, loadLane, storeLane, splatLane, loadSplatLane, xorLanes, without, rotateLeft,
  rotateLeftOne, rotateLeft8, rotateLeft56, byteSwapLane, joinFirst, joinSecond, atMost,
} from './lanes'

// How an index becomes a nonce. Written by job.js.
/** `register`: the nonce is the index; its 8 bytes start the only block. */
const REGISTER: u32 = 0
/** `pow_register`: the index's low 24 bits are the nonce's bytes 5 to 7 (the start of the last block), its other bits bytes 0 to 4. */
export const STRIDED: u32 = 1
/** `pow_register`: the nonce is the index, so that two blocks change; for ranges that somebody else has chosen. */
export const CONTIGUOUS: u32 = 2

// The job, 52 words: the mode, 1 if seals are little-endian numbers, the limit's low and high word, then the padded
// message's last block and, unless the mode is REGISTER, the block before it and its first block.
export const JOB = memory.data(52 * 4, 16)
const LAST_BLOCK = JOB + 4 * 4
const BLOCK_BEFORE = JOB + 20 * 4
const FIRST_BLOCK = JOB + 36 * 4

export const SCHEDULE = memory.data(64 * 16, 16)
const LAST_SCHEDULE = memory.data(64 * 16, 16)
/** What the fixed words add up to in words 16 to 37 of the schedule. */
const FIXED = memory.data(38 * 16, 16)
export const CONSTANTS = memory.data(64 * 16, 16)
export const START = memory.data(8 * 16, 16)
const MIDDLE = memory.data(8 * 16, 16)
export const DIGEST = memory.data(8 * 16, 16)
/** Keccak's state at the start, and two between rounds. */
export const PADDED = memory.data(25 * 16, 16)
export const EVEN = memory.data(25 * 16, 16)
export const ODD = memory.data(25 * 16, 16)

// FIPS 180-4, sections 5.3.3 and 4.2.2.
const SHA_START = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
])
export const SHA_CONSTANTS = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
])
// FIPS 202, section 3.2.5.
export const ROUND_CONSTANTS = memory.data<u64>([
  0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
  0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
  0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
  0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
  0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
  0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
])

for (let i: usize = 0; i < 64; i++) {
  storeWord(CONSTANTS + i * WORD, splatWord(load<u32>(SHA_CONSTANTS + i * 4)))
}
// Keccak's padding of a 32-byte message: a one after it, and the last bit of the 17th lane.
storeLane(PADDED + 4 * LANE, splatLane(1))
storeLane(PADDED + 16 * LANE, splatLane(0x8000000000000000))

/** The segment whose constant parts are in memory: computed once for a job, and again where another segment begins. */
let prepared: u64 = u64.MAX_VALUE

/** Where the caller writes a job, about to change. */
export function jobAddress(): usize {
  prepared = u64.MAX_VALUE
  return JOB
}

/** Tries `count` indices from `first` on (modulo 2⁶⁴). Returns the offset of the first hit, or `count`. */
export function scan(first: u64, count: u32): u32 {
  const mode = load<u32>(JOB)
  let done: u32 = 0
  while (done < count) {
    const index = first + done
    const length = enterSegment(index, count - done, mode)
    const offset = mode == CONTIGUOUS ? scanTwoBlocks(index, length) : scanOneBlock(index, length, mode)
    if (offset < length) return done + offset
    done += length
  }
  return count
}

/**
 * Prepares the segment of an index: within it only the low word of the index changes (STRIDED: its low three bytes).
 * Returns how many of the next `count` indices are in it.
 */
export function enterSegment(index: u64, count: u32, mode: u32): u32 {
  const segment: u64 = mode == STRIDED ? 1 << 24 : 1 << 32
  if (index / segment != prepared) {
    prepare(mode, index)
    prepared = index / segment
  }
  return u32(min<u64>(segment - (index & (segment - 1)), count))
}

/** Hashes what all indices of a segment share. */
function prepare(mode: u32, index: u64): void {
  hashFirstBlock(mode)
  if (mode == CONTIGUOUS) {
    splat(LAST_BLOCK, LAST_SCHEDULE, 16)
    storeWord(LAST_SCHEDULE, splatWord(bswap<u32>(u32(index >> 40)) | 0x80))
    expand(LAST_SCHEDULE, 16)
    splat(BLOCK_BEFORE, SCHEDULE, 16)
    return
  }
  if (mode == STRIDED) {
    fillBlockBefore(index >> 24)
    expand(SCHEDULE, 16)
    compress(SCHEDULE, START, START)
  }
  splat(LAST_BLOCK, SCHEDULE, 16)
  if (mode == REGISTER) storeWord(SCHEDULE + WORD, splatWord(bswap<u32>(u32(index >> 32))))
  sumFixedWords()
}

function scanOneBlock(index: u64, count: u32, mode: u32): u32 {
  const tail = tailOf(mode)
  const first = countOf(index, mode)
  for (let done: u32 = 0; done < count; done += WIDTH) {
    storeWord(SCHEDULE, or(byteSwap(countFrom(first + done)), splatWord(tail)))
    expandFromFirst()
    expand(SCHEDULE, 38)
    compress(SCHEDULE, START, DIGEST)
    const hits = hitsInDigest()
    if (hits) return min(count, done + ctz(hits))
  }
  return count
}

/** What counts within a segment: with its bytes swapped, and the tail, it is word 0 of the last block. */
@inline export function countOf(index: u64, mode: u32): u32 {
  return u32(mode == STRIDED ? index & 0xffffff : index)
}

/** Of STRIDED the nonce's last bytes are followed by SHA-256's one bit. */
@inline export function tailOf(mode: u32): u32 {
  return mode == STRIDED ? 0x80 : 0
}

function scanTwoBlocks(index: u64, count: u32): u32 {
  const high = splatWord(u32(index >> 32) & 0xff)
  const prefix = splatWord(load<u32>(BLOCK_BEFORE + 14 * 4))
  for (let done: u32 = 0; done < count; done += WIDTH) {
    const low = countFrom(u32(index) + done)
    storeWord(SCHEDULE + 14 * WORD, or(prefix, and(low, splatWord(0xff))))
    storeWord(SCHEDULE + 15 * WORD, or(shiftLeft(byteSwap(low), 8), high))
    expand(SCHEDULE, 16)
    compress(SCHEDULE, START, MIDDLE)
    compress(LAST_SCHEDULE, MIDDLE, DIGEST)
    const hits = hitsInDigest()
    if (hits) return min(count, done + ctz(hits))
  }
  return count
}

/** The state before the first block that the nonce reaches. */
function hashFirstBlock(mode: u32): void {
  splat(SHA_START, START, 8)
  if (mode == REGISTER) return
  splat(FIRST_BLOCK, SCHEDULE, 16)
  expand(SCHEDULE, 16)
  compress(SCHEDULE, START, START)
}

/** The block before the last, which ends with the nonce's bytes 0 to 4. */
function fillBlockBefore(nonce: u64): void {
  splat(BLOCK_BEFORE, SCHEDULE, 16)
  const prefix = load<u32>(BLOCK_BEFORE + 14 * 4)
  storeWord(SCHEDULE + 14 * WORD, splatWord(prefix | (u32(nonce) & 0xff)))
  storeWord(SCHEDULE + 15 * WORD, splatWord((bswap<u32>(u32(nonce)) << 8) | (u32(nonce >> 32) & 0xff)))
}

function splat(from: usize, to: usize, count: usize): void {
  for (let i: usize = 0; i < count; i++) storeWord(to + i * WORD, splatWord(load<u32>(from + i * 4)))
}

@inline export function word(schedule: usize, i: i32): Word {
  return loadWord(schedule + <usize>i * WORD)
}

@inline export function sigma0(x: Word): Word {
  return xor(xor(rotateRight(x, 7), rotateRight(x, 18)), shiftRight(x, 3))
}

@inline export function sigma1(x: Word): Word {
  return xor(xor(rotateRight(x, 17), rotateRight(x, 19)), shiftRight(x, 10))
}

function expand(schedule: usize, from: i32): void {
  for (let i = from; i < 64; i++) {
    const recent = add(sigma1(word(schedule, i - 2)), word(schedule, i - 7))
    const old = add(sigma0(word(schedule, i - 15)), word(schedule, i - 16))
    storeWord(schedule + <usize>i * WORD, add(recent, old))
  }
}

/** Whether a word of the schedule stays the same when only word 0 changes. */
@inline function isFixed(i: i32): bool {
  return (i > 0 && i < 16) || i == 17 || i == 19 || i == 21
}

function sumFixedWords(): void {
  for (let i = 16; i < 38; i++) {
    let sum = splatWord(0)
    if (isFixed(i - 2)) sum = add(sum, sigma1(word(SCHEDULE, i - 2)))
    if (isFixed(i - 7)) sum = add(sum, word(SCHEDULE, i - 7))
    if (isFixed(i - 15)) sum = add(sum, sigma0(word(SCHEDULE, i - 15)))
    if (isFixed(i - 16)) sum = add(sum, word(SCHEDULE, i - 16))
    storeWord(FIXED + <usize>i * WORD, sum)
    if (isFixed(i)) storeWord(SCHEDULE + <usize>i * WORD, sum)
  }
}

@inline function fixed(i: i32): Word {
  return loadWord(FIXED + <usize>i * WORD)
}

@inline function keep(i: i32, value: Word): Word {
  storeWord(SCHEDULE + <usize>i * WORD, value)
  return value
}

/** {@link expand} for words 16 to 37 when only word 0 has changed: what is fixed was added up by {@link sumFixedWords}. */
export function expandFromFirst(): void {
  const w16 = keep(16, add(word(SCHEDULE, 0), fixed(16)))
  const w18 = keep(18, add(sigma1(w16), fixed(18)))
  const w20 = keep(20, add(sigma1(w18), fixed(20)))
  const w22 = keep(22, add(sigma1(w20), fixed(22)))
  const w23 = keep(23, add(w16, fixed(23)))
  const w24 = keep(24, add(sigma1(w22), fixed(24)))
  const w25 = keep(25, add(add(sigma1(w23), w18), fixed(25)))
  const w26 = keep(26, add(sigma1(w24), fixed(26)))
  const w27 = keep(27, add(add(sigma1(w25), w20), fixed(27)))
  const w28 = keep(28, add(sigma1(w26), fixed(28)))
  const w29 = keep(29, add(add(sigma1(w27), w22), fixed(29)))
  const w30 = keep(30, add(add(sigma1(w28), w23), fixed(30)))
  const w31 = keep(31, add(add(add(sigma1(w29), w24), sigma0(w16)), fixed(31)))
  const w32 = keep(32, add(add(add(sigma1(w30), w25), w16), fixed(32)))
  const w33 = keep(33, add(add(add(sigma1(w31), w26), sigma0(w18)), fixed(33)))
  const w34 = keep(34, add(add(add(sigma1(w32), w27), w18), fixed(34)))
  const w35 = keep(35, add(add(add(sigma1(w33), w28), sigma0(w20)), fixed(35)))
  keep(36, add(add(add(sigma1(w34), w29), w20), fixed(36)))
  keep(37, add(add(add(sigma1(w35), w30), sigma0(w22)), fixed(37)))
}

/** What a round adds of the message. */
@inline function input(schedule: usize, i: i32): Word {
  return add(word(schedule, i), word(CONSTANTS, i))
}

@inline export function temporary1(e: Word, f: Word, g: Word, h: Word, input: Word): Word {
  const sum = xor(xor(rotateRight(e, 6), rotateRight(e, 11)), rotateRight(e, 25))
  const choice = xor(g, and(e, xor(f, g)))
  return add(add(add(h, input), choice), sum)
}

/** The majority of a, b and c is b ^ ((a ^ b) & (b ^ c)); the round before has computed b ^ c as its a ^ b. */
@inline export function temporary2(a: Word, b: Word, ab: Word, bc: Word): Word {
  const sum = xor(xor(rotateRight(a, 2), rotateRight(a, 13)), rotateRight(a, 22))
  return add(sum, xor(b, and(ab, bc)))
}

/** SHA-256's compression of a schedule into the state at `from`. */
function compress(schedule: usize, from: usize, to: usize): void {
  let a = word(from, 0), b = word(from, 1), c = word(from, 2), d = word(from, 3)
  let e = word(from, 4), f = word(from, 5), g = word(from, 6), h = word(from, 7)
  let t: Word, x: Word, y: Word = xor(b, c)
  // Eight rounds bring the names a to h back to where they were, so nothing moves between registers.
  for (let i = 0; i < 64; i += 8) {
    t = temporary1(e, f, g, h, input(schedule, i)); d = add(d, t); x = xor(a, b); h = add(t, temporary2(a, b, x, y))
    t = temporary1(d, e, f, g, input(schedule, i + 1)); c = add(c, t); y = xor(h, a); g = add(t, temporary2(h, a, y, x))
    t = temporary1(c, d, e, f, input(schedule, i + 2)); b = add(b, t); x = xor(g, h); f = add(t, temporary2(g, h, x, y))
    t = temporary1(b, c, d, e, input(schedule, i + 3)); a = add(a, t); y = xor(f, g); e = add(t, temporary2(f, g, y, x))
    t = temporary1(a, b, c, d, input(schedule, i + 4)); h = add(h, t); x = xor(e, f); d = add(t, temporary2(e, f, x, y))
    t = temporary1(h, a, b, c, input(schedule, i + 5)); g = add(g, t); y = xor(d, e); c = add(t, temporary2(d, e, y, x))
    t = temporary1(g, h, a, b, input(schedule, i + 6)); f = add(f, t); x = xor(c, d); b = add(t, temporary2(c, d, x, y))
    t = temporary1(f, g, h, a, input(schedule, i + 7)); e = add(e, t); y = xor(b, c); a = add(t, temporary2(b, c, y, x))
  }
  storeWord(to, add(a, word(from, 0)))
  storeWord(to + WORD, add(b, word(from, 1)))
  storeWord(to + 2 * WORD, add(c, word(from, 2)))
  storeWord(to + 3 * WORD, add(d, word(from, 3)))
  storeWord(to + 4 * WORD, add(e, word(from, 4)))
  storeWord(to + 5 * WORD, add(f, word(from, 5)))
  storeWord(to + 6 * WORD, add(g, word(from, 6)))
  storeWord(to + 7 * WORD, add(h, word(from, 7)))
}

/** One bit for each nonce of the step whose seal's top 64 bits are within the limit. */
function hitsInDigest(): u32 {
  const little = load<u32>(JOB + 4)
  const limit = load<u64>(JOB + 8)
  const d0 = byteSwap(word(DIGEST, 0)), d1 = byteSwap(word(DIGEST, 1)), d2 = byteSwap(word(DIGEST, 2))
  const d3 = byteSwap(word(DIGEST, 3)), d4 = byteSwap(word(DIGEST, 4)), d5 = byteSwap(word(DIGEST, 5))
  const d6 = byteSwap(word(DIGEST, 6)), d7 = byteSwap(word(DIGEST, 7))
  const first = sealTop(joinFirst(d0, d1), joinFirst(d2, d3), joinFirst(d4, d5), joinFirst(d6, d7), little)
  let hits = atMost(first, limit)
  if (HALVED) {
    const second = sealTop(joinSecond(d0, d1), joinSecond(d2, d3), joinSecond(d4, d5), joinSecond(d6, d7), little)
    hits |= atMost(second, limit) << 2
  }
  return hits
}

@inline export function lane(state: usize, i: usize): Lane {
  return loadLane(state + i * LANE)
}

/** A lane after chi, also stored. */
@inline function chi(state: usize, i: usize, b0: Lane, b1: Lane, b2: Lane): Lane {
  const value = xorLanes(b0, without(b1, b2))
  storeLane(state + i * LANE, value)
  return value
}

/** The top 64 bits, as a number, of the Keccak-256 hash of four lanes. */
function sealTop(m0: Lane, m1: Lane, m2: Lane, m3: Lane, little: u32): Lane {
  storeLane(PADDED, m0)
  storeLane(PADDED + LANE, m1)
  storeLane(PADDED + 2 * LANE, m2)
  storeLane(PADDED + 3 * LANE, m3)
  let c0 = m0, c1 = xorLanes(m1, splatLane(0x8000000000000000)), c2 = m2, c3 = m3, c4 = splatLane(1)
  let from = PADDED, to = EVEN, next = ODD
  for (let round: usize = 0; round < 23; round++) {
    const e0 = xorLanes(c4, rotateLeftOne(c1)), e1 = xorLanes(c0, rotateLeftOne(c2))
    const e2 = xorLanes(c1, rotateLeftOne(c3)), e3 = xorLanes(c2, rotateLeftOne(c4))
    const e4 = xorLanes(c3, rotateLeftOne(c0))

    let b0 = xorLanes(lane(from, 0), e0)
    let b1 = rotateLeft(xorLanes(lane(from, 6), e1), 44)
    let b2 = rotateLeft(xorLanes(lane(from, 12), e2), 43)
    let b3 = rotateLeft(xorLanes(lane(from, 18), e3), 21)
    let b4 = rotateLeft(xorLanes(lane(from, 24), e4), 14)
    c0 = chi(to, 0, xorLanes(b0, loadSplatLane(ROUND_CONSTANTS + round * 8)), b1, b2)
    c1 = chi(to, 1, b1, b2, b3)
    c2 = chi(to, 2, b2, b3, b4)
    c3 = chi(to, 3, b3, b4, b0)
    c4 = chi(to, 4, b4, b0, b1)

    b0 = rotateLeft(xorLanes(lane(from, 3), e3), 28)
    b1 = rotateLeft(xorLanes(lane(from, 9), e4), 20)
    b2 = rotateLeft(xorLanes(lane(from, 10), e0), 3)
    b3 = rotateLeft(xorLanes(lane(from, 16), e1), 45)
    b4 = rotateLeft(xorLanes(lane(from, 22), e2), 61)
    c0 = xorLanes(c0, chi(to, 5, b0, b1, b2))
    c1 = xorLanes(c1, chi(to, 6, b1, b2, b3))
    c2 = xorLanes(c2, chi(to, 7, b2, b3, b4))
    c3 = xorLanes(c3, chi(to, 8, b3, b4, b0))
    c4 = xorLanes(c4, chi(to, 9, b4, b0, b1))

    b0 = rotateLeftOne(xorLanes(lane(from, 1), e1))
    b1 = rotateLeft(xorLanes(lane(from, 7), e2), 6)
    b2 = rotateLeft(xorLanes(lane(from, 13), e3), 25)
    b3 = rotateLeft8(xorLanes(lane(from, 19), e4))
    b4 = rotateLeft(xorLanes(lane(from, 20), e0), 18)
    c0 = xorLanes(c0, chi(to, 10, b0, b1, b2))
    c1 = xorLanes(c1, chi(to, 11, b1, b2, b3))
    c2 = xorLanes(c2, chi(to, 12, b2, b3, b4))
    c3 = xorLanes(c3, chi(to, 13, b3, b4, b0))
    c4 = xorLanes(c4, chi(to, 14, b4, b0, b1))

    b0 = rotateLeft(xorLanes(lane(from, 4), e4), 27)
    b1 = rotateLeft(xorLanes(lane(from, 5), e0), 36)
    b2 = rotateLeft(xorLanes(lane(from, 11), e1), 10)
    b3 = rotateLeft(xorLanes(lane(from, 17), e2), 15)
    b4 = rotateLeft56(xorLanes(lane(from, 23), e3))
    c0 = xorLanes(c0, chi(to, 15, b0, b1, b2))
    c1 = xorLanes(c1, chi(to, 16, b1, b2, b3))
    c2 = xorLanes(c2, chi(to, 17, b2, b3, b4))
    c3 = xorLanes(c3, chi(to, 18, b3, b4, b0))
    c4 = xorLanes(c4, chi(to, 19, b4, b0, b1))

    b0 = rotateLeft(xorLanes(lane(from, 2), e2), 62)
    b1 = rotateLeft(xorLanes(lane(from, 8), e3), 55)
    b2 = rotateLeft(xorLanes(lane(from, 14), e4), 39)
    b3 = rotateLeft(xorLanes(lane(from, 15), e0), 41)
    b4 = rotateLeft(xorLanes(lane(from, 21), e1), 2)
    c0 = xorLanes(c0, chi(to, 20, b0, b1, b2))
    c1 = xorLanes(c1, chi(to, 21, b1, b2, b3))
    c2 = xorLanes(c2, chi(to, 22, b2, b3, b4))
    c3 = xorLanes(c3, chi(to, 23, b3, b4, b0))
    c4 = xorLanes(c4, chi(to, 24, b4, b0, b1))

    from = to
    to = next
    next = from
  }

  return decidingLane(from, c0, c1, c2, c3, c4, little)
}

/** The last round, as far as the deciding lane needs it: lane 3 if the seal is little-endian, else lane 0. */
@inline export function decidingLane(
  from: usize, c0: Lane, c1: Lane, c2: Lane, c3: Lane, c4: Lane, little: u32,
): Lane {
  const b0 = xorLanes(lane(from, 0), xorLanes(c4, rotateLeftOne(c1)))
  if (little) {
    const b3 = rotateLeft(xorLanes(lane(from, 18), xorLanes(c2, rotateLeftOne(c4))), 21)
    const b4 = rotateLeft(xorLanes(lane(from, 24), xorLanes(c3, rotateLeftOne(c0))), 14)
    return xorLanes(b3, without(b4, b0))
  }
  const b1 = rotateLeft(xorLanes(lane(from, 6), xorLanes(c0, rotateLeftOne(c2))), 44)
  const b2 = rotateLeft(xorLanes(lane(from, 12), xorLanes(c1, rotateLeftOne(c3))), 43)
  const constant = loadSplatLane(ROUND_CONSTANTS + 23 * 8)
  return byteSwapLane(xorLanes(xorLanes(b0, constant), without(b1, b2)))
}
