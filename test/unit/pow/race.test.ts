import { describe, expect, it } from 'vitest'
import { BittensorError } from '../../../src/core/errors.js'
import type { Challenge, Solution } from '../../../src/core/pow/challenge.js'
import { checkNonce } from '../../../src/core/pow/challenge.js'
import {
  type ChainHead,
  isFresh,
  type RaceEvent,
  type RaceOptions,
  type RaceResult,
  race,
  type Verdict,
} from '../../../src/core/pow/race.js'
import { createSolver, type Outcome } from '../../../src/core/pow/solver.js'
import { createQueue, type Queue } from '../../../src/core/queue.js'

const key = new Uint8Array(32).fill(8)
const tick = () => new Promise((resolve) => setTimeout(resolve, 2))

function hashOf(number: number, fork = 0): Uint8Array {
  return new Uint8Array(32).fill(number % 250 || 250).fill(fork + 1, 30)
}

function head(number: number, options: { fork?: number; difficulty?: bigint } = {}): ChainHead {
  const { fork = 0, difficulty = 2n } = options
  return { blockNumber: number, blockHash: hashOf(number, fork), difficulty }
}

/** A solver that finds a proof when the test says so. */
function fakeSolver() {
  const challenges: Challenge[] = []
  let settle: ((outcome: Outcome) => void) | undefined
  return {
    challenges,
    pauses: 0,
    setChallenge(challenge: Challenge): Promise<Outcome> {
      challenges.push(challenge)
      settle?.({ kind: 'replaced' })
      return new Promise((resolve) => {
        settle = resolve
      })
    },
    pause() {
      this.pauses++
      settle?.({ kind: 'stopped' })
    },
    find(): Solution {
      const challenge = challenges.at(-1) as Challenge
      let nonce = 0n
      while (!checkNonce(challenge, nonce).meets) nonce++
      const solution = { challenge, nonce, seal: checkNonce(challenge, nonce).seal }
      settle?.({ kind: 'found', solution })
      return solution
    },
  }
}

/** A race with everything around it faked; verdicts are given one after another. */
function setUp(verdicts: readonly Verdict[], options: Partial<RaceOptions> = {}) {
  const heads: Queue<ChainHead> = createQueue()
  const solver = fakeSolver()
  const submitted: Solution[] = []
  const events: RaceEvent[] = []
  const result = race({
    scheme: 'register-be',
    key,
    heads,
    solver,
    submit: async (solution) => {
      submitted.push(solution)
      const verdict = verdicts[submitted.length - 1]
      if (!verdict) throw new Error('unexpected submission')
      return verdict
    },
    onEvent: (event) => events.push(event),
    ...options,
  })
  // Awaited by each test; this only keeps an early failure from counting as unhandled.
  result.catch(() => {})
  const kinds = () => events.map((event) => event.kind)
  return { heads, solver, submitted, events, kinds, result }
}

const registered: Verdict = { kind: 'registered' }

describe('window', () => {
  it.each([
    [100, 99, false],
    [100, 100, true],
    [100, 101, true],
    [100, 102, false],
  ])('work of block %d at head %d: %s', (work, best, fresh) => {
    expect(isFresh(work, best)).toBe(fresh)
  })
})

describe('the usual course', () => {
  it('solves on the head, submits, ends', async () => {
    const { heads, solver, submitted, kinds, result } = setUp([registered])
    heads.push(head(10, { difficulty: 5n }))
    await tick()
    expect(solver.challenges).toEqual([
      {
        scheme: 'register-be',
        blockNumber: 10,
        blockHash: hashOf(10),
        key,
        difficulty: 5n,
      },
    ])
    const solution = solver.find()
    expect(await result).toEqual({
      kind: 'registered',
      solution,
      attempts: 1,
      stale: 0,
      reason: undefined,
    } satisfies RaceResult)
    expect(submitted).toEqual([solution])
    expect(kinds()).toEqual(['challenge', 'found', 'submitting'])
    expect(solver.pauses).toBe(1)
  })

  it('gives a new block to the solver before it tells or asks anybody', async () => {
    const seen: number[] = []
    const see = () => seen.push(raced.solver.challenges.length)
    const raced = setUp([registered], {
      onEvent: see,
      isRegistered: async () => {
        see()
        return false
      },
    })
    raced.heads.push(head(10))
    await tick()
    raced.heads.push(head(11))
    await tick()
    expect(seen).toEqual([1, 1, 2, 2])
    raced.solver.find()
    await raced.result
  })

  it('takes every new block and every change of difficulty at once, and nothing else', async () => {
    const { heads, solver, result } = setUp([registered])
    heads.push(head(10))
    heads.push(head(10))
    heads.push(head(11))
    heads.push(head(11, { difficulty: 3n }))
    await tick()
    const seen = solver.challenges.map(({ blockNumber, difficulty }) => [blockNumber, difficulty])
    expect(seen).toEqual([
      [10, 2n],
      [11, 2n],
      [11, 3n],
    ])
    solver.find()
    await result
  })

  it('carries netuid and coldkey for pow_register', async () => {
    const coldkey = new Uint8Array(32).fill(9)
    const { heads, solver, result } = setUp([registered], {
      scheme: 'pow_register',
      netuid: 3,
      coldkey,
    })
    heads.push(head(1))
    await tick()
    expect(solver.challenges[0]).toMatchObject({ scheme: 'pow_register', netuid: 3, coldkey })
    solver.find()
    expect(await result).toMatchObject({ kind: 'registered' })
  })
})

