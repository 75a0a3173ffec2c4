/**
 * Methods of runtimes after spec 343 without which bittensor-cli 9.23 and bittensor 11.3 do not work; what they read
 * from storage beside these is in `runtime/dtao/later`.
 */
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { LockState } from '../../runtime/dtao/later/locks.js'
import { I32F32 } from '../../runtime/dtao/types.js'
import {
  AccountId,
  bool,
  bytes,
  option,
  type ScaleType,
  struct,
  u16,
  u64,
  variant,
  vec,
} from '../../runtime/scale.js'
import { apiMethod, type RuntimeApi, type RuntimeApiMethod } from '../runtimeApis.js'
import { C16, C64, exists, netuidsInOrder } from './fields.js'
import { hyperparameters2 } from './subnets.js'
import { priceOf } from './swap.js'
import { readAll, viewOf } from './view.js'

const SubnetPrice = struct(
  { netuid: u16, price: u64 },
  { path: ['pallet_subtensor_swap_runtime_api', 'SubnetPrice'] },
)

const subnetInfoPath = (name: string) => ({
  path: ['pallet_subtensor', 'rpc_info', 'subnet_info', name],
})
const HyperparamValue = variant(
  () => ({
    Bool: { index: 0, fields: [bool] },
    U16: { index: 1, fields: [C16] },
    U64: { index: 3, fields: [C64] },
    TaoBalance: { index: 5, fields: [C64] },
    I32F32: { index: 6, fields: [I32F32] },
  }),
  subnetInfoPath('HyperparamValue'),
)
const HyperparamEntry = struct(
  { name: bytes, value: HyperparamValue },
  subnetInfoPath('HyperparamEntry'),
)

const TAGS = new Map<ScaleType<unknown>, string>([
  [bool, 'Bool'],
  [C16, 'U16'],
  [C64, 'U64'],
  [I32F32, 'I32F32'],
])
const AMOUNTS = ['min_burn', 'max_burn']

/** How a setting of the version before says what it is. */
function tagOf(name: string): string {
  const tag = TAGS.get(hyperparameters2[name]?.type as ScaleType<unknown>)
  if (!tag) throw new Error(`no kind for ${name}`)
  return AMOUNTS.includes(name) ? 'TaoBalance' : tag
}

const METHODS: Readonly<Record<string, Readonly<Record<string, RuntimeApiMethod>>>> = {
  SubnetInfoRuntimeApi: {
    get_subnet_hyperparams_v3: apiMethod({
      inputs: { netuid: u16 },
      output: option(vec(HyperparamEntry)),
      run({ state, block }, { netuid }) {
        if (!exists(state, netuid)) return undefined
        const values = readAll(hyperparameters2, viewOf(state, netuid, block))
        return Object.entries(values).map(([name, value]) => ({
          name: utf8ToBytes(name),
          value: { type: tagOf(name), value },
        }))
      },
    }),
  },
  StakeInfoRuntimeApi: {
    get_coldkey_lock: apiMethod({
      inputs: { coldkey: AccountId, netuid: u16 },
      output: option(LockState),
      run: () => undefined,
    }),
  },
  SwapRuntimeApi: {
    current_alpha_price_all: apiMethod({
      inputs: {},
      output: vec(SubnetPrice),
      run: ({ state }) =>
        netuidsInOrder(state).map((netuid) => ({ netuid, price: priceOf(state, netuid) })),
    }),
  },
}

/** The API with its later methods. */
export function withLaterMethods(api: RuntimeApi): RuntimeApi {
  return { ...api, methods: { ...api.methods, ...METHODS[api.name] } }
}
