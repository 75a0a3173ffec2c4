/** Raw storage keys: twox128(pallet) ++ twox128(item) ++ hashed keys, as lower-case hex without `0x`. */
import { blake2b } from '@noble/hashes/blake2.js'
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import type { Hasher, KeyDef, StorageItem } from './pallet.js'
import { AccountId, H256, u16 } from './scale.js'
import { twoxHex } from './xxhash.js'

/** Hex digits of the part of a key that names pallet and item. */
export const PREFIX_DIGITS = 64

type AnyItem = Pick<StorageItem<readonly unknown[], unknown>, 'pallet' | 'name' | 'keys'>

const prefixes = new Map<string, string>()
/** Prefixes by declaration: looking one up by its text would cost more than the rest of a read. */
const prefixesByItem = new WeakMap<object, string>()

/** twox128 of a text, 32 hex digits. */
export function twox128(text: string): string {
  return twoxHex(utf8ToBytes(text), 2)
}

/** The part of the key that all entries of an item share. */
export function itemPrefix(item: Pick<AnyItem, 'pallet' | 'name'>): string {
  let prefix = prefixesByItem.get(item)
  if (prefix === undefined) {
    const id = `${item.pallet}.${item.name}`
    prefix = prefixes.get(id) ?? twox128(item.pallet) + twox128(item.name)
    prefixes.set(id, prefix)
    prefixesByItem.set(item, prefix)
  }
  return prefix
}

/**
 * The raw key of an entry, or the prefix shared by all entries that begin with fewer keys.
 * @example
 * storageKey(S.Tempo, 1) // '658faa385070e074c85bf6b568cf0555…0100'
 */
export function storageKey<K extends readonly unknown[]>(
  item: Pick<StorageItem<K, unknown>, 'pallet' | 'name' | 'keys'>,
  ...keys: Partial<K>
): string {
  return itemPrefix(item) + keySuffix(item, keys)
}

/** The part of a raw key behind the item's prefix, for all or only the first keys. */
export function keySuffix<K extends readonly unknown[]>(
  item: Pick<StorageItem<K, unknown>, 'keys'>,
  keys: Partial<K>,
): string {
  let suffix = ''
  const defs: readonly KeyDef<unknown>[] = item.keys as never
  for (let i = 0; i < keys.length; i++) {
    const def = defs[i]
    if (def !== undefined) suffix += hashedKey(def, keys[i])
  }
  return suffix
}

/** The keys of an entry, read back from its raw key. */
export function decodeKeys<K extends readonly unknown[]>(
  item: Pick<StorageItem<K, unknown>, 'keys'>,
  hexKey: string,
): K {
  return decodeSuffix(item, hexKey.slice(PREFIX_DIGITS))
}

/** As {@link decodeKeys}, from the part behind the item's prefix. */
export function decodeSuffix<K extends readonly unknown[]>(
  item: Pick<StorageItem<K, unknown>, 'keys'>,
  suffix: string,
): K {
  let rest = suffix
  const defs: readonly KeyDef<unknown>[] = item.keys as never
  return defs.map((def) => {
    const plain = rest.slice(HASH_DIGITS[def.hasher])
    const decoded = decodeKey(def, plain)
    rest = plain.slice(plainHex(def, decoded).length)
    return decoded
  }) as unknown as K
}

/** The two commonest kinds skip the codec. */
function decodeKey(def: KeyDef<unknown>, plain: string): unknown {
  if (def.type === AccountId || def.type === H256) return `0x${plain.slice(0, 64)}`
  if (def.type === u16) return Number.parseInt(plain.slice(2, 4) + plain.slice(0, 2), 16)
  return def.type.codec.dec(`0x${plain}`)
}

const HASH_DIGITS: Record<Hasher, number> = { Identity: 0, Blake2128Concat: 32, Twox64Concat: 16 }

/** Blake2 hashes of the accounts in use: the same few hundred keys are hashed in every block. */
const blakeHashes = new Map<string, string>()
const BLAKE_MEMORY = 65_536

function hashedKey(def: KeyDef<unknown>, key: unknown): string {
  const plain = plainHex(def, key)
  if (def.hasher === 'Identity') return plain
  if (def.hasher === 'Twox64Concat') return twoxHex(hexToBytes(plain), 1) + plain
  let hash = blakeHashes.get(plain)
  if (hash === undefined) {
    if (blakeHashes.size >= BLAKE_MEMORY) blakeHashes.clear()
    hash = bytesToHex(blake2b(hexToBytes(plain), { dkLen: 16 }))
    blakeHashes.set(plain, hash)
  }
  return hash + plain
}

/** The encoded key; the two commonest kinds skip the codec. */
function plainHex(def: KeyDef<unknown>, key: unknown): string {
  if (typeof key === 'string') return key.slice(2)
  if (typeof key === 'number' && def.type === u16) {
    return (((key & 0xff) << 8) | (key >> 8)).toString(16).padStart(4, '0')
  }
  return bytesToHex(def.type.codec.enc(key))
}