describe('stale work', () => {
  it('is not sent when the head has run away, and solved anew without counting an attempt', async () => {
    let newest = head(10)
    const { heads, solver, submitted, events, result } = setUp([registered], {
      latest: async () => newest,
    })
    heads.push(newest)
    await tick()
    newest = head(12)
    solver.find()
    await tick()
    expect(submitted).toEqual([])
    expect(events.at(-2)).toMatchObject({ kind: 'stale', why: 'old', stale: 1 })
    expect(solver.challenges.at(-1)?.blockNumber).toBe(12)
    solver.find()
    expect(await result).toMatchObject({ kind: 'registered', attempts: 1, stale: 1 })
  })

  it('is still sent one block later', async () => {
    const { heads, solver, submitted, result } = setUp([registered], {
      latest: async () => head(11),
    })
    heads.push(head(10))
    await tick()
    const solution = solver.find()
    await result
    expect(submitted).toEqual([solution])
  })

  it('ends the race after as many as allowed', async () => {
    const { heads, solver, result } = setUp([], {
      latest: async () => head(20),
      maxStale: 1,
    })
    heads.push(head(10))
    await tick()
    solver.find()
    expect(await result).toMatchObject({ kind: 'gave up', attempts: 0, stale: 1 })
  })

  it('is not sent when the difficulty has risen beyond it', async () => {
    let newest = head(10)
    const { heads, solver, submitted, events, result } = setUp([registered], {
      latest: async () => newest,
    })
    heads.push(newest)
    await tick()
    newest = head(10, { difficulty: 2n ** 64n - 1n })
    solver.find()
    await tick()
    expect(submitted).toEqual([])
    expect(events.at(-2)).toMatchObject({ kind: 'stale', why: 'difficulty' })
    newest = head(11, { difficulty: 1n })
    heads.push(newest)
    await tick()
    solver.find()
    expect(await result).toMatchObject({ kind: 'registered' })
  })

  it('is sent when the difficulty has fallen', async () => {
    const { heads, solver, result } = setUp([registered], {
      latest: async () => head(11, { difficulty: 1n }),
    })
    heads.push(head(10))
    await tick()
    solver.find()
    expect(await result).toMatchObject({ kind: 'registered', stale: 0 })
  })
})

describe('forks', () => {
  it.each<[string, ChainHead]>([
    ['another block of the same number', head(10, { fork: 1 })],
    ['a head that jumps back', head(8)],
    ['a block on top of another parent', { ...head(11, { fork: 1 }), parentHash: hashOf(10, 1) }],
  ])('make a proof worthless: %s', async (_, newest) => {
    const { heads, solver, submitted, events, result } = setUp([registered], {
      latest: async () => newest,
    })
    heads.push(head(9))
    heads.push(head(10))
    await tick()
    solver.find()
    await tick()
    expect(submitted).toEqual([])
    expect(events.at(-2)).toMatchObject({ kind: 'stale', why: 'reorganised' })
    expect(solver.challenges.at(-1)?.blockHash).toEqual(newest.blockHash)
    solver.find()
    expect(await result).toMatchObject({ kind: 'registered' })
  })

  it('do not trouble a proof whose block is still an ancestor', async () => {
    const newest = { ...head(11), parentHash: hashOf(10) }
    const { heads, solver, result } = setUp([registered], { latest: async () => newest })
    heads.push(head(10))
    await tick()
    solver.find()
    expect(await result).toMatchObject({ kind: 'registered', stale: 0 })
  })

  it('follow the head back and forth', async () => {
    const { heads, solver, result } = setUp([registered])
    for (const next of [head(10), head(11), head(9), head(10, { fork: 1 })]) heads.push(next)
    await tick()
    expect(solver.challenges.map(({ blockNumber }) => blockNumber)).toEqual([10, 11, 9, 10])
    expect(solver.challenges.at(-1)?.blockHash).toEqual(hashOf(10, 1))
    solver.find()
    await result
  })
})

