/** Worker threads, and GPUs beside or instead of them, that search for proofs of one challenge after another. */
import { randomBytes } from 'node:crypto'
import type { Worker } from 'node:worker_threads'
import { BittensorError } from '../errors.js'
import {
  type Challenge,
  checkChallenge,
  checkNonce,
  checkRange,
  type NonceRange,
  type Solution,
} from './challenge.js'
import {
  type Control,
  createControl,
  generationOf,
  type Job,
  MAX_CHUNKS,
  publish,
  reactionOf,
  triedBy,
  waveOn,
} from './control.js'
import { availableCores } from './cores.js'
import { type Helper, HelperDriver, type HelperEvents, SLOTS_PER_HELPER } from './helpers.js'
import { jobOf } from './job.js'
import { type Kernel, type KernelName, loadKernel } from './kernel.js'
import { JOB_WORDS, nonceAt } from './scanner.js'
import { largestSeal } from './seal.js'
import { Threads } from './threads.js'
import type { WorkerMessage } from './worker.js'

/** How to search. */
export type SolverOptions = {
  /** Threads; one per available processor by default, none by default when there are helpers. */
  readonly workers?: number | undefined
  /** GPUs or the like, open; the solver closes them. */
  readonly helpers?: readonly Helper[] | undefined
  /** Hears of helpers that failed; the search goes on without them. */
  readonly onWarning?: ((message: string) => void) | undefined
  /** Nonces between two looks at the shared memory; by default a millisecond's worth, at most some milliseconds'. */
  readonly batch?: number | undefined
  /** Niceness of the threads, -20 to 19: 19 leaves the machine to everybody else. */
  readonly nice?: number | undefined
  /** A kernel other than the fastest. */
  readonly kernel?: KernelName | undefined
}

/**
 * How a search ended: a proof; nothing in the given range, all of which was tried; another challenge came; the solver was
 * paused or stopped.
 */
export type Outcome =
  | { readonly kind: 'found'; readonly solution: Solution }
  | { readonly kind: 'exhausted'; readonly tried: bigint }
  | { readonly kind: 'replaced' }
  | { readonly kind: 'stopped' }

/** What a solver has done so far. */
export type SolverStats = {
  readonly workers: number
  readonly kernel: KernelName
  /** Names of the helpers at work. */
  readonly helpers: readonly string[]
  /** Nonces tried. */
  readonly hashes: bigint
  /** Time spent searching. */
  readonly seconds: number
  /** Mean over that time, in hashes per second. */
  readonly rate: number
  /** Workers that died and were replaced. */
  readonly restarts: number
}

type Search = {
  generation: number
  readonly challenge: Challenge
  readonly words: Uint32Array
  readonly count: bigint
  /** Slots for which nothing is left to do. */
  readonly done: Set<number>
  /** What failed helpers have taken and not searched. */
  readonly leftOvers: { readonly first: bigint; readonly count: bigint }[]
  readonly resolve: (outcome: Outcome) => void
  readonly reject: (error: BittensorError) => void
}

const WHOLE_SPACE = 1n << 64n
const MAX_WORKERS = 1024
// What users of other clients ask for (50,000 nonces and more) would keep news from the threads, and gain nothing.
const MOST_BATCHES = 4

/**
 * Makes a solver; threads start with {@link Solver.start} or the first challenge.
 * @throws {BittensorError} `USAGE` for a senseless number of workers, batch or niceness; `RUNTIME_UNSUPPORTED` when the
 *   kernel asked for does not run here.
 * @example
 * const solver = createSolver({ workers: 4 })
 * const outcome = await solver.setChallenge(challenge)
 * await solver.stop()
 */
export function createSolver(options: SolverOptions = {}): Solver {
  return new Solver(options)
}

/** A set of worker threads over one shared memory. */
export class Solver {
  #workers: number
  readonly #kernel: Kernel
  readonly #batch: number
  readonly #warn: (message: string) => void
  readonly #control: Control
  readonly #threads: Threads
  readonly #drivers: readonly HelperDriver[]
  #generation = 0
  #search: Search | undefined
  #stopped: Promise<void> | undefined
  #activeMs = 0
  #activeSince: number | undefined

