/** What the axon needs of a protocol that rides on HTTP/1.1; `http` and `btauth` implement it. */
import type { Call, Route } from '../call.js'
import type { Connection } from '../nonces.js'
import type { RequestError } from '../requestError.js'
import type { Decoded, Fields } from '../synapse.js'
import type { JsonMap } from '../wire/json.js'

/** The head of a request. */
export type RequestHead = {
  readonly method: string
  /** path and query exactly as sent */
  readonly target: string
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>
  readonly remoteIp: string
  readonly remotePort: number
  readonly connection: Connection
}

/** An answer, complete but for the body of a stream. */
export type HttpAnswer = {
  readonly status: number
  /** names and values in the order in which they are written */
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
}

/** One request and its answer in one protocol. Functions throw {@link RequestError} to refuse. */
export type Exchange = {
  readonly protocol: 'http' | 'btauth'
  /** what the head claims; nothing is checked yet */
  readonly claim: { caller: string; version?: number | undefined; timeoutMs?: number | undefined }
  /** Checks that the head can be read at all. */
  readHead(): void
  /** Checks the sender by the head alone; true when that is all there is to check. */
  authenticateHead(): Promise<boolean>
  /** Checks the sender when the body is there. */
  authenticateBody(raw: Uint8Array): Promise<void>
  decode(raw: Uint8Array, call: Call): Decoded<Fields>
  /** @param nodes the fields of the answer */
  success(
    call: Call,
    status: { code: number; message: string },
    nodes: JsonMap,
  ): Promise<HttpAnswer>
  /** The head of a streamed answer. */
  streamHead(call: Call): HttpAnswer
  failure(call: Call, error: RequestError): Promise<HttpAnswer>
}

/** Makes the exchange of one request. */
export type Protocol = (head: RequestHead, route: Route | undefined) => Exchange

/** The first value of a header. */
export function headerOf(head: RequestHead, name: string): string | undefined {
  return head.headers[name]?.[0]
}

/**
 * The text of a body.
 * @returns undefined when it is not UTF-8
 */
export function decodeUtf8(raw: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(raw)
  } catch {
    return undefined
  }
}
