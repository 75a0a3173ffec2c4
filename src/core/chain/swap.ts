/** What a swap between TAO and a subnet's alpha would give now: prices, slippage, limit prices. dTAO runtimes only. */
import { type AlphaRao, alphaRao, type Rao, rao } from '../units.js'
import type { ChainView } from './types.js'
import { asBigint, asNumber } from './values.js'

const MODULE = 'SubtensorModule'

/** Price scale of the chain: RAO per whole alpha. */
const PRICE_SCALE = 1_000_000_000n

/** A subnet's pool at one block. On `stable` subnets (root among them) alpha and TAO are one to one. */
export type Pool = {
  readonly netuid: number
  readonly stable: boolean
  /** Reserves. */
  readonly tao: bigint
  readonly alpha: bigint
  /** RAO per alpha. */
  readonly price: bigint
}

/** What a swap would give. */
export type Quote<Amount> = {
  readonly out: Amount
  /** Share that is lost against the price now, 0 to 1. */
  readonly slippage: number
  /** RAO per alpha afterwards: what a limit price is compared with. */
  readonly priceAfter: bigint
}

/**
 * Reads a pool.
 * @throws {BittensorError} `CONNECTION`, `TIMEOUT`
 */
export async function readPool(view: ChainView, netuid: number): Promise<Pool> {
  const [tao, alpha, kind] = await Promise.all([
    view.read(MODULE, 'SubnetTAO', netuid),
    view.read(MODULE, 'SubnetAlphaIn', netuid),
    view.read(MODULE, 'SubnetMechanism', netuid),
  ])
  const stable = netuid === 0 || asNumber(kind) === 0
  const reserves = { tao: asBigint(tao), alpha: asBigint(alpha) }
  return { netuid, stable, ...reserves, price: stable ? PRICE_SCALE : priceOf(reserves) }
}

function priceOf({ tao, alpha }: { readonly tao: bigint; readonly alpha: bigint }): bigint {
  return alpha === 0n ? 0n : (tao * PRICE_SCALE) / alpha
}

/**
 * Alpha for TAO by the constant product of the reserves; the pool's own fee on later runtimes comes on top.
 * @example
 * quoteStake(pool, rao(1_000_000_000n)).out
 */
export function quoteStake(pool: Pool, amount: Rao): Quote<AlphaRao> {
  if (pool.stable) return { out: alphaRao(amount), slippage: 0, priceAfter: pool.price }
  const tao = pool.tao + amount
  const alpha = tao === 0n ? 0n : (pool.tao * pool.alpha) / tao
  const out = pool.alpha - alpha
  const ideal = pool.price === 0n ? 0n : (amount * PRICE_SCALE) / pool.price
  return { out: alphaRao(out), slippage: lost(ideal, out), priceAfter: priceOf({ tao, alpha }) }
}

/** TAO for alpha, as {@link quoteStake}. */
export function quoteUnstake(pool: Pool, amount: AlphaRao): Quote<Rao> {
  if (pool.stable) return { out: rao(amount), slippage: 0, priceAfter: pool.price }
  const alpha = pool.alpha + amount
  const tao = alpha === 0n ? 0n : (pool.tao * pool.alpha) / alpha
  const out = pool.tao - tao
  const ideal = (amount * pool.price) / PRICE_SCALE
  return { out: rao(out), slippage: lost(ideal, out), priceAfter: priceOf({ tao, alpha }) }
}

function lost(ideal: bigint, out: bigint): number {
  if (ideal <= 0n || out >= ideal) return 0
  return Number(((ideal - out) * 1_000_000n) / ideal) / 1_000_000
}

/**
 * The worst price to accept, in RAO per alpha, for a tolerance in millionths: above the price when staking, below it
 * when unstaking. Rounded towards the price, so that the limit is never looser than asked for.
 */
export function limitPrice(pool: Pool, direction: 'stake' | 'unstake', tolerance: number): bigint {
  const millionths = BigInt(tolerance)
  const share = 1_000_000n
  if (direction === 'stake') return (pool.price * (share + millionths)) / share
  return (pool.price * (share - millionths) + share - 1n) / share
}
