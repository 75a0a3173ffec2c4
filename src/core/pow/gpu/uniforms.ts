/** What a dispatch of the shader needs to know: the job with everything hashed that all of its nonces share. */
import { CONTIGUOUS, REGISTER, STRIDED } from '../scanner.js'
import { SHA_CONSTANTS, type ShaderMode, UNIFORM_WORDS } from './shader.js'

// FIPS 180-4, section 5.3.3.
const SHA_START = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]
const CONSTANTS = SHA_CONSTANTS.map((digits) => Number.parseInt(digits, 16))

/** The shader's name of a job's mode. */
export function modeOf(job: Uint32Array): ShaderMode {
  if (job[0] === STRIDED) return 'strided'
  return job[0] === CONTIGUOUS ? 'contiguous' : 'register'
}

/** Indices from `first` on that one dispatch may cover: only the index's low word may change in it (strided: three bytes). */
export function roomIn(job: Uint32Array, first: bigint): number {
  const segment = job[0] === STRIDED ? 1n << 24n : 1n << 32n
  return Number(segment - (first & (segment - 1n)))
}

/** The uniform words for `count` indices from `first` on, tried by `threads` threads. */
export function uniformsOf(
  job: Uint32Array,
  first: bigint,
  count: number,
  threads: number,
): Uint32Array {
  const [last, before, opening] = [job.slice(4, 20), job.slice(20, 36), job.slice(36, 52)]
  const high = Number((first >> 32n) & 0xffff_ffffn)
  let state = Uint32Array.from(SHA_START)
  let low = Number(first & 0xffff_ffffn)
  if (job[0] === REGISTER) last[1] = byteSwapped(high)
  else state = compressed(state, opening)
  if (job[0] === STRIDED) {
    low = Number(first & 0xff_ffffn)
    state = compressed(state, withNonceStart(before, first >> 24n))
  }
  if (job[0] === CONTIGUOUS) last[0] = (byteSwapped(Number(first >> 40n)) | 0x80) >>> 0
  const words = new Uint32Array(UNIFORM_WORDS)
  words.set(state)
  words.set(last, 8)
  words.set(before, 24)
  words.set([job[2] ?? 0, job[3] ?? 0, low, high & 0xff, count, threads], 40)
  return words
}

/** The block before the last ends with the nonce's bytes 0 to 4. */
function withNonceStart(block: Uint32Array, nonce: bigint): Uint32Array {
  const [low, byte4] = [Number(nonce & 0xffff_ffffn), Number((nonce >> 32n) & 0xffn)]
  const filled = Uint32Array.from(block)
  filled[14] = (filled[14] ?? 0) | (low & 0xff)
  filled[15] = (byteSwapped(low) << 8) | byte4
  return filled
}

function byteSwapped(word: number): number {
  const swapped = (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)
  return swapped >>> 0
}

/** SHA-256's compression of a block into a state. */
function compressed(state: Uint32Array, block: Uint32Array): Uint32Array<ArrayBuffer> {
  const w = new Uint32Array(64)
  w.set(block)
  const at = (i: number) => w[i] ?? 0
  for (let i = 16; i < 64; i++) {
    const s0 = rotr(at(i - 15), 7) ^ rotr(at(i - 15), 18) ^ (at(i - 15) >>> 3)
    const s1 = rotr(at(i - 2), 17) ^ rotr(at(i - 2), 19) ^ (at(i - 2) >>> 10)
    w[i] = s1 + at(i - 7) + s0 + at(i - 16)
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state
  for (let i = 0; i < 64; i++) {
    const sum1 = rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)
    const t1 = (h + sum1 + (g ^ (e & (f ^ g))) + (CONSTANTS[i] ?? 0) + at(i)) | 0
    const sum0 = rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)
    const t2 = (sum0 + ((a & b) | (c & (a | b)))) | 0
    ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0]
  }
  const sums = [a, b, c, d, e, f, g, h]
  return Uint32Array.from(state, (word, i) => word + (sums[i] ?? 0))
}

function rotr(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by))
}
