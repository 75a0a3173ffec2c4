/** Opens a connection to a node. */
import { blake2b } from '@noble/hashes/blake2.js'
import type { ApiPromise } from '@polkadot/api'
import { BittensorError } from '../errors.js'
import { fromHex, toHex } from '../keys/hex.js'
import { type Rao, rao } from '../units.js'
import { capabilitiesOf, type Runtime } from './description.js'
import { compact, concat } from './encode.js'
import { createLink, type Link } from './link.js'
import { checkGenesis, genesisOf } from './networks.js'
import { Pool } from './pool.js'
import { type ProxySettings, proxyFor } from './proxyAgent.js'
import { hostOf, isPruned, type JsonRpcProvider, olderHint } from './rpc.js'
import {
  loadMetadata,
  loadRuntime,
  parseVersion,
  type RuntimeSource,
  readVersion,
} from './runtime.js'
import type { BlockRef, ChainClient, ChainEra, ChainView, Head, HeadKind, Hex } from './types.js'
import { createView, eraOf } from './view.js'

/** Options of {@link connect}: an endpoint, or a provider of a chain in this process. */
export type ConnectOptions = {
  readonly network: string
  readonly endpoint?: string | undefined
  readonly provider?: JsonRpcProvider | undefined
  /** Further nodes of the same chain, used when the endpoint cannot be reached or lags behind. */
  readonly fallbacks?: readonly string[] | undefined
  /** Opens a node that keeps all old blocks, when this one has pruned the block that is asked for. */
  readonly archive?: (() => Promise<ChainClient>) | undefined
  /** Proxies to go through. */
  readonly proxies?: ProxySettings | undefined
  /** Hears a sentence when another node is used than the one that was asked for. */
  readonly onNotice?: ((text: string) => void) | undefined
  /** Folder for described runtimes; without it every run downloads the metadata. */
  readonly cacheDir?: string | undefined
  /** How long opening the connection and each request may take; 30 s by default. */
  readonly timeoutMs?: number | undefined
  /** Gives up opening and every request that is waiting. */
  readonly signal?: AbortSignal | undefined
}

const DEFAULT_TIMEOUT_MS = 30_000
/**
 * For how long the first view may count on the version that the connection was opened with: less than two blocks, the
 * first of which says so itself when it brings a new runtime.
 */
const VERSION_TRUSTED_MS = 1_000
/** The note in a header that the block brings a new runtime (substrate, `DigestItem::RuntimeEnvironmentUpdated`). */
const RUNTIME_UPDATED = '0x08'

/**
 * Connects to a node and learns its runtime, with two requests when the runtime is cached.
 * @throws {BittensorError} `CONNECTION` or `TIMEOUT` naming the host and the cause; `INTERRUPTED`
 * @example
 * const chain = await connect({ network: 'test', endpoint: 'wss://test.finney.opentensor.ai:443' })
 */
export async function connect(options: ConnectOptions): Promise<ChainClient> {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS
  const provider = options.provider ?? nodesOf(options, timeoutMs)
  const { signal, network, cacheDir } = options
  const link = createLink({
    provider,
    timeoutMs,
    signal,
    get endpoint() {
      return endpointOf(provider)
    },
  })
  try {
    if (signal?.aborted) throw new BittensorError('INTERRUPTED', 'interrupted')
    if (!provider.isConnected) await provider.connect()
    const [genesis, answer] = await Promise.all([
      link.request('chain_getBlockHash', [0]),
      link.request('state_getRuntimeVersion', []),
    ])
    const endpoint = endpointOf(provider)
    const genesisHash = expectHash(genesis, 'its genesis block', endpoint)
    const value = checkGenesis(network, genesisHash)
    const source: RuntimeSource = { request: link.request, endpoint, genesisHash, cacheDir }
    const runtime = await loadRuntime(source, parseVersion(answer, endpoint))
    const { archive, onNotice } = options
    return new Client({ provider, link, source, network, value, runtime, archive, onNotice })
  } catch (error) {
    await provider.disconnect().catch(() => undefined)
    throw error
  }
}

function nodesOf(options: ConnectOptions, timeoutMs: number): Pool {
  const { endpoint, fallbacks = [], proxies, network, onNotice } = options
  if (endpoint === undefined) throw new TypeError('an endpoint or a provider is needed')
  return new Pool({
    endpoints: [...new Set([endpoint, ...fallbacks])],
    timeoutMs,
    genesis: genesisOf(network),
    onNotice,
    ...(proxies ? { agentFor: (url) => agentFor(url, proxies) } : {}),
  })
}

