/** What `stake_move`, `stake_swap` and `stake_transfer` check, and what they show before signing. */
import { buildCall } from '../chain/calls.js'
import { readOwner } from '../chain/stake.js'
import { moveLimit, moveWithin, type Quote, quoteMove, readPool } from '../chain/swap.js'
import type { Call, ChainClient, ChainView } from '../chain/types.js'
import { BittensorError } from '../errors.js'
import { type AlphaRao, alphaRao, formatTao } from '../units.js'
import { type CallPlan, planCall } from './callPlan.js'
import { rateLimit } from './ownHotkey.js'
import type { Planning } from './plan.js'
import { effectAmount, type Fact, type Party, partyName } from './plan.js'
import { blocksOnRoot, boundNote, heldReason, stakeAt } from './stakeFacts.js'
import { arrivesFact, partText, percent, type SwapTerms } from './swapTerms.js'
import { shortAddress } from './texts.js'
import { checkTrading, isOff } from './trading.js'

/** Stake of one coldkey behind one hotkey on one subnet. */
export type Place = { readonly coldkey: Party; readonly hotkey: Party; readonly netuid: number }

/** What was asked for. The amount is alpha of the origin (τ on root). */
export type MoveTerms = SwapTerms & {
  readonly kind: 'move' | 'swap' | 'transfer'
  readonly from: Place
  readonly to: Place
  readonly wanted: bigint | 'all'
}

/** Stake at both places. */
export type MoveRead = { readonly from: bigint; readonly to: bigint }
export type MovePlan = CallPlan<MoveRead> & {
  readonly amount: AlphaRao
  /** What arrives at the prices of the block; where a limit lets only a part through, of that part. */
  readonly expected: bigint
}

const MODULE = 'SubtensorModule'

/**
 * Checks a move of stake and says what it would do.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED`, `USAGE`, `SUBNET_NOT_FOUND`, `NOT_REGISTERED`, `INSUFFICIENT_STAKE`, `SLIPPAGE`,
 * `INSUFFICIENT_BALANCE`
 */
export async function planMove(planning: Planning, terms: MoveTerms): Promise<MovePlan> {
  const { client, view } = planning
  const { from, to } = terms
  checkRuntime(client, terms)
  checkDifferent(terms)
  await Promise.all([checkSubnets(view, terms), checkHotkey(view, terms)])
  await checkHold(planning, terms)
  const [before, there, origin, destination] = await Promise.all([
    readStakeAt(view, from),
    readStakeAt(view, to),
    readPool(view, from.netuid),
    readPool(view, to.netuid),
  ])
  const amount = amountOf(terms, before)
  const isSwap = from.netuid !== to.netuid
  const quote = isSwap
    ? await quoteMove(view, origin, destination, amount)
    : { out: amount, slippage: 0, priceAfter: 0n }
  const limit = moveLimit(origin, destination, terms.tolerance)
  if (isSwap) checkLimit(client, terms, quote, limit)
  const isPart = isSwap && isPartial(client, terms, quote, limit)
  const part = isPart ? moveWithin(origin, destination, limit, amount) : amount
  const call = callOf(client, terms, amount, limit)
  const plan = await planCall<MoveRead>(planning, {
    signer: from.coldkey,
    label: `${effectAmount(from, amount)} of ${partyName(from.hotkey)}`,
    call,
    netuids: [...new Set([from.netuid, to.netuid])],
    ...(terms.kind === 'transfer'
      ? { destinations: [{ address: to.coldkey.address, amountRao: null }] }
      : {}),
    asked: askedOf(terms),
    measure: async (at) => {
      const [left, got] = await Promise.all([readStakeAt(at, from), readStakeAt(at, to)])
      return { from: left, to: got }
    },
    facts: [
      ...factsOf(terms, amount, before),
      ...(isSwap ? swapFacts(client, terms, { quote, limit, amount, part }) : []),
    ],
    effects: [
      {
        label: stakeLabel(from),
        netuid: from.netuid,
        before,
        after: before - amount,
        ...boundNote(isPart, before, before - amount),
      },
      {
        label: stakeLabel(to),
        netuid: to.netuid,
        before: there,
        after: there + quote.out,
        ...boundNote(isPart, there, there + quote.out),
      },
    ],
    notes:
      terms.kind === 'transfer' ? ['stake that is transferred leaves your account for good'] : [],
    question: questionOf(terms, amount),
  })
  const expected = isPart
    ? (await quoteMove(view, origin, destination, alphaRao(part))).out
    : quote.out
  return { ...plan, amount, expected }
}

