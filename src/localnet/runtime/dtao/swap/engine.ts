/** Trading TAO against a subnet's alpha. */
import type { State } from '../../state.js'
import { maxBig } from '../../subtensor/fixed.js'
import {
  add64,
  div32,
  div64,
  fromFixed64,
  less,
  minBig,
  mul64,
  ONE32,
  ONE64,
  sqrt64,
  toFixed32,
  toFixed64,
  U64_MAX,
} from '../fixed.js'
import { S } from '../subtensor/storage.js'
import { ensure } from './errors.js'
import {
  addFee,
  ensureInitialized,
  MAX_SQRT_PRICE,
  MIN_SQRT_PRICE,
  reserves,
  setSqrtPrice,
} from './liquidity.js'
import { Swap } from './storage.js'

/** `buy` takes TAO and gives alpha, `sell` the other way round. */
export type Side = 'buy' | 'sell'

/** What a trade came to, RAO of its currencies. */
export type Trade = {
  /** What went into the pool. */
  readonly paidIn: bigint
  readonly paidOut: bigint
  /** What was taken besides `paidIn`, in the same currency. */
  readonly fee: bigint
}

/** Limits that no trade reaches: RAO per alpha. */
export const NO_LIMIT: Readonly<Record<Side, bigint>> = { buy: U64_MAX, sell: 0n }

/** Less than this on the side that pays out stops all trade. RAO. */
const MINIMUM_RESERVE = 1_000_000n
/** 10^-10 with 64 fractional bits: how exactly limits are read. */
const EPSILON = 1_844_674_407n
const RAO = toFixed64(1_000_000_000n)
const U16_MAX = toFixed64(65_535n)

/** Whether the subnet has a pool; the others trade one to one. */
export const isDynamic = (state: State, netuid: number): boolean =>
  state.get(S.SubnetMechanism, netuid) === 1

/** TAO per alpha with 32 fractional bits. */
export function alphaPrice(state: State, netuid: number): bigint {
  if (!isDynamic(state, netuid)) return ONE32
  if (state.get(Swap.SwapV3Initialized, netuid)) {
    const root = state.get(Swap.AlphaSqrtPrice, netuid)
    return mul64(root, root) >> 32n
  }
  const { tao, alpha } = reserves(state, netuid)
  return div32(toFixed32(tao), toFixed32(alpha))
}

/** A limit in RAO per alpha as the square root with 64 fractional bits. */
const rootOfLimit = (limit: bigint) => sqrt64(div64(toFixed64(limit), RAO), EPSILON)

/**
 * Trades on a subnet with a pool, up to a price. Reserves are the caller's business.
 * Throws a {@link DispatchFailure} of the pallet when the pool is too small or the price is past the limit already.
 */
export function swap(
  state: State,
  netuid: number,
  side: Side,
  amount: bigint,
  { limit = NO_LIMIT[side], dropFees = false }: { limit?: bigint; dropFees?: boolean } = {},
): Trade {
  const limitRoot = rootOfLimit(limit)
  const { tao, alpha } = reserves(state, netuid)
  const available = side === 'buy' ? alpha : tao
  ensure(available >= MINIMUM_RESERVE, 'ReservesTooLow')
  ensureInitialized(state, netuid)
  const root = state.get(Swap.AlphaSqrtPrice, netuid)
  ensure(side === 'buy' ? root < limitRoot : root > limitRoot, 'PriceLimitExceeded')
  const trade = step(state, netuid, side, amount, limitRoot, dropFees)
  ensure(available >= trade.paidOut, 'InsufficientLiquidity')
  return trade
}

/** What {@link swap} would come to, without doing it; fails likewise, but not for want of reserves. */
export function simulate(
  state: State,
  netuid: number,
  side: Side,
  amount: bigint,
  limit = NO_LIMIT[side],
): Trade {
  if (!isDynamic(state, netuid)) {
    const known = state.get(S.NetworksAdded, netuid) ? amount : 0n
    return { paidIn: known, paidOut: known, fee: 0n }
  }
  const { tao, alpha } = reserves(state, netuid)
  ensure((side === 'buy' ? alpha : tao) >= MINIMUM_RESERVE, 'ReservesTooLow')
  state.begin()
  try {
    ensureInitialized(state, netuid)
    const limitRoot = rootOfLimit(limit)
    const root = state.get(Swap.AlphaSqrtPrice, netuid)
    ensure(side === 'buy' ? root < limitRoot : root > limitRoot, 'PriceLimitExceeded')
    return step(state, netuid, side, amount, limitRoot, false)
  } finally {
    state.rollback()
  }
}

