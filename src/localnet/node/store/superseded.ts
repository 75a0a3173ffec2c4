/** Which versions of storage keys are no longer the newest, and since when: what pruning removes. */
/** A version by its key and the block that made it. */
type Place = readonly [key: string, block: number]

export type Superseded = {
  /** A block has brought another version. */
  note(by: number, key: string, block: number): void
  /** Those that no block from this one on needs; each is given once. */
  take(block: number): Iterable<Place>
  /** What was superseded after a block no longer is. */
  revert(block: number): void
}

/** @param isUsed whether anything will be taken; else nothing is noted */
export function createSuperseded(isUsed: boolean): Superseded {
  const places = new Map<number, Place[]>()
  /** All up to this block are taken. */
  let taken = -1

  return {
    note(by, key, block) {
      if (!isUsed) return
      const list = places.get(by)
      if (list) list.push([key, block])
      else places.set(by, [[key, block]])
      taken = Math.min(taken, by - 1)
    },
    *take(block) {
      if (!isUsed) return
      for (; taken < block; taken++) {
        yield* places.get(taken + 1) ?? []
        places.delete(taken + 1)
      }
    },
    revert(block) {
      for (const by of places.keys()) if (by > block) places.delete(by)
    },
  }
}
