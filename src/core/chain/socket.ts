/** One WebSocket to a node that speaks JSON-RPC. It reports every way of failing and never waits for ever. */
import type { Agent } from 'node:http'
import { WebSocket } from 'ws'
import { BittensorError } from '../errors.js'
import { hostOf, type JsonRpcProvider, RpcError } from './rpc.js'

type Pending = {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
}
type Listener = (value?: unknown) => void
type Notify = (error: Error | null, result: unknown) => void

/** Notices that arrive before the answer that names their subscription; more than this is not a node. */
const EARLY_LIMIT = 256
/** How long a peer may take to agree to the closing before the socket is torn down. */
const CLOSE_GRACE_MS = 300

export type SocketOptions = {
  /** The way to an endpoint that is not direct; undefined for a direct one. */
  readonly agentFor?: ((endpoint: string) => Promise<Agent | undefined>) | undefined
}

/** A provider over a WebSocket. A request on a lost connection opens it again, once per request. */
export class Socket implements JsonRpcProvider {
  readonly #endpoint: string
  readonly #timeoutMs: number
  readonly #options: SocketOptions
  readonly #pending = new Map<number, Pending>()
  readonly #subscriptions = new Map<string, Notify>()
  readonly #early: { readonly id: string; readonly result: unknown }[] = []
  readonly #listeners = new Map<string, Set<Listener>>()
  #socket: WebSocket | undefined
  #opening: Promise<WebSocket> | undefined
  #nextId = 1
  #ended = false

  /** @param timeoutMs how long opening may take */
  constructor(endpoint: string, timeoutMs: number, options: SocketOptions = {}) {
    this.#endpoint = endpoint
    this.#timeoutMs = timeoutMs
    this.#options = options
  }

  get isConnected(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN
  }

  /** For @polkadot/api, which asks before it subscribes. */
  get hasSubscriptions(): boolean {
    return true
  }

