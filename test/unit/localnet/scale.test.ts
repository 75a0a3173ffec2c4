import { bytesToHex } from '@noble/hashes/utils.js'
import { expect, test } from 'vitest'
import * as s from '../../../src/localnet/runtime/scale.js'

const hex = <T>(type: s.ScaleType<T>, value: T) => bytesToHex(type.codec.enc(value))

test('variants write their declared index and read back as { type, value }', () => {
  const result = s.variant(() => ({
    None: { index: 0 },
    One: { index: 3, fields: [s.u16] },
    Two: { index: 5, fields: [s.u8, s.bool] },
    Named: { index: 9, fields: { who: s.u8, amount: s.u64 } },
  }))
  expect(hex(result, { type: 'None' })).toBe('00')
  expect(hex(result, { type: 'One', value: 258 })).toBe('030201')
  expect(hex(result, { type: 'Two', value: [7, true] })).toBe('050701')
  const named = { type: 'Named', value: { who: 1, amount: 2n } }
  expect(hex(result, named)).toBe('09010200000000000000')
  expect(result.codec.dec(result.codec.enc(named))).toEqual(named)
})

test('a type may hold itself', () => {
  const tree: s.ScaleType<s.Variant> = s.variant(() => ({
    Leaf: { index: 0, fields: [s.u8] },
    Node: { index: 1, fields: [s.vec(s.later(() => tree))] },
  }))
  const value = {
    type: 'Node',
    value: [
      { type: 'Leaf', value: 1 },
      { type: 'Node', value: [] },
    ],
  }
  expect(tree.codec.dec(tree.codec.enc(value))).toEqual(value)
})

test('compact keeps number and bigint apart', () => {
  expect(s.compact(s.u32).codec.dec('0xfd03')).toBe(255)
  expect(s.compact(s.u64).codec.dec('0xfd03')).toBe(255n)
  expect(hex(s.option(s.AccountId), `0x${'11'.repeat(32)}`)).toBe(`01${'11'.repeat(32)}`)
  expect(hex(s.option(s.AccountId), undefined)).toBe('00')
})

test('a length that the bytes do not hold is an error, not a long wait', () => {
  const accounts = s.vec(s.AccountId)
  const claims = '0xfeffffff' // 2^30 − 1 elements
  expect(() => accounts.codec.dec(claims)).toThrow(RangeError)
  expect(() => s.vec(s.u8).codec.dec(claims)).toThrow(RangeError)
  expect(() => s.bytes.codec.dec(`${claims}00`)).toThrow(RangeError)
  expect(() => accounts.codec.dec(`0x04${'11'.repeat(31)}`)).toThrow(RangeError)
  expect(accounts.codec.dec(`0x04${'11'.repeat(32)}`)).toEqual([`0x${'11'.repeat(32)}`])
})
