import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { buildKernels } from '../../../scripts/build-kernel.js'
import {
  byteOrderOf,
  type Challenge,
  checkNonce,
  type PowScheme,
} from '../../../src/core/pow/challenge.js'
import { jobOf } from '../../../src/core/pow/job.js'
import { scalarKernel, simdKernel } from '../../../src/core/pow/kernel.generated.js'
import {
  hitsIn,
  type KernelName,
  knownAnswers,
  loadKernel,
  scannersOf,
} from '../../../src/core/pow/kernel.js'
import {
  CONTIGUOUS,
  fasterOf,
  JOB_WORDS,
  nonceAt,
  REGISTER,
  type Scanner,
  webAssembly,
} from '../../../src/core/pow/scanner.js'
import { largestSeal } from '../../../src/core/pow/seal.js'
import { bytes, vectors } from './vectors.js'

const U64 = 2n ** 64n

const kernels = ['simd', 'simd, woven', 'scalar', 'js'] as const
type TestedKernel = (typeof kernels)[number]
const modes: readonly [scheme: PowScheme, contiguous: boolean][] = [
  ['register-be', true],
  ['register-le', true],
  ['pow_register', true],
  ['pow_register', false],
]

function challengeOf(scheme: PowScheme, difficulty: bigint, seed = 7): Challenge {
  const fill = (value: number) => Uint8Array.from({ length: 32 }, (_, i) => (value * (i + 3)) & 255)
  return {
    scheme,
    blockNumber: 1,
    blockHash: fill(seed),
    key: fill(seed + 1),
    coldkey: fill(seed + 2),
    netuid: 258,
    difficulty,
  }
}

function scannerFor(kernel: TestedKernel): Scanner {
  const loaded = loadKernel(kernel === 'simd, woven' ? 'simd' : kernel)
  const scanner = scannersOf(loaded)[kernel === 'simd, woven' ? 1 : 0]
  if (!scanner) throw new Error('the kernel has no such function')
  return scanner
}

/** Offsets that a kernel reports in a range. */
function scanAll(kernel: TestedKernel, job: Uint32Array, first: bigint, count: number): number[] {
  const scanner = scannerFor(kernel)
  scanner.setJob(job)
  const found: number[] = []
  for (let at = 0; at < count; ) {
    const offset = scanner.scan(first + BigInt(at), count - at)
    expect(offset).toBeLessThanOrEqual(count - at)
    if (offset < count - at) found.push(at + offset)
    at += offset + 1
  }
  return found
}

/** Offsets whose seal is within the limit by its top 64 bits, by the slow path. */
function expected(
  challenge: Challenge,
  contiguous: boolean,
  first: bigint,
  count: number,
): number[] {
  const job = jobOf(challenge, contiguous)
  const limit = largestSeal(challenge.difficulty) >> 192n
  return Array.from({ length: count }, (_, i) => i).filter((i) => {
    const { seal } = checkNonce(challenge, nonceAt(job[0] ?? 0, first + BigInt(i)))
    const view = new DataView(seal.buffer, seal.byteOffset)
    const little = byteOrderOf(challenge.scheme) === 'le'
    return (little ? view.getBigUint64(24, true) : view.getBigUint64(0)) <= limit
  })
}