describe('verdicts', () => {
  it('of refusal cost an attempt each, and the race ends after the last', async () => {
    const refused: Verdict = { kind: 'refused', reason: 'the seal is wrong' }
    const { heads, solver, result } = setUp([refused, refused, refused])
    heads.push(head(10))
    for (let i = 0; i < 3; i++) {
      await tick()
      solver.find()
    }
    expect(await result).toMatchObject({
      kind: 'gave up',
      attempts: 3,
      reason: 'the seal is wrong',
    })
  })

  it('send the same proof again on the next block while it is fresh', async () => {
    const resend: Verdict = { kind: 'resend', reason: 'the block is full' }
    const { heads, solver, submitted, result } = setUp([resend, registered])
    heads.push(head(10))
    await tick()
    const solution = solver.find()
    await tick()
    expect(submitted).toEqual([solution])
    heads.push(head(11))
    expect(await result).toMatchObject({ kind: 'registered', attempts: 1 })
    expect(submitted).toEqual([solution, solution])
    expect(solver.challenges).toHaveLength(1)
  })

  it('count no attempt for a proof that was held back, and tell why it was', async () => {
    const { heads, solver, events, result } = setUp([], {
      submit: async (_, { blockNumber }, isStale) => {
        if (blockNumber === 12) return registered
        expect(isStale()).toBe(false)
        heads.push(head(11, { difficulty: 2n ** 64n - 1n }))
        await tick()
        expect(isStale()).toBe(true)
        return { kind: 'stale' }
      },
    })
    heads.push(head(10))
    await tick()
    solver.find()
    await tick()
    await tick()
    expect(events.find(({ kind }) => kind === 'stale')).toMatchObject({
      why: 'difficulty',
      attempt: 0,
    })
    expect(solver.challenges.at(-1)?.blockNumber).toBe(11)
    heads.push(head(12))
    await tick()
    solver.find()
    expect(await result).toMatchObject({ kind: 'registered', attempts: 1, stale: 1 })
  })

  it('solve anew when a proof to be sent again has become too old', async () => {
    const resend: Verdict = { kind: 'resend', reason: 'the block is full' }
    const { heads, solver, submitted, result } = setUp([resend, resend, registered])
    heads.push(head(10))
    await tick()
    const old = solver.find()
    await tick()
    heads.push(head(11))
    await tick()
    heads.push(head(12))
    await tick()
    expect(solver.challenges.at(-1)?.blockNumber).toBe(12)
    const fresh = solver.find()
    expect(await result).toMatchObject({ kind: 'registered', attempts: 2, stale: 1 })
    expect(submitted).toEqual([old, old, fresh])
  })

  it('that somebody else was quicker end the race well', async () => {
    const { heads, solver, result } = setUp([{ kind: 'already' }])
    heads.push(head(10))
    await tick()
    solver.find()
    expect(await result).toMatchObject({ kind: 'already', attempts: 1 })
  })

  it('that are thrown end the race', async () => {
    const closed = new BittensorError('POW_DISABLED', 'closed')
    const { heads, solver, result } = setUp([], { submit: () => Promise.reject(closed) })
    heads.push(head(10))
    await tick()
    solver.find()
    await expect(result).rejects.toBe(closed)
    expect(solver.pauses).toBe(1)
  })

  it('do not start a search while a proof is on its way', async () => {
    let verdict: (verdict: Verdict) => void = () => {}
    const { heads, solver, result } = setUp([], {
      submit: () =>
        new Promise((resolve) => {
          verdict = resolve
        }),
    })
    heads.push(head(10))
    await tick()
    solver.find()
    await tick()
    heads.push(head(11))
    await tick()
    expect(solver.challenges).toHaveLength(1)
    verdict(registered)
    expect(await result).toMatchObject({ kind: 'registered' })
  })
})

