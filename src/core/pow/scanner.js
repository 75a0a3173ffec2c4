// @ts-check
/**
 * A kernel behind one function: `scan`. Plain JavaScript, because worker threads load it and Node 20 has no TypeScript
 * there.
 */

// As in assembly/kernel.as.
/** The nonce is the index. For `register` and the faucet. */
export const REGISTER = 0
/** The nonce is the index with its low 24 bits on top. For `pow_register`: one SHA-256 block for each nonce, not two. */
export const STRIDED = 1
/** The nonce is the index. For `pow_register` in a given range. */
export const CONTIGUOUS = 2

/** 32-bit words of a job. */
export const JOB_WORDS = 52

/**
 * Compiled code. Its type is not that of TypeScript's DOM library, which Node programs need not have.
 * @typedef {object} KernelModule
 */

/**
 * Tries nonces for the job that it was given last.
 * @typedef {object} Scanner
 * @property {(job: Uint32Array) => void} setJob
 * @property {(first: bigint, count: number) => number} scan Tries `count` indices from `first` on (modulo 2⁶⁴) and returns
 *   the offset of the first whose seal is within the limit by its top 64 bits, or `count`.
 */

/**
 * The engine's WebAssembly, if it has any (not with --jitless): declared here, since neither ES2023 nor Node's types do.
 * @type {undefined | {
 *   validate(binary: Uint8Array): boolean,
 *   Module: new (binary: Uint8Array) => KernelModule,
 *   Instance: new (module: KernelModule) => { exports: unknown },
 * }}
 */
export const webAssembly = Reflect.get(globalThis, 'WebAssembly')

/**
 * Runs a compiled kernel, by the faster of its functions.
 * @param {KernelModule} module
 * @returns {Scanner}
 */
export function createScanner(module) {
  const [simple, woven] = createScanners(module)
  if (!simple) throw new TypeError('a kernel has a function that scans')
  return woven ? fasterOf(simple, woven) : simple
}

/**
 * All functions of a compiled kernel, which answer alike. They share a job, so each is given its own before it scans.
 * @param {KernelModule} module
 * @returns {readonly Scanner[]}
 */
export function createScanners(module) {
  if (!webAssembly) throw new TypeError('this engine has no WebAssembly')
  const kernel = /** @type {{
    memory: { buffer: ArrayBuffer },
    jobAddress: () => number,
    scan: (first: bigint, count: number) => number,
    scanWoven?: (first: bigint, count: number) => number,
  }} */ (new webAssembly.Instance(module).exports)
  return [kernel.scan, kernel.scanWoven].flatMap((scan) =>
    scan
      ? {
          // To ask for the address also tells the kernel that what it has hashed of the last job is worthless.
          setJob: (job) =>
            new Uint32Array(kernel.memory.buffer, kernel.jobAddress(), JOB_WORDS).set(job),
          scan: (first, count) => scan(BigInt.asIntN(64, first), count) >>> 0,
        }
      : [],
  )
}

/** Calls of either of two scanners, in turns, before the faster is chosen: a third of a second. */
const TRIALS = 256

/**
 * The faster of two scanners that share a job. Which it is depends on the processor: how many instructions it begins at a
 * time, and how many of them vectors leave free. So both take turns at first, and the one that wins most of them stays. What
 * wins is the time for a nonce next to that of the other one just before: what a busy machine does to one it does to both.
 * @param {Scanner} simple
 * @param {Scanner} woven
 * @param {() => number} now
 * @returns {Scanner}
 */
export function fasterOf(simple, woven, now = () => performance.now()) {
  let trials = 0
  let lead = 0
  let before = Number.NaN
  let sameForBoth = false
  return {
    setJob(job) {
      sameForBoth = job[0] === CONTIGUOUS
      simple.setJob(job)
    },
    scan(first, count) {
      if (sameForBoth) return simple.scan(first, count)
      if (trials === 2 * TRIALS) return (lead > 0 ? woven : simple).scan(first, count)
      const turn = trials++ % 2
      const started = now()
      const tried = (turn ? woven : simple).scan(first, count)
      // A call that ends with a hit is no measure: NaN is neither more nor less.
      const time = tried === count ? (now() - started) / count : Number.NaN
      if (turn) lead += Number(time < before) - Number(time > before)
      before = time
      return tried
    },
  }
}

/**
 * The nonce at an index: a bijection of 64-bit numbers, so that no nonce comes twice.
 * @param {number} mode
 * @param {bigint} index modulo 2⁶⁴
 * @returns {bigint}
 */
export function nonceAt(mode, index) {
  const i = BigInt.asUintN(64, index)
  return mode === STRIDED ? ((i & 0xffffffn) << 40n) | (i >> 24n) : i
}