  /** For @polkadot/api's type only: it never clones this connection. */
  clone(): Socket {
    return new Socket(this.#endpoint, this.#timeoutMs, this.#options)
  }

  /** @throws {BittensorError} `CONNECTION` or `TIMEOUT`, naming host and cause */
  async connect(): Promise<void> {
    await this.#open()
  }

  async disconnect(): Promise<void> {
    this.#ended = true
    // Whoever asked for the end knows of it; @polkadot/api would print it.
    this.#subscriptions.clear()
    const socket = this.#socket ?? (await this.#opening?.catch(() => undefined))
    this.#drop(this.#failure('was closed by this program'))
    if (!socket || socket.readyState === WebSocket.CLOSED) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => socket.terminate(), CLOSE_GRACE_MS)
      socket.once('close', () => {
        clearTimeout(timer)
        resolve()
      })
      socket.close(1000)
    })
  }

  async send(method: string, params: unknown[]): Promise<unknown> {
    const socket = await this.#open()
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject })
      socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
    })
  }

  async subscribe(
    _type: string,
    method: string,
    params: unknown[],
    callback: Notify,
  ): Promise<number | string> {
    const id = await this.send(method, params)
    if (typeof id !== 'string' && typeof id !== 'number') {
      throw this.#failure(`answered ${method} without naming a subscription`)
    }
    this.#subscriptions.set(`${id}`, callback)
    for (const notice of this.#early.splice(0)) {
      if (notice.id === `${id}`) callback(null, notice.result)
      else this.#early.push(notice)
    }
    return id
  }

  async unsubscribe(_type: string, method: string, id: number | string): Promise<boolean> {
    this.#subscriptions.delete(`${id}`)
    if (!this.isConnected) return true
    return (await this.send(method, [id])) === true
  }

  on(event: 'connected' | 'disconnected' | 'error', listener: Listener): () => void {
    const set = this.#listeners.get(event) ?? new Set()
    this.#listeners.set(event, set)
    set.add(listener)
    return () => set.delete(listener)
  }

  #open(): Promise<WebSocket> {
    if (this.#ended) return Promise.reject(this.#failure('was closed by this program'))
    if (this.#socket?.readyState === WebSocket.OPEN) return Promise.resolve(this.#socket)
    this.#opening ??= this.#dial().finally(() => {
      this.#opening = undefined
    })
    return this.#opening
  }

  async #dial(): Promise<WebSocket> {
    const agent = await this.#options.agentFor?.(this.#endpoint)
    const socket = new WebSocket(this.#endpoint, {
      perMessageDeflate: false,
      handshakeTimeout: this.#timeoutMs,
      ...(agent ? { agent } : {}),
    })
    return new Promise((resolve, reject) => {
      // handshakeTimeout starts after the TCP connection; a silent host needs a clock of our own.
      const timer = setTimeout(() => {
        reject(this.#tooSlow())
        socket.terminate()
      }, this.#timeoutMs)
      socket.once('open', () => {
        clearTimeout(timer)
        this.#adopt(socket)
        resolve(socket)
      })
      socket.once('error', (error) => {
        clearTimeout(timer)
        reject(this.#refused(error))
      })
    })
  }

  #adopt(socket: WebSocket): void {
    this.#socket = socket
    socket.on('message', (data) => this.#receive(socket, data.toString()))
    socket.on('error', (error) => this.#drop(this.#failure(`failed: ${error.message}`)))
    socket.on('close', (code, reason) => {
      const why = reason.length > 0 ? `${code}, ${reason.toString().slice(0, 120)}` : `${code}`
      this.#drop(this.#failure(`closed the connection (${why})`))
    })
    this.#emit('connected')
  }

  #receive(socket: WebSocket, text: string): void {
    const message = parseMessage(text)
    if (!message) {
      this.#drop(this.#failure('answered something that is not JSON-RPC'))
      socket.terminate()
      return
    }
    if (message.id !== undefined) this.#settle(message)
    else if (message.subscription !== undefined) this.#notify(message)
  }

  #settle(message: Message): void {
    const pending = this.#pending.get(message.id ?? 0)
    this.#pending.delete(message.id ?? 0)
    if (message.error) pending?.reject(message.error)
    else pending?.resolve(message.result)
  }

  #notify(message: Message): void {
    const id = message.subscription ?? ''
    const callback = this.#subscriptions.get(id)
    if (callback) callback(null, message.result)
    else if (this.#early.length < EARLY_LIMIT) this.#early.push({ id, result: message.result })
  }

  /** The connection is gone: everything that waits on it fails now. */
  #drop(error: BittensorError): void {
    if (!this.#socket) return
    this.#socket = undefined
    const waiting = [...this.#pending.values()]
    const watching = [...this.#subscriptions.values()]
    this.#pending.clear()
    this.#subscriptions.clear()
    this.#early.length = 0
    for (const { reject } of waiting) reject(error)
    for (const callback of watching) callback(error, undefined)
    this.#emit('disconnected', error)
  }

  #emit(event: string, value?: unknown): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(value)
  }

  #failure(what: string): BittensorError {
    return new BittensorError('CONNECTION', `${hostOf(this.#endpoint)} ${what}`, {
      data: { endpoint: this.#endpoint },
    })
  }

  #tooSlow(): BittensorError {
    const seconds = this.#timeoutMs / 1000
    return new BittensorError(
      'TIMEOUT',
      `${hostOf(this.#endpoint)} did not accept a connection within ${seconds} s`,
      { hint: OTHER_NODE, data: { endpoint: this.#endpoint, opened: false } },
    )
  }

  #refused(error: Error): BittensorError {
    if (/handshake has timed out/i.test(error.message)) return this.#tooSlow()
    return new BittensorError('CONNECTION', `cannot connect to ${hostOf(this.#endpoint)}`, {
      details: reasonOf(error),
      hint: OTHER_NODE,
      data: { endpoint: this.#endpoint, opened: false },
    })
  }
}

const OTHER_NODE = 'check the address, or use another node: --subtensor.chain_endpoint <url>'

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the host name could not be looked up',
  ECONNRESET: 'the other side cut the connection',
  EHOSTUNREACH: 'the host is unreachable',
  ENETUNREACH: 'the network is unreachable',
  ETIMEDOUT: 'the host did not answer',
  EPROTO: 'the other side does not speak TLS: try ws:// instead of wss://',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate belongs to another host',
}

function reasonOf(error: Error): string {
  const code = 'code' in error ? String(error.code) : ''
  const known = REASONS[code]
  if (known) return known
  const status = /Unexpected server response: (\d+)/.exec(error.message)?.[1]
  if (status) return `it answered with HTTP status ${status} instead of opening a WebSocket`
  return error.message === '' ? code : error.message
}

type Message = {
  readonly id: number | undefined
  readonly subscription: string | undefined
  readonly result: unknown
  readonly error: RpcError | undefined
}

function parseMessage(text: string): Message | undefined {
  const json = parseObject(text)
  if (!json) return undefined
  const params = asObject(json['params'])
  const id = typeof json['id'] === 'number' ? json['id'] : undefined
  const subscription = params?.['subscription']
  const error = asObject(json['error'])
  if (id === undefined && subscription === undefined && !error) return undefined
  return {
    id,
    subscription: subscription === undefined ? undefined : `${String(subscription)}`,
    result: id === undefined ? params?.['result'] : json['result'],
    error:
      error && new RpcError(Number(error['code']), `${String(error['message'])}`, error['data']),
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return asObject(JSON.parse(text))
  } catch {
    return undefined
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const object = typeof value === 'object' && value !== null && !Array.isArray(value)
  return object ? (value as Readonly<Record<string, unknown>>) : undefined
}
