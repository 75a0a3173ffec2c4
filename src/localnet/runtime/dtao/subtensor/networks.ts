/** Making subnets, what that costs, and starting them. */
import { failWith } from '../../failure.js'
import type { RuntimeContext } from '../../pallet.js'
import { ensureRoot, signedBy } from '../../pallets/system.js'
import type { State } from '../../state.js'
import { maxBig } from '../../subtensor/fixed.js'
import { less, U64_MAX } from '../fixed.js'
import { clearLiquidity } from '../swap/liquidity.js'
import { Swap } from '../swap/storage.js'
import { dissolve } from './dissolve.js'
import { ensure, fail } from './errors.js'
import { checkSubnetIdentity, setSubnetIdentity } from './identities.js'
import { blockEmission, FULL_EMISSION } from './issuance.js'
import { allNetuids, createHotkey, hotkeyExists, ownsHotkey } from './keys.js'
import { clockAllows, clocks, lastBlockOf, startClock } from './limits.js'
import { appendNeuron } from './neurons.js'
import { addIssuance, addTotalStake, canPay, ROOT, withdraw } from './pool.js'
import { S } from './storage.js'
import { nextSymbol } from './symbols.js'
import type { SubnetIdentityValue } from './types.js'

/** The one kind of subnet there is: with a pool. */
const DYNAMIC = 1

/** What the next subnet costs: twice the last price, falling back to it, and then to nothing but the minimum. */
export function lockCost(state: State, block: number): bigint {
  const last = state.get(S.NetworkLastLockCost)
  const lastBlock = lastBlockOf(state, clocks.networkRegistered)
  const interval = reductionInterval(state)
  const step = interval === 0n ? 0n : last / interval
  const high = lastBlock === 0n ? last : 2n * last
  const cost = less(high, step * (BigInt(block) - lastBlock))
  const least = state.get(S.NetworkMinLockCost)
  return maxBig(cost, least)
}

/** Blocks for the price to fall by the last price, fewer after a halving. */
const reductionInterval = (state: State): bigint =>
  (state.get(S.NetworkLockReductionInterval) * blockEmission(state.get(S.TotalIssuance))) /
  FULL_EMISSION

export function registerNetwork(
  context: RuntimeContext,
  { hotkey, identity }: { hotkey: string; identity?: SubnetIdentityValue | undefined },
): undefined {
  const { state, block } = context
  const coldkey = signedBy(context.origin)
  const usable = !hotkeyExists(state, hotkey) || ownsHotkey(state, coldkey, hotkey)
  ensure(usable, 'NonAssociatedColdKey')
  const opened = BigInt(block) >= state.get(S.NetworkRegistrationStartBlock)
  ensure(opened, 'SubNetRegistrationDisabled')
  const limit = state.get(S.NetworkRateLimit)
  const inTime = clockAllows(context, clocks.networkRegistered, limit)
  ensure(inTime, 'NetworkTxRateLimitExceeded')
  const isFull = allNetuids(state).length - 1 >= state.get(S.SubnetLimit)
  const pruned = isFull ? (networkToPrune(context) ?? fail('SubnetLimitReached')) : undefined
  const cost = lockCost(state, block)
  ensure(canPay(state, coldkey, cost), 'CannotAffordLockCost')
  const lock = withdraw(context, coldkey, cost)
  state.set(S.NetworkLastLockCost, [], lock)
  startClock(context, clocks.networkRegistered)
  if (pruned !== undefined) dissolve(context, pruned)
  const netuid = pruned ?? nextNetuid(state)
  createNetwork(context, { netuid, coldkey, hotkey, lock })
  if (identity) {
    checkSubnetIdentity(identity)
    setSubnetIdentity(context, netuid, identity)
  }
  context.emit('SubtensorModule', 'NetworkAdded', [netuid, DYNAMIC])
}

/** The lowest that is free from 1 on. */
function nextNetuid(state: State): number {
  let netuid = 1
  while (state.has(S.NetworksAdded, netuid)) netuid++
  return netuid
}

/** The subnet out of immunity with the lowest moving price, the earlier made among equals. */
export function networkToPrune({
  state,
  block,
}: Pick<RuntimeContext, 'state' | 'block'>): number | undefined {
  const immunity = state.get(S.NetworkImmunityPeriod)
  const madeAt = (netuid: number) => state.get(S.NetworkRegisteredAt, netuid)
  const candidates = allNetuids(state).filter(
    (netuid) => netuid !== ROOT && BigInt(block) >= madeAt(netuid) + immunity,
  )
  const price = (netuid: number) => state.get(S.SubnetMovingPrice, netuid)
  const lower = (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0)
  return candidates.sort((a, b) => lower(price(a), price(b)) || lower(madeAt(a), madeAt(b)))[0]
}

/** What a subnet is made with. */
export type NewNetwork = {
  readonly netuid: number
  readonly coldkey: string
  readonly hotkey: string
  /** RAO; what is more than the pool takes is gone. */
  readonly lock: bigint
}

