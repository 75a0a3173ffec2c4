/** One client's conversation in JSON-RPC 2.0: single requests, batches, subscriptions. */
import { randomBytes } from 'node:crypto'
import type { Node } from '../node.js'
import {
  internalError,
  invalidParams,
  invalidRequest,
  methodNotFound,
  parseError,
  RpcError,
} from './errors.js'
import { asRpcError, type MethodTable, type Peer, type Stop, type Subscription } from './methods.js'
import type { Params } from './params.js'

/** Limits of a real node. */
const MAX_REQUEST_BYTES = 15 * 1024 * 1024
const MAX_SUBSCRIPTIONS = 1024
const MAX_BATCH = 1024

export type SessionOptions = {
  readonly node: Node
  readonly table: MethodTable
  readonly allowUnsafe: boolean
  /** Sends a message that no request waits for; absent where only answers are possible, as over HTTP. */
  readonly send?: ((text: string) => void) | undefined
}

type Id = string | number | null

/** A request's answer, and the messages that must not overtake it. */
type Answer = { readonly text: string | undefined; readonly after?: (() => void) | undefined }

/** A conversation; it ends with {@link Session.close}. */
export class Session {
  readonly #options: SessionOptions
  readonly #subscriptions = new Map<string, Stop>()
  readonly #peer: Peer = { follows: new Map(), broadcasts: new Map() }
  #closed = false

  constructor(options: SessionOptions) {
    this.#options = options
  }

  /** Answers a text; undefined when it asked for nothing. `after` must be called once the answer is on its way. */
  async receive(text: string): Promise<Answer> {
    if (Buffer.byteLength(text) > MAX_REQUEST_BYTES) {
      return failure(null, new RpcError(-32007, 'Request is too big'))
    }
    let request: unknown
    try {
      request = JSON.parse(text)
    } catch {
      return failure(null, parseError())
    }
    return Array.isArray(request) ? this.#batch(request) : this.#single(request)
  }

  /** Calls a method as one request does. */
  async call(method: string, params: Params): Promise<unknown> {
    const { node, table, allowUnsafe } = this.#options
    node.finalityNotices.onRequest(params)
    try {
      if (table.isUnsubscribe(method)) return this.unsubscribe(params[0])
      return await table.method(method, allowUnsafe)(node, params, this.#peer)
    } catch (error) {
      throw asRpcError(error, node.onFault)
    }
  }

  /** Starts a subscription. Its messages go to `send`, also some before this resolves. */
  async subscribe(
    method: string,
    params: Params,
    send: (result: unknown) => void,
  ): Promise<string> {
    const { node, table } = this.#options
    const subscription = table.subscription(method)
    if (!subscription) throw methodNotFound()
    if (this.#subscriptions.size >= MAX_SUBSCRIPTIONS) {
      throw new RpcError(
        -32006,
        'Too many subscriptions on the connection',
        `Exceeded max limit of ${MAX_SUBSCRIPTIONS}`,
      )
    }
    try {
      const id = randomBytes(8).toString('hex')
      const stop = await subscription.start(node, params, send, { id, peer: this.#peer })
      // The client may have gone while the subscription was being made.
      if (this.#closed) stop()
      else this.#subscriptions.set(id, stop)
      return id
    } catch (error) {
      throw asRpcError(error, node.onFault)
    }
  }

  /** Ends a subscription; false when there is none of that id. */
  unsubscribe(id: unknown): boolean {
    if (typeof id !== 'string') throw invalidParams('parameter 1 must be the id of a subscription')
    const stop = this.#subscriptions.get(id)
    stop?.()
    return this.#subscriptions.delete(id)
  }

  /** Ends all subscriptions and broadcasts. */
  close(): void {
    this.#closed = true
    for (const stop of this.#subscriptions.values()) stop()
    this.#subscriptions.clear()
    for (const stop of this.#peer.broadcasts.values()) stop()
    this.#peer.broadcasts.clear()
  }

  async #batch(requests: readonly unknown[]): Promise<Answer> {
    if (requests.length === 0) return failure(null, invalidRequest())
    if (requests.length > MAX_BATCH) {
      const limit = `Exceeded max limit of ${MAX_BATCH}`
      return failure(null, new RpcError(-32010, 'The batch request was too large', limit))
    }
    const answers = await Promise.all(requests.map((request) => this.#single(request)))
    const texts = answers.flatMap(({ text }) => text ?? [])
    return {
      text: texts.length > 0 ? `[${texts.join(',')}]` : undefined,
      after() {
        for (const answer of answers) answer.after?.()
      },
    }
  }

  async #single(request: unknown): Promise<Answer> {
    const parsed = readRequest(request)
    if (!parsed) return failure(idOf(request), invalidRequest())
    const { id, method, params } = parsed
    // Without an id nobody waits for an answer.
    if (id === undefined) return { text: undefined }
    try {
      if (params === undefined) throw invalidParams('the parameters must be a list')
      const subscription = this.#options.table.subscription(method)
      if (subscription) return await this.#open(id, method, subscription, params)
      return success(id, await this.call(method, params))
    } catch (error) {
      return failure(id, error instanceof RpcError ? error : internalError(String(error)))
    }
  }

  /** The answer to a subscription is its id; messages made meanwhile are held back until it is sent. */
  async #open(id: Id, method: string, subscription: Subscription, params: Params): Promise<Answer> {
    const { send } = this.#options
    if (!send) throw methodNotFound()
    const held: unknown[] = []
    let name: string | undefined
    const forward = (result: unknown) => {
      const message = { subscription: name, result }
      send(JSON.stringify({ jsonrpc: '2.0', method: subscription.notification, params: message }))
    }
    let open = false
    const given = await this.subscribe(method, params, (result) =>
      open ? forward(result) : held.push(result),
    )
    name = given
    return {
      ...success(id, given),
      after() {
        open = true
        for (const result of held) forward(result)
      },
    }
  }
}

type Request = {
  readonly id: Id | undefined
  readonly method: string
  /** Undefined when they are no list. */
  readonly params: Params | undefined
}

function readRequest(request: unknown): Request | undefined {
  if (typeof request !== 'object' || request === null || Array.isArray(request)) return undefined
  const { jsonrpc, id, method, params } = request as Record<string, unknown>
  if (jsonrpc !== '2.0' || typeof method !== 'string') return undefined
  if (id !== undefined && !isId(id)) return undefined
  const list = params === undefined || params === null ? [] : params
  return { id, method, params: Array.isArray(list) ? list : undefined }
}

function isId(value: unknown): value is Id {
  return typeof value === 'string' || typeof value === 'number' || value === null
}

/** The id of a request that is otherwise unusable. */
function idOf(request: unknown): Id {
  const id = (request as { id?: unknown } | null | undefined)?.id
  return isId(id) ? id : null
}

function success(id: Id, result: unknown): Answer {
  return { text: JSON.stringify({ jsonrpc: '2.0', result: result ?? null, id }) }
}

function failure(id: Id, { code, message, data }: RpcError): Answer {
  return { text: JSON.stringify({ jsonrpc: '2.0', error: { code, message, data }, id }) }
}
