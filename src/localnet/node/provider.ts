/** The node as a provider of @polkadot/api, in the same process and without a socket. */
import type { Node } from './node.js'
import { RpcError } from './rpc/errors.js'
import { Session } from './rpc/session.js'
import { METHODS } from './rpc/table.js'

type Event = 'connected' | 'disconnected' | 'error'
type Callback = (error: Error | null, result: unknown) => void

/** What @polkadot/api asks of a provider (its `ProviderInterface`). */
export type LocalProvider = {
  readonly hasSubscriptions: true
  readonly isClonable: true
  readonly isConnected: boolean
  clone(): LocalProvider
  connect(): Promise<void>
  disconnect(): Promise<void>
  on(type: Event, callback: (value?: unknown) => void): () => void
  send<T = unknown>(method: string, params: unknown[], isCacheable?: boolean): Promise<T>
  subscribe(type: string, method: string, params: unknown[], callback: Callback): Promise<string>
  unsubscribe(type: string, method: string, id: number | string): Promise<boolean>
}

/** An error of the node, with the text @polkadot/api's own providers give it. */
export class LocalRpcError extends Error {
  override readonly name = 'RpcError'
  readonly code: number
  readonly data: string | undefined

  constructor({ code, message, data }: RpcError) {
    super(`${code}: ${message}${data === undefined ? '' : `: ${data}`}`)
    this.code = code
    this.data = data
  }
}

/** A provider on a node; connected from the start. */
export function localProvider(node: Node): LocalProvider {
  const listeners = new Map<Event, Set<(value?: unknown) => void>>()
  let session: Session | undefined
  const open = () => new Session({ node, table: METHODS, allowUnsafe: true, send: () => {} })
  const emit = (type: Event) => {
    for (const listener of listeners.get(type) ?? []) listener()
  }
  const talk = <T>(work: (session: Session) => Promise<T>): Promise<T> => {
    if (!session) return Promise.reject(new Error('the provider is not connected'))
    return work(session).catch((error: unknown) => {
      throw error instanceof RpcError ? new LocalRpcError(error) : error
    })
  }
  session = open()

  return {
    hasSubscriptions: true,
    isClonable: true,
    get isConnected() {
      return session !== undefined
    },
    clone: () => localProvider(node),
    async connect() {
      if (session) return
      session = open()
      emit('connected')
    },
    async disconnect() {
      session?.close()
      session = undefined
      emit('disconnected')
    },
    on(type, callback) {
      const set = listeners.get(type) ?? new Set()
      listeners.set(type, set.add(callback))
      return () => void set.delete(callback)
    },
    send: <T>(method: string, params: unknown[]) =>
      talk(async (open) => plain(await open.call(method, params)) as T),
    subscribe: (_type, method, params, callback) =>
      talk((open) => follow(open, method, params, callback)),
    // Without a connection there is nothing left to end.
    unsubscribe: async (_type, _method, id) => session?.unsubscribe(id) ?? true,
  }
}

/** Messages come after the id, as over a socket. */
async function follow(
  session: Session,
  method: string,
  params: unknown[],
  callback: Callback,
): Promise<string> {
  let held: unknown[] | undefined = []
  const id = await session.subscribe(method, params, (result) => {
    if (held) held.push(result)
    else setImmediate(() => callback(null, plain(result)))
  })
  const first = held
  held = undefined
  for (const result of first) setImmediate(() => callback(null, plain(result)))
  return id
}

/** A copy as JSON would carry it: what a client does to an answer must not reach the node. */
function plain(value: unknown): unknown {
  return value === undefined ? null : (JSON.parse(JSON.stringify(value)) as unknown)
}
