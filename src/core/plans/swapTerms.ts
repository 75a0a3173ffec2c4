/** Prices on dTAO chains: what a swap gives, the limit that is set, and when it is refused. */
import { buildCall, stakeCall, unstakeCall } from '../chain/calls.js'
import type { Pool, Quote } from '../chain/swap.js'
import { limitPrice } from '../chain/swap.js'
import type { Call, ChainClient } from '../chain/types.js'
import { BittensorError } from '../errors.js'
import type { Ss58 } from '../keys/ss58.js'
import { formatTao } from '../units.js'
import type { Fact } from './plan.js'

export type SwapTerms = {
  /** Millionths. */
  readonly tolerance: number
  readonly unsafe: boolean
  readonly allowPartial: boolean
}

type Direction = 'stake' | 'unstake'

/** @throws {BittensorError} `SLIPPAGE` if the price would pass the limit, so that the chain would refuse */
export function checkSlippage(
  pool: Pool,
  quote: Quote<bigint>,
  direction: Direction,
  terms: SwapTerms,
): void {
  if (terms.unsafe || terms.allowPartial || pool.stable) return
  const limit = limitPrice(pool, direction, terms.tolerance)
  if (!isBeyond(quote, direction, limit)) return
  throw new BittensorError('SLIPPAGE', 'the price would move further than you allow', {
    details: `price now τ${formatTao(pool.price)}, after it τ${formatTao(quote.priceAfter)}, limit τ${formatTao(limit)} (${percent(terms.tolerance / 1_000_000)})`,
    hint: 'use a smaller amount, a larger --tolerance, or --allow_partial',
    data: { priceRao: pool.price, priceAfterRao: quote.priceAfter, limitPriceRao: limit },
  })
}

/**
 * In a batch that may fill in part, whoever comes after the limit is reached gets nothing, and that fails them all.
 * @throws {BittensorError} `SLIPPAGE`
 */
export async function checkBatchFill(
  pool: Pool,
  shares: readonly { readonly amount: bigint }[],
  direction: Direction,
  terms: SwapTerms & { readonly batch: boolean },
  quote: (amount: bigint) => Promise<Quote<bigint>>,
): Promise<void> {
  if (!terms.batch || shares.length < 2) return
  if (terms.unsafe || !terms.allowPartial || pool.stable) return
  const allButLast = shares.slice(0, -1).reduce((sum, { amount }) => sum + amount, 0n)
  const limit = limitPrice(pool, direction, terms.tolerance)
  if (!isBeyond(await quote(allButLast), direction, limit)) return
  throw new BittensorError(
    'SLIPPAGE',
    'the limit is reached before the last hotkey, and then all of a batch fails',
    { hint: 'leave out --batch, use smaller amounts or a larger --tolerance' },
  )
}

function isBeyond(quote: Quote<bigint>, direction: Direction, limit: bigint): boolean {
  return direction === 'stake' ? quote.priceAfter > limit : quote.priceAfter < limit
}

/** Whether this chain lets a swap carry a limit price. */
export function hasLimit(client: ChainClient, direction: Direction): boolean {
  const call = direction === 'stake' ? 'add_stake_limit' : 'remove_stake_limit'
  return client.hasCall('SubtensorModule', call)
}

/** Stakes or takes back; with a limit price on a dTAO chain that has such calls, unless that was declined. */
export function tradeCall(
  client: ChainClient,
  direction: Direction,
  part: {
    readonly hotkey: Ss58
    readonly amount: bigint
    readonly netuid: number | undefined
    readonly pool: Pool | undefined
    readonly terms: SwapTerms
  },
): Call {
  const { hotkey, amount, netuid, pool, terms } = part
  const isStake = direction === 'stake'
  if (!pool || terms.unsafe || !hasLimit(client, direction)) {
    return (isStake ? stakeCall : unstakeCall)(client, { hotkey, amount, netuid })
  }
  return buildCall(client, 'SubtensorModule', isStake ? 'add_stake_limit' : 'remove_stake_limit', {
    hotkey,
    netuid,
    [isStake ? 'amount_staked' : 'amount_unstaked']: amount,
    limit_price: limitPrice(pool, direction, terms.tolerance),
    allow_partial: terms.allowPartial,
  })
}

/** Price now and after, what comes out, and what happens at the limit. */
export function swapFacts(part: {
  readonly client: ChainClient
  readonly pool: Pool
  readonly quote: Quote<bigint>
  readonly direction: Direction
  readonly terms: SwapTerms
}): Fact[] {
  const { client, pool, quote, direction, terms } = part
  if (pool.stable) return []
  const out =
    direction === 'stake' ? `${formatTao(quote.out)} SN${pool.netuid}` : `τ${formatTao(quote.out)}`
  return [
    {
      label: 'price',
      value: `τ${formatTao(pool.price)} per SN${pool.netuid}, after it τ${formatTao(quote.priceAfter)}`,
    },
    { label: 'you get', value: `≈ ${out}`, note: `slippage ${percent(quote.slippage)}` },
    { label: 'limit', value: limitText(client, pool, quote, direction, terms) },
  ]
}

function limitText(
  client: ChainClient,
  pool: Pool,
  quote: Quote<bigint>,
  direction: Direction,
  terms: SwapTerms,
): string {
  if (terms.unsafe) return 'none, as asked for'
  if (!hasLimit(client, direction))
    return `none: this chain (spec ${client.specVersion}) knows no limits`
  const limit = limitPrice(pool, direction, terms.tolerance)
  if (terms.allowPartial && isBeyond(quote, direction, limit)) {
    return `τ${formatTao(limit)}; the price would pass it, so only a part goes through`
  }
  const atLimit = terms.allowPartial ? 'fills in part' : 'fails'
  return `τ${formatTao(limit)}; beyond it the transaction ${atLimit}`
}

/** A share as a percentage, more exact where it is small. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.001 ? 4 : 2)} %`
}
