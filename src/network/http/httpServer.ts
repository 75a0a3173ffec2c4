/** The HTTP/1.1 server of an axon: heads, bodies, limits and answers; the protocols decide what is in them. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Pieces, Route } from '../call.js'
import {
  type ActiveCall,
  asRequestError,
  checkBlacklist,
  openCall,
  type Pipeline,
  report,
  runHandler,
} from '../pipeline.js'
import { HTTP_STATUS, RequestError } from '../requestError.js'
import { createByteBudget, type HeldBody, readBody } from './body.js'
import type { Exchange, HttpAnswer, Protocol, RequestHead } from './exchange.js'

export type HttpServerOptions = {
  readonly pipeline: Pipeline
  readonly routeOf: (name: string) => Route | undefined
  readonly isStopping: () => boolean
  /** Answers requests that are not for a synapse, such as metrics; true when it did. */
  readonly intercept: (head: RequestHead, response: ServerResponse) => boolean
}

export type HttpService = {
  /** A server for one port; `protocolOf` picks the protocol of a request there. */
  readonly createServer: (protocolOf: ProtocolOf) => Server
  /** Resolves when no request is being answered. */
  readonly idle: () => Promise<void>
}

type ProtocolOf = (head: RequestHead) => Protocol

export function createHttpService(options: HttpServerOptions): HttpService {
  const { limits, metrics } = options.pipeline
  const budget = createByteBudget(limits.maxBufferedBytes)
  let active = 0
  let waiting: (() => void)[] = []
  const serveOne = async (
    protocolOf: ProtocolOf,
    request: IncomingMessage,
    response: ServerResponse,
  ) => {
    active++
    try {
      await serve({ options, budget, protocolOf, request, response })
      await flushed(response)
    } finally {
      active--
      if (active === 0) {
        for (const resolve of waiting) resolve()
        waiting = []
      }
    }
  }
  metrics.gauge(
    'bittensor_axon_buffered_bytes',
    'Bytes of request bodies in memory.',
    () => budget.used,
  )
  metrics.gauge('bittensor_axon_active_requests', 'HTTP requests being answered.', () => active)
  const idle = () =>
    active === 0 ? Promise.resolve() : new Promise<void>((resolve) => waiting.push(resolve))
  return {
    createServer: (protocolOf) =>
      openServer(options.pipeline, (request, response) => {
        serveOne(protocolOf, request, response).catch((error: unknown) => {
          // Nothing but a signer that fails gets here; the peer sees its connection close.
          options.pipeline.log({ level: 'error', event: 'axon.fault', cause: error })
          response.destroy()
        })
      }),
    idle,
  }
}

function openServer(
  { limits, metrics }: Pipeline,
  onRequest: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const server = createServer(
    {
      maxHeaderSize: limits.maxHeaderBytes,
      headersTimeout: Math.min(limits.headTimeoutMs, limits.requestTimeoutMs),
      requestTimeout: limits.requestTimeoutMs,
      keepAliveTimeout: limits.idleTimeoutMs,
      connectionsCheckingInterval: Math.min(1000, limits.headTimeoutMs),
      noDelay: true,
      // Nothing here depends on the host name, and other servers of this protocol do not ask for one.
      requireHostHeader: false,
    },
    onRequest,
  )
  server.maxConnections = limits.maxConnections
  server.maxHeadersCount = 200
  server.timeout = limits.idleTimeoutMs + limits.maxTimeoutMs
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    metrics.count(
      'bittensor_axon_broken_requests_total',
      'Connections closed because their bytes were no request.',
      {
        reason: reasonOf(error),
      },
    )
    refuseRaw(error, socket)
  })
  server.on('drop', () =>
    metrics.count(
      'bittensor_axon_dropped_connections_total',
      'Connections refused over the limit.',
    ),
  )
  return server
}

/** Resolves when the answer has left, or never will. */
function flushed(response: ServerResponse): Promise<void> {
  if (response.writableFinished || response.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    response.once('finish', resolve)
    response.once('close', resolve)
  })
}

const RAW: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === 'HPE_HEADER_OVERFLOW') return 'head-too-large'
  return error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'too-slow' : 'malformed'
}

function refuseRaw(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const status = RAW[error.code ?? ''] ?? '400 Bad Request'
  const body = JSON.stringify({ message: status.slice(4) })
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    () => socket.destroy(),
  )
}

