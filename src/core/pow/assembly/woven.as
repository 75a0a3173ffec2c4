// Nine nonces per step: eight in vectors and, between their instructions, one in plain integers.
//
// Vectors keep three of a processor's units busy, and the search is as fast as these; processors that begin six or more
// instructions at a time have others to spare. A plain nonce takes more instructions than one in vectors, so that only about
// one in nine is free. Where less than that is idle this is no faster: scanner.js takes what is.
//
// The engine keeps the order in which the source stores, and a processor looks ahead no more than some hundred instructions:
// statements have to alternate. scripts/weave-kernel.ts writes the two functions in which they do, compressWoven and sealTopWoven.
import {
  Word, Lane, WORD, LANE, storeWord, splatWord, countFrom, add, xor, or, byteSwap, loadLane, storeLane, splatLane,
  loadSplatLane, xorLanes, without, rotateLeft, rotateLeftOne, rotateLeft8, rotateLeft56, joinFirst, joinSecond, atMost,
  loadWord,
} from './lanes'
import {
  CONTIGUOUS, JOB, SCHEDULE, CONSTANTS, START, DIGEST, PADDED, EVEN, ODD, SHA_CONSTANTS, ROUND_CONSTANTS, scan,
  enterSegment, countOf, tailOf, word, expandFromFirst, sigma0, sigma1, temporary1, temporary2, lane, decidingLane,
} from './kernel'

/** Nonces in vectors: two SHA-256 of four, four Keccak of two. */
const IN_VECTORS: u32 = 8
const STEP: u32 = IN_VECTORS + 1

/** What Keccak hashes of the nonces in vectors: four lanes for each two nonces. */
const MESSAGES = memory.data(4 * 4 * 16, 16)

// The plain nonce: its schedule, with four words more than needed; the words a and e of SHA-256 after each
// round, behind the four that it starts with (d, c, b, a and h, g, f, e); Keccak's state before and after a round.
const PLAIN_SCHEDULE = memory.data(68 * 4, 16)
const PLAIN_A = memory.data(68 * 4, 16)
const PLAIN_E = memory.data(68 * 4, 16)
const PLAIN_FROM = memory.data(25 * 8, 16)
const PLAIN_TO = memory.data(25 * 8, 16)

/** As {@link scan}. Where two blocks change there is nothing to weave. */
export function scanWoven(first: u64, count: u32): u32 {
  const mode = load<u32>(JOB)
  if (mode == CONTIGUOUS) return scan(first, count)
  let done: u32 = 0
  while (done < count) {
    const index = first + done
    const length = enterSegment(index, count - done, mode)
    const offset = scanSteps(countOf(index, mode), length, tailOf(mode))
    if (offset < length) return done + offset
    done += length
  }
  return count
}

function scanSteps(first: u32, count: u32, tail: u32): u32 {
  const little = load<u32>(JOB + 4)
  const limit = load<u64>(JOB + 8)
  startPlain()
  for (let done: u32 = 0; done < count; done += STEP) {
    store<u32>(PLAIN_SCHEDULE, bswap<u32>(first + done + IN_VECTORS) | tail)
    for (let half: usize = 0; half < 2; half++) {
      storeWord(SCHEDULE, or(byteSwap(countFrom(first + done + u32(half * 4))), splatWord(tail)))
      expandFromFirst()
      expandWoven(half * (26 * 4))
      compressWoven(half * (32 * 4))
      joinDigest(MESSAGES + half * (8 * LANE))
    }
    padPlain()
    let hits: u32 = 0
    for (let pair: usize = 0; pair < 4; pair++) {
      const top = sealTopWoven(MESSAGES + pair * (4 * LANE), little, pair * (6 * 8))
      hits |= atMost(top, limit) << u32(pair * 2)
    }
    hits |= u32(plainTop(little) <= limit) << IN_VECTORS
    if (hits) return min(count, done + ctz(hits))
  }
  return count
}

