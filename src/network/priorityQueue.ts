/** Lets a bounded number of requests run, the most important waiting one first. */
import { RequestError } from './requestError.js'

export type PriorityQueue = {
  /**
   * Waits for a turn; equal priorities keep their order. The result gives the turn back.
   * @throws {RequestError} `overloaded` when too many wait; the signal's reason when it aborts first.
   */
  enter(priority: number, signal: AbortSignal): Promise<() => void>
  readonly running: number
  readonly waiting: number
}

type Waiting = { readonly priority: number; readonly start: () => void }

export function createPriorityQueue(limits: {
  maxRunning: number
  maxWaiting: number
}): PriorityQueue {
  // Ascending, so that the next one to start is the last; equal ones stand before those that came earlier.
  const line: Waiting[] = []
  let running = 0

  const leave = () => {
    running--
    line.pop()?.start()
  }
  const turn = () => {
    running++
    let isDone = false
    return () => {
      if (!isDone) leave()
      isDone = true
    }
  }

  return {
    async enter(priority, signal) {
      signal.throwIfAborted()
      if (running < limits.maxRunning) return turn()
      if (line.length >= limits.maxWaiting) {
        throw new RequestError('overloaded', 'the queue of requests is full')
      }
      return new Promise((resolve, reject) => {
        const entry: Waiting = {
          priority,
          start() {
            signal.removeEventListener('abort', giveUp)
            resolve(turn())
          },
        }
        const giveUp = () => {
          line.splice(line.indexOf(entry), 1)
          reject(signal.reason)
        }
        signal.addEventListener('abort', giveUp, { once: true })
        line.splice(placeOf(line, priority), 0, entry)
      })
    },
    get running() {
      return running
    },
    get waiting() {
      return line.length
    },
  }
}

/** The first place whose priority is not below this one. */
function placeOf(line: readonly Waiting[], priority: number): number {
  let low = 0
  let high = line.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((line[middle]?.priority ?? 0) < priority) low = middle + 1
    else high = middle
  }
  return low
}
