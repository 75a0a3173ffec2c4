/** The fastest kernel that this engine runs correctly. */
import { BittensorError } from '../errors.js'
import { type Challenge, checkNonce } from './challenge.js'
import { createFallbackScanner } from './fallback.js'
import { jobOf } from './job.js'
import { scalarKernel, simdKernel } from './kernel.generated.js'
import { createScanner, type KernelModule, nonceAt, type Scanner, webAssembly } from './scanner.js'

/** `simd`: four nonces at a time in WebAssembly. `scalar`: one. `js`: without WebAssembly, some 20 times slower. */
export type KernelName = 'simd' | 'scalar' | 'js'

/** A kernel that has passed its test. */
export type Kernel = {
  readonly name: KernelName
  /** Compiled code to share with worker threads; undefined for `js`. */
  readonly module: KernelModule | undefined
  /** Nonces of about four milliseconds: the longest that a worker may be deaf to a new challenge. */
  readonly batch: number
}

const BATCHES: Readonly<Record<KernelName, number>> = { simd: 16_384, scalar: 8192, js: 512 }

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
  const kernel = { name, module: moduleOf(name), batch: BATCHES[name] }
  if (name !== 'js' && !kernel.module) return undefined
  return computesKnownSeals(scannerOf(kernel)) ? kernel : undefined
}

function moduleOf(name: KernelName): KernelModule | undefined {
  if (name === 'js' || !webAssembly) return undefined
  const binary = Buffer.from(name === 'simd' ? simdKernel : scalarKernel, 'base64')
  // Compiling is the feature detection: an engine without SIMD refuses the module.
  return webAssembly.validate(binary) ? new webAssembly.Module(binary) : undefined
}

const EXAMPLE = { blockNumber: 0, blockHash: new Uint8Array(32).fill(1) }
const EXAMPLES: readonly { readonly challenge: Challenge; readonly contiguous: boolean }[] = [
  {
    challenge: { ...EXAMPLE, scheme: 'register-be', key: new Uint8Array(32), difficulty: 5n },
    contiguous: true,
  },
  {
    challenge: { ...EXAMPLE, scheme: 'register-le', key: new Uint8Array(32), difficulty: 5n },
    contiguous: true,
  },
  ...[true, false].map((contiguous) => ({
    challenge: {
      ...EXAMPLE,
      scheme: 'pow_register' as const,
      key: new Uint8Array(32).fill(2),
      coldkey: new Uint8Array(32).fill(3),
      netuid: 1,
      difficulty: 5n,
    },
    contiguous,
  })),
]

/** Whether a scanner finds what the slow path finds in every mode and byte order. */
function computesKnownSeals(scanner: Scanner): boolean {
  return EXAMPLES.every(({ challenge, contiguous }) => {
    const job = jobOf(challenge, contiguous)
    scanner.setJob(job)
    const hits = [...Array(KNOWN_NONCES).keys()].filter(
      (i) => checkNonce(challenge, nonceAt(job[0] ?? 0, BigInt(i))).meets,
    )
    return hits.join() === hitsOf(scanner).join()
  })
}

// Three steps of the widest kernel and a bit; at difficulty 5 the top 64 bits decide.
const KNOWN_NONCES = 13

function hitsOf(scanner: Scanner): readonly number[] {
  const hits: number[] = []
  for (let i = 0; i < KNOWN_NONCES; i++) {
    i += scanner.scan(BigInt(i), KNOWN_NONCES - i)
    if (i < KNOWN_NONCES) hits.push(i)
  }
  return hits
}
