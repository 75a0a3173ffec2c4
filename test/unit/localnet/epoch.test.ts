import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type EpochInput, yuma } from '../../../src/localnet/runtime/subtensor/epoch.js'
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

test('an epoch of 4096 neurons and 64 validators with full rows', { timeout: 20_000 }, () => {
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
