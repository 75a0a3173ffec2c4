/** Memory of nonces, so that a request is accepted once. Bounded: strangers can make up senders without end. */
import { createLru } from './lru.js'

/** The last nonce of every sender; each accepted one must be greater (gRPC and HTTP). */
export type IncreasingNonces = {
  last(key: string): bigint | undefined
  /** Remembers the nonce; false when it is not greater than what is known of this sender. */
  accept(key: string, nonce: bigint): boolean
  readonly size: number
}

/**
 * @param options.capacity senders remembered; the ones unheard of for longest are forgotten
 * @param options.floor with nonces of the wall clock: after forgetting a sender, nonces of unknown senders must be newer than
 * the forgotten one, so that a flood of senders does not make old requests good again
 */
export function createIncreasingNonces(options: {
  capacity: number
  floor: boolean
}): IncreasingNonces {
  const table = createLru<string, bigint>(options.capacity)
  let floor: bigint | undefined
  const last = (key: string) => table.get(key) ?? floor
  return {
    last,
    accept(key, nonce) {
      const known = last(key)
      if (known !== undefined && nonce <= known) return false
      const forgotten = table.set(key, nonce)
      if (options.floor && forgotten && (floor === undefined || forgotten[1] > floor)) {
        floor = forgotten[1]
      }
      return true
    },
    get size() {
      return table.size
    },
  }
}

/** Every accepted pair of sender and nonce for as long as its nonce is fresh (btauth/1). */
export type SeenNonces = {
  /** `full` when there is no room that could be made safely. */
  accept(sender: string, nonce: bigint, nowNs: bigint): 'accepted' | 'replayed' | 'full'
  readonly size: number
}

/**
 * @param options.keepNs how long a pair is kept; at least the whole window in which its nonce counts as fresh
 */
export function createSeenNonces(options: { capacity: number; keepNs: bigint }): SeenNonces {
  const seen = new Map<string, bigint>()
  const prune = (nowNs: bigint) => {
    for (const [pair, at] of seen) {
      if (nowNs - at <= options.keepNs) return
      seen.delete(pair)
    }
  }
  return {
    accept(sender, nonce, nowNs) {
      prune(nowNs)
      const pair = `${sender}:${nonce}`
      if (seen.has(pair)) return 'replayed'
      if (seen.size >= options.capacity) return 'full'
      seen.set(pair, nowNs)
      return 'accepted'
    },
    get size() {
      return seen.size
    },
  }
}
