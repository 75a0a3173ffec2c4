/** The chain's own liquidity of a subnet: one position over all prices, which makes the pool a constant product. */
import type { State } from '../../state.js'
import {
  add64,
  div64,
  fromFixed64,
  integerSqrt,
  less,
  mul64,
  ONE64,
  sqrt64,
  toFixed64,
} from '../fixed.js'
import { S } from '../subtensor/storage.js'
import { Swap } from './storage.js'

/** Lowest and highest tick, and the square roots of their prices with 64 fractional bits. */
const MIN_TICK = -443_636
const MAX_TICK = 443_636
export const MIN_SQRT_PRICE = 4_295_048_016n
export const MAX_SQRT_PRICE = 79_226_673_515_401_279_992_447_579_061n

/** The account that the pallet's own position belongs to: `modl` and the pallet's id. */
const PROTOCOL = `0x6d6f646c74656e2f73776170${'00'.repeat(20)}`

/** 10^-12 with 64 fractional bits: how exact the first price is. */
const EPSILON = 18_446_744n

/** TAO and alpha that may be traded, RAO: the chain's and what others provide. */
export function reserves(state: State, netuid: number): { tao: bigint; alpha: bigint } {
  return {
    tao: state.get(S.SubnetTAO, netuid) + state.get(S.SubnetTaoProvided, netuid),
    alpha: state.get(S.SubnetAlphaIn, netuid) + state.get(S.SubnetAlphaInProvided, netuid),
  }
}

/** The tick below a price, from the square root of the price. */
export function tickOf(sqrtPrice: bigint): number {
  const tick = Math.floor((2 * Math.log(Number(sqrtPrice) / 2 ** 64)) / Math.log(1.0001))
  return Math.max(MIN_TICK, Math.min(MAX_TICK, tick))
}

/** Sets the price and what follows from it. */
export function setSqrtPrice(state: State, netuid: number, sqrtPrice: bigint): void {
  state.set(Swap.AlphaSqrtPrice, [netuid], sqrtPrice)
  state.set(Swap.CurrentTick, [netuid], tickOf(sqrtPrice))
}

/** Takes the reserves for the chain's position when the subnet is traded for the first time. */
export function ensureInitialized(state: State, netuid: number): void {
  if (state.get(Swap.SwapV3Initialized, netuid)) return
  const { tao, alpha } = reserves(state, netuid)
  setSqrtPrice(state, netuid, sqrt64(div64(toFixed64(tao), toFixed64(alpha)), EPSILON))
  const liquidity = integerSqrt(tao * alpha)
  const id = state.get(Swap.LastPositionId) + 1n
  state.set(Swap.LastPositionId, [], id)
  state.set(Swap.CurrentLiquidity, [netuid], liquidity)
  state.set(Swap.Positions, [netuid, PROTOCOL, id], {
    id,
    netuid,
    tick_low: MIN_TICK,
    tick_high: MAX_TICK,
    liquidity,
    fees_tao: state.get(Swap.FeeGlobalTao, netuid),
    fees_alpha: state.get(Swap.FeeGlobalAlpha, netuid),
  })
  setTicks(state, netuid, liquidity)
  state.set(Swap.SwapV3Initialized, [netuid], true)
}

/** What begins at the lowest tick ends at the highest. */
function setTicks(state: State, netuid: number, liquidity: bigint): void {
  const tick = { liquidity_gross: liquidity, fees_out_tao: 0n, fees_out_alpha: 0n }
  state.set(Swap.Ticks, [netuid, MIN_TICK], { ...tick, liquidity_net: liquidity })
  state.set(Swap.Ticks, [netuid, MAX_TICK], { ...tick, liquidity_net: -liquidity })
}

/**
 * Adds what is injected, and the fees since the last time, to the chain's position at the current price. What does not
 * fit the price waits for the next time.
 */
