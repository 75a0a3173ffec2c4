/** The fastest kernel that this engine runs correctly. */
import { BittensorError } from '../errors.js'
import { byteOrderOf, type Challenge, checkNonce, type PowScheme } from './challenge.js'
import { createFallbackScanner } from './fallback.js'
import { jobOf, withLimit } from './job.js'
import { scalarKernel, simdKernel } from './kernel.generated.js'
import {
  createScanner,
  createScanners,
  type KernelModule,
  nonceAt,
  type Scanner,
  webAssembly,
} from './scanner.js'
import { numberOf } from './seal.js'

/** `simd`: four or nine nonces at a time in WebAssembly. `scalar`: one. `js`: without WebAssembly, some 30 times slower. */
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

/** All that a kernel has to scan with, each for itself: what {@link scannerOf} chooses from. */
export function scannersOf(kernel: Kernel): readonly Scanner[] {
  return kernel.module ? createScanners(kernel.module) : [createFallbackScanner()]
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
  return scannersOf(kernel).every(computesKnownSeals) ? kernel : undefined
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

/** What is asked: the seals of a challenge are the same in both byte orders. */
const EXAMPLES: readonly {
  readonly challenge: Challenge
  readonly schemes: readonly PowScheme[]
  readonly contiguous: boolean
}[] = [
  {
    challenge: { ...EXAMPLE, scheme: 'register-be' },
    schemes: ['register-be', 'register-le'],
    contiguous: true,
  },
  { challenge: POW_REGISTER, schemes: ['pow_register'], contiguous: true },
  { challenge: POW_REGISTER, schemes: ['pow_register'], contiguous: false },
]

/**
 * In the first, behind three indices, every part of one that is hashed apart from the rest runs over. In the second no bytes
 * are alike, and of nine indices the last has the lowest seal in every mode: when all of them are in one step of the widest
 * kernel, none hides another.
 */
const RANGES = [
  { first: 0xfedc_baff_ffff_fffdn, count: 8 },
  { first: 0x9497_f226_c240_f4d3n, count: 10 },
]

/** A question to kernels and GPUs: which of `count` indices are within the job's limit. */
export type KnownAnswer = {
  readonly job: Uint32Array
  readonly first: bigint
  readonly count: number
  /** The index whose seal the limit is, or is just below. */
  readonly index: number
  readonly hits: readonly number[]
}

let answers: readonly KnownAnswer[] | undefined

/**
 * Questions of every mode and byte order, answered by the slow path. The limit is the top of each seal in turn, which is
 * a hit, and one less, which is none: all 64 bits of all seals must be right.
 */
export function knownAnswers(): readonly KnownAnswer[] {
  answers ??= RANGES.flatMap(({ first, count }) =>
    EXAMPLES.flatMap(({ challenge, schemes, contiguous }) => {
      const mode = jobOf(challenge, contiguous)[0] ?? 0
      const seals = [...Array(count).keys()].map(
        (i) => checkNonce(challenge, nonceAt(mode, first + BigInt(i))).seal,
      )
      return schemes.flatMap((scheme) => {
        const tops = seals.map((seal) => numberOf(seal, byteOrderOf(scheme)) >> 192n)
        return answersOf(jobOf({ ...challenge, scheme }, contiguous), first, tops)
      })
    }),
  )
  return answers
}

function answersOf(
  job: Uint32Array,
  first: bigint,
  tops: readonly bigint[],
): readonly KnownAnswer[] {
  return tops.flatMap((seal, index) =>
    [seal, seal - 1n].map((limit) => ({
      job: withLimit(job, limit),
      first,
      count: tops.length,
      index,
      hits: tops.flatMap((top, i) => (top <= limit ? [i] : [])),
    })),
  )
}

/** Whether a scanner answers all questions as the slow path does, wherever it starts: each index in each place of a step. */
function computesKnownSeals(scanner: Scanner): boolean {
  return knownAnswers().every(({ job, first, count, index, hits }) => {
    scanner.setJob(job)
    return [...Array(index + 1).keys()].every((start) => {
      const next = hits.find((hit) => hit >= start) ?? count
      return scanner.scan(first + BigInt(start), count - start) === next - start
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
