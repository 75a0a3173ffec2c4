/** Searchers besides the worker threads, such as GPUs: they take chunks from the same memory, many at a time. */
import {
  type Control,
  claimChunk,
  clearClaim,
  countTried,
  isCurrent,
  type Job,
  readJob,
} from './control.js'

/** Something that tries many nonces at once. */
export type Helper = {
  readonly name: string
  /** Tries `count` indices of a job from `first` on. Returns the offsets of hits by the top 64 bits, ascending. */
  scan(job: Uint32Array, first: bigint, count: number): Promise<readonly number[]>
  close(): void
}

/** What a solver hears of its helpers. */
export type HelperEvents = {
  /** The exact test of a hit. `settled`: its search is over. `near`: right, but not enough. `wrong`: it is no hit. */
  test(index: bigint, generation: number): 'settled' | 'near' | 'wrong'
  /** Nothing is left of the generation for this slot. */
  done(slot: number, generation: number): void
  /** The helper took these indices and did not search them. */
  leftOver(generation: number, first: bigint, count: bigint): void
  /** The helper is of no use any more. */
  failed(helper: Helper, reason: string): void
}

/** Slots of one helper: while one answer is read, the next piece is already at work. */
export const SLOTS_PER_HELPER = 2

/** How long one piece should take: short enough to see a new block soon, and for drivers that stop what takes long. */
const TARGET_MS = 30
/** Small enough for the slowest device; the size doubles until a piece takes its time. */
const FIRST_PIECE = 1 << 14
const LARGEST_PIECE = 2 ** 30

/** Runs one helper. */
export class HelperDriver {
  readonly helper: Helper
  readonly slots: readonly number[]
  readonly #control: Control
  readonly #events: HelperEvents
  #piece = FIRST_PIECE
  #over = false
  #ended = false
  #failure: Error | undefined
  #sleepers: (() => void)[] = []

  constructor(
    helper: Helper,
    part: { readonly slots: readonly number[]; readonly control: Control },
    events: HelperEvents,
  ) {
    this.helper = helper
    this.slots = part.slots
    this.#control = part.control
    this.#events = events
    void this.#run()
  }

  /** Whether it searches, or has yet to say what it leaves over. */
  get isActive(): boolean {
    return !this.#ended
  }

  /** To be called after a job was published. */
  wake(): void {
    for (const awake of this.#sleepers.splice(0)) awake()
  }

  stop(): void {
    if (this.#over) return
    this.#over = true
    this.wake()
    this.helper.close()
  }

  /** A failure is told when no slot has anything in flight: only then all that is left over is known. */
  async #run(): Promise<void> {
    await Promise.all(this.slots.map((slot) => this.#drive(slot)))
    this.#ended = true
    if (this.#failure) this.#events.failed(this.helper, this.#failure.message)
  }

  async #drive(slot: number): Promise<void> {
    while (!this.#over) {
      const job = readJob(this.#control, slot)
      try {
        await this.#workOn(slot, job)
      } catch (error) {
        if (this.#over) return
        this.#failure = error instanceof Error ? error : new Error(String(error))
        this.stop()
      }
      if (isCurrent(this.#control, job) && !this.#over) {
        await new Promise<void>((resolve) => this.#sleepers.push(resolve))
      }
    }
  }

  async #workOn(slot: number, job: Job): Promise<void> {
    const { generation, batch, first, last, running } = job
    while (running && !this.#over) {
      const chunks = BigInt(Math.max(1, Math.floor(this.#piece / batch)))
      const chunk = claimChunk(this.#control, slot, job, chunks)
      if (typeof chunk !== 'bigint') {
        if (chunk === 'none') this.#events.done(slot, generation)
        return
      }
      const offset = chunk * BigInt(batch)
      const left = last - offset + 1n
      const wanted = chunks * BigInt(batch)
      const count = Number(wanted < left ? wanted : left)
      try {
        await this.#search(job, first + offset, count)
      } catch (error) {
        this.#events.leftOver(generation, first + offset, BigInt(count))
        throw error
      }
      clearClaim(this.#control, slot)
      countTried(this.#control, slot, count)
    }
  }

  async #search(job: Job, first: bigint, count: number): Promise<void> {
    const { words, generation, first: start, last } = job
    const started = performance.now()
    const offsets = await this.helper.scan(words, first, count)
    this.#adjust(count, performance.now() - started)
    for (const offset of offsets) {
      const verdict = this.#events.test(first + BigInt(offset), generation)
      if (verdict === 'settled') return
      if (verdict === 'wrong') {
        // Nor is it believed where it found nothing before.
        this.#events.leftOver(generation, start, last + 1n)
        throw new Error('it computed a wrong seal')
      }
    }
  }

  /** At most twice or half of the last piece, so that one slow answer does not matter much. */
  #adjust(count: number, milliseconds: number): void {
    if (count < this.#piece / 2) return
    const factor = Math.min(2, Math.max(0.5, TARGET_MS / Math.max(1, milliseconds)))
    this.#piece = Math.min(LARGEST_PIECE, Math.max(1024, Math.round(this.#piece * factor)))
  }
}
