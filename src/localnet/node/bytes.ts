/** Hex with `0x`, blake2b-256 and joining of bytes, as the node uses them everywhere. */
import { blake2b } from '@noble/hashes/blake2.js'
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js'

/** Lower-case hex with `0x`. */
export type Hex = `0x${string}`

/** Bytes as `0x` hex. */
export function toHex(bytes: Uint8Array): Hex {
  return `0x${bytesToHex(bytes)}`
}

/** Bytes of a `0x` hex text that is known to be well-formed. */
export function fromHex(hex: string): Uint8Array {
  return hexToBytes(hex.slice(2))
}

/** blake2b with 32 bytes of output: the hash of headers, extrinsics and state. */
export function blake256(bytes: Uint8Array): Uint8Array {
  return blake2b(bytes, { dkLen: 32 })
}

/** The {@link blake256} hash as hex. */
export function hashOf(bytes: Uint8Array): Hex {
  return toHex(blake256(bytes))
}

export const concat = concatBytes

/** A SCALE compact integer below 2^30. */
export function compactBytes(value: number): Uint8Array {
  if (value < 0x40) return Uint8Array.of(value << 2)
  if (value < 0x4000) return Uint8Array.of(((value & 0x3f) << 2) | 1, value >> 6)
  const word = value * 4 + 2
  return Uint8Array.of(word & 0xff, (word >>> 8) & 0xff, (word >>> 16) & 0xff, word >>> 24)
}

/** `number` as 4 little-endian bytes. */
export function u32Bytes(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24)
}
