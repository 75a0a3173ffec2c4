/** The rules of proxies as a runtime tells them (opentensor/subtensor, common/src/lib.rs), encoded by its types. */
import { describe, expect, test } from 'vitest'
import { decode } from '../../../src/core/chain/decode.js'
import { encode } from '../../../src/core/chain/encode.js'
import { readProxyFilters } from '../../../src/core/chain/proxyFilters.js'
import { bytes, type TypeDef, type VariantCase } from '../../../src/core/chain/typeDef.js'
import type { ChainView, DecodedCall } from '../../../src/core/chain/types.js'
import { toHex } from '../../../src/core/keys/hex.js'
import { mayMake, typeMadeFor } from '../../../src/core/plans/proxyRights.js'

const u8: TypeDef = { kind: 'uint', bytes: 1 }
const unit = (name: string, index: number): VariantCase => ({
  name,
  index,
  named: false,
  fields: [],
})
const option = (of: TypeDef): TypeDef => ({ kind: 'option', of })
const condition: TypeDef = {
  kind: 'variant',
  cases: [
    {
      name: 'ParamLessThan',
      index: 0,
      named: true,
      fields: [
        ['param_name', bytes],
        ['limit', { kind: 'uint', bytes: 16 }],
      ],
    },
    {
      name: 'NestedCallMustBe',
      index: 1,
      named: true,
      fields: [
        ['pallet_name', bytes],
        ['call_name', bytes],
      ],
    },
    { name: 'OnSundays', index: 2, named: true, fields: [] },
  ],
}
const rule: TypeDef = {
  kind: 'struct',
  fields: [
    ['pallet_name', bytes],
    ['pallet_index', u8],
    ['call_name', option(bytes)],
    ['call_index', option(u8)],
    ['condition', option(condition)],
  ],
}
const OUTPUT: TypeDef = {
  kind: 'vec',
  of: {
    kind: 'struct',
    fields: [
      ['proxy_type', u8],
      ['name', bytes],
      ['deprecated', { kind: 'bool' }],
      [
        'filter_mode',
        {
          kind: 'variant',
          cases: ['AllowAll', 'DenyAll', 'Allow', 'Deny'].map(unit),
        },
      ],
      ['calls', { kind: 'vec', of: rule }],
      ['exceptions', { kind: 'vec', of: rule }],
    ],
  },
}

const text = (word: string) => toHex(new TextEncoder().encode(word))
/** `Pallet.name`, or `Pallet` for all of it. */
function calls(names: readonly string[], when?: unknown) {
  return names.map((full) => {
    const [pallet = '', name] = full.split('.')
    return {
      pallet_name: text(pallet),
      pallet_index: 5,
      call_name: name === undefined ? undefined : text(name),
      call_index: name === undefined ? undefined : 1,
      condition: when,
    }
  })
}
const filter = (name: string, mode: string, listed: unknown, exceptions: unknown = []) => ({
  proxy_type: 0,
  name: text(name),
  deprecated: false,
  filter_mode: { type: mode },
  calls: listed,
  exceptions,
})

const below = { type: 'ParamLessThan', value: { param_name: text('value'), limit: 500n } }
const nested = {
  type: 'NestedCallMustBe',
  value: { pallet_name: text('System'), call_name: text('set_code') },
}
const FILTERS = [
  filter('Any', 'AllowAll', []),
  filter('Senate', 'DenyAll', []),
  filter('NonTransfer', 'Deny', calls(['Balances', 'SubtensorModule.transfer_stake'])),
  filter('Owner', 'Allow', calls(['AdminUtils']), calls(['AdminUtils.sudo_set_sn_owner_hotkey'])),
  filter('Staking', 'Allow', calls(['SubtensorModule.add_stake', 'SubtensorModule.new_call'])),
  filter('SmallTransfer', 'Allow', calls(['Balances.transfer_keep_alive'], below)),
  filter('SudoUncheckedSetCode', 'Allow', calls(['Sudo.sudo_unchecked_weight'], nested)),
]

function runtime(filters: unknown, tells = true): ChainView {
  return {
    specVersion: 425,
    hasRuntimeApi: () => tells,
    apiOutput: () => OUTPUT,
    callApi: async (_trait: string, _method: string, args: Uint8Array) => {
      expect([...args]).toEqual([0])
      return encode([], OUTPUT, filters as never, 'filters')
    },
    decodeOutput: (type: TypeDef, answer: Uint8Array) => decode([], type, answer),
  } as unknown as ChainView
}

function call(full: string, args: DecodedCall['args'] = {}): DecodedCall {
  const [pallet = '', name = ''] = full.split('.')
  return { pallet, name, args }
}

describe('rules that the runtime tells', () => {
  const batch = (inner: DecodedCall) => call('Utility.batch_all', { calls: [inner] })
  const transfer = call('Balances.transfer_all')
  test.each([
    ['Any', transfer, 'allowed'],
    ['Senate', call('Senate.vote'), 'denied'],
    ['NonTransfer', transfer, 'denied'],
    ['NonTransfer', batch(transfer), 'denied'],
    ['NonTransfer', batch(call('SubtensorModule.add_stake')), 'allowed'],
    ['Owner', call('AdminUtils.sudo_set_rho'), 'allowed'],
    ['Owner', call('AdminUtils.sudo_set_sn_owner_hotkey'), 'denied'],
    ['Staking', call('SubtensorModule.new_call'), 'allowed'],
    ['Staking', call('SubtensorModule.unstake_all'), 'denied'],
    ['Staking', batch(call('SubtensorModule.add_stake')), 'denied'],
    ['SmallTransfer', call('Balances.transfer_keep_alive', { value: 499n }), 'allowed'],
    ['SmallTransfer', call('Balances.transfer_keep_alive', { value: 500n }), 'denied'],
    [
      'SudoUncheckedSetCode',
      call('Sudo.sudo_unchecked_weight', { call: call('System.set_code') }),
      'allowed',
    ],
    [
      'SudoUncheckedSetCode',
      call('Sudo.sudo_unchecked_weight', { call: call('System.remark') }),
      'denied',
    ],
  ])('%s, %o: %s', async (type, one, verdict) => {
    expect(mayMake(type, one, await readProxyFilters(runtime(FILTERS)))).toBe(verdict)
  })

  test('name the type that is made for a call', async () => {
    const filters = await readProxyFilters(runtime(FILTERS))
    expect(typeMadeFor(call('SubtensorModule.new_call'), filters)).toBe('Staking')
    expect(typeMadeFor(call('SubtensorModule.other'), filters)).toBeUndefined()
    expect(typeMadeFor(call('SubtensorModule.add_stake'), new Map())).toBe('Staking')
  })

  test('are what is known where it does not tell, or in a form that nobody knows', async () => {
    const later = filter('Staking', 'Allow', calls(['Balances'], { type: 'OnSundays', value: {} }))
    for (const view of [runtime(FILTERS, false), runtime([later])]) {
      const filters = await readProxyFilters(view)
      expect(filters.size).toBe(0)
      expect(mayMake('Staking', call('SubtensorModule.add_stake'), filters)).toBe('allowed')
      expect(mayMake('Staking', transfer, filters)).toBe('denied')
    }
  })
})
