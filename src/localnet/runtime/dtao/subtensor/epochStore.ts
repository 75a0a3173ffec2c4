/** The state around an epoch: what it reads and what it leaves, for every mechanism of a subnet. */
import type { RuntimeContext } from '../../pallet.js'
import type { State } from '../../state.js'
import { type EpochResult, type StoredRow, yuma } from '../../subtensor/epoch.js'
import { normalize64, toU16 } from '../../subtensor/fixed.js'
import type { Yuma3Rules } from '../../subtensor/yuma3.js'
import { less } from '../fixed.js'
import { pendingSince } from './commits.js'
import { indexOf } from './mechanisms.js'
import { stakeWeights } from './stakeWeights.js'
import { S } from './storage.js'

type Context = Pick<RuntimeContext, 'state' | 'block' | 'emit'>

/** What each hotkey earned as miner and as validator, alpha RAO, in the order of the hotkeys' bytes. */
export type Earning = {
  readonly hotkey: string
  readonly incentive: bigint
  readonly dividend: bigint
}

/** Runs the epoch of a subnet and stores its results; the emission is returned, not paid. */
export function runEpoch(context: Context, netuid: number, emission: bigint): Earning[] {
  const { state } = context
  const parts = splitEmission(state, netuid, emission)
  const common = commonInput(state, netuid)
  const results = parts.map((part, mechanism) =>
    runMechanism(context, netuid, mechanism, part, common),
  )
  const merged = merge(results, parts, emission)
  storeResult(state, netuid, merged, common.stakes)
  return common.keys
    .map(([uid, hotkey]) => ({
      hotkey,
      incentive: merged.serverEmission[uid] ?? 0n,
      dividend: merged.validatorEmission[uid] ?? 0n,
    }))
    .sort((a, b) => (a.hotkey < b.hotkey ? -1 : 1))
}

/** How much of the emission each mechanism hands out; what rounding leaves goes to the first. */
export function splitEmission(state: State, netuid: number, emission: bigint): bigint[] {
  const count = state.get(S.MechanismCountCurrent, netuid)
  const split = state.get(S.MechanismEmissionSplit, netuid)
  const parts = Array.from({ length: count }, (_, i) =>
    split ? (emission * BigInt(split[i] ?? 0)) / 65_535n : emission / BigInt(count),
  )
  const [first = 0n] = parts
  const rest = less(
    emission,
    parts.reduce((sum, part) => sum + part, 0n),
  )
  return parts.with(0, first + rest)
}

/** What the mechanisms of a subnet have in common. */
function commonInput(state: State, netuid: number) {
  const n = state.get(S.SubnetworkN, netuid)
  const registeredAt = new Array<bigint>(n).fill(0n)
  const keys: [uid: number, hotkey: string][] = []
  for (const [[, uid], hotkey] of state.entries(S.Keys, netuid)) {
    if (uid >= n) continue
    keys.push([uid, hotkey])
    registeredAt[uid] = state.get(S.BlockAtRegistration, netuid, uid)
  }
  const least = state.get(S.StakeThreshold)
  const stakes = stakeWeights(state, netuid).map(({ total }) => (total >> 64n < least ? 0n : total))
  const owner = state.has(S.SubnetOwnerHotkey, netuid)
    ? state.get(S.Uids, netuid, state.get(S.SubnetOwnerHotkey, netuid))
    : undefined
  return { n, keys, stakes, registeredAt, ownerUid: owner }
}

function runMechanism(
  context: Context,
  netuid: number,
  mechanism: number,
  emission: bigint,
  { n, stakes, registeredAt, ownerUid }: ReturnType<typeof commonInput>,
): EpochResult {
  const { state, block } = context
  const index = indexOf(netuid, mechanism)
  const updates = state.get(S.LastUpdate, index)
  const permits = state.get(S.ValidatorPermit, netuid)
  const result = yuma({
    block,
    stakes,
    registeredAt,
    lastUpdate: Array.from({ length: n }, (_, uid) => updates[uid] ?? 0n),
    permits,
    weights: rowsOf(state, S.Weights, index, n),
    bonds: rowsOf(state, S.Bonds, index, n),
    activityCutoff: state.get(S.ActivityCutoff, netuid),
    maxValidators: state.get(S.MaxAllowedValidators, netuid),
    kappa: state.get(S.Kappa, netuid),
    bondsMovingAverage: state.get(S.BondsMovingAverage, netuid),
    emission,
    later: {
      ownerUid,
      pendingSince: pendingSince(context, netuid, index),
      bondsUntil: less(BigInt(block), BigInt(state.get(S.Tempo, netuid))),
      bondsPenalty: state.get(S.BondsPenalty, netuid),
      yuma3: yuma3Rules(state, netuid),
    },
  })
  state.set(S.Incentive, [index], result.incentive)
  context.emit('SubtensorModule', 'IncentiveAlphaEmittedToMiners', {
    netuid: index,
    emissions: result.serverEmission,
  })
  for (const [uid, permit] of result.permits.entries()) {
    state.set(S.Bonds, [index, uid], permit ? (result.bonds[uid] ?? []) : [])
  }
  return result
}