/** What was asked for: the price, and with it the limit, is another one in each block. */
function askedOf({ from, to, wanted }: MoveTerms): Readonly<Record<string, unknown>> {
  const place = ({ coldkey, hotkey, netuid }: Place) => [coldkey.address, hotkey.address, netuid]
  return { from: place(from), to: place(to), amount: wanted }
}

/** `stake on validator`, with the owner where it is somebody else's. */
export function stakeLabel({ coldkey, hotkey }: Place): string {
  return `${coldkey.name || `${shortAddress(coldkey.address)}`}, stake on ${hotkey.name || `${shortAddress(hotkey.address)}`}`
}

function readStakeAt(view: ChainView, { coldkey, hotkey, netuid }: Place): Promise<bigint> {
  return stakeAt(view, hotkey.address, { coldkey: coldkey.address, netuid })
}

function checkRuntime(client: ChainClient, { kind }: MoveTerms): void {
  if (client.hasCall(MODULE, `${kind}_stake`)) return
  buildCall(client, MODULE, `${kind}_stake`, {})
}

function checkDifferent({ kind, from, to }: MoveTerms): void {
  const isSame =
    from.netuid === to.netuid &&
    from.hotkey.address === to.hotkey.address &&
    from.coldkey.address === to.coldkey.address
  if (!isSame) return
  const what = {
    move: 'the stake is there already: name another hotkey or subnet',
    swap: 'the stake is in that subnet already: name another one',
    transfer: 'the stake belongs to that coldkey already',
  }
  throw new BittensorError('USAGE', what[kind])
}

async function checkSubnets(view: ChainView, { kind, from, to }: MoveTerms): Promise<void> {
  for (const netuid of new Set([from.netuid, to.netuid])) {
    await checkTrading(view, netuid)
    if (kind === 'transfer' && (await isOff(view, 'TransferToggle', netuid))) {
      throw new BittensorError(
        'EXTRINSIC_FAILED',
        `subnet ${netuid} does not let stake change owners`,
        { hint: 'unstake it and send the τ: btcli unstake, btcli transfer', data: { netuid } },
      )
    }
  }
}

/** @throws {BittensorError} `RATE_LIMITED` while the chain keeps stake on root */
async function checkHold({ client, view }: Planning, { from, to }: MoveTerms): Promise<void> {
  if (to.netuid === from.netuid) return
  const where = { coldkey: from.coldkey.address, netuid: from.netuid }
  const left = await blocksOnRoot(view, from.hotkey.address, where)
  if (left > 0) throw rateLimit(client, left, heldReason(left))
}

/** @throws {BittensorError} `NOT_REGISTERED` for a destination that the chain does not know */
async function checkHotkey(view: ChainView, { kind, to }: MoveTerms): Promise<void> {
  if (kind !== 'move' || (await readOwner(view, to.hotkey.address)) !== undefined) return
  throw new BittensorError(
    'NOT_REGISTERED',
    `the chain does not know the hotkey ${partyName(to.hotkey)}`,
    { details: 'stake can only be moved to a hotkey that was registered once' },
  )
}

function amountOf({ from, wanted }: MoveTerms, stake: bigint): AlphaRao {
  if (stake === 0n) {
    throw new BittensorError(
      'INSUFFICIENT_STAKE',
      `you have no stake on ${partyName(from.hotkey)} in subnet ${from.netuid}`,
      { hint: `btcli stake_list --wallet.name ${from.coldkey.name} shows where you have` },
    )
  }
  if (wanted === 'all') return alphaRao(stake)
  if (wanted <= stake) return alphaRao(wanted)
  throw new BittensorError(
    'INSUFFICIENT_STAKE',
    `your stake there is ${effectAmount(from, stake)}, less than ${effectAmount(from, wanted)}`,
    { hint: '--all takes all of it', data: { stakeRao: stake, amountRao: wanted } },
  )
}

/** Whether the runtime can hold this to a price: swaps since 2025, moves since 2026. */
function isLimited(client: ChainClient, terms: MoveTerms): boolean {
  const { kind, from, to } = terms
  return from.netuid !== to.netuid && client.hasCall(MODULE, `${kind}_stake_limit`)
}

