import { describe, expect, test } from 'vitest'
import type { Hex } from '../../../../src/localnet/node/bytes.js'
import { type Candidate, Pool, type Status } from '../../../../src/localnet/node/pool/pool.js'
import { TransactionRefused } from '../../../../src/localnet/node/pool/problem.js'
import { createRuntime } from '../../../../src/localnet/runtime/runtime.js'

const A = `0x${'aa'.repeat(32)}` as const
const B = `0x${'bb'.repeat(32)}` as const
const runtime = createRuntime()
let made = 0

function transaction(
  signer: Hex,
  nonce: number,
  options: { priority?: bigint; validTill?: number; size?: number } = {},
): Candidate {
  const hash = `0x${(++made).toString(16).padStart(64, '0')}` as const
  return {
    extrinsic: {
      bytes: new Uint8Array(options.size ?? 100),
      hash,
      call: { pallet: 'System', name: 'remark', args: {} },
      callBytes: new Uint8Array(),
      signed: undefined,
    },
    signer,
    nonce,
    priority: options.priority ?? 1n,
    validTill: options.validTill ?? Number.POSITIVE_INFINITY,
    runtime,
  }
}

function world() {
  const nonces: Record<string, number> = {}
  const clock = { now: 0 }
  const held = new Set<string>()
  let readied = 0
  const pool = new Pool({
    nonceOf: (signer: string) => nonces[signer] ?? 0,
    now: () => clock.now,
    isDue: ({ extrinsic }) => !held.has(extrinsic.hash),
    onReady: () => readied++,
  })
  const reports = new Map<string, Status[]>()
  const add = (candidate: Candidate) => {
    const list: Status[] = []
    reports.set(candidate.extrinsic.hash, list)
    pool.add(candidate, (status) => list.push(status))
  }
  const statuses = (candidate: Candidate) => reports.get(candidate.extrinsic.hash)
  const names = (list: readonly Candidate[]) =>
    list.map(({ signer, nonce }) => `${signer.slice(2, 3)}${nonce}`)
  const ready = () => names(pool.ready())
  const due = () => names(pool.due())
  return { pool, nonces, clock, held, add, statuses, ready, due, readied: () => readied }
}

const refusal = (work: () => void) => {
  try {
    work()
  } catch (error) {
    if (error instanceof TransactionRefused) return error.refusal
    throw error
  }
  return undefined
}

test('a transaction with a nonce gap waits until the gap is filled', () => {
  const { pool, add, statuses, ready } = world()
  const [t0, t1, t3] = [transaction(A, 0), transaction(A, 1), transaction(A, 3)]
  add(t3)
  add(t1)
  expect(ready()).toEqual([])
  expect(pool.nextNonce(A)).toBe(0)
  add(t0)
  expect(ready()).toEqual(['a0', 'a1'])
  expect(statuses(t1)).toEqual(['future', 'ready'])
  expect(pool.nextNonce(A)).toBe(2)
  add(transaction(A, 2))
  expect(ready()).toEqual(['a0', 'a1', 'a2', 'a3'])
})

test('blocks take the highest priority first, then the oldest, and nonces in order', () => {
  const { add, ready } = world()
  add(transaction(A, 0))
  add(transaction(A, 1, { priority: 9n }))
  add(transaction(B, 0, { priority: 5n }))
  add(transaction(B, 1, { priority: 1n }))
  expect(ready()).toEqual(['b0', 'a0', 'a1', 'b1'])
})

describe('two transactions with one nonce', () => {
  test('the second replaces the first only with a higher priority', () => {
    const { pool, add, statuses, ready } = world()
    const first = transaction(A, 0, { priority: 5n })
    add(first)
    expect(refusal(() => pool.add(transaction(A, 0, { priority: 5n })))).toEqual({
      kind: 'priority',
      old: 5n,
      new: 5n,
    })
    const follower = transaction(A, 1)
    add(follower)
    const better = transaction(A, 0, { priority: 6n })
    add(better)
    expect(statuses(first)).toEqual(['ready', { usurped: better.extrinsic.hash }])
    expect(ready()).toEqual(['a0', 'a1'])
    expect(statuses(follower)).toEqual(['ready'])
  })

  test('of two that wait for the same turn one gets it', () => {
    const { add, statuses } = world()
    const [low, high] = [transaction(A, 1, { priority: 1n }), transaction(A, 1, { priority: 2n })]
    add(low)
    add(high)
    add(transaction(A, 0))
    expect(statuses(low)).toEqual(['future', 'ready', { usurped: high.extrinsic.hash }])
    expect(statuses(high)).toEqual(['future', 'ready'])
  })
})

