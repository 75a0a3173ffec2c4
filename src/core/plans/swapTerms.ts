/** Prices on dTAO chains: what a swap gives, the limit that is set, and when it is refused. */
import { buildCall, stakeCall, unstakeCall } from '../chain/calls.js'
import type { Pool, Quote } from '../chain/swap.js'
import { amountWithin, isBeyond, limitPrice } from '../chain/swap.js'
import type { Call, ChainClient } from '../chain/types.js'
import { BittensorError } from '../errors.js'
import type { Ss58 } from '../keys/ss58.js'
import { formatTao } from '../units.js'
import { type Effect, effectAmount, type Fact } from './plan.js'

export type SwapTerms = {
  /** Millionths. */
  readonly tolerance: number
  readonly unsafe: boolean
  readonly allowPartial: boolean
}

type Direction = 'stake' | 'unstake'

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

/** A swap with its prices. */
export type Swap = {
  readonly client: ChainClient
  readonly pool: Pool
  readonly quote: Quote<bigint>
  /** What goes in, as far as the limit lets it. */
  readonly amount: bigint
  readonly direction: Direction
  readonly terms: SwapTerms
}

/** Whether the limit is reached before all of the amount is through, so that the chain takes a part of it. */
export function isPartial(swap: Swap): boolean {
  if (!swap.terms.allowPartial || swap.terms.unsafe) return false
  return hasLimit(swap.client, swap.direction) && passesLimit(swap)
}

function limitOf({ pool, direction, terms }: Swap): bigint {
  return limitPrice(pool, direction, terms.tolerance)
}

function passesLimit(swap: Swap): boolean {
  if (swap.pool.stable) return false
  return isBeyond(swap.quote.priceAfter, swap.direction, limitOf(swap))
}

/** How much of the amount goes through before the limit is reached. */
function partOf(swap: Swap): bigint {
  return amountWithin(swap.pool, swap.direction, limitOf(swap), swap.amount)
}

/**
 * Of a batch that may fill in part, whoever comes after the limit is reached gets nothing, and that fails them all.
 * @throws {BittensorError} `SLIPPAGE` if the chain would refuse, or where it knows no limit, the price would pass it
 */
export function checkPrice(
  swap: Swap | undefined,
  shares: readonly { readonly amount: bigint }[],
  terms: { readonly batch: boolean },
): void {
  if (!swap || swap.terms.unsafe || !passesLimit(swap)) return
  if (isPartial(swap)) {
    if (terms.batch) checkBatchFill(swap, shares)
    return
  }
  const { client, pool, quote, direction } = swap
  const limit = limitOf(swap)
  throw new BittensorError('SLIPPAGE', 'the price would move further than you allow', {
    details: `price now τ${formatTao(pool.price)}, after it τ${formatTao(quote.priceAfter)}, limit τ${formatTao(limit)} (${percent(swap.terms.tolerance / 1_000_000)})`,
    hint: `use a smaller amount${hasLimit(client, direction) ? ', a larger --tolerance, or --allow_partial' : ' or a larger --tolerance'}`,
    data: { priceRao: pool.price, priceAfterRao: quote.priceAfter, limitPriceRao: limit },
  })
}

function checkBatchFill(swap: Swap, shares: readonly { readonly amount: bigint }[]): void {
  const allButLast = shares.slice(0, -1).reduce((sum, { amount }) => sum + amount, 0n)
  if (allButLast <= partOf(swap)) return
  throw new BittensorError(
    'SLIPPAGE',
    'the limit is reached before the last hotkey, and then all of a batch fails',
    { hint: 'leave out --batch, use smaller amounts or a larger --tolerance' },
  )
}

/** Price now and after, what comes out, and what happens at the limit. */
export function swapFacts(swap: Swap | undefined): Fact[] {
  if (!swap || swap.pool.stable) return []
  const { pool, quote, direction } = swap
  const unit = direction === 'stake' ? ` SN${pool.netuid}` : ''
  const out = `${unit ? '' : 'τ'}${formatTao(quote.out)}${unit}`
  const price = `τ${formatTao(pool.price)} per SN${pool.netuid}`
  return [
    isPartial(swap)
      ? { label: 'price', value: price }
      : { label: 'price', value: `${price}, after it τ${formatTao(quote.priceAfter)}` },
    arrivesFact('you get', out, quote, isPartial(swap)),
    { label: 'limit', value: limitText(swap) },
  ]
}

/** What comes out of a swap; of a part, what all would give is only the most that it can be. */
export function arrivesFact(
  label: string,
  out: string,
  { slippage }: Pick<Quote<bigint>, 'slippage'>,
  isPart: boolean,
): Fact {
  return isPart
    ? { label, value: `at most ${out}, what all of it would give` }
    : { label, value: `≈ ${out}`, note: `slippage ${percent(slippage)}` }
}

function limitText(swap: Swap): string {
  const { client, pool, amount, direction, terms } = swap
  if (terms.unsafe) return 'none, as asked for'
  if (!hasLimit(client, direction))
    return `none: this chain (spec ${client.specVersion}) knows no limits`
  const limit = `τ${formatTao(limitOf(swap))}`
  if (isPartial(swap)) {
    const unit = direction === 'stake' ? {} : { netuid: pool.netuid }
    return `${limit}; ${partText(unit, partOf(swap), amount)}`
  }
  const atLimit = terms.allowPartial ? 'fills in part' : 'fails'
  return `${limit}; beyond it the transaction ${atLimit}`
}

/** How much of an amount goes through up to the limit, at the prices of the block. */
export function partText(unit: Pick<Effect, 'netuid'>, part: bigint, amount: bigint): string {
  return `≈ ${effectAmount(unit, part)} of ${effectAmount(unit, amount)} go through before it is reached`
}

/** A share as a percentage, more exact where it is small. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.001 ? 4 : 2)} %`
}
