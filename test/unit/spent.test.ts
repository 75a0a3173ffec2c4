import { describe, expect, test } from 'vitest'
import type { ChainEvent } from '../../src/core/chain/types.js'
import { spentBy } from '../../src/core/spent.js'

const FROM = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
const DEST = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'
const ALL = { name: 'Balances.transfer_all', args: { dest: DEST, keep_alive: false } }
const moved = (data: ChainEvent['data']): ChainEvent => ({
  pallet: 'Balances',
  name: 'Transfer',
  data,
  extrinsicIndex: 1,
})

describe('spentBy', () => {
  test('reads fields with names and without', () => {
    expect(spentBy(ALL, [moved({ from: FROM, to: DEST, amount: 7n })])).toBe(7n)
    expect(spentBy(ALL, [moved([FROM, DEST, 7n])])).toBe(7n)
  })

  test('knows it behind a proxy', () => {
    const call = { pallet: 'Balances', name: 'transfer_all', args: ALL.args }
    const proxied = { name: 'Proxy.proxy', args: { real: FROM, call } }
    expect(spentBy(proxied, [moved([FROM, DEST, 7n])])).toBe(7n)
  })

  test('guesses nothing', () => {
    expect(spentBy(ALL, [])).toBeUndefined()
    expect(spentBy(ALL, [moved([DEST, FROM, 7n])])).toBeUndefined()
    expect(spentBy(ALL, [moved([FROM, DEST, 7n]), moved([FROM, DEST, 8n])])).toBeUndefined()
    const other = { name: 'Utility.batch', args: { calls: [ALL] } }
    expect(spentBy(other, [moved([FROM, DEST, 7n])])).toBeUndefined()
  })
})
