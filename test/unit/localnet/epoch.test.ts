import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type EpochInput, yuma } from '../../../src/localnet/runtime/subtensor/epoch.js'
import type { LiquidAlpha } from '../../../src/localnet/runtime/subtensor/yuma3.js'
import { referenceEpoch } from '../../support/referenceEpoch.js'

const base = {
  activityCutoff: 5000,
  kappa: 32_767,
  bondsMovingAverage: 900_000n,
}

/** Weights or bonds of one neuron: distinct uids in any order. */
const row = (n: number) =>
  fc.uniqueArray(
    fc.tuple(fc.integer({ min: 0, max: n - 1 }), fc.integer({ min: 0, max: 65_535 })),
    { selector: ([uid]) => uid, maxLength: n },
  )

const input: fc.Arbitrary<EpochInput> = fc.integer({ min: 1, max: 9 }).chain((n) => {
  const each = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: n, maxLength: n })
  const stake = fc.oneof(
    fc.constant(0n),
    fc.constant(1000n),
    fc.bigInt(0n, 21_000_000n * 10n ** 9n),
  )
  return fc.record({
    block: fc.integer({ min: 1, max: 60 }),
    stakes: each(stake),
    lastUpdate: each(fc.bigInt(0n, 50n)),
    registeredAt: each(fc.bigInt(0n, 20n)),
    permits: each(fc.boolean()),
    weights: each(row(n)),
    bonds: each(row(n)),
    activityCutoff: fc.integer({ min: 0, max: 60 }),
    maxValidators: fc.integer({ min: 0, max: 10 }),
    kappa: fc.oneof(fc.constant(32_767), fc.integer({ min: 0, max: 65_535 })),
    bondsMovingAverage: fc.oneof(fc.constant(900_000n), fc.bigInt(0n, 1_000_000n)),
    emission: fc.bigInt(0n, 10n ** 13n),
  })
})

test('the sparse epoch equals the dense one written with bigints', () => {
  fc.assert(
    fc.property(input, (one) => {
      expect(yuma(one)).toEqual(referenceEpoch(one))
    }),
    { numRuns: 400 },
  )
})

/** Yuma 3, with liquid alpha or without, from slopes that are flat to such that no power fits. */
const later = fc.record({
  ownerUid: fc.constant(undefined),
  pendingSince: fc.constant(undefined),
  bondsUntil: fc.bigInt(0n, 30n),
  bondsPenalty: fc.constant(65_535),
  yuma3: fc.record({
    liquid: fc.option(
      fc.record({
        low: fc.integer({ min: 1638, max: 45_875 }),
        high: fc.integer({ min: 45_875, max: 65_535 }),
        steepness: fc.oneof(fc.constant(1000), fc.integer({ min: -32_768, max: 32_767 })),
      }),
      { nil: undefined },
    ),
  }),
})

test('so does the one with bonds of Yuma 3', () => {
  fc.assert(
    fc.property(input, later, (one, rules) => {
      const given = { ...one, later: rules }
      expect(yuma(given)).toEqual(referenceEpoch(given))
    }),
    { numRuns: 400 },
  )
})

test('nothing is paid beyond the emission, and shares add up to at most one', () => {
  const total = (list: readonly bigint[]) => list.reduce((a, b) => a + b, 0n)
  const sum = (list: readonly number[]) => list.reduce((a, b) => a + b, 0)
  fc.assert(
    fc.property(input, (one) => {
      const result = yuma(one)
      const paid = total(result.serverEmission) + total(result.validatorEmission)
      expect(paid <= one.emission).toBe(true)
      expect(total(result.emission) <= one.emission).toBe(true)
      expect(sum(result.rank)).toBeLessThanOrEqual(65_535)
      expect(sum(result.dividends)).toBeLessThanOrEqual(65_535)
      expect(result.incentive).toEqual(result.rank)
      const kept = result.permits.filter(Boolean).length
      expect(kept).toBe(Math.min(one.stakes.length, one.maxValidators))
    }),
    { numRuns: 200 },
  )
})