export function adjustLiquidity(
  state: State,
  netuid: number,
  injectedTao: bigint,
  injectedAlpha: bigint,
): void {
  const [keys, position] = state.entries(Swap.Positions, netuid, PROTOCOL)[0] ?? []
  if (!keys || !position) return
  const sqrtPrice = state.get(Swap.AlphaSqrtPrice, netuid)
  const fees_tao = state.get(Swap.FeeGlobalTao, netuid)
  const fees_alpha = state.get(Swap.FeeGlobalAlpha, netuid)
  const earned = (now: bigint, before: bigint) => (position.liquidity * (now - before)) >> 64n
  const tao =
    injectedTao + earned(fees_tao, position.fees_tao) + state.get(Swap.ScrapReservoirTao, netuid)
  const alpha =
    injectedAlpha +
    earned(fees_alpha, position.fees_alpha) +
    state.get(Swap.ScrapReservoirAlpha, netuid)
  const used = proportional(mul64(sqrtPrice, sqrtPrice), tao, alpha)
  state.set(Swap.ScrapReservoirTao, [netuid], tao - used.tao)
  state.set(Swap.ScrapReservoirAlpha, [netuid], alpha - used.alpha)
  const held = tokenAmounts(position.liquidity, sqrtPrice)
  const liquidity = integerSqrt((held.tao + used.tao) * (held.alpha + used.alpha))
  const gained = less(liquidity, position.liquidity)
  const current = state.get(Swap.CurrentLiquidity, netuid)
  state.set(Swap.CurrentLiquidity, [netuid], current + gained)
  state.set(Swap.Positions, keys, { ...position, liquidity, fees_tao, fees_alpha })
  setTicks(state, netuid, liquidity)
}

/** The largest parts of two amounts that are worth the same. */
function proportional(price: bigint, tao: bigint, alpha: bigint): { tao: bigint; alpha: bigint } {
  const worth = fromFixed64(mul64(toFixed64(alpha), price))
  if (worth <= tao) return { tao: worth, alpha }
  return { tao, alpha: fromFixed64(div64(toFixed64(tao), price)) }
}

/** What a position over all prices holds at a price. */
function tokenAmounts(liquidity: bigint, sqrtPrice: bigint): { tao: bigint; alpha: bigint } {
  const amount = toFixed64(liquidity)
  const [inverse, last] = [div64(ONE64, sqrtPrice), div64(ONE64, MAX_SQRT_PRICE)]
  return {
    tao: fromFixed64(mul64(amount, less(sqrtPrice, MIN_SQRT_PRICE))),
    alpha: fromFixed64(mul64(amount, less(inverse, last))),
  }
}

/** Liquidity that is left untouched when fees are shared out. */
export const MINIMUM_LIQUIDITY = 1000n

/** Shares a fee among those who provide liquidity. */
export function addFee(state: State, netuid: number, side: 'tao' | 'alpha', fee: bigint): void {
  const liquidity = less(state.get(Swap.CurrentLiquidity, netuid), MINIMUM_LIQUIDITY)
  if (liquidity === 0n) return
  const item = side === 'tao' ? Swap.FeeGlobalTao : Swap.FeeGlobalAlpha
  const share = div64(toFixed64(fee), toFixed64(liquidity))
  state.set(item, [netuid], add64(state.get(item, netuid), share))
}

/** Forgets all about the market of a subnet. */
export function clearLiquidity(state: State, netuid: number): void {
  for (const [keys] of state.entries(Swap.Positions, netuid)) state.remove(Swap.Positions, ...keys)
  for (const [keys] of state.entries(Swap.Ticks, netuid)) state.remove(Swap.Ticks, ...keys)
  for (const item of [Swap.FeeGlobalTao, Swap.FeeGlobalAlpha, Swap.AlphaSqrtPrice]) {
    state.remove(item, netuid)
  }
  for (const item of [Swap.CurrentLiquidity, Swap.ScrapReservoirTao, Swap.ScrapReservoirAlpha]) {
    state.remove(item, netuid)
  }
  state.remove(Swap.CurrentTick, netuid)
  state.remove(Swap.FeeRate, netuid)
  state.remove(Swap.SwapV3Initialized, netuid)
  state.remove(Swap.EnabledUserLiquidity, netuid)
}
