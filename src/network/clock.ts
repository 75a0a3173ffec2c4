/** Time as the network protocols count it, injectable so that recorded exchanges can be replayed. */

/** Where the time comes from. */
export type Clock = {
  /** Wall clock in nanoseconds since 1970; the resolution may be coarser. */
  wallNs(): bigint
  /** Milliseconds from an arbitrary start, never going back. */
  monotonicMs(): number
}

const NS_PER_MS = 1_000_000

/** The clock of this machine. */
export const systemClock: Clock = {
  wallNs: () => BigInt(Date.now()) * BigInt(NS_PER_MS),
  monotonicMs: () => performance.now(),
}

/**
 * Nonces for one sender: the time in nanoseconds, one more than the last where the clock did not move.
 * @param kind `wall` for HTTP and btauth, `monotonic` for gRPC (bittensor 5.3.1 used time.monotonic_ns)
 */
export function createNonceSource(clock: Clock, kind: 'wall' | 'monotonic'): () => bigint {
  let last = 0n
  return () => {
    const now =
      kind === 'wall' ? clock.wallNs() : BigInt(Math.round(clock.monotonicMs() * NS_PER_MS))
    last = now > last ? now : last + 1n
    return last
  }
}
