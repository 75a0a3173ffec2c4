import { afterEach, describe, expect, it } from 'vitest'
import { type Challenge, checkNonce, type PowScheme } from '../../../src/core/pow/challenge.js'
import type { Helper } from '../../../src/core/pow/helpers.js'
import { jobOf } from '../../../src/core/pow/job.js'
import { hitsIn, loadKernel, scannerOf } from '../../../src/core/pow/kernel.js'
import { solve } from '../../../src/core/pow/solve.js'
import { createSolver, type Solver } from '../../../src/core/pow/solver.js'

const solvers: Solver[] = []

afterEach(async () => {
  await Promise.all(solvers.splice(0).map((solver) => solver.stop()))
})

function challengeOf(difficulty: bigint, scheme: PowScheme = 'register-be'): Challenge {
  const fill = (value: number) => Uint8Array.from({ length: 32 }, (_, i) => (value * (i + 5)) & 255)
  return {
    scheme,
    blockNumber: 1,
    blockHash: fill(1),
    key: fill(2),
    coldkey: fill(3),
    netuid: 1,
    difficulty,
  }
}

type Fake = Helper & { readonly scanned: [first: bigint, count: number][]; closed: number }

/** Searches as a GPU would, in this thread; `trouble` may throw or change what it found. */
function fakeHelper(
  trouble: (call: number, hits: number[]) => number[] | Promise<number[]> = (_, hits) => hits,
  name = 'GPU 0',
): Fake {
  const scanner = scannerOf(loadKernel('simd'))
  let calls = 0
  return {
    name,
    scanned: [],
    closed: 0,
    async scan(job, first, count) {
      const call = ++calls
      await new Promise((resolve) => setTimeout(resolve, 1))
      scanner.setJob(job)
      const hits: number[] = []
      for (let at = 0; at < count && hits.length < 64; at++) {
        at += scanner.scan(first + BigInt(at), count - at)
        if (at < count) hits.push(at)
      }
      const answer = await trouble(call, hits)
      this.scanned.push([first, count])
      return answer
    },
    close() {
      this.closed++
    },
  }
}

function solverWith(
  helpers: readonly Helper[],
  options: Parameters<typeof createSolver>[0] = {},
): { solver: Solver; warnings: string[] } {
  const warnings: string[] = []
  const solver = createSolver({ helpers, onWarning: (text) => warnings.push(text), ...options })
  solvers.push(solver)
  return { solver, warnings }
}

const HOPELESS = 2n ** 64n - 1n

/** Every index of `count` from `start` on, once. */
function expectOnce(pieces: readonly [bigint, number][], start: bigint, count: bigint): void {
  const sorted = [...pieces].sort(([a], [b]) => (a < b ? -1 : 1))
  let next = start
  for (const [first, length] of sorted) {
    expect(first).toBe(next)
    next = first + BigInt(length)
  }
  expect(next).toBe(start + count)
}

describe('a helper', () => {
  it.each<PowScheme>(['register-be', 'register-le', 'pow_register'])(
    'finds proofs of %s without any thread',
    async (scheme) => {
      const { solver } = solverWith([fakeHelper()])
      const challenge = challengeOf(50_000n, scheme)
      const outcome = await solver.setChallenge(challenge)
      if (outcome.kind !== 'found') throw new Error(outcome.kind)
      expect(checkNonce(challenge, outcome.solution.nonce).meets).toBe(true)
      expect(solver.threads).toEqual([])
      expect(solver.stats()).toMatchObject({ workers: 0, helpers: ['GPU 0'] })
    },
  )

  it('searches a range completely, each index once', async () => {
    const helper = fakeHelper()
    const { solver } = solverWith([helper])
    const count = 1_234_567n
    const outcome = await solver.setChallenge(challengeOf(HOPELESS), { start: 99n, count })
    expect(outcome).toEqual({ kind: 'exhausted', tried: count })
    expectOnce(helper.scanned, 99n, count)
    expect(solver.stats().hashes).toBe(count)
  })

  it('shares a range with others and with threads', async () => {
    const helpers = [fakeHelper(), fakeHelper(undefined, 'GPU 1')]
    const { solver } = solverWith(helpers, { workers: 2 })
    await solver.start()
    const count = 3_000_001n
    const outcome = await solver.setChallenge(challengeOf(HOPELESS), { start: 0n, count })
    expect(outcome).toEqual({ kind: 'exhausted', tried: count })
    expect(solver.stats().hashes).toBe(count)
    for (const { scanned } of helpers) expect(scanned.length).toBeGreaterThan(0)
  })

  it('takes up new challenges, and is closed in the end', async () => {
    const helper = fakeHelper()
    const { solver } = solverWith([helper])
    const old = solver.setChallenge(challengeOf(HOPELESS))
    const outcome = await solver.setChallenge(challengeOf(1000n))
    expect(await old).toEqual({ kind: 'replaced' })
    expect(outcome.kind).toBe('found')
    await solver.stop()
    expect(helper.closed).toBe(1)
  })

  it('makes pieces that take about 30 ms', async () => {
    const helper = fakeHelper((_, hits) => new Promise((resolve) => setTimeout(resolve, 60, hits)))
    const { solver } = solverWith([helper])
    const search = solver.setChallenge(challengeOf(HOPELESS))
    while (helper.scanned.length < 8) await new Promise((resolve) => setTimeout(resolve, 5))
    solver.pause()
    await search
    const sizes = helper.scanned.map(([, count]) => count)
    expect(sizes.at(-1)).toBeLessThan(sizes[0] ?? 0)
  })
})

