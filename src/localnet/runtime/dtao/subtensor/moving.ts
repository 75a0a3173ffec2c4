/** Moving stake: to another hotkey, another subnet or another coldkey. */
import type { RuntimeContext } from '../../pallet.js'
import { signedBy } from '../../pallets/system.js'
import type { State } from '../../state.js'
import { div64, fromFixed64, less, minBig, mul64, toFixed64, U64_MAX } from '../fixed.js'
import { alphaPrice, isDynamic } from '../swap/engine.js'
import { reserves } from '../swap/liquidity.js'
import { ensure, fail } from './errors.js'
import { becomeDelegate, hotkeyExists } from './keys.js'
import { MIN_STAKE, type Position, ROOT, stakeInto, transferWithin, unstakeFrom } from './pool.js'
import { stakeOf } from './shares.js'
import { ensureOncePerBlock, maxAdded, maxRemoved, preview } from './staking.js'
import { S } from './storage.js'

type Netuids = { origin_netuid: number; destination_netuid: number; alpha_amount: bigint }

type MoveArgs = Netuids & { origin_hotkey: string; destination_hotkey: string }
type Limit = { limit_price: bigint; allow_partial: boolean }

export const moveStake = (context: RuntimeContext, args: MoveArgs): undefined =>
  moveHotkeys(context, args, {})

export const moveStakeLimit = (
  context: RuntimeContext,
  { limit_price, allow_partial, ...args }: MoveArgs & Limit,
): undefined => moveHotkeys(context, args, { limit: limit_price, allowPartial: allow_partial })

function moveHotkeys(context: RuntimeContext, args: MoveArgs, limits: Terms): undefined {
  const coldkey = signedBy(context.origin)
  const { origin_hotkey, origin_netuid, destination_hotkey, destination_netuid } = args
  const tao = transition(
    context,
    { hotkey: origin_hotkey, coldkey, netuid: origin_netuid },
    { hotkey: destination_hotkey, coldkey, netuid: destination_netuid },
    args.alpha_amount,
    { ...limits, oncePerBlock: true },
  )
  context.emit('SubtensorModule', 'StakeMoved', [
    coldkey,
    origin_hotkey,
    origin_netuid,
    destination_hotkey,
    destination_netuid,
    tao,
  ])
}

export function transferStake(
  context: RuntimeContext,
  args: Netuids & { destination_coldkey: string; hotkey: string },
): undefined {
  const coldkey = signedBy(context.origin)
  const { destination_coldkey, hotkey, origin_netuid, destination_netuid } = args
  const tao = transition(
    context,
    { hotkey, coldkey, netuid: origin_netuid },
    { hotkey, coldkey: destination_coldkey, netuid: destination_netuid },
    args.alpha_amount,
    { checkToggle: true },
  )
  context.emit('SubtensorModule', 'StakeTransferred', [
    coldkey,
    destination_coldkey,
    hotkey,
    origin_netuid,
    destination_netuid,
    tao,
  ])
}

type SwapArgs = Netuids & { hotkey: string }

export const swapStake = (context: RuntimeContext, args: SwapArgs): undefined =>
  swapSubnets(context, args, {})

export const swapStakeLimit = (
  context: RuntimeContext,
  { limit_price, allow_partial, ...args }: SwapArgs & Limit,
): undefined => swapSubnets(context, args, { limit: limit_price, allowPartial: allow_partial })

function swapSubnets(context: RuntimeContext, args: SwapArgs, limits: Terms): undefined {
  const coldkey = signedBy(context.origin)
  const { hotkey, origin_netuid, destination_netuid } = args
  const tao = transition(
    context,
    { hotkey, coldkey, netuid: origin_netuid },
    { hotkey, coldkey, netuid: destination_netuid },
    args.alpha_amount,
    { ...limits, oncePerBlock: true },
  )
  context.emit('SubtensorModule', 'StakeSwapped', [
    coldkey,
    hotkey,
    origin_netuid,
    destination_netuid,
    tao,
  ])
}

type Terms = {
  /** Price of the one alpha in the other that it may fall to, in 10^-9. */
  readonly limit?: bigint
  readonly allowPartial?: boolean
  /** Whether the subnets must allow stake to change hands. */
  readonly checkToggle?: boolean
  readonly oncePerBlock?: boolean
}