/** Whether the limit is reached before all of the amount is through, so that the chain takes a part of it. */
function isPartial(
  client: ChainClient,
  terms: MoveTerms,
  { priceAfter }: Quote<bigint>,
  limit: bigint,
): boolean {
  if (!terms.allowPartial || terms.unsafe || !isLimited(client, terms)) return false
  return priceAfter < limit
}

function checkLimit(
  client: ChainClient,
  terms: MoveTerms,
  quote: Quote<bigint>,
  limit: bigint,
): void {
  if (terms.unsafe || isPartial(client, terms, quote, limit)) return
  if (quote.priceAfter >= limit) return
  throw new BittensorError('SLIPPAGE', 'the price would move further than you allow', {
    details: `you would lose ${percent(quote.slippage)} against the prices now; ${percent(terms.tolerance / 1_000_000)} may be moved`,
    hint: `use a smaller amount or a larger --tolerance${terms.kind === 'swap' && isLimited(client, terms) ? ', or --allow_partial' : ''}`,
    data: { slippage: quote.slippage, priceAfterRao: quote.priceAfter, limitPriceRao: limit },
  })
}

function callOf(client: ChainClient, terms: MoveTerms, amount: bigint, limit: bigint): Call {
  const { kind, from, to } = terms
  const netuids = { origin_netuid: from.netuid, destination_netuid: to.netuid }
  const isBound = !terms.unsafe && isLimited(client, terms)
  const who = {
    move: { origin_hotkey: from.hotkey.address, destination_hotkey: to.hotkey.address },
    swap: { hotkey: from.hotkey.address },
    transfer: { destination_coldkey: to.coldkey.address, hotkey: from.hotkey.address },
  }
  return buildCall(client, MODULE, `${kind}_stake${isBound ? '_limit' : ''}`, {
    ...who[kind],
    ...netuids,
    alpha_amount: amount,
    ...(isBound ? { limit_price: limit, allow_partial: terms.allowPartial } : {}),
  })
}

function factsOf({ kind, from, to }: MoveTerms, amount: bigint, stake: bigint): Fact[] {
  const all = amount === stake ? '   all of it' : ''
  const facts: Fact[] = [
    { label: 'hotkey', value: from.hotkey, note: `subnet ${from.netuid}` },
    { label: 'amount', value: effectAmount(from, amount), note: all.trim() },
  ]
  if (kind === 'transfer') facts.push({ label: 'to', value: to.coldkey })
  if (from.hotkey.address !== to.hotkey.address || from.netuid !== to.netuid) {
    facts.push({ label: 'then on', value: to.hotkey, note: `subnet ${to.netuid}` })
  }
  return facts
}

type MoveSwap = {
  readonly quote: Quote<bigint>
  readonly limit: bigint
  readonly amount: bigint
  /** What goes through before the limit is reached. */
  readonly part: bigint
}

function swapFacts(client: ChainClient, terms: MoveTerms, swap: MoveSwap): Fact[] {
  const { quote } = swap
  const out = effectAmount(terms.to, quote.out)
  const isPart = isPartial(client, terms, quote, swap.limit)
  const arrives = arrivesFact('arrives', out, quote, isPart)
  return [
    isPart ? arrives : { ...arrives, note: `${arrives.note}, fees of the pools included` },
    { label: 'limit', value: limitText(client, terms, swap) },
  ]
}

function limitText(client: ChainClient, terms: MoveTerms, swap: MoveSwap): string {
  const { quote, limit, amount, part } = swap
  if (terms.unsafe) return 'none, as asked for'
  if (!isLimited(client, terms)) {
    return 'none: the chain has no limit for this; checked before sending only'
  }
  const price = `${formatTao(limit)} ${unitOf(terms.to)} per ${unitOf(terms.from)}`
  if (isPartial(client, terms, quote, limit)) {
    return `${price}; ${partText(terms.from, part, amount)}`
  }
  return `${price}; beyond it the transaction ${terms.allowPartial ? 'fills in part' : 'fails'}`
}

function unitOf({ netuid }: Place): string {
  return netuid === 0 ? 'τ' : `SN${netuid}`
}

function questionOf({ kind, from, to }: MoveTerms, amount: bigint): string {
  const what = effectAmount(from, amount)
  if (kind === 'swap') return `Swap ${what} into subnet ${to.netuid}?`
  if (kind === 'move') {
    return `Move ${what} from ${partyName(from.hotkey)} to ${partyName(to.hotkey)}${from.netuid === to.netuid ? '' : ` in subnet ${to.netuid}`}?`
  }
  return `Transfer ${what} to ${partyName(to.coldkey)}?`
}
