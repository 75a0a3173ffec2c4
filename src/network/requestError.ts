/** A request that is refused: the same kinds for all protocols, each of which has its own code for them. */

export type RefusalKind =
  | 'unknown-route'
  | 'unreadable'
  | 'unauthorized'
  | 'wrong-receiver'
  | 'blacklisted'
  | 'too-large'
  | 'not-text'
  | 'malformed'
  | 'timeout'
  | 'overloaded'
  | 'stopping'
  | 'failed'
  | 'bad-method'

/** HTTP statuses of the kinds; those of 6.x–10.x where it has one. */
export const HTTP_STATUS: Readonly<Record<RefusalKind, number>> = {
  'unknown-route': 404,
  unreadable: 500,
  unauthorized: 401,
  'wrong-receiver': 403,
  blacklisted: 403,
  'too-large': 413,
  'not-text': 400,
  malformed: 422,
  timeout: 408,
  overloaded: 503,
  stopping: 503,
  failed: 500,
  'bad-method': 405,
}

/** Ends a request. The message goes to the peer: it holds nothing the peer did not know. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  readonly kind: RefusalKind

  constructor(kind: RefusalKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.kind = kind
  }
}
