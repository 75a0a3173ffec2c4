/** Yuma consensus written a second time, densely and with bigints only: what the sparse one is held against. */
import type { EpochInput } from '../../src/localnet/runtime/subtensor/epoch.js'
import { maxBig } from '../../src/localnet/runtime/subtensor/fixed.js'

const ONE = 1n << 32n
const mul = (a: bigint, b: bigint) => (a * b) >> 32n
const div = (a: bigint, b: bigint) => (a << 32n) / b
const sum = (list: readonly bigint[]) => list.reduce((a, b) => a + b, 0n)
const normal = (list: readonly bigint[]) => {
  const all = sum(list)
  return all === 0n ? [...list] : list.map((one) => div(one, all))
}
const clamp = (x: bigint, low: bigint, high: bigint) => (x < low ? low : x > high ? high : x)
const u16 = (share: bigint) => Number((share * 65_535n) >> 32n)

type Matrix = (bigint | undefined)[][]

const column = (matrix: Matrix, j: number) => matrix.map((row) => row[j] ?? 0n)

function normalColumns(matrix: Matrix): Matrix {
  const sums = matrix.map((_, j) => sum(column(matrix, j)))
  return matrix.map((row) =>
    row.map((one, j) => (one === undefined || sums[j] === 0n ? one : div(one, sums[j]!))),
  )
}

/** The median of the source: a partition around the middle element, ties in order. */
function median(
  stakes: readonly bigint[],
  scores: readonly bigint[],
  part: readonly number[],
  minority: bigint,
  low: bigint,
  high: bigint,
): bigint {
  if (part.length === 0) return 0n
  if (part.length === 1) return scores[part[0]!]!
  const pivot = scores[part[Math.floor(part.length / 2)]!]!
  const lower = part.filter((i) => scores[i]! < pivot)
  const upper = part.filter((i) => scores[i]! > pivot)
  const below = sum(lower.map((i) => stakes[i]!))
  const above = sum(upper.map((i) => stakes[i]!))
  if (low + below <= minority && minority < high - above) return pivot
  if (minority < low + below && lower.length > 0) {
    return median(stakes, scores, lower, minority, low, low + below)
  }
  if (high - above <= minority && upper.length > 0) {
    return median(stakes, scores, upper, minority, high - above, high)
  }
  return pivot
}

/** e^y, 0 where a term or the sum would not fit 31 bits before the point. */
function exp(y: bigint): bigint {
  const x = y < 0n ? -y : y
  if (x === 0n) return ONE
  if (y === ONE) return 22_802_600n << 9n
  const terms = [ONE, x]
  for (let i = 2n; i < 32n; i++) terms.push(mul(terms.at(-1)!, x) / i)
  if (terms.slice(1, -1).some((term) => mul(term, x) >> 63n) || sum(terms) >> 63n) return 0n
  return y < 0n ? div(ONE, sum(terms)) : sum(terms)
}

type Sparse = readonly (readonly [number, bigint])[]

/** A row as it is read by one walk along all columns. */
function walked(row: Sparse, n: number): bigint[] {
  let at = 0
  return Array.from({ length: n }, (_, j) => {
    while (at < row.length && row[at]![0] < j) at++
    return row[at]?.[0] === j ? row[at]![1] : 0n
  })
}

/** Bonds of Yuma 3, and what they earn: `W` in the order that the weights are stored in. */
function third(input: EpochInput, W: Sparse[], C: bigint[], I: bigint[], A: bigint[]) {
  const { yuma3, bondsUntil } = input.later!
  const n = W.length
  const B = input.bonds.map(
    (row): Sparse =>
      row
        .filter(([j]) => j < n && bondsUntil > input.registeredAt[j]!)
        .map(([j, value]) => [j, (BigInt(value) << 32n) / 65_535n]),
  )
  const average = (input.bondsMovingAverage << 32n) / 1_000_000n
  const liquid = yuma3!.liquid
  const [low, high] = [liquid?.low ?? 0, liquid?.high ?? 0].map(
    (part) => (BigInt(part) << 32n) / 65_535n,
  ) as [bigint, bigint]
  const pace = (c: bigint, w: bigint, b: bigint) => {
    const difference = clamp(w >= b ? w - c : b - w, 0n, ONE)
    const slope = (BigInt(liquid!.steepness) << 32n) / -100n
    const rise = div(ONE, ONE + exp(mul(slope, difference - ONE / 2n)))
    return clamp(low + mul(rise, high - low), low, high)
  }
  const E = W.map((row, i): Sparse => {
    const old = new Map(B[i]!)
    if (liquid && C.some((one) => one !== 0n)) {
      const [w, b] = [walked(row, n), walked(B[i]!, n)]
      return row.flatMap(([j, value]): Sparse => {
        const a = pace(C[j]!, w[j]!, b[j]!)
        const next = clamp(mul(ONE - a, old.get(j) ?? 0n) + mul(a, value), 0n, ONE)
        return next > 0n ? [[j, next]] : []
      })
    }
    const fresh = new Map(row)
    return Array.from({ length: n }, (_, j) => j).flatMap((j): Sparse => {
      const next = mul(ONE - average, fresh.get(j) ?? 0n) + mul(average, old.get(j) ?? 0n)
      return next > 0n ? [[j, next]] : []
    })
  })
  const sums = I.map((_, j) => sum(E.map((row) => new Map(row).get(j) ?? 0n)))
  const earned = E.map((row, i) =>
    mul(
      sum(row.map(([j, value]) => mul(sums[j] === 0n ? value : div(value, sums[j]!), I[j]!))),
      A[i]!,
    ),
  )
  return { bonds: E.map((row) => row.map(([j, value]) => [j, u16(value)])), d: normal(earned) }
}