  constructor(options: SolverOptions) {
    const { helpers = [] } = options
    const least = helpers.length > 0 ? 0 : 1
    const usual = helpers.length > 0 ? 0 : availableCores()
    this.#workers = whole('number of workers', options.workers ?? usual, least, MAX_WORKERS)
    this.#kernel = loadKernel(options.kernel)
    const batch = whole('batch', options.batch ?? this.#kernel.batch, 1, 2 ** 31)
    this.#batch = Math.min(batch, MOST_BATCHES * this.#kernel.batch)
    const nice = options.nice === undefined ? undefined : whole('niceness', options.nice, -20, 19)
    this.#warn = options.onWarning ?? (() => {})
    // Room for the threads that take over when all helpers fail.
    const threads = Math.max(this.#workers, helpers.length > 0 ? availableCores() : 0)
    this.#control = createControl(threads + SLOTS_PER_HELPER * helpers.length)
    this.#threads = new Threads(
      { control: this.#control, module: this.#kernel.module, nice },
      {
        message: (slot, message) => this.#hear(slot, message),
        failed: (error) => this.#abandon(error),
      },
    )
    this.#drivers = helpers.map((helper, i) => this.#driverOf(helper, threads, i))
  }

  #driverOf(helper: Helper, threads: number, i: number): HelperDriver {
    const first = threads + i * SLOTS_PER_HELPER
    const slots = [...Array(SLOTS_PER_HELPER).keys()].map((slot) => first + slot)
    const events: HelperEvents = {
      test: (index, generation) => this.#testOfHelper(index, generation),
      done: (slot, generation) => this.#hearDone(slot, generation),
      leftOver: (generation, start, count) => {
        if (this.#search?.generation === generation) {
          this.#search.leftOvers.push({ first: start, count })
        }
      },
      failed: (failed, reason) => this.#loseHelper(failed, reason),
    }
    return new HelperDriver(helper, { slots, control: this.#control }, events)
  }

  /** Worker threads; 0 if only helpers search. */
  get workers(): number {
    return this.#workers
  }

  /**
   * Starts the threads and returns when all of them run; to be ready before the first challenge.
   * @throws {BittensorError} `INTERNAL` when a thread does not start.
   */
  async start(): Promise<void> {
    this.#threads.start(this.#workers)
    await this.#threads.ready()
  }

  /**
   * Drops what is being searched and searches this. Without a range the nonces start at a random one and never end; with a
   * range all of it is searched.
   * @returns how the search ended; every found proof has passed the slow check.
   * @throws {BittensorError} `USAGE` for a malformed challenge or range, `INTERNAL` when workers keep dying.
   */
  async setChallenge(challenge: Challenge, range?: NonceRange): Promise<Outcome> {
    checkChallenge(challenge)
    if (range) checkRange(range)
    const most = (MAX_CHUNKS - 1n) * BigInt(this.#batch)
    if (range && range.count > most) {
      throw usage(`a range of more than ${most} nonces must be split`)
    }
    if (this.#stopped) return { kind: 'stopped' }
    const count = range?.count ?? (most < WHOLE_SPACE ? most : WHOLE_SPACE)
    const words = jobOf(challenge, range !== undefined)
    const generation = ++this.#generation
    const outcome = new Promise<Outcome>((resolve, reject) => {
      this.#settle({ kind: 'replaced' })
      this.#search = {
        generation,
        challenge,
        words,
        count,
        done: new Set(),
        leftOvers: [],
        resolve,
        reject,
      }
    })
    const first = range?.start ?? randomBytes(8).readBigUInt64LE()
    this.#publish({ generation, running: true, words, first, last: count - 1n })
    this.#activeSince ??= performance.now()
    this.#threads.start(this.#workers)
    return outcome
  }

  /** Lets the threads sleep until the next challenge; a search that runs ends as `stopped`. */
  pause(): void {
    this.#rest()
    this.#settle({ kind: 'stopped' })
  }

  /** What has been done so far; cheap enough to ask many times a second. */
  stats(): SolverStats {
    const hashes = triedBy(this.#control)
    const since = this.#activeSince
    const activeMs = this.#activeMs + (since === undefined ? 0 : performance.now() - since)
    const seconds = activeMs / 1000
    return {
      workers: this.#workers,
      kernel: this.#kernel.name,
      helpers: this.#drivers.flatMap(({ isActive, helper }) => (isActive ? [helper.name] : [])),
      hashes,
      seconds,
      rate: seconds > 0 ? Number(hashes) / seconds : 0,
      restarts: this.#threads.restarts,
    }
  }

  /** Whether every thread has taken up the newest challenge; for measuring. @internal */
  isCaughtUp(): boolean {
    return [...this.#threads.running.keys()].every(
      (slot) => generationOf(this.#control, slot) === this.#generation,
    )
  }

  /** Milliseconds until the last thread took up the newest challenge; undefined before. For measuring. @internal */
  reaction(): number | undefined {
    if (!this.isCaughtUp()) return undefined
    const slots = [...this.#threads.running.keys()]
    return Math.max(...slots.map((slot) => reactionOf(this.#control, slot)))
  }

  /** Identifiers of the threads, for tests that kill one. @internal */
  get threads(): readonly Worker[] {
    return [...this.#threads.running.values()]
  }

  /** Ends the threads; within a few milliseconds unless they are beyond listening. A running search ends as `stopped`. */
  async stop(): Promise<void> {
    this.#stopped ??= this.#end()
    await this.#stopped
  }

  async #end(): Promise<void> {
    this.#stopClock()
    this.#settle({ kind: 'stopped' })
    for (const driver of this.#drivers) driver.stop()
    await this.#threads.end()
  }

  #abandon(error: BittensorError): void {
    const search = this.#search
    this.#search = undefined
    search?.reject(error)
    void this.stop()
  }

  #hear(slot: number, message: Exclude<WorkerMessage, { type: 'ready' }>): void {
    const search = this.#search
    if (message.generation !== search?.generation) return
    if (message.type === 'hit') this.#test(slot, search, message.index)
    else this.#hearDone(slot, message.generation)
  }

  /** When every searcher has run out of chunks, all is done but what failed helpers have left. */
  #hearDone(slot: number, generation: number): void {
    const search = this.#search
    if (generation !== search?.generation) return
    search.done.add(slot)
    const slots = [
      ...Array(this.#workers).keys(),
      ...this.#drivers.flatMap((driver) => (driver.isActive ? driver.slots : [])),
    ]
    if (slots.length === 0 || !slots.every((one) => search.done.has(one))) return
    const rest = search.leftOvers.pop()
    if (rest) {
      search.generation = ++this.#generation
      search.done.clear()
      const { generation: next, words } = search
      const last = rest.count - 1n
      this.#publish({ generation: next, running: true, words, first: rest.first, last })
    } else {
      this.#rest()
      this.#settle({ kind: 'exhausted', tried: search.count })
    }
  }

  #testOfHelper(index: bigint, generation: number): 'settled' | 'near' | 'wrong' {
    const search = this.#search
    if (generation !== search?.generation) return 'settled'
    return this.#verdict(search, index)
  }

  /** Without helpers and threads, threads take over. */
  #loseHelper({ name }: Helper, reason: string): void {
    const isLast = this.#drivers.every(({ isActive }) => !isActive)
    const takeOver = isLast && this.#workers === 0
    this.#warn(
      `${name} stopped: ${reason}; the search goes on ${takeOver ? 'with the processors' : 'without it'}`,
    )
    if (takeOver) {
      this.#workers = availableCores()
      this.#threads.start(this.#workers)
    }
    // The others may have been waiting for this one only.
    const search = this.#search
    const [anyDone] = search?.done ?? []
    if (search && anyDone !== undefined) this.#hearDone(anyDone, search.generation)
  }

  /** The exact test, on the slow path: the kernel compares 64 of 256 bits, and its word alone does not count. */
  #test(slot: number, search: Search, index: bigint): void {
    const verdict = this.#verdict(search, index)
    if (verdict === 'near') waveOn(this.#control, slot)
    if (verdict !== 'wrong') return
    const name = this.#kernel.name
    this.#abandon(
      new BittensorError('INTERNAL', `the proof-of-work kernel ${name} computed a wrong seal`, {
        hint: 'the processor or its memory may be faulty',
        data: { index },
      }),
    )
  }

  #verdict({ challenge, words }: Search, index: bigint): 'settled' | 'near' | 'wrong' {
    const nonce = nonceAt(words[0] ?? 0, index)
    const { seal, meets } = checkNonce(challenge, nonce)
    if (!meets) {
      const limit = largestSeal(challenge.difficulty) >> 192n
      return topBits(seal, challenge) <= limit ? 'near' : 'wrong'
    }
    this.#rest()
    this.#settle({ kind: 'found', solution: { challenge, nonce, seal } })
    return 'settled'
  }

  /** Publishes that there is nothing to do. */
  #rest(): void {
    this.#stopClock()
    const generation = ++this.#generation
    const words = new Uint32Array(JOB_WORDS)
    this.#publish({ generation, running: false, words, first: 0n, last: 0n })
  }

  #publish(job: Omit<Job, 'batch'>): void {
    publish(this.#control, { ...job, batch: this.#batch })
    for (const driver of this.#drivers) driver.wake()
  }

  #stopClock(): void {
    if (this.#activeSince === undefined) return
    this.#activeMs += performance.now() - this.#activeSince
    this.#activeSince = undefined
  }

  #settle(outcome: Outcome): void {
    const search = this.#search
    this.#search = undefined
    search?.resolve(outcome)
  }
}

function topBits(seal: Uint8Array, { scheme }: Challenge): bigint {
  const view = new DataView(seal.buffer, seal.byteOffset)
  return scheme === 'register-be' ? view.getBigUint64(0) : view.getBigUint64(24, true)
}

function whole(what: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw usage(`the ${what} is a whole number from ${least} to ${most}, not ${value}`)
}

function usage(message: string): BittensorError {
  return new BittensorError('USAGE', message)
}
