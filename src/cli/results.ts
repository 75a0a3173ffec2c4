/** What is said after a transaction: one headline, then the facts that changed. */
import type { Receipt, Sent } from '../core/chain/types.js'
import { type Effect, effectAmount } from '../core/plans/plan.js'
import { formatTao } from '../core/units.js'
import type { Style } from './style.js'
import { safe, widthOf } from './text.js'

/** A transaction that went well. */
export type Success = {
  /** `Sent τ10.5 to @cold2`; past tense. */
  readonly headline: string
  readonly receipt: Receipt | Sent
  /** RAO paid, undefined if the runtime does not say. */
  readonly fee: bigint | undefined
  /** As read at the block of inclusion; empty if it could not be read. */
  readonly changes: readonly Effect[]
  readonly explorer?: string | undefined
}

/** The lines of a success, ending in a line break. `Included` and `Finalized` are different words. */
export function successText(success: Success, style: Style): string {
  const { receipt } = success
  const lines = [`${style.green(style.sign.ok)} ${safe(success.headline)}`]
  if (receipt.outcome === 'sent') {
    lines.push('  Sent, not waited for', `  hash   ${receipt.hash}`)
  } else {
    const word = receipt.outcome === 'finalized' ? 'Finalized' : 'Included'
    const { blockNumber, extrinsicIndex, blockHash, hash } = receipt
    lines.push(
      `  ${word} in block #${blockNumber}, extrinsic ${blockNumber}-${extrinsicIndex}`,
      `  block  ${blockHash}`,
      `  hash   ${hash}`,
    )
  }
  if (success.fee !== undefined) lines.push(`  fee    τ${formatTao(success.fee, 'full')}`)
  lines.push(...changeLines(success.changes, style).map((line) => `  ${line}`))
  if (success.explorer !== undefined) lines.push(`  ${style.dim(success.explorer)}`)
  return `${lines.join('\n')}\n`
}

/** `alice  τ120.000000000 ➡ τ109.499875000`, aligned. */
export function changeLines(changes: readonly Effect[], style: Style): string[] {
  const rows = changes.map((change) => [
    safe(change.label),
    effectAmount(change, change.before),
    effectAmount(change, change.after),
  ])
  const width = (column: number) => Math.max(...rows.map((row) => widthOf(row[column] ?? '')))
  const [label, before, after] = [width(0), width(1), width(2)]
  return rows.map(([name = '', from = '', to = '']) => {
    const gap = ' '.repeat(label - widthOf(name))
    return `${name}${gap}  ${from.padStart(before)} ${style.sign.arrow} ${to.padStart(after)}`
  })
}

/** The fee that was really paid; the estimate where the runtime reports none. */
export function paidFee(receipt: Receipt | Sent, estimate: bigint | null): bigint | undefined {
  const paid = receipt.outcome === 'sent' ? undefined : receipt.fee
  return paid ?? estimate ?? undefined
}
