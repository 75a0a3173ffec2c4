/** One subnet at one block, as the APIs about whole subnets look at it. */
import { type StakeWeight, stakeWeights } from '../../runtime/dtao/subtensor/stakeWeights.js'
import { S } from '../../runtime/dtao/subtensor/storage.js'
import type { StorageItem } from '../../runtime/pallet.js'
import type { ScaleType } from '../../runtime/scale.js'
import type { State } from '../../runtime/state.js'

export type View = {
  readonly state: State
  readonly netuid: number
  readonly block: number
  /** Mechanism whose weights are looked at, as the index they are kept under. */
  readonly index: number
  /** By uid. */
  readonly hotkeys: () => string[]
  readonly coldkeys: () => string[]
  readonly stakes: () => StakeWeight[]
}

/** Computes a value when it is first asked for. */
function once<T>(compute: () => T): () => T {
  let known: { readonly value: T } | undefined
  return () => {
    known ??= { value: compute() }
    return known.value
  }
}

export function viewOf(state: State, netuid: number, block: number, index = netuid): View {
  const hotkeys = once(() =>
    Array.from({ length: state.get(S.SubnetworkN, netuid) }, (_, uid) =>
      state.get(S.Keys, netuid, uid),
    ),
  )
  return {
    state,
    netuid,
    block,
    index,
    hotkeys,
    coldkeys: once(() => hotkeys().map((hotkey) => state.get(S.Owner, hotkey))),
    stakes: once(() => stakeWeights(state, netuid)),
  }
}

/** One field of an answer: how it is written and where it comes from. */
export type Field = {
  readonly type: ScaleType<unknown>
  read(view: View): unknown
}

export const field = <T>(type: ScaleType<T>, read: (view: View) => T): Field => ({ type, read })

/** A field that is an item kept under the netuid; `type` differs from the item's in being compact. */
export const stored = <V>(type: ScaleType<V>, item: StorageItem<[number], V>): Field =>
  field(type, ({ state, netuid }) => state.get(item, netuid))

export type Fields = Readonly<Record<string, Field>>

export const typesOf = (fields: Fields): Record<string, ScaleType<unknown>> =>
  Object.fromEntries(Object.entries(fields).map(([name, { type }]) => [name, type]))

export const readAll = (fields: Fields, view: View): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).map(([name, { read }]) => [name, read(view)]))
