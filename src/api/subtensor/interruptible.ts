/** Waiting that a signal can end. */
import { onAbort } from '../../core/abort.js'
import { BittensorError } from '../../core/errors.js'

/**
 * The result of some work, unless the signal is aborted first. What was asked of the node is not taken back; its answer is
 * ignored.
 * @throws {BittensorError} `INTERRUPTED`, or the signal's reason if that is a `BittensorError`
 */
export async function interruptible<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (!signal) return work
  // Whichever loses the race must not count as an unhandled rejection.
  work.catch(() => undefined)
  let stop: () => void = () => undefined
  const aborted = new Promise<never>((_, reject) => {
    stop = onAbort(signal, () => reject(reasonOf(signal)))
  })
  try {
    return await Promise.race([aborted, work])
  } finally {
    stop()
  }
}

function reasonOf({ reason }: AbortSignal): BittensorError {
  return reason instanceof BittensorError
    ? reason
    : new BittensorError('INTERRUPTED', 'interrupted')
}
