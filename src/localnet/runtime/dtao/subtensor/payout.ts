/** What an epoch pays: the owner, miners, validators with their parents, nominators, and root. */
import type { RuntimeContext } from '../../pallet.js'
import type { State } from '../../state.js'
import {
  div32,
  fromFixed32,
  less,
  mul32,
  ONE32,
  shareOfU16,
  shareOfU64,
  toFixed32,
} from '../fixed.js'
import { type Earning, runEpoch } from './epochStore.js'
import { ownerUids } from './neurons.js'
import { ROOT, recycleAlpha } from './pool.js'
import { addClaimable } from './rootClaims.js'
import { addToPool, hotkeyStake, increaseStake } from './shares.js'
import { taoWeight } from './stakeWeights.js'
import { S } from './storage.js'

/** Alpha that has waited for the epoch, RAO. */
export type Pending = {
  readonly miners: bigint
  readonly validators: bigint
  readonly root: bigint
  readonly owner: bigint
}

/** Amounts by hotkey in the order of its bytes, with 32 fractional bits. */
type Amounts = Map<string, bigint>

const sorted = (amounts: Amounts): [string, bigint][] =>
  [...amounts].sort(([a], [b]) => (a < b ? -1 : 1))

function addTo(amounts: Amounts, hotkey: string, amount: bigint): void {
  amounts.set(hotkey, (amounts.get(hotkey) ?? 0n) + amount)
}

/** Runs the epoch of a subnet and pays out. */
export function distribute(context: RuntimeContext, netuid: number, pending: Pending): void {
  const { state } = context
  const { miners, validators, root, owner } = pending
  const earnings = runEpoch(context, netuid, miners + validators + root)
  const mined = earnings.some(({ incentive }) => incentive > 0n)
  const dividends = familyDividends(state, netuid, earnings)
  const split = splitDividends(
    state,
    netuid,
    dividends,
    mined ? validators : validators + miners,
    root,
  )
  payOwner(state, netuid, owner)
  for (const { hotkey, incentive } of earnings) payMiner(context, netuid, hotkey, incentive)
  for (const [[, hotkey]] of state.entries(S.AlphaDividendsPerSubnet, netuid)) {
    state.remove(S.AlphaDividendsPerSubnet, netuid, hotkey)
  }
  for (const [hotkey, alpha] of sorted(split.alpha)) payNominators(state, netuid, hotkey, alpha)
  for (const [hotkey, alpha] of sorted(split.root)) payRoot(state, netuid, hotkey, alpha)
}

/** Dividends by who gets them: validators share with those they are a child of. */
function familyDividends(state: State, netuid: number, earnings: readonly Earning[]): Amounts {
  const dividends: Amounts = new Map()
  for (const { hotkey, dividend } of earnings) {
    for (const [who, amount] of withParents(state, netuid, hotkey, dividend)) {
      addTo(dividends, who, toFixed32(amount))
    }
  }
  return dividends
}

/** What stake brings to a hotkey on a subnet: alpha and, weighted, TAO on root; a part of it. */
function contribution(state: State, netuid: number, hotkey: string, part: bigint): bigint {
  const alpha = mul32(toFixed32(hotkeyStake(state, hotkey, netuid)), part)
  const root = mul32(mul32(toFixed32(hotkeyStake(state, hotkey, ROOT)), part), taoWeight(state))
  return alpha + root
}

/** A hotkey's dividends with the parts of its parents, who pay its take (and a burn) unless they are of one owner. */
function withParents(
  state: State,
  netuid: number,
  hotkey: string,
  dividend: bigint,
): [hotkey: string, amount: bigint][] {
  const parents = state.get(S.ParentKeys, hotkey, netuid)
  if (parents.length === 0) return [[hotkey, dividend]]
  const children = state.get(S.ChildKeys, hotkey, netuid)
  const kept = children.reduce((left, [part]) => less(left, shareOfU64(part)), ONE32)
  const own = toFixed32(fromFixed32(contribution(state, netuid, hotkey, kept)))
  const shares = parents.map(([part, parent]): [string, bigint] => [
    parent,
    contribution(state, netuid, parent, shareOfU64(part)),
  ])
  const total = shares.reduce((sum, [, share]) => sum + share, own)
  const whole = toFixed32(dividend)
  const take = shareOfU16(state.get(S.ChildkeyTake, hotkey, netuid))
  const burn = shareOfU64(state.get(S.CKBurn))
  let rest = whole
  const paid = shares.map(([parent, share]): [string, bigint] => {
    const gross = mul32(whole, div32(share, total))
    rest = less(rest, gross)
    if (state.get(S.Owner, parent) === state.get(S.Owner, hotkey)) {
      return [parent, fromFixed32(gross)]
    }
    const [burned, taken] = [mul32(burn, gross), mul32(take, gross)]
    recycleAlpha(state, netuid, fromFixed32(burned))
    rest += taken
    return [parent, fromFixed32(less(less(gross, burned), taken))]
  })
  return [...paid, [hotkey, fromFixed32(rest)]]
}