test('one validator with all the stake and one miner share the emission', () => {
  const result = yuma({
    ...base,
    block: 10,
    stakes: [1000n, 0n],
    lastUpdate: [5n, 5n],
    registeredAt: [0n, 0n],
    permits: [true, false],
    weights: [[[1, 65_535]], []],
    bonds: [[], []],
    maxValidators: 64,
    emission: 1_000_000n,
  })
  expect(result.emission).toEqual([500_000n, 500_000n])
  expect([result.rank, result.incentive, result.trust, result.consensus]).toEqual(
    Array.from({ length: 4 }, () => [0, 65_535]),
  )
  expect([result.dividends, result.validatorTrust]).toEqual([
    [65_535, 0],
    [65_535, 0],
  ])
  expect(result.pruningScores).toEqual([65_535, 65_535])
})

test('weights and bonds older than their target are left out', () => {
  const voter = [
    [2, 65_535],
    [3, 32_768],
  ] as const
  const bonds = [
    [2, 65_535],
    [3, 65_535],
  ] as const
  const result = yuma({
    ...base,
    block: 2,
    stakes: [1n, 1n, 1n, 0n],
    lastUpdate: [2n, 1n, 1n, 1n],
    registeredAt: [0n, 0n, 0n, 1n],
    permits: [true, true, true, false],
    weights: [voter, voter, [], []],
    bonds: [bonds, bonds, [], []],
    maxValidators: 4,
    emission: 1_000_000_000n,
  })
  expect(result.emission).toEqual([250_000_000n, 250_000_000n, 500_000_000n, 0n])
  expect(result.dividends).toEqual([32_767, 32_767, 0, 0])
  expect(result.trust).toEqual([0, 0, 52_427, 0])
  expect(result.bonds.slice(0, 2)).toEqual([bonds, [[2, 65_535]]])
  expect(result.pruningScores).toEqual([32_768, 32_768, 65_535, 0])
})

describe('without any valid weight the emission goes by stake', () => {
  const still = {
    ...base,
    block: 100,
    stakes: [300n, 100n],
    lastUpdate: [90n, 90n],
    registeredAt: [0n, 0n],
    weights: [[], []],
    bonds: [[], []],
    maxValidators: 64,
    emission: 400n,
  }
  test('of those with a permit', () => {
    const { emission, serverEmission } = yuma({ ...still, permits: [false, true] })
    expect(emission).toEqual([0n, 400n])
    expect(serverEmission).toEqual([0n, 0n])
  })
  test('of everybody, the inactive included, when nobody has one', () => {
    const inactive = { ...still, activityCutoff: 1 }
    expect(yuma({ ...inactive, permits: [false, false] }).emission).toEqual([300n, 100n])
  })
})

test('an epoch of 4096 neurons and 64 validators with full rows', () => {
  const n = 4096
  const uids = Array.from({ length: n }, (_, i) => i)
  const mixed = (i: number, j: number) => (Math.imul(i * 4099 + j, 0x9e37_79b1) >>> 16) & 0xffff
  const rows = uids.map((i) => (i < 64 ? uids.map((j): [number, number] => [j, mixed(i, j)]) : []))
  const result = yuma({
    ...base,
    block: 2000,
    stakes: uids.map((i) => (i < 64 ? BigInt(1000 - i) * 10n ** 12n : 0n)),
    lastUpdate: uids.map(() => 1990n),
    registeredAt: uids.map(() => 0n),
    permits: uids.map((i) => i < 64),
    weights: rows,
    bonds: rows,
    maxValidators: 64,
    emission: 10n ** 12n,
  })
  expect(result.rank.filter((one) => one > 0).length).toBeGreaterThan(2000)
  expect(result.permits.filter(Boolean).length).toBe(64)
})

/**
 * Bonds of three validators to two miners and their dividends after each of six epochs, from the tests of the runtime
 * itself (spec 343): weights move from the first miner to the second, or stray from it for an epoch.
 */