async function agentFor(endpoint: string, proxies: ProxySettings) {
  const proxy = proxyFor(endpoint, proxies)
  if (proxy === undefined) return undefined
  return (await import('./proxyAgent.js')).agentThrough(proxy)
}

function endpointOf(provider: JsonRpcProvider): string {
  return provider instanceof Pool ? provider.endpoint : 'in-process'
}

type ClientOptions = {
  readonly archive: ConnectOptions['archive']
  readonly onNotice: ConnectOptions['onNotice']
  readonly provider: JsonRpcProvider
  readonly link: Link
  readonly source: RuntimeSource
  readonly network: string
  readonly value: ChainClient['value']
  readonly runtime: Runtime
}

class Client implements ChainClient {
  readonly network: string
  readonly genesisHash: Hex
  readonly value: ChainClient['value']
  readonly request: ChainClient['request']
  readonly requestOnce: ChainClient['requestOnce']
  readonly subscribe: ChainClient['subscribe']
  readonly #provider: JsonRpcProvider
  readonly #openArchive: ConnectOptions['archive']
  readonly #onNotice: ConnectOptions['onNotice']
  #archive: Promise<ChainClient> | undefined
  readonly #source: RuntimeSource
  readonly #known = new Map<number, Promise<Runtime>>()
  readonly #capabilities = capabilitiesOf(() => this.#runtime)
  #runtime: Runtime
  #trustedUntil = Date.now() + VERSION_TRUSTED_MS
  #api: Promise<ApiPromise> | undefined
  #encoder: { readonly specVersion: number; readonly api: Promise<ApiPromise> } | undefined

  constructor(options: ClientOptions) {
    this.network = options.network
    this.genesisHash = options.source.genesisHash
    this.value = options.value
    this.request = options.link.request
    this.requestOnce = options.link.once
    this.subscribe = options.link.subscribe
    this.#provider = options.provider
    this.#openArchive = options.archive
    this.#onNotice = options.onNotice
    this.#source = options.source
    this.#runtime = options.runtime
  }

  get endpoint(): string {
    return endpointOf(this.#provider)
  }
  get runtime(): Runtime {
    return this.#runtime
  }
  get specName(): string {
    return this.#runtime.version.specName
  }
  get specVersion(): number {
    return this.#runtime.version.specVersion
  }
  get transactionVersion(): number {
    return this.#runtime.version.transactionVersion
  }
  get era(): ChainEra {
    return eraOf(this)
  }
  get existentialDeposit(): Rao {
    return rao(this.#whole('Balances', 'ExistentialDeposit'))
  }
  get ss58Format(): number {
    return Number(this.#whole('System', 'SS58Prefix'))
  }
  get blockTimeMs(): number {
    // A slot lasts twice the least time between two blocks (substrate, pallet timestamp).
    return Number(this.#whole('Timestamp', 'MinimumPeriod')) * 2
  }

  hasPallet(pallet: string): boolean {
    return this.#capabilities.hasPallet(pallet)
  }
  hasCall(pallet: string, call: string): boolean {
    return this.#capabilities.hasCall(pallet, call)
  }
  callArgs(pallet: string, call: string): readonly string[] | undefined {
    return this.#capabilities.callArgs(pallet, call)
  }
  hasStorage(pallet: string, item: string): boolean {
    return this.#capabilities.hasStorage(pallet, item)
  }
  hasRuntimeApi(trait: string, method?: string): boolean {
    return this.#capabilities.hasRuntimeApi(trait, method)
  }
  constant(pallet: string, name: string): ReturnType<ChainClient['constant']> {
    return this.#capabilities.constant(pallet, name)
  }

  async head(): Promise<Head> {
    const header = await this.request('chain_getHeader', [])
    return this.#headOf(
      header,
      this.#hashIn(header) ?? (await this.#hashOf(this.#numberIn(header))),
    )
  }

  #headOf(header: unknown, hash: Hex): Head {
    const { parentHash } = header as Partial<Header>
    return {
      number: this.#numberIn(header),
      hash,
      parentHash: expectHash(parentHash, `the block before ${hash}`, this.endpoint),
      bringsRuntime: bringsRuntime(header),
    }
  }

  /** A header does not name its own hash; reckoning it saves a request for every command. */
  #hashIn(header: unknown): Hex | undefined {
    return this.#numberIn(header) === 0 ? this.genesisHash : headerHash(header)
  }

  #numberIn(header: unknown): number {
    return numberOf(header, this.endpoint)
  }

