/** Block headers: their bytes, their hash, and their form in JSON. */
import { compactBytes, concat, fromHex, type Hex, hashOf, toHex } from './bytes.js'
import { readerOf } from './extrinsic/reader.js'

export type Header = {
  readonly parentHash: Hex
  readonly number: number
  readonly stateRoot: Hex
  readonly extrinsicsRoot: Hex
  /** Digest items, each as its SCALE bytes. */
  readonly digest: readonly Uint8Array[]
}

/** The header's bytes, whose hash names the block. */
export function encodeHeader(header: Header): Uint8Array {
  return concat(
    fromHex(header.parentHash),
    compactBytes(header.number),
    fromHex(header.stateRoot),
    fromHex(header.extrinsicsRoot),
    compactBytes(header.digest.length),
    ...header.digest,
  )
}

/** blake2b-256 of the header. */
export function headerHash(header: Header): Hex {
  return hashOf(encodeHeader(header))
}

/** Reads what {@link encodeHeader} wrote. */
export function decodeHeader(bytes: Uint8Array): Header {
  const reader = readerOf(bytes)
  const parentHash = toHex(reader.take(32))
  const number = Number(reader.compact())
  const stateRoot = toHex(reader.take(32))
  const extrinsicsRoot = toHex(reader.take(32))
  const digest = Array.from({ length: Number(reader.compact()) }, () => {
    if (reader.rest()[0] === RUNTIME_UPDATED[0]) return reader.take(1)
    const head = reader.take(5)
    const size = reader.compact()
    return concat(head, compactBytes(Number(size)), reader.take(Number(size)))
  })
  return { parentHash, number, stateRoot, extrinsicsRoot, digest }
}

/** The header as `chain_getHeader` answers it. */
export function headerJson(header: Header) {
  return {
    parentHash: header.parentHash,
    number: `0x${header.number.toString(16)}`,
    stateRoot: header.stateRoot,
    extrinsicsRoot: header.extrinsicsRoot,
    digest: { logs: header.digest.map(toHex) },
  }
}

/** The note of a block that brings a new runtime: without anything behind it. */
export const RUNTIME_UPDATED = Uint8Array.of(8)

const PRE_RUNTIME = 6
const AURA = Uint8Array.of(0x61, 0x75, 0x72, 0x61)
/** Length of a slot in ms: one block each on the real chain. */
export const SLOT_MS = 12_000

/** The note of an Aura author: the slot of the block. Blocks of one chain never share a slot. */
export function auraSlot(timestamp: number): Uint8Array {
  const slot = new Uint8Array(8)
  new DataView(slot.buffer).setBigUint64(0, BigInt(Math.floor(timestamp / SLOT_MS)), true)
  return concat(Uint8Array.of(PRE_RUNTIME), AURA, compactBytes(8), slot)
}
