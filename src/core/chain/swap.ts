/** What a swap between TAO and a subnet's alpha would give now: prices, slippage, limit prices. dTAO runtimes only. */
import { type AlphaRao, alphaRao, type Rao, rao } from '../units.js'
import { concat, littleEndian } from './encode.js'
import { priceRao, readPrices, readTaoWeight, WHOLE_WEIGHT } from './prices.js'
import { callDecoded, preferApi } from './runtimeApi.js'
import type { ChainView } from './types.js'
import { asBigint, asNumber, asRecord } from './values.js'

const MODULE = 'SubtensorModule'
const SWAP_API = 'SwapRuntimeApi'

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
  /** Share of the pool's weight that lies on TAO, 0 to 1; a half before 2026. */
  readonly taoWeight: number
}

/** What a swap would give. */
export type Quote<Amount> = {
  readonly out: Amount
  /** Share that is lost against the price now, fees of the pool included, 0 to 1. */
  readonly slippage: number
  /** RAO per alpha afterwards: what a limit price is compared with. */
  readonly priceAfter: bigint
}

/**
 * Reads a pool.
 * @throws {BittensorError} `CONNECTION`, `TIMEOUT`
 */
export async function readPool(view: ChainView, netuid: number): Promise<Pool> {
  const [prices, tao, alpha, kind, taoWeight] = await Promise.all([
    readPrices(view, [netuid]),
    view.read(MODULE, 'SubnetTAO', netuid),
    view.read(MODULE, 'SubnetAlphaIn', netuid),
    view.read(MODULE, 'SubnetMechanism', netuid),
    readTaoWeight(view, netuid),
  ])
  return {
    netuid,
    stable: netuid === 0 || asNumber(kind) === 0,
    tao: asBigint(tao),
    alpha: asBigint(alpha),
    price: priceRao(prices.get(netuid)),
    taoWeight: Number(taoWeight) / Number(WHOLE_WEIGHT),
  }
}

/**
 * Alpha for TAO: as the chain simulates it where it can, else by the reserves.
 * @throws {BittensorError} `CONNECTION`, `TIMEOUT`
 */
export async function quoteStake(
  view: ChainView,
  pool: Pool,
  amount: Rao,
): Promise<Quote<AlphaRao>> {
  if (pool.stable) return { out: alphaRao(amount), slippage: 0, priceAfter: pool.price }
  const simulated = await simulate(view, 'sim_swap_tao_for_alpha', pool, amount)
  const out = simulated?.alpha ?? outOf(pool, 'stake', amount)
  const ideal = pool.price === 0n ? 0n : (amount * PRICE_SCALE) / pool.price
  return {
    out: alphaRao(out),
    slippage: lost(ideal, out),
    priceAfter: priceAfter(pool, 'stake', amount),
  }
}

/** TAO for alpha, as {@link quoteStake}. */
export async function quoteUnstake(
  view: ChainView,
  pool: Pool,
  amount: AlphaRao,
): Promise<Quote<Rao>> {
  if (pool.stable) return { out: rao(amount), slippage: 0, priceAfter: pool.price }
  const simulated = await simulate(view, 'sim_swap_alpha_for_tao', pool, amount)
  const out = simulated?.tao ?? outOf(pool, 'unstake', amount)
  const ideal = (amount * pool.price) / PRICE_SCALE
  return {
    out: rao(out),
    slippage: lost(ideal, out),
    priceAfter: priceAfter(pool, 'unstake', amount),
  }
}

/**
 * Alpha of one subnet for alpha of another: sold for TAO, and that TAO staked again. `priceAfter` is the ratio of both
 * prices afterwards × 10⁹, what a limit is compared with.
 */
export async function quoteMove(
  view: ChainView,
  origin: Pool,
  destination: Pool,
  amount: AlphaRao,
): Promise<Quote<AlphaRao>> {
  const sold = await quoteUnstake(view, origin, amount)
  const bought = await quoteStake(view, destination, sold.out)
  const ideal = (amount * ratioOf(origin.price, destination.price)) / PRICE_SCALE
  return {
    out: bought.out,
    slippage: lost(ideal, bought.out),
    priceAfter: ratioOf(sold.priceAfter, bought.priceAfter),
  }
}

/** The most of an amount that leaves the price within its limit: an estimate, by the reserves. */
export function amountWithin(
  pool: Pool,
  direction: 'stake' | 'unstake',
  limit: bigint,
  amount: bigint,
): bigint {
  return most(amount, (part) => !isBeyond(priceAfter(pool, direction, part), direction, limit))
}

