import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeEach, describe, expect, test } from 'vitest'
import { type LockOptions, lockAccount } from '../../src/core/accountLock.js'
import { processProbe } from '../../src/core/processProbe.js'
import { tempFolder } from '../support/tempFolder.js'

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
const START = Date.parse('2025-06-01T10:00:00Z')

let directory: string
let path: string
let elapsed: number
beforeEach(() => {
  directory = tempFolder()
  path = join(directory, `${ALICE}.lock`)
  elapsed = 0
})

/** Options of a process with this number; `alive` are the start times of the processes that live. */
function as(pid: number, alive: Record<number, string>, more: Partial<LockOptions> = {}) {
  return lockAccount({
    directory,
    account: ALICE,
    command: 'transfer',
    self: { pid, identify: async (other) => alive[other] },
    now: () => new Date(START + elapsed),
    sleep: async (ms) => {
      elapsed += ms
    },
    ...more,
  })
}

const BOTH = { 1: 'a', 2: 'b' }

describe('the lock of an account', () => {
  test('says who holds it and is gone after release', async () => {
    const lock = await as(1, BOTH)
    await lock.assertHeld()
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({
      pid: 1,
      identity: 'a',
      host: hostname(),
      command: 'transfer',
      time: '2025-06-01T10:00:00.000Z',
    })
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    await lock.release()
    await lock.release()
    expect(await readdir(directory)).toEqual([])
  })

  test('makes another process wait, which is shown once', async () => {
    const first = await as(1, BOTH)
    const waits: unknown[] = []
    const second = await as(2, BOTH, {
      onWait: (holder) => waits.push(holder?.pid),
      sleep: async () => {
        elapsed += 100
        if (elapsed === 500) await first.release()
      },
    })
    expect(waits).toEqual([1])
    expect(elapsed).toBe(500)
    await second.assertHeld()
  })

  test('does not hinder another account', async () => {
    await as(1, BOTH)
    await as(2, BOTH, { account: '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty' })
    expect(elapsed).toBe(0)
  })

  test('gives up after a while, naming the other process', async () => {
    await as(1, BOTH)
    await expect(as(2, BOTH, { timeoutMs: 3000 })).rejects.toMatchObject({
      code: 'TIMEOUT',
      message: 'btcli transfer (process 1) is using this account',
      details: 'nothing was sent',
      hint: expect.stringContaining(path),
    })
    expect(elapsed).toBe(3000)
  })

  test('gives up on the signal', async () => {
    await as(1, BOTH)
    const signal = AbortSignal.abort()
    await expect(as(2, BOTH, { signal })).rejects.toMatchObject({ code: 'INTERRUPTED' })
  })

  test.each([
    ['that died', { 2: 'b' }],
    ['whose number another one has now', { 1: 'later', 2: 'b' }],
  ])('is taken over from a process %s', async (_, alive) => {
    const first = await as(1, BOTH)
    const second = await as(2, alive)
    expect(elapsed).toBe(0)
    await expect(first.assertHeld()).rejects.toMatchObject({
      code: 'INTERNAL',
      details: 'nothing was sent',
    })
    await first.release()
    await second.assertHeld()
    expect(await readdir(directory)).toEqual([`${ALICE}.lock`])
  })

  test('is respected when its process runs on another machine', async () => {
    await as(1, BOTH)
    const holder = JSON.parse(await readFile(path, 'utf8'))
    await writeFile(path, JSON.stringify({ ...holder, host: 'elsewhere', pid: 77 }))
    await expect(as(2, BOTH, { timeoutMs: 500 })).rejects.toMatchObject({
      data: { pid: 77, host: 'elsewhere' },
    })
  })

  test.each(['', '{"pid":', '{}', 'null', '7'])(
    'unreadable, %j, it counts for some seconds',
    async (text) => {
      await writeFile(path, text)
      await utimes(path, new Date(START), new Date(START))
      const lock = await as(2, BOTH)
      expect(elapsed).toBeGreaterThan(10_000)
      expect(elapsed).toBeLessThan(11_000)
      await lock.assertHeld()
    },
  )

  test('lost to a live process that came in between is put back', async () => {
    const dead = { 2: 'b', 3: 'c' }
    await as(1, { 1: 'a' })
    let third: Awaited<ReturnType<typeof as>> | undefined
    // While 2 asks whether 1 lives, 3 takes the stale lock over: 2 then moves 3's lock away and has to notice.
    const waiting = as(2, dead, {
      timeoutMs: 500,
      self: {
        pid: 2,
        identify: async (other) => {
          if (other === 1) third ??= await as(3, dead)
          return (dead as Record<number, string>)[other]
        },
      },
    })
    await expect(waiting).rejects.toMatchObject({ code: 'TIMEOUT', data: { pid: 3 } })
    await third?.assertHeld()
    expect(await readdir(directory)).toEqual([`${ALICE}.lock`])
  })
})

describe('processProbe', () => {
  test('knows this process, and that there is no other with an impossible number', async () => {
    const probe = processProbe({ pid: process.pid, isAlive: (pid) => pid === process.pid })
    const identity = await probe.identify(process.pid)
    expect(identity).toMatch(/^(started \d+|alive)$/)
    expect(await probe.identify(process.pid)).toBe(identity)
    expect(await probe.identify(2 ** 30)).toBeUndefined()
  })

  test('without /proc a living process is simply alive', async () => {
    const probe = processProbe({ pid: 1, isAlive: () => true })
    expect(await probe.identify(2 ** 30)).toBe('alive')
  })
})

test('processes at the same time, one of them killed, never hold it together', async () => {
  const run = (mode: string) =>
    spawn(
      process.execPath,
      [
        '--import',
        'tsx',
        fileURLToPath(new URL('./lockChild.ts', import.meta.url)),
        mode,
        directory,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
  const holder = run('hold')
  await once(holder.stdout, 'data')
  const others = ['count', 'count', 'count'].map(run)
  const ends = others.map((child) => once(child, 'close'))
  await new Promise((resolve) => setTimeout(resolve, 300))
  holder.kill('SIGKILL')
  const codes = (await Promise.all(ends)).map(([code]) => code)
  expect(codes).toEqual([0, 0, 0])
  expect(await readFile(join(directory, 'counter'), 'utf8')).toBe('30')
})
