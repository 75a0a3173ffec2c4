/** Pushed values as a source to iterate over: between a subscription and whoever reads it. */

/** A queue that is filled by callbacks and emptied by one `for await`. */
export type Queue<T> = AsyncIterable<T> & {
  push(value: T): void
  /** Ends the iteration, with an error if there is one; values pushed before still come. */
  end(error?: unknown): void
}

/**
 * Makes a queue.
 * @example
 * const heads = createQueue<BlockRef>()
 * const stop = await client.subscribeHeads((head) => heads.push(head))
 */
export function createQueue<T>(): Queue<T> {
  const values: T[] = []
  let over = false
  let failure: { readonly error: unknown } | undefined
  let wake = () => {}
  async function* iterate(): AsyncGenerator<T> {
    for (;;) {
      const value = values.shift()
      if (value !== undefined) yield value
      else if (failure) throw failure.error
      else if (over) return
      else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  }
  return {
    push(value) {
      if (over) return
      values.push(value)
      wake()
    },
    end(error) {
      over = true
      if (error !== undefined) failure = { error }
      wake()
    },
    [Symbol.asyncIterator]: iterate,
  }
}
