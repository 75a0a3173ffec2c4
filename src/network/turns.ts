/** Spreads synchronous work such as signing over the event loop, so that a burst of it does not hold up answers. */

const LONGEST_STRETCH_MS = 8

/** Runs work in order; between stretches of a few milliseconds everything else gets its turn. */
export function createTurns(): <T>(work: () => T | Promise<T>) => Promise<T> {
  let tail: Promise<unknown> = Promise.resolve()
  let since = performance.now()
  return <T>(work: () => T | Promise<T>) => {
    const started = tail.then(async () => {
      if (performance.now() - since > LONGEST_STRETCH_MS) {
        await new Promise((resolve) => setImmediate(resolve))
        since = performance.now()
      }
      // Boxed, so that the next one need not wait for a signer that answers later.
      return { result: work() }
    })
    tail = started.catch(() => {})
    return started.then(({ result }) => result)
  }
}
