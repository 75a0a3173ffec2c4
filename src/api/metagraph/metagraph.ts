/** The state of a subnet, read from the chain, saved to files and loaded again. */
import { readBonds, readNeurons, readWeights, type SparseRows } from '../../core/chain/neurons.js'
import { existingSubnet } from '../../core/chain/subnets.js'
import type { ChainView, Hex, Neuron } from '../../core/chain/types.js'
import { NETWORK_VERSION } from '../../network/version.js'
import { type ConnectOptions, openChain } from '../openChain.js'
import { interruptible } from '../subtensor/interruptible.js'
import type { SubtensorReads } from '../subtensor/reads.js'
import { axonInfo } from '../subtensor/structs.js'
import { type MetagraphColumns, MetagraphData, ratios, sparseOf } from './data.js'

/** How a metagraph is read. */
export type SyncOptions = {
  /** The block to read, by number or hash; the newest by default. Old blocks need an archive node. */
  readonly block?: number | Hex | undefined
  /** Leaves out weights and bonds, as by default. */
  readonly lite?: boolean | undefined
  /** The connection to use; without it one is opened and closed again. */
  readonly subtensor?: Pick<SubtensorReads, 'client'> | undefined
  /** Gives up waiting with `INTERRUPTED`. */
  readonly signal?: AbortSignal | undefined
}

/** Which subnet of which chain. */
export type MetagraphOptions = {
  readonly netuid: number
  /** Where to connect when a sync is given no connection; the same options as of `Subtensor.connect`. */
  readonly connection?: ConnectOptions | undefined
}

/**
 * A subnet at one block: columns with one entry per neuron. Made empty, or by {@link Metagraph.sync}.
 * @example
 * const metagraph = await Metagraph.sync({ netuid: 1, subtensor })
 * metagraph.S // stake in τ: Float64Array
 * metagraph.axons[10] // where uid 10 can be asked
 * await metagraph.sync({ block: 100_000 }) // at another block
 * await metagraph.save()
 */
export class Metagraph extends MetagraphData {
  readonly #connection: ConnectOptions
  readonly #netuid: number
  #subtensor: SyncOptions['subtensor']

  constructor(options: MetagraphOptions) {
    const { netuid, connection = {} } = options
    const network = connection.network ?? connection.endpoint ?? 'finney'
    super({ netuid, network, block: 0, version: NETWORK_VERSION }, columnsOf([], undefined))
    this.#netuid = netuid
    this.#connection = connection
  }

  /**
   * Makes a metagraph and reads it.
   * @throws {BittensorError} as {@link Metagraph.sync}
   */
  static async sync(
    options: MetagraphOptions & SyncOptions & { readonly at?: number | Hex | undefined },
  ): Promise<Metagraph> {
    const { at, block = at, ...rest } = options
    return new Metagraph(options).sync({ ...rest, block })
  }

