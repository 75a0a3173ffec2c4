/** Subnets: made for a lock, dissolved by their owner or pruned for a newcomer. */
import type { RuntimeContext, StorageItem } from '../pallet.js'
import { deposit } from '../pallets/balances.js'
import { signedBy } from '../pallets/system.js'
import type { State } from '../state.js'
import { ensure } from './declarations.js'
import { addU64, maxBig, subU64, U64_MAX } from './fixed.js'
import { ROOT } from './registration.js'
import { canPay, withdraw } from './staking.js'
import { S } from './storage.js'

/** What a new subnet starts with; each setting raises its event. */
const NEW_SUBNET = {
  tempo: 360,
  maxUids: 256,
  maxValidators: 64,
  minWeights: 1,
  maxWeight: 65_535,
  adjustmentInterval: 360,
  target: 1,
  /** 0.97 of 2^64 − 1. */
  adjustmentAlpha: 17_893_341_751_498_265_066n,
  immunity: 5000,
  minBurn: 1n,
}

export function registerNetwork(context: RuntimeContext): undefined {
  const { state, block } = context
  const coldkey = signedBy(context.origin)
  const now = BigInt(block)
  const age = subU64(now, state.get(S.NetworkLastRegistered))
  ensure(age >= state.get(S.NetworkRateLimit), 'TxRateLimitExceeded')
  const lock = lockCost(state, block)
  ensure(canPay(state, coldkey, lock), 'NotEnoughBalanceToStake')
  const netuid = freeNetuid(context)
  withdraw(context, coldkey, lock)
  state.set(S.NetworkLastLockCost, [], lock)
  createNetwork(context, netuid, coldkey, lock)
  state.set(S.NetworkLastRegistered, [], now)
  context.emit('SubtensorModule', 'NetworkAdded', [netuid, 0])
}

/** Adds a subnet with the settings a new one has; the lock is taken as paid. */
export function createNetwork(
  context: RuntimeContext,
  netuid: number,
  owner: string,
  lock: bigint,
): void {
  const { state } = context
  state.set(S.SubnetLocked, [netuid], lock)
  initNetwork(context, netuid)
  state.set(S.NetworkRegisteredAt, [netuid], BigInt(context.block))
  state.set(S.SubnetOwner, [netuid], owner)
}

/** What the next subnet costs: twice the last lock, falling back to the last over an interval, and on to the minimum. */
export function lockCost(state: State, block: number): bigint {
  const last = state.get(S.NetworkLastLockCost)
  const lastBlock = state.get(S.NetworkLastRegistered)
  const interval = state.get(S.NetworkLockReductionInterval)
  const doubled = lastBlock === 0n ? last : addU64(last, last)
  const perBlock = interval === 0n ? last : last / interval
  const lowered = subU64(doubled, perBlock * subU64(BigInt(block), lastBlock))
  return maxBig(lowered, state.get(S.NetworkMinLockCost))
}

/** The lowest free number, or that of the subnet that has to go. */
function freeNetuid(context: RuntimeContext): number {
  const { state } = context
  if (Math.max(state.get(S.TotalNetworks) - 1, 0) < state.get(S.SubnetLimit)) {
    let netuid = 1
    while (state.get(S.NetworksAdded, netuid)) netuid += 1
    return netuid
  }
  const pruned = poorestNetwork(state, context.block)
  ensure(pruned > 0, 'AllNetworksInImmunity')
  removeNetwork(context, pruned)
  context.emit('SubtensorModule', 'NetworkRemoved', pruned)
  return pruned
}

/** The subnet out of immunity with the least emission, the oldest among equals; 0 if there is none. */
function poorestNetwork(state: State, block: number): number {
  const immunity = state.get(S.NetworkImmunityPeriod)
  let found: { netuid: number; emission: bigint; since: bigint } | undefined
  for (const [[netuid]] of state.entries(S.NetworksAdded)) {
    const since = state.get(S.NetworkRegisteredAt, netuid)
    if (netuid === ROOT || subU64(BigInt(block), since) < immunity) continue
    const emission = state.get(S.EmissionValues, netuid)
    const poorer =
      found === undefined ||
      emission < found.emission ||
      (emission === found.emission && since <= found.since)
    if (poorer) found = { netuid, emission, since }
  }
  return found?.netuid ?? 0
}