describe('the key', () => {
  it('may turn up registered by other means', async () => {
    let isThere = false
    const { heads, solver, result } = setUp([], { isRegistered: async () => isThere })
    heads.push(head(10))
    await tick()
    isThere = true
    heads.push(head(11))
    expect(await result).toMatchObject({ kind: 'already', attempts: 0, solution: undefined })
    expect(solver.pauses).toBe(1)
  })

  it('is not taken for registered by others while our own proof is on its way', async () => {
    let verdict: (verdict: Verdict) => void = () => {}
    let isThere = false
    const { heads, solver, result } = setUp([], {
      isRegistered: async () => isThere,
      submit: () =>
        new Promise((resolve) => {
          verdict = resolve
        }),
    })
    heads.push(head(10))
    await tick()
    solver.find()
    await tick()
    isThere = true
    heads.push(head(11))
    await tick()
    verdict(registered)
    expect(await result).toMatchObject({ kind: 'registered' })
  })

  it('stays in the race when the question fails', async () => {
    const { heads, solver, events, result } = setUp([registered], {
      isRegistered: () => Promise.reject(new Error('no answer')),
    })
    heads.push(head(10))
    await tick()
    expect(events.at(-1)).toEqual({ kind: 'warning', reason: 'no answer' })
    solver.find()
    expect(await result).toMatchObject({ kind: 'registered' })
  })
})

describe('trouble', () => {
  it('with the chain ends the race: no more blocks', async () => {
    const { heads, result } = setUp([])
    heads.push(head(10))
    heads.end()
    await expect(result).rejects.toMatchObject({ code: 'CONNECTION' })
  })

  it('with the chain ends the race: an error', async () => {
    const { heads, result } = setUp([])
    heads.end(new BittensorError('CONNECTION', 'gone'))
    await expect(result).rejects.toMatchObject({ message: 'gone' })
  })

  it('with a node that is away keeps a proof until it is there again', async () => {
    let isAway = true
    const { heads, solver, submitted, kinds, result } = setUp([registered], {
      latest: async () => {
        if (isAway) throw new BittensorError('CONNECTION', 'the node is away')
        return head(11)
      },
    })
    heads.push(head(10))
    await tick()
    const solution = solver.find()
    await tick()
    expect([submitted, kinds().at(-1)]).toEqual([[], 'warning'])
    isAway = false
    heads.push(head(11))
    expect(await result).toMatchObject({ kind: 'registered', attempts: 1 })
    expect(submitted).toEqual([solution])
  })

  it('with a node that stays away ends the race', async () => {
    const { heads, solver, result } = setUp([], {
      latest: () => Promise.reject(new BittensorError('CONNECTION', 'the node is away')),
    })
    heads.push(head(10))
    await tick()
    solver.find()
    await tick()
    heads.end(new BittensorError('CONNECTION', 'gone'))
    await expect(result).rejects.toMatchObject({ message: 'gone' })
  })

  it('with a node that does not know its own block is waited out', async () => {
    const { heads, solver, kinds, result } = setUp([registered])
    heads.push({ ...head(10), blockHash: new Uint8Array(32) })
    heads.push(head(11))
    await tick()
    expect(kinds()).toEqual(['warning', 'challenge'])
    solver.find()
    await result
  })

  it('with a difficulty that is no u64 ends the race', async () => {
    const solver = createSolver({ workers: 1 })
    const { heads, result } = setUp([], { solver })
    heads.push(head(10, { difficulty: 2n ** 64n }))
    await expect(result).rejects.toMatchObject({ code: 'USAGE' })
    await solver.stop()
  })

  it('with the solver ends the race', async () => {
    const failure = new BittensorError('INTERNAL', 'proof-of-work thread 0 keeps dying')
    const { heads, result } = setUp([], {
      solver: { setChallenge: () => Promise.reject(failure), pause: () => {} },
    })
    heads.push(head(10))
    await expect(result).rejects.toBe(failure)
  })

  it('with patience: Ctrl-C, and a limit of time', async () => {
    const controller = new AbortController()
    const { heads, solver, result } = setUp([], { signal: controller.signal })
    heads.push(head(10))
    await tick()
    controller.abort()
    await expect(result).rejects.toMatchObject({ code: 'INTERRUPTED' })
    expect(solver.pauses).toBe(1)

    const late = new BittensorError('TIMEOUT', 'no proof in time')
    await expect(setUp([], { signal: AbortSignal.abort(late) }).result).rejects.toBe(late)
  })
})