/** Moves stake; returns the TAO it came to. */
function transition(
  context: RuntimeContext,
  from: Position,
  to: Position,
  asked: bigint,
  terms: Terms,
): bigint {
  const { state } = context
  const alpha = minBig(asked, stakeOf(state, from.hotkey, from.coldkey, from.netuid))
  const same = from.netuid === to.netuid
  const bounded = !same && terms.limit !== undefined
  const most = bounded ? maxMoved(state, from.netuid, to.netuid, terms.limit ?? 0n) : alpha
  check(state, from, to, alpha, most, terms)
  const amount = minBig(alpha, most)
  if (same) return transferWithin(context, from, to, amount)
  // One fee for both trades: on the side that has a pool, the first of the two.
  const fromRoot = from.netuid === ROOT
  const tao = unstakeFrom(context, from, amount, { dropFees: fromRoot })
  if (tao < MIN_STAKE) return tao
  if (state.get(S.Owner, to.hotkey) !== to.coldkey) becomeDelegate(state, to.hotkey)
  const { oncePerBlock = false } = terms
  stakeInto(context, to, tao, { dropFees: !fromRoot, oncePerBlock })
  return tao
}

function check(
  state: State,
  from: Position,
  to: Position,
  alpha: bigint,
  most: bigint,
  { allowPartial = true, checkToggle = false }: Terms,
): void {
  const sameKeys = from.coldkey === to.coldkey && from.hotkey === to.hotkey
  ensure(!sameKeys || from.netuid !== to.netuid, 'SameNetuid')
  ensureOncePerBlock(state, from)
  const both = [from.netuid, to.netuid]
  for (const netuid of both) ensure(state.get(S.NetworksAdded, netuid), 'SubnetNotExists')
  for (const netuid of both) ensure(state.get(S.SubtokenEnabled, netuid), 'SubtokenDisabled')
  for (const hotkey of [from.hotkey, to.hotkey]) {
    ensure(hotkeyExists(state, hotkey), 'HotKeyAccountNotExists')
  }
  if (from.netuid !== to.netuid) {
    const { paidOut } = preview(state, from.netuid, 'sell', alpha)
    ensure(paidOut > MIN_STAKE, 'AmountTooLow')
    ensure(allowPartial || alpha <= most, 'SlippageTooHigh')
  }
  if (!checkToggle) return
  for (const netuid of both) ensure(state.get(S.TransferToggle, netuid), 'TransferDisallowed')
}

const TAO = 1_000_000_000n

/** The most alpha that can be moved until its price in the other alpha falls to a limit. */
export function maxMoved(state: State, from: number, to: number, limit: bigint): bigint {
  const fixed = (netuid: number) => netuid === ROOT || !isDynamic(state, netuid)
  if (fixed(from) && fixed(to)) return limit > TAO ? fail('ZeroMaxStakeAmount') : U64_MAX
  if (fixed(from)) {
    if (limit === 0n) return U64_MAX
    const inverted = fromFixed64(mul64(div64(toFixed64(TAO), toFixed64(limit)), toFixed64(TAO)))
    return maxAdded(state, to, inverted)
  }
  if (fixed(to)) return maxRemoved(state, from, limit)
  return maxBetween(state, from, to, limit)
}

/** {@link maxMoved} between two pools, as if both trades were one. */
function maxBetween(state: State, from: number, to: number, limit: bigint): bigint {
  const [origin, destination] = [reserves(state, from), reserves(state, to)]
  const isEmpty = [origin, destination].some(({ tao, alpha }) => tao === 0n || alpha === 0n)
  if (isEmpty) fail('ZeroMaxStakeAmount')
  const wanted = div64(toFixed64(limit), toFixed64(TAO))
  const price = div64(alphaPrice(state, from) << 32n, alphaPrice(state, to) << 32n)
  if (wanted > price) fail('ZeroMaxStakeAmount')
  if (limit === 0n) return U64_MAX
  const sum = toFixed64(origin.tao + destination.tao)
  const gain = mul64(toFixed64(destination.alpha), div64(toFixed64(origin.tao), sum))
  const loss = mul64(toFixed64(origin.alpha), div64(toFixed64(destination.tao), sum))
  const most = fromFixed64(less(div64(gain, wanted), loss))
  return most > 0n ? most : fail('ZeroMaxStakeAmount')
}
