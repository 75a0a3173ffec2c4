/**
 * The state that a block runs on: values in memory over a {@link Backend}, in layers that can be dropped.
 *
 * Values are kept decoded and only encoded by {@link Overlay.changes}, so that the block step may read and write
 * whole tables without paying for SCALE. What `get` returns and `set` took is shared: treat it as read-only and
 * set a new array or object instead of changing one.
 */
import type { StorageItem } from './pallet.js'
import type { ScaleType } from './scale.js'
import type { Backend, State } from './state.js'
import { decodeSuffix, itemPrefix, keySuffix, PREFIX_DIGITS } from './storageKey.js'

/** A state with the list of what changed since it was made, cleared or settled. */
export type Overlay = State & {
  /** New values by raw key (hex without `0x`), null for removed ones; only the committed layers count. */
  changes(): Map<string, Uint8Array | null>
  /** Forgets all changes and everything read: the backend may have moved to another block. */
  clear(): void
  /** Forgets the changes because the backend now holds them; what is decoded stays in memory. */
  settle(): void
  /** Raw value of a key, undefined when absent. */
  getRaw(key: string): Uint8Array | undefined
  /** Sets (or with undefined removes) a raw value. */
  setRaw(key: string, value: Uint8Array | undefined): void
}

const ABSENT = Symbol('absent')

/** A decoded value with the type to encode it; raw bytes have no type. */
type Slot = { readonly value: unknown; readonly type: ScaleType<unknown> | undefined }

/** Slots by item prefix, then by the rest of the key: short keys, no joining of long ones. */
type Layer = Map<string, Map<string, Slot>>

const GONE: Slot = { value: ABSENT, type: undefined }
/** Group of the keys whose first part is not known. */
const UNGROUPED = ''

class LayeredState implements Overlay {
  readonly #backend: Backend
  #layers: Layer[] = [new Map()]
  /** Values read from the backend. */
  #read: Layer = new Map()
  /** Keys ever written here, by item and first part: where `entries` looks besides the backend. */
  #touched = new Map<string, Map<string, Set<string>>>()

  constructor(backend: Backend) {
    this.#backend = backend
  }

  get<K extends readonly unknown[], V>(item: StorageItem<K, V>, ...keys: K): V {
    const value = this.#lookup(itemPrefix(item), keySuffix(item, keys), item.type)
    return (value === ABSENT ? item.fallback : value) as V
  }

  has<K extends readonly unknown[], V>(item: StorageItem<K, V>, ...keys: K): boolean {
    return this.#lookup(itemPrefix(item), keySuffix(item, keys), item.type) !== ABSENT
  }

  set<K extends readonly unknown[], V>(item: StorageItem<K, V>, keys: K, value: V): void {
    this.#writeItem(item, keys, { value, type: item.type })
  }

  remove<K extends readonly unknown[], V>(item: StorageItem<K, V>, ...keys: K): void {
    this.#writeItem(item, keys, GONE)
  }

  entries<K extends readonly unknown[], V>(
    item: StorageItem<K, V>,
    ...prefix: Partial<K>
  ): [keys: K, value: V][] {
    const found: [K, V][] = []
    const start = itemPrefix(item)
    const grouped = prefix.length === 1 && item.keys.length > 1
    for (const suffix of this.#suffixes(start, keySuffix(item, prefix), grouped)) {
      const value = this.#lookup(start, suffix, item.type)
      if (value !== ABSENT) found.push([decodeSuffix(item, suffix), value as V])
    }
    return found
  }

  begin(): void {
    this.#layers.push(new Map())
  }

  commit(): void {
    const layer = this.#pop()
    merge(layer, this.#top())
  }

  rollback(): void {
    this.#pop()
  }

  changes(): Map<string, Uint8Array | null> {
    const changes = new Map<string, Uint8Array | null>()
    for (const [prefix, slots] of this.#layers[0] ?? []) {
      for (const [suffix, slot] of slots) changes.set(prefix + suffix, encode(slot) ?? null)
    }
    return changes
  }

  clear(): void {
    this.#layers = [new Map()]
    this.#read = new Map()
    this.#touched = new Map()
  }

  settle(): void {
    if (this.#layers.length !== 1) throw new Error('a layer of the state is still open')
    merge(this.#top(), this.#read)
    this.#layers = [new Map()]
    this.#touched = new Map()
  }

  getRaw(key: string): Uint8Array | undefined {
    const slot = this.#slot(key.slice(0, PREFIX_DIGITS), key.slice(PREFIX_DIGITS))
    return slot ? encode(slot) : this.#backend.get(key)
  }

  setRaw(key: string, value: Uint8Array | undefined): void {
    const slot = value === undefined ? GONE : { value, type: undefined }
    this.#write(key.slice(0, PREFIX_DIGITS), UNGROUPED, key.slice(PREFIX_DIGITS), slot)
  }

  #slot(prefix: string, suffix: string): Slot | undefined {
    for (let i = this.#layers.length - 1; i >= 0; i--) {
      const slot = this.#layers[i]?.get(prefix)?.get(suffix)
      if (slot) return slot
    }
    return this.#read.get(prefix)?.get(suffix)
  }

  #lookup<V>(prefix: string, suffix: string, type: ScaleType<V>): unknown {
    const slot = this.#slot(prefix, suffix)
    if (slot === undefined) return this.#load(prefix, suffix, type)
    if (slot.type === undefined && slot.value !== ABSENT) {
      return type.codec.dec(slot.value as Uint8Array)
    }
    return slot.value
  }

  #load<V>(prefix: string, suffix: string, type: ScaleType<V>): unknown {
    const raw = this.#backend.get(prefix + suffix)
    const slot = raw === undefined ? GONE : { value: type.codec.dec(raw), type }
    slotsOf(this.#read, prefix).set(suffix, slot)
    return slot.value
  }

  #writeItem<K extends readonly unknown[], V>(item: StorageItem<K, V>, keys: K, slot: Slot): void {
    const suffix = keySuffix(item, keys)
    const group = keys.length < 2 ? UNGROUPED : keySuffix(item, [keys[0]] as unknown as Partial<K>)
    this.#write(itemPrefix(item), group, suffix, slot)
  }

