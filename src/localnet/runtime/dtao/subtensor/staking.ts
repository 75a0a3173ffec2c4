/** Staking and unstaking, with and without a limit to the price. */
import { DispatchFailure } from '../../failure.js'
import type { RuntimeContext } from '../../pallet.js'
import { signedBy } from '../../pallets/system.js'
import type { State } from '../../state.js'
import { div32, fromFixed32, minBig, toFixed32, U64_MAX } from '../fixed.js'
import { alphaPrice, feeOn, isDynamic, simulate, type Trade } from '../swap/engine.js'
import { ensure, fail, type SubtensorError } from './errors.js'
import { allNetuids, becomeDelegate, hotkeyExists, ownsHotkey } from './keys.js'
import {
  canPay,
  MIN_STAKE,
  type Position,
  payOut,
  ROOT,
  stakeInto,
  taoValue,
  unstakeFrom,
  withdraw,
} from './pool.js'
import { canIncrease, decreaseStake, hotkeyStake, stakeOf } from './shares.js'
import { S } from './storage.js'

/** A result, or undefined where the pool does not allow the trade. */
function attempt(work: () => Trade): Trade | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof DispatchFailure) return undefined
    throw error
  }
}

/** {@link simulate}; a pool that does not allow the trade is an error of this pallet. */
export function preview(state: State, netuid: number, side: 'buy' | 'sell', amount: bigint): Trade {
  return attempt(() => simulate(state, netuid, side, amount)) ?? fail('InsufficientLiquidity')
}

export const ensureTradable = (state: State, netuid: number): void =>
  ensure(state.get(S.SubtokenEnabled, netuid), 'SubtokenDisabled')

const ensureExists = (state: State, netuid: number): void =>
  ensure(state.get(S.NetworksAdded, netuid), 'SubnetNotExists')

/** Only one staking call per block and position. */
export function ensureOncePerBlock(state: State, { hotkey, coldkey, netuid }: Position): void {
  const blocked = state.has(S.StakingOperationRateLimiter, hotkey, coldkey, netuid)
  ensure(!blocked, 'StakingOperationRateLimitExceeded')
}

type AddArgs = { hotkey: string; netuid: number; amount_staked: bigint }
type Limit = { limit_price: bigint; allow_partial: boolean }

export function addStake(context: RuntimeContext, args: AddArgs): undefined {
  const { state } = context
  const { hotkey, netuid, amount_staked } = args
  const coldkey = signedBy(context.origin)
  ensureTradable(state, netuid)
  checkAdding(state, { hotkey, coldkey, netuid }, amount_staked, amount_staked, false)
  const tao = withdraw(context, coldkey, amount_staked)
  stakeInto(context, { hotkey, coldkey, netuid }, tao, { oncePerBlock: true })
}

export function addStakeLimit(context: RuntimeContext, args: AddArgs & Limit): undefined {
  const { state } = context
  const { hotkey, netuid, amount_staked, limit_price, allow_partial } = args
  const coldkey = signedBy(context.origin)
  const position = { hotkey, coldkey, netuid }
  const most = maxAdded(state, netuid, limit_price)
  checkAdding(state, position, amount_staked, most, allow_partial)
  if (state.get(S.Owner, hotkey) !== coldkey) becomeDelegate(state, hotkey)
  const tao = withdraw(context, coldkey, minBig(amount_staked, most))
  stakeInto(context, position, tao, { limit: limit_price, oncePerBlock: true })
}

function checkAdding(
  state: State,
  { hotkey, coldkey, netuid }: Position,
  asked: bigint,
  most: bigint,
  allowPartial: boolean,
): void {
  ensureExists(state, netuid)
  ensureTradable(state, netuid)
  const smallest = attempt(() => simulate(state, netuid, 'buy', MIN_STAKE))
  const fee = smallest ? smallest.fee : feeOn(state, netuid, MIN_STAKE)
  ensure(asked >= MIN_STAKE + fee, 'AmountTooLow')
  ensure(allowPartial || asked <= most, 'SlippageTooHigh')
  const amount = minBig(asked, most)
  ensure(canPay(state, coldkey, amount), 'NotEnoughBalanceToStake')
  ensure(hotkeyExists(state, hotkey), 'HotKeyAccountNotExists')
  const { paidIn, paidOut } = preview(state, netuid, 'buy', amount)
  ensure(paidIn >= MIN_STAKE, 'AmountTooLow')
  ensure(paidOut > 0n, 'InsufficientLiquidity')
  ensure(canIncrease(state, hotkey, netuid, paidOut), 'InsufficientLiquidity')
}

