import { describe, expect, it } from 'vitest'
import {
  normalizeMaxWeight,
  processWeights,
  weightsFromChain,
  weightsToChain,
} from '../../src/core/weights.js'
import { vectors } from './network/vectors.js'

type ToChain = { uids: number[]; weights: number[]; emit_uids: number[]; emit_values: number[] }
type FromChain = { n: number; uids: number[]; values: number[]; row: number[] }
type Processed = {
  normalize_max_weight: { weights: number[]; limit: number; result: number[] }[]
  to_chain: ToChain[]
  process_weights: {
    uids: number[]
    weights: number[]
    n: number
    min_allowed_weights: number
    max_weight_limit: number
    exclude_quantile: number
    result_uids: number[]
    result_weights: number[]
  }[]
}
const recorded = vectors<{ to_chain: ToChain[]; from_chain: FromChain[] }>('weights.json')
const processed = vectors<Processed>('weights-processed.json')

describe('weights', () => {
  it.each([...recorded.to_chain, ...processed.to_chain])(
    'go to the chain as Python sends them (%#)',
    (row) => {
      expect(weightsToChain(row.uids, row.weights)).toEqual({
        uids: row.emit_uids,
        values: row.emit_values,
      })
    },
  )

  it.each(recorded.from_chain)('come back as shares (%#)', (row) => {
    expect([...weightsFromChain(row.n, row.uids, row.values)]).toEqual(row.row)
  })

  it('are capped as normalize_max_weight caps them', () => {
    for (const { weights, limit, result } of processed.normalize_max_weight) {
      const got = normalizeMaxWeight(weights, limit)
      expect(got).toHaveLength(result.length)
      for (const [i, value] of result.entries()) expect(got[i]).toBeCloseTo(value, 9)
    }
    expect(processed.normalize_max_weight.length).toBeGreaterThan(80)
  })

  it('are prepared as process_weights prepares them', () => {
    for (const row of processed.process_weights) {
      // Where there are too few weights, Python adds the i-th one to uid i, whatever its uid says.
      const few = row.weights.filter((weight) => weight > 0).length < row.min_allowed_weights
      const uids = few ? row.weights.map((_, i) => i) : row.uids
      const got = processWeights(uids, row.weights, {
        n: row.n,
        minAllowedWeights: row.min_allowed_weights,
        maxWeightLimit: row.max_weight_limit,
        excludeQuantile: row.exclude_quantile,
      })
      expect(got.uids).toEqual(row.result_uids)
      for (const [i, value] of row.result_weights.entries()) {
        expect(got.weights[i]).toBeCloseTo(value, 5)
      }
    }
  })

  it('give too few weights to the uids they are for', () => {
    const rules = { n: 4, minAllowedWeights: 3, maxWeightLimit: 1, excludeQuantile: 0 }
    const got = processWeights([3], [1], rules)
    expect(got.uids).toEqual([0, 1, 2, 3])
    expect(got.weights[3]).toBeGreaterThan(0.99)
    expect(() => processWeights([4], [1], rules)).toThrow('uid 4 is not in a subnet of 4')
  })

  it.each([
    [[0], [-1], 'a weight is a finite number from 0 on'],
    [[0], [Number.NaN], 'a weight is a finite number from 0 on'],
    [[0], [Number.POSITIVE_INFINITY], 'a weight is a finite number from 0 on'],
    [[-1], [1], 'a uid is a whole number from 0 on'],
    [[0, 1], [1], '2 uids but 1 weights'],
  ])('refuses %j with %j', (uids, weights, message) => {
    expect(() => weightsToChain(uids, weights)).toThrow(message)
  })

  it('refuses a uid outside the subnet', () => {
    expect(() => weightsFromChain(2, [2], [1])).toThrow('uid 2 is not in a subnet of 2')
    expect(() => weightsFromChain(2, [0], [])).toThrow('1 uids but 0 values')
  })
})
