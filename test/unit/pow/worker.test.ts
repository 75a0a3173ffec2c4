import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import type { Challenge } from '../../../src/core/pow/challenge.js'
import {
  type Control,
  claimChunk,
  clearClaim,
  countTried,
  createControl,
  isCurrent,
  MAX_CHUNKS,
  orphanedChunk,
  publish,
  readJob,
  stopWorkers,
  triedBy,
  waveOn,
} from '../../../src/core/pow/control.js'
import { jobOf } from '../../../src/core/pow/job.js'
import { loadKernel } from '../../../src/core/pow/kernel.js'
import { createSolver } from '../../../src/core/pow/solver.js'
import type { WorkerMessage } from '../../../src/core/pow/worker.js'

const challenge: Challenge = {
  scheme: 'register-be',
  blockNumber: 1,
  blockHash: new Uint8Array(32).fill(5),
  key: new Uint8Array(32).fill(6),
  difficulty: 1n,
}

function offer(control: Control, generation: number, last = 99n, batch = 10): void {
  const words = jobOf(challenge, true)
  publish(control, { generation, running: true, batch, words, first: 0n, last })
}

describe('shared memory', () => {
  it('hands a job over whole', () => {
    const control = createControl(2)
    const words = jobOf({ ...challenge, difficulty: 12_345n }, true)
    const job = { generation: 7, running: true, batch: 9, words, first: 2n ** 64n - 1n, last: 3n }
    publish(control, job)
    expect(readJob(control, 1)).toEqual(job)
  })

  it('hands out each chunk once, up to the last', () => {
    const control = createControl(2)
    offer(control, 1, 20n)
    const job = readJob(control, 0)
    const taken = [0, 1, 0, 1].map((slot) => claimChunk(control, slot, job))
    expect(taken).toEqual([0n, 1n, 2n, 'none'])
  })

  it('hands out nothing of another generation', () => {
    const control = createControl(1)
    offer(control, 1)
    const old = readJob(control, 0)
    offer(control, 2)
    expect(isCurrent(control, old)).toBe(false)
    expect(claimChunk(control, 0, old)).toBe('other job')
    expect(claimChunk(control, 0, readJob(control, 0))).toBe(0n)
  })

  it('goes on after the generation has used up its bits', () => {
    const control = createControl(1)
    offer(control, 1023)
    const old = readJob(control, 0)
    offer(control, 1024)
    expect(isCurrent(control, old)).toBe(false)
    const job = readJob(control, 0)
    expect(isCurrent(control, job)).toBe(true)
    expect(claimChunk(control, 0, job)).toBe(0n)
  })

  it('keeps the generation apart from the largest chunk number', () => {
    const control = createControl(1)
    offer(control, 3, MAX_CHUNKS - 2n, 1)
    const job = readJob(control, 0)
    Atomics.add(control.wide, 0, MAX_CHUNKS - 2n)
    expect(claimChunk(control, 0, job)).toBe(MAX_CHUNKS - 2n)
    expect(claimChunk(control, 0, job)).toBe('none')
    expect(isCurrent(control, job)).toBe(true)
  })

  it('remembers what a dead worker was at, for its successor alone', () => {
    const control = createControl(2)
    offer(control, 1)
    const job = readJob(control, 0)
    claimChunk(control, 0, job)
    claimChunk(control, 1, job)
    expect(orphanedChunk(control, 0, job)).toBe(0n)
    expect(orphanedChunk(control, 1, job)).toBe(1n)
    clearClaim(control, 0)
    expect(orphanedChunk(control, 0, job)).toBeUndefined()
    offer(control, 2)
    expect(orphanedChunk(control, 1, readJob(control, 1))).toBeUndefined()
  })

  it('does not take a chunk that was written down, but not taken, for an orphan', () => {
    const control = createControl(1)
    offer(control, 1)
    const job = readJob(control, 0)
    // Killed between the two steps of taking: the ticket is as it was.
    const ticket = Atomics.load(control.wide, 0)
    claimChunk(control, 0, job)
    Atomics.store(control.wide, 0, ticket)
    expect(orphanedChunk(control, 0, job)).toBeUndefined()
    expect(claimChunk(control, 0, job)).toBe(0n)
  })

  it('adds up what the workers have tried', () => {
    const control = createControl(3)
    countTried(control, 0, 5)
    countTried(control, 2, 7)
    expect(triedBy(control)).toBe(12n)
  })
})

