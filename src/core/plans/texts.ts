/** Spans of time, shares and addresses as people read them. */
import { U16_MAX } from '../units.js'

/** `13 min`, `45 s`, `2.5 h`: a span for people. */
export function spanText(milliseconds: number): string {
  const seconds = milliseconds / 1000
  if (seconds < 90) return `${Math.round(seconds)} s`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`
  if (seconds < 172_800) return `${Number((seconds / 3600).toFixed(1))} h`
  return `${Number((seconds / 86_400).toFixed(1))} days`
}

/** Blocks as a human span, `≈ 1d 3h`, at the chain's time per block. */
export function blocksAsTime(blocks: number, blockTimeMs: number): string {
  const seconds = Math.round((blocks * blockTimeMs) / 1000)
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor((seconds % 86_400) / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'min'],
    [seconds % 60, 's'],
  ]
  const first = parts.findIndex(([n]) => n > 0)
  if (first === -1) return '≈ 0s'
  const shown = parts.slice(first, first + 2).filter(([n]) => n > 0)
  return `≈ ${shown.map(([n, unit]) => `${n}${unit}`).join(' ')}`
}

/** `18.00 %` */
export function takeText(take: number): string {
  return `${((take / U16_MAX) * 100).toFixed(2)} %`
}

/** `5F3sa2…utQY`: the addresses and hashes in a text, for a narrow terminal; names beside them stay whole. */
export function shortAddress(text: string): string {
  return text.replace(
    /\b(?:[1-9A-HJ-NP-Za-km-z]{46,50}|0x[0-9a-f]{64})\b/g,
    (address) => `${address.slice(0, 6)}…${address.slice(-4)}`,
  )
}
