import fc from 'fast-check'
import { expect, test } from 'vitest'
import { adjusted } from '../../../src/localnet/runtime/subtensor/adjustment.js'
import { takeOf } from '../../../src/localnet/runtime/subtensor/emission.js'
import {
  div32,
  exp64,
  floorDiv,
  fromU16,
  mul32,
  ONE64,
  toU16,
} from '../../../src/localnet/runtime/subtensor/fixed.js'
import { emissionShares } from '../../../src/localnet/runtime/subtensor/rootEpoch.js'
import { upscale } from '../../../src/localnet/runtime/subtensor/weights.js'

const share = fc.oneof(
  fc.integer({ min: 0, max: 2 ** 32 }),
  fc.maxSafeInteger().map((one) => Math.abs(one) % 2 ** 40),
  fc.constantFrom(0, 1, 2 ** 32 - 1, 2 ** 32, 2 ** 36, 2 ** 36 + 1),
)

test('products with 32 fractional bits are exact floors, negative ones too', () => {
  fc.assert(
    fc.property(share, share, fc.boolean(), (a, b, negative) => {
      const left = negative ? -a : a
      expect(mul32(left, b)).toBe(Number((BigInt(left) * BigInt(b)) >> 32n))
    }),
    { numRuns: 2000 },
  )
})

test('quotients with 32 fractional bits are cut exactly', () => {
  fc.assert(
    fc.property(share, share, (a, b) => {
      fc.pre(b >= a && b > 0)
      expect(div32(a, b)).toBe(Number((BigInt(a) << 32n) / BigInt(b)))
    }),
    { numRuns: 2000 },
  )
})

test('integer division never rounds up', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.maxSafeInteger(), (a, b) => {
      const [x, y] = [Math.abs(a) % 2 ** 52, (Math.abs(b) % 2 ** 30) + 1]
      expect(floorDiv(x, y)).toBe(Number(BigInt(x) / BigInt(y)))
    }),
    { numRuns: 2000 },
  )
})

test('proportions keep their last unit', () => {
  expect(toU16(2 ** 32)).toBe(65_535)
  expect(toU16(2 ** 32 - 1)).toBe(65_534)
  expect(fromU16(65_535)).toBe(2 ** 32)
  expect(fromU16(32_767)).toBe(2_147_450_879)
  expect(takeOf(11_796, 1_000_000_000n)).toBe(179_995_422n)
})

test.each([
  [
    [1, 2, 3],
    [21_845, 43_690, 65_535],
  ],
  [
    [100, 50],
    [65_535, 32_768],
  ],
  [
    [0, 0],
    [0, 0],
  ],
  [[], []],
  [
    [40_000, 1],
    [65_535, 2],
  ],
])('weights %j are stored as %j', (given, stored) => {
  expect(upscale(given)).toEqual(stored)
})

const ALPHA = 17_893_341_751_498_265_066n
const price = (current: bigint, count: number, target: number, alpha: bigint) =>
  adjusted(current, { over: count + target, under: 2 * target }, alpha) >> 18n

test.each([
  [1_000_000_000n, 0, 2, 0n, 500_000_000n],
  [1_000_000_000n, 6, 2, 0n, 2_000_000_000n],
  [1_000_000_000n, 3, 1, 0n, 2_000_000_000n],
  [1_000_000_000n, 3, 1, ALPHA, 1_030_002_593n],
  [1_000_000_000n, 0, 1, ALPHA, 984_998_703n],
  [1_000_000_000n, 0, 2, ALPHA, 984_998_703n],
  [1_000_000_000n, 1, 2, ALPHA, 992_499_351n],
  [1000n, 1, 2, ALPHA, 992n],
  [1_000_000_000n, 2, 2, ALPHA, 1_000_000_000n],
])(
  '%s RAO with %i registrations of %i wanted moves to %s × …',
  (now, count, target, alpha, next) => {
    expect(price(now, count, target, alpha)).toBe(next)
  },
)

test('the exponential of the library: exact at 0 and 1, reciprocal below', () => {
  expect(exp64(0n)).toBe(ONE64)
  expect(exp64(ONE64)).toBe(22_802_600n << 41n)
  const close = (value: bigint, expected: number) =>
    expect(Number(value) / 2 ** 64).toBeCloseTo(expected, 12)
  close(exp64(ONE64 / 2n), Math.exp(0.5))
  close(exp64(-3n * ONE64), Math.exp(-3))
})

test("root's emission at block 46 of the recording, to the last RAO", () => {
  const one = 1_000_000_000n
  const weights = [
    [0n, 65_535n, 0n],
    [0n, 65_535n, 0n],
  ]
  const stakes = [5_265_984_605_682_068_407n, 13_180_759_468_027_483_208n]
  const all = emissionShares(stakes, weights, { kappa: 32_767n, rho: 10n })
  expect(all.map((part) => (part * one) >> 64n)).toEqual([0n, one, 0n])
  const split = emissionShares(
    stakes,
    [
      [0n, 65_535n, 30_000n],
      [0n, 65_535n, 0n],
    ],
    { kappa: 32_767n, rho: 10n },
  )
  const values = split.map((part) => (part * one) >> 64n)
  expect(values).toEqual([0n, 986_402_830n, 13_597_169n])
})
