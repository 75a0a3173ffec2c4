/**
 * Yuma consensus: from stakes and weights to consensus, incentives, bonds and dividends. Pure arithmetic on numbers
 * with 32 fractional bits, in sparse rows; {@link ./epochStore.ts} reads and writes the state.
 */
import {
  div32,
  floorDiv,
  fromU16,
  maxBig,
  mul32,
  normalize32,
  normalize64,
  ONE32,
  shareOf,
  total,
  toU16,
} from './fixed.js'
import { weightedMedian } from './median.js'
import { columnSums, divideColumns, dot, EMPTY, mix, normalizeColumns, type Row } from './rows.js'
import { roundFixed } from './weights.js'
import { type Bonding, bonding3, type Yuma3Rules } from './yuma3.js'

/** Weights or bonds as stored: pairs of uid and u16. */
export type StoredRow = readonly (readonly [uid: number, value: number])[]

export type EpochInput = {
  readonly block: number
  /** Of every neuron, by uid. RAO. */
  readonly stakes: readonly bigint[]
  readonly lastUpdate: readonly bigint[]
  readonly registeredAt: readonly bigint[]
  readonly permits: readonly boolean[]
  readonly weights: readonly StoredRow[]
  readonly bonds: readonly StoredRow[]
  readonly activityCutoff: number
  readonly maxValidators: number
  readonly kappa: number
  /** Millionths. */
  readonly bondsMovingAverage: bigint
  /** RAO to hand out. */
  readonly emission: bigint
  /** What later runtimes do differently; absent, the rules of spec 143. */
  readonly later?: LaterRules
}

/** How epochs of dTAO runtimes differ. Permits go to neurons with stake only. */
export type LaterRules = {
  /** The uid that may have a weight on itself. */
  readonly ownerUid: number | undefined
  /** By uid, since when a validator has weights to reveal: its old ones are not about neurons that came later. */
  readonly pendingSince: readonly (bigint | undefined)[] | undefined
  /** Bonds to neurons registered in this block or later are dropped. */
  readonly bondsUntil: bigint
  /** Part of 65535 by which bonds follow the clipped weights rather than the weights as they were set. */
  readonly bondsPenalty: number
  /** Absent, bonds are bought by stake as in the runtimes before. */
  readonly yuma3?: Yuma3Rules | undefined
}

export type EpochResult = {
  readonly active: boolean[]
  readonly permits: boolean[]
  readonly rank: number[]
  readonly trust: number[]
  readonly consensus: number[]
  readonly incentive: number[]
  readonly dividends: number[]
  readonly validatorTrust: number[]
  readonly pruningScores: number[]
  /** RAO by uid. */
  readonly emission: bigint[]
  readonly serverEmission: bigint[]
  readonly validatorEmission: bigint[]
  /** As they are stored, in rows of all uids: the largest of each column is 65535, unless they are those of Yuma 3. */
  readonly bonds: [number, number][][]
}

/** One epoch. */
export function yuma(input: EpochInput): EpochResult {
  const n = input.stakes.length
  const cutoff = BigInt(input.activityCutoff)
  const active = input.lastUpdate.map((last) => last + cutoff >= BigInt(input.block))
  const stake = normalize64(input.stakes).map((share) => Number(share >> 32n))
  const activeStake = normalize32(
    stake.map((share, i) => (active[i] && input.permits[i] ? share : 0)),
  )
  const isOutdated = outdatedBy(input)
  const isHidden = hiddenBy(input)
  const weights = input.weights.map((row, i) => {
    if (!input.permits[i]) return EMPTY
    const [outdated, hidden] = [isOutdated(i), isHidden(i)]
    const self = input.later?.ownerUid === i ? -1 : i
    return shares(row, (j) => j >= n || j === self || outdated(j) || hidden(j))
  })
  const preranks = columnSums(weights, activeStake, n)
  const consensus = columnMedians(weights, activeStake, n, fromU16(input.kappa))
  const clipped = weights.map((row) => clip(row, consensus))
  const raw = columnSums(clipped, activeStake, n)
  const trust = raw.map((rank, j) => ((preranks[j] ?? 0) === 0 ? 0 : div32(rank, preranks[j] ?? 0)))
  const incentive = normalize32(raw)
  const bought = bondWeights(input, weights, clipped)
  const { bonds, dividends } = input.later?.yuma3
    ? bonding3(input, input.later, input.later.yuma3, { bought, activeStake, consensus, incentive })
    : bonding(nextBonds(input, bought, activeStake, isOutdated), incentive, n)
  const split = splitEmission(incentive, dividends, activeStake, stake)
  return {
    active,
    permits: topStakes(stake, input.maxValidators).map(
      (permit, i) => permit && (input.later === undefined || (stake[i] ?? 0) > 0),
    ),
    rank: incentive.map(toU16),
    trust: trust.map(toU16),
    consensus: consensus.map(toU16),
    incentive: incentive.map(toU16),
    dividends: dividends.map(toU16),
    validatorTrust: clipped.map((row) => toU16(total(row.values))),
    pruningScores: pruningScores(split.combined),
    emission: split.combined.map((share) => shareOf(share, input.emission)),
    serverEmission: split.server.map((share) => shareOf(share, input.emission)),
    validatorEmission: split.validator.map((share) => shareOf(share, input.emission)),
    bonds,
  }
}

