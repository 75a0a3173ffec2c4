/** Raw storage keys: the item's prefix and its hashed keys. */
import { blake2b } from '@noble/hashes/blake2.js'
import { fromHex, toHex } from '../keys/hex.js'
import { decodeFrom, type Reader, reader } from './decode.js'
import type { Hasher, StorageDescription } from './description.js'
import { concat, encode } from './encode.js'
import { twox } from './twox.js'
import type { TypeDef } from './typeDef.js'
import type { ChainValue, Hex } from './types.js'

/**
 * The raw key of an entry, or the prefix of all entries that begin with fewer keys.
 * @throws {BittensorError} `BAD_ADDRESS`, `USAGE` when a key is not of the item's key type
 */
export function storageKey(
  types: readonly TypeDef[],
  item: StorageDescription,
  keys: readonly unknown[],
): Hex {
  const parts = keys.map((key, i) => {
    const def = item.keys[i]
    if (!def) throw new RangeError(`this storage item has ${item.keys.length} keys`)
    return hashed(def.hasher, encode(types, def.type, key, `key ${i + 1}`))
  })
  return `${item.prefix}${toHex(concat(parts)).slice(2)}`
}

/** The keys of an entry, read back from its raw key; a key behind a one-way hasher reads as its hash. */
export function keysOf(
  types: readonly TypeDef[],
  item: StorageDescription,
  rawKey: string,
): readonly ChainValue[] {
  const from: Reader = reader(fromHex(rawKey.slice(item.prefix.length)) ?? new Uint8Array())
  return item.keys.map(({ hasher, type }) => {
    const { hash, concatenated } = HASHERS[hasher]
    const start = from.at
    from.at += hash
    if (concatenated) return decodeFrom(types, type, from)
    return toHex(from.bytes.subarray(start, from.at))
  })
}

/** Bytes of the hash, and whether the key itself follows it. */
const HASHERS: Readonly<Record<Hasher, { readonly hash: number; readonly concatenated: boolean }>> =
  {
    Identity: { hash: 0, concatenated: true },
    Blake2128: { hash: 16, concatenated: false },
    Blake2128Concat: { hash: 16, concatenated: true },
    Blake2256: { hash: 32, concatenated: false },
    Twox64Concat: { hash: 8, concatenated: true },
    Twox128: { hash: 16, concatenated: false },
    Twox256: { hash: 32, concatenated: false },
  }

function hashed(hasher: Hasher, key: Uint8Array): Uint8Array {
  switch (hasher) {
    case 'Identity':
      return key
    case 'Blake2128':
      return blake2b(key, { dkLen: 16 })
    case 'Blake2128Concat':
      return concat([blake2b(key, { dkLen: 16 }), key])
    case 'Blake2256':
      return blake2b(key, { dkLen: 32 })
    case 'Twox64Concat':
      return concat([twox(key, 1), key])
    case 'Twox128':
      return twox(key, 2)
    case 'Twox256':
      return twox(key, 4)
  }
}