/** Everything an epoch stores, as the runtime stores it. */
export function referenceEpoch(input: EpochInput) {
  const n = input.stakes.length
  const uids = Array.from({ length: n }, (_, i) => i)
  const matrix = (rows: EpochInput['weights']): Matrix =>
    uids.map((i) => {
      const row: (bigint | undefined)[] = uids.map(() => undefined)
      for (const [j, value] of rows[i] ?? []) {
        if (j < n && input.lastUpdate[i]! > input.registeredAt[j]!) row[j] = BigInt(value) << 32n
      }
      return row
    })
  const active = uids.map(
    (i) => input.lastUpdate[i]! + BigInt(input.activityCutoff) >= BigInt(input.block),
  )
  const all = sum(input.stakes)
  const S = input.stakes.map((one) => (all === 0n ? one << 32n : ((one << 64n) / all) >> 32n))
  const order = uids.toSorted((a, b) => (S[a]! < S[b]! ? -1 : S[a]! > S[b]! ? 1 : a - b))
  const permits = uids.map(
    (i) =>
      (n < input.maxValidators || order.indexOf(i) >= n - input.maxValidators) &&
      (!input.later || S[i]! > 0n),
  )
  const A = normal(uids.map((i) => (active[i] && input.permits[i] ? S[i]! : 0n)))
  let W = matrix(input.weights).map((row, i) =>
    row.map((one, j) => (input.permits[i] && j !== i ? one : undefined)),
  )
  W = W.map((row) => {
    const rowSum = sum(row.map((one) => one ?? 0n))
    return rowSum === 0n ? row : row.map((one) => (one === undefined ? one : div(one, rowSum)))
  })
  const weigh = (M: Matrix) => uids.map((j) => sum(uids.map((i) => mul(A[i]!, M[i]![j] ?? 0n))))
  const P = weigh(W)
  const voters = uids.filter((i) => A[i]! > 0n)
  const share = normal(voters.map((i) => A[i]!))
  const t = sum(share)
  const kappa = (BigInt(input.kappa) << 32n) / 65_535n
  const C = uids.map((j) => {
    const scores = voters.map((i) => W[i]![j] ?? 0n)
    return median(
      share,
      scores,
      voters.map((_, k) => k),
      t - kappa,
      0n,
      t,
    )
  })
  W = W.map((row) =>
    row.map((one, j) => {
      if (one === undefined || C[j]! >= one) return one
      return C[j] === 0n ? undefined : C[j]
    }),
  )
  const validatorTrust = W.map((row) => sum(row.map((one) => one ?? 0n)))
  const R = weigh(W)
  const trust = R.map((one, j) => (P[j] === 0n ? 0n : div(one, P[j]!)))
  const I = normal(R)
  const B = normalColumns(matrix(input.bonds))
  const D = normalColumns(W.map((row, i) => row.map((one) => one && mul(one, A[i]!))))
  const average = (input.bondsMovingAverage << 32n) / 1_000_000n
  const mixed = uids.map((i) =>
    uids.map((j) => {
      const x = mul(ONE - average, D[i]![j] ?? 0n) + mul(average, B[i]![j] ?? 0n)
      return x > 0n ? x : undefined
    }),
  )
  const X = normalColumns(mixed)
  const bought = input.weights.map(
    (row, i): Sparse =>
      row.flatMap(([j]): Sparse => {
        const value = j < n ? W[i]![j] : undefined
        return value === undefined ? [] : [[j, value]]
      }),
  )
  const own = input.later?.yuma3 ? third(input, bought, C, I, A) : undefined
  const d = own?.d ?? normal(X.map((row) => sum(row.map((one, j) => mul(I[j]!, one ?? 0n)))))
  const M = uids.map((i) => I[i]! + d[i]!)
  const q = sum(M)
  const byStake = A.every((one) => one === 0n) ? S : A
  const server = q === 0n ? I : I.map((one) => div(one, q))
  const validator = q === 0n ? byStake : d.map((one) => div(one, q))
  const combined = q === 0n ? byStake : M.map((one) => div(one, q))
  const pay = (list: readonly bigint[]) => list.map((one) => (one * input.emission) >> 32n)
  const most = combined.reduce(maxBig, 0n)
  const largest = uids.map((j) => column(X, j).reduce(maxBig, 0n))
  return {
    active,
    permits,
    rank: I.map(u16),
    trust: trust.map(u16),
    consensus: C.map(u16),
    incentive: I.map(u16),
    dividends: d.map(u16),
    validatorTrust: validatorTrust.map(u16),
    pruningScores: combined.map((one) =>
      most === 0n ? 0 : Number((div(one * 65_535n, most) + (1n << 31n)) >> 32n),
    ),
    emission: pay(combined),
    serverEmission: pay(server),
    validatorEmission: pay(validator),
    bonds:
      own?.bonds ??
      X.map((row) =>
        row.flatMap((one, j): [number, number][] =>
          one === undefined ? [] : [[j, u16(largest[j] === 0n ? one : div(one, largest[j]!))]],
        ),
      ),
  }
}