describe('Yuma 3 over six epochs', () => {
  const [FIRST, SECOND] = [3, 4]
  /** A weight of 0 is one, too: bonds are kept where there is a weight. */
  const rowTo = (uid: number) =>
    [FIRST, SECOND].map((one): [number, number] => [one, one === uid ? 65_535 : 0])
  type Epoch = { to: number[]; bonds: [number, number][]; dividends: number[] }

  function walk(stakes: bigint[], liquid: LiquidAlpha | undefined, epochs: Epoch[]) {
    let bonds: EpochInput['bonds'] = [[], [], [], [], []]
    for (const [i, { to, bonds: expected, dividends }] of epochs.entries()) {
      const result = yuma({
        ...base,
        block: 10 + i,
        stakes: [...stakes, 0n, 0n],
        lastUpdate: Array(5).fill(BigInt(10 + i)),
        registeredAt: Array(5).fill(0n),
        permits: [true, true, true, false, false],
        weights: [...to.map(rowTo), [], []],
        bonds,
        bondsMovingAverage: 975_000n,
        maxValidators: 3,
        emission: 1_000_000_000n,
        later: {
          ownerUid: undefined,
          pendingSince: undefined,
          bondsUntil: 1n,
          bondsPenalty: 0,
          yuma3: { liquid },
        },
      })
      bonds = result.bonds
      const part = (value: number | undefined) => (value ?? 0) / 65_535
      for (const [uid, row] of expected.entries()) {
        const own = new Map(result.bonds[uid])
        expect(Math.abs(part(own.get(FIRST)) - row[0])).toBeLessThan(1e-3)
        expect(Math.abs(part(own.get(SECOND)) - row[1])).toBeLessThan(1e-3)
        expect(Math.abs(part(result.dividends[uid]) - dividends[uid]!)).toBeLessThan(1e-3)
      }
    }
  }

  const all = (uid: number) => [uid, uid, uid]

  test('with liquid alpha: the large validator moves first', () => {
    walk([8n, 1n, 1n], { low: 6553, high: 19_660, steepness: 1000 }, [
      {
        to: all(FIRST),
        bonds: [
          [0.1013, 0],
          [0.1013, 0],
          [0.1013, 0],
        ],
        dividends: [0.8, 0.1, 0.1],
      },
      {
        to: [SECOND, FIRST, FIRST],
        bonds: [
          [0.0908, 0.1013],
          [0.3697, 0],
          [0.3697, 0],
        ],
        dividends: [1, 0, 0],
      },
      {
        to: [SECOND, SECOND, FIRST],
        bonds: [
          [0.0815, 0.1924],
          [0.317, 0.1013],
          [0.558, 0],
        ],
        dividends: [0.9382, 0.0618, 0],
      },
      {
        to: all(SECOND),
        bonds: [
          [0.0731, 0.2742],
          [0.2765, 0.1924],
          [0.4306, 0.1013],
        ],
        dividends: [0.8819, 0.0773, 0.0407],
      },
      {
        to: all(SECOND),
        bonds: [
          [0.0656, 0.3478],
          [0.2435, 0.2742],
          [0.3589, 0.1924],
        ],
        dividends: [0.8564, 0.0844, 0.0592],
      },
      {
        to: all(SECOND),
        bonds: [
          [0.0588, 0.4139],
          [0.2157, 0.3478],
          [0.3089, 0.2742],
        ],
        dividends: [0.8418, 0.0884, 0.0697],
      },
    ])
  })

  test('without: one strays for an epoch', () => {
    const epoch = (
      to: number[],
      same: number,
      other: [number, number],
      dividends: number[],
    ): Epoch => ({ to, bonds: [[same, 0], [same, 0], other], dividends })
    walk([33n, 33n, 34n], undefined, [
      epoch(all(FIRST), 0.025, [0.025, 0], [0.33, 0.33, 0.34]),
      epoch(all(FIRST), 0.0494, [0.0494, 0], [0.33, 0.33, 0.34]),
      epoch([FIRST, FIRST, SECOND], 0.0731, [0.0481, 0.025], [0.3734, 0.3734, 0.2532]),
      epoch(all(FIRST), 0.0963, [0.0719, 0.0244], [0.3611, 0.3611, 0.2779]),
      epoch(all(FIRST), 0.1189, [0.0951, 0.0238], [0.3541, 0.3541, 0.2919]),
      epoch(all(FIRST), 0.1409, [0.1178, 0.0232], [0.3495, 0.3495, 0.3009]),
    ])
  })
})