const TAO = 1_000_000_000n

/** The most TAO that can be staked until alpha costs so many RAO, fee included. */
export function maxAdded(state: State, netuid: number, limit: bigint): bigint {
  if (netuid === ROOT || !isDynamic(state, netuid)) {
    return limit >= TAO ? U64_MAX : fail('ZeroMaxStakeAmount')
  }
  return maxTraded(simulate(state, netuid, 'buy', U64_MAX, limit))
}

/** The most alpha that can be sold until it costs so few RAO, fee included. */
export function maxRemoved(state: State, netuid: number, limit: bigint): bigint {
  if (netuid === ROOT || !isDynamic(state, netuid)) {
    return limit <= TAO ? U64_MAX : fail('ZeroMaxStakeAmount')
  }
  return maxTraded(simulate(state, netuid, 'sell', U64_MAX, limit))
}

function maxTraded({ paidIn, fee }: Trade): bigint {
  const most = minBig(paidIn + fee, U64_MAX)
  return most > 0n ? most : fail('ZeroMaxStakeAmount')
}

type RemoveArgs = { hotkey: string; netuid: number; amount_unstaked: bigint }

export function removeStake(context: RuntimeContext, args: RemoveArgs): undefined {
  const { state } = context
  const { hotkey, netuid } = args
  const coldkey = signedBy(context.origin)
  ensureTradable(state, netuid)
  const position = { hotkey, coldkey, netuid }
  const alpha = minBig(args.amount_unstaked, stakeOf(state, hotkey, coldkey, netuid))
  checkRemoving(state, position, alpha, alpha, false)
  payOut(context, coldkey, unstakeFrom(context, position, alpha))
  afterUnstaking(context, position)
}

export function removeStakeLimit(context: RuntimeContext, args: RemoveArgs & Limit): undefined {
  const { state } = context
  const { hotkey, netuid, amount_unstaked, limit_price, allow_partial } = args
  const coldkey = signedBy(context.origin)
  const position = { hotkey, coldkey, netuid }
  const most = maxRemoved(state, netuid, limit_price)
  checkRemoving(state, position, amount_unstaked, most, allow_partial)
  const tao = unstakeFrom(context, position, minBig(amount_unstaked, most), { limit: limit_price })
  payOut(context, coldkey, tao)
  afterUnstaking(context, position)
}

export function removeStakeFullLimit(
  context: RuntimeContext,
  args: { hotkey: string; netuid: number; limit_price: bigint | undefined },
): undefined {
  const { hotkey, netuid, limit_price } = args
  const coldkey = signedBy(context.origin)
  const amount_unstaked = stakeOf(context.state, hotkey, coldkey, netuid)
  const removal = { hotkey, netuid, amount_unstaked }
  if (limit_price === undefined) removeStake(context, removal)
  else removeStakeLimit(context, { ...removal, limit_price, allow_partial: false })
}

function checkRemoving(
  state: State,
  position: Position,
  alpha: bigint,
  most: bigint,
  allowPartial: boolean,
): void {
  const problem = removalProblem(state, position, alpha, most, allowPartial)
  if (problem) fail(problem)
}

