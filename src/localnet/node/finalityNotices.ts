/** When watchers of transactions hear that their block is final, on a chain where it is so at once. */
import type { Hex } from './bytes.js'

/** A block is given out as final after so many pauses in a row in which no client has read about it… */
const QUIET_PAUSES = 5
const PAUSE_MS = 20
/** …or after so many pauses altogether. */
const MOST_PAUSES = 100

type Notice = { timer: NodeJS.Timeout; quiet: number; pauses: number }

/**
 * Holds notices of finality back while clients are reading the block. @polkadot/api reads a block when it hears
 * `inBlock`, and drops that status when `finalized` arrives meanwhile: it needs the time that a real chain gives it,
 * more of it on a busy machine. Pauses are counted, not time: while the process is held up nobody can read.
 */
export class FinalityNotices {
  readonly #waiting = new Map<Hex, Notice>()

  /** Calls `tell` once clients are done with the block. */
  add(block: Hex, tell: () => void): void {
    const pause = () => {
      notice.quiet++
      notice.pauses++
      if (notice.quiet < QUIET_PAUSES && notice.pauses < MOST_PAUSES) {
        notice.timer = setTimeout(pause, PAUSE_MS)
        return
      }
      this.#waiting.delete(block)
      tell()
    }
    const notice: Notice = { timer: setTimeout(pause, PAUSE_MS), quiet: 0, pauses: 0 }
    this.#waiting.set(block, notice)
  }

  /** A client has asked for something with these parameters, perhaps about a block that waits. */
  onRequest(params: readonly unknown[]): void {
    if (this.#waiting.size === 0) return
    for (const param of params) {
      const notice = this.#waiting.get(param as Hex)
      if (notice) notice.quiet = 0
    }
  }

  /** Gives none of those that wait. */
  stop(): void {
    for (const { timer } of this.#waiting.values()) clearTimeout(timer)
    this.#waiting.clear()
  }
}
