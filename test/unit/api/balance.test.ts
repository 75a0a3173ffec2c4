import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Balance } from '../../../src/index.js'
import { vectors } from '../network/vectors.js'

type Format = { readonly rao: string; readonly str: string; readonly rao_str: string }

describe('what bittensor 5.3.1 prints', () => {
  // Above 2⁵³ RAO its floats lose digits; there ours are exact instead.
  const { format } = vectors<{ format: readonly Format[] }>('balance.json')
  const exact = format.filter(({ rao }) => BigInt(rao) <= 2n ** 53n)
  test.each(exact.map((one) => [one.rao, one.str] as const))('%s RAO', (rao, text) => {
    expect(`${Balance.fromRao(BigInt(rao))}`).toBe(text)
  })
})

test('text becomes RAO without losing any', () => {
  expect(Balance.fromTao('2.01').rao).toBe(2_010_000_000n)
  expect(Balance.fromTao('1500rao').rao).toBe(1500n)
  fc.assert(
    fc.property(fc.bigInt(0n, 2n ** 64n - 1n), (rao) => {
      expect(Balance.fromTao(Balance.fromRao(rao).tao).rao).toBe(rao)
      expect(JSON.parse(JSON.stringify(Balance.fromRao(rao)))).toBe(`${rao}`)
    }),
  )
})

test('numbers are refused: they have no exact form', () => {
  for (const wrong of [2.01, 5, null, undefined, {}]) {
    expect(() => Balance.fromTao(wrong as never)).toThrow(/is text/)
  }
  expect(() => Balance.fromRao(5 as never)).toThrow(/bigint/)
  expect(() => Balance.of('1,5')).toThrow(/not an amount/)
})

test('arithmetic', () => {
  const ten = Balance.fromTao('10')
  expect(ten.add('2.5').tao).toBe('12.5')
  expect(ten.sub(Balance.fromTao('10.5')).rao).toBe(-500_000_000n)
  expect(ten.mul(3).tao).toBe('30')
  expect(ten.mul([18, 100]).tao).toBe('1.8')
  expect(ten.div(3).rao).toBe(3_333_333_333n)
  expect(ten.ratio('4')).toBe(2.5)
  expect(Balance.fromRao(0n).ratio(0n)).toBeNaN()
  expect(ten.toNumber()).toBe(10)
  expect(() => ten.mul(1.5)).toThrow(/whole number/)
  expect(() => ten.div(0)).toThrow(/0/)
})

test('comparison', () => {
  const [less, more] = [Balance.fromTao('1'), Balance.fromTao('2')]
  expect(less < more).toBe(true)
  expect([more, less].sort((a, b) => a.cmp(b))).toEqual([less, more])
  expect(less.eq('1.0')).toBe(true)
  expect(less.eq(2n)).toBe(false)
  expect(Balance.fromRao(0n).isZero).toBe(true)
  expect(less.unit).toBe('τ')
})

test('alpha of a subnet is another token', () => {
  const alpha = Balance.fromTao('3', { netuid: 5 })
  expect(`${alpha}`).toBe('3.000000000 SN5')
  expect(alpha.add('1').netuid).toBe(5)
  expect(() => alpha.add(Balance.fromTao('1'))).toThrow(/different tokens/)
  expect(() => alpha.cmp(Balance.fromTao('1', { netuid: 6 }))).toThrow(/different tokens/)
})
