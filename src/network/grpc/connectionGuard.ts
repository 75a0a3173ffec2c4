/**
 * Bounds what gRPC connections hold: the library reads messages into memory before anybody sees them, so bytes that have
 * arrived on a connection since its last whole request are counted here.
 */
import type { Socket } from 'node:net'

export type ConnectionGuard = {
  watch(socket: Socket): void
  /** A whole request has arrived from this address (`ip:port`). */
  received(peer: string): void
  readonly size: number
  close(): void
}

export type GuardLimits = {
  /** bytes of unfinished requests of all connections together; the largest is closed when there are more */
  readonly maxBufferedBytes: number
  /** time for a request of more than a few frames */
  readonly requestTimeoutMs: number
}

const CHECK_EVERY_MS = 250
/** Settings, pings and window updates of an idle client stay below this for hours. */
const FRAMES_OF_AN_IDLE_CLIENT = 1024

type Watched = { readonly socket: Socket; mark: number; sinceMs: number }

export function createConnectionGuard(limits: GuardLimits): ConnectionGuard {
  const watched = new Map<string, Watched>()
  const pending = (entry: Watched) => entry.socket.bytesRead - entry.mark
  const check = () => {
    const now = performance.now()
    let sum = 0
    let largest: Watched | undefined
    for (const entry of watched.values()) {
      const bytes = pending(entry)
      sum += bytes
      if (!largest || bytes > pending(largest)) largest = entry
      const isSlow =
        bytes > FRAMES_OF_AN_IDLE_CLIENT && now - entry.sinceMs > limits.requestTimeoutMs
      if (isSlow) entry.socket.destroy()
    }
    if (sum > limits.maxBufferedBytes) largest?.socket.destroy()
  }
  const timer = setInterval(check, CHECK_EVERY_MS)
  timer.unref()
  return {
    watch(socket) {
      const key = `${socket.remoteAddress}:${socket.remotePort}`
      watched.set(key, { socket, mark: 0, sinceMs: performance.now() })
      socket.once('close', () => watched.delete(key))
    },
    received(peer) {
      const entry = watched.get(peer)
      if (!entry) return
      entry.mark = entry.socket.bytesRead
      entry.sinceMs = performance.now()
    },
    get size() {
      return watched.size
    },
    close() {
      clearInterval(timer)
      for (const { socket } of watched.values()) socket.destroy()
    },
  }
}