describe('a helper that fails', () => {
  it('in a range leaves nothing out: the others search what it had taken', async () => {
    const good = fakeHelper(undefined, 'GPU 1')
    const bad = fakeHelper((call, hits) => {
      if (call === 3) throw new Error('the driver lost the device')
      return hits
    })
    const { solver, warnings } = solverWith([bad, good])
    const count = 900_000n
    const outcome = await solver.setChallenge(challengeOf(HOPELESS), { start: 7n, count })
    expect(outcome).toEqual({ kind: 'exhausted', tried: count })
    expectOnce([...good.scanned, ...bad.scanned], 7n, count)
    expect(warnings).toEqual([
      'GPU 0 stopped: the driver lost the device; the search goes on without it',
    ])
    expect(solver.stats().helpers).toEqual(['GPU 1'])
    expect(bad.closed).toBe(1)
  })

  it('is waited for until all it had taken is known', async () => {
    const good = fakeHelper(undefined, 'GPU 1')
    // Its first answer fails at once, its second one long after the other helper has run out of work.
    const bad = fakeHelper(async (call, hits) => {
      if (call === 1) throw new Error('gone')
      await new Promise((resolve) => setTimeout(resolve, 300))
      if (call === 2) throw new Error('gone as well')
      return hits
    })
    const { solver } = solverWith([bad, good])
    const count = 400_000n
    const outcome = await solver.setChallenge(challengeOf(HOPELESS), { start: 0n, count })
    expect(outcome).toEqual({ kind: 'exhausted', tried: count })
    expectOnce([...good.scanned, ...bad.scanned], 0n, count)
  })

  it('as the last one hands over to the processors', async () => {
    const bad = fakeHelper(() => Promise.reject(new Error('gone')))
    const { solver, warnings } = solverWith([bad])
    const count = 300_000n
    const outcome = await solver.setChallenge(challengeOf(HOPELESS), { start: 0n, count })
    expect(outcome).toEqual({ kind: 'exhausted', tried: count })
    expect(warnings).toEqual(['GPU 0 stopped: gone; the search goes on with the processors'])
    expect(solver.workers).toBeGreaterThan(0)
  })

  it('to compute correctly is not believed', async () => {
    const liar = fakeHelper(() => [5])
    const { solver, warnings } = solverWith([liar], { workers: 1 })
    const outcome = await solver.setChallenge(challengeOf(HOPELESS), { start: 0n, count: 200_000n })
    expect(outcome).toEqual({ kind: 'exhausted', tried: 200_000n })
    expect(warnings).toEqual([
      'GPU 0 stopped: it computed a wrong seal; the search goes on without it',
    ])
  })

  it('to compute correctly is not believed in what it has searched before either', async () => {
    const [piece, count] = [16_384, 20_000]
    const proofsOf = (challenge: Challenge) => {
      const scanner = scannerOf(loadKernel())
      scanner.setJob(jobOf(challenge, true))
      return hitsIn(scanner, 0n, count)
    }
    // All proofs lie in the first piece, over which it passes; in the second it names what is none.
    const challenge = [...Array(50).keys()]
      .map((i) => challengeOf(BigInt(5000 + i * 100)))
      .find((one) => [0, ...proofsOf(one)].at(-1) !== 0 && proofsOf(one).every((at) => at < piece))
    if (!challenge) throw new Error('no challenge is like that')
    const blind = fakeHelper((call) => (call === 2 ? [0] : []))
    const { solver, warnings } = solverWith([blind])
    const outcome = await solver.setChallenge(challenge, { start: 0n, count: BigInt(count) })
    expect(blind.scanned.map(([first]) => first)).toEqual([0n, BigInt(piece)])
    expect(outcome.kind).toBe('found')
    expect(warnings).toHaveLength(1)
  })

  it('between challenges, or after the end, disturbs nobody', async () => {
    let fail: (error: Error) => void = () => {}
    const slow = fakeHelper(
      () =>
        new Promise((_, reject) => {
          fail = reject
        }),
    )
    const { solver, warnings } = solverWith([slow], { workers: 1 })
    const outcome = await solver.setChallenge(challengeOf(1000n))
    expect(outcome.kind).toBe('found')
    await solver.stop()
    fail(new Error('late'))
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(warnings).toEqual([])
  })
})

describe('solve', () => {
  it('uses helpers', async () => {
    const result = await solve({ challenge: challengeOf(5000n), helpers: [fakeHelper()] })
    expect(result.found).toBe(true)
  })
})
