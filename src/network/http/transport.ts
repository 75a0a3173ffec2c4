/** HTTP/1.1 requests of a dendrite over connections that are kept and reused. */
import {
  Agent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http'
import { hostPort } from '../address.js'
import { CallError } from '../callError.js'

/** A request, complete: names and values in the order in which they are written. */
export type OutgoingRequest = {
  readonly ip: string
  readonly port: number
  readonly path: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
  readonly signal: AbortSignal
}

/** The head of an answer; the body is still to be read. */
export type IncomingAnswer = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: IncomingMessage
}

export type Transport = {
  /** @throws {CallError} 503 or 500; the signal's reason when it aborts. */
  send(request: OutgoingRequest): Promise<IncomingAnswer>
  close(): void
}

export type TransportLimits = {
  readonly maxConnectionsPerAxon: number
  readonly maxConnections: number
  /** Kept connections are closed after this time; below the 5 s of Python's server, which closes without a word. */
  readonly idleMs: number
  readonly maxHeaderBytes: number
}

export function createTransport(limits: TransportLimits): Transport {
  const agent = new Agent({
    keepAlive: true,
    maxSockets: limits.maxConnectionsPerAxon,
    maxTotalSockets: limits.maxConnections,
    maxFreeSockets: limits.maxConnections,
    timeout: limits.idleMs,
    scheduling: 'lifo',
  })
  return {
    send: (options) =>
      new Promise((resolve, reject) => {
        const fail = (cause: NodeJS.ErrnoException) => reject(callError(cause, options))
        const request = httpRequest(
          {
            agent,
            host: options.ip,
            port: options.port,
            method: 'POST',
            path: options.path,
            headers: [['Host', hostPort(options.ip, options.port)], ...options.headers].flat(),
            setHost: false,
            maxHeaderSize: limits.maxHeaderBytes,
            signal: options.signal,
          },
          (body) => resolve({ status: body.statusCode ?? 0, headers: body.headers, body }),
        )
        request.on('error', fail)
        // As text, head and body leave in one write; headers are ASCII.
        request.end(options.body, 'utf8')
      }),
    close: () => agent.destroy(),
  }
}

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EADDRNOTAVAIL',
  'ETIMEDOUT',
])

function callError(
  cause: NodeJS.ErrnoException,
  { ip, port, path, signal }: OutgoingRequest,
): unknown {
  if (signal.aborted) return signal.reason
  if (UNREACHABLE.has(cause.code ?? '')) {
    return new CallError(503, `Service unavailable at ${hostPort(ip, port)}${path}`, cause)
  }
  if (cause.code === 'ECONNRESET' || cause.code === 'EPIPE') {
    return new CallError(503, 'Service disconnected: Server disconnected', cause)
  }
  return new CallError(500, `Client error: ${cause.code ?? 'unknown'}`, cause)
}

/**
 * Reads a whole answer.
 * @throws {CallError} 422 when it is longer than allowed, 503 when it breaks off.
 */
export async function readAnswer(
  body: IncomingMessage,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of boundedChunks(body, maxBytes, signal)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** The pieces of an answer as they come; the peer sends no faster than they are taken. */
export async function* boundedChunks(
  body: IncomingMessage,
  maxBytes: number,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  let size = 0
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > maxBytes) {
        throw new CallError(422, `Failed to parse response: it is longer than ${maxBytes} bytes`)
      }
      yield chunk
    }
  } catch (error) {
    if (error instanceof CallError) throw error
    if (signal.aborted) throw signal.reason
    throw new CallError(503, 'Service disconnected: Server disconnected', error)
  } finally {
    if (!body.complete) body.destroy()
  }
}
