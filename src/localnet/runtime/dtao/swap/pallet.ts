/** Swap: prices of alpha. Only the chain provides liquidity here, so the calls for others are left out. */
import { failWith } from '../../failure.js'
import { call, cost, type EventDef, type Pallet, type RuntimeContext } from '../../pallet.js'
import {
  AccountId,
  bool,
  fixedBytes,
  i64,
  type ScaleType,
  u16,
  u32,
  u64,
  wrapper,
} from '../../scale.js'
import { S } from '../subtensor/storage.js'
import { ensure, errors } from './errors.js'
import { MINIMUM_LIQUIDITY } from './liquidity.js'
import { PositionId, Swap, TickIndex } from './storage.js'

/** Fields of the events about somebody's liquidity, by how amounts are signed. */
const liquidity = (amount: ScaleType<bigint>, fees: Record<string, ScaleType<bigint>>) => ({
  coldkey: AccountId,
  hotkey: AccountId,
  netuid: u16,
  position_id: PositionId,
  liquidity: amount,
  tao: amount,
  alpha: amount,
  ...fees,
  tick_low: TickIndex,
  tick_high: TickIndex,
})
const FEES = { fee_tao: u64, fee_alpha: u64 }

const events: Record<string, EventDef> = {
  FeeRateSet: { index: 0, fields: { netuid: u16, rate: u16 } },
  UserLiquidityToggled: { index: 1, fields: { netuid: u16, enable: bool } },
  LiquidityAdded: { index: 2, fields: liquidity(u64, {}) },
  LiquidityRemoved: { index: 3, fields: liquidity(u64, FEES) },
  LiquidityModified: { index: 4, fields: liquidity(i64, FEES) },
}

/** Part of 65535 that a fee may be at most. */
const MAX_FEE_RATE = 10_000

function setFeeRate(
  context: RuntimeContext,
  { netuid, rate }: { netuid: number; rate: number },
): undefined {
  const { origin, state } = context
  const isOwner = origin.kind === 'signed' && origin.account === state.get(S.SubnetOwner, netuid)
  if (origin.kind !== 'root' && !isOwner) failWith('BadOrigin')
  ensure(state.get(S.NetworksAdded, netuid), 'MechanismDoesNotExist')
  ensure(rate <= MAX_FEE_RATE, 'FeeRateTooHigh')
  state.set(Swap.FeeRate, [netuid], rate)
  context.emit('Swap', 'FeeRateSet', { netuid, rate })
}

export const swapPallet: Pallet = {
  name: 'Swap',
  index: 28,
  crate: 'pallet_subtensor_swap::pallet',
  generics: { call: ['T'], event: ['T'], error: ['T'] },
  storage: Swap,
  calls: {
    set_fee_rate: call({
      index: 0,
      args: { netuid: u16, rate: u16 },
      weight: cost(16_390_000, 4_080, 2, 1),
      run: setFeeRate,
    }),
  },
  events,
  errors,
  constants: {
    ProtocolId: {
      type: wrapper(fixedBytes(8), { path: ['frame_support', 'PalletId'] }),
      value: '0x74656e2f73776170',
    },
    MaxFeeRate: { type: u16, value: MAX_FEE_RATE },
    MaxPositions: { type: u32, value: 100 },
    MinimumLiquidity: { type: u64, value: MINIMUM_LIQUIDITY },
    MinimumReserve: {
      type: wrapper(u64, { path: ['NonZeroU64'] }),
      value: 1_000_000n,
    },
  },
}