describe('an interruption while a proof is on its way', () => {
  function sending() {
    const controller = new AbortController()
    let settle: { resolve: (verdict: Verdict) => void; reject: (error: Error) => void } | undefined
    const made = setUp([], {
      signal: controller.signal,
      submit: () =>
        new Promise((resolve, reject) => {
          settle = { resolve, reject }
        }),
    })
    return { ...made, controller, settle: () => settle }
  }

  it.each<[string, Verdict]>([
    ['registered', registered],
    ['already', { kind: 'already' }],
  ])('does not hide that it was accepted: %s', async (kind, verdict) => {
    const { heads, solver, result, controller, settle } = sending()
    heads.push(head(10))
    await tick()
    solver.find()
    await tick()
    controller.abort()
    await tick()
    settle()?.resolve(verdict)
    expect(await result).toMatchObject({ kind })
  })

  it.each<[string, Verdict, object]>([
    ['accepted: it counts', registered, { resolves: { kind: 'registered' } }],
    ['refused: it ends the race', { kind: 'refused', reason: 'no' }, { rejects: 'CONNECTION' }],
  ])('by the end of the heads waits for it; %s', async (_, verdict, expected) => {
    const { heads, solver, result, settle } = sending()
    heads.push(head(10))
    await tick()
    solver.find()
    await tick()
    heads.end(new BittensorError('CONNECTION', 'the node stays away'))
    await tick()
    settle()?.resolve(verdict)
    const outcome = await result.then(
      ({ kind }) => ({ resolves: { kind } }),
      ({ code }) => ({ rejects: code }),
    )
    expect(outcome).toEqual(expected)
    expect(solver.challenges).toHaveLength(1)
  })

  it('is at once while a node does not answer before it is sent', async () => {
    const controller = new AbortController()
    const { heads, solver, submitted, result } = setUp([], {
      signal: controller.signal,
      latest: () => new Promise(() => {}),
    })
    heads.push(head(10))
    await tick()
    solver.find()
    await tick()
    controller.abort()
    await expect(result).rejects.toMatchObject({ code: 'INTERRUPTED' })
    expect(submitted).toEqual([])
  })

  it('ends the race with what the sender says', async () => {
    const { heads, solver, result, controller, settle } = sending()
    heads.push(head(10))
    await tick()
    solver.find()
    await tick()
    controller.abort()
    const told = new BittensorError('INTERRUPTED', 'interrupted after sending 0x12')
    settle()?.reject(told)
    await expect(result).rejects.toBe(told)
  })

  it.each<Verdict>([
    { kind: 'refused', reason: 'no' },
    { kind: 'resend', reason: 'later' },
  ])('ends the race when it was not accepted: %o', async (verdict) => {
    const { heads, solver, result, controller, settle } = sending()
    heads.push(head(10))
    await tick()
    solver.find()
    await tick()
    controller.abort()
    settle()?.resolve(verdict)
    await expect(result).rejects.toMatchObject({ code: 'INTERRUPTED' })
    expect(solver.challenges).toHaveLength(1)
  })

  it('ends the wait for the next block', async () => {
    const { heads, solver, result, controller, settle } = sending()
    heads.push(head(10))
    await tick()
    solver.find()
    await tick()
    settle()?.resolve({ kind: 'resend', reason: 'later' })
    await tick()
    controller.abort()
    await expect(result).rejects.toMatchObject({ code: 'INTERRUPTED' })
  })
})

describe('with a real solver', () => {
  it('wins although blocks come while it searches and a worker is killed', async () => {
    const solver = createSolver({ workers: 2 })
    await solver.start()
    const submitted: Solution[] = []
    const { heads, result } = setUp([], {
      solver,
      submit: async (solution) => {
        submitted.push(solution)
        return registered
      },
    })
    heads.push(head(10, { difficulty: 2n ** 63n }))
    await tick()
    await solver.threads[0]?.terminate()
    for (let number = 11; number < 30; number++) {
      heads.push(head(number, { difficulty: 2n ** 63n }))
      await tick()
    }
    heads.push(head(30, { difficulty: 20_000n }))
    const { solution } = await result
    expect(submitted).toEqual([solution])
    expect(solution?.challenge.blockNumber).toBe(30)
    expect(checkNonce(solution?.challenge as Challenge, solution?.nonce ?? 0n).meets).toBe(true)
    await solver.stop()
  })
})
