/** `--sort_by` and `--sort_order`: columns by their titles, forgiving as bittensor 5.3.1 was. */
import { BittensorError } from '../core/errors.js'
import { option } from './define.js'
import { oneOf } from './options.js'

export const sortBy = option({
  flags: '--sort_by, --wallet.sort_by <column>',
  description: 'column to sort by; the nearest title counts',
})

export const sortOrder = option({
  flags: '--sort_order, --wallet.sort_order <asc|desc>',
  description: 'ascending or descending (default: ascending)',
  parse: (text) =>
    /^(desc|descending|reverse)$/i.test(text)
      ? 'desc'
      : oneOf(text.replace(/ending$/i, ''), ['asc']),
})

/** What a row is compared by, per column title in lower case without unit. */
export type SortKeys<Row> = Readonly<Record<string, (row: Row) => string | number | bigint>>

/**
 * Sorts rows by the column whose title is nearest to what was typed; equal rows keep their order.
 * @throws {BittensorError} `USAGE` when no title is near.
 */
export function sorted<Row>(
  rows: readonly Row[],
  keys: SortKeys<Row>,
  by: string | undefined,
  order: 'asc' | 'desc' | undefined,
): Row[] {
  if (by === undefined) return order === 'desc' ? rows.toReversed() : [...rows]
  const key = keys[nearest(by, Object.keys(keys))]
  if (!key) return [...rows]
  const sign = order === 'desc' ? -1 : 1
  return rows.toSorted((a, b) => sign * compare(key(a), key(b)))
}

function compare(a: string | number | bigint, b: string | number | bigint): number {
  if (typeof a === 'string' || typeof b === 'string') return `${a}`.localeCompare(`${b}`, 'en')
  return a < b ? -1 : a > b ? 1 : 0
}

const NEAR = 0.6

function nearest(text: string, titles: readonly string[]): string {
  const wanted = text.toLowerCase()
  const scored = titles
    .map((title) => ({ title, score: similarity(wanted, title) }))
    .sort((a, b) => b.score - a.score)
  const best = scored[0]
  if (!best || best.score < NEAR) {
    throw new BittensorError('USAGE', `--sort_by \`${text}\` is no column`, {
      hint: `columns: ${titles.join(', ')}`,
    })
  }
  return best.title
}

/** 1 for equal words, 0 for nothing in common: one minus the edit distance over the summed lengths. */
function similarity(a: string, b: string): number {
  if (a === b) return 1
  if (b.startsWith(a) && a.length >= 2) return 0.99
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 2)
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  const distance = row[b.length] ?? 0
  return 1 - distance / (a.length + b.length || 1)
}
