/** Difficulty and burn follow demand: once per interval towards more or less of the registrations wanted. */
import type { RuntimeContext, StorageItem } from '../pallet.js'
import type { State } from '../state.js'
import { U64_MAX, wrapU16 } from './fixed.js'
import { S } from './storage.js'

/** 1 with the 18 fractional bits of this calculation. */
const ONE = 1n << 18n

/** Adjusts every subnet whose interval is over; the count per block starts anew in all of them. */
export function adjustRegistrations(context: RuntimeContext): void {
  const { state, block } = context
  for (const [[netuid]] of state.entries(S.NetworksAdded)) {
    const age = BigInt(block) - state.get(S.LastAdjustmentBlock, netuid)
    if (age >= BigInt(state.get(S.AdjustmentInterval, netuid))) adjust(context, netuid)
    state.set(S.RegistrationsThisBlock, [netuid], 0)
  }
}

function adjust(context: RuntimeContext, netuid: number): void {
  const { state } = context
  const count = state.get(S.RegistrationsThisInterval, netuid)
  const target = state.get(S.TargetRegistrationsPerInterval, netuid)
  const { burn, difficulty } = affected(state, netuid, count > target)
  if (burn) {
    move(state, netuid, S.Burn, S.MinBurn, S.MaxBurn, count, target)
  }
  if (difficulty) {
    move(state, netuid, S.Difficulty, S.MinDifficulty, S.MaxDifficulty, count, target)
    const value = state.get(S.Difficulty, netuid)
    context.emit('SubtensorModule', 'DifficultySet', [netuid, value])
  }
  state.set(S.LastAdjustmentBlock, [netuid], BigInt(context.block))
  state.set(S.RegistrationsThisInterval, [netuid], 0)
  state.set(S.POWRegistrationsThisInterval, [netuid], 0)
  state.set(S.BurnRegistrationsThisInterval, [netuid], 0)
}

/** With too many registrations the busier way gets dearer, with too few the idler way cheaper; both when equal. */
function affected(state: State, netuid: number, tooMany: boolean) {
  const pow = state.get(S.POWRegistrationsThisInterval, netuid)
  const burned = state.get(S.BurnRegistrationsThisInterval, netuid)
  if (pow === burned) return { burn: true, difficulty: true }
  const difficulty = pow > burned === tooMany
  return { burn: !difficulty, difficulty }
}

type Price = StorageItem<[number], bigint>

function move(
  state: State,
  netuid: number,
  item: Price,
  min: Price,
  max: Price,
  count: number,
  target: number,
): void {
  const ratio = { over: wrapU16(count + target), under: wrapU16(2 * target) }
  // The real runtime divides by 0 here and makes no block any more.
  if (ratio.under === 0) return
  const next = adjusted(state.get(item, netuid), ratio, state.get(S.AdjustmentAlpha, netuid))
  const [least, most] = [state.get(min, netuid), state.get(max, netuid)]
  const value = next >= most * ONE ? most : next <= least * ONE ? least : next / ONE
  state.set(item, [netuid], value)
}

/**
 * The moving average of a price and of the price that demand asks for, with 18 fractional bits.
 * @param ratio what demand multiplies the price with.
 * @param alpha weight of the current price, as a part of 2^64 − 1.
 */
export function adjusted(
  current: bigint,
  ratio: { readonly over: number; readonly under: number },
  alpha: bigint,
): bigint {
  const wanted = (current * BigInt(ratio.over) * ONE) / BigInt(ratio.under)
  const part = (alpha * ONE) / U64_MAX
  return part * current + ((ONE - part) * wanted) / ONE
}