  /**
   * Reads the subnet at a block: with the connection given here, else with the one of the sync before, else with one of its
   * own.
   * @throws {BittensorError} `SUBNET_NOT_FOUND`, `CONNECTION` (also for a block that the node does not keep), `TIMEOUT`
   */
  async sync(options: SyncOptions = {}): Promise<this> {
    this.#subtensor = options.subtensor ?? this.#subtensor
    if (this.#subtensor) {
      await this.#read(this.#subtensor, options)
      return this
    }
    const client = await openChain({ ...this.#connection, signal: options.signal })
    try {
      await this.#read({ client }, options)
      return this
    } finally {
      await client.close()
    }
  }

  async #read(
    { client }: Pick<SubtensorReads, 'client'>,
    { block, lite = true, signal }: SyncOptions,
  ): Promise<void> {
    const reading = client.at(block).then((view) => readAll(view, this.#netuid, lite))
    const { view, neurons, matrices } = await interruptible(reading, signal)
    this.replace(
      {
        netuid: this.#netuid,
        network: client.network,
        block: view.block.number,
        version: NETWORK_VERSION,
      },
      columnsOf(neurons, matrices),
    )
  }

  /**
   * Saves it to `<folder>/network-<network>/netuid-<netuid>/block-<block>.json`, in one step.
   * @param folder `~/.bittensor/metagraphs` by default
   * @returns the path
   */
  async save(folder?: string): Promise<string> {
    const { saveMetagraph } = await import('./files.js')
    return saveMetagraph(this, folder)
  }

  /**
   * Loads the newest block that was saved of this network and subnet, ours (`.json`) or of the Python package (`.pt`).
   * @param folder `~/.bittensor/metagraphs` by default
   * @throws {BittensorError} `USAGE` when there is none, or what is there can not be read
   */
  async load(folder?: string): Promise<this> {
    const { findSaved, readSaved } = await import('./files.js')
    const { place, columns } = await readSaved(await findSaved(this, folder), this)
    this.replace(place, columns)
    return this
  }

  /**
   * Loads one file.
   * @throws {BittensorError} `USAGE` when it is no saved metagraph
   */
  async loadFrom(path: string): Promise<this> {
    const { readSaved } = await import('./files.js')
    const { place, columns } = await readSaved(path, this)
    this.replace(place, columns)
    return this
  }

  /**
   * The columns as an Apache Arrow table, in the stream or file format that pyarrow, polars and DuckDB read. Needs the
   * package `apache-arrow`, which is not installed with this one.
   * @throws {BittensorError} `USAGE` when it is not there
   * @example
   * await writeFile('subnet-1.arrow', await metagraph.toArrow({ format: 'file' }))
   */
  async toArrow(options: { readonly format?: 'stream' | 'file' } = {}): Promise<Uint8Array> {
    const { toArrow } = await import('./arrow.js')
    return toArrow(this, options.format ?? 'stream')
  }
}

type Matrices = { readonly weights: SparseRows; readonly bonds: SparseRows }

async function readAll(view: ChainView, netuid: number, lite: boolean) {
  const [neurons, weights, bonds] = await Promise.all([
    readNeurons(view, netuid),
    lite ? undefined : readWeights(view, netuid),
    lite ? undefined : readBonds(view, netuid),
    existingSubnet(view, netuid),
  ])
  return { view, neurons, matrices: weights && bonds ? { weights, bonds } : undefined }
}

function columnsOf(neurons: readonly Neuron[], matrices: Matrices | undefined): MetagraphColumns {
  const rowsOf = (rows: SparseRows | undefined) =>
    rows && neurons.map(({ uid }) => sparseOf(rows.get(uid) ?? []))
  return {
    uids: Uint16Array.from(neurons, ({ uid }) => uid),
    hotkeys: neurons.map(({ hotkey }) => hotkey),
    coldkeys: neurons.map(({ coldkey }) => coldkey),
    stake: BigUint64Array.from(neurons, ({ stake }) => stake),
    ranks: ratios(neurons.map(({ rank }) => rank)),
    trust: ratios(neurons.map(({ trust }) => trust)),
    consensus: ratios(neurons.map(({ consensus }) => consensus)),
    validatorTrust: ratios(neurons.map(({ validatorTrust }) => validatorTrust)),
    incentive: ratios(neurons.map(({ incentive }) => incentive)),
    dividends: ratios(neurons.map(({ dividends }) => dividends)),
    emission: BigUint64Array.from(neurons, ({ emission }) => emission),
    active: Uint8Array.from(neurons, ({ active }) => Number(active)),
    validatorPermit: Uint8Array.from(neurons, ({ validatorPermit }) => Number(validatorPermit)),
    lastUpdate: Float64Array.from(neurons, ({ lastUpdate }) => lastUpdate),
    axons: neurons.map(({ axon, hotkey, coldkey }) => axonInfo(axon, { hotkey, coldkey })),
    weights: rowsOf(matrices?.weights),
    bonds: rowsOf(matrices?.bonds),
  }
}
