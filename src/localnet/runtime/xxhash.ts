/** XXH64 of short inputs: what storage prefixes and `Twox64Concat` keys are made of. */

const MASK = (1n << 64n) - 1n
const P1 = 0x9e3779b185ebca87n
const P2 = 0xc2b2ae3d27d4eb4fn
const P3 = 0x165667b19e3779f9n
const P4 = 0x85ebca77c2b2ae63n
const P5 = 0x27d4eb2f165667c5n

const rotate = (x: bigint, bits: bigint) => ((x << bits) | (x >> (64n - bits))) & MASK
const round = (acc: bigint, lane: bigint) => (rotate((acc + lane * P2) & MASK, 31n) * P1) & MASK

/** XXH64 as an integer. */
export function xxh64(input: Uint8Array, seed: bigint): bigint {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength)
  let at = 0
  let hash = (seed + P5) & MASK
  if (input.length >= 32) {
    const lanes = [seed + P1 + P2, seed + P2, seed, seed - P1].map((x) => x & MASK)
    for (; at + 32 <= input.length; at += 32) {
      for (let i = 0; i < 4; i++) {
        lanes[i] = round(lanes[i] ?? 0n, view.getBigUint64(at + 8 * i, true))
      }
    }
    const turns = [1n, 7n, 12n, 18n]
    hash = lanes.reduce((sum, lane, i) => sum + rotate(lane, turns[i] ?? 0n), 0n) & MASK
    for (const lane of lanes) hash = ((hash ^ round(0n, lane)) * P1 + P4) & MASK
  }
  return finish(tail(view, at, (hash + BigInt(input.length)) & MASK))
}

function tail(view: DataView, start: number, start64: bigint): bigint {
  let at = start
  let hash = start64
  for (; at + 8 <= view.byteLength; at += 8) {
    hash = (rotate(hash ^ round(0n, view.getBigUint64(at, true)), 27n) * P1 + P4) & MASK
  }
  if (at + 4 <= view.byteLength) {
    const lane = (BigInt(view.getUint32(at, true)) * P1) & MASK
    hash = (rotate(hash ^ lane, 23n) * P2 + P3) & MASK
    at += 4
  }
  for (; at < view.byteLength; at++) {
    hash = (rotate(hash ^ ((BigInt(view.getUint8(at)) * P5) & MASK), 11n) * P1) & MASK
  }
  return hash
}

function finish(hash: bigint): bigint {
  let h = hash
  h = ((h ^ (h >> 33n)) * P2) & MASK
  h = ((h ^ (h >> 29n)) * P3) & MASK
  return h ^ (h >> 32n)
}

/** `words` XXH64 values with seeds 0, 1, … as little-endian hex. */
export function twoxHex(input: Uint8Array, words: number): string {
  let hex = ''
  for (let seed = 0; seed < words; seed++) hex += leHex(xxh64(input, BigInt(seed)))
  return hex
}

function leHex(word: bigint): string {
  const big = word.toString(16).padStart(16, '0')
  return (big.match(/../g) ?? []).reverse().join('')
}
