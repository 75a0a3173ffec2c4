/** The worker threads of a solver: started, replaced when one dies, ended. */
import { Worker } from 'node:worker_threads'
import { BittensorError } from '../errors.js'
import { type Control, stopWorkers } from './control.js'
import type { KernelModule } from './scanner.js'
import type { WorkerData, WorkerMessage } from './worker.js'

/** What threads are made of. */
export type ThreadOptions = {
  readonly control: Control
  /** Compiled kernel; undefined for the slow one. */
  readonly module: KernelModule | undefined
  readonly nice: number | undefined
}

/** What a solver hears of its threads. */
export type ThreadEvents = {
  message(slot: number, message: Exclude<WorkerMessage, { type: 'ready' }>): void
  /** A thread cannot be kept alive; the others go on until they are ended. */
  failed(error: BittensorError): void
}

// One that dies now and then (out of memory, killed by hand) is replaced; one that dies again and again is an error.
const MAX_RESTARTS = 10
const STOP_GRACE_MS = 250

/** Threads by their slots in the shared memory. */
export class Threads {
  readonly #options: ThreadOptions
  readonly #events: ThreadEvents
  readonly #running = new Map<number, Worker>()
  readonly #starting: Promise<void>[] = []
  #restarts = 0
  #ended = false

  constructor(options: ThreadOptions, events: ThreadEvents) {
    this.#options = options
    this.#events = events
  }

  /** Starts threads in the slots from 0 on, unless some run. */
  start(count: number): void {
    if (this.#running.size > 0 || this.#ended) return
    for (let slot = 0; slot < count; slot++) {
      const started = this.#spawn(slot)
      // Whoever awaits ready() hears of it, and `failed` tells the others.
      started.catch(() => {})
      this.#starting.push(started)
    }
  }

  /** Resolves when all of them run; rejects when one does not start. */
  async ready(): Promise<void> {
    await Promise.all(this.#starting)
  }

  /** Threads that died and were replaced. */
  get restarts(): number {
    return this.#restarts
  }

  get running(): ReadonlyMap<number, Worker> {
    return this.#running
  }

  /** Ends all; those that do not listen are killed. */
  async end(): Promise<void> {
    this.#ended = true
    stopWorkers(this.#options.control)
    await Promise.all([...this.#running.values()].map(endThread))
  }

  #spawn(slot: number): Promise<void> {
    const { control, module, nice } = this.#options
    const data: WorkerData = { buffer: control.buffer, slots: control.slots, slot, module, nice }
    const thread = new Worker(new URL('./worker.js', import.meta.url), {
      workerData: data,
      name: `pow-${slot}`,
      // Nothing of the process concerns it: no loaders, and no environment with passwords.
      execArgv: [],
      env: {},
    })
    this.#running.set(slot, thread)
    return new Promise((resolve, reject) => {
      let ready = false
      let cause: unknown
      thread.on('message', (message: WorkerMessage) => {
        if (message.type !== 'ready') return this.#events.message(slot, message)
        ready = true
        resolve()
      })
      thread.on('error', (error) => {
        cause = error
      })
      thread.on('exit', () => {
        this.#running.delete(slot)
        // One that throws before it is ready would do so again.
        const hopeless = (!ready && cause !== undefined) || this.#restarts >= MAX_RESTARTS
        if (this.#ended) resolve()
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
    const message = `proof-of-work thread ${slot} ${what}`
    const hint = ran ? undefined : 'use fewer threads, each of which needs some memory'
    const error = new BittensorError('INTERNAL', message, { details, hint, cause })
    this.#events.failed(error)
    return error
  }
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
