/** Difficulty and burn follow demand: once per interval towards more or less of the registrations wanted. */
import type { RuntimeContext, StorageItem } from '../../pallet.js'
import type { State } from '../../state.js'
import { adjusted } from '../../subtensor/adjustment.js'
import { S } from './storage.js'

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
  const tooMany =
    state.get(S.RegistrationsThisInterval, netuid) >
    state.get(S.TargetRegistrationsPerInterval, netuid)
  const pow = state.get(S.POWRegistrationsThisInterval, netuid)
  const burned = state.get(S.BurnRegistrationsThisInterval, netuid)
  // Too many: the busier way gets dearer. Too few: the idler way gets cheaper.
  const moveBurn = pow === burned || burned > pow === tooMany
  const moveDifficulty = pow === burned || pow > burned === tooMany
  if (moveBurn) move(state, netuid, S.Burn, S.MinBurn, S.MaxBurn)
  if (moveDifficulty) {
    move(state, netuid, S.Difficulty, S.MinDifficulty, S.MaxDifficulty)
    const value = state.get(S.Difficulty, netuid)
    context.emit('SubtensorModule', 'DifficultySet', [netuid, value])
  }
  state.set(S.LastAdjustmentBlock, [netuid], BigInt(context.block))
  for (const item of [
    S.RegistrationsThisInterval,
    S.POWRegistrationsThisInterval,
    S.BurnRegistrationsThisInterval,
  ]) {
    state.set(item, [netuid], 0)
  }
}

type Price = StorageItem<[number], bigint>

function move(state: State, netuid: number, item: Price, min: Price, max: Price): void {
  const target = state.get(S.TargetRegistrationsPerInterval, netuid)
  const [least, most] = [state.get(min, netuid), state.get(max, netuid)]
  const ratio = { over: state.get(S.RegistrationsThisInterval, netuid) + target, under: 2 * target }
  const alpha = state.get(S.AdjustmentAlpha, netuid)
  const next = target === 0 ? 0n : adjusted(state.get(item, netuid), ratio, alpha)
  const value = next >= most * ONE ? most : next <= least * ONE ? least : next / ONE
  state.set(item, [netuid], value)
}