describe('worker', () => {
  /** Runs one worker by hand; answers every message until `answer` returns false. */
  async function converse(
    control: Control,
    answer: (message: WorkerMessage) => boolean,
  ): Promise<WorkerMessage[]> {
    const worker = new Worker(new URL('../../../src/core/pow/worker.js', import.meta.url), {
      workerData: {
        buffer: control.buffer,
        slots: 1,
        slot: 0,
        module: loadKernel().module,
        nice: 5,
      },
    })
    const messages: WorkerMessage[] = []
    worker.on('message', (message: WorkerMessage) => {
      messages.push(message)
      if (!answer(message)) stopWorkers(control)
    })
    const [code] = await once(worker, 'exit')
    expect(code).toBe(0)
    return messages
  }

  it('goes on with the next nonce when the exact test refuses one, lowest first', async () => {
    const control = createControl(1)
    offer(control, 1, 14n)
    const messages = await converse(control, (message) => {
      if (message.type === 'hit') waveOn(control, 0)
      return message.type !== 'done'
    })
    const hits = messages.filter((message) => message.type === 'hit')
    expect(hits.map(({ index }) => index)).toEqual([...Array(15).keys()].map(BigInt))
    expect(messages.at(-1)).toEqual({ type: 'done', generation: 1 })
    expect(triedBy(control)).toBe(15n)
  })

  it('leaves a hit whose job is over and works on the new one', async () => {
    const control = createControl(1)
    offer(control, 1, 14n)
    const messages = await converse(control, (message) => {
      if (message.type === 'hit' && message.generation === 1) offer(control, 2, 3n)
      return !(message.type === 'hit' && message.generation === 2)
    })
    expect(messages).toEqual([
      { type: 'ready' },
      { type: 'hit', generation: 1, index: 0n },
      { type: 'hit', generation: 2, index: 0n },
    ])
  })

  it('begins with the chunk that its predecessor died over', async () => {
    const control = createControl(1)
    offer(control, 1, 29n)
    claimChunk(control, 0, readJob(control, 0))
    claimChunk(control, 0, readJob(control, 0))
    const messages = await converse(control, (message) => message.type !== 'hit')
    expect(messages[1]).toEqual({ type: 'hit', generation: 1, index: 10n })
  })
})

describe('solver', () => {
  it('does not believe a kernel: a hit far from the limit is a fault, not a proof', async () => {
    const solver = createSolver({ workers: 1 })
    const outcome = solver.setChallenge({ ...challenge, difficulty: 2n ** 64n - 1n })
    const failure = expect(outcome).rejects.toMatchObject({
      code: 'INTERNAL',
      message: 'the proof-of-work kernel simd computed a wrong seal',
    })
    solver.threads[0]?.emit('message', { type: 'hit', generation: 1, index: 0n })
    await failure
    await solver.stop()
  })

  it('drops hits of an old challenge, and all but the first of the same one', async () => {
    const solver = createSolver({ workers: 1 })
    const old = solver.setChallenge(challenge)
    const outcome = solver.setChallenge({ ...challenge, difficulty: 2n })
    solver.threads[0]?.emit('message', { type: 'hit', generation: 1, index: 0n })
    expect(await old).toEqual({ kind: 'replaced' })
    const found = await outcome
    solver.threads[0]?.emit('message', { type: 'hit', generation: 2, index: 1n })
    expect(found).toMatchObject({ kind: 'found', solution: { challenge: { difficulty: 2n } } })
    await solver.stop()
  })
})
