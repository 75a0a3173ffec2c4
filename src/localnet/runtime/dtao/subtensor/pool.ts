/** Moving TAO into subnets and out of them: trades, and the books around them. */
import type { RuntimeContext } from '../../pallet.js'
import type { State } from '../../state.js'
import { fromFixed32, less, minBig, mul32, toFixed32 } from '../fixed.js'
import { deposit, reducible, tryWithdraw } from '../pallets/balances.js'
import { alphaPrice, isDynamic, swap, type Trade } from '../swap/engine.js'
import { claimedByStaking, claimedByUnstaking, listStakingColdkey } from './claims.js'
import { ensure } from './errors.js'
import { addToList } from './keys.js'
import { canIncrease, decreaseStake, increaseStake } from './shares.js'
import { S } from './storage.js'

type Context = Pick<RuntimeContext, 'state' | 'emit' | 'block'>

/** The subnet whose alpha is TAO itself. */
export const ROOT = 0
/** The least TAO worth trading, RAO. */
export const MIN_STAKE = 2_000_000n

type Terms = {
  /** RAO per alpha up to which (or down to which) to trade. */
  readonly limit?: bigint
  readonly dropFees?: boolean
}

const add = (
  state: State,
  item: typeof S.SubnetTAO | typeof S.SubnetVolume,
  netuid: number,
  change: bigint,
): void => state.set(item, [netuid], less(state.get(item, netuid) + change, 0n))

export function addTotalStake(state: State, change: bigint): void {
  state.set(S.TotalStake, [], less(state.get(S.TotalStake) + change, 0n))
}

/** Adds to (or takes from) the supply that the pallet counts. */
export function addIssuance(state: State, change: bigint): void {
  state.set(S.TotalIssuance, [], less(state.get(S.TotalIssuance) + change, 0n))
}

/** Puts TAO from a sale on root: there alpha is TAO. */
export function addRootPool(state: State, tao: bigint): void {
  add(state, S.SubnetTAO, ROOT, tao)
  add(state, S.SubnetAlphaOut, ROOT, tao)
  addTotalStake(state, tao)
}

/** Takes alpha out of existence. */
export function recycleAlpha(state: State, netuid: number, amount: bigint): void {
  add(state, S.SubnetAlphaOut, netuid, -amount)
}

const oneToOne = (amount: bigint): Trade => ({ paidIn: amount, paidOut: amount, fee: 0n })

/** Buys alpha for TAO that has left its owner already. Reserves, volume and total stake follow. */
export function buyAlpha(state: State, netuid: number, tao: bigint, terms: Terms = {}): Trade {
  const trade = isDynamic(state, netuid) ? swap(state, netuid, 'buy', tao, terms) : oneToOne(tao)
  takeReserve(state, S.SubnetAlphaInProvided, S.SubnetAlphaIn, netuid, trade.paidOut)
  add(state, S.SubnetAlphaOut, netuid, trade.paidOut)
  add(state, S.SubnetTAO, netuid, trade.paidIn)
  addTotalStake(state, tao)
  add(state, S.SubnetVolume, netuid, tao)
  return trade
}

/** Sells alpha that has left its owner already; the TAO is to be paid out by the caller. */
export function sellAlpha(state: State, netuid: number, alpha: bigint, terms: Terms = {}): Trade {
  const trade = isDynamic(state, netuid)
    ? swap(state, netuid, 'sell', alpha, terms)
    : oneToOne(alpha)
  add(state, S.SubnetAlphaIn, netuid, trade.paidIn)
  add(state, S.SubnetAlphaOut, netuid, -trade.paidIn)
  takeReserve(state, S.SubnetTaoProvided, S.SubnetTAO, netuid, trade.paidOut)
  addTotalStake(state, -trade.paidOut)
  add(state, S.SubnetVolume, netuid, trade.paidOut)
  return trade
}

/** Takes from what others have provided first, then from the chain's own reserve. */
function takeReserve(
  state: State,
  provided: typeof S.SubnetTaoProvided,
  own: typeof S.SubnetTAO,
  netuid: number,
  amount: bigint,
): void {
  const given = state.get(provided, netuid)
  state.set(provided, [netuid], less(given, amount))
  if (amount > given) add(state, own, netuid, given - amount)
}

const flow = (state: State, netuid: number, change: bigint): void =>
  state.set(S.SubnetTaoFlow, [netuid], state.get(S.SubnetTaoFlow, netuid) + change)

