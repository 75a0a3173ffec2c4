/** Several transactions of one plan, one after another. */
import { BittensorError } from '../errors.js'

/** One that failed while others went on. */
export type Failed = { readonly ok: false; readonly label: string; readonly error: BittensorError }

/** After these nothing more is sent: what happened is not certain, or the user wants to stop. */
const ENDS: readonly string[] = [
  'INTERRUPTED',
  'CONNECTION',
  'TIMEOUT',
  'UNKNOWN_OUTCOME',
  'POLICY',
]

/** Whether nothing more may be sent after this failure. */
export function endsAll(error: BittensorError): boolean {
  return ENDS.includes(error.code)
}

/**
 * Sends all in order. One failure does not stop the others, losing the chain does.
 * @throws what a single transaction throws; failures of several are results
 */
export async function sendEach<T>(
  operations: readonly { readonly label: string }[],
  send: (index: number) => Promise<T>,
): Promise<(T | Failed)[]> {
  const results: (T | Failed)[] = []
  let end: BittensorError | undefined
  for (const [index, { label }] of operations.entries()) {
    if (end) {
      results.push({ ok: false, label, error: notAttempted(end) })
      continue
    }
    try {
      results.push(await send(index))
    } catch (error) {
      if (operations.length === 1 || !(error instanceof BittensorError)) throw error
      results.push({ ok: false, label, error })
      if (endsAll(error)) end = error
    }
  }
  return results
}

function notAttempted(cause: BittensorError): BittensorError {
  return new BittensorError(cause.code, 'not attempted after the failure before', {
    details: 'nothing was sent for this one',
  })
}
