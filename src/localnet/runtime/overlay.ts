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
import { decodeKeys, itemPrefix, PREFIX_DIGITS, storageKey } from './storageKey.js'

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
type Layer = Map<string, Slot>

const GONE: Slot = { value: ABSENT, type: undefined }

class LayeredState implements Overlay {
  readonly #backend: Backend
  #layers: Layer[] = [new Map()]
  /** Values read from the backend. */
  #read: Layer = new Map()
  /** Keys ever written here, by item: where `entries` looks besides the backend. */
  #touched = new Map<string, Set<string>>()

  constructor(backend: Backend) {
    this.#backend = backend
  }

  get<K extends readonly unknown[], V>(item: StorageItem<K, V>, ...keys: K): V {
    const value = this.#lookup(storageKey(item, ...keys), item.type)
    return (value === ABSENT ? item.fallback : value) as V
  }

  has<K extends readonly unknown[], V>(item: StorageItem<K, V>, ...keys: K): boolean {
    return this.#lookup(storageKey(item, ...keys), item.type) !== ABSENT
  }

  set<K extends readonly unknown[], V>(item: StorageItem<K, V>, keys: K, value: V): void {
    this.#write(storageKey(item, ...keys), { value, type: item.type })
  }

  remove<K extends readonly unknown[], V>(item: StorageItem<K, V>, ...keys: K): void {
    this.#write(storageKey(item, ...keys), GONE)
  }

  entries<K extends readonly unknown[], V>(
    item: StorageItem<K, V>,
    ...prefix: Partial<K>
  ): [keys: K, value: V][] {
    const found: [K, V][] = []
    for (const key of this.#keys(storageKey(item, ...prefix), itemPrefix(item))) {
      const value = this.#lookup(key, item.type)
      if (value !== ABSENT) found.push([decodeKeys(item, key), value as V])
    }
    return found
  }

  begin(): void {
    this.#layers.push(new Map())
  }

  commit(): void {
    const layer = this.#pop()
    const below = this.#top()
    for (const [key, slot] of layer) below.set(key, slot)
  }

  rollback(): void {
    this.#pop()
  }

  changes(): Map<string, Uint8Array | null> {
    const changes = new Map<string, Uint8Array | null>()
    for (const [key, slot] of this.#layers[0] ?? []) changes.set(key, encode(slot) ?? null)
    return changes
  }

  clear(): void {
    this.#layers = [new Map()]
    this.#read = new Map()
    this.#touched = new Map()
  }

  settle(): void {
    if (this.#layers.length !== 1) throw new Error('a layer of the state is still open')
    for (const [key, slot] of this.#top()) this.#read.set(key, slot)
    this.#layers = [new Map()]
    this.#touched = new Map()
  }

  getRaw(key: string): Uint8Array | undefined {
    const slot = this.#slot(key)
    return slot ? encode(slot) : this.#backend.get(key)
  }

  setRaw(key: string, value: Uint8Array | undefined): void {
    this.#write(key, value === undefined ? GONE : { value, type: undefined })
  }

  #slot(key: string): Slot | undefined {
    for (let i = this.#layers.length - 1; i >= 0; i--) {
      const slot = this.#layers[i]?.get(key)
      if (slot) return slot
    }
    return this.#read.get(key)
  }

  #lookup<V>(key: string, type: ScaleType<V>): unknown {
    const slot = this.#slot(key)
    if (slot === undefined) return this.#load(key, type)
    if (slot.type === undefined && slot.value !== ABSENT) {
      return type.codec.dec(slot.value as Uint8Array)
    }
    return slot.value
  }

  #load<V>(key: string, type: ScaleType<V>): unknown {
    const raw = this.#backend.get(key)
    const slot = raw === undefined ? GONE : { value: type.codec.dec(raw), type }
    this.#read.set(key, slot)
    return slot.value
  }

  #write(key: string, slot: Slot): void {
    this.#top().set(key, slot)
    const item = key.slice(0, PREFIX_DIGITS)
    const keys = this.#touched.get(item)
    if (keys) keys.add(key)
    else this.#touched.set(item, new Set([key]))
  }

  /** Keys that may be stored, in byte order. */
  #keys(prefix: string, item: string): Iterable<string> {
    const touched = this.#touched.get(item)
    if (!touched) return this.#backend.keys(prefix)
    const all = new Set(this.#backend.keys(prefix))
    for (const key of touched) if (key.startsWith(prefix)) all.add(key)
    return [...all].sort()
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
      return item.sorted.filter((key) => key.startsWith(prefix))
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
