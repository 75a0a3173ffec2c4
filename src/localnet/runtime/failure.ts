/** How a call says that it failed. */
import type { DispatchError } from './pallet.js'

/** Thrown by a running call; the executor rolls its layer back and reports the error. */
export class DispatchFailure extends Error {
  override readonly name = 'DispatchFailure'
  readonly error: DispatchError

  constructor(error: DispatchError) {
    super(error.kind === 'other' ? error.type : error.error)
    this.error = error
  }
}

/** Ends the call with an error that no pallet owns. */
export function failWith(type: Extract<DispatchError, { kind: 'other' }>['type']): never {
  throw new DispatchFailure({ kind: 'other', type })
}

/** Checks of one pallet: `ensure(condition, 'ErrorName')` and `fail('ErrorName')`. */
export type Checks<E extends string> = {
  fail(error: E): never
  ensure(condition: boolean, error: E): void
}

/** The checks of a pallet, limited to the errors it declares. */
export function checksOf<E extends string>(pallet: string): Checks<E> {
  const fail = (error: E): never => {
    throw new DispatchFailure({ kind: 'module', pallet, error })
  }
  return {
    fail,
    ensure(condition, error) {
      if (!condition) fail(error)
    },
  }
}
