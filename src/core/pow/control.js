// @ts-check
/**
 * The memory that solver and workers share: the job, the next piece of work, and what each worker is at.
 *
 * Work is handed out in chunks of `batch` indices by one 64-bit ticket: the generation of the challenge on top, the next
 * chunk below. A worker takes a chunk by a compare-and-exchange of the whole ticket, so that a chunk is always taken for
 * the challenge it was counted under: none is done twice, none is left out, however a new challenge and the workers meet.
 * Before it takes a chunk, a worker writes the ticket into its slot; the successor of a killed worker redoes that chunk.
 *
 * Plain JavaScript, because worker threads load it and Node 20 has no TypeScript there.
 */
import { JOB_WORDS } from './scanner.js'

// 32-bit cells.
const STOP = 0
/** Counts events, for workers to sleep on. */
const WAKE = 1
/** Odd while the job is being written. */
const SEQUENCE = 2
const GENERATION = 3
const RUNNING = 4
const BATCH = 5
const JOB = 8
const SLOTS_32 = JOB + JOB_WORDS
/** Of a worker: the generation it works on, and how many of its reports the solver has waved on. */
const SLOT_32 = 2

// 64-bit cells, which come first in memory.
const TICKET = 0
const FIRST = 1
const LAST = 2
/** When the job was published, in nanoseconds of the process's clock. */
const PUBLISHED = 3
const SLOTS_64 = 4
/** Of a worker: the chunk it works on, the nonces it has tried, and when it took up its job. */
const SLOT_64 = 3

const CHUNK_BITS = 55n
const NO_CHUNK = (1n << 64n) - 1n

/** Chunks that one challenge can have. */
export const MAX_CHUNKS = 1n << CHUNK_BITS

/**
 * What is to be searched. `index` runs from `first` to `first + last`, modulo 2⁶⁴.
 * @typedef {object} Job
 * @property {number} generation
 * @property {boolean} running false: nothing to do until the next job
 * @property {number} batch
 * @property {Uint32Array} words of the kernel
 * @property {bigint} first
 * @property {bigint} last offset of the last index
 */

/**
 * @typedef {object} Control
 * @property {SharedArrayBuffer} buffer
 * @property {Int32Array} cells
 * @property {BigUint64Array} wide
 * @property {number} slots one for each worker, and for what else searches
 */

/**
 * @param {number} slots
 * @returns {Control}
 */
export function createControl(slots) {
  const wideBytes = (SLOTS_64 + SLOT_64 * slots) * 8
  const control = attach(new SharedArrayBuffer(wideBytes + (SLOTS_32 + SLOT_32 * slots) * 4), slots)
  for (let slot = 0; slot < slots; slot++) clearClaim(control, slot)
  return control
}

/**
 * @param {SharedArrayBuffer} buffer
 * @param {number} slots
 * @returns {Control}
 */
export function attach(buffer, slots) {
  const wideCells = SLOTS_64 + SLOT_64 * slots
  return {
    buffer,
    slots,
    wide: new BigUint64Array(buffer, 0, wideCells),
    cells: new Int32Array(buffer, wideCells * 8),
  }
}

/**
 * Publishes a job. Workers see it when they have finished their batch; nobody is waited for.
 * @param {Control} control
 * @param {Job} job
 */
export function publish({ cells, wide }, job) {
  Atomics.store(wide, PUBLISHED, process.hrtime.bigint())
  Atomics.add(cells, SEQUENCE, 1)
  Atomics.store(cells, GENERATION, job.generation)
  Atomics.store(cells, RUNNING, job.running ? 1 : 0)
  Atomics.store(cells, BATCH, job.batch)
  for (const [i, word] of job.words.entries()) Atomics.store(cells, JOB + i, word | 0)
  Atomics.store(wide, FIRST, job.first)
  Atomics.store(wide, LAST, job.last)
  Atomics.add(cells, SEQUENCE, 1)
  // Last, since a ticket promises that its job can be read.
  Atomics.store(wide, TICKET, BigInt(job.generation) << CHUNK_BITS)
  wake(cells)
}

/**
 * Tells all workers to end.
 * @param {Control} control
 */
export function stopWorkers({ cells }) {
  Atomics.store(cells, STOP, 1)
  wake(cells)
}

/**
 * Lets a worker go on after a hit that the exact test did not confirm.
 * @param {Control} control
 * @param {number} slot
 */
export function waveOn({ cells }, slot) {
  Atomics.add(cells, SLOTS_32 + SLOT_32 * slot + 1, 1)
  wake(cells)
}

/**
 * Nonces tried by all workers since the control was made.
 * @param {Control} control
 * @returns {bigint}
 */
export function triedBy({ wide, slots }) {
  let sum = 0n
  for (let slot = 0; slot < slots; slot++) sum += Atomics.load(wide, SLOTS_64 + SLOT_64 * slot + 1)
  return sum
}

/**
 * The generation that a worker has taken up last.
 * @param {Control} control
 * @param {number} slot
 */
export function generationOf({ cells }, slot) {
  return Atomics.load(cells, SLOTS_32 + SLOT_32 * slot)
}

/**
 * How long a worker took to take up the newest job, once it has. Told by the worker's own clock reading: to ask in a loop
 * takes a processor from the workers, and measures that.
 * @param {Control} control
 * @param {number} slot
 * @returns {number} milliseconds
 */
