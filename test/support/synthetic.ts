/** Runtimes of which there is no metadata, put together from that of a neighbour and the source of the chain. */
import type { Description, StorageDescription } from '../../src/core/chain/description.js'
import { concat } from '../../src/core/chain/encode.js'
import { twox } from '../../src/core/chain/twox.js'
import {
  account,
  type Field,
  type TypeDef,
  type VariantCase,
} from '../../src/core/chain/typeDef.js'
import type { Hex } from '../../src/core/chain/types.js'
import { toHex } from '../../src/core/keys/hex.js'
import { descriptionOf } from '../unit/chain/recordedChain.js'

const MODULE = 'SubtensorModule'
const u16: TypeDef = { kind: 'uint', bytes: 2 }
const u64: TypeDef = { kind: 'uint', bytes: 8 }
const zero = '0x0000000000000000'

type Parts = {
  /** Pallets that are not there yet. */
  readonly gone?: readonly string[]
  readonly calls: readonly VariantCase[]
  readonly storage?: Readonly<Record<string, StorageDescription>>
  /** Items that are not there any more, `Pallet.Item`. */
  readonly dropped?: readonly string[]
  /** Storage of other pallets that came. */
  readonly others?: Readonly<Record<string, Readonly<Record<string, StorageDescription>>>>
  readonly apis?: Description['apis']
}

const call = (name: string, index: number, fields: readonly Field[]): VariantCase => ({
  name,
  index,
  named: true,
  fields,
})

/** July 2023 (spec 127): spec 143 without what came later, with the senate's own calls of that summer. */
export function july2023(): Description {
  const later = descriptionOf('spec-143.v14')
  const cameLater = /^(root_register|register_network|dissolve_network|faucet|swap_hotkey|dissolve)/
  return rebuilt(later, {
    gone: ['Registry', 'Commitments', 'AdminUtils'],
    calls: [
      ...callsOf(later).filter(({ name }) => !cameLater.test(name)),
      // AdminUtils has it since spec 139.
      call('sudo_set_immunity_period', 61, [
        ['netuid', u16],
        ['immunity_period', u16],
      ]),
      call('join_senate', 63, [['hotkey', account]]),
      call('leave_senate', 64, [['hotkey', account]]),
    ],
  })
}

/**
 * Mid-2026 (spec 425): spec 365 with coldkey swaps that are announced and carried out by their owner, pools with weights, counted
 * epochs and decimal shares.
 */
export function mid2026(): Description {
  const before = descriptionOf('spec-365.v16')
  const hash: TypeDef = { kind: 'fixedBytes', length: 32 }
  const block: TypeDef = { kind: 'uint', bytes: 4 }
  const float: TypeDef = {
    kind: 'struct',
    fields: [
      ['mantissa', { kind: 'uint', bytes: 16 }],
      ['exponent', { kind: 'int', bytes: 8 }],
    ],
  }
  const nothing = `0x${'00'.repeat(24)}` as Hex
  const item = (name: string, value: TypeDef, perColdkey: boolean) =>
    itemOf(MODULE, name, perColdkey ? [account] : [], value, perColdkey ? undefined : '0x00000000')
  return rebuilt(before, {
    calls: [
      ...callsOf(before),
      call('announce_coldkey_swap', 125, [['new_coldkey_hash', hash]]),
      call('swap_coldkey_announced', 126, [['new_coldkey', account]]),
      call('dispute_coldkey_swap', 127, []),
      call('clear_coldkey_swap_announcement', 133, []),
      call('register_limit', 134, [
        ['netuid', u16],
        ['hotkey', account],
        ['limit_price', u64],
      ]),
    ],
    storage: {
      ColdkeySwapAnnouncements: item(
        'ColdkeySwapAnnouncements',
        { kind: 'tuple', of: [block, hash] },
        true,
      ),
      ColdkeySwapDisputes: item('ColdkeySwapDisputes', block, true),
      ColdkeySwapAnnouncementDelay: item('ColdkeySwapAnnouncementDelay', block, false),
      ColdkeySwapReannouncementDelay: item('ColdkeySwapReannouncementDelay', block, false),
      AlphaV2: itemOf(MODULE, 'AlphaV2', [account, account, u16], float, nothing),
      TotalHotkeySharesV2: itemOf(MODULE, 'TotalHotkeySharesV2', [account, u16], float, nothing),
      LastEpochBlock: itemOf(MODULE, 'LastEpochBlock', [u16], u64, zero),
      PendingEpochAt: itemOf(MODULE, 'PendingEpochAt', [u16], u64, zero),
      SubnetEpochIndex: itemOf(MODULE, 'SubnetEpochIndex', [u16], u64, zero),
    },
    dropped: ['Swap.AlphaSqrtPrice'],
    others: {
      Swap: {
        // The weight of τ as parts of 10¹⁸; half of all by default.
        SwapBalancer: itemOf(
          'Swap',
          'SwapBalancer',
          [u16],
          { kind: 'struct', fields: [['quote', u64]] },
          '0x0000b2d3595bf006',
        ),
      },
    },
  })
}

