import { describe, expect, it } from 'vitest'
import { checkNonce } from '../../../src/core/pow/challenge.js'
import type { Progress } from '../../../src/core/pow/progress.js'
import { solve } from '../../../src/core/pow/solve.js'
import { bytes } from './vectors.js'

// The example of the reference: block hash 0x000102…1f, Bob as hotkey.
const challenge = {
  scheme: 'register-be' as const,
  blockNumber: 1,
  blockHash: Uint8Array.from({ length: 32 }, (_, i) => i),
  key: bytes('0x8eaf04151687736326c9fea17e25fc5287613693c912909cb226aa4794f26a48'),
}

describe('solve', () => {
  it.each([
    [1000n, 4077n],
    [10_000n, 21_386n],
  ])('at difficulty %d finds the first nonce, %d', async (difficulty, nonce) => {
    const search = { ...challenge, difficulty }
    const range = { start: 0n, count: nonce + 1n }
    const result = await solve({ challenge: search, range, workers: 2 })
    expect(result).toMatchObject({ found: true, solution: { nonce } })
    expect(result.found && checkNonce(search, nonce).seal).toEqual(
      result.found && result.solution.seal,
    )
    const without = await solve({ challenge: search, range: { start: 0n, count: nonce } })
    expect(without).toMatchObject({ found: false, hashes: nonce })
  })

  it('tells how it goes', async () => {
    const controller = new AbortController()
    let last: Progress | undefined
    const search = solve({
      challenge: { ...challenge, difficulty: 2n ** 60n },
      workers: 1,
      signal: controller.signal,
      progressMs: 20,
      onProgress(progress) {
        last = progress
        // Before its thread has started there is nothing to tell.
        if (progress.hashes > 0n) controller.abort()
      },
    })
    await expect(search).rejects.toMatchObject({ code: 'INTERRUPTED' })
    expect(last?.rateMean).toBeGreaterThan(0)
    expect(last?.expected.most).toBeGreaterThan(last?.expected.half ?? 0)
    expect(last?.workers).toBe(1)
  })

  it('ends at the time limit', async () => {
    const search = { ...challenge, difficulty: 2n ** 60n }
    await expect(solve({ challenge: search, workers: 1, timeoutMs: 20 })).rejects.toMatchObject({
      code: 'TIMEOUT',
    })
  })

  it.each([0, -1, Number.NaN, 2 ** 31])('refuses a time limit of %d ms', async (timeoutMs) => {
    const search = { ...challenge, difficulty: 1n }
    await expect(solve({ challenge: search, workers: 1, timeoutMs })).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('a time limit is a number of milliseconds'),
    })
  })

  it('ends on the signal, before or during the search', async () => {
    const aborted = { challenge: { ...challenge, difficulty: 2n ** 60n }, workers: 1 }
    await expect(solve({ ...aborted, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'INTERRUPTED',
    })
    const controller = new AbortController()
    const running = solve({
      ...aborted,
      signal: controller.signal,
      progressMs: 5,
      onProgress: () => controller.abort(),
    })
    await expect(running).rejects.toMatchObject({ code: 'INTERRUPTED' })
  })
})
