/**
 * Methods of runtimes after spec 343 without which bittensor-cli 9.23 and bittensor 11.3 do not work; what they read
 * from storage beside these is in `runtime/dtao/later`.
 */
import { struct, u16, u64, vec } from '../../../runtime/scale.js'
import { apiMethod, type RuntimeApi, type RuntimeApiMethod } from '../../runtimeApis.js'
import { netuidsInOrder } from '../fields.js'
import { priceOf } from '../swap.js'
import { getSubnetHyperparams3 } from './hyperparameters.js'
import { laterStakeMethods } from './stake.js'

const SubnetPrice = struct(
  { netuid: u16, price: u64 },
  { path: ['pallet_subtensor_swap_runtime_api', 'SubnetPrice'] },
)

const METHODS: Readonly<Record<string, Readonly<Record<string, RuntimeApiMethod>>>> = {
  SubnetInfoRuntimeApi: { get_subnet_hyperparams_v3: getSubnetHyperparams3 },
  StakeInfoRuntimeApi: laterStakeMethods,
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