/** Why a stake cannot be sold, undefined when it can. */
export function removalProblem(
  state: State,
  position: Position,
  alpha: bigint,
  most: bigint,
  allowPartial: boolean,
): SubtensorError | undefined {
  const { hotkey, coldkey, netuid } = position
  if (!state.get(S.NetworksAdded, netuid)) return 'SubnetNotExists'
  if (state.has(S.StakingOperationRateLimiter, hotkey, coldkey, netuid)) {
    return 'StakingOperationRateLimitExceeded'
  }
  if (alpha === 0n) return 'AmountTooLow'
  const staked = stakeOf(state, hotkey, coldkey, netuid)
  if (staked < alpha) return 'NotEnoughStakeToWithdraw'
  const trade = attempt(() => simulate(state, netuid, 'sell', alpha))
  if (!trade) return 'InsufficientLiquidity'
  if (staked > alpha && trade.paidOut < MIN_STAKE) return 'AmountTooLow'
  if (!allowPartial && alpha > most) return 'SlippageTooHigh'
  return hotkeyExists(state, hotkey) ? undefined : 'HotKeyAccountNotExists'
}

/** Small nominations go altogether, and a hotkey with too little left may not have children. */
function afterUnstaking(context: RuntimeContext, position: Position): void {
  const { state } = context
  clearSmallNomination(context, position)
  if (totalHotkeyStake(state, position.hotkey) >= state.get(S.StakeThreshold)) return
  for (const netuid of allNetuids(state)) {
    state.remove(S.PendingChildKeys, netuid, position.hotkey)
  }
}

/** What is staked behind a hotkey on all subnets, in TAO at current prices. */
export const totalHotkeyStake = (state: State, hotkey: string): bigint =>
  allNetuids(state).reduce(
    (sum, netuid) => sum + taoValue(state, netuid, hotkeyStake(state, hotkey, netuid)),
    0n,
  )

/** Sells the rest of a nomination that is worth less than nominations must be. */
export function clearSmallNomination(context: RuntimeContext, position: Position): void {
  const { state } = context
  const { hotkey, coldkey, netuid } = position
  if (ownsHotkey(state, coldkey, hotkey)) return
  const alpha = stakeOf(state, hotkey, coldkey, netuid)
  const least = toFixed32(state.get(S.NominatorMinRequiredStake))
  if (alpha === 0n || alpha >= fromFixed32(div32(least, alphaPrice(state, netuid)))) return
  state.begin()
  try {
    const tao = unstakeFrom(context, position, alpha)
    state.commit()
    payOut(context, coldkey, tao)
  } catch (error) {
    state.rollback()
    if (!(error instanceof DispatchFailure)) throw error
    decreaseStake(state, hotkey, coldkey, netuid, stakeOf(state, hotkey, coldkey, netuid))
  }
}

export function unstakeAll(context: RuntimeContext, { hotkey }: { hotkey: string }): undefined {
  const { state } = context
  const coldkey = signedBy(context.origin)
  ensure(hotkeyExists(state, hotkey), 'HotKeyAccountNotExists')
  for (const netuid of allNetuids(state)) {
    const tao = sellWhole(context, { hotkey, coldkey, netuid })
    if (tao === undefined) continue
    payOut(context, coldkey, tao)
    clearSmallNomination(context, { hotkey, coldkey, netuid })
  }
}

/** Sells all alpha of a hotkey and stakes the TAO on root. */
export function unstakeAllAlpha(
  context: RuntimeContext,
  { hotkey }: { hotkey: string },
): undefined {
  const { state } = context
  const coldkey = signedBy(context.origin)
  ensure(hotkeyExists(state, hotkey), 'HotKeyAccountNotExists')
  let total = 0n
  for (const netuid of allNetuids(state)) {
    if (netuid === ROOT) continue
    const tao = sellWhole(context, { hotkey, coldkey, netuid })
    if (tao === undefined) continue
    total += tao
    clearSmallNomination(context, { hotkey, coldkey, netuid })
  }
  stakeInto(context, { hotkey, coldkey, netuid: ROOT }, total)
}

/** Sells a whole position; undefined where it cannot be sold. */
function sellWhole(context: RuntimeContext, position: Position): bigint | undefined {
  const { state } = context
  const { hotkey, coldkey, netuid } = position
  if (!state.get(S.SubtokenEnabled, netuid)) return undefined
  const alpha = stakeOf(state, hotkey, coldkey, netuid)
  if (removalProblem(state, position, alpha, alpha, false)) return undefined
  return unstakeFrom(context, position, alpha)
}
