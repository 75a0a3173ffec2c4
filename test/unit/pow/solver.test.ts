import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import type { Challenge, PowScheme } from '../../../src/core/pow/challenge.js'
import { checkNonce, POW_SCHEMES } from '../../../src/core/pow/challenge.js'
import { loadKernel } from '../../../src/core/pow/kernel.js'
import { createSolver, type Outcome, type Solver } from '../../../src/core/pow/solver.js'

const U64_MAX = 2n ** 64n - 1n
const solvers: Solver[] = []

function solverOf(options: Parameters<typeof createSolver>[0]): Solver {
  const solver = createSolver(options)
  solvers.push(solver)
  return solver
}

afterEach(async () => {
  await Promise.all(solvers.splice(0).map((solver) => solver.stop()))
})

function challengeOf(difficulty: bigint, seed = 1, scheme: PowScheme = 'register-be'): Challenge {
  const fill = (value: number) => Uint8Array.from({ length: 32 }, (_, i) => (value * (i + 5)) & 255)
  return {
    scheme,
    blockNumber: seed,
    blockHash: fill(seed),
    key: fill(seed + 1),
    coldkey: fill(seed + 2),
    netuid: 1,
    difficulty,
  }
}

const HOPELESS = U64_MAX

function nonceOf(outcome: Outcome): bigint {
  if (outcome.kind !== 'found') throw new Error(`expected a proof, not ${outcome.kind}`)
  return outcome.solution.nonce
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function until(condition: () => boolean): Promise<void> {
  await expect.poll(condition, { interval: 1 }).toBe(true)
}

describe('a range', () => {
  it('is searched completely: found proofs meet the difficulty, what is not found is not there', async () => {
    const three = [1, 2, 3].map((workers) => solverOf({ workers, batch: 37 }))
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...POW_SCHEMES),
        fc.integer({ min: 0, max: 255 }),
        fc.bigInt({ min: 0n, max: 3000n }),
        fc.oneof(
          fc.bigInt({ min: 0n, max: U64_MAX - 1000n }),
          fc.constantFrom(0n, 2n ** 32n - 300n, 2n ** 40n - 300n, U64_MAX - 999n),
        ),
        fc.integer({ min: 1, max: 600 }),
        fc.constantFrom(...three),
        async (scheme, seed, difficulty, start, count, solver) => {
          const challenge = challengeOf(difficulty, seed, scheme)
          const outcome = await solver.setChallenge(challenge, { start, count: BigInt(count) })
          if (outcome.kind === 'found') {
            const { nonce, seal } = outcome.solution
            expect(nonce >= start && nonce < start + BigInt(count)).toBe(true)
            expect(checkNonce(challenge, nonce)).toEqual({ seal, meets: true })
          } else {
            expect(outcome).toEqual({ kind: 'exhausted', tried: BigInt(count) })
            for (let i = 0n; i < count; i++) {
              expect(checkNonce(challenge, start + i).meets).toBe(false)
            }
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  it('finds the only proof wherever it lies, in every kernel', async () => {
    const challenge = challengeOf(2000n, 9)
    let only = 0n
    while (!checkNonce(challenge, only).meets) only++
    for (const kernel of ['simd', 'scalar', 'js'] as const) {
      const solver = solverOf({ workers: 2, batch: 64, kernel })
      const range = { start: 0n, count: only + 1n }
      expect(nonceOf(await solver.setChallenge(challenge, range))).toBe(only)
      const before = { start: 0n, count: only }
      expect(await solver.setChallenge(challenge, before)).toEqual({
        kind: 'exhausted',
        tried: only,
      })
    }
  })

  it('counts each nonce once', async () => {
    const solver = solverOf({ workers: 3, batch: 1000 })
    const outcome = await solver.setChallenge(challengeOf(HOPELESS), { start: 5n, count: 123_456n })
    expect(outcome).toEqual({ kind: 'exhausted', tried: 123_456n })
    expect(solver.stats().hashes).toBe(123_456n)
  })

  it('is searched to its last nonce when workers are killed on the way', async () => {
    const KILLS = 4
    // A range that was over before the last kill, since this thread was held up, is followed by a larger one.
    for (let [count, kills] = [3_000_000n, 0]; kills < KILLS; count *= 4n) {
      const solver = solverOf({ workers: 2, batch: 4096 })
      await solver.start()
      let isOver = false
      const outcome = solver.setChallenge(challengeOf(HOPELESS), { start: 0n, count })
      void outcome.then(() => {
        isOver = true
      })
      for (kills = 0; kills < KILLS; kills++) {
        const before = solver.stats().hashes
        await until(() => isOver || solver.stats().hashes > before + 20_000n)
        if (isOver) break
        await solver.threads[kills % 2]?.terminate()
      }
      expect(await outcome).toEqual({ kind: 'exhausted', tried: count })
      const { restarts, hashes } = solver.stats()
      expect(restarts).toBe(kills)
      // A chunk that a worker died over was done again, so some nonces count twice: none is missing.
      expect(hashes).toBeGreaterThanOrEqual(count - BigInt(KILLS * 4096))
    }
  })

  it.each([
    [{ start: 0n, count: 0n }, 'the range of nonces is empty'],
    [{ start: -1n, count: 1n }, /first nonce is a number from 0 to 2\^64-1/],
    [{ start: U64_MAX + 1n, count: 1n }, /first nonce is a number from 0 to 2\^64-1/],
    [{ start: U64_MAX, count: 2n }, /go past 2\^64-1, the last nonce/],
  ])('is refused: %o', async (range, message) => {
    const solver = solverOf({ workers: 1 })
    await expect(solver.setChallenge(challengeOf(1n), range)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(message),
    })
  })

  it('may end with the last nonce of all', async () => {
    const solver = solverOf({ workers: 2, batch: 3 })
    const outcome = await solver.setChallenge(challengeOf(0n), { start: U64_MAX, count: 1n })
    expect(nonceOf(outcome)).toBe(U64_MAX)
  })
})

describe('without a range', () => {
  it.each(POW_SCHEMES)('finds proofs of %s for any number of workers', async (scheme) => {
    for (const workers of [1, 4]) {
      const solver = solverOf({ workers })
      for (const difficulty of [0n, 1n, 5000n, 50_000n]) {
        const challenge = challengeOf(difficulty, workers, scheme)
        const outcome = await solver.setChallenge(challenge)
        expect(checkNonce(challenge, nonceOf(outcome)).meets).toBe(true)
      }
    }
  })

  it('starts somewhere else each time', async () => {
    const solver = solverOf({ workers: 1 })
    const first = nonceOf(await solver.setChallenge(challengeOf(1n)))
    const second = nonceOf(await solver.setChallenge(challengeOf(1n)))
    expect(first).not.toBe(second)
  })
})

describe('a new challenge', () => {
  it('replaces the one before; its proofs never answer for another', async () => {
    const solver = solverOf({ workers: 2 })
    const outcomes: Promise<Outcome>[] = []
    for (let seed = 0; seed < 60; seed++) {
      outcomes.push(solver.setChallenge(challengeOf(seed === 59 ? 3000n : 60_000n, seed)))
      if (seed % 3 === 0) await sleep(seed % 7)
    }
    const settled = await Promise.all(outcomes)
    for (const [seed, outcome] of settled.entries()) {
      if (outcome.kind === 'found') {
        expect(outcome.solution.challenge.blockNumber).toBe(seed)
        expect(checkNonce(challengeOf(60_000n, seed), outcome.solution.nonce)).toBeDefined()
        expect(checkNonce(outcome.solution.challenge, outcome.solution.nonce).meets).toBe(true)
      } else expect(outcome).toEqual({ kind: 'replaced' })
    }
    expect(settled.at(-1)?.kind).toBe('found')
  })

  it('reaches every worker without restarting one', async () => {
    const solver = solverOf({ workers: 2 })
    await solver.start()
    const threads = [...solver.threads]
    void solver.setChallenge(challengeOf(HOPELESS, 1))
    await until(() => solver.isCaughtUp())
    void solver.setChallenge(challengeOf(HOPELESS, 2))
    await until(() => solver.isCaughtUp())
    expect(solver.threads).toEqual(threads)
    expect(solver.stats().restarts).toBe(0)
  })

  it.each([
    ['as large as asked for', 100, 100],
    ['never larger than some milliseconds', 50_000, 4 * loadKernel().batch],
  ])(
    'ends the work for the old one with the chunk that each thread has begun, %s',
    async (_, batch, most) => {
      const workers = 3
      const solver = solverOf({ workers, batch })
      await solver.start()
      for (let round = 0; round < 60; round++) {
        const before = solver.stats().hashes
        void solver.setChallenge(challengeOf(HOPELESS, round))
        await until(() => solver.stats().hashes > before)
        // Nothing to do is a challenge like any other, but what is tried after it can only be for the one before.
        solver.pause()
        const { hashes } = solver.stats()
        await until(() => solver.isCaughtUp())
        expect(Number(solver.stats().hashes - hashes)).toBeLessThanOrEqual(workers * most)
      }
    },
  )

  it('is taken after a proof was found, a pause and a kill', async () => {
    const solver = solverOf({ workers: 2 })
    nonceOf(await solver.setChallenge(challengeOf(10n)))
    const paused = solver.setChallenge(challengeOf(HOPELESS))
    solver.pause()
    expect(await paused).toEqual({ kind: 'stopped' })
    await solver.threads[1]?.terminate()
    nonceOf(await solver.setChallenge(challengeOf(10n, 2)))
  })
})

describe.skipIf(process.platform !== 'linux')('niceness', () => {
  it('is that of the searching threads alone', async () => {
    const nicenessOf = (task: string) => {
      const stat = readFileSync(`/proc/self/task/${task}/stat`, 'utf8')
      // After the name in parentheses: state is field 3, niceness field 19.
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16])
    }
    const own = nicenessOf(`${process.pid}`)
    const nice = Math.min(19, own + 7)
    const solver = solverOf({ workers: 2, nice })
    await solver.start()
    const tasks = readdirSync('/proc/self/task').map(nicenessOf)
    expect(tasks.filter((value) => value === nice)).toHaveLength(2)
    expect(nicenessOf(`${process.pid}`)).toBe(own)
  })
})

describe('rest', () => {
  it('costs nothing: no nonce is tried after a proof was found', async () => {
    const solver = solverOf({ workers: 2 })
    await solver.setChallenge(challengeOf(10n))
    await until(() => solver.isCaughtUp())
    const { hashes, seconds } = solver.stats()
    await sleep(30)
    expect(solver.stats()).toMatchObject({ hashes, seconds })
  })

  it('ends a search as stopped, quickly and for good', async () => {
    const solver = solverOf({ workers: 2 })
    await solver.start()
    const outcome = solver.setChallenge(challengeOf(HOPELESS))
    await until(() => solver.stats().hashes > 0n)
    await solver.stop()
    expect(await outcome).toEqual({ kind: 'stopped' })
    expect(solver.threads).toEqual([])
    expect(await solver.setChallenge(challengeOf(1n))).toEqual({ kind: 'stopped' })
  })

  it('lets each thread end the chunk that it has begun, and no other', async () => {
    for (let round = 0; round < 12; round++) {
      const solver = solverOf({ workers: 3, batch: 2048 })
      await solver.start()
      void solver.setChallenge(challengeOf(HOPELESS, round))
      await until(() => solver.stats().hashes > 0n)
      const over = solver.stop()
      const { hashes } = solver.stats()
      await over
      expect(Number(solver.stats().hashes - hashes)).toBeLessThanOrEqual(3 * 2048)
    }
  })
})

describe('trouble', () => {
  it('with workers that keep dying is an error, not an endless loop', async () => {
    const solver = solverOf({ workers: 1 })
    await solver.start()
    const outcome = solver.setChallenge(challengeOf(HOPELESS))
    const failure = expect(outcome).rejects.toMatchObject({
      code: 'INTERNAL',
      message: 'proof-of-work thread 0 keeps dying',
    })
    for (let kills = 0; kills <= 10; kills++) {
      const before = solver.stats().hashes
      await until(() => solver.threads.length === 1 && solver.stats().hashes > before)
      await solver.threads[0]?.terminate()
    }
    await failure
  })

  it('with workers that throw is an error, with what they threw', async () => {
    const solver = solverOf({ workers: 1 })
    await solver.start()
    const outcome = solver.setChallenge(challengeOf(HOPELESS))
    const failure = expect(outcome).rejects.toMatchObject({
      code: 'INTERNAL',
      details: 'out of memory',
    })
    for (let throws = 0; throws <= 10; throws++) {
      const before = solver.stats().hashes
      await until(() => solver.threads.length === 1 && solver.stats().hashes > before)
      // What Node does when a thread throws: the error, then the exit.
      solver.threads[0]?.emit('error', new Error('out of memory'))
      await solver.threads[0]?.terminate()
    }
    await failure
    expect(await solver.setChallenge(challengeOf(1n))).toEqual({ kind: 'stopped' })
  })

  it.each([
    [{ workers: 0 }, /number of workers/],
    [{ workers: 1.5 }, /number of workers/],
    [{ batch: 0 }, /batch/],
    [{ nice: 20 }, /niceness/],
  ])('with options is told: %o', (options, message) => {
    expect(() => createSolver(options)).toThrow(message)
  })

  it.each([
    [{ difficulty: -1n }, /difficulty/],
    [{ difficulty: U64_MAX + 1n }, /difficulty/],
    [{ blockHash: new Uint8Array(31) }, /block hash has 32 bytes/],
    [{ key: new Uint8Array(33) }, /public key has 32 bytes/],
    [{ blockNumber: -1 }, /block number/],
    [{ blockNumber: 1.5 }, /block number/],
    [{ scheme: 'pow_register' as const, netuid: 65_536 }, /netuid/],
    [{ scheme: 'pow_register' as const, coldkey: new Uint8Array(1) }, /coldkey/],
    [{ scheme: 'other' as PowScheme }, /no proof-of-work scheme `other`/],
  ])('with a challenge is told: %o', async (change, message) => {
    const solver = solverOf({ workers: 1 })
    const challenge = { ...challengeOf(1n), ...change }
    await expect(solver.setChallenge(challenge)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(message),
    })
  })
})