export function reactionOf({ wide }, slot) {
  const takenUp = Atomics.load(wide, SLOTS_64 + SLOT_64 * slot + 2)
  return Number(takenUp - Atomics.load(wide, PUBLISHED)) / 1e6
}

/** @param {Int32Array} cells */
function wake(cells) {
  Atomics.add(cells, WAKE, 1)
  Atomics.notify(cells, WAKE)
}

// From here on: the workers' side.

/** @param {Control} control */
export function isStopped({ cells }) {
  return Atomics.load(cells, STOP) === 1
}

/**
 * The number to hand to {@link sleep}; to be read before looking for work, so that no event is missed.
 * @param {Control} control
 */
export function wakeCount({ cells }) {
  return Atomics.load(cells, WAKE)
}

/**
 * Sleeps until something happens after `count` was read.
 * @param {Control} control
 * @param {number} count
 */
export function sleep({ cells }, count) {
  Atomics.wait(cells, WAKE, count)
}

/**
 * @param {Control} control
 * @param {number} slot
 */
export function wavesOn({ cells }, slot) {
  return Atomics.load(cells, SLOTS_32 + SLOT_32 * slot + 1)
}

/**
 * @param {Control} control
 * @param {Job | undefined} job
 * @returns {boolean} whether the job is still the newest
 */
export function isCurrent({ wide }, job) {
  return job !== undefined && generationBits(job) === Atomics.load(wide, TICKET) >> CHUNK_BITS
}

/** @param {Job} job */
function generationBits(job) {
  return BigInt.asUintN(64 - Number(CHUNK_BITS), BigInt(job.generation))
}

/**
 * Copies the newest job.
 * @param {Control} control
 * @param {number} slot
 * @returns {Job}
 */
export function readJob({ cells, wide }, slot) {
  for (;;) {
    const sequence = Atomics.load(cells, SEQUENCE)
    const words = new Uint32Array(JOB_WORDS)
    for (let i = 0; i < JOB_WORDS; i++) words[i] = Atomics.load(cells, JOB + i)
    const job = {
      generation: Atomics.load(cells, GENERATION),
      running: Atomics.load(cells, RUNNING) === 1,
      batch: Atomics.load(cells, BATCH),
      words,
      first: Atomics.load(wide, FIRST),
      last: Atomics.load(wide, LAST),
    }
    if (sequence % 2 === 0 && sequence === Atomics.load(cells, SEQUENCE)) {
      Atomics.store(wide, SLOTS_64 + SLOT_64 * slot + 2, process.hrtime.bigint())
      Atomics.store(cells, SLOTS_32 + SLOT_32 * slot, job.generation)
      return job
    }
  }
}

/**
 * Takes the next chunk of a job, or several at once.
 * @param {Control} control
 * @param {number} slot
 * @param {Job} job
 * @param {bigint} [chunks] how many; the last of them may lie behind the end of the job
 * @returns {bigint | 'none' | 'other job'} the number of the first; `none` when all are taken
 */
export function claimChunk({ wide }, slot, job, chunks = 1n) {
  for (;;) {
    const ticket = Atomics.load(wide, TICKET)
    if (ticket >> CHUNK_BITS !== generationBits(job)) return 'other job'
    const chunk = BigInt.asUintN(Number(CHUNK_BITS), ticket)
    if (!job.running || chunk * BigInt(job.batch) > job.last) return 'none'
    Atomics.store(wide, SLOTS_64 + SLOT_64 * slot, ticket)
    const taken = chunksLeft(job, chunk, chunks)
    if (Atomics.compareExchange(wide, TICKET, ticket, ticket + taken) === ticket) return chunk
  }
}

/**
 * @param {Job} job
 * @param {bigint} chunk
 * @param {bigint} wanted
 */
function chunksLeft(job, chunk, wanted) {
  const left = job.last / BigInt(job.batch) - chunk + 1n
  return wanted < left ? wanted : left
}

/**
 * The chunk that the last worker of a slot died over, if it belongs to the newest job.
 * @param {Control} control
 * @param {number} slot
 * @param {Job} job
 * @returns {bigint | undefined}
 */
export function orphanedChunk({ wide }, slot, job) {
  const claim = Atomics.load(wide, SLOTS_64 + SLOT_64 * slot)
  const ticket = Atomics.load(wide, TICKET)
  if (claim === NO_CHUNK || claim >> CHUNK_BITS !== generationBits(job)) return undefined
  // A ticket that is still on offer was written down, but not taken.
  return ticket >> CHUNK_BITS === claim >> CHUNK_BITS && claim < ticket
    ? BigInt.asUintN(Number(CHUNK_BITS), claim)
    : undefined
}

/**
 * @param {Control} control
 * @param {number} slot
 */
export function clearClaim({ wide }, slot) {
  Atomics.store(wide, SLOTS_64 + SLOT_64 * slot, NO_CHUNK)
}

/**
 * @param {Control} control
 * @param {number} slot
 * @param {number} nonces
 */
export function countTried({ wide }, slot, nonces) {
  Atomics.add(wide, SLOTS_64 + SLOT_64 * slot + 1, BigInt(nonces))
}
