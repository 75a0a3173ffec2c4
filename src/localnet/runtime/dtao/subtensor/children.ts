/** Child keys: hotkeys that validate with a part of another hotkey's stake. */
import type { RuntimeContext } from '../../pallet.js'
import { ensureRoot, signedBy } from '../../pallets/system.js'
import type { State } from '../../state.js'
import { U64_MAX } from '../fixed.js'
import { ensure } from './errors.js'
import { ownsHotkey } from './keys.js'
import { noteUse, passesLimit } from './limits.js'
import { ROOT } from './pool.js'
import { totalHotkeyStake } from './staking.js'
import { S } from './storage.js'

/** A part of 2^64 − 1 and who has it. */
export type Part = [part: bigint, hotkey: string]

const MAX_CHILDREN = 5

export function setChildren(
  context: RuntimeContext,
  { hotkey, netuid, children }: { hotkey: string; netuid: number; children: Part[] },
): undefined {
  const { state, block } = context
  const coldkey = signedBy(context.origin)
  ensure(passesLimit(context, 'SetChildren', hotkey, netuid), 'TxRateLimitExceeded')
  ensure(netuid !== ROOT, 'RegistrationNotPermittedOnRootSubnet')
  ensure(state.get(S.NetworksAdded, netuid), 'SubnetNotExists')
  ensure(ownsHotkey(state, coldkey, hotkey), 'NonAssociatedColdKey')
  const names = children.map(([, child]) => child)
  ensure(new Set(names).size === names.length, 'DuplicateChild')
  checkChildren(state, netuid, hotkey, children)
  const isOwner =
    state.has(S.SubnetOwnerHotkey, netuid) && state.get(S.SubnetOwnerHotkey, netuid) === hotkey
  const enough = totalHotkeyStake(state, hotkey) >= state.get(S.StakeThreshold)
  ensure(children.length === 0 || enough || isOwner, 'NotEnoughStakeToSetChildkeys')
  noteUse(context, 'SetChildren', hotkey, netuid)
  const from = BigInt(block) + state.get(S.PendingChildKeyCooldown)
  state.set(S.PendingChildKeys, [netuid, hotkey], [children, from])
  context.emit('SubtensorModule', 'SetChildrenScheduled', [hotkey, netuid, from, children])
}

function checkChildren(state: State, netuid: number, hotkey: string, children: Part[]): void {
  const names = children.map(([, child]) => child)
  ensure(!names.includes(hotkey), 'InvalidChild')
  ensure(children.length <= MAX_CHILDREN, 'TooManyChildren')
  const sum = children.reduce((total, [part]) => total + part, 0n)
  ensure(sum <= U64_MAX, 'ProportionOverflow')
  const parents = state.get(S.ParentKeys, hotkey, netuid).map(([, parent]) => parent)
  ensure(!names.some((child) => parents.includes(child)), 'ChildParentInconsistency')
}

/** Lets the children that were scheduled take effect, at the subnet's epoch. */
export function applyPendingChildren(context: RuntimeContext, netuid: number): void {
  const { state, block } = context
  for (const [[, hotkey], [children, from]] of state.entries(S.PendingChildKeys, netuid)) {
    if (from >= BigInt(block)) continue
    state.remove(S.PendingChildKeys, netuid, hotkey)
    const parents = state.get(S.ParentKeys, hotkey, netuid).map(([, parent]) => parent)
    if (children.some(([, child]) => child === hotkey || parents.includes(child))) continue
    replaceChildren(state, netuid, hotkey, children)
    context.emit('SubtensorModule', 'SetChildren', [hotkey, netuid, children])
  }
}

/** Stores a hotkey's children, in the order of their bytes, and itself with each of them as a parent. */
export function replaceChildren(
  state: State,
  netuid: number,
  hotkey: string,
  children: readonly Part[],
): void {
  const before = state.get(S.ChildKeys, hotkey, netuid).map(([, child]) => child)
  const now = [...children].sort(([, a], [, b]) => (a < b ? -1 : 1))
  setParts(state, S.ChildKeys, hotkey, netuid, now)
  for (const child of before) {
    if (!now.some(([, one]) => one === child)) {
      setParts(
        state,
        S.ParentKeys,
        child,
        netuid,
        without(state, S.ParentKeys, child, netuid, hotkey),
      )
    }
  }
  for (const [part, child] of now) {
    const parents = state.get(S.ParentKeys, child, netuid)
    const at = parents.findIndex(([, parent]) => parent === hotkey)
    const link: Part = [part, hotkey]
    const linked = at < 0 ? [...parents, link] : parents.with(at, link)
    state.set(S.ParentKeys, [child, netuid], linked)
  }
}

type Parts = typeof S.ChildKeys

const without = (state: State, item: Parts, key: string, netuid: number, hotkey: string): Part[] =>
  state.get(item, key, netuid).filter(([, one]) => one !== hotkey)

function setParts(
  state: State,
  item: Parts,
  key: string,
  netuid: number,
  parts: readonly Part[],
): void {
  if (parts.length === 0) state.remove(item, key, netuid)
  else state.set(item, [key, netuid], [...parts])
}

/** Hands children and parents of a hotkey on to another. */
export function moveFamily(state: State, netuid: number, from: string, to: string): void {
  const children = state.get(S.ChildKeys, from, netuid)
  const parents = state.get(S.ParentKeys, from, netuid)
  replaceChildren(state, netuid, from, [])
  if (children.length > 0) replaceChildren(state, netuid, to, children)
  for (const [part, parent] of parents) {
    const others = without(state, S.ChildKeys, parent, netuid, from)
    replaceChildren(state, netuid, parent, [...others, [part, to]])
  }
  for (const [keys, [pending, block]] of state.entries(S.PendingChildKeys, netuid)) {
    const [, parent] = keys
    const renamed = pending.map(([part, child]): Part => [part, child === from ? to : child])
    if (parent === from) state.remove(S.PendingChildKeys, ...keys)
    state.set(S.PendingChildKeys, [netuid, parent === from ? to : parent], [renamed, block])
  }
}

export function setPendingChildkeyCooldown(
  context: RuntimeContext,
  { cooldown }: { cooldown: bigint },
): undefined {
  ensureRoot(context.origin)
  context.state.set(S.PendingChildKeyCooldown, [], cooldown)
}
