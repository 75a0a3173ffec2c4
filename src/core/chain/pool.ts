/** Several nodes of one network as one connection: when a node cannot be reached or lags behind, reads go to the next. */
import { BittensorError } from '../errors.js'
import { fromHex } from '../keys/hex.js'
import { hostOf, isConnectionFailure, type JsonRpcProvider } from './rpc.js'
import { Socket, type SocketOptions } from './socket.js'

export type PoolOptions = SocketOptions & {
  /** In the order of preference. */
  readonly endpoints: readonly string[]
  readonly timeoutMs: number
  /** The genesis block that the network must have; that of the first node when it may be any. */
  readonly genesis: string | undefined
  /** Hears a sentence when another node is used. */
  readonly onNotice?: ((text: string) => void) | undefined
}

/** A node whose newest block is older than this does not follow its chain. */
const LAG_MS = 120_000
/** `Timestamp.Now`, the same key in every runtime. */
const NOW_KEY = '0xf0c365c3cf59d671eb72da0e7a4113c49f1f0515f462cdcf84e0f1d6045dfcbb'

type Node = { readonly endpoint: string; readonly socket: Socket }

/**
 * A provider over the first healthy node. It moves to another one when the connection breaks, and only for reads: what
 * sends a transaction fails instead. All nodes must have the same genesis block.
 */
export class Pool implements JsonRpcProvider {
  readonly #options: PoolOptions
  readonly #listeners: (readonly [Parameters<Socket['on']>[0], Parameters<Socket['on']>[1]])[] = []
  #current: Node | undefined
  #genesis: string | undefined
  #moving: Promise<Node> | undefined
  #ended = false

  constructor(options: PoolOptions) {
    this.#options = options
    this.#genesis = options.genesis
  }

  /** The node in use. */
  get endpoint(): string {
    return this.#current?.endpoint ?? this.#options.endpoints[0] ?? ''
  }

  get isConnected(): boolean {
    return this.#current?.socket.isConnected ?? false
  }

  /** For @polkadot/api, which asks before it subscribes. */
  get hasSubscriptions(): boolean {
    return true
  }

  /** @throws {BittensorError} of the first node when none can be used */
  async connect(): Promise<void> {
    await this.#node()
  }

  async disconnect(): Promise<void> {
    this.#ended = true
    await this.#moving?.catch(() => undefined)
    await this.#current?.socket.disconnect()
  }

  async send(method: string, params: unknown[]): Promise<unknown> {
    const node = await this.#node()
    try {
      return await node.socket.send(method, params)
    } catch (error) {
      if (!this.#mayMove(error, method)) throw error
      const next = await this.#moveFrom(node)
      return next.socket.send(method, params)
    }
  }

  async subscribe(
    type: string,
    method: string,
    params: unknown[],
    callback: (error: Error | null, result: unknown) => void,
  ): Promise<number | string> {
    return (await this.#node()).socket.subscribe(type, method, params, callback)
  }

  async unsubscribe(type: string, method: string, id: number | string): Promise<boolean> {
    return (await this.#node()).socket.unsubscribe(type, method, id)
  }

  on(event: Parameters<Socket['on']>[0], listener: Parameters<Socket['on']>[1]): () => void {
    this.#listeners.push([event, listener])
    const remove = this.#current?.socket.on(event, listener)
    return () => remove?.()
  }

  /** A read that got no answer may be asked elsewhere; whether a transaction arrived is not known, so it may not. */
  #mayMove(error: unknown, method: string): boolean {
    return (
      !this.#ended &&
      this.#options.endpoints.length > 1 &&
      !method.startsWith('author_') &&
      isConnectionFailure(error)
    )
  }

  #node(): Promise<Node> {
    if (this.#current) return Promise.resolve(this.#current)
    this.#moving ??= this.#open(this.#options.endpoints).finally(() => {
      this.#moving = undefined
    })
    return this.#moving
  }

  #moveFrom(node: Node): Promise<Node> {
    if (this.#current !== node) return this.#node()
    this.#current = undefined
    const { endpoints } = this.#options
    const at = endpoints.indexOf(node.endpoint)
    // The one that failed comes last: it may be back by then.
    const order = [...endpoints.slice(at + 1), ...endpoints.slice(0, at + 1)]
    this.#moving ??= this.#open(order, `${hostOf(node.endpoint)} is gone`).finally(() => {
      this.#moving = undefined
    })
    return this.#moving
  }

  /** The first node that is up and up to date, else the one that lags least. */
  async #open(endpoints: readonly string[], why?: string): Promise<Node> {
    const failures: BittensorError[] = []
    const reasons: string[] = why === undefined ? [] : [why]
    let lagging: { readonly node: Node; readonly lag: number } | undefined
    for (const endpoint of endpoints) {
      const node = {
        endpoint,
        socket: new Socket(endpoint, this.#options.timeoutMs, this.#options),
      }
      try {
        const lag = await this.#check(node)
        if (lag <= LAG_MS) {
          await lagging?.node.socket.disconnect()
          return this.#use(node, reasons)
        }
        reasons.push(`${hostOf(endpoint)} is ${Math.round(lag / 60_000)} min behind`)
        if (lagging && lagging.lag <= lag) await node.socket.disconnect()
        else {
          await lagging?.node.socket.disconnect()
          lagging = { node, lag }
        }
      } catch (error) {
        await node.socket.disconnect().catch(() => undefined)
        if (!(error instanceof BittensorError) || error.code === 'INTERRUPTED') throw error
        failures.push(error)
        reasons.push(error.message)
      }
    }
    if (lagging) return this.#use(lagging.node, reasons)
    throw this.#unreachable(failures)
  }

  #use(node: Node, reasons: readonly string[]): Node {
    this.#current = node
    for (const [event, listener] of this.#listeners) node.socket.on(event, listener)
    if (reasons.length > 0) {
      this.#options.onNotice?.(`${reasons.join('; ')}: using ${hostOf(node.endpoint)}`)
    }
    return node
  }

  /** Connects, compares the chain, and measures how old its newest block is. With one node there is no choice to make. */
  async #check({ endpoint, socket }: Node): Promise<number> {
    await socket.connect()
    if (this.#options.endpoints.length === 1) return 0
    const [genesis, now] = await Promise.all([
      socket.send('chain_getBlockHash', [0]),
      socket.send('state_getStorage', [NOW_KEY]).catch(() => null),
    ])
    if (this.#genesis !== undefined && genesis !== this.#genesis) {
      throw new BittensorError('CONNECTION', `${hostOf(endpoint)} serves another chain`, {
        details: `its genesis block is ${String(genesis)}, ${this.#genesis} was expected`,
        data: { endpoint },
      })
    }
    this.#genesis = String(genesis)
    const bytes = typeof now === 'string' ? fromHex(now, 8) : undefined
    if (!bytes) return 0
    const milliseconds = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true)
    // A chain at its genesis has no time yet.
    return milliseconds === 0n ? 0 : Math.max(0, Date.now() - Number(milliseconds))
  }

  #unreachable(failures: readonly BittensorError[]): BittensorError {
    const [first, ...others] = failures
    if (!first) return new BittensorError('CONNECTION', 'there is no node to connect to')
    if (others.length === 0) return first
    return new BittensorError('CONNECTION', 'none of the nodes can be used', {
      details: failures
        .map(({ message, details }) => (details ? `${message}: ${details}` : message))
        .join('\n'),
      hint: first.hint,
      data: { endpoints: this.#options.endpoints, opened: false },
      cause: first,
    })
  }
}
