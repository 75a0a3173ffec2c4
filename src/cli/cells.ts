/** Cells whose text is rounded or shortened for people, with the whole value beside it for CSV. */
import { U16_MAX } from '../core/units.js'
import { millify, percent, ratio, taoFixed } from './numbers.js'
import type { CellObject } from './table.js'

/** RAO as τ with so many decimals; undefined is an empty cell. */
export function taoCell(amount: bigint | undefined, decimals: number): CellObject | undefined {
  if (amount === undefined) return undefined
  return { text: taoFixed(amount, decimals), exact: amount, unit: 'tao' }
}

/** An amount of a subnet's token with so many decimals; undefined is an empty cell. */
export function alphaCell(amount: bigint | undefined, decimals: number): CellObject | undefined {
  if (amount === undefined) return undefined
  return { text: taoFixed(amount, decimals), exact: amount, unit: 'alpha' }
}

/** A u16 ratio with five decimals. */
export function ratioCell(value: number): CellObject {
  return { text: ratio(value), exact: value / U16_MAX }
}

/** `1.02 K` */
export function millifiedCell(value: number | bigint): CellObject {
  return { text: millify(value), exact: value }
}

/** `28.44%` of a whole. */
export function percentCell(part: bigint, whole: bigint): CellObject {
  return { text: percent(part, whole), exact: whole === 0n ? 0 : Number(part) / Number(whole) }
}

/** `*` for yes, nothing for no. */
export function starCell(is: boolean): CellObject {
  return { text: is ? '*' : '', exact: is }
}
