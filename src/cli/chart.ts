/** Pictures of numbers in text. The numbers themselves stand beside them, so that nothing depends on the picture. */
import { largest, smallest } from '../core/plans/extremes.js'
import { taoFixed } from './numbers.js'

const BARS = '▁▂▃▄▅▆▇█'
const ASCII_BARS = '.:-=+*#@'

/** One sign per number, from the lowest to the highest. */
export function sparkline(values: readonly bigint[], ascii: boolean): string {
  const signs = ascii ? ASCII_BARS : BARS
  const [low, high] = rangeOf(values)
  return values.map((value) => signs[level(value, low, high, signs.length - 1)] ?? '').join('')
}

const ROWS = 10

/** Columns of a chart ten lines high, with amounts in τ at its side. */
export function chart(
  values: readonly bigint[],
  { width, ascii }: { readonly width: number; readonly ascii: boolean },
): string {
  const [low, high] = rangeOf(values)
  const labels = labelsOf(high, low)
  const margin = Math.max(...labels.map((label) => label.length))
  const each = Math.max(
    1,
    Math.floor((Math.min(width, 200) - margin - 3) / Math.max(1, values.length)),
  )
  const full = ascii ? '#' : '█'
  const lines = Array.from({ length: ROWS }, (_, i) => {
    const row = ROWS - 1 - i
    const label =
      { [ROWS - 1]: labels[0], [Math.floor(ROWS / 2)]: labels[1], 0: labels[2] }[row] ?? ''
    const bar = values
      .map((value) => (level(value, low, high, ROWS - 1) >= row ? full : ' ').repeat(each))
      .join('')
    return `${label.padStart(margin)} ${ascii ? '|' : '│'} ${bar}`.trimEnd()
  })
  return lines.join('\n')
}

/** Highest, middle and lowest, with as many digits as it takes to tell them apart; equal ones stand once, in the middle. */
function labelsOf(high: bigint, low: bigint): readonly [string, string, string] {
  if (high === low) return ['', taoFixed(low, 6), '']
  const middle = low + (high - low) / 2n
  const digits = [6, 7, 8, 9].find(
    (count) => new Set([high, middle, low].map((value) => taoFixed(value, count))).size === 3,
  )
  const [top, half, bottom] = [high, middle, low].map((value) => taoFixed(value, digits ?? 9))
  return [top ?? '', half === bottom ? '' : (half ?? ''), bottom ?? '']
}

function rangeOf(values: readonly bigint[]): readonly [low: bigint, high: bigint] {
  const [first = 0n] = values
  return [smallest(first, ...values), largest(first, ...values)]
}

/** 0 for the lowest, `most` for the highest; the middle when all are the same. */
function level(value: bigint, low: bigint, high: bigint, most: number): number {
  if (high === low) return Math.floor(most / 2)
  return Number(((value - low) * BigInt(most) * 2n + (high - low)) / ((high - low) * 2n))
}
