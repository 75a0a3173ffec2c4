/** One port for HTTP/1.1 and gRPC: the first bytes of a connection tell which of the two it is. */
import { createServer, type Server, type Socket } from 'node:net'

/** How an HTTP/2 connection begins (RFC 9113 §3.4); no HTTP/1.1 request does. */
const HTTP2_PREFACE = Buffer.from('PRI * HTTP/2.0\r\n')

export type SniffTargets = {
  readonly http1: (socket: Socket) => void
  readonly http2: (socket: Socket) => void
  /** Silent connections are closed after this time. */
  readonly timeoutMs: number
}

/** A TCP server that hands every connection to one of two others. */
export function createSniffingServer(targets: SniffTargets): Server {
  return createServer({ noDelay: true }, (socket) => {
    const timer = setTimeout(() => socket.destroy(), targets.timeoutMs)
    const ignore = () => socket.destroy()
    let seen = Buffer.alloc(0)
    socket.on('error', ignore)
    socket.once('close', () => clearTimeout(timer))
    const look = () => {
      const chunk = socket.read() as Buffer | null
      if (chunk) seen = Buffer.concat([seen, chunk])
      const isPreface = HTTP2_PREFACE.subarray(0, seen.length).equals(
        seen.subarray(0, HTTP2_PREFACE.length),
      )
      if (isPreface && seen.length < HTTP2_PREFACE.length) return
      clearTimeout(timer)
      socket.removeListener('readable', look)
      socket.removeListener('error', ignore)
      socket.unshift(seen)
      if (isPreface) targets.http2(socket)
      else targets.http1(socket)
    }
    socket.on('readable', look)
  })
}
