/** Worker threads that search for proofs of one challenge after another. */
import { randomBytes } from 'node:crypto'
import { Worker } from 'node:worker_threads'
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
  MAX_CHUNKS,
  publish,
  stopWorkers,
  triedBy,
  waveOn,
} from './control.js'
import { availableCores } from './cores.js'
import { jobOf } from './job.js'
import { type Kernel, type KernelName, loadKernel } from './kernel.js'
import { JOB_WORDS, nonceAt } from './scanner.js'
import { largestSeal } from './seal.js'
import type { WorkerData, WorkerMessage } from './worker.js'

/** How to search. */
export type SolverOptions = {
  /** Threads; one per available processor by default. */
  readonly workers?: number | undefined
  /** Nonces between two looks at the shared memory; by default about four milliseconds' worth. */
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
  readonly generation: number
  readonly challenge: Challenge
  readonly mode: number
  readonly count: bigint
  readonly done: Set<number>
  readonly resolve: (outcome: Outcome) => void
  readonly reject: (error: BittensorError) => void
}

const WHOLE_SPACE = 1n << 64n
const MAX_WORKERS = 1024
// A worker that dies now and then (out of memory, killed by hand) is replaced; one that dies again and again is an error.
const MAX_RESTARTS = 10
const STOP_GRACE_MS = 250

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
  readonly workers: number
  readonly #kernel: Kernel
  readonly #batch: number
  readonly #nice: number | undefined
  readonly #control: Control
  readonly #threads = new Map<number, Worker>()
  readonly #starting: Promise<void>[] = []
  #generation = 0
  #search: Search | undefined
  #restarts = 0
  #stopped: Promise<void> | undefined
  #activeMs = 0
  #activeSince: number | undefined

  constructor(options: SolverOptions) {
    this.workers = whole('number of workers', options.workers ?? availableCores(), 1, MAX_WORKERS)
    this.#kernel = loadKernel(options.kernel)
    this.#batch = whole('batch', options.batch ?? this.#kernel.batch, 1, 1 << 30)
    this.#nice = options.nice === undefined ? undefined : whole('niceness', options.nice, -20, 19)
    this.#control = createControl(this.workers)
  }

  /**
   * Starts the threads and returns when all of them run; to be ready before the first challenge.
   * @throws {BittensorError} `INTERNAL` when a thread does not start.
   */
  async start(): Promise<void> {
    this.#spawnAll()
    await Promise.all(this.#starting)
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
      const mode = words[0] ?? 0
      this.#search = { generation, challenge, mode, count, done: new Set(), resolve, reject }
    })
    const first = range?.start ?? randomBytes(8).readBigUInt64LE()
    const job = { generation, running: true, batch: this.#batch, words, first, last: count - 1n }
    publish(this.#control, job)
    this.#activeSince ??= performance.now()
    this.#spawnAll()
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
      workers: this.workers,
      kernel: this.#kernel.name,
      hashes,
      seconds,
      rate: seconds > 0 ? Number(hashes) / seconds : 0,
      restarts: this.#restarts,
    }
  }

  /** Whether every thread has taken up the newest challenge; for measuring. @internal */
  isCaughtUp(): boolean {
    return [...this.#threads.keys()].every(
      (slot) => generationOf(this.#control, slot) === this.#generation,
    )
  }

  /** Identifiers of the threads, for tests that kill one. @internal */
  get threads(): readonly Worker[] {
    return [...this.#threads.values()]
  }

  /** Ends the threads; within a few milliseconds unless they are beyond listening. A running search ends as `stopped`. */
  async stop(): Promise<void> {
    this.#stopped ??= this.#end()
    await this.#stopped
  }

  async #end(): Promise<void> {
    stopWorkers(this.#control)
    this.#stopClock()
    this.#settle({ kind: 'stopped' })
    await Promise.all([...this.#threads.values()].map(endThread))
  }

  #spawnAll(): void {
    if (this.#threads.size > 0 || this.#stopped) return
    for (let slot = 0; slot < this.workers; slot++) {
      const started = this.#spawn(slot)
      // Whoever awaits start() hears of it; a search is told by #fail.
      started.catch(() => {})
      this.#starting.push(started)
    }
  }

  #spawn(slot: number): Promise<void> {
    const data: WorkerData = {
      buffer: this.#control.buffer,
      workers: this.workers,
      slot,
      module: this.#kernel.module,
      nice: this.#nice,
    }
    const thread = new Worker(new URL('./worker.js', import.meta.url), {
      workerData: data,
      name: `pow-${slot}`,
      // Nothing of the process concerns it: no loaders, and no environment with passwords.
      execArgv: [],
      env: {},
    })
    this.#threads.set(slot, thread)
    return new Promise((resolve, reject) => {
      let ready = false
      let cause: unknown
      thread.on('message', (message: WorkerMessage) => {
        if (message.type === 'ready') {
          ready = true
          resolve()
        } else this.#hear(slot, message)
      })
      thread.on('error', (error) => {
        cause = error
      })
      thread.on('exit', () => {
        this.#threads.delete(slot)
        // One that throws before it is ready would do so again.
        const hopeless = (!ready && cause !== undefined) || this.#restarts >= MAX_RESTARTS
        if (this.#stopped) resolve()
        else if (hopeless) reject(this.#fail(slot, ready, cause))
        else this.#replace(slot).then(resolve, reject)
      })
    })
  }

  /** The successor finds in the shared memory what its predecessor died over. */
  #replace(slot: number): Promise<void> {
    this.#restarts++
    return this.#spawn(slot)
  }

  #fail(slot: number, ran: boolean, cause: unknown): BittensorError {
    const what = ran ? 'keeps dying' : 'does not start'
    const details = cause instanceof Error ? cause.message : undefined
    const error = new BittensorError('INTERNAL', `proof-of-work thread ${slot} ${what}`, {
      details,
      cause,
    })
    this.#abandon(error)
    return error
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
    else {
      search.done.add(slot)
      if (search.done.size < this.workers) return
      this.#rest()
      this.#settle({ kind: 'exhausted', tried: search.count })
    }
  }

  /** The exact test, on the slow path: the kernel compares 64 of 256 bits, and its word alone does not count. */
  #test(slot: number, { challenge, mode }: Search, index: bigint): void {
    const nonce = nonceAt(mode, index)
    const { seal, meets } = checkNonce(challenge, nonce)
    if (meets) {
      this.#rest()
      this.#settle({ kind: 'found', solution: { challenge, nonce, seal } })
    } else if (topBits(seal, challenge) <= largestSeal(challenge.difficulty) >> 192n) {
      waveOn(this.#control, slot)
    } else {
      const name = this.#kernel.name
      this.#abandon(
        new BittensorError('INTERNAL', `the proof-of-work kernel ${name} computed a wrong seal`, {
          hint: 'the processor or its memory may be faulty',
          data: { nonce },
        }),
      )
    }
  }

  /** Publishes that there is nothing to do. */
  #rest(): void {
    this.#stopClock()
    const generation = ++this.#generation
    const words = new Uint32Array(JOB_WORDS)
    publish(this.#control, {
      generation,
      running: false,
      batch: this.#batch,
      words,
      first: 0n,
      last: 0n,
    })
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

async function endThread(thread: Worker): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => void thread.terminate(), STOP_GRACE_MS)
    thread.once('exit', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

function whole(what: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw usage(`the ${what} is a whole number from ${least} to ${most}, not ${value}`)
}

function usage(message: string): BittensorError {
  return new BittensorError('USAGE', message)
}
