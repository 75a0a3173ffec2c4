/** Typed storage over raw keys and values, with layers that can be dropped: the memory a block runs on. */
import type { StorageItem } from './pallet.js'

/** Where committed values come from. Keys are lower-case hex without `0x`. */
export type Backend = {
  get(key: string): Uint8Array | undefined
  /** Keys with the prefix in byte order. */
  keys(prefix: string): Iterable<string>
}

export type State = {
  /** The value, the item's fallback, or undefined for an absent optional item. */
  get<K extends readonly unknown[], V>(item: StorageItem<K, V>, ...keys: K): V
  /** Whether the entry is stored (a fallback does not count). */
  has<K extends readonly unknown[], V>(item: StorageItem<K, V>, ...keys: K): boolean
  set<K extends readonly unknown[], V>(
    item: StorageItem<K, V>,
    keys: K,
    value: NonNullable<V> | V,
  ): void
  remove<K extends readonly unknown[], V>(item: StorageItem<K, V>, ...keys: K): void
  /** Stored entries whose first keys equal `prefix`, in the byte order of their raw keys. */
  entries<K extends readonly unknown[], V>(
    item: StorageItem<K, V>,
    ...prefix: Partial<K>
  ): [keys: K, value: V][]
  /** Opens a layer; writes go there until it is committed or dropped. */
  begin(): void
  commit(): void
  rollback(): void
}
