/** A request as handlers see it, and the functions that serve it. */
import type { Fields, Synapse, SynapseOutput } from './synapse.js'

/** The wire protocols: bittensor 11 (`btauth`), 6.x–10.x (`http`), 5.x (`grpc`). */
export type ProtocolName = 'btauth' | 'http' | 'grpc'

/** One request. The caller is authenticated by the time any function but `verify` sees it. */
export type Call = {
  /** Unique; appears in the log and, when something fails here, in the answer. */
  readonly id: string
  readonly protocol: ProtocolName
  readonly synapse: string
  /** hotkey of the caller, ss58 */
  readonly caller: string
  /** socket address of the caller, `ip:port` */
  readonly remote: string
  /** version number that the caller claims; undefined without one */
  readonly version: number | undefined
  /** what the caller waits for, cut to the axon's limit */
  readonly timeoutMs: number
  /** aborts when the time is up or the caller has gone */
  readonly signal: AbortSignal
  /** Answers with another status than 200 although the handler returns: a hint such as 429 to come back later. */
  setStatus(status: number, message: string): void
}

type Awaitable<T> = T | Promise<T>

/** What a handler returns: the fields that changed, nothing when none did. */
export type Answer<F extends Fields> = Partial<SynapseOutput<F>> | undefined

/** The pieces of a streamed answer. */
export type Pieces = AsyncIterable<string | Uint8Array>

/** The functions behind one synapse. */
export type Handlers<F extends Fields> = {
  /** Answers. Throwing answers 500 with the id of the call only; a streaming synapse returns the pieces. */
  readonly forward: (
    synapse: SynapseOutput<F>,
    call: Call,
    // biome-ignore lint/suspicious/noConfusingVoidType: a handler that only changes its argument returns nothing
  ) => Awaitable<Answer<F> | Pieces | void>
  /** Refuses callers: true, or true with a reason that the caller is told. */
  readonly blacklist?: ((call: Call) => Awaitable<boolean | readonly [boolean, string]>) | undefined
  /** Larger runs first while requests wait; 0 without this function. */
  readonly priority?: ((call: Call) => Awaitable<number>) | undefined
  /**
   * Runs instead of the usual check of nonce and signature, which it may call. Throwing refuses with 401. The caller is
   * what the request claims, until `standard` has returned.
   */
  readonly verify?: ((claim: Call, standard: () => Promise<void>) => Awaitable<void>) | undefined
}

/** A synapse with its handlers. */
export type Route<F extends Fields = Fields> = {
  readonly synapse: Synapse<F>
  readonly handlers: Handlers<F>
}