/** Makes a subnet with the owner's hotkey as its first neuron and a pool of equal reserves. */
export function createNetwork(
  context: Pick<RuntimeContext, 'state' | 'block' | 'emit'>,
  { netuid, coldkey, hotkey, lock }: NewNetwork,
): void {
  const { state, block } = context
  initialize(context, netuid)
  createHotkey(state, coldkey, hotkey)
  appendNeuron(context, netuid, hotkey)
  state.set(S.SubnetMechanism, [netuid], DYNAMIC)
  state.set(S.NetworkRegisteredAt, [netuid], BigInt(block))
  state.set(S.TokenSymbol, [netuid], nextSymbol(state, netuid))
  const reserve = state.get(S.NetworkMinLockCost)
  const recycled = less(lock, reserve)
  state.set(S.SubnetTAO, [netuid], reserve)
  state.set(S.SubnetAlphaIn, [netuid], reserve)
  state.set(S.SubnetOwner, [netuid], coldkey)
  state.set(S.SubnetOwnerHotkey, [netuid], hotkey)
  state.set(S.SubnetLocked, [netuid], lock)
  for (const item of [S.SubnetTaoProvided, S.SubnetAlphaInProvided, S.SubnetAlphaOut]) {
    state.set(item, [netuid], 0n)
  }
  state.set(S.SubnetVolume, [netuid], 0n)
  state.set(S.RAORecycledForRegistration, [netuid], recycled)
  addIssuance(state, -recycled)
  if (lock > 0n) addTotalStake(state, reserve)
  clearLiquidity(state, netuid)
  state.set(Swap.EnabledUserLiquidity, [netuid], true)
}

/** The settings of a new subnet; those that raise an event are set by it, the others only where they are missing. */
function initialize(context: Pick<RuntimeContext, 'state' | 'emit'>, netuid: number): void {
  const { state } = context
  state.set(S.SubnetworkN, [netuid], 0)
  state.set(S.NetworksAdded, [netuid], true)
  state.set(S.Tempo, [netuid], 360)
  state.set(S.TotalNetworks, [], state.get(S.TotalNetworks) + 1)
  const announce = (event: string, value: unknown) =>
    context.emit('SubtensorModule', event, [netuid, value])
  state.set(S.NetworkRegistrationAllowed, [netuid], true)
  announce('RegistrationAllowed', true)
  state.set(S.MaxAllowedUids, [netuid], 256)
  announce('MaxAllowedUidsSet', 256)
  state.set(S.MaxAllowedValidators, [netuid], 64)
  announce('MaxAllowedValidatorsSet', 64)
  state.set(S.MinAllowedWeights, [netuid], 1)
  announce('MinAllowedWeightSet', 1)
  state.set(S.AdjustmentInterval, [netuid], 360)
  announce('AdjustmentIntervalSet', 360)
  state.set(S.TargetRegistrationsPerInterval, [netuid], 1)
  announce('RegistrationPerIntervalSet', 1)
  state.set(S.AdjustmentAlpha, [netuid], 17_893_341_751_498_265_066n)
  announce('AdjustmentAlphaSet', 17_893_341_751_498_265_066n)
  state.set(S.ImmunityPeriod, [netuid], 5000)
  announce('ImmunityPeriodSet', 5000)
  state.set(S.MinDifficulty, [netuid], U64_MAX)
  announce('MinDifficultySet', U64_MAX)
  state.set(S.MaxDifficulty, [netuid], U64_MAX)
  announce('MaxDifficultySet', U64_MAX)
  for (const item of [S.Kappa, S.ActivityCutoff, S.RegistrationsThisInterval] as const) {
    if (!state.has(item, netuid)) state.set(item, [netuid], state.get(item, netuid))
  }
  for (const item of [S.POWRegistrationsThisInterval, S.BurnRegistrationsThisInterval] as const) {
    if (!state.has(item, netuid)) state.set(item, [netuid], 0)
  }
  if (!state.has(S.Difficulty, netuid)) {
    state.set(S.Difficulty, [netuid], state.get(S.Difficulty, netuid))
  }
}

/** How many blocks a subnet must be old before it may start: as in builds for development, a week elsewhere. */
export const START_DELAY = 10n

/** Opens trading in a subnet's alpha and its share of the emission. */
export function startCall(context: RuntimeContext, { netuid }: { netuid: number }): undefined {
  const { state, block } = context
  ensure(state.get(S.NetworksAdded, netuid), 'SubnetNotExists')
  ensureSubnetOwner(context, netuid)
  const started = state.has(S.FirstEmissionBlockNumber, netuid)
  ensure(!started, 'FirstEmissionBlockNumberAlreadySet')
  const due = state.get(S.NetworkRegisteredAt, netuid) + START_DELAY
  ensure(BigInt(block) >= due, 'NeedWaitingMoreBlocksToStarCall')
  startEmission(context, netuid)
}

/** Lets a subnet take part from the next block on. */
export function startEmission(
  context: Pick<RuntimeContext, 'state' | 'block' | 'emit'>,
  netuid: number,
): void {
  const first = BigInt(context.block) + 1n
  context.state.set(S.FirstEmissionBlockNumber, [netuid], first)
  context.state.set(S.SubtokenEnabled, [netuid], true)
  context.emit('SubtensorModule', 'FirstEmissionBlockNumberSet', [netuid, first])
}

/** Ends the call in BadOrigin unless the subnet's owner signed it; returns the owner. */
export function ensureSubnetOwner({ state, origin }: RuntimeContext, netuid: number): string {
  const who = signedBy(origin)
  return state.get(S.SubnetOwner, netuid) === who ? who : failWith('BadOrigin')
}

/** Ends the call in BadOrigin unless root calls or the subnet's owner. */
export function ensureOwnerOrRoot(context: RuntimeContext, netuid: number): void {
  if (context.origin.kind !== 'root') ensureSubnetOwner(context, netuid)
}

export function dissolveNetwork(
  context: RuntimeContext,
  { netuid }: { netuid: number },
): undefined {
  ensureRoot(context.origin)
  dissolve(context, netuid)
}
