/** The embedded development chain as one object: start, use, stop. */
import { BittensorError } from '../../core/errors.js'
import { parseAccount } from '../../core/keys/ss58.js'
import { type Rao, rao } from '../../core/units.js'
import { genesisSpec } from '../genesis/presets.js'
import type { AnyGenesisSpec } from '../genesis/spec.js'
import type { ProfileName } from '../runtime/profile.js'
import { createRuntime } from '../runtime/runtime.js'
import { toHex } from './bytes.js'
import type { BlockMode } from './chain/author.js'
import type { BlockRef } from './chain/chain.js'
import { openChain } from './chain/open.js'
import { openDirectory, removeNote, writeNote } from './directory.js'
import { CODE, createEngines } from './engine.js'
import { createFaults, type Fault, type Faults, upgradeOf } from './faults.js'
import { fundAccount } from './fund.js'
import { type HyperparameterValue, setHyperparameter } from './hyperparameters.js'
import { Node } from './node.js'
import { type LocalProvider, localProvider } from './provider.js'
import { type Listening, listen } from './server.js'
import { restoreSnapshot } from './snapshot.js'
import { type History, openChainStore } from './store/chainStore.js'
import { memoryKeyValue } from './store/keyValue.js'

/** How a local chain is to be. Everything has a default. */
export type LocalnetOptions = {
  /** Which runtime is modelled: `classic` (default) is spec 143, `dtao` spec 343. A directory keeps its own. */
  readonly profile?: ProfileName | undefined
  /** `instant` (default): a block per transaction. `manual`: only {@link Localnet.advance}. A number: every so many ms. */
  readonly blocks?: BlockMode
  /**
   * A preset by name (default `dev`), a file by its path (`….yml`, `.yaml`, `.json`; see docs/localnet-genesis.md), or a
   * spec. A directory keeps the one it was made with.
   */
  readonly genesis?: string | AnyGenesisSpec
  /** Where the chain is kept; absent, it ends with the process. */
  readonly directory?: string | undefined
  /** Where to listen, 0 for any free port; absent, nothing listens. */
  readonly port?: number | undefined
  /** Address to listen on, `127.0.0.1` by default: this machine only. */
  readonly host?: string
  /** Whether socket clients may use unsafe and `dev_*` methods; by default only when no other machine can connect. */
  readonly allowUnsafe?: boolean
  /** WebSocket clients at once, 2000 by default; a further one is answered with status 429. */
  readonly maxConnections?: number
  /**
   * Of how many blocks before the last final one the state is kept; 'all' by default, so that any past block can be read.
   * Reading an older one fails as on a real node that prunes; blocks and headers stay.
   */
  readonly history?: History | undefined
  /** How many blocks finality is behind: 0 by default, 2 when blocks come by the clock. */
  readonly finalityLag?: number
  /** The time, in milliseconds since 1970. */
  readonly now?: () => number
  /** Gets errors that should not happen and that no caller sees. */
  readonly onFault?: (error: unknown) => void
  /** Let the faucet pay out, as builds for development do; otherwise it refuses, as on the real chain. */
  readonly faucet?: boolean
  /** Have `join_senate` and `leave_senate`, as runtimes of mid-2023 do (spec 127). */
  readonly senateCalls?: boolean
  /**
   * What goes wrong, to test clients: messages to socket clients are dropped with their connection, come late or come
   * garbled; finality is withheld. Which ones is the same in every run. Or the runtime is upgraded from `classic` to `dtao`
   * at a block.
   * @example
   * faults: [{ kind: 'drop-connection', rate: 0.05 }, { kind: 'runtime-upgrade', at: 20 }]
   */
  readonly faults?: readonly Fault[] | undefined
  /** Called when a client asks the chain to end (`dev_stop`); absent, no client can. */
  readonly onStop?: () => void
  /** Version of the software that `system_version` names. */
  readonly softwareVersion?: string
}

/** A moment of a chain: its newest block then. */
export type Snapshot = BlockRef

/**
 * A development chain inside this process.
 * @example
 * const chain = await Localnet.start({ blocks: 'manual' })
 * await chain.advance(10)
 * await chain.stop()
 */
export class Localnet {
  readonly #node: Node
  readonly #listening: Listening | undefined
  readonly #directory: string | undefined
  #provider: LocalProvider | undefined
  #stopping: Promise<void> | undefined

