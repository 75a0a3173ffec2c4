import fc from 'fast-check'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { BittensorError } from '../../src/core/errors.js'
import {
  type AlphaRao,
  alphaRao,
  formatBalance,
  formatTao,
  parseTao,
  type Rao,
  rao,
} from '../../src/core/units.js'

const U64_MAX = (1n << 64n) - 1n
const anyRao = fc.bigInt({ min: 0n, max: U64_MAX })

describe('parseTao', () => {
  test.each([
    ['1.001', 1_001_000_000n],
    ['1.5', 1_500_000_000n],
    ['.5', 500_000_000n],
    ['5.', 5_000_000_000n],
    ['τ1.5', 1_500_000_000n],
    ['1.5τ', 1_500_000_000n],
    ['1.5 τ', 1_500_000_000n],
    ['1_000.5', 1_000_500_000_000n],
    ['1500000000rao', 1_500_000_000n],
    ['0.000000001', 1n],
    ['0', 0n],
    [' 2 ', 2_000_000_000n],
    ['18446744073.709551615', U64_MAX],
  ])('%s', (text, expected) => {
    expect(parseTao(text)).toBe(expected)
  })

  test.each([
    '1e3',
    '-1',
    '+1',
    '0.0000000001',
    'NaN',
    'Infinity',
    '100000000000000000000',
    '1,5',
    '1,234',
    '0x10',
    '١',
    '',
    ' ',
    '.',
    'τ',
    '1.5.2',
    '1__0',
    '_1',
    '1_',
    'abc',
    '1.5rao',
    '18446744073.709551616',
  ])('refuses %j', (text) => {
    expect(() => parseTao(text)).toThrow(BittensorError)
    expect(() => parseTao(text)).toThrow(expect.objectContaining({ code: 'BAD_AMOUNT' }))
  })

  test('reads back what formatTao and formatBalance print, over all of u64', () => {
    fc.assert(
      fc.property(anyRao, (amount) => {
        expect(parseTao(formatTao(amount))).toBe(amount)
        expect(parseTao(formatTao(amount, 'full'))).toBe(amount)
        expect(parseTao(formatBalance(amount).replaceAll(',', ''))).toBe(amount)
      }),
    )
  })

  test('never turns other text into an amount', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        let amount: Rao
        try {
          amount = parseTao(text)
        } catch (error) {
          expect(error).toBeInstanceOf(BittensorError)
          return
        }
        expect(text).toMatch(/\d/)
        expect(amount >= 0n && amount <= U64_MAX).toBe(true)
      }),
    )
  })
})

test('formatting keeps every digit and never uses an exponent', () => {
  expect(formatTao(rao(23_000n))).toBe('0.000023')
  expect(formatTao(rao(0n))).toBe('0')
  expect(formatTao(rao(0n), 'full')).toBe('0.000000000')
  expect(formatTao(-1n)).toBe('-0.000000001')
  expect(formatBalance(rao(1_234_567_890_123n))).toBe('τ1,234.567890123')
  expect(formatBalance(rao(999n))).toBe('τ0.000000999')
  expect(formatBalance(rao(1_000_000_000_000_000n))).toBe('τ1,000,000.000000000')
})

test('a negative amount is refused, and alpha is no TAO', () => {
  expect(() => rao(-1n)).toThrow(RangeError)
  expect(() => alphaRao(-1n)).toThrow(RangeError)
  expectTypeOf<AlphaRao>().not.toExtend<Rao>()
  expectTypeOf<Rao>().not.toExtend<AlphaRao>()
})
