/**
 * What an upgrade from spec 143 does to the state: as the real chain's `migrate_rao` of February 2025, with all the
 * runtime upgrades around it in one step. Subnets, neurons, weights and hyperparameters stay; stake becomes root's alpha,
 * TAO for TAO; every subnet gets a pool of equal reserves, and its owner gets back what of the lock does not fit in.
 */
import { utf8ToBytes } from '@noble/hashes/utils.js'
import type { Pallet, RuntimeContext, StorageItem } from '../pallet.js'
import { System as ClassicSystem } from '../pallets/system.js'
import { TransactionPayment } from '../pallets/transactionPayment.js'
import type { State } from '../state.js'
import { payLoadedEmission } from '../subtensor/emission.js'
import { S as Classic } from '../subtensor/storage.js'
import { less } from './fixed.js'
import { Balances, deposit } from './pallets/balances.js'
import { NO_DATA, System } from './pallets/system.js'
import { addToList, allNetuids, createHotkey } from './subtensor/keys.js'
import { clocks } from './subtensor/limits.js'
import { startEmission } from './subtensor/networks.js'
import { addTotalStake, ROOT, stakeInto } from './subtensor/pool.js'
import { S } from './subtensor/storage.js'
import { symbolOf } from './subtensor/symbols.js'
import { alphaPrice } from './swap/engine.js'
import { Swap } from './swap/storage.js'
import { RUNTIME_VERSION } from './version.js'

/** The name that the real migration leaves behind. */
const DONE: Uint8Array = utf8ToBytes('migrate_rao')

type Context = Pick<RuntimeContext, 'state' | 'block' | 'emit'>
type Item = StorageItem<readonly unknown[], unknown>

/** Reserves of every subnet's pool, RAO of TAO and of alpha: a price of one. */
const POOL = 100_000_000_000n
/** What the real chain multiplied its fees by; the classic runtime had none but for length. */
const FEE_MULTIPLIER = 1_000_000_000_000_000_000n

/**
 * Brings a classic state into the form of this runtime.
 * @param before the pallets of the classic runtime
 * @param after those of this one
 */
export function migrateClassic(
  { state, block }: Pick<Context, 'state' | 'block'>,
  before: readonly Pallet[],
  after: readonly Pallet[],
): void {
  // What is still to be paid out of past epochs is stake; what waits for the next is not issued yet.
  payLoadedEmission(state)
  const context = { state, block, emit: () => {} }
  const stakes = state.entries(Classic.Stake)
  const lastNetwork = state.get(Classic.NetworkLastRegistered)
  keepDefaults(state)
  removeGone(state, before, after)
  migrateAccounts(state)
  migrateKeys(state)
  migrateStakes(context, stakes)
  for (const netuid of allNetuids(state)) {
    if (netuid === ROOT) migrateRoot(state)
    else migrateSubnet(context, netuid)
  }
  state.set(S.LastRateLimitedBlock, [clocks.networkRegistered], lastNetwork)
  state.set(TransactionPayment.NextFeeMultiplier, [], FEE_MULTIPLIER)
  state.set(S.HasMigrationRun, [DONE], true)
  const { spec_name, spec_version } = RUNTIME_VERSION
  state.set(System.LastRuntimeUpgrade, [], { spec_name, spec_version })
  countIssuance(state)
}

const OF_SUBNETS = [
  'Burn',
  'MinBurn',
  'NetworkRegistrationAllowed',
  'NetworkPowRegistrationAllowed',
  'Tempo',
  'MaxWeightsLimit',
] as const
const OF_CHAIN = ['SubnetLimit', 'NetworkImmunityPeriod'] as const

/** Writes down what was only a default and is another one from now on: nobody's subnet changes by an upgrade. */
function keepDefaults(state: State): void {
  const keep = (item: Item, keys: readonly unknown[]) =>
    state.set(item, keys, state.get(item, ...keys))
  for (const name of OF_CHAIN) keep(Classic[name] as unknown as Item, [])
  for (const netuid of allNetuids(state)) {
    for (const name of OF_SUBNETS) keep(Classic[name] as unknown as Item, [netuid])
  }
}