function bonding(bonds: readonly Row[], incentive: readonly number[], n: number): Bonding {
  const dividends = normalize32(bonds.map((row) => dot(row, incentive)))
  return { bonds: storedBonds(bonds, n), dividends }
}

type Outdated = (row: number) => (column: number) => boolean

/** Whether what a neuron has set is older than the neuron it is about. Mostly no neuron is that new. */
function outdatedBy({ lastUpdate, registeredAt }: EpochInput): Outdated {
  const newest = registeredAt.reduce(maxBig, 0n)
  return (row) => {
    const updated = lastUpdate[row] ?? 0n
    return updated > newest ? () => false : (column) => updated <= (registeredAt[column] ?? 0n)
  }
}

/** Whether a validator's weights are older than the neuron they are about while it has newer ones to reveal. */
function hiddenBy({ later, registeredAt }: EpochInput): Outdated {
  return (row) => {
    const since = later?.pendingSince?.[row]
    return since === undefined ? () => false : (column) => since < (registeredAt[column] ?? 0n)
  }
}

/** The weights that buy bonds: the clipped ones, or on their way there from those that were set. */
function bondWeights(
  { later }: EpochInput,
  weights: readonly Row[],
  clipped: readonly Row[],
): readonly Row[] {
  const penalty = later?.bondsPenalty ?? U16_MAX
  if (penalty === U16_MAX) return clipped
  if (penalty === 0) return weights
  const part = fromU16(penalty)
  return weights.map((row, i) => {
    const limits = new Map(clipped[i]?.columns.map((column, k) => [column, clipped[i]?.values[k]]))
    return {
      columns: row.columns,
      values: row.values.map((value, k) => {
        const limit = limits.get(row.columns[k] ?? 0) ?? 0
        return value + mul32(part, limit - value)
      }),
    }
  })
}

const U16_MAX = 65_535

/** The `count` largest, the higher uids among equals; everyone while there are fewer. */
export function topStakes(stake: readonly number[], count: number): boolean[] {
  const permits = stake.map(() => true)
  if (stake.length < count) return permits
  const order = stake.map((_, uid) => uid)
  order.sort((a, b) => (stake[a] ?? 0) - (stake[b] ?? 0))
  for (const uid of order.slice(0, stake.length - count)) permits[uid] = false
  return permits
}

/** A stored row without the masked entries, as shares of its sum. */
function shares(row: StoredRow, isMasked: (column: number) => boolean): Row {
  const columns: number[] = []
  const whole: number[] = []
  for (const [column, value] of row) {
    if (isMasked(column)) continue
    columns.push(column)
    whole.push(value)
  }
  const sum = total(whole)
  return { columns, values: sum === 0 ? whole : whole.map((value) => wholeShare(value, sum)) }
}

/** value/sum of whole numbers with 32 fractional bits, cut. */
const wholeShare = (value: number, sum: number) => floorDiv(value * ONE32, sum)

/** Per column the weight that the majority of active stake, kappa, supports. */
function columnMedians(
  weights: readonly Row[],
  activeStake: readonly number[],
  n: number,
  kappa: number,
): number[] {
  const validators = activeStake.flatMap((share, uid) => (share > 0 ? [uid] : []))
  const stakes = normalize32(validators.map((uid) => activeStake[uid] ?? 0))
  const sum = total(stakes)
  const table = new Float64Array(n * validators.length)
  for (const [k, uid] of validators.entries()) {
    const { columns, values } = weights[uid] ?? EMPTY
    for (let at = 0; at < columns.length; at++) {
      table[(columns[at] ?? 0) * validators.length + k] = values[at] ?? 0
    }
  }
  return Array.from({ length: n }, (_, column) => {
    const start = column * validators.length
    const scores = table.subarray(start, start + validators.length)
    return weightedMedian(stakes, scores, sum - kappa, sum)
  })
}