/**
 * Parts dividends into those for alpha and those for stake on root, by what each hotkey has of both, and scales each
 * side to what there is for it.
 */
function splitDividends(
  state: State,
  netuid: number,
  dividends: Amounts,
  forAlpha: bigint,
  forRoot: bigint,
): { alpha: Amounts; root: Amounts } {
  const weight = taoWeight(state)
  const [alpha, root]: [Amounts, Amounts] = [new Map(), new Map()]
  for (const [hotkey, dividend] of dividends) {
    const rooted = mul32(toFixed32(hotkeyStake(state, hotkey, ROOT)), weight)
    const both = rooted + toFixed32(hotkeyStake(state, hotkey, netuid))
    const part = mul32(dividend, div32(rooted, both))
    root.set(hotkey, part)
    alpha.set(hotkey, less(dividend, part))
  }
  return { alpha: scaled(alpha, forAlpha), root: scaled(root, forRoot) }
}

/** Amounts in the same proportions that add up to a total (RAO). */
function scaled(amounts: Amounts, total: bigint): Amounts {
  const sum = [...amounts.values()].reduce((a, b) => a + b, 0n)
  return new Map(
    [...amounts].map(([hotkey, amount]) => [hotkey, mul32(toFixed32(total), div32(amount, sum))]),
  )
}

function payOwner(state: State, netuid: number, cut: bigint): void {
  if (!state.has(S.SubnetOwner, netuid) || !state.has(S.SubnetOwnerHotkey, netuid)) return
  const coldkey = state.get(S.SubnetOwner, netuid)
  increaseStake(state, state.get(S.SubnetOwnerHotkey, netuid), coldkey, netuid, cut)
}

/** Stakes a miner's incentive; that of the owner's own hotkeys is burned or recycled. */
function payMiner(
  { state, emit }: RuntimeContext,
  netuid: number,
  hotkey: string,
  incentive: bigint,
): void {
  const uid = state.get(S.Uids, netuid, hotkey)
  const ownerHotkey = state.get(S.SubnetOwnerHotkey, netuid)
  const ofOwner = uid !== undefined && ownerUids(state, netuid).includes(uid)
  if (ofOwner || hotkey === ownerHotkey) {
    if (state.get(S.RecycleOrBurn, netuid).type === 'Recycle') {
      recycleAlpha(state, netuid, incentive)
    }
    return
  }
  const owner = state.get(S.Owner, hotkey)
  const destination = state.get(S.AutoStakeDestination, owner, netuid)
  if (destination !== undefined) {
    emit('SubtensorModule', 'AutoStakeAdded', { netuid, destination, hotkey, owner, incentive })
  }
  increaseStake(state, destination ?? hotkey, owner, netuid, incentive)
}

/** The take of a hotkey's owner goes to its stake; returns what is left. */
function payTake(state: State, netuid: number, hotkey: string, alpha: bigint): bigint {
  const take = mul32(shareOfU16(state.get(S.Delegates, hotkey)), alpha)
  const owner = state.get(S.Owner, hotkey)
  increaseStake(state, hotkey, owner, netuid, fromFixed32(take))
  return fromFixed32(less(alpha, take))
}

const noteDividends = (state: State, netuid: number, hotkey: string, amount: bigint): void => {
  const item = S.AlphaDividendsPerSubnet
  state.set(item, [netuid, hotkey], state.get(item, netuid, hotkey) + amount)
}

function payNominators(state: State, netuid: number, hotkey: string, alpha: bigint): void {
  const rest = payTake(state, netuid, hotkey, alpha)
  addToPool(state, hotkey, netuid, rest)
  noteDividends(state, netuid, hotkey, rest)
  state.set(S.TotalHotkeyAlphaLastEpoch, [hotkey, netuid], hotkeyStake(state, hotkey, netuid))
}

function payRoot(state: State, netuid: number, hotkey: string, alpha: bigint): void {
  const rest = payTake(state, netuid, hotkey, alpha)
  addClaimable(state, hotkey, netuid, rest)
  noteDividends(state, netuid, hotkey, rest)
}
