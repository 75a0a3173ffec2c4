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

type Parts = {
  /** Pallets that are not there yet. */
  readonly gone?: readonly string[]
  readonly calls: readonly VariantCase[]
  readonly storage?: Readonly<Record<string, StorageDescription>>
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

/** Mid-2026 (spec 425): spec 365 with the coldkey swaps that are announced and carried out by their owner. */
export function mid2026(): Description {
  const before = descriptionOf('spec-365.v16')
  const hash: TypeDef = { kind: 'fixedBytes', length: 32 }
  const block: TypeDef = { kind: 'uint', bytes: 4 }
  const item = (name: string, value: TypeDef, perColdkey: boolean): StorageDescription => ({
    prefix: toHex(concat([MODULE, name].map((one) => twox(text.encode(one), 2)))) as Hex,
    keys: perColdkey ? [{ hasher: 'Twox64Concat', type: account }] : [],
    value,
    optional: perColdkey,
    fallback: perColdkey ? '0x00' : '0x00000000',
  })
  return rebuilt(before, {
    calls: [
      ...callsOf(before),
      call('announce_coldkey_swap', 125, [['new_coldkey_hash', hash]]),
      call('swap_coldkey_announced', 126, [['new_coldkey', account]]),
      call('dispute_coldkey_swap', 127, []),
      call('clear_coldkey_swap_announcement', 133, []),
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
    },
  })
}

const text = new TextEncoder()

const callsOf = ({ pallets }: Description) => pallets[MODULE]?.calls ?? []

function rebuilt(base: Description, { gone = [], calls, storage = {} }: Parts): Description {
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
      if (name !== MODULE) return [name, one] as const
      return [name, { ...one, calls, storage: { ...one.storage, ...storage } }] as const
    })
  return { ...base, types, pallets: Object.fromEntries(pallets) }
}
