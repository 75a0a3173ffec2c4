/** The fastest kernel that this engine runs correctly. */
import { BittensorError } from '../errors.js'
import { type Challenge, checkNonce } from './challenge.js'
import { createFallbackScanner } from './fallback.js'
import { jobOf } from './job.js'
import { scalarKernel, simdKernel } from './kernel.generated.js'
import { createScanner, type KernelModule, nonceAt, type Scanner, webAssembly } from './scanner.js'

/** `simd`: four nonces at a time in WebAssembly. `scalar`: one. `js`: without WebAssembly, some 30 times slower. */
export type KernelName = 'simd' | 'scalar' | 'js'

/** A kernel that has passed its test. */
export type Kernel = {
  readonly name: KernelName
  /** Compiled code to share with worker threads; undefined for `js`. */
  readonly module: KernelModule | undefined
  /** Nonces of less than a millisecond, for which a worker is deaf to a new challenge. Half of it is no slower. */
  readonly batch: number
}

const BATCHES: Readonly<Record<KernelName, number>> = { simd: 2048, scalar: 1024, js: 64 }

/**
 * Compiles and tests kernels from the fastest down and returns the first that computes known seals, or the one asked for.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED` when the one asked for does not run here.
 */
export function loadKernel(wanted?: KernelName): Kernel {
  const names: readonly KernelName[] = wanted ? [wanted] : ['simd', 'scalar', 'js']
  for (const name of names) {
    const kernel = tryKernel(name)
    if (kernel) return kernel
  }
  throw new BittensorError(
    'RUNTIME_UNSUPPORTED',
    `the ${wanted ?? 'slowest'} proof-of-work kernel does not run on this machine`,
  )
}

/** A scanner for this thread. */
export function scannerOf(kernel: Kernel): Scanner {
  return kernel.module ? createScanner(kernel.module) : createFallbackScanner()
}

const known = new Map<KernelName, Kernel | undefined>()

function tryKernel(name: KernelName): Kernel | undefined {
  if (!known.has(name)) known.set(name, compile(name))
  return known.get(name)
}

function compile(name: KernelName): Kernel | undefined {
  if (name === 'js') return tested({ name, module: undefined, batch: BATCHES.js })
  try {
    const module = moduleOf(name)
    return module && tested({ name, module, batch: BATCHES[name] })
  } catch {
    // Where address space is limited (ulimit -v), as for jobs of clusters, the engine reserves none for WebAssembly.
    return undefined
  }
}

function tested(kernel: Kernel): Kernel | undefined {
  return computesKnownSeals(scannerOf(kernel)) ? kernel : undefined
}

function moduleOf(name: 'simd' | 'scalar'): KernelModule | undefined {
  if (!webAssembly) return undefined
  const binary = Buffer.from(name === 'simd' ? simdKernel : scalarKernel, 'base64')
  // Compiling is the feature detection: an engine without SIMD refuses the module.
  return webAssembly.validate(binary) ? new webAssembly.Module(binary) : undefined
}

const EXAMPLE = { blockNumber: 0, blockHash: new Uint8Array(32).fill(1), difficulty: 5n }
const REGISTER_EXAMPLE = { ...EXAMPLE, key: new Uint8Array(32) }
const POW_REGISTER_EXAMPLE: Challenge = {
  ...EXAMPLE,
  scheme: 'pow_register',
  key: new Uint8Array(32).fill(2),
  coldkey: new Uint8Array(32).fill(3),
  netuid: 1,
}

/** Jobs of every mode and byte order, for testing kernels; at this difficulty the top 64 bits decide. */
export const KNOWN_JOBS = [
  exampleOf({ ...REGISTER_EXAMPLE, scheme: 'register-be' }, true),
  exampleOf({ ...REGISTER_EXAMPLE, scheme: 'register-le' }, true),
  exampleOf(POW_REGISTER_EXAMPLE, true),
  exampleOf(POW_REGISTER_EXAMPLE, false),
] as const

/** Indices from 0 on to test: three steps of the widest kernel and a bit. */
export const KNOWN_NONCES = 13

function exampleOf(challenge: Challenge, contiguous: boolean) {
  return { challenge, job: jobOf(challenge, contiguous) }
}

/** Whether a scanner finds what the slow path finds in every mode and byte order. */
function computesKnownSeals(scanner: Scanner): boolean {
  return KNOWN_JOBS.every(({ challenge, job }) => {
    scanner.setJob(job)
    const hits = [...Array(KNOWN_NONCES).keys()].filter(
      (i) => checkNonce(challenge, nonceAt(job[0] ?? 0, BigInt(i))).meets,
    )
    return hits.join() === hitsOf(scanner).join()
  })
}

function hitsOf(scanner: Scanner): readonly number[] {
  const hits: number[] = []
  for (let i = 0; i < KNOWN_NONCES; i++) {
    i += scanner.scan(BigInt(i), KNOWN_NONCES - i)
    if (i < KNOWN_NONCES) hits.push(i)
  }
  return hits
}
