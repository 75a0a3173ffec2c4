/** Any storage item by its metadata: one entry, or the first entries of a map. */
import { fromHex } from '../keys/hex.js'
import type { StorageDescription } from './description.js'
import { keysOf, storageKey } from './storageKey.js'
import type { ChainValue, ChainView, Hex } from './types.js'

/** An entry with what is really stored; an absent one has no `raw` and the item's default as value. */
export type StoredEntry = {
  readonly key: Hex
  readonly keys: readonly ChainValue[]
  readonly value: ChainValue
  readonly raw: Hex | null
}

/** The entry under all keys of the item. */
export async function queryEntry(
  view: ChainView,
  item: StorageDescription,
  keys: readonly unknown[],
): Promise<StoredEntry> {
  const key = storageKey(view.runtime.description.types, item, keys)
  const [entry] = await read(view, item, [key])
  if (entry) return entry
  const value = item.optional ? undefined : view.decode(item.value, bytes(item.fallback))
  return { key, keys: keysOf(view.runtime.description.types, item, key), value, raw: null }
}

/**
 * The first entries below some keys, in the order of the keys in storage.
 * @param limit entries to read
 * @returns the entries, and whether there are more
 */
export async function queryEntries(
  view: ChainView,
  item: StorageDescription,
  prefix: readonly unknown[],
  limit: number,
): Promise<{ readonly entries: readonly StoredEntry[]; readonly more: boolean }> {
  const start = storageKey(view.runtime.description.types, item, prefix)
  const keys: Hex[] = []
  for (;;) {
    // Nodes give at most 1000 keys at once.
    const wanted = Math.min(1000, limit + 1 - keys.length)
    const params = [start, wanted, keys.at(-1) ?? null, view.block.hash]
    const page = (await view.request('state_getKeysPaged', params)) as readonly Hex[]
    keys.push(...page)
    if (page.length < wanted || keys.length > limit) break
  }
  return {
    entries: await read(view, item, keys.slice(0, limit)),
    more: keys.length > limit,
  }
}

/** Keys per request: far below what nodes refuse. */
const PER_REQUEST = 2000

async function read(
  view: ChainView,
  item: StorageDescription,
  keys: readonly Hex[],
): Promise<StoredEntry[]> {
  const { types } = view.runtime.description
  const found: StoredEntry[] = []
  for (let i = 0; i < keys.length; i += PER_REQUEST) {
    const answers = await storedValues(view, keys.slice(i, i + PER_REQUEST))
    for (const [key, raw] of answers) {
      const value = view.decode(item.value, bytes(raw))
      found.push({ key, keys: keysOf(types, item, key), value, raw })
    }
  }
  return found
}

async function storedValues(view: ChainView, keys: readonly Hex[]): Promise<[Hex, Hex][]> {
  const answer = await view.request('state_queryStorageAt', [keys, view.block.hash])
  const [{ changes } = { changes: [] }] = answer as { changes: [Hex, Hex | null][] }[]
  return changes.flatMap(([key, raw]): [Hex, Hex][] => (raw === null ? [] : [[key, raw]]))
}

function bytes(hex: Hex): Uint8Array {
  return fromHex(hex) ?? new Uint8Array()
}
