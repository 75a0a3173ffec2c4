import fc from 'fast-check'
import { expect, it } from 'vitest'
import { naturalOrder } from '../../../src/core/wallet/naturalOrder.js'

it('sorts names as people count', () => {
  const sorted = ['', '2', '10', 'a', 'A1', 'a01', 'a1', 'a2b', 'a10', 'miner2', 'miner10', 'Zed']
  const shuffled = [...sorted].reverse()
  expect(shuffled.sort(naturalOrder)).toEqual(sorted)
})

it('is a total order', () => {
  const name = fc.string({ unit: fc.constantFrom('a', 'B', '0', '1', '9', 'é'), maxLength: 6 })
  fc.assert(
    fc.property(name, name, name, (a, b, c) => {
      expect(Math.sign(naturalOrder(a, b)) + Math.sign(naturalOrder(b, a))).toBe(0)
      expect(naturalOrder(a, b) === 0).toBe(a === b)
      if (naturalOrder(a, b) < 0 && naturalOrder(b, c) < 0)
        expect(naturalOrder(a, c)).toBeLessThan(0)
    }),
  )
})
