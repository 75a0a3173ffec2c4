/**
 * Stake as shares: each hotkey has a pool of alpha per subnet (root's alpha is TAO), in which coldkeys hold shares.
 * Dividends raise the pool and so everybody's stake. Shares have 64 fractional bits.
 */
import type { State } from '../../state.js'
import { div64, fromFixed64, less, mul64, toFixed64 } from '../fixed.js'
import { addToList } from './keys.js'
import { S } from './storage.js'

/** Largest number with 64 fractional bits and a sign. */
const I64F64_MAX = (1n << 127n) - 1n
const U64F64_LIMIT = 1n << 128n
/** 0.00001 with 64 fractional bits: what is left of a holding below this part of it goes too. */
const DUST = 184_467_440_737_096n
/** A year of emission, RAO: a pool must stay precise for so much more. */
const YEAR = toFixed64(2_628_000_000_000_000n)

/** Alpha of a hotkey on a subnet, all coldkeys together. */
export const hotkeyStake = (state: State, hotkey: string, netuid: number): bigint =>
  state.get(S.TotalHotkeyAlpha, hotkey, netuid)

/** Alpha of a coldkey on a hotkey. */
export function stakeOf(state: State, hotkey: string, coldkey: string, netuid: number): bigint {
  if (!state.has(S.Alpha, hotkey, coldkey, netuid)) return 0n
  return worthOf(
    toFixed64(hotkeyStake(state, hotkey, netuid)),
    state.get(S.TotalHotkeyShares, hotkey, netuid),
    state.get(S.Alpha, hotkey, coldkey, netuid),
  )
}

/** The alpha that shares are worth. */
function worthOf(pool: bigint, total: bigint, shares: bigint): bigint {
  if (total === 0n) return 0n
  const price = (pool << 64n) / total
  const value = price < U64F64_LIMIT ? mul64(price, shares) : div64(mul64(pool, shares), total)
  return fromFixed64(value)
}

/** The shares that so much alpha buys. */
function sharesFor(pool: bigint, total: bigint, amount: bigint): bigint {
  const price = (pool << 64n) / total
  if (price >= U64F64_LIMIT) {
    return pool === 0n ? 0n : (((amount << 128n) / pool) * total) >> 64n
  }
  const capped = price > I64F64_MAX ? I64F64_MAX : price
  const shares = capped === 0n ? 0n : (amount << 128n) / capped
  return shares > I64F64_MAX ? 0n : shares
}

/** Whether the pool is precise enough to take so much. */
export function canIncrease(state: State, hotkey: string, netuid: number, amount: bigint): boolean {
  const total = state.get(S.TotalHotkeyShares, hotkey, netuid)
  if (total === 0n) return true
  return sharesFor(toFixed64(hotkeyStake(state, hotkey, netuid)), total, amount) !== 0n
}

/** Adds alpha to the whole pool: dividends. */
export function addToPool(state: State, hotkey: string, netuid: number, amount: bigint): void {
  setPool(state, hotkey, netuid, hotkeyStake(state, hotkey, netuid) + amount)
}

/** Adds alpha to one coldkey's stake. */
export function increaseStake(
  state: State,
  hotkey: string,
  coldkey: string,
  netuid: number,
  amount: bigint,
): void {
  if (amount > 0n) addToList(state, S.StakingHotkeys, coldkey, hotkey)
  const pool = hotkeyStake(state, hotkey, netuid)
  const total = state.get(S.TotalHotkeyShares, hotkey, netuid)
  const held = state.get(S.Alpha, hotkey, coldkey, netuid)
  const bought = total === 0n ? toFixed64(amount) : sharesFor(toFixed64(pool), total, amount)
  setTotal(state, hotkey, netuid, total + bought)
  setHeld(state, hotkey, coldkey, netuid, total === 0n ? bought : held + bought)
  setPool(state, hotkey, netuid, pool + amount)
}

/**
 * Takes alpha from one coldkey's stake; returns how much, which is all when hardly anything would be left, and nothing
 * when there is less.
 */
export function decreaseStake(
  state: State,
  hotkey: string,
  coldkey: string,
  netuid: number,
  amount: bigint,
): bigint {
  const value = stakeOf(state, hotkey, coldkey, netuid)
  if (value < amount || !state.has(S.Alpha, hotkey, coldkey, netuid)) return 0n
  const pool = hotkeyStake(state, hotkey, netuid)
  const total = state.get(S.TotalHotkeyShares, hotkey, netuid)
  const held = state.get(S.Alpha, hotkey, coldkey, netuid)
  const sold = total === 0n ? 0n : sharesFor(toFixed64(pool), total, amount)
  let left = less(held, sold)
  let remaining = less(total, sold)
  let taken = amount
  if (amount > 0n && (div64(left, held) < DUST || isImprecise(pool, remaining))) {
    left = 0n
    remaining = less(total, held)
    taken = value
  }
  setTotal(state, hotkey, netuid, remaining)
  setHeld(state, hotkey, coldkey, netuid, left)
  setPool(state, hotkey, netuid, less(pool, taken))
  return taken
}

const isImprecise = (pool: bigint, total: bigint): boolean =>
  total === 0n || ((toFixed64(pool) + YEAR) << 64n) / total >= U64F64_LIMIT

function setPool(state: State, hotkey: string, netuid: number, value: bigint): void {
  if (value === 0n) state.remove(S.TotalHotkeyAlpha, hotkey, netuid)
  else state.set(S.TotalHotkeyAlpha, [hotkey, netuid], value)
}

function setTotal(state: State, hotkey: string, netuid: number, shares: bigint): void {
  if (shares === 0n) state.remove(S.TotalHotkeyShares, hotkey, netuid)
  else state.set(S.TotalHotkeyShares, [hotkey, netuid], shares)
}

function setHeld(
  state: State,
  hotkey: string,
  coldkey: string,
  netuid: number,
  shares: bigint,
): void {
  if (shares === 0n) state.remove(S.Alpha, hotkey, coldkey, netuid)
  else state.set(S.Alpha, [hotkey, coldkey, netuid], shares)
}
