/** Hotkeys that work with a part of the stake of others: children and parents. dTAO runtimes. */
import type { Ss58 } from '../keys/ss58.js'
import type { ChainValue, ChainView } from './types.js'
import { asAddress, asBigint, asList, asNumber } from './values.js'

const MODULE = 'SubtensorModule'

/** The whole of a proportion: 2⁶⁴ − 1. */
export const WHOLE_PROPORTION = (1n << 64n) - 1n

/** A relation; `proportion` is a part of {@link WHOLE_PROPORTION}. */
export type Kin = { readonly hotkey: Ss58; readonly proportion: bigint }

/** Children and parents of a hotkey on a subnet. */
export type Family = {
  readonly netuid: number
  readonly children: readonly Kin[]
  readonly parents: readonly Kin[]
  /** Children that take effect at a later block; undefined when none wait. */
  readonly pending: { readonly children: readonly Kin[]; readonly block: number } | undefined
  /** What the hotkey keeps as a child of what it earns for its parents; u16 ratio. */
  readonly take: number
}

/**
 * Children, parents and take of a hotkey on a subnet (`ChildKeys`, `ParentKeys`, `PendingChildKeys`, `ChildkeyTake`).
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED` where there are no children
 */
export async function readFamily(view: ChainView, hotkey: Ss58, netuid: number): Promise<Family> {
  const [children, parents, pending, take] = await Promise.all([
    view.read(MODULE, 'ChildKeys', hotkey, netuid),
    view.read(MODULE, 'ParentKeys', hotkey, netuid),
    view.hasStorage(MODULE, 'PendingChildKeys')
      ? view.readStored(MODULE, 'PendingChildKeys', netuid, hotkey)
      : undefined,
    view.read(MODULE, 'ChildkeyTake', hotkey, netuid),
  ])
  return {
    netuid,
    children: kinIn(children),
    parents: kinIn(parents),
    pending: pendingIn(pending),
    take: asNumber(take),
  }
}

function kinIn(value: ChainValue): readonly Kin[] {
  return asList(value).map((pair) => {
    const [proportion, hotkey] = asList(pair)
    return { hotkey: asAddress(hotkey), proportion: asBigint(proportion) }
  })
}

function pendingIn(value: ChainValue): Family['pending'] {
  if (value === undefined) return undefined
  const [children, block] = asList(value)
  return { children: kinIn(children), block: asNumber(block) }
}