describe.each(kernels)('kernel %s', (kernel) => {
  describe.each(modes)('%s, contiguous %s', (scheme, contiguous) => {
    it.each<[string, bigint, number]>([
      ['the first nonces', 0n, 400],
      ['a count that is no multiple of the width', 5n, 11],
      ['a single nonce', 2n ** 53n + 1n, 1],
      ['the low word running over', 2n ** 32n - 6n, 13],
      ['2^53', 2n ** 53n - 3n, 7],
      ['byte 3', 2n ** 24n - 5n, 12],
      ['byte 5', 2n ** 40n - 5n, 12],
      ['the strided segment running over', (77n << 24n) - 3n, 9],
      ['2^63', 2n ** 63n - 3n, 9],
      ['the end of u64, wrapping', U64 - 5n, 11],
    ])('finds what the slow path finds: %s', (_, first, count) => {
      const challenge = challengeOf(scheme, 6n)
      const found = scanAll(kernel, jobOf(challenge, contiguous), first, count)
      expect(found).toEqual(expected(challenge, contiguous, first, count))
    })

    it.each([0n, 1n])('reports every nonce at difficulty %d', (difficulty) => {
      const job = jobOf(challengeOf(scheme, difficulty), contiguous)
      expect(scanAll(kernel, job, 3n, 10)).toEqual([...Array(10).keys()])
    })

    it('agrees with the slow path on random challenges', () => {
      const runs = kernel === 'js' ? 10 : 40
      fc.assert(
        fc.property(
          fc.bigInt({ min: 0n, max: U64 - 1n }),
          fc.integer({ min: 1, max: 60 }),
          fc.bigInt({ min: 0n, max: 40n }),
          fc.integer({ min: 0, max: 255 }),
          (first, count, difficulty, seed) => {
            const challenge = challengeOf(scheme, difficulty, seed)
            const found = scanAll(kernel, jobOf(challenge, contiguous), first, count)
            expect(found).toEqual(expected(challenge, contiguous, first, count))
          },
        ),
        { numRuns: runs },
      )
    })
  })

  it.each(modes)(
    'forgets the job before for the same indices: %s, contiguous %s',
    (scheme, contiguous) => {
      const scanner = scannerFor(kernel)
      for (const seed of [7, 8, 7]) {
        const challenge = challengeOf(scheme, 6n, seed)
        scanner.setJob(jobOf(challenge, contiguous))
        expect(hitsIn(scanner, 11n, 60)).toEqual(expected(challenge, contiguous, 11n, 60))
      }
    },
  )

  it.each(vectors.seal)('reports the seal of: $name', (vector) => {
    for (const scheme of ['register-be', 'register-le'] as const) {
      const challenge = {
        scheme,
        blockNumber: 1,
        blockHash: bytes(vector.blockHash),
        key: bytes(vector.publicKey),
        difficulty: BigInt(vector.difficulty),
      }
      const meets = scheme === 'register-be' ? vector.meetsBE : vector.meetsLE
      const job = jobOf(challenge, true)
      expect(scanAll(kernel, job, BigInt(vector.nonce), 1)).toEqual(meets ? [0] : [])
    }
  })

  it.each(vectors.powRegister)('reports the pow_register seal of: $name', (vector) => {
    const challenge: Challenge = {
      scheme: 'pow_register',
      blockNumber: 1,
      blockHash: bytes(vector.blockHash),
      key: bytes(vector.hotkey),
      coldkey: bytes(vector.coldkey),
      netuid: vector.netuid,
      difficulty: BigInt(vector.difficulty),
    }
    const nonce = BigInt(vector.nonce)
    const meets = vector.meetsLE ? [0] : []
    expect(scanAll(kernel, jobOf(challenge, true), nonce, 1)).toEqual(meets)
    const index = ((nonce << 24n) | (nonce >> 40n)) % U64
    expect(nonceAt(1, index)).toBe(nonce)
    expect(scanAll(kernel, jobOf(challenge, false), index, 1)).toEqual(meets)
  })

  it('does not pass over a seal whose top 64 bits equal those of the limit', () => {
    const challenge = challengeOf('register-be', 1n)
    const top = new DataView(checkNonce(challenge, 9n).seal.buffer).getBigUint64(0)
    for (const [limit, reported] of [
      [top, [0]],
      [top - 1n, []],
    ] as const) {
      const job = jobOf(challenge, true)
      job[2] = Number(limit & 0xffff_ffffn)
      job[3] = Number(limit >> 32n)
      expect(scanAll(kernel, job, 9n, 1)).toEqual(reported)
    }
  })
})

