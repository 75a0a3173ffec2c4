/** The node's socket: JSON-RPC over WebSocket and over HTTP POST on one port. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { BittensorError } from '../../core/errors.js'
import { type Faults, faultyWire, type Wire } from './faults.js'
import type { Node } from './node.js'
import { Session } from './rpc/session.js'
import { METHODS } from './rpc/table.js'

export type ServerOptions = {
  readonly node: Node
  /** Address to listen on; `127.0.0.1` reaches this machine only. */
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** Whether clients may use unsafe methods and `dev_*`. */
  readonly allowUnsafe: boolean
  /** WebSocket clients at once. */
  readonly maxConnections?: number | undefined
  /** What goes wrong on the way to clients; absent, nothing. */
  readonly faults?: Faults | undefined
}

/** A listening socket. */
export type Listening = {
  /** `ws://127.0.0.1:9944` */
  readonly endpoint: string
  close(): Promise<void>
}

/** As real nodes have it; a bigger message ends the connection. */
const MAX_MESSAGE = 32 * 1024 * 1024
/** Real nodes take 100: test suites open more, and idle ones cost little. */
const MAX_CONNECTIONS = 2000
/** A client that reads slower than this is behind for good. */
const MAX_BACKLOG = 64 * 1024 * 1024

/**
 * Listens for clients.
 * @throws {BittensorError} `LOCALNET` when the address is in use or not allowed.
 */
export async function listen(options: ServerOptions): Promise<Listening> {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE })
  const server = createServer((request, response) => {
    answerHttp(options, request, response).catch(() => response.destroy())
  })
  server.on('upgrade', (request, socket, head) => {
    if (!isAllowedOrigin(request)) socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
    else if (sockets.clients.size >= (options.maxConnections ?? MAX_CONNECTIONS)) {
      socket.end('HTTP/1.1 429 Too Many Requests\r\n\r\n')
    } else sockets.handleUpgrade(request, socket, head, (client) => converse(options, client))
  })
  const port = await bind(server, options)
  return {
    endpoint: `ws://${reachableHost(options.host)}:${port}`,
    close: () => closeAll(server, sockets),
  }
}

/** The host to connect to from this machine: a server on all addresses is on its own as well. */
function reachableHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}

function bind(server: Server, { host, port }: ServerOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(bindFailure(cause, host, port)))
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })
}

function bindFailure(cause: NodeJS.ErrnoException, host: string, port: number): BittensorError {
  const inUse = cause.code === 'EADDRINUSE'
  const message = inUse
    ? `port ${port} of ${host} is in use`
    : `the local chain cannot listen on ${host}:${port}`
  return new BittensorError('LOCALNET', message, {
    details: inUse ? undefined : cause.message,
    hint: inUse
      ? 'choose another port with --port, or see `btcli localnet status` for a chain that runs already'
      : undefined,
    cause,
  })
}

async function closeAll(server: Server, sockets: WebSocketServer): Promise<void> {
  for (const client of sockets.clients) client.terminate()
  sockets.close()
  server.closeAllConnections()
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
}

/** Serves one WebSocket client. Requests run at once, as on a real node; answers come as they are ready. */
function converse({ node, allowUnsafe, faults }: ServerOptions, client: WebSocket): void {
  const { send } = wireOf(faults, {
    send(text) {
      if (client.bufferedAmount > MAX_BACKLOG) client.terminate()
      else if (client.readyState === client.OPEN) client.send(text)
    },
    cut: () => client.terminate(),
  })
  const session = new Session({ node, table: METHODS, allowUnsafe, send })
  client.on('message', (data) => {
    session
      .receive(String(data))
      .then(({ text, after }) => {
        if (text !== undefined) send(text)
        after?.()
      })
      .catch(node.onFault)
  })
  client.on('close', () => session.close())
  // A broken connection ends in 'close'; without a listener it would end the process.
  client.on('error', () => client.terminate())
}

const wireOf = (faults: Faults | undefined, wire: Wire) =>
  faults ? faultyWire(faults, wire) : wire

async function answerHttp(
  { node, allowUnsafe, faults }: ServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const origin = request.headers.origin
  if (!isAllowedOrigin(request)) return end(response, 403)
  if (origin !== undefined) {
    response.setHeader('access-control-allow-origin', origin)
    response.setHeader('access-control-allow-headers', 'content-type')
    response.setHeader('vary', 'origin')
  }
  if (request.method === 'OPTIONS') return end(response, 204)
  if (request.method !== 'POST') return end(response, 405)
  // Only JSON: a form that another site makes the browser post cannot have this type.
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? ''))
    return end(response, 415)
  const body = await readBody(request)
  if (body === undefined) return end(response, 413)
  // Whoever can read the note in the chain's directory is the user of this machine.
  const trusted = request.headers.authorization === `Bearer ${node.instance}`
  const session = new Session({ node, table: METHODS, allowUnsafe: allowUnsafe || trusted })
  const { text } = await session.receive(body)
  if (text === undefined) return end(response, 204)
  // The owner's own commands, `btcli localnet stop` for one, must get through.
  const wire = wireOf(trusted ? undefined : faults, {
    send(body) {
      response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' })
      response.end(body)
    },
    cut: () => response.destroy(),
  })
  wire.send(text)
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status, { connection: status === 413 ? 'close' : 'keep-alive' })
  response.end()
}

/** The request's text, or undefined when it is too big. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request) {
    size += (part as Buffer).length
    if (size > MAX_MESSAGE) return undefined
    parts.push(part as Buffer)
  }
  return Buffer.concat(parts).toString('utf8')
}

/** Pages of this machine and of the explorer may talk to the node; any other page a browser shows may not. */
const ORIGINS = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$|^https:\/\/polkadot\.js\.org$/

function isAllowedOrigin(request: IncomingMessage): boolean {
  const { origin } = request.headers
  return origin === undefined || ORIGINS.test(origin)
}