function headOf(request: IncomingMessage): RequestHead {
  return {
    method: request.method ?? 'GET',
    target: request.url ?? '/',
    headers: request.headersDistinct,
    remoteIp: (request.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
    remotePort: request.socket.remotePort ?? 0,
    connection: request.socket,
  }
}

async function serve({
  options,
  budget,
  protocolOf,
  request,
  response,
}: Pick<Work, 'options' | 'budget' | 'request' | 'response'> & {
  readonly protocolOf: ProtocolOf
}): Promise<void> {
  const head = headOf(request)
  if (options.intercept(head, response)) {
    request.resume()
    return
  }
  const name = head.target.replace(/\?.*$/s, '').slice(1)
  const route = options.routeOf(name)
  const exchange = protocolOf(head)(head, route)
  const call = openCall(
    {
      ...exchange.claim,
      protocol: exchange.protocol,
      synapse: route?.synapse.name ?? 'unknown',
      remote: `${head.remoteIp}:${head.remotePort}`,
    },
    options.pipeline.limits,
  )
  response.once('close', () => call.abandon())
  let result: { status: number; error?: unknown }
  try {
    result = await answerOne({ options, budget, request, response, exchange, route, call, head })
  } catch (error) {
    result = await refuse(
      { options, request, response, exchange, call },
      asRequestError(error, call),
    )
  } finally {
    call.end()
  }
  report(options.pipeline, call, route, result)
}

type Work = {
  readonly options: HttpServerOptions
  readonly budget: ReturnType<typeof createByteBudget>
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly exchange: Exchange
  readonly route: Route | undefined
  readonly call: ActiveCall
  readonly head: RequestHead
}

async function answerOne(work: Work): Promise<{ status: number }> {
  const { options, exchange, route, call, head, request } = work
  if (options.isStopping()) throw new RequestError('stopping', 'this axon is stopping')
  exchange.readHead()
  if (!route) throw new RequestError('unknown-route', 'no such synapse')
  if (head.method !== 'POST' && head.method !== 'GET') {
    throw new RequestError('bad-method', `${head.method} is not allowed here`)
  }
  const isAuthentic = await authenticate(work, () => exchange.authenticateHead())
  if (isAuthentic) await admit(route, call)
  const body = await readBody(request, options.pipeline.limits, work.budget)
  try {
    if (!isAuthentic) {
      await authenticate(work, async () => exchange.authenticateBody(body.raw))
      await admit(route, call)
    }
    return await runAndWrite(work, route, body)
  } finally {
    body.release()
  }
}

/** Runs the usual check, or the route's own in its place. */
async function authenticate<T>(work: Work, standard: () => Promise<T>): Promise<T | undefined> {
  const verify = work.route?.handlers.verify
  if (!verify) return standard()
  let result: T | undefined
  try {
    await verify(work.call, async () => {
      result = await standard()
    })
    return result
  } catch (error) {
    if (error instanceof RequestError) throw error
    const reason = error instanceof Error ? error.message : 'refused'
    throw new RequestError('unauthorized', `Not Verified with error: ${reason}`, error)
  }
}

async function admit(route: Route, call: ActiveCall): Promise<void> {
  call.isVerified = true
  await checkBlacklist(route, call)
}

async function runAndWrite(work: Work, route: Route, body: HeldBody): Promise<{ status: number }> {
  const { exchange, call, response, options } = work
  const { values } = exchange.decode(body.raw, call)
  const { outcome, release } = await runHandler(options.pipeline, route, call, values)
  try {
    if ('pieces' in outcome) {
      await writePieces(response, exchange.streamHead(call), outcome.pieces, call.signal)
      return { status: 200 }
    }
    const answer = await exchange.success(call, call.status, outcome.nodes)
    write(response, answer, options.isStopping())
    return { status: answer.status }
  } finally {
    release()
  }
}

async function refuse(
  work: Pick<Work, 'options' | 'request' | 'response' | 'exchange' | 'call'>,
  error: RequestError,
): Promise<{ status: number; error: unknown }> {
  const { options, request, response, exchange, call } = work
  const status = HTTP_STATUS[error.kind]
  if (response.headersSent) {
    // A stream that broke: closing without the last chunk is the only way left to say so.
    response.destroy()
    return { status, error }
  }
  const answer = await exchange.failure(call, error)
  // The connection ends with the answer when the axon stops: a peer that kept it would see its next call reset instead
  // of refused.
  if (request.complete) write(response, answer, options.isStopping())
  else await writeAndLinger(request, response, answer)
  return { status, error }
}

/** How long a peer that goes on sending may take to notice that it was refused. */
const LINGER_MS = 2000

/**
 * Refuses a request whose body is still on its way. A connection that is closed with unread bytes resets, and a peer that
 * reads only after it has sent everything would never see why: so the rest is thrown away for a while.
 */
async function writeAndLinger(
  request: IncomingMessage,
  response: ServerResponse,
  answer: HttpAnswer,
): Promise<void> {
  if (response.destroyed) return
  response.writeHead(answer.status, headersOf(answer, true))
  response.write(answer.body, 'utf8')
  await new Promise<void>((resolve) => {
    const finish = () => {
      clearTimeout(timer)
      resolve()
    }
    const timer = setTimeout(finish, LINGER_MS)
    request.once('end', finish).once('error', finish)
    response.once('close', finish)
    request.resume()
  })
  response.end()
}

function write(response: ServerResponse, answer: HttpAnswer, closes: boolean): void {
  if (response.destroyed) return
  response.writeHead(answer.status, headersOf(answer, closes))
  // As text, head and body leave in one write; headers are ASCII.
  response.end(answer.body, 'utf8')
}

function headersOf(answer: HttpAnswer, closes: boolean): string[] {
  const headers = answer.headers.flat()
  headers.push('content-length', String(Buffer.byteLength(answer.body, 'utf8')))
  if (closes) headers.push('connection', 'close')
  return headers
}

/** Sends pieces as they come, no faster than the peer takes them. */
async function writePieces(
  response: ServerResponse,
  head: HttpAnswer,
  pieces: Pieces,
  signal: AbortSignal,
): Promise<void> {
  response.writeHead(head.status, head.headers.flat())
  response.flushHeaders()
  const iterator = pieces[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await abortable(iterator.next(), signal)
      if (next.done) break
      if (!response.write(next.value)) await drained(response, signal)
    }
    response.end()
  } finally {
    // Not awaited: a generator that is stuck in a wait of its own would never return.
    void Promise.resolve(iterator.return?.()).catch(() => {})
  }
}

async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  return new Promise<T>((resolve, reject) => {
    const stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  return abortable(new Promise<void>((resolve) => response.once('drain', resolve)), signal)
}