function yuma3Rules(state: State, netuid: number): Yuma3Rules | undefined {
  if (!state.get(S.Yuma3On, netuid)) return undefined
  if (!state.get(S.LiquidAlphaOn, netuid)) return {}
  const [low = 0, high = 0] = state.get(S.AlphaValues, netuid)
  return { liquid: { low, high, steepness: state.get(S.AlphaSigmoidSteepness, netuid) } }
}

function rowsOf(
  state: State,
  item: typeof S.Weights | typeof S.Bonds,
  index: number,
  n: number,
): StoredRow[] {
  const rows = new Array<StoredRow>(n).fill([])
  for (const [[, uid], row] of state.entries(item, index)) if (uid < n) rows[uid] = row
  return rows
}

type Merged = Pick<
  EpochResult,
  | 'active'
  | 'permits'
  | 'rank'
  | 'trust'
  | 'consensus'
  | 'dividends'
  | 'validatorTrust'
  | 'pruningScores'
  | 'emission'
  | 'serverEmission'
  | 'validatorEmission'
>

/** The results of all mechanisms as one, weighted by what each hands out. */
function merge(
  results: readonly EpochResult[],
  parts: readonly bigint[],
  emission: bigint,
): Merged {
  const [first, ...others] = results
  if (!first) throw new Error('a subnet has at least one mechanism')
  if (others.length === 0) return first
  const weights = parts.map((part, i) =>
    emission === 0n ? (i === 0 ? ONE64 : 0n) : (part << 64n) / emission,
  )
  const each = <T>(pick: (result: EpochResult) => readonly T[], add: (values: T[]) => T): T[] =>
    pick(first).map((_, uid) => add(results.map((result) => pick(result)[uid] as T)))
  const weigh = (value: bigint, i: number) => (value * (weights[i] ?? 0n)) >> 64n
  const numbers = (pick: (result: EpochResult) => readonly number[]) =>
    each(pick, (values) =>
      values.reduce((sum, value, i) => sum + Number(weigh(BigInt(value), i)), 0),
    )
  const some = (pick: (result: EpochResult) => readonly boolean[]) =>
    each(pick, (values) => values.includes(true))
  const total = (pick: (result: EpochResult) => readonly bigint[]) =>
    each(pick, (values) => values.reduce((sum, value) => sum + value, 0n))
  return {
    active: some(({ active }) => active),
    permits: some(({ permits }) => permits),
    rank: numbers(({ rank }) => rank),
    trust: numbers(({ trust }) => trust),
    consensus: numbers(({ consensus }) => consensus),
    dividends: numbers(({ dividends }) => dividends),
    validatorTrust: numbers(({ validatorTrust }) => validatorTrust),
    pruningScores: numbers(({ pruningScores }) => pruningScores),
    emission: each(
      (result) => result.emission,
      (values) => values.reduce((sum, value, i) => sum + weigh(value, i), 0n),
    ),
    serverEmission: total(({ serverEmission }) => serverEmission),
    validatorEmission: total(({ validatorEmission }) => validatorEmission),
  }
}

const ONE64 = 1n << 64n

function storeResult(
  state: State,
  netuid: number,
  result: Merged,
  stakes: readonly bigint[],
): void {
  state.set(S.Active, [netuid], result.active)
  state.set(S.Emission, [netuid], result.emission)
  state.set(S.Rank, [netuid], result.rank)
  state.set(S.Trust, [netuid], result.trust)
  state.set(S.Consensus, [netuid], result.consensus)
  state.set(S.Dividends, [netuid], result.dividends)
  state.set(S.PruningScores, [netuid], result.pruningScores)
  state.set(S.ValidatorTrust, [netuid], result.validatorTrust)
  state.set(S.ValidatorPermit, [netuid], result.permits)
  const shares = normalize64(stakes).map((share) => toU16(Number(share >> 32n)))
  state.set(S.StakeWeight, [netuid], shares)
}
