/** A map of bounded size that forgets what was not used for longest. */

export type Lru<K, V> = {
  get(key: K): V | undefined
  /** Returns what was forgotten to make room. */
  set(key: K, value: V): [K, V] | undefined
  delete(key: K): void
  /** From the least to the most recently used. */
  entries(): IterableIterator<[K, V]>
  readonly size: number
}

/** @param capacity number of entries kept, at least 1 */
export function createLru<K, V>(capacity: number): Lru<K, V> {
  const map = new Map<K, V>()
  return {
    get(key) {
      const value = map.get(key)
      if (value === undefined) return undefined
      map.delete(key)
      map.set(key, value)
      return value
    },
    set(key, value) {
      map.delete(key)
      map.set(key, value)
      if (map.size <= capacity) return undefined
      const oldest = map.entries().next().value
      if (oldest) map.delete(oldest[0])
      return oldest
    },
    delete: (key) => void map.delete(key),
    entries: () => map.entries(),
    get size() {
      return map.size
    },
  }
}