/** Who stakes on whom, and where. */
export type Position = {
  readonly hotkey: string
  readonly coldkey: string
  readonly netuid: number
}

const noteStakeBlock = ({ state, block }: Context, { hotkey, coldkey }: Position): void =>
  state.set(S.LastColdkeyHotkeyStakeBlock, [coldkey, hotkey], BigInt(block))

/** Stakes TAO that has left its owner already; returns the alpha. Raises StakeAdded. */
export function stakeInto(
  context: Context,
  position: Position,
  tao: bigint,
  { oncePerBlock = false, ...terms }: Terms & { readonly oncePerBlock?: boolean } = {},
): bigint {
  const { state } = context
  const { hotkey, coldkey, netuid } = position
  const { paidIn, paidOut, fee } = buyAlpha(state, netuid, tao, terms)
  ensure(paidOut > 0n, 'AmountTooLow')
  ensure(canIncrease(state, hotkey, netuid, paidOut), 'InsufficientLiquidity')
  increaseStake(state, hotkey, coldkey, netuid, paidOut)
  addToList(state, S.StakingHotkeys, coldkey, hotkey)
  flow(state, netuid, paidIn)
  noteStakeBlock(context, position)
  if (oncePerBlock) state.set(S.StakingOperationRateLimiter, [hotkey, coldkey, netuid], true)
  if (netuid === ROOT) {
    claimedByStaking(state, hotkey, coldkey, paidOut)
    listStakingColdkey(state, coldkey)
  }
  context.emit('SubtensorModule', 'StakeAdded', [coldkey, hotkey, tao, paidOut, netuid, fee])
  return paidOut
}

/** Sells part of a stake; returns the TAO, which the caller pays out. Raises StakeRemoved. */
export function unstakeFrom(
  context: Context,
  position: Position,
  alpha: bigint,
  terms: Terms = {},
): bigint {
  const { state } = context
  const { hotkey, coldkey, netuid } = position
  const taken = decreaseStake(state, hotkey, coldkey, netuid, alpha)
  const { paidIn, paidOut, fee } = sellAlpha(state, netuid, taken, terms)
  const unsold = less(taken, paidIn + fee)
  if (unsold > 0n) increaseStake(state, hotkey, coldkey, netuid, unsold)
  if (netuid === ROOT) claimedByUnstaking(state, hotkey, coldkey, alpha)
  flow(state, netuid, -paidOut)
  noteStakeBlock(context, position)
  context.emit('SubtensorModule', 'StakeRemoved', [coldkey, hotkey, paidOut, taken, netuid, fee])
  return paidOut
}

/** Hands stake on within a subnet, without a trade; returns what it is worth in TAO. */
export function transferWithin(
  context: Context,
  from: Position,
  to: Position,
  alpha: bigint,
): bigint {
  const { state } = context
  const { netuid } = from
  const moved = decreaseStake(state, from.hotkey, from.coldkey, netuid, alpha)
  increaseStake(state, to.hotkey, to.coldkey, netuid, moved)
  const tao = taoValue(state, netuid, moved)
  ensure(tao >= MIN_STAKE, 'AmountTooLow')
  noteStakeBlock(context, to)
  const emit = (name: string, { coldkey, hotkey }: Position) =>
    context.emit('SubtensorModule', name, [coldkey, hotkey, tao, moved, netuid, 0n])
  emit('StakeRemoved', from)
  emit('StakeAdded', to)
  return tao
}

/** What alpha is worth at the current price, slippage not counted. */
export const taoValue = (state: State, netuid: number, alpha: bigint): bigint =>
  fromFixed32(mul32(alphaPrice(state, netuid), toFixed32(alpha)))

/** Whether a coldkey has so much besides what is frozen. */
export const canPay = (state: State, coldkey: string, amount: bigint): boolean =>
  amount <= reducible(state, coldkey, 'expendable')

/** Takes up to an amount from a coldkey that must stay alive; returns how much. */
export function withdraw(context: Context, coldkey: string, amount: bigint): bigint {
  if (amount === 0n) return 0n
  const actual = minBig(amount, reducible(context.state, coldkey, 'preserve'))
  ensure(actual > 0n, 'ZeroBalanceAfterWithdrawn')
  ensure(tryWithdraw(context, coldkey, actual), 'BalanceWithdrawalError')
  return actual
}

/** Pays TAO out to a coldkey. */
export const payOut = (context: Context, coldkey: string, amount: bigint): void =>
  deposit(context, coldkey, amount)
