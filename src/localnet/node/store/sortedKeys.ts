/** All storage keys in byte order, for walking by prefix. */

/** Keys in order; lower-case hex sorts like the bytes it stands for. */
export type SortedKeys = {
  add(key: string): void
  /** Adds many, as at the start. */
  addAll(keys: Iterable<string>): void
  /** Keys that begin with the prefix, those behind `after` only. */
  from(prefix: string, after?: string): Iterable<string>
}

/** An empty {@link SortedKeys}. */
export function sortedKeys(): SortedKeys {
  let keys: string[] = []

  /** Position of the first key that is not below. */
  function position(key: string): number {
    let low = 0
    let high = keys.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((keys[middle] ?? '') < key) low = middle + 1
      else high = middle
    }
    return low
  }

  return {
    add(key) {
      const at = position(key)
      if (keys[at] !== key) keys.splice(at, 0, key)
    },
    addAll(more) {
      keys = [...new Set([...keys, ...more])].sort()
    },
    *from(prefix, after) {
      // A walk survives keys that are added meanwhile: it goes on behind the last key it gave.
      let last = after
      for (;;) {
        const at = last === undefined || last < prefix ? position(prefix) : position(last)
        const key = keys[at] === last ? keys[at + 1] : keys[at]
        if (!key?.startsWith(prefix)) return
        last = key
        yield key
      }
    },
  }
}
