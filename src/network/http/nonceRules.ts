/** Which nonces the HTTP protocol of 6.x–10.x takes: `default_verify` of Python's axon, and our stricter default. */

/** How strict. */
export type NonceRules = {
  /**
   * As Python: no bound to the future, no age limit for known senders, none at all for clients that call themselves older
   * than 7.2. Needed for clients of 6.0–7.1 only.
   */
  readonly legacy: boolean
  /** How far ahead of this clock a nonce may be, in nanoseconds; not used by the legacy rules. */
  readonly maxAheadNs: bigint
}

export const STRICT_NONCES: NonceRules = { legacy: false, maxAheadNs: 4_000_000_000n }

/** Clients of this version on count nonces by the wall clock (bittensor 7.2.0). */
const WALL_CLOCK_VERSION = 7_002_000
const ALLOWED_DELTA_NS = 4_000_000_000n

export type NonceClaim = {
  readonly nowNs: bigint
  readonly nonce: bigint
  /** what the caller's `timeout` header says, in seconds; 0 without one */
  readonly timeoutS: number
  readonly version: number | undefined
  /** the accepted nonce that this sender's next one must exceed */
  readonly stored: bigint | undefined
}

/** Why a nonce is refused, in Python's words; undefined when it is good. */
export function nonceProblem(claim: NonceClaim, rules: NonceRules): string | undefined {
  const { nowNs, nonce, stored } = claim
  const isKnown = stored !== undefined
  const hasWindow = rules.legacy ? !isKnown && (claim.version ?? 0) >= WALL_CLOCK_VERSION : true
  const windowNs = ALLOWED_DELTA_NS + BigInt(Math.round(claim.timeoutS * 1e9))
  if (hasWindow && nonce <= nowNs - windowNs) {
    return `Nonce is too old: acceptable delta is ${seconds(windowNs)} seconds but request was ${seconds(nowNs - nonce)} seconds old`
  }
  if (!rules.legacy && nonce - nowNs > rules.maxAheadNs) {
    return 'Nonce is too far in the future'
  }
  if (isKnown && nonce <= stored) return 'Nonce is too old, a newer one was last processed'
  return undefined
}

function seconds(ns: bigint): string {
  return (Number(ns / 1_000_000n) / 1000).toFixed(2)
}
