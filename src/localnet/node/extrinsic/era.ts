/** Mortal and immortal eras: for which blocks a transaction may be included. */

/** Immortal, or valid for `period` blocks from the block whose number has this `phase`. */
export type Era = 'immortal' | { readonly period: number; readonly phase: number }

/** The era that the bytes begin with, or undefined if they are no era. */
export function readEra(bytes: Uint8Array): { era: Era; size: 1 | 2 } | undefined {
  const [first, second] = bytes
  if (first === 0) return { era: 'immortal', size: 1 }
  if (first === undefined || second === undefined) return undefined
  const code = first | (second << 8)
  const period = 2 << (code % 16)
  const phase = (code >> 4) * Math.max(1, period >> 12)
  if (period < 4 || phase >= period) return undefined
  return { era: { period, phase }, size: 2 }
}

/** The block that the era is anchored at, for a transaction that would stand in block `current`. */
export function eraBirth(era: Era, current: number): number {
  if (era === 'immortal') return 0
  const { period, phase } = era
  return Math.floor((Math.max(current, phase) - phase) / period) * period + phase
}

/** The first block that may no longer hold the transaction; Infinity for immortal ones. */
export function eraDeath(era: Era, current: number): number {
  return era === 'immortal' ? Number.POSITIVE_INFINITY : eraBirth(era, current) + era.period
}
