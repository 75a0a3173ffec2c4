/** Bounds of everything that a stranger can make grow. */

/** What one axon allows. */
export type AxonLimits = {
  /** Largest request body in bytes. */
  readonly maxBodyBytes: number
  /** Bodies in memory at the same time, in bytes; more are refused with 503. */
  readonly maxBufferedBytes: number
  /** Largest request head in bytes; larger ones are refused with 431. */
  readonly maxHeaderBytes: number
  /** Open connections; further ones are closed at once. */
  readonly maxConnections: number
  /** Time for the request head, in milliseconds; slower peers get 408. */
  readonly headTimeoutMs: number
  /** Time for head and body, in milliseconds; slower peers get 408. */
  readonly requestTimeoutMs: number
  /** Idle time of a connection between two requests, and of a peer that does not take its answer. */
  readonly idleTimeoutMs: number
  /** Handlers that run at the same time. */
  readonly maxRunning: number
  /** Requests that wait for a handler; further ones are refused with 503. */
  readonly maxWaiting: number
  /** Longest time a caller may ask for, in milliseconds; longer wishes are cut. */
  readonly maxTimeoutMs: number
  /** Time for callers that name none (bittensor 5.3.1–10.x: 12 s). */
  readonly defaultTimeoutMs: number
  /** Senders whose last nonces are remembered. */
  readonly maxNonces: number
}

/**
 * What an axon takes on unless told otherwise.
 * @example
 * new Axon({ wallet, limits: { maxBodyBytes: 2 * DEFAULT_LIMITS.maxBodyBytes } })
 */
export const DEFAULT_LIMITS: AxonLimits = {
  maxBodyBytes: 32 * 2 ** 20,
  maxBufferedBytes: 256 * 2 ** 20,
  maxHeaderBytes: 32 * 2 ** 10,
  maxConnections: 4096,
  headTimeoutMs: 10_000,
  requestTimeoutMs: 60_000,
  idleTimeoutMs: 60_000,
  maxRunning: 256,
  maxWaiting: 2048,
  maxTimeoutMs: 600_000,
  defaultTimeoutMs: 12_000,
  maxNonces: 100_000,
}
