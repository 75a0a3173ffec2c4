import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tuple, u16, vec } from '../../../src/localnet/runtime/scale.js'
import { uidPairs } from '../../../src/localnet/runtime/subtensor/pairs.js'

const plain = vec(tuple(u16, u16)).codec

const u16s = fc.integer({ min: 0, max: 65_535 })

test('pairs are written and read as the general codec does', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(u16s, u16s), { maxLength: 200 }), (pairs) => {
      const bytes = uidPairs.codec.enc(pairs)
      expect(bytes).toEqual(plain.enc(pairs))
      expect(uidPairs.codec.dec(bytes)).toEqual(pairs)
    }),
  )
})

test.each([0, 1, 63, 64, 16_383, 16_384])('%i pairs', (count) => {
  const pairs = Array.from({ length: count }, (_, i): [number, number] => [i, 65_535 - i])
  expect(uidPairs.codec.enc(pairs)).toEqual(plain.enc(pairs))
  expect(uidPairs.codec.dec(uidPairs.codec.enc(pairs))).toEqual(pairs)
})

test('bytes that are no list of pairs are refused', () => {
  expect(() => uidPairs.codec.dec(Uint8Array.of(8, 1, 0))).toThrow()
  expect(() => uidPairs.codec.dec(new Uint8Array())).toThrow()
})