/** Removes what this runtime keeps nowhere. */
function removeGone(state: State, before: readonly Pallet[], after: readonly Pallet[]): void {
  const itemsOf = (pallets: readonly Pallet[], name: string) =>
    pallets.find((pallet) => pallet.name === name)?.storage ?? {}
  for (const { name, storage } of before) {
    const kept = itemsOf(after, name)
    for (const [item, gone] of Object.entries(storage)) {
      if (item in kept) continue
      for (const [keys] of state.entries(gone)) state.remove(gone, ...keys)
    }
  }
}

/** Accounts have one frozen amount and flags; deposits of pallets that are gone are free again. */
function migrateAccounts(state: State): void {
  for (const [[who], account] of state.entries(ClassicSystem.Account)) {
    const { free, reserved } = account.data
    const data = { ...NO_DATA, free: free + reserved }
    state.set(System.Account, [who], { ...account, consumers: 0, data })
  }
}

/** Coldkeys list their hotkeys, which they did not before. */
function migrateKeys(state: State): void {
  for (const [[hotkey], coldkey] of state.entries(S.Owner)) {
    addToList(state, S.OwnedHotkeys, coldkey, hotkey)
    addToList(state, S.StakingHotkeys, coldkey, hotkey)
  }
}

type Stake = readonly [keys: readonly [hotkey: string, coldkey: string], rao: bigint]

function migrateStakes(context: Context, stakes: readonly Stake[]): void {
  const { state } = context
  state.set(S.TotalStake, [], 0n)
  for (const [[hotkey, coldkey], rao] of stakes) {
    if (rao > 0n) stakeInto(context, { hotkey, coldkey, netuid: ROOT }, rao)
  }
  state.set(S.SubnetTaoFlow, [ROOT], 0n)
}

/** Root no longer votes on emission. */
function migrateRoot(state: State): void {
  for (const item of [S.Weights, S.Bonds]) {
    for (const [keys] of state.entries(item, ROOT)) state.remove(item, ...keys)
  }
  state.set(S.SubtokenEnabled, [ROOT], true)
  state.set(S.TokenSymbol, [ROOT], symbolOf(ROOT))
}

function migrateSubnet(context: Context, netuid: number): void {
  const { state } = context
  const owner = state.get(S.SubnetOwner, netuid)
  const lock = state.get(S.SubnetLocked, netuid)
  deposit(context, owner, less(lock, POOL))
  state.set(S.SubnetLocked, [netuid], 0n)
  state.set(S.SubnetMechanism, [netuid], 1)
  state.set(S.SubnetTAO, [netuid], POOL)
  state.set(S.SubnetAlphaIn, [netuid], POOL)
  addTotalStake(state, POOL)
  for (const item of [S.SubnetTaoProvided, S.SubnetAlphaInProvided, S.SubnetAlphaOut]) {
    state.set(item, [netuid], 0n)
  }
  state.set(S.SubnetVolume, [netuid], 0n)
  state.set(S.TokenSymbol, [netuid], symbolOf(netuid))
  // The owner's coldkey is its hotkey too, until another one is named.
  state.set(S.SubnetOwnerHotkey, [netuid], owner)
  createHotkey(state, owner, owner)
  // Weights were set openly; validators have to be told before that changes.
  state.set(S.CommitRevealWeightsEnabled, [netuid], false)
  state.set(Swap.EnabledUserLiquidity, [netuid], true)
  startEmission(context, netuid)
  state.set(S.SubnetMovingPrice, [netuid], alphaPrice(state, netuid))
}

/** Counts anew what there is, as the real chain did after its migration. */
function countIssuance(state: State): void {
  let balances = 0n
  for (const [, { data }] of state.entries(System.Account)) balances += data.free + data.reserved
  state.set(Balances.TotalIssuance, [], balances)
  state.set(S.TotalIssuance, [], balances + state.get(S.TotalStake))
}