  #write(prefix: string, group: string, suffix: string, slot: Slot): void {
    slotsOf(this.#top(), prefix).set(suffix, slot)
    let groups = this.#touched.get(prefix)
    if (!groups) {
      groups = new Map()
      this.#touched.set(prefix, groups)
    }
    const keys = groups.get(group)
    if (keys) keys.add(suffix)
    else groups.set(group, new Set([suffix]))
  }

  /** What follows the prefix in the keys that may be stored, in byte order. */
  #suffixes(prefix: string, start: string, grouped: boolean): Iterable<string> {
    const stored: string[] = []
    for (const key of this.#backend.keys(prefix + start)) stored.push(key.slice(PREFIX_DIGITS))
    const groups = this.#touched.get(prefix)
    if (!groups) return stored
    const all = new Set(stored)
    const searched = grouped ? [groups.get(start), groups.get(UNGROUPED)] : groups.values()
    for (const keys of searched) {
      for (const suffix of keys ?? []) if (suffix.startsWith(start)) all.add(suffix)
    }
    return all.size === stored.length ? stored : [...all].sort()
  }

  #top(): Layer {
    const top = this.#layers.at(-1)
    if (!top) throw new Error('the state has no layer')
    return top
  }

  #pop(): Layer {
    const layer = this.#layers.length > 1 ? this.#layers.pop() : undefined
    if (!layer) throw new Error('no layer of the state is open')
    return layer
  }
}

function slotsOf(layer: Layer, prefix: string): Map<string, Slot> {
  let slots = layer.get(prefix)
  if (!slots) {
    slots = new Map()
    layer.set(prefix, slots)
  }
  return slots
}

function merge(from: Layer, into: Layer): void {
  for (const [prefix, slots] of from) {
    const target = into.get(prefix)
    if (!target) into.set(prefix, slots)
    else for (const [suffix, slot] of slots) target.set(suffix, slot)
  }
}

function encode(slot: Slot): Uint8Array | undefined {
  if (slot.value === ABSENT) return undefined
  return slot.type ? slot.type.codec.enc(slot.value) : (slot.value as Uint8Array)
}

/** A fresh state over a backend. */
export function createState(backend: Backend): Overlay {
  return new LayeredState(backend)
}

/** A backend in memory that takes the changes of a state; for genesis, replays and tests. */
export type MemoryBackend = Backend & {
  apply(changes: ReadonlyMap<string, Uint8Array | null>): void
}

/** An empty {@link MemoryBackend}. */
export function memoryBackend(): MemoryBackend {
  const items = new Map<string, { values: Map<string, Uint8Array>; sorted: string[] | undefined }>()
  const itemOf = (key: string) => items.get(key.slice(0, PREFIX_DIGITS))
  return {
    get: (key) => itemOf(key)?.values.get(key),
    keys(prefix) {
      const item = itemOf(prefix)
      if (!item) return []
      item.sorted ??= [...item.values.keys()].sort()
      return withPrefix(item.sorted, prefix)
    },
    apply(changes) {
      for (const [key, value] of changes) {
        const item = itemOf(key) ?? { values: new Map<string, Uint8Array>(), sorted: undefined }
        items.set(key.slice(0, PREFIX_DIGITS), item)
        if (value === null) item.values.delete(key)
        else item.values.set(key, value)
        item.sorted = undefined
      }
    },
  }
}

/** The part of a sorted list that begins with a prefix. */
function withPrefix(sorted: readonly string[], prefix: string): string[] {
  const from = firstNotBelow(sorted, prefix)
  const to = firstNotBelow(sorted, `${prefix}\uffff`)
  return sorted.slice(from, to)
}

function firstNotBelow(sorted: readonly string[], text: string): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? '') < text) low = middle + 1
    else high = middle
  }
  return low
}
