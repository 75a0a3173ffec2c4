/** xxHash64, the hash behind twox storage keys (specification: Cyan4973/xxHash, doc/xxhash_spec.md). */
const MASK = (1n << 64n) - 1n
const P1 = 0x9e3779b185ebca87n
const P2 = 0xc2b2ae3d27d4eb4fn
const P3 = 0x165667b19e3779f9n
const P4 = 0x85ebca77c2b2ae63n
const P5 = 0x27d4eb2f165667c5n

/**
 * Twox hash of 8 bytes per seed: `twox(bytes, 1)` is twox64, `twox(bytes, 2)` twox128.
 * @example
 * twox(new TextEncoder().encode('System'), 2) // 26aa394eea5630e07c48ae0c9558cef7
 */
export function twox(input: Uint8Array, seeds: 1 | 2 | 4): Uint8Array {
  const out = new Uint8Array(seeds * 8)
  const view = new DataView(out.buffer)
  for (let seed = 0; seed < seeds; seed++) {
    view.setBigUint64(seed * 8, xxh64(input, BigInt(seed)), true)
  }
  return out
}

function xxh64(input: Uint8Array, seed: bigint): bigint {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength)
  const { sum, at } = stripes(view, seed)
  return avalanche(tail(view, at, (sum + BigInt(input.length)) & MASK))
}

function stripes(view: DataView, seed: bigint): { sum: bigint; at: number } {
  if (view.byteLength < 32) return { sum: (seed + P5) & MASK, at: 0 }
  const lanes = [seed + P1 + P2, seed + P2, seed, seed - P1].map((lane) => BigInt.asUintN(64, lane))
  let at = 0
  for (; at + 32 <= view.byteLength; at += 32) {
    for (let i = 0; i < 4; i++) {
      lanes[i] = round(lanes[i] ?? 0n, view.getBigUint64(at + i * 8, true))
    }
  }
  const shifts = [1n, 7n, 12n, 18n]
  let sum = lanes.reduce((total, lane, i) => total + rotate(lane, shifts[i] ?? 0n), 0n) & MASK
  for (const lane of lanes) sum = ((sum ^ round(0n, lane)) * P1 + P4) & MASK
  return { sum, at }
}

function tail(view: DataView, start: number, from: bigint): bigint {
  let sum = from
  let at = start
  for (; at + 8 <= view.byteLength; at += 8) {
    sum = (rotate(sum ^ round(0n, view.getBigUint64(at, true)), 27n) * P1 + P4) & MASK
  }
  if (at + 4 <= view.byteLength) {
    sum = (rotate(sum ^ ((BigInt(view.getUint32(at, true)) * P1) & MASK), 23n) * P2 + P3) & MASK
    at += 4
  }
  for (; at < view.byteLength; at++) {
    sum = (rotate(sum ^ ((BigInt(view.getUint8(at)) * P5) & MASK), 11n) * P1) & MASK
  }
  return sum
}

function avalanche(from: bigint): bigint {
  let sum = ((from ^ (from >> 33n)) * P2) & MASK
  sum = ((sum ^ (sum >> 29n)) * P3) & MASK
  return sum ^ (sum >> 32n)
}

function round(lane: bigint, input: bigint): bigint {
  return (rotate((lane + input * P2) & MASK, 31n) * P1) & MASK
}

function rotate(value: bigint, by: bigint): bigint {
  return ((value << by) | (value >> (64n - by))) & MASK
}
