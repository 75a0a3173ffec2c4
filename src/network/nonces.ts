/** Memory of nonces, so that a request is accepted once. Bounded: strangers can make up senders without end. */
import { createLru } from './lru.js'

/** The connection that a request came by; `writable` until it is closed or closing, as of Node's sockets. */
export type Connection = { readonly writable: boolean }

/** A nonce and how it came. */
export type Arrival = { readonly nonce: bigint; readonly connection: Connection }

/** The last nonce of every sender; each accepted one must be greater (gRPC and HTTP). */
export type IncreasingNonces = {
  /**
   * The nonce that the sender's next one must exceed; undefined for an unknown sender.
   *
   * Requests that are under way together overtake each other between the sender's connections. So, of a sender that has
   * another one open than that of `arrival`, an unused nonce need only exceed those that are forgotten.
   */
  last(key: string, arrival?: Arrival): bigint | undefined
  /** Remembers the nonce; false when it does not exceed what {@link IncreasingNonces.last} says. */
  accept(key: string, nonce: bigint, connection?: Connection): boolean
  readonly size: number
}

/** Senders of which more than the last nonce is known, and how much more. */
const RECENT_SENDERS = 1024
const RECENT_NONCES = 256
const RECENT_CONNECTIONS = 8

type Recent = {
  /** ascending; all accepted ones above the floor */
  readonly used: bigint[]
  floor: bigint | undefined
  readonly connections: Set<Connection>
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
  const recents = createLru<string, Recent>(Math.min(RECENT_SENDERS, options.capacity))
  let floor: bigint | undefined
  const newest = (key: string) => table.get(key) ?? floor
  const last = (key: string, arrival?: Arrival) => {
    const recent = recents.get(key)
    return arrival && recent && canBeLate(recent, arrival) ? recent.floor : newest(key)
  }
  const remember = (key: string, nonce: bigint, connection: Connection) => {
    const recent = recents.get(key) ?? { used: [], floor: newest(key), connections: new Set() }
    const { used, connections } = recent
    used.splice(used.findLastIndex((other) => other < nonce) + 1, 0, nonce)
    if (used.length > RECENT_NONCES) recent.floor = used.shift()
    connections.delete(connection)
    connections.add(connection)
    const [oldest] = connections
    if (oldest && connections.size > RECENT_CONNECTIONS) connections.delete(oldest)
    recents.set(key, recent)
  }
  return {
    last,
    accept(key, nonce, connection) {
      const bound = last(key, connection && { nonce, connection })
      if (bound !== undefined && nonce <= bound) return false
      if (connection) remember(key, nonce, connection)
      const known = newest(key)
      const forgotten = table.set(key, known !== undefined && known > nonce ? known : nonce)
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

function canBeLate({ used, connections }: Recent, { nonce, connection }: Arrival): boolean {
  if (used.includes(nonce)) return false
  for (const other of connections) if (other !== connection && other.writable) return true
  return false
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
