/** `get_subnet_hyperparams_v3`: settings as a list of names and tagged values, to which later runtimes add at will. */
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { S } from '../../../runtime/dtao/subtensor/storage.js'
import { I32F32, U64F64 } from '../../../runtime/dtao/types.js'
import {
  bool,
  bytes,
  compact,
  option,
  type ScaleType,
  struct,
  u16,
  u32,
  variant,
  vec,
} from '../../../runtime/scale.js'
import { apiMethod } from '../../runtimeApis.js'
import { C16, C64, exists } from '../fields.js'
import { hyperparameters2 } from '../subnets.js'
import { type Fields, field, readAll, viewOf } from '../view.js'

const C32 = compact(u32)

const path = (name: string) => ({ path: ['pallet_subtensor', 'rpc_info', 'subnet_info', name] })
const HyperparamValue = variant(
  () => ({
    Bool: { index: 0, fields: [bool] },
    U16: { index: 1, fields: [C16] },
    U32: { index: 2, fields: [C32] },
    U64: { index: 3, fields: [C64] },
    TaoBalance: { index: 5, fields: [C64] },
    I32F32: { index: 6, fields: [I32F32] },
    U64F64: { index: 7, fields: [U64F64] },
  }),
  path('HyperparamValue'),
)
const HyperparamEntry = struct({ name: bytes, value: HyperparamValue }, path('HyperparamEntry'))

/**
 * The settings of spec 343 and those that came later, which clients look up in storage where they are not told here.
 * What they say is true of this chain: an owner gets a cut, and the burn moves by the adjustment interval alone.
 */
const hyperparameters3: Fields = {
  ...hyperparameters2,
  /** Thousandths of the tempo. */
  activity_cutoff_factor: field(C32, ({ state, netuid }) => {
    const tempo = Math.max(1, state.get(S.Tempo, netuid))
    return Math.ceil((1000 * state.get(S.ActivityCutoff, netuid)) / tempo)
  }),
  burn_half_life: field(C16, () => 0),
  burn_increase_mult: field(U64F64, () => 1n << 64n),
  owner_cut_enabled: field(bool, () => true),
  owner_cut_auto_lock_enabled: field(bool, () => false),
  min_childkey_take: field(C16, ({ state }) => state.get(S.MinChildkeyTake)),
}

const TAGS = new Map<ScaleType<unknown>, string>([
  [bool, 'Bool'],
  [C16, 'U16'],
  [C32, 'U32'],
  [C64, 'U64'],
  [I32F32, 'I32F32'],
  [U64F64, 'U64F64'],
])
const AMOUNTS = ['min_burn', 'max_burn']

function tagOf(name: string): string {
  const tag = TAGS.get(hyperparameters3[name]?.type as ScaleType<unknown>)
  if (!tag) throw new Error(`no kind for ${name}`)
  return AMOUNTS.includes(name) ? 'TaoBalance' : tag
}

export const getSubnetHyperparams3 = apiMethod({
  inputs: { netuid: u16 },
  output: option(vec(HyperparamEntry)),
  run({ state, block }, { netuid }) {
    if (!exists(state, netuid)) return undefined
    const values = readAll(hyperparameters3, viewOf(state, netuid, block))
    return Object.entries(values).map(([name, value]) => ({
      name: utf8ToBytes(name),
      value: { type: tagOf(name), value },
    }))
  },
})
