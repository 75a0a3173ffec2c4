/** What the Swap pallet stores: the price of each subnet's alpha and who provides the liquidity (spec 343). */
import { map, optionalMap, storageOf, twox, value } from '../../pallet.js'
import {
  AccountId,
  bool,
  i32,
  i128,
  struct,
  u16,
  u32,
  u64,
  u128,
  variant,
  wrapper,
} from '../../scale.js'
import { I64F64, U64F64 } from '../types.js'

const own = (module: string, name: string) => ['pallet_subtensor_swap', module, name]

/** A step of the price, 0.01 % each. */
export const TickIndex = wrapper(i32, { path: own('tick', 'TickIndex') })
export const PositionId = wrapper(u128, { path: own('position', 'PositionId') })

const Tick = struct(
  { liquidity_net: i128, liquidity_gross: u64, fees_out_tao: I64F64, fees_out_alpha: I64F64 },
  { path: own('tick', 'Tick') },
)
const Position = struct(
  {
    id: PositionId,
    netuid: u16,
    tick_low: TickIndex,
    tick_high: TickIndex,
    liquidity: u64,
    fees_tao: I64F64,
    fees_alpha: I64F64,
  },
  { path: own('position', 'Position'), params: [{ name: 'T', type: undefined }] },
)
const LayerLevel = variant(
  () => ({ Top: { index: 0 }, Middle: { index: 1 }, Bottom: { index: 2 } }),
  { path: own('tick', 'LayerLevel') },
)

const BY_NETUID = [twox(u16)] as const

export const Swap = storageOf('Swap', {
  FeeRate: map(BY_NETUID, u16, 33),
  FeeGlobalTao: map(BY_NETUID, U64F64, 0n),
  FeeGlobalAlpha: map(BY_NETUID, U64F64, 0n),
  Ticks: optionalMap([twox(u16), twox(TickIndex)], Tick),
  SwapV3Initialized: map(BY_NETUID, bool, false),
  AlphaSqrtPrice: map(BY_NETUID, U64F64, 0n),
  CurrentTick: map(BY_NETUID, TickIndex, 0),
  CurrentLiquidity: map(BY_NETUID, u64, 0n),
  EnabledUserLiquidity: map(BY_NETUID, bool, false),
  Positions: optionalMap([twox(u16), twox(AccountId), twox(PositionId)], Position),
  LastPositionId: value(u128, 0n),
  TickIndexBitmapWords: map([twox(u16), twox(LayerLevel), twox(u32)], u128, 0n),
  ScrapReservoirTao: map(BY_NETUID, u64, 0n),
  ScrapReservoirAlpha: map(BY_NETUID, u64, 0n),
})