/** What all plain nonces of a segment share: the last block but for word 0, and the state before it. */
function startPlain(): void {
  for (let i: usize = 1; i < 16; i++) store<u32>(PLAIN_SCHEDULE + i * 4, load<u32>(SCHEDULE + i * WORD))
  for (let i: usize = 0; i < 4; i++) {
    store<u32>(PLAIN_A + i * 4, load<u32>(START + (3 - i) * WORD))
    store<u32>(PLAIN_E + i * 4, load<u32>(START + (7 - i) * WORD))
  }
}

/** Words 38 to 63 of the schedule of the nonces in vectors, and 26 words of the plain one, from 16 on in the first half. */
function expandWoven(plain: usize): void {
  for (let at: usize = 38 * WORD; at < 64 * WORD; at += WORD, plain += 4) {
    const w1 = load<u32>(plain, PLAIN_SCHEDULE + 1 * 4)
    const w14 = load<u32>(plain, PLAIN_SCHEDULE + 14 * 4)
    const recent = add(sigma1(v128.load(at, SCHEDULE - 2 * 16)), v128.load(at, SCHEDULE - 7 * 16))
    const plainOld = load<u32>(plain, PLAIN_SCHEDULE) + (rotr<u32>(w1, 7) ^ rotr<u32>(w1, 18) ^ (w1 >> 3))
    const old = add(sigma0(v128.load(at, SCHEDULE - 15 * 16)), v128.load(at, SCHEDULE - 16 * 16))
    const plainRecent = load<u32>(plain, PLAIN_SCHEDULE + 9 * 4) + (rotr<u32>(w14, 17) ^ rotr<u32>(w14, 19) ^ (w14 >> 10))
    v128.store(at, add(recent, old), SCHEDULE)
    store<u32>(plain, plainOld + plainRecent, PLAIN_SCHEDULE + 16 * 4)
  }
}

/** The lanes of the digests of four nonces: of the first two, and of the second two. */
function joinDigest(to: usize): void {
  for (let i: usize = 0; i < 4; i++) {
    const low = byteSwap(loadWord(DIGEST + 2 * i * WORD))
    const high = byteSwap(loadWord(DIGEST + (2 * i + 1) * WORD))
    storeLane(to + i * LANE, joinFirst(low, high))
    storeLane(to + (4 + i) * LANE, joinSecond(low, high))
  }
}

/** A lane of the plain digest from its words behind an address, the first the later in memory. */
@inline function plainLane(words: usize): u64 {
  const low = load<u32>(words, 64 * 4 + 4) + load<u32>(words, 4)
  const high = load<u32>(words, 64 * 4) + load<u32>(words)
  return <u64>bswap<u32>(low) | (<u64>bswap<u32>(high) << 32)
}

/** The plain state of Keccak at the start. Of the lanes 1, 2, 8, 12, 17 and 20 it holds the complement. */
function padPlain(): void {
  for (let i: usize = 5; i < 25; i++) store<u64>(PLAIN_FROM + i * 8, 0)
  store<u64>(PLAIN_FROM, plainLane(PLAIN_A + 8))
  store<u64>(PLAIN_FROM, ~plainLane(PLAIN_A), 8)
  store<u64>(PLAIN_FROM, ~plainLane(PLAIN_E + 8), 2 * 8)
  store<u64>(PLAIN_FROM, plainLane(PLAIN_E), 3 * 8)
  store<u64>(PLAIN_FROM, 1, 4 * 8)
  store<u64>(PLAIN_FROM, ~0, 8 * 8)
  store<u64>(PLAIN_FROM, ~0, 12 * 8)
  store<u64>(PLAIN_FROM, 0x8000000000000000, 16 * 8)
  store<u64>(PLAIN_FROM, ~0, 17 * 8)
  store<u64>(PLAIN_FROM, ~0, 20 * 8)
}

/** The top 64 bits, as a number, of the plain nonce's seal. */
function plainTop(little: u32): u64 {
  return little ? load<u64>(PLAIN_FROM, 3 * 8) : bswap<u64>(load<u64>(PLAIN_FROM))
}
