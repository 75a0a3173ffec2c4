/** How a command that sends one transaction, or a few of one kind, shows what it did. */
import type { Effect, Plan } from '../core/plans/plan.js'
import { previewJson } from './preview.js'
import { paidFee, successText } from './results.js'
import { receiptJson } from './sendAll.js'
import type { Style } from './style.js'
import type { ReadOf, Transacted } from './transact.js'

/** What a run ended with, and the command line that would do it again. */
export type SingleDone<P extends Plan> = Transacted<P> & { readonly commandLine: string }

/** For people: what changed is read before and after. */
export function singleText<P extends Plan>(
  done: SingleDone<P>,
  style: Style,
  says: {
    readonly headline: string
    readonly changes?: (before: ReadOf<P>, after: ReadOf<P>) => readonly Effect[]
  },
): string {
  const result = done.results.at(-1)
  if (!result?.ok) return `Dry run: nothing was sent. To do it:\n  ${done.commandLine}`
  const { before, after, receipt } = result
  return successText(
    {
      headline: says.headline,
      receipt,
      fee: paidFee(receipt, done.preview.fee),
      changes: before && after ? (says.changes?.(before, after) ?? []) : [],
    },
    style,
  )
}

/** For programs: where the transaction is and what was shown before it. */
export function singleJson<P extends Plan>(done: SingleDone<P>) {
  const result = done.results.at(-1)
  const preview = previewJson(done.preview)
  if (!result?.ok) {
    return { dryRun: true, commandLine: done.commandLine, feeRao: done.preview.fee, preview }
  }
  return {
    feeRao: paidFee(result.receipt, done.preview.fee),
    ...receiptJson(result.receipt),
    preview,
  }
}
