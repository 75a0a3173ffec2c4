/** A call of a dendrite that brought no answer; caught before it reaches the caller, who gets a result instead. */

/** Statuses in the meaning that Python's dendrite gives them. */
export class CallError extends Error {
  override readonly name = 'CallError'
  readonly status: number

  constructor(status: number, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.status = status
  }
}

/** The caller's own AbortSignal ended the call. */
export const ABORTED = 499
