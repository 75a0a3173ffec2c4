/** One port for HTTP/1.1 and gRPC: the first bytes of a connection tell which of the two it is. */
import type { Server, Socket } from 'node:net'

/** How an HTTP/2 connection begins (RFC 9113 §3.4); no HTTP/1.1 request does. */
const HTTP2_PREFACE = Buffer.from('PRI * HTTP/2.0\r\n')

export type SniffTargets = {
  readonly http2: (socket: Socket) => void
  /** false: connections that are not HTTP/2 are closed */
  readonly hasHttp1: boolean
  /** Silent connections are closed after this time. */
  readonly timeoutMs: number
}

/**
 * Looks at every connection of an HTTP/1.1 server before it does.
 * @returns a function that closes the connections which have not said anything yet
 */
export function sniffConnections(server: Server, targets: SniffTargets): () => void {
  const http1 = server.listeners('connection') as ((socket: Socket) => void)[]
  const undecided = new Set<Socket>()
  server.removeAllListeners('connection')
  server.on('connection', (socket: Socket) => {
    undecided.add(socket)
    sniff(socket, targets.timeoutMs, (kind) => {
      undecided.delete(socket)
      if (kind === 'http2') targets.http2(socket)
      else if (kind === 'http1' && targets.hasHttp1) {
        for (const listener of http1) listener.call(server, socket)
      } else socket.destroy()
    })
  })
  return () => {
    for (const socket of undecided) socket.destroy()
  }
}

type Kind = 'http1' | 'http2' | 'closed'

/** Calls back once, with the bytes that were looked at put back into the socket. */
function sniff(socket: Socket, timeoutMs: number, decide: (kind: Kind) => void): void {
  const finish = (kind: Kind) => {
    clearTimeout(timer)
    socket.removeListener('readable', look)
    socket.removeListener('error', close)
    socket.removeListener('close', close)
    decide(kind)
  }
  const close = () => finish('closed')
  let seen = Buffer.alloc(0)
  const look = () => {
    const chunk = socket.read() as Buffer | null
    if (chunk) seen = Buffer.concat([seen, chunk])
    const kind = kindOf(seen)
    if (kind === undefined) return
    socket.unshift(seen)
    finish(kind)
  }
  const timer = setTimeout(close, timeoutMs)
  socket.on('error', close)
  socket.on('close', close)
  socket.on('readable', look)
}

/** undefined: too little has arrived to tell */
function kindOf(seen: Buffer): Kind | undefined {
  const common = Math.min(seen.length, HTTP2_PREFACE.length)
  if (!seen.subarray(0, common).equals(HTTP2_PREFACE.subarray(0, common))) return 'http1'
  return common === HTTP2_PREFACE.length ? 'http2' : undefined
}