describe('choice', () => {
  it('knows answers that the last nonce of the widest step decides, in every mode and byte order', () => {
    const decided = knownAnswers().filter(({ index, hits }) => index === 8 && hits.includes(8))
    expect(decided.map(({ hits }) => hits[0])).toEqual([8, 8, 8, 8])
  })

  it('prefers SIMD, which every supported Node on x64 and arm64 has', () => {
    expect(loadKernel().name).toBe('simd')
  })

  it('does without WebAssembly where the engine has no memory to give it', async () => {
    if (!webAssembly) throw new Error('Node has WebAssembly')
    const outOfMemory = function none() {
      throw new RangeError('Out of memory: Cannot allocate Wasm memory for new instance')
    }
    vi.spyOn(webAssembly, 'Instance').mockImplementation(outOfMemory)
    onTestFinished(() => {
      vi.restoreAllMocks()
    })
    vi.resetModules()
    const fresh = await import('../../../src/core/pow/kernel.js')
    expect(fresh.loadKernel().name).toBe('js')
    expect(() => fresh.loadKernel('simd')).toThrow('the simd proof-of-work kernel does not run')
  })

  /** The choice between changed binaries, in modules of its own. */
  async function chosen(change: (binary: Buffer) => void): Promise<KernelName> {
    const changed = (base64: string) => {
      const binary = Buffer.from(base64, 'base64')
      change(binary)
      return binary.toString('base64')
    }
    vi.resetModules()
    vi.doMock('../../../src/core/pow/kernel.generated.js', () => ({
      simdKernel: changed(simdKernel),
      scalarKernel: changed(scalarKernel),
    }))
    try {
      return (await import('../../../src/core/pow/kernel.js')).loadKernel().name
    } finally {
      vi.doUnmock('../../../src/core/pow/kernel.generated.js')
    }
  }

  it.each<[string, string, number]>([
    ['the lowest of the bits that decide', '0880008000000080', 7],
    ['a round constant of SHA-256', 'f27871c6', 0],
    ['a round constant of Keccak', '8a80000000000080', 3],
    ['a rotation by 14 in plain integers: in SIMD only of every ninth nonce', '420e89', 1],
  ])('falls back where a kernel is wrong in %s', async (_, hex, offset) => {
    let changes = 0
    const name = await chosen((binary) => {
      const at = binary.lastIndexOf(Buffer.from(hex, 'hex'))
      if (at < 0) throw new Error('the constant is not there')
      binary[at + offset] = (binary[at + offset] ?? 0) ^ 1
      changes++
    })
    expect([name, changes]).toEqual(['js', 2])
  })
})

describe('the faster of two functions', () => {
  /** Scans until the choice is made, at the nanoseconds for a nonce that each call is to take, and counts the calls after it. */
  function callsAfterTrials(
    simple: (call: number) => number,
    woven: (call: number) => number,
    job = new Uint32Array(JOB_WORDS),
    hit = false,
  ): readonly [simple: number, woven: number] {
    let time = 0
    const calls: [number, number] = [0, 0]
    const fake = (which: 0 | 1, nanoseconds: (call: number) => number): Scanner => ({
      setJob: () => {},
      scan(_, count) {
        time += nanoseconds(calls[which]++) * count
        return hit ? count - 1 : count
      },
    })
    const scanner = fasterOf(fake(0, simple), fake(1, woven), () => time)
    scanner.setJob(job)
    for (let i = 0; i < 512; i++) scanner.scan(0n, i % 7 === 0 ? 500 : 2048)
    calls.fill(0)
    for (let i = 0; i < 100; i++) scanner.scan(0n, 2048)
    return calls
  }

  it('is found by turns', () => {
    expect(
      callsAfterTrials(
        () => 350,
        () => 320,
      ),
    ).toEqual([0, 100])
    expect(
      callsAfterTrials(
        () => 320,
        () => 350,
      ),
    ).toEqual([100, 0])
  })

  it('is found while the engine still compiles one of them and others take the processor', () => {
    const disturbed = (nanoseconds: number, slow: number, every: number) => (call: number) =>
      nanoseconds * (call < slow || call % every === 0 ? 10 : 1)
    expect(callsAfterTrials(disturbed(350, 5, 3), disturbed(320, 50, 5))).toEqual([0, 100])
  })

  it('is the simple one where there is no difference, and where calls end with hits', () => {
    const one = () => 1
    expect(callsAfterTrials(one, one)).toEqual([100, 0])
    expect(callsAfterTrials(() => 2, one, new Uint32Array(JOB_WORDS), true)).toEqual([100, 0])
  })

  it('is not asked for where both do the same', () => {
    const job = (mode: number) => Uint32Array.from({ length: JOB_WORDS }, (_, i) => (i ? 0 : mode))
    const two = () => 2
    expect(callsAfterTrials(two, () => 1, job(CONTIGUOUS))).toEqual([100, 0])
    expect(callsAfterTrials(two, () => 1, job(REGISTER))).toEqual([0, 100])
  })
})

it('is built from the sources in src/core/pow/assembly', async () => {
  const file = new URL('../../../src/core/pow/kernel.generated.ts', import.meta.url)
  expect(readFileSync(file, 'utf8')).toBe(await buildKernels())
})
