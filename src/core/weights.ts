/** Weights between the floats that validators think in and the u16 values that the chain keeps. */
import { BittensorError } from './errors.js'
import { U16_MAX } from './units.js'

/** Weights as set_weights sends them. */
export type ChainWeights = { readonly uids: number[]; readonly values: number[] }

/**
 * Turns weights into what the chain takes: scaled so that the largest is 65535, rounded half to even, zeros dropped.
 * The inputs count as 32-bit floats, as in bittensor 5.3.1 (utils/weight_utils.py, convert_weights_and_uids_for_emit).
 * @throws {BittensorError} `USAGE` for a negative weight or uid, or lists of different length.
 * @example
 * weightsToChain([0, 1, 2], [0.5, 0.25, 0.25]) // { uids: [0, 1, 2], values: [65535, 32768, 32768] }
 */
export function weightsToChain(uids: readonly number[], weights: readonly number[]): ChainWeights {
  if (uids.length !== weights.length) {
    throw new BittensorError('USAGE', `${uids.length} uids but ${weights.length} weights`)
  }
  if (uids.some((uid) => !Number.isInteger(uid) || uid < 0)) {
    throw new BittensorError('USAGE', 'a uid is a whole number from 0 on')
  }
  const floats = Float32Array.from(weights)
  if (floats.some((weight) => !(weight >= 0) || weight === Number.POSITIVE_INFINITY)) {
    throw new BittensorError('USAGE', 'a weight is a finite number from 0 on')
  }
  const largest = floats.reduce((max, weight) => Math.max(max, weight), 0)
  if (largest === 0) return { uids: [], values: [] }
  const result: ChainWeights = { uids: [], values: [] }
  for (const [i, weight] of floats.entries()) {
    const value = roundHalfEven((weight / largest) * U16_MAX)
    if (value === 0) continue
    result.uids.push(uids[i] ?? 0)
    result.values.push(value)
  }
  return result
}

/**
 * One row of the weight matrix from chain values: shares that sum to 1, zeros where nothing is set.
 * @param n number of neurons in the subnet
 * @throws {BittensorError} `USAGE` for a uid outside the subnet or lists of different length.
 * @example
 * weightsFromChain(4, [0, 2], [65535, 65535]) // Float32Array [0.5, 0, 0.5, 0]
 */
export function weightsFromChain(
  n: number,
  uids: readonly number[],
  values: readonly number[],
): Float32Array {
  if (uids.length !== values.length) {
    throw new BittensorError('USAGE', `${uids.length} uids but ${values.length} values`)
  }
  const row = new Float32Array(n)
  for (const [i, uid] of uids.entries()) {
    if (!Number.isInteger(uid) || uid < 0 || uid >= n) {
      throw new BittensorError('USAGE', `uid ${uid} is not in a subnet of ${n}`)
    }
    row[uid] = values[i] ?? 0
  }
  const sum = row.reduce((total, value) => total + value, 0)
  return sum === 0 ? row : row.map((value) => value / sum)
}

const SLACK = 1e-7

/**
 * Shares that sum to 1 with none above `limit`; all equal when nothing is given or the limit cannot hold.
 * (bittensor 5.3.1, utils/weight_utils.py, normalize_max_weight)
 * @example
 * normalizeMaxWeight([9, 1, 1, 1], 0.4)
 */
export function normalizeMaxWeight(weights: readonly number[], limit = 0.1): number[] {
  const n = weights.length
  const sum = weights.reduce((total, weight) => total + weight, 0)
  if (sum === 0 || n * limit <= 1) return weights.map(() => 1 / n)
  const shares = weights.map((weight) => weight / sum)
  if (Math.max(...shares) <= limit) return shares
  const cutoff =
    cutoffOf(
      [...shares].sort((a, b) => a - b),
      limit,
    ) * sum
  const clipped = weights.map((weight) => Math.min(weight, cutoff))
  const total = clipped.reduce((acc, weight) => acc + weight, 0)
  return clipped.map((weight) => weight / total)
}

function cutoffOf(ascending: readonly number[], limit: number): number {
  const n = ascending.length
  let sum = 0
  const cumulative = ascending.map((share) => (sum += share))
  const below = ascending.filter((share, i) => {
    return share / (share * (n - i - 1) + (cumulative[i] ?? 0) + SLACK) < limit
  }).length
  return (limit * (cumulative[below - 1] ?? 0) - SLACK) / (1 - limit * (n - below))
}

/** What {@link processWeights} needs to know of the subnet. */
export type WeightRules = {
  /** number of neurons */
  readonly n: number
  readonly minAllowedWeights: number
  /** largest share of one weight, 0 to 1 */
  readonly maxWeightLimit: number
  /** share of the lowest weights to drop, 0 to 1 */
  readonly excludeQuantile: number
}

/**
 * Makes weights acceptable to a subnet: enough of them, the lowest quantile dropped, none above the limit.
 * (bittensor 5.3.1, utils/weight_utils.py, process_weights_for_netuid)
 * @throws {BittensorError} `USAGE` for a uid outside the subnet or lists of different length.
 * @example
 * const rules = { n: 256, minAllowedWeights: 8, maxWeightLimit: 0.1, excludeQuantile: 0.05 }
 * const { uids, weights } = processWeights(scoredUids, scores, rules)
 */
export function processWeights(
  uids: readonly number[],
  weights: readonly number[],
  rules: WeightRules,
): { uids: number[]; weights: number[] } {
  if (uids.length !== weights.length) {
    throw new BittensorError('USAGE', `${uids.length} uids but ${weights.length} weights`)
  }
  const everyone = Array.from({ length: rules.n }, (_, uid) => uid)
  const given = uids.flatMap((uid, i) =>
    (weights[i] ?? 0) > 0 ? [{ uid, weight: weights[i] ?? 0 }] : [],
  )
  if (given.length === 0 || rules.n < rules.minAllowedWeights) {
    return { uids: everyone, weights: everyone.map(() => 1 / rules.n) }
  }
  if (given.length < rules.minAllowedWeights) {
    const all = everyone.map(() => 1e-5)
    for (const { uid, weight } of given) {
      if (uid >= rules.n)
        throw new BittensorError('USAGE', `uid ${uid} is not in a subnet of ${rules.n}`)
      all[uid] = (all[uid] ?? 0) + weight
    }
    return { uids: everyone, weights: normalizeMaxWeight(all, rules.maxWeightLimit) }
  }
  const spare = Math.max(0, given.length - rules.minAllowedWeights) / given.length
  const lowest = quantile(
    given.map((entry) => entry.weight),
    Math.min(rules.excludeQuantile, spare),
  )
  const kept = given.filter((entry) => entry.weight >= lowest)
  return {
    uids: kept.map((entry) => entry.uid),
    weights: normalizeMaxWeight(
      kept.map((entry) => entry.weight),
      rules.maxWeightLimit,
    ),
  }
}

/** Linear interpolation between the neighbours, as torch.quantile does. */
function quantile(values: readonly number[], q: number): number {
  const ascending = [...values].sort((a, b) => a - b)
  const place = q * (ascending.length - 1)
  const below = ascending[Math.floor(place)] ?? 0
  const above = ascending[Math.ceil(place)] ?? below
  return below + (above - below) * (place - Math.floor(place))
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}
