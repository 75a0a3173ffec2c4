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
 * Runs a compiled kernel.
 * @param {KernelModule} module
 * @returns {Scanner}
 */
export function createScanner(module) {
  if (!webAssembly) throw new TypeError('this engine has no WebAssembly')
  const kernel = /** @type {{
    memory: { buffer: ArrayBuffer },
    jobAddress: () => number,
    scan: (first: bigint, count: number) => number,
  }} */ (new webAssembly.Instance(module).exports)
  return {
    // To ask for the address also tells the kernel that what it has hashed of the last job is worthless.
    setJob: (job) => new Uint32Array(kernel.memory.buffer, kernel.jobAddress(), JOB_WORDS).set(job),
    scan: (first, count) => kernel.scan(BigInt.asIntN(64, first), count) >>> 0,
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