  private constructor(node: Node, listening: Listening | undefined, directory: string | undefined) {
    this.#node = node
    this.#listening = listening
    this.#directory = directory
  }

  /**
   * Starts a chain: opens the directory or makes a genesis, and listens when a port is given.
   * @throws {BittensorError} `LOCALNET` when the address is in use, the directory is open elsewhere or holds another
   * kind of chain; `USAGE` for an unknown preset.
   */
  static async start(options: LocalnetOptions = {}): Promise<Localnet> {
    const { directory } = options
    const faults = options.faults?.length ? createFaults(options.faults) : undefined
    const kv = directory === undefined ? memoryKeyValue() : await openDirectory(directory)
    let node: Node | undefined
    try {
      node = await openNode(options, await openChainStore(kv, historyOf(options)), faults)
      const upgrade = upgradeOf(options.faults ?? [])
      if (upgrade) node.upgradeIn(upgrade.at ?? node.chain.head.number + UPGRADE_AFTER)
      const listening = await listenFor(node, options, faults)
      if (directory !== undefined) await noteFor(directory, listening, node.instance)
      node.start()
      if (listening) node.warmUp()
      return new Localnet(node, listening, directory)
    } catch (error) {
      await kv.close()
      throw error
    }
  }

  /**
   * Where the chain listens, `ws://127.0.0.1:9944`.
   * @throws {BittensorError} `LOCALNET` when it was started without a port.
   */
  get endpoint(): string {
    if (this.#listening) return this.#listening.endpoint
    throw new BittensorError('LOCALNET', 'this local chain does not listen', {
      hint: 'start it with a port, or use provider()',
    })
  }

  /** The newest block. */
  get head(): BlockRef {
    return this.#node.chain.head
  }

  /** The newest block that is final. */
  get finalized(): BlockRef {
    return this.#node.chain.finalized
  }

  get genesisHash(): string {
    return this.#node.chain.genesisHash
  }

  /** Makes blocks now, the first with all transactions that wait. Returns the last. */
  async advance(blocks = 1): Promise<BlockRef> {
    if (!Number.isSafeInteger(blocks) || blocks < 0) {
      throw new BittensorError('USAGE', 'the number of blocks must be a whole number from 0 on')
    }
    return this.#node.advance(blocks)
  }

  /**
   * Gives an account (address, or public key as hex) new RAO, in a block made for it. Returns its free balance.
   * @throws {BittensorError} `BAD_ADDRESS`, `BAD_AMOUNT`
   */
  async fund(account: string, amount: bigint): Promise<Rao> {
    const { publicKey } = parseAccount(account)
    if (amount <= 0n) throw new BittensorError('BAD_AMOUNT', 'the amount must be more than 0')
    return rao(await fundAccount(this.#node, toHex(publicKey), amount))
  }

  /**
   * Sets a hyperparameter of a subnet, or with undefined one of the whole chain, in a block made for it. No rule of the
   * runtime is asked. The name may be that of the storage (`Tempo`) or what clients show (`max_regs_per_block`).
   * @throws {BittensorError} `USAGE` when the runtime has no such value or it cannot hold this one.
   */
  setHyperparameter(
    netuid: number | undefined,
    name: string,
    value: HyperparameterValue,
  ): Promise<void> {
    return setHyperparameter(this.#node, netuid, name, value)
  }

  /** Remembers the chain as it is now, for {@link Localnet.restore}. Costs nothing. */
  snapshot(): Snapshot {
    return this.head
  }

  /**
   * Upgrades a chain of profile `classic` to `dtao` while clients are connected, in two blocks: one that brings the new
   * runtime (in its state everything is still where it was), and the first that the new one makes. Transactions that wait
   * are thrown out. Subnets, neurons and weights stay; stake becomes alpha of root. Returns the second block.
   * @throws {BittensorError} `LOCALNET` when the chain has the newest runtime already.
   * @example
   * await chain.upgrade()
   */
  upgrade(): Promise<BlockRef> {
    return this.#node.upgrade()
  }

  /**
   * Goes back to a snapshot: later blocks and waiting transactions are gone, for every client. A snapshot may be
   * restored any number of times.
   * @throws {BittensorError} `LOCALNET` when its block is no longer on the chain.
   */
  async restore(snapshot: Snapshot): Promise<void> {
    await restoreSnapshot(this.#node, snapshot)
  }

  /** The chain as a provider of @polkadot/api, without a socket; each call gives a new one. */
  provider(): LocalProvider {
    return localProvider(this.#node)
  }

  /** Calls a JSON-RPC method; all methods are allowed. Rejects with `code` and `data` of the error. */
  request<T = unknown>(method: string, params: readonly unknown[] = []): Promise<T> {
    this.#provider ??= localProvider(this.#node)
    return this.#provider.send<T>(method, [...params])
  }

  /** Ends the chain; what was reported is kept in the directory. A second call waits for the first. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    await this.#listening?.close()
    await this.#provider?.disconnect()
    if (this.#directory !== undefined && this.#listening) await removeNote(this.#directory)
    await this.#node.stop()
  }
}

function historyOf({ history = 'all' }: LocalnetOptions): History {
  if (history === 'all' || (Number.isSafeInteger(history) && history > 0)) return history
  throw new BittensorError('USAGE', 'the history must be `all` or a number of blocks from 1 on')
}

/** Blocks from the start to an upgrade: time for clients to connect. */
const UPGRADE_AFTER = 10

async function openNode(
  options: LocalnetOptions,
  store: Awaited<ReturnType<typeof openChainStore>>,
  faults: Faults | undefined,
): Promise<Node> {
  const { blocks = 'instant', now = Date.now, onFault = () => {}, genesis } = options
  const given = await fromFile(genesis, options.profile)
  const { faucet = false, senateCalls = false } = options
  const engines = createEngines((profile) => createRuntime(profile, { faucet, senateCalls }))
  const kept = keptProfile(store.facts?.profile)
  if (kept) checkProfile(options.profile, engines.ofCode(store.value(CODE)).runtime.profile)
  const profile = (kept ? undefined : options.profile) ?? profileOf(given) ?? kept ?? 'classic'
  const asked = given === undefined ? undefined : genesisSpec(given, profile)
  const chain = await openChain(
    {
      engines,
      store,
      finalityLag: options.finalityLag ?? (typeof blocks === 'number' ? 2 : 0),
      now,
      onFault,
      withholdsFinality: () => faults?.strikes('no-finality') ?? false,
    },
    {
      profile,
      name: asked?.name,
      fill: (state, runtime) => runtime.genesis(state, asked ?? genesisSpec('dev', profile)),
    },
  )
  const softwareVersion = options.softwareVersion ?? '0'
  return new Node({ chain, blocks, now, onFault, onStop: options.onStop, softwareVersion })
}

/** The genesis, read if it is named by its file. */
async function fromFile(
  genesis: LocalnetOptions['genesis'],
  profile: LocalnetOptions['profile'],
): Promise<LocalnetOptions['genesis']> {
  if (typeof genesis !== 'string' || !GENESIS_FILE.test(genesis)) return genesis
  const { readGenesisFile } = await import('../genesis/file/read.js')
  return readGenesisFile(genesis, profile)
}

const GENESIS_FILE = /\.(ya?ml|json)$/i

const profileOf = (genesis: LocalnetOptions['genesis']) =>
  typeof genesis === 'object' ? genesis.profile : undefined

const keptProfile = (kept: string | undefined): ProfileName | undefined =>
  kept === undefined ? undefined : kept === 'dtao' ? 'dtao' : 'classic'

/**
 * A chain may have been upgraded since it was made.
 * @throws {BittensorError} `LOCALNET` when it does not have the profile that is asked for.
 */
function checkProfile(asked: ProfileName | undefined, found: ProfileName): void {
  if (asked === undefined || asked === found) return
  throw new BittensorError(
    'LOCALNET',
    `the directory holds a local chain with profile ${found}, not ${asked}`,
    { hint: 'use another directory, or start over with `btcli localnet reset`' },
  )
}

/** Whoever has the directory open says how it is reached; a note found there is that of a process that died. */
function noteFor(
  directory: string,
  listening: Listening | undefined,
  instance: string,
): Promise<void> {
  if (!listening) return removeNote(directory)
  return writeNote(directory, {
    endpoint: listening.endpoint,
    instance,
    since: new Date().toISOString(),
  })
}

async function listenFor(
  node: Node,
  options: LocalnetOptions,
  faults: Faults | undefined,
): Promise<Listening | undefined> {
  const { port, host = '127.0.0.1' } = options
  if (port === undefined) return undefined
  const allowUnsafe = options.allowUnsafe ?? /^(127\.\d+\.\d+\.\d+|::1|localhost)$/.test(host)
  return listen({ node, host, port, allowUnsafe, maxConnections: options.maxConnections, faults })
}
