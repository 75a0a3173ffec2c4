// @ts-check
/**
 * A worker thread of the solver: takes chunks, scans them, reports hits for the exact test. It never talks to the chain
 * and holds no secret.
 *
 * Plain JavaScript: Node 20 cannot load TypeScript in a worker. Started by solver.ts from the file beside it.
 */
import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import {
  attach,
  claimChunk,
  clearClaim,
  countTried,
  isCurrent,
  isStopped,
  orphanedChunk,
  readJob,
  sleep,
  wakeCount,
  wavesOn,
} from './control.js'
import { createScanner } from './scanner.js'

/**
 * @typedef {object} WorkerData
 * @property {SharedArrayBuffer} buffer
 * @property {number} slots
 * @property {number} slot
 * @property {import('./scanner.js').KernelModule | undefined} module
 * @property {number | undefined} nice
 */

/**
 * `ready`: the thread runs. `hit`: an index to test exactly. `done`: nothing is left of the generation for this worker.
 * @typedef {{ type: 'ready' }
 *   | { type: 'hit', generation: number, index: bigint }
 *   | { type: 'done', generation: number }} WorkerMessage
 */

const { buffer, slots, slot, module, nice } = /** @type {WorkerData} */ (workerData)
const control = attach(buffer, slots)
/** A cell that nobody changes. */
const nobody = new Int32Array(new SharedArrayBuffer(4))
const scanner = module
  ? createScanner(module)
  : (await import('./fallback.js')).createFallbackScanner()

if (nice !== undefined) lowerPriority(nice)
report({ type: 'ready' })
while (!isStopped(control)) work()

/** Works through the newest job until there is another or the end. */
function work() {
  const job = readJob(control, slot)
  scanner.setJob(job.words)
  makeWay()
  const orphan = orphanedChunk(control, slot, job)
  if (orphan !== undefined) scanChunk(job, orphan)
  for (let reported = false; !isStopped(control); ) {
    const count = wakeCount(control)
    const chunk = claimChunk(control, slot, job)
    if (chunk === 'other job') return
    if (chunk !== 'none') {
      scanChunk(job, chunk)
      continue
    }
    clearClaim(control, slot)
    if (job.running && !reported) report({ type: 'done', generation: job.generation })
    reported = true
    sleep(control, count)
  }
}

/**
 * Sleeps for an instant. Two threads that share a processor, while the system has not spread them yet, hear of a new job
 * one after the other this way, and not after a whole turn of the first; who wakes up is also given an idle processor.
 */
function makeWay() {
  Atomics.wait(nobody, 0, 0, 0.02)
}

/**
 * @param {import('./control.js').Job} job
 * @param {bigint} chunk
 */
function scanChunk(job, chunk) {
  const offset = chunk * BigInt(job.batch)
  const left = job.last - offset + 1n
  const count = left < BigInt(job.batch) ? Number(left) : job.batch
  for (let at = 0; at < count; ) {
    const tried = scanner.scan(job.first + offset + BigInt(at), count - at)
    const hit = at + tried < count
    countTried(control, slot, hit ? tried + 1 : tried)
    if (hit && !awaitVerdict(job, job.first + offset + BigInt(at + tried))) return
    at += tried + 1
  }
}

/**
 * Reports a hit and waits until the solver has tested it exactly: it publishes another job or waves the worker on.
 * @param {import('./control.js').Job} job
 * @param {bigint} index
 * @returns {boolean} whether to go on with the job
 */
function awaitVerdict(job, index) {
  const waves = wavesOn(control, slot)
  report({ type: 'hit', generation: job.generation, index: BigInt.asUintN(64, index) })
  for (;;) {
    const count = wakeCount(control)
    if (isStopped(control) || !isCurrent(control, job)) return false
    if (wavesOn(control, slot) !== waves) return true
    sleep(control, count)
  }
}

/** @param {number} niceness */
function lowerPriority(niceness) {
  try {
    // On Linux this concerns the calling thread alone, so that the main thread stays quick.
    setPriority(niceness)
  } catch {
    // Not allowed here: the work is the same, at the usual priority.
  }
}

/** @param {WorkerMessage} message */
function report(message) {
  parentPort?.postMessage(message)
}