test('a block reports inclusion and finality, and bans what it holds', () => {
  const { pool, nonces, add, statuses, ready } = world()
  const [t0, t1] = [transaction(A, 0), transaction(A, 1)]
  add(t0)
  add(t1)
  nonces[A] = 1
  const block = { hash: `0x${'11'.repeat(32)}` as const, number: 1 }
  pool.onBlock(block, [t0.extrinsic.hash], () => true)
  expect(ready()).toEqual(['a1'])
  expect(statuses(t0)).toEqual(['ready', { inBlock: block.hash }])
  pool.onFinalized(block.hash, [t0.extrinsic.hash])
  expect(statuses(t0)).toEqual(['ready', { inBlock: block.hash }, { finalized: block.hash }])
  expect(refusal(() => pool.checkKnown(t0.extrinsic.hash))).toEqual({ kind: 'banned' })
  expect(refusal(() => pool.checkKnown(t1.extrinsic.hash))).toMatchObject({ kind: 'known' })
})

test('what can no longer be valid is rejected, what has lost its turn waits again', () => {
  const { pool, nonces, add, statuses, ready } = world()
  const [stale, mortal, next, last] = [
    transaction(B, 0),
    transaction(A, 0, { validTill: 5 }),
    transaction(A, 1),
    transaction(B, 2),
  ]
  for (const one of [stale, mortal, next, last]) add(one)
  nonces[B] = 2
  pool.onBlock({ hash: `0x${'22'.repeat(32)}`, number: 5 }, [], () => true)
  expect(statuses(stale)?.at(-1)).toBe('invalid')
  expect(statuses(mortal)?.at(-1)).toBe('invalid')
  expect(statuses(next)).toEqual(['ready', 'future'])
  expect(statuses(last)).toEqual(['future', 'ready'])
  expect(ready()).toEqual(['b2'])
  pool.onBlock({ hash: `0x${'33'.repeat(32)}`, number: 6 }, [], ({ nonce }) => nonce !== 2)
  expect(statuses(last)?.at(-1)).toBe('invalid')
})

test('a ban ends after half an hour', () => {
  const { pool, clock } = world()
  pool.ban(A)
  expect(refusal(() => pool.checkKnown(A))).toEqual({ kind: 'banned' })
  clock.now = 30 * 60 * 1000
  expect(refusal(() => pool.checkKnown(A))).toBeUndefined()
})

test('a full pool takes better transactions in place of the worst only', () => {
  const { pool, add, statuses } = world()
  const size = 10 * 1024 * 1024
  const [worst, good] = [
    transaction(A, 0, { size, priority: 2n }),
    transaction(B, 0, { size: size - 200, priority: 3n }),
  ]
  add(worst)
  add(good)
  const C = `0x${'cc'.repeat(32)}` as const
  expect(refusal(() => pool.add(transaction(C, 0, { priority: 2n, size: 300 })))).toEqual({
    kind: 'full',
  })
  add(transaction(C, 0, { priority: 4n, size: 300 }))
  expect(statuses(worst)).toEqual(['ready', 'dropped'])
  expect(statuses(good)).toEqual(['ready'])
})

test('a removed transaction is reported as dropped', () => {
  const { pool, add, statuses } = world()
  const one = transaction(A, 0)
  add(one)
  expect(pool.remove(one.extrinsic.hash)).toBe(true)
  expect(pool.remove(one.extrinsic.hash)).toBe(false)
  expect(statuses(one)).toEqual(['ready', 'dropped'])
})

test('what the author cannot take stays ready, and holds back what its sender sent after it', () => {
  const { add, held, ready, due } = world()
  const [a0, a1, b0] = [transaction(A, 0), transaction(A, 1), transaction(B, 0)]
  for (const one of [a0, a1, b0]) add(one)
  held.add(a0.extrinsic.hash)
  expect(due()).toEqual(['b0'])
  expect(ready()).toEqual(['a0', 'a1', 'b0'])
  held.clear()
  held.add(a1.extrinsic.hash)
  expect(due()).toEqual(['a0', 'b0'])
})
