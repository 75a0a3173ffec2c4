import { expect, test } from 'vitest'
import { describeCall } from '../../../src/core/chain/describeCall.js'

test('a call with all kinds of values, nested calls expanded', () => {
  expect(
    describeCall({
      pallet: 'Utility',
      name: 'batch',
      args: {
        calls: [
          {
            pallet: 'Balances',
            name: 'transfer',
            args: { dest: '5Gr', value: 12_345_678_901_234n },
          },
          { pallet: 'System', name: 'noop', args: {} },
        ],
        weight: { ref_time: 1n, proof_size: 2n },
        mode: { type: 'Fast' },
        limit: { type: 'Some', value: 3 },
        none: undefined,
        on: true,
      },
    }),
  ).toBe(
    'batch(calls: [transfer(dest: 5Gr, value: 12345678901234), noop()], weight: {ref_time: 1, proof_size: 2}, mode: Fast, limit: Some(3), none: none, on: true)',
  )
})