/** The fee on an amount, were it traded in full. */
export function feeOn(state: State, netuid: number, amount: bigint): bigint {
  if (!isDynamic(state, netuid)) return 0n
  const rate = div64(toFixed64(BigInt(state.get(Swap.FeeRate, netuid))), U16_MAX)
  return fromFixed64(mul64(toFixed64(amount), rate))
}

/** The chain's position spans all prices, so one step is all there is. */
function step(
  state: State,
  netuid: number,
  side: Side,
  amount: bigint,
  limitRoot: bigint,
  dropFees: boolean,
): Trade {
  if (amount === 0n) return { paidIn: 0n, paidOut: 0n, fee: 0n }
  const curve = side === 'buy' ? BUYING : SELLING
  const liquidity = toFixed64(state.get(Swap.CurrentLiquidity, netuid))
  const root = state.get(Swap.AlphaSqrtPrice, netuid)
  let fee = dropFees ? 0n : feeOn(state, netuid, amount)
  let paidIn = amount - fee
  const target = curve.target(liquidity, root, paidIn)
  const stop = curve.nearer(limitRoot, curve.edge)
  const final = curve.nearer(target, stop)
  if (final !== target) {
    paidIn = curve.amountUpTo(liquidity, root, final)
    const rate = toFixed64(BigInt(dropFees ? 0 : state.get(Swap.FeeRate, netuid)))
    fee = fromFixed64(mul64(toFixed64(paidIn), div64(rate, U16_MAX - rate)))
  }
  addFee(state, netuid, side === 'buy' ? 'tao' : 'alpha', fee)
  const paidOut = paidIn === 0n ? 0n : curve.paidOut(liquidity, root, paidIn)
  setSqrtPrice(state, netuid, final)
  return { paidIn, paidOut, fee }
}

/** How amounts and the square root of the price go together; all with 64 fractional bits, amounts in RAO. */
type Curve = {
  /** The last price there is liquidity for. */
  readonly edge: bigint
  /** Where the price would go. */
  target(liquidity: bigint, root: bigint, amount: bigint): bigint
  /** Which of two prices the trade meets first. */
  nearer(a: bigint, b: bigint): bigint
  /** The amount that moves the price so far. */
  amountUpTo(liquidity: bigint, root: bigint, target: bigint): bigint
  paidOut(liquidity: bigint, root: bigint, amount: bigint): bigint
}

const inverse = (value: bigint): bigint => div64(ONE64, value)

const BUYING: Curve = {
  edge: MAX_SQRT_PRICE,
  target: (liquidity, root, amount) =>
    liquidity === 0n ? MAX_SQRT_PRICE : add64(div64(toFixed64(amount), liquidity), root),
  nearer: minBig,
  amountUpTo: (liquidity, root, target) => fromFixed64(mul64(liquidity, less(target, root))),
  paidOut(liquidity, root, amount) {
    const scale = mul64(add64(mul64(liquidity, root), toFixed64(amount)), root)
    return fromFixed64(mul64(div64(liquidity, scale), toFixed64(amount)))
  },
}

const SELLING: Curve = {
  edge: MIN_SQRT_PRICE,
  target: (liquidity, root, amount) =>
    liquidity === 0n
      ? MIN_SQRT_PRICE
      : inverse(add64(div64(toFixed64(amount), liquidity), inverse(root))),
  nearer: maxBig,
  amountUpTo: (liquidity, root, target) =>
    fromFixed64(mul64(liquidity, less(inverse(target), inverse(root)))),
  paidOut(liquidity, root, amount) {
    const scale = add64(div64(liquidity, root), toFixed64(amount))
    const factor = mul64(div64(liquidity, scale), root)
    return fromFixed64(mul64(toFixed64(amount), factor))
  },
}