/**
 * Autumn 2026 (spec 470): spec 425 as the calls, items and runtime APIs of bittensor 11.3.1rc73 tell it, where this client uses
 * them. Pools have weights, epochs are counted, root dividends go into baskets of validators.
 */
export function autumn2026(): Description {
  const before = mid2026()
  const gone = /^(set_root_claim_type|sudo_set_num_root_claims|faucet)$/
  return rebuilt(before, {
    calls: [
      ...callsOf(before).filter(({ name }) => !gone.test(name)),
      call('move_stake_limit', 158, [
        ['origin_hotkey', account],
        ['destination_hotkey', account],
        ['origin_netuid', u16],
        ['destination_netuid', u16],
        ['alpha_amount', u64],
        ['limit_price', u64],
        ['allow_partial', { kind: 'bool' }],
      ]),
      call('claim_root_with_hotkey', 160, [['hotkey', account]]),
      call('announce_coldkey_swap_v2', 161, [['new_coldkey', account]]),
    ],
    dropped: [
      ...['Alpha', 'TotalHotkeyShares', 'Rank', 'Trust', 'PruningScores', 'RootClaimType'],
      ...['ColdkeySwapScheduled', 'ColdkeySwapScheduleDuration', 'NumRootClaim'],
    ].map((item) => `${MODULE}.${item}`),
    storage: {
      MinChildkeyTakePerSubnet: itemOf(MODULE, 'MinChildkeyTakePerSubnet', [u16], u16, '0x0000'),
      StakeMoveCooldownUntil: itemOf(MODULE, 'StakeMoveCooldownUntil', [u16, account], u64, zero),
      NetworkRegistrationQueue: itemOf(
        MODULE,
        'NetworkRegistrationQueue',
        [],
        { kind: 'bytes' },
        '0x00',
      ),
      BasketShares: itemOf(MODULE, 'BasketShares', [account], u64, zero),
      RootStakeUnlockInterval: itemOf(MODULE, 'RootStakeUnlockInterval', [], u64, zero),
      ColdkeySwapReservedDestination: itemOf(
        MODULE,
        'ColdkeySwapReservedDestination',
        [account],
        account,
      ),
      ColdkeySwapV2PolicySnapshots: itemOf(MODULE, 'ColdkeySwapV2PolicySnapshots', [account], {
        kind: 'bool',
      }),
    },
    others: {
      Proxy: {
        RealPaysFeeConsentV1: itemOf('Proxy', 'RealPaysFeeConsentV1', [account, account], {
          kind: 'tuple',
          of: [],
        }),
      },
      Crowdloan: {
        MaxContributions: itemOf(
          'Crowdloan',
          'MaxContributions',
          [{ kind: 'uint', bytes: 4 }],
          u64,
        ),
      },
    },
    apis: {
      BetaBasketRuntimeApi: {
        get_root_basket_positions: {
          inputs: [['coldkey', account]],
          output: { kind: 'vec', of: { kind: 'tuple', of: [account, u64, u64] } },
        },
      },
    },
  })
}

const text = new TextEncoder()

/** An item of storage; without a fallback an entry that is absent is none. */
function itemOf(
  pallet: string,
  name: string,
  keys: readonly TypeDef[],
  value: TypeDef,
  fallback?: Hex,
): StorageDescription {
  return {
    prefix: toHex(concat([pallet, name].map((one) => twox(text.encode(one), 2)))) as Hex,
    keys: keys.map((type) => ({ hasher: type === u16 ? 'Identity' : 'Twox64Concat', type })),
    value,
    optional: fallback === undefined,
    fallback: fallback ?? '0x00',
  }
}

const callsOf = ({ pallets }: Description) => pallets[MODULE]?.calls ?? []

function rebuilt(base: Description, parts: Parts): Description {
  const { gone = [], calls, storage = {}, dropped = [], others = {}, apis = {} } = parts
  const types = base.types.map((def, index): TypeDef => {
    if (index !== base.call || def.kind !== 'call') return def
    const cases = def.cases.filter(({ name }) => !gone.includes(name))
    return {
      kind: 'call',
      cases: cases.map((one) =>
        one.name === MODULE ? { ...one, fields: [['0', { kind: 'variant', cases: calls }]] } : one,
      ),
    }
  })
  const pallets = Object.entries(base.pallets)
    .filter(([name]) => !gone.includes(name))
    .map(([name, one]) => {
      const kept = Object.entries(one.storage).filter(
        ([item]) => !dropped.includes(`${name}.${item}`),
      )
      const came = name === MODULE ? storage : others[name]
      return [
        name,
        {
          ...one,
          ...(name === MODULE ? { calls } : {}),
          storage: { ...Object.fromEntries(kept), ...came },
        },
      ] as const
    })
  return { ...base, types, pallets: Object.fromEntries(pallets), apis: { ...base.apis, ...apis } }
}