/** Weights above the consensus of their column are cut to it, and dropped where it is 0. */
function clip({ columns, values }: Row, consensus: readonly number[]): Row {
  const kept: number[] = []
  const clipped: number[] = []
  for (let k = 0; k < columns.length; k++) {
    const column = columns[k] ?? 0
    const value = values[k] ?? 0
    const limit = consensus[column] ?? 0
    if (limit < value && limit === 0) continue
    kept.push(column)
    clipped.push(Math.min(limit, value))
  }
  return { columns: kept, values: clipped }
}

/** The moving average of old bonds and of what the clipped weights buy, each column adding up to 1. */
function nextBonds(
  input: EpochInput,
  clipped: readonly Row[],
  activeStake: readonly number[],
  isOutdated: Outdated,
): Row[] {
  const n = input.stakes.length
  const until = input.later?.bondsUntil
  const kept = input.bonds.map((row, i) => {
    const outdated =
      until === undefined ? isOutdated(i) : (j: number) => until <= (input.registeredAt[j] ?? 0n)
    return row.filter(([j]) => !outdated(j))
  })
  const old = normalizeWhole(kept, n)
  const bought = clipped.map(({ columns, values }, i) => ({
    columns,
    values: values.map((value) => mul32(value, activeStake[i] ?? 0)),
  }))
  const delta = normalizeColumns(bought, n)
  const average = Number(millionths(input.bondsMovingAverage))
  const alpha = ONE32 - average
  const mixed = delta.map((row, i) => mix(row, alpha, old[i] ?? EMPTY, average, n))
  return normalizeColumns(mixed, n)
}

/** A setting in millionths with 32 fractional bits, as signed 64 bits hold it: the upper half of u64 is negative. */
function millionths(value: bigint): bigint {
  return BigInt.asIntN(64, ((BigInt.asIntN(64, value) << 64n) / 1_000_000n) >> 32n)
}

/** Stored u16 rows, each column as shares of its sum. */
function normalizeWhole(rows: readonly StoredRow[], n: number): Row[] {
  const sums = new Array<number>(n).fill(0)
  for (const row of rows) {
    for (const [column, value] of row) sums[column] = (sums[column] ?? 0) + value
  }
  return rows.map((row) => ({
    columns: row.map(([column]) => column),
    values: row.map(([column, value]) => {
      const sum = sums[column] ?? 0
      return sum === 0 ? 0 : wholeShare(value, sum)
    }),
  }))
}

type Split = { server: number[]; validator: number[]; combined: number[] }

/** Shares of the emission: incentive and dividends together are 1; without either the stake decides. */
function splitEmission(
  incentive: readonly number[],
  dividends: readonly number[],
  activeStake: readonly number[],
  stake: readonly number[],
): Split {
  const combined = incentive.map((share, i) => share + (dividends[i] ?? 0))
  const sum = total(combined)
  if (sum === 0) {
    const byStake = activeStake.every((share) => share === 0) ? stake : activeStake
    return { server: [...incentive], validator: [...byStake], combined: [...byStake] }
  }
  const part = (share: number) => div32(share, sum)
  return {
    server: incentive.map(part),
    validator: dividends.map(part),
    combined: combined.map(part),
  }
}

function pruningScores(shares: readonly number[]): number[] {
  const max = shares.reduce((a, b) => Math.max(a, b), 0)
  if (max === 0) return shares.map(() => 0)
  return shares.map((share) => roundFixed((BigInt(share * 65_535) << 32n) / BigInt(max)))
}

/** Bonds as they are stored: each column scaled so that its largest entry is 65535. */
function storedBonds(bonds: readonly Row[], n: number): [number, number][][] {
  const largest = new Array<number>(n).fill(0)
  for (const { columns, values } of bonds) {
    for (let k = 0; k < columns.length; k++) {
      const column = columns[k] ?? 0
      largest[column] = Math.max(largest[column] ?? 0, values[k] ?? 0)
    }
  }
  return divideColumns(bonds, largest).map(({ columns, values }) =>
    columns.map((column, k): [number, number] => [column, toU16(values[k] ?? 0)]),
  )
}
