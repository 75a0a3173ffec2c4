/** Time as the network protocols count it, injectable so that recorded exchanges can be replayed. */

/** Where the time comes from. */
export type Clock = {
  /** Wall clock in nanoseconds since 1970; the resolution may be coarser. */
  wallNs(): bigint
  /** Milliseconds from an arbitrary start, never going back. */
  monotonicMs(): number
}

const NS_PER_MS = 1_000_000n

/** The clock of this machine. Digits below the millisecond come from another counter: two processes rarely share them. */
export const systemClock: Clock = {
  wallNs: () => BigInt(Date.now()) * NS_PER_MS + BigInt(Math.floor((performance.now() % 1) * 1e6)),
  monotonicMs: () => performance.now(),
}

type Kind = 'wall' | 'monotonic'

/** The last nonce by clock: whoever signs in this process counts on from there. */
const lastOf = new WeakMap<Clock, Map<Kind, bigint>>()

/**
 * Nonces: the time in nanoseconds, one more than the last where the clock did not move. All sources of one clock count
 * together, so that two senders with one key never use a nonce twice.
 * @param kind `wall` for HTTP and btauth, `monotonic` for gRPC (bittensor 5.3.1 used time.monotonic_ns)
 */
export function createNonceSource(clock: Clock, kind: Kind): () => bigint {
  const last = lastOf.get(clock) ?? new Map<Kind, bigint>()
  lastOf.set(clock, last)
  return () => {
    const now =
      kind === 'wall' ? clock.wallNs() : BigInt(Math.round(clock.monotonicMs() * Number(NS_PER_MS)))
    const before = last.get(kind) ?? 0n
    const next = now > before ? now : before + 1n
    last.set(kind, next)
    return next
  }
}
