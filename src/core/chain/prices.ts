/** What a subnet's alpha is worth in TAO. Only dTAO runtimes have prices. */
import { type Rao, rao } from '../units.js'
import type { ChainValue, ChainView } from './types.js'
import { asBigint, asNumber, asRecord } from './values.js'

/** TAO per alpha as an exact fraction. */
export type Price = { readonly tao: bigint; readonly alpha: bigint }

const PAR: Price = { tao: 1n, alpha: 1n }
const MODULE = 'SubtensorModule'

/**
 * Prices of the alpha of several subnets, with one request. Root and subnets without a pool stand at par.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED` on classic runtimes
 */
export async function readPrices(
  view: ChainView,
  netuids: Iterable<number>,
): Promise<ReadonlyMap<number, Price>> {
  const unique = [...new Set(netuids)]
  const prices = await Promise.all(unique.map((netuid) => readPrice(view, netuid)))
  return new Map(unique.map((netuid, i) => [netuid, prices[i] ?? PAR]))
}

async function readPrice(view: ChainView, netuid: number): Promise<Price> {
  if (netuid === 0) return PAR
  const [kind, tao, alpha, root, weight] = await Promise.all([
    view.read(MODULE, 'SubnetMechanism', netuid),
    view.read(MODULE, 'SubnetTAO', netuid),
    view.read(MODULE, 'SubnetAlphaIn', netuid),
    view.hasStorage('Swap', 'AlphaSqrtPrice') ? view.read('Swap', 'AlphaSqrtPrice', netuid) : 0,
    readTaoWeight(view, netuid),
  ])
  if (asNumber(kind) === 0) return PAR
  // From mid-2025 until 2026 the pool kept the root of its price, U64F64 bits; before, the reserves make the price.
  const bits = asBigint(isFixed(root) ? root.bits : root)
  if (bits > 0n) return { tao: bits * bits, alpha: 1n << 128n }
  const reserves = { tao: asBigint(tao), alpha: asBigint(alpha) }
  if (weight * 2n === WHOLE_WEIGHT) return reserves
  return { tao: reserves.tao * (WHOLE_WEIGHT - weight), alpha: reserves.alpha * weight }
}

/** The weights of both sides of a pool together. */
export const WHOLE_WEIGHT = 10n ** 18n

/**
 * The part of {@link WHOLE_WEIGHT} that lies on the TAO of a pool; a half before 2026, when both sides weighed the same
 * (`Swap.SwapBalancer`; opentensor/subtensor, pallets/swap, balancer.rs).
 */
export async function readTaoWeight(view: ChainView, netuid: number): Promise<bigint> {
  if (netuid === 0 || !view.hasStorage('Swap', 'SwapBalancer')) return WHOLE_WEIGHT / 2n
  return asBigint(asRecord(await view.read('Swap', 'SwapBalancer', netuid))['quote'])
}

/** A fixed-point number as the runtime describes it: a struct around its bits. */
function isFixed(value: ChainValue): value is { readonly bits: ChainValue } {
  return typeof value === 'object' && 'bits' in value
}

/** An amount of alpha in RAO at a price, rounded down; 0 for an empty pool. */
export function valueAt(price: Price | undefined, alpha: bigint): Rao {
  if (!price || price.alpha === 0n) return rao(0n)
  return rao((alpha * price.tao) / price.alpha)
}

/** A price in RAO per whole alpha, rounded down; 0 for an empty pool. */
export function priceRao(price: Price | undefined): Rao {
  return valueAt(price, 1_000_000_000n)
}
