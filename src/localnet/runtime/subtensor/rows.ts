/** Matrices of an epoch as sparse rows of numbers with 32 fractional bits. */
import { div32, mul32 } from './fixed.js'

/** A sparse row: columns ascending or as stored, and their values. */
export type Row = { readonly columns: readonly number[]; readonly values: readonly number[] }

export const EMPTY: Row = { columns: [], values: [] }

/** Column sums of the rows weighted by a vector. */
export function columnSums(rows: readonly Row[], vector: readonly number[], n: number): number[] {
  const sums = new Array<number>(n).fill(0)
  for (const [i, { columns, values }] of rows.entries()) {
    const weight = vector[i] ?? 0
    if (weight === 0) continue
    for (let k = 0; k < columns.length; k++) {
      const column = columns[k] ?? 0
      sums[column] = (sums[column] ?? 0) + mul32(weight, values[k] ?? 0)
    }
  }
  return sums
}

export function dot({ columns, values }: Row, vector: readonly number[]): number {
  let sum = 0
  for (let k = 0; k < columns.length; k++) {
    const factor = vector[columns[k] ?? 0] ?? 0
    if (factor !== 0) sum += mul32(factor, values[k] ?? 0)
  }
  return sum
}

export function normalizeColumns(rows: readonly Row[], n: number): Row[] {
  const sums = new Array<number>(n).fill(0)
  for (const { columns, values } of rows) {
    for (let k = 0; k < columns.length; k++) {
      const column = columns[k] ?? 0
      sums[column] = (sums[column] ?? 0) + (values[k] ?? 0)
    }
  }
  return divideColumns(rows, sums)
}

export function divideColumns(rows: readonly Row[], divisors: readonly number[]): Row[] {
  return rows.map(({ columns, values }) => ({
    columns,
    values: values.map((value, k) => {
      const divisor = divisors[columns[k] ?? 0] ?? 0
      return divisor === 0 ? value : div32(value, divisor)
    }),
  }))
}

/** a·x + b·y of two sparse rows, columns ascending, entries of 0 dropped. */
export function mix(x: Row, a: number, y: Row, b: number, n: number): Row {
  if (x.columns.length === 0 && y.columns.length === 0) return EMPTY
  const dense = new Float64Array(n)
  addScaled(dense, x, a)
  addScaled(dense, y, b)
  const columns: number[] = []
  const values: number[] = []
  for (let column = 0; column < n; column++) {
    const value = dense[column] ?? 0
    if (value <= 0) continue
    columns.push(column)
    values.push(value)
  }
  return { columns, values }
}

function addScaled(dense: Float64Array, { columns, values }: Row, factor: number): void {
  for (let k = 0; k < columns.length; k++) {
    const column = columns[k] ?? 0
    dense[column] = (dense[column] ?? 0) + mul32(factor, values[k] ?? 0)
  }
}
