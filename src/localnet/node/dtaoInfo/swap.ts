/**
 * `SwapRuntimeApi` and `SubnetRegistrationRuntimeApi` of spec 343; what a trade would come to also has the fields that
 * later runtimes put behind those of spec 343.
 */
import { fromFixed32, less, mul32, toFixed32 } from '../../runtime/dtao/fixed.js'
import { lockCost } from '../../runtime/dtao/subtensor/networks.js'
import { alphaPrice, type Side, simulate } from '../../runtime/dtao/swap/engine.js'
import { DispatchFailure } from '../../runtime/failure.js'
import { struct, u16, u64 } from '../../runtime/scale.js'
import type { State } from '../../runtime/state.js'
import { apiMethod, type RuntimeApi } from '../runtimeApis.js'
import { exists } from './fields.js'

const SimSwapResult = struct(
  {
    tao_amount: u64,
    alpha_amount: u64,
    tao_fee: u64,
    alpha_fee: u64,
    tao_slippage: u64,
    alpha_slippage: u64,
  },
  { path: ['pallet_subtensor_swap_runtime_api', 'SimSwapResult'] },
)

const RAO_PER_TAO = 1_000_000_000n
const NOTHING = { paidIn: 0n, paidOut: 0n, fee: 0n }

/** What a trade would come to, nothing where the pool would refuse it. */
function trade(state: State, netuid: number, side: Side, amount: bigint) {
  try {
    return exists(state, netuid) ? simulate(state, netuid, side, amount) : NOTHING
  } catch (error) {
    if (error instanceof DispatchFailure) return NOTHING
    throw error
  }
}

/** Price in RAO per alpha. */
export const priceOf = (state: State, netuid: number): bigint =>
  fromFixed32(mul32(alphaPrice(state, netuid), toFixed32(RAO_PER_TAO)))

/** What the trade gives less than it would at the present price; nothing for one that does not happen. */
function slippage(state: State, netuid: number, side: Side, amount: bigint, paidOut: bigint) {
  const price = alphaPrice(state, netuid)
  if (paidOut === 0n || price === 0n) return 0n
  const ideal = side === 'buy' ? (amount << 32n) / price : (amount * price) >> 32n
  return less(ideal, paidOut)
}

export const swapApi: RuntimeApi = {
  name: 'SwapRuntimeApi',
  methods: {
    current_alpha_price: apiMethod({
      inputs: { netuid: u16 },
      output: u64,
      run: ({ state }, { netuid }) => priceOf(state, netuid),
    }),
    sim_swap_tao_for_alpha: apiMethod({
      inputs: { netuid: u16, tao: u64 },
      output: SimSwapResult,
      run({ state }, { netuid, tao }) {
        const { paidIn, paidOut, fee } = trade(state, netuid, 'buy', tao)
        return {
          tao_amount: paidIn,
          alpha_amount: paidOut,
          tao_fee: fee,
          alpha_fee: 0n,
          tao_slippage: 0n,
          alpha_slippage: slippage(state, netuid, 'buy', tao, paidOut),
        }
      },
    }),
    sim_swap_alpha_for_tao: apiMethod({
      inputs: { netuid: u16, alpha: u64 },
      output: SimSwapResult,
      run({ state }, { netuid, alpha }) {
        const { paidIn, paidOut, fee } = trade(state, netuid, 'sell', alpha)
        return {
          tao_amount: paidOut,
          alpha_amount: paidIn,
          tao_fee: 0n,
          alpha_fee: fee,
          tao_slippage: slippage(state, netuid, 'sell', alpha, paidOut),
          alpha_slippage: 0n,
        }
      },
    }),
  },
}

export const subnetRegistrationApi: RuntimeApi = {
  name: 'SubnetRegistrationRuntimeApi',
  methods: {
    get_network_registration_cost: apiMethod({
      inputs: {},
      output: u64,
      run: ({ state, block }) => lockCost(state, block),
    }),
  },
}