  async finalizedHead(): Promise<BlockRef> {
    const hash = await this.request('chain_getFinalizedHead', [])
    return this.#blockAt(expectHash(hash, 'its finalized block', this.endpoint))
  }

  async at(block?: number | Hex): Promise<ChainView> {
    if (block !== undefined) return this.#history(block).catch((error) => this.#older(block, error))
    const known = this.#runtime
    const isTrusted = Date.now() < this.#trustedUntil
    this.#trustedUntil = 0
    // The version is asked for after the block, so that it is not older.
    const [head] = await Promise.all([this.head(), isTrusted ? undefined : this.refreshRuntime()])
    const isSteady = known === this.#runtime && !head.bringsRuntime
    return isSteady ? this.#view(head, known) : this.#past(head)
  }

  async readHead<T>(head: Head, read: (view: ChainView) => Promise<T>): Promise<T> {
    const known = this.#runtime
    const early = head.bringsRuntime ? undefined : read(this.#view(head, known))
    // Whether it counts is not known yet.
    early?.catch(() => undefined)
    const { specVersion } = await readVersion(this.#source, head.hash)
    if (early && specVersion === known.version.specVersion) return early
    await this.refreshRuntime()
    return read(await this.#past(head))
  }

  async subscribeHeads(
    onHead: (head: Head) => void,
    onLost?: (error: Error) => void,
    of: HeadKind = 'best',
  ): Promise<() => void> {
    const onHeader = (header: unknown) => {
      const hash = this.#hashIn(header)
      if (hash !== undefined) onHead(this.#headOf(header, hash))
    }
    const heads = of === 'best' ? 'NewHeads' : 'FinalizedHeads'
    return this.subscribe(
      `chain_subscribe${heads}`,
      [],
      `chain_unsubscribe${heads}`,
      onHeader,
      onLost,
    )
  }

  async refreshRuntime(): Promise<boolean> {
    const version = await readVersion(this.#source)
    const isKnown = () => JSON.stringify(version) === JSON.stringify(this.#runtime.version)
    if (isKnown()) return false
    const runtime = await loadRuntime(this.#source, version)
    // Somebody else may have loaded it meanwhile.
    if (isKnown()) return false
    this.#known.set(this.specVersion, Promise.resolve(this.#runtime))
    this.#runtime = runtime
    return true
  }

  metadata(): Promise<Hex> {
    return loadMetadata(this.#source, this.#runtime.version)
  }

  api(): Promise<ApiPromise> {
    this.#api ??= this.#loadApi()
    return this.#api
  }

  async close(): Promise<void> {
    const api = await this.#api?.catch(() => undefined)
    await api?.disconnect().catch(() => undefined)
    const archive = await this.#archive?.catch(() => undefined)
    await archive?.close()
    await this.#provider.disconnect()
  }

  async #loadApi(): Promise<ApiPromise> {
    const [{ createApi }, chain] = await Promise.all([import('./encoder.js'), this.#encodedChain()])
    return createApi(chain, this.#provider)
  }

  encoder(): Promise<ApiPromise> {
    if (this.#encoder?.specVersion !== this.specVersion) {
      const api = this.#loadEncoder()
      this.#encoder = { specVersion: this.specVersion, api }
      api.catch(() => {
        this.#encoder = undefined
      })
    }
    return this.#encoder.api
  }

  async #loadEncoder(): Promise<ApiPromise> {
    const [{ createEncoder }, chain] = await Promise.all([
      import('./encoder.js'),
      this.#encodedChain(),
    ])
    return createEncoder(chain)
  }

  async #encodedChain() {
    const { genesisHash, ss58Format } = this
    return { runtime: this.#runtime, metadata: await this.metadata(), genesisHash, ss58Format }
  }

  /** A block that this node has pruned, from a node that keeps all. */
  async #older(block: number | Hex, error: unknown): Promise<ChainView> {
    if (!isPruned(error) || !this.#openArchive) throw error
    this.#archive ??= this.#openArchive()
    const archive = await this.#archive.catch(() => {
      this.#archive = undefined
      throw error
    })
    this.#onNotice?.(`${error.message}: reading it from ${hostOf(archive.endpoint)}`)
    return archive.at(block)
  }

  async #history(block: number | Hex): Promise<ChainView> {
    const hash = typeof block === 'number' ? await this.#hashOf(block) : block
    const version = readVersion(this.#source, hash)
    // A block that does not exist is told by its header.
    version.catch(() => undefined)
    return this.#past(await this.#blockAt(hash), version)
  }

  /**
   * A block that brings a new runtime still has the storage of the old one, so its parent's version counts there. Questions
   * to the runtime are answered by the new one already.
   */
  async #past(head: Head, version = readVersion(this.#source, head.hash)): Promise<ChainView> {
    const { hash, parentHash } = head
    const answering = this.#runtimeOf(await version, hash)
    if (!head.bringsRuntime) return this.#view(head, await answering)
    const before = await readVersion(this.#source, parentHash)
    return this.#view(head, await this.#runtimeOf(before, parentHash), await answering)
  }

  #runtimeOf(version: Runtime['version'], at: Hex): Promise<Runtime> | Runtime {
    const { specVersion } = version
    if (specVersion === this.specVersion) return this.#runtime
    const known = this.#known.get(specVersion) ?? loadRuntime(this.#source, version, at)
    this.#known.set(specVersion, known)
    // A failure is not remembered: the next view may find the node in better shape.
    known.catch(() => this.#known.delete(specVersion))
    return known
  }

  async #hashOf(number: number): Promise<Hex> {
    const hash = await this.request('chain_getBlockHash', [number])
    if (hash === null) {
      const newest = await this.head()
      throw number > newest.number
        ? notYet(number, newest, this.endpoint)
        : noBlock(`${number}`, this.endpoint)
    }
    return expectHash(hash, `block ${number}`, this.endpoint)
  }

  async #blockAt(hash: Hex): Promise<Head> {
    const header = await this.request('chain_getHeader', [hash])
    if (header === null) throw noBlock(hash, this.endpoint)
    return this.#headOf(header, hash)
  }

  #view({ number, hash }: BlockRef, runtime: Runtime, answering = runtime): ChainView {
    const { network, endpoint, request } = this
    const block = { number, hash }
    return createView({ network, endpoint, block, runtime, answering, request })
  }

  #whole(pallet: string, name: string): bigint {
    const value = this.constant(pallet, name)
    if (typeof value === 'number' || typeof value === 'bigint') return BigInt(value)
    throw new BittensorError('RUNTIME_UNSUPPORTED', `this chain has no constant ${pallet}.${name}`)
  }
}

function bringsRuntime(header: unknown): boolean {
  return (header as Partial<Header> | null)?.digest?.logs?.includes(RUNTIME_UPDATED) ?? false
}

function notYet(number: number, newest: BlockRef, endpoint: string): BittensorError {
  return new BittensorError('USAGE', `there is no block ${number} yet`, {
    details: `the newest of ${hostOf(endpoint)} is ${newest.number}`,
    data: { endpoint, block: number, newest: newest.number },
  })
}

function noBlock(block: string, endpoint: string): BittensorError {
  return new BittensorError('CONNECTION', `${hostOf(endpoint)} has no block ${block}`, {
    hint: `give a block that exists; for old blocks, ${olderHint(endpoint)}`,
    data: { endpoint, block },
  })
}

function expectHash(answer: unknown, what: string, endpoint: string): Hex {
  if (typeof answer === 'string' && /^0x[0-9a-f]{64}$/i.test(answer)) {
    return answer.toLowerCase() as Hex
  }
  throw new BittensorError('CONNECTION', `${hostOf(endpoint)} does not name ${what}`, {
    hint: 'is this a node of a Bittensor chain?',
    data: { endpoint },
  })
}

type Header = {
  readonly parentHash: string
  readonly number: string
  readonly stateRoot: string
  readonly extrinsicsRoot: string
  readonly digest: { readonly logs: readonly string[] }
}

function numberOf(header: unknown, endpoint: string): number {
  const number = Number((header as Partial<Header> | null)?.number)
  if (Number.isSafeInteger(number)) return number
  throw new BittensorError('CONNECTION', `${hostOf(endpoint)} answered a block without a number`)
}

/** The hash of a block is blake2b-256 over its SCALE-encoded header (substrate, primitives/runtime/src/generic/header.rs). */
function headerHash(header: unknown): Hex | undefined {
  const { parentHash, number, stateRoot, extrinsicsRoot, digest } = (header ??
    {}) as Partial<Header>
  const parts = [parentHash, stateRoot, extrinsicsRoot, ...(digest?.logs ?? [])].map(
    (hex) => (typeof hex === 'string' && fromHex(hex)) || undefined,
  )
  if (number === undefined || parts.includes(undefined)) return undefined
  const [parent, state, extrinsics, ...logs] = parts as Uint8Array[]
  if (!parent || !state || !extrinsics) return undefined
  const count = compact(BigInt(logs.length))
  const bytes = concat([parent, compact(BigInt(number)), state, extrinsics, count, ...logs])
  return toHex(blake2b(bytes, { dkLen: 32 })) as Hex
}
