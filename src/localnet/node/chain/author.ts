/** Decides when blocks are made, and lets only one be made at a time. */
import type { Candidate, Pool } from '../pool/pool.js'
import type { BlockRef, Chain, Intervention } from './chain.js'

/** A block per transaction, only on request, or every so many milliseconds. */
export type BlockMode = 'instant' | 'manual' | number

/** Blocks that become durable together when many are made in a row. */
const GROUP = 64

/** What blocks made on request differ in. */
export type AdvanceOptions = {
  /** Milliseconds since 1970 of the first of them. */
  readonly timestamp?: number | undefined
  /** Changes the state at the start of the first of them. */
  readonly intervention?: Intervention | undefined
  /** Has the first of them bring the next runtime. */
  readonly upgrade?: boolean | undefined
}

/** The author of a chain's blocks. */
export class Author {
  readonly #chain: Chain
  readonly #pool: Pool
  readonly #mode: BlockMode
  readonly #onFault: (error: unknown) => void
  #queue: Promise<unknown> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined
  #scheduled = false
  #stopped = false

  constructor(chain: Chain, pool: Pool, mode: BlockMode, onFault: (error: unknown) => void) {
    this.#chain = chain
    this.#pool = pool
    this.#mode = mode
    this.#onFault = onFault
  }

  /** Starts the clock of interval mode. */
  start(): void {
    if (typeof this.#mode === 'number') this.#tick(Date.now() + this.#mode)
  }

  /** Ends block making; a block under way is finished first. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#queue.catch(() => {})
  }

  /** Instant mode's cue: a transaction has become ready. */
  ready(): void {
    if (this.#mode !== 'instant' || this.#scheduled || this.#stopped) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.#exclusive(() => this.#drain()).catch(this.#onFault)
    })
  }

  /** Makes blocks now, the first with all that is ready. Returns the last one. */
  advance(count: number, options: AdvanceOptions = {}): Promise<BlockRef> {
    return this.#exclusive(async () => {
      let first: AdvanceOptions = options
      for (let left = count; left > 0; left -= GROUP) {
        for (let i = 0; i < Math.min(left, GROUP); i++) {
          this.#seal(this.#pool.due(), first)
          first = {}
        }
        await this.#chain.publish()
        await new Promise(setImmediate)
      }
      return this.#chain.head
    })
  }

  /** Makes a published block the newest again, between two blocks. */
  revert(number: number): Promise<void> {
    return this.#exclusive(() => this.#chain.revert(number))
  }

  /** One block per ready transaction, until none is left. */
  async #drain(): Promise<void> {
    for (;;) {
      let made = 0
      for (let [next] = this.#pool.due(); next && made < GROUP; [next] = this.#pool.due()) {
        // Judged first: a transaction that has become invalid must not make an empty block.
        if (this.#chain.accepts(next)) {
          this.#seal([next], {})
          made++
        } else {
          this.#pool.reject(next.extrinsic.hash)
          this.#pool.settle()
        }
      }
      if (made === 0) return
      // Nobody would hand in a transaction for the new runtime before its first block is there.
      if (this.#chain.upgradesIn(this.#chain.tip.number)) this.#seal([], {})
      await this.#chain.publish()
    }
  }

  #seal(transactions: readonly Candidate[], options: AdvanceOptions): void {
    const sealed = this.#chain.seal({ transactions, ...options })
    for (const hash of sealed.included) this.#pool.take(hash)
    for (const hash of sealed.rejected) this.#pool.reject(hash)
  }

  #tick(at: number): void {
    const period = this.#mode as number
    this.#timer = setTimeout(
      () => {
        this.advance(1)
          .catch(this.#onFault)
          .finally(() => {
            // A late block does not make the next ones hurry.
            if (!this.#stopped) this.#tick(Math.max(at, Date.now() - period) + period)
          })
      },
      Math.max(0, at - Date.now()),
    ).unref()
  }

  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#queue.then(work, work)
    this.#queue = run.catch(() => {})
    return run
  }
}