/** Everything a new subnet has stored from the start, in the order of the events. */
function initNetwork({ state, emit }: RuntimeContext, netuid: number): void {
  const put = <V>(item: StorageItem<[number], V>, value: V, event?: string) => {
    state.set(item, [netuid], value)
    if (event) emit('SubtensorModule', event, [netuid, value])
  }
  put(S.SubnetworkN, 0)
  put(S.NetworksAdded, true)
  put(S.Tempo, NEW_SUBNET.tempo)
  put(S.NetworkModality, 0)
  state.set(S.TotalNetworks, [], state.get(S.TotalNetworks) + 1)
  put(S.NetworkRegistrationAllowed, true, 'RegistrationAllowed')
  put(S.MaxAllowedUids, NEW_SUBNET.maxUids, 'MaxAllowedUidsSet')
  put(S.MaxAllowedValidators, NEW_SUBNET.maxValidators, 'MaxAllowedValidatorsSet')
  put(S.MinAllowedWeights, NEW_SUBNET.minWeights, 'MinAllowedWeightSet')
  put(S.MaxWeightsLimit, NEW_SUBNET.maxWeight, 'MaxWeightLimitSet')
  put(S.AdjustmentInterval, NEW_SUBNET.adjustmentInterval, 'AdjustmentIntervalSet')
  put(S.TargetRegistrationsPerInterval, NEW_SUBNET.target, 'RegistrationPerIntervalSet')
  put(S.AdjustmentAlpha, NEW_SUBNET.adjustmentAlpha, 'AdjustmentAlphaSet')
  put(S.ImmunityPeriod, NEW_SUBNET.immunity, 'ImmunityPeriodSet')
  put(S.MinBurn, NEW_SUBNET.minBurn, 'MinBurnSet')
  put(S.MinDifficulty, U64_MAX, 'MinDifficultySet')
  put(S.MaxDifficulty, U64_MAX, 'MaxDifficultySet')
  writeDefaults(state, netuid)
}

/** Items that a new subnet stores at their default unless an earlier one of that number left them. */
function writeDefaults(state: State, netuid: number): void {
  const keep = <V>(item: StorageItem<[number], V>) => {
    if (!state.has(item, netuid)) state.set(item, [netuid], state.get(item, netuid))
  }
  keep(S.Kappa)
  keep(S.Difficulty)
  keep(S.ActivityCutoff)
  keep(S.EmissionValues)
  keep(S.RegistrationsThisInterval)
  keep(S.POWRegistrationsThisInterval)
  keep(S.BurnRegistrationsThisInterval)
}

export function dissolveNetwork(
  context: RuntimeContext,
  { netuid }: { netuid: number },
): undefined {
  const { state } = context
  const coldkey = signedBy(context.origin)
  ensure(state.get(S.NetworksAdded, netuid), 'NetworkDoesNotExist')
  ensure(state.get(S.SubnetOwner, netuid) === coldkey, 'NotSubnetOwner')
  removeNetwork(context, netuid)
  context.emit('SubtensorModule', 'NetworkRemoved', netuid)
}

/** Items by netuid that go with a subnet; the many others stay and meet the next one of that number. */
const REMOVED: readonly StorageItem<[number], unknown>[] = [
  S.SubnetworkN,
  S.NetworkModality,
  S.NetworksAdded,
  S.NetworkRegisteredAt,
  S.Rank,
  S.Trust,
  S.Active,
  S.Emission,
  S.Incentive,
  S.Consensus,
  S.Dividends,
  S.PruningScores,
  S.LastUpdate,
  S.ValidatorPermit,
  S.ValidatorTrust,
  S.Tempo,
  S.Kappa,
  S.Difficulty,
  S.MaxAllowedUids,
  S.ImmunityPeriod,
  S.ActivityCutoff,
  S.EmissionValues,
  S.MaxWeightsLimit,
  S.MinAllowedWeights,
  S.RegistrationsThisInterval,
  S.POWRegistrationsThisInterval,
  S.BurnRegistrationsThisInterval,
]

function removeNetwork(context: RuntimeContext, netuid: number): void {
  const { state } = context
  const owner = state.get(S.SubnetOwner, netuid)
  const lock = state.get(S.SubnetLocked, netuid)
  for (const item of REMOVED) state.remove(item, netuid)
  state.set(S.TotalNetworks, [], state.get(S.TotalNetworks) - 1)
  clearPrefix(state, S.Uids, netuid)
  clearPrefix(state, S.Keys, netuid)
  clearPrefix(state, S.Bonds, netuid)
  clearPrefix(state, S.Weights, netuid)
  forgetInRootWeights(state, netuid)
  deposit(context, owner, lock)
  state.set(S.SubnetLocked, [netuid], 0n)
  state.remove(S.SubnetOwner, netuid)
}

function clearPrefix<K, V>(state: State, item: StorageItem<[number, K], V>, netuid: number): void {
  for (const [keys] of state.entries(item, netuid)) state.remove(item, ...keys)
}

/** The pairs stay in the rows of root, with weight 0. */
function forgetInRootWeights(state: State, netuid: number): void {
  for (const [keys, row] of state.entries(S.Weights, ROOT)) {
    const changed = row.map(([dest, weight]): [number, number] => [
      dest,
      dest === netuid ? 0 : weight,
    ])
    state.set(S.Weights, keys, changed)
  }
}
