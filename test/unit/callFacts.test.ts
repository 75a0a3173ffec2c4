import { expect, test } from 'vitest'
import { callFacts } from '../../src/core/callFacts.js'
import type { ChainValue, DecodedCall } from '../../src/core/chain/types.js'

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'

const call = (path: string, args: Record<string, ChainValue> = {}): DecodedCall => {
  const [pallet = '', name = ''] = path.split('.')
  return { pallet, name, args }
}
const transfer = call('Balances.transfer_keep_alive', { dest: BOB, value: 5n })

test.each([
  ['a transfer', transfer, [{ address: BOB, amountRao: 5n }]],
  [
    'all of it',
    call('Balances.transfer_all', { dest: BOB, keep_alive: false }),
    [{ address: BOB, amountRao: null }],
  ],
  [
    'a forced transfer',
    call('Balances.force_transfer', { source: ALICE, dest: BOB, value: 5n }),
    [
      { address: ALICE, amountRao: 5n },
      { address: BOB, amountRao: 5n },
    ],
  ],
  ['own stake', call('SubtensorModule.add_stake', { hotkey: BOB, amount_staked: 5n }), []],
  [
    'stake for another',
    call('SubtensorModule.transfer_stake', {
      destination_coldkey: BOB,
      hotkey: ALICE,
      alpha_amount: 5n,
    }),
    [{ address: BOB, amountRao: null }],
  ],
  [
    'a swap of the coldkey',
    call('SubtensorModule.schedule_swap_coldkey', { new_coldkey: BOB }),
    [{ address: BOB, amountRao: null }],
  ],
  [
    'a proxy',
    call('Proxy.add_proxy', { delegate: BOB, proxy_type: { type: 'Any' }, delay: 0 }),
    [{ address: BOB, amountRao: null }],
  ],
  [
    'a proxy that is removed',
    call('Proxy.remove_proxy', { delegate: BOB, proxy_type: { type: 'Any' }, delay: 0 }),
    [],
  ],
  [
    'an unknown pallet',
    call('Vault.give', { who: BOB, what: 5n }),
    [{ address: BOB, amountRao: null }],
  ],
  ['a remark', call('System.remark', { remark: BOB }), []],
  [
    'text that is no account',
    call('Vault.note', { text: 'hello', hash: `0x${'00'.repeat(32)}` }),
    [],
  ],
] as const)('payments of %s', (_, one, payments) => {
  expect(callFacts(one).payments).toEqual(payments)
})

test('looks into batches and wrappers, however deep', () => {
  const batch = call('Utility.batch', {
    calls: [
      transfer,
      call('SubtensorModule.add_stake', { hotkey: ALICE, netuid: 3, amount_staked: 1n }),
    ] as never,
  })
  const wrapped = call('Sudo.sudo', {
    call: call('Proxy.proxy', {
      real: ALICE,
      force_proxy_type: undefined,
      call: batch as never,
    }) as never,
  })
  expect(callFacts(wrapped)).toEqual({
    calls: [
      'Sudo.sudo',
      'Proxy.proxy',
      'Utility.batch',
      'Balances.transfer_keep_alive',
      'SubtensorModule.add_stake',
    ],
    hidden: false,
    netuids: [3],
    payments: [{ address: BOB, amountRao: 5n }],
  })
})

test('knows what a hash hides only where the call is given with it', () => {
  const hash = { call_hash: `0x${'07'.repeat(32)}` }
  const approval = call('Multisig.approve_as_multi', hash)
  const batch = call('Utility.batch', { calls: [approval, approval] as never })
  expect(callFacts(approval).hidden).toBe(true)
  expect(callFacts(call('Proxy.announce', hash)).hidden).toBe(true)
  expect(callFacts(call('Multisig.cancel_as_multi', hash)).hidden).toBe(false)
  expect(callFacts(approval, transfer)).toEqual({
    calls: ['Multisig.approve_as_multi', 'Balances.transfer_keep_alive'],
    hidden: false,
    netuids: [],
    payments: [{ address: BOB, amountRao: 5n }],
  })
  expect(callFacts(batch, transfer).hidden).toBe(true)
  expect(callFacts(approval, approval).hidden).toBe(true)
})

test('finds every subnet that is named', () => {
  const move = call('SubtensorModule.move_stake', {
    origin_netuid: 1,
    destination_netuid: 2,
    alpha_amount: 1n,
  })
  const many = call('SubtensorModule.x', { netuids: [3, 4], netuid: 3, my_netuid_x: 9 })
  expect(callFacts(move).netuids).toEqual([1, 2])
  expect(callFacts(many).netuids).toEqual([3, 4])
})
