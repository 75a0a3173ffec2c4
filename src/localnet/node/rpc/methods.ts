/** What a namespace of methods is, and the dispatch of a call by its name. */
import { BittensorError } from '../../../core/errors.js'
import type { Node } from '../node.js'
import { methodNotFound, RpcError, unsafeMethod } from './errors.js'
import type { Follow } from './follow.js'
import type { Params } from './params.js'

/** Answers a call with a JSON value, or throws {@link RpcError}. */
export type Handler = (node: Node, params: Params, peer: Peer) => unknown

/** What one client's conversation keeps between calls. */
export type Peer = {
  /** `chainHead_v1` subscriptions by their id. */
  readonly follows: Map<string, Follow>
  /** What ends the broadcasts of `transaction_v1_broadcast`, by their id. */
  readonly broadcasts: Map<string, Stop>
}

/** A subscription: what starts it, how its messages are called, and what produces them. */
export type Subscription = {
  readonly unsubscribe: string
  /** `method` of the messages. */
  readonly notification: string
  /** Starts sending. Returns what ends it; throws or rejects when there is nothing to subscribe to. */
  start(
    node: Node,
    params: Params,
    send: (result: unknown) => void,
    client: { readonly id: string; readonly peer: Peer },
  ): Stop | Promise<Stop>
}

/** Ends a subscription. */
export type Stop = () => void

/** The methods of one namespace. */
export type Namespace = {
  readonly methods: Readonly<Record<string, Handler>>
  readonly subscriptions?: Readonly<Record<string, Subscription>>
  /** Other names of methods and subscriptions. */
  readonly aliases?: Readonly<Record<string, string>>
  /** Names of methods that only a trusted caller may use. */
  readonly unsafe?: readonly string[]
}

/** All methods by name. */
export type MethodTable = {
  readonly names: readonly string[]
  method(name: string, allowUnsafe: boolean): Handler
  subscription(name: string): Subscription | undefined
  isUnsubscribe(name: string): boolean
}

type Entry =
  | { readonly kind: 'method'; readonly handler: Handler; readonly unsafe: boolean }
  | { readonly kind: 'subscription'; readonly subscription: Subscription }
  | { readonly kind: 'unsubscribe' }

/** Joins namespaces into one table. */
export function methodTable(namespaces: readonly Namespace[]): MethodTable {
  const entries = new Map<string, Entry>()
  for (const namespace of namespaces) addNamespace(entries, namespace)
  const names = [...entries.keys(), 'rpc_methods'].sort()
  const list: Handler = () => ({ methods: names })
  entries.set('rpc_methods', { kind: 'method', handler: list, unsafe: false })
  return {
    names,
    method(name, allowUnsafe) {
      const entry = entries.get(name)
      if (entry?.kind !== 'method') throw methodNotFound()
      if (entry.unsafe && !allowUnsafe) throw unsafeMethod()
      return entry.handler
    },
    subscription(name) {
      const entry = entries.get(name)
      return entry?.kind === 'subscription' ? entry.subscription : undefined
    },
    isUnsubscribe: (name) => entries.get(name)?.kind === 'unsubscribe',
  }
}

function addNamespace(entries: Map<string, Entry>, namespace: Namespace): void {
  for (const [name, handler] of Object.entries(namespace.methods)) {
    const unsafe = namespace.unsafe?.includes(name) ?? false
    entries.set(name, { kind: 'method', handler, unsafe })
  }
  for (const [name, subscription] of Object.entries(namespace.subscriptions ?? {})) {
    entries.set(name, { kind: 'subscription', subscription })
    entries.set(subscription.unsubscribe, { kind: 'unsubscribe' })
  }
  for (const [alias, name] of Object.entries(namespace.aliases ?? {})) {
    const entry = entries.get(name)
    if (!entry) throw new TypeError(`${alias} is another name of ${name}, which does not exist`)
    entries.set(alias, entry)
  }
}

/** Whatever a handler threw, as the error to answer with; what is not foreseen is reported and named no further. */
export function asRpcError(error: unknown, onFault: (error: unknown) => void): RpcError {
  if (error instanceof RpcError) return error
  if (error instanceof BittensorError) return new RpcError(-32000, error.message)
  onFault(error)
  return new RpcError(-32603, 'Internal error')
}
