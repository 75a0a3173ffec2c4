/** Lets a bounded number of things happen at once, the rest in the order in which they asked. */

export type Semaphore = {
  /**
   * Waits for a place; the result gives it back.
   * @throws the signal's reason when it aborts first.
   */
  enter(signal: AbortSignal): Promise<() => void>
  readonly waiting: number
}

export function createSemaphore(places: number): Semaphore {
  let free = places
  const line = new Set<() => void>()
  const leave = () => {
    const [next] = line
    if (next) next()
    else free++
  }
  const once = () => {
    let isDone = false
    return () => {
      if (!isDone) leave()
      isDone = true
    }
  }
  return {
    async enter(signal) {
      signal.throwIfAborted()
      if (free > 0) {
        free--
        return once()
      }
      return new Promise((resolve, reject) => {
        const start = () => {
          line.delete(start)
          signal.removeEventListener('abort', giveUp)
          resolve(once())
        }
        const giveUp = () => {
          line.delete(start)
          reject(signal.reason)
        }
        signal.addEventListener('abort', giveUp, { once: true })
        line.add(start)
      })
    },
    get waiting() {
      return line.size
    },
  }
}
