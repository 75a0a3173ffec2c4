/** The fastest kernel that this engine runs correctly. */
import { BittensorError } from '../errors.js'
import { byteOrderOf, type Challenge, checkNonce } from './challenge.js'
import { createFallbackScanner } from './fallback.js'
import { jobOf, withLimit } from './job.js'
import { scalarKernel, simdKernel } from './kernel.generated.js'
import { createScanner, type KernelModule, nonceAt, type Scanner, webAssembly } from './scanner.js'
import { numberOf } from './seal.js'

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

/** No two words alike, so that none can stand in for another. */
const ANY = (seed: number) => Uint8Array.from({ length: 32 }, (_, i) => seed + i * 7)
const EXAMPLE = { blockNumber: 0, blockHash: ANY(1), key: ANY(2), difficulty: 0n }
const POW_REGISTER: Challenge = {
  ...EXAMPLE,
  scheme: 'pow_register',
  coldkey: ANY(3),
  netuid: 0x0102,
}

/** A question to kernels and GPUs: which of {@link KNOWN_COUNT} indices are within the job's limit. */
export type KnownAnswer = {
  readonly job: Uint32Array
  readonly first: bigint
  readonly hits: readonly number[]
}

/** Behind the first, every part of an index that is hashed apart from the rest runs over; in the second no bytes are alike. */
const FIRSTS = [0xfedc_baff_ffff_fffdn, 0x0123_4567_89ab_cdefn]
/** No multiple of the widest kernel on either side of the overrun. */
export const KNOWN_COUNT = 7

let answers: readonly KnownAnswer[] | undefined

/**
 * Questions of every mode and byte order, answered by the slow path. The limit is the top of each seal in turn, which is
 * a hit, and one less, which is none: all 64 bits of all seals must be right.
 */
export function knownAnswers(): readonly KnownAnswer[] {
  answers ??= FIRSTS.flatMap((first) => [
    ...answersOf({ ...EXAMPLE, scheme: 'register-be' }, true, first),
    ...answersOf({ ...EXAMPLE, scheme: 'register-le' }, true, first),
    ...answersOf(POW_REGISTER, true, first),
    ...answersOf(POW_REGISTER, false, first),
  ])
  return answers
}

function answersOf(
  challenge: Challenge,
  contiguous: boolean,
  first: bigint,
): readonly KnownAnswer[] {
  const job = jobOf(challenge, contiguous)
  const tops = [...Array(KNOWN_COUNT).keys()].map((i) => {
    const { seal } = checkNonce(challenge, nonceAt(job[0] ?? 0, first + BigInt(i)))
    return numberOf(seal, byteOrderOf(challenge.scheme)) >> 192n
  })
  return tops
    .flatMap((top) => [top, top - 1n])
    .map((limit) => ({
      job: withLimit(job, limit),
      first,
      hits: tops.flatMap((top, i) => (top <= limit ? [i] : [])),
    }))
}

/** Whether a scanner answers all questions as the slow path does, wherever it starts: each index in each place of a step. */
function computesKnownSeals(scanner: Scanner): boolean {
  return knownAnswers().every(({ job, first, hits }) => {
    scanner.setJob(job)
    return [...Array(KNOWN_COUNT).keys()].every((start) => {
      const next = hits.find((hit) => hit >= start) ?? KNOWN_COUNT
      return scanner.scan(first + BigInt(start), KNOWN_COUNT - start) === next - start
    })
  })
}

/** Offsets of all hits among `count` indices from `first` on. */
export function hitsIn(scanner: Scanner, first: bigint, count: number): readonly number[] {
  const hits: number[] = []
  for (let at = 0; at < count; at++) {
    at += scanner.scan(first + BigInt(at), count - at)
    if (at < count) hits.push(at)
  }
  return hits
}