/** As {@link amountWithin}, for {@link quoteMove} and a limit from {@link moveLimit}. */
export function moveWithin(origin: Pool, destination: Pool, limit: bigint, amount: bigint): bigint {
  return most(amount, (part) => {
    const sold = origin.stable ? part : outOf(origin, 'unstake', part)
    const prices = [
      priceAfter(origin, 'unstake', part),
      priceAfter(destination, 'stake', sold),
    ] as const
    return ratioOf(...prices) >= limit
  })
}

/** Whether a price has passed its limit. */
export function isBeyond(price: bigint, direction: 'stake' | 'unstake', limit: bigint): boolean {
  return direction === 'stake' ? price > limit : price < limit
}

/** The largest amount that is fine, where all smaller ones are as well. */
function most(amount: bigint, isFine: (part: bigint) => boolean): bigint {
  let [fine, bad] = [0n, amount + 1n]
  while (bad - fine > 1n) {
    const middle = (fine + bad) / 2n
    if (isFine(middle)) fine = middle
    else bad = middle
  }
  return fine
}

/** The worst ratio of both prices × 10⁹ to accept for a tolerance in millionths. */
export function moveLimit(origin: Pool, destination: Pool, tolerance: number): bigint {
  return limitPrice({ price: ratioOf(origin.price, destination.price) }, 'unstake', tolerance)
}

function ratioOf(price: bigint, other: bigint): bigint {
  return other === 0n ? 0n : (price * PRICE_SCALE) / other
}

async function simulate(
  view: ChainView,
  method: string,
  pool: Pool,
  amount: bigint,
): Promise<{ readonly tao: bigint; readonly alpha: bigint } | undefined> {
  const args = concat([littleEndian(BigInt(pool.netuid), 2), littleEndian(amount, 8)])
  return preferApi(
    view,
    SWAP_API,
    method,
    async () => {
      const result = asRecord(await callDecoded(view, SWAP_API, method, args, []))
      return { tao: asBigint(result['tao_amount']), alpha: asBigint(result['alpha_amount']) }
    },
    async () => undefined,
  )
}

/** What comes out of one reserve for what goes into the other: to the last digit where both weigh the same, as before 2026. */
function outOf(
  { tao, alpha, taoWeight }: Pool,
  direction: 'stake' | 'unstake',
  amount: bigint,
): bigint {
  const [into, from] = direction === 'stake' ? [tao, alpha] : [alpha, tao]
  const grown = into + amount
  if (grown === 0n) return 0n
  if (taoWeight === EVEN) return from - (into * from) / grown
  const weight = direction === 'stake' ? taoWeight : 1 - taoWeight
  return from - power(from, into, grown, weight / (1 - weight))
}

/** Along the curve the price goes with a power of the reserve that grows; the square where both weigh the same. */
function priceAfter(pool: Pool, direction: 'stake' | 'unstake', amount: bigint): bigint {
  const { price, tao, alpha, taoWeight } = pool
  if (pool.stable) return price
  return direction === 'stake'
    ? power(price, tao + amount, tao, 1 / (1 - taoWeight))
    : power(price, alpha, alpha + amount, 1 / taoWeight)
}

const EVEN = 0.5

/** value × (numerator ⁄ denominator)^exponent; an estimate unless the exponent is 2. */
function power(value: bigint, numerator: bigint, denominator: bigint, exponent: number): bigint {
  if (denominator === 0n) return 0n
  if (exponent === 2) return (value * numerator * numerator) / (denominator * denominator)
  const factor = (Number(numerator) / Number(denominator)) ** exponent
  return Number.isFinite(factor) ? (value * BigInt(Math.round(factor * 1e15))) / 10n ** 15n : 0n
}

function lost(ideal: bigint, out: bigint): number {
  if (ideal <= 0n || out >= ideal) return 0
  return Number(((ideal - out) * 1_000_000n) / ideal) / 1_000_000
}

/**
 * The worst price to accept, in RAO per alpha, for a tolerance in millionths: above the price when staking, below it
 * when unstaking. Rounded towards the price, so that the limit is never looser than asked for.
 * @example
 * limitPrice({ price: 1_000_000_000n }, 'stake', 5_000) // 1005000000n
 */
export function limitPrice(
  pool: Pick<Pool, 'price'>,
  direction: 'stake' | 'unstake',
  tolerance: number,
): bigint {
  const millionths = BigInt(tolerance)
  const share = 1_000_000n
  if (direction === 'stake') return (pool.price * (share + millionths)) / share
  return (pool.price * (share - millionths) + share - 1n) / share
}
