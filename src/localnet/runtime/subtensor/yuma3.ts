/**
 * Bonds of Yuma 3, which subnets may choose: each bond follows the weight by itself, and stake counts when bonds pay. With
 * liquid alpha it follows faster where a validator departs from the others.
 */
import type { EpochInput, LaterRules, StoredRow } from './epoch.js'
import { fromU16, mul32, normalize32, ONE32, toU16 } from './fixed.js'
import { dot, EMPTY, mix, normalizeColumns, type Row } from './rows.js'

export type Yuma3Rules = {
  /** Absent, all bonds follow at the pace of the moving average. */
  readonly liquid?: LiquidAlpha | undefined
}

/** The slowest and the fastest pace as parts of 65535, and how steeply it goes from one to the other. */
export type LiquidAlpha = {
  readonly low: number
  readonly high: number
  readonly steepness: number
}

export type Bonding = {
  /** As they are stored. */
  readonly bonds: [number, number][][]
  readonly dividends: number[]
}

type Scores = {
  /** The weights that buy bonds. */
  readonly bought: readonly Row[]
  readonly activeStake: readonly number[]
  readonly consensus: readonly number[]
  readonly incentive: readonly number[]
}

export function bonding3(
  input: EpochInput,
  { bondsUntil }: LaterRules,
  { liquid }: Yuma3Rules,
  { bought, activeStake, consensus, incentive }: Scores,
): Bonding {
  const n = input.stakes.length
  const isGone = (uid: number) => uid >= n || bondsUntil <= (input.registeredAt[uid] ?? 0n)
  const old = input.bonds.map((row) => proportions(row.filter(([uid]) => !isGone(uid))))
  const average = Number((input.bondsMovingAverage << 32n) / 1_000_000n)
  const bonds = bought.map((row, i) => {
    const before = old[i] ?? EMPTY
    return liquid && consensus.some((one) => one !== 0)
      ? follow(row, before, consensus, liquid)
      : mix(row, ONE32 - average, before, average, n)
  })
  const earned = normalizeColumns(bonds, n).map((row, i) =>
    mul32(dot(row, incentive), activeStake[i] ?? 0),
  )
  return {
    bonds: bonds.map(({ columns, values }) =>
      columns.map((column, k): [number, number] => [column, toU16(values[k] ?? 0)]),
    ),
    dividends: normalize32(earned),
  }
}

const proportions = (row: StoredRow): Row => ({
  columns: row.map(([column]) => column),
  values: row.map(([, value]) => fromU16(value)),
})

/** The bonds of a row where it has weights, each at a pace of its own. */
function follow(
  bought: Row,
  old: Row,
  consensus: readonly number[],
  { low, high, steepness }: LiquidAlpha,
): Row {
  const [slow, fast] = [fromU16(low), fromU16(high)]
  const [weights, bonds] = [readInOrder(bought), readInOrder(old)]
  const before = new Map(old.columns.map((column, k) => [column, old.values[k] ?? 0]))
  const columns: number[] = []
  const values: number[] = []
  for (const [k, column] of bought.columns.entries()) {
    const [weight, bond] = [weights.get(column) ?? 0, bonds.get(column) ?? 0]
    const away = weight >= bond ? weight - (consensus[column] ?? 0) : bond - weight
    const rise = mul32(sigmoid(Math.min(Math.max(away, 0), ONE32), steepness), fast - slow)
    const alpha = Math.min(slow + rise, fast)
    const kept = mul32(ONE32 - alpha, before.get(column) ?? 0)
    const value = Math.min(kept + mul32(alpha, bought.values[k] ?? 0), ONE32)
    if (value === 0) continue
    columns.push(column)
    values.push(value)
  }
  return { columns, values }
}

/** What the runtime sees that goes along a row once in the order of uids: what comes after a higher one is missed. */
function readInOrder({ columns, values }: Row): Map<number, number> {
  const seen = new Map<number, number>()
  let last = -1
  for (const [k, column] of columns.entries()) {
    if (column <= last) continue
    seen.set(column, values[k] ?? 0)
    last = column
  }
  return seen
}

const HALF32 = 1n << 31n

/** 1 / (1 + e^(−steepness/100 · (x − ½))) with 32 fractional bits. */
function sigmoid(x: number, steepness: number): number {
  const slope = (BigInt(steepness) << 32n) / -100n
  const power = exp32((slope * (BigInt(x) - HALF32)) >> 32n)
  return Number((1n << 64n) / ((1n << 32n) + power))
}

/** The largest number that the runtime can hold with 32 fractional bits. */
const MAX32 = (1n << 63n) - 1n

/** e^y as the runtime's library adds it up; 0 for a y so large, or so far below 0, that it cannot hold a term. */
function exp32(y: bigint): bigint {
  const one = 1n << 32n
  if (y === 0n) return one
  if (y === one) return EULER
  const magnitude = y < 0n ? -y : y
  let sum = one + magnitude
  let term = magnitude
  for (let i = 2n; i < 32n; i++) {
    term = (term * magnitude) >> 32n
    if (term > MAX32) return 0n
    term /= i
    sum += term
    if (sum > MAX32) return 0n
  }
  return y < 0n ? (one << 32n) / sum : sum
}

/** The constant that the library has for e itself: 22802600/2^23. */
const EULER = 22_802_600n << 9n
