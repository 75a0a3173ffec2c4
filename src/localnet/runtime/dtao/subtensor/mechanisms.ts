/** A subnet may have several mechanisms, each with weights, bonds and incentives of its own. */
import type { StorageItem } from '../../pallet.js'
import type { State } from '../../state.js'
import { ensure } from './errors.js'
import { S } from './storage.js'

/** How far apart the mechanisms of a subnet are kept: mechanism 0 is at the netuid itself. */
const STRIDE = 4096

/** Where a mechanism's weights, bonds, incentives and commits are kept. */
export const indexOf = (netuid: number, mechanism: number): number => mechanism * STRIDE + netuid

/** The indexes of all mechanisms of a subnet. */
export const indexesOf = (state: State, netuid: number): number[] =>
  Array.from({ length: state.get(S.MechanismCountCurrent, netuid) }, (_, mechanism) =>
    indexOf(netuid, mechanism),
  )

/** Fails unless the subnet has the mechanism. */
export function ensureMechanism(state: State, netuid: number, mechanism: number): void {
  const exists = state.get(S.NetworksAdded, netuid)
  ensure(exists, 'MechanismDoesNotExist')
  ensure(mechanism < state.get(S.MechanismCountCurrent, netuid), 'MechanismDoesNotExist')
}

/** What is kept per mechanism and uid or hotkey. */
const MAPS = [S.Weights, S.Bonds, S.WeightCommits, S.TimelockedWeightCommits] as const

/** Most mechanisms a subnet may have. */
const MOST = 2

/** Changes how many mechanisms there are; all then share the emission evenly, and what those had that go is lost. */
export function setMechanismCount(state: State, netuid: number, count: number): void {
  ensure(state.get(S.NetworksAdded, netuid), 'MechanismDoesNotExist')
  ensure(count > 0 && count <= MOST, 'InvalidValue')
  const before = state.get(S.MechanismCountCurrent, netuid)
  if (before === count) return
  for (let mechanism = count; mechanism < before; mechanism++) {
    const index = indexOf(netuid, mechanism)
    for (const item of MAPS) clearAll(state, item as ByIndex, index)
    state.remove(S.Incentive, index)
    state.remove(S.LastUpdate, index)
  }
  state.set(S.MechanismCountCurrent, [netuid], count)
  state.remove(S.MechanismEmissionSplit, netuid)
}

type ByIndex = StorageItem<[number, number], unknown>

function clearAll(state: State, item: ByIndex, index: number): void {
  for (const [keys] of state.entries(item, index)) state.remove(item, ...keys)
}

/** Sets how mechanisms share the emission, in parts of 65535; evenly without parts. */
export function setMechanismSplit(state: State, netuid: number, split: number[] | undefined): void {
  ensure(state.get(S.NetworksAdded, netuid), 'MechanismDoesNotExist')
  if (!split) {
    state.remove(S.MechanismEmissionSplit, netuid)
    return
  }
  const count = state.get(S.MechanismCountCurrent, netuid)
  ensure(split.length > 0 && split.length <= count, 'InvalidValue')
  const sum = split.reduce((total, part) => total + part, 0)
  ensure(sum === 65_535, 'InvalidValue')
  state.set(S.MechanismEmissionSplit, [netuid], split)
}

/** Drops all bonds to a neuron, where a subnet wants that for those that ask for it. */
export function resetBonds(state: State, netuid: number, hotkey: string): void {
  const uid = state.get(S.Uids, netuid, hotkey)
  if (uid === undefined || !state.get(S.BondsResetOn, netuid)) return
  for (const index of indexesOf(state, netuid)) {
    for (const [keys, row] of state.entries(S.Bonds, index)) {
      const left = row.filter(([to]) => to !== uid)
      if (left.length < row.length) state.set(S.Bonds, keys, left)
    }
  }
}
