/** Shares as people write them: takes as percentages, proportions as fractions. */

import { WHOLE_PROPORTION } from '../core/chain/children.js'
import { U16_MAX } from '../core/units.js'

/**
 * `9`, `9.5` or `9%` as a u16 ratio. Later tools wrote fractions, so below 1 the sign has to be there: 0.12 could be either.
 * @throws {RangeError}
 */
export function parseTake(text: string): number {
  const [, digits, sign] = /^(\d{1,3}(?:\.\d+)?)\s*(%?)$/.exec(text.trim()) ?? []
  const percent = Number(digits)
  if (digits === undefined || percent > 100)
    throw new RangeError('must be a percentage from 0 to 100')
  if (percent > 0 && percent < 1 && sign === '') {
    throw new RangeError(`write ${percent}% or ${Number((percent * 100).toFixed(9))}%`)
  }
  return Math.floor((percent / 100) * U16_MAX)
}

/**
 * `0.25` or `25%` as a part of 2⁶⁴ − 1, rounded down, without a float.
 * @throws {RangeError}
 */
export function parseProportion(text: string): bigint {
  const [, whole = '', fraction = '', sign] =
    /^(\d*)(?:\.(\d{1,18}))?\s*(%?)$/.exec(text.trim()) ?? []
  if (whole === '' && fraction === '')
    throw new RangeError('must be a share from 0 to 1, or a percentage')
  const scale = 10n ** BigInt(fraction.length) * (sign === '%' ? 100n : 1n)
  const parts = BigInt(whole + fraction)
  if (parts > scale) throw new RangeError('must be a share from 0 to 1, or a percentage')
  return (parts * WHOLE_PROPORTION) / scale
}
