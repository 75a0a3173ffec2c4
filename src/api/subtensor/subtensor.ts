/** A connection to a Bittensor chain: reads, extrinsics, and its blocks as they come. */
import { newBlocks, newEvents } from '../../core/chain/heads.js'
import type { BlockRef, ChainClient, ChainEvent, HeadKind } from '../../core/chain/types.js'
import type { Metagraph } from '../metagraph/metagraph.js'
import { type ConnectOptions, openChain } from '../openChain.js'
import { SubtensorExtrinsics } from './extrinsics.js'
import type { ReadOptions } from './reads.js'

/** Which blocks to follow, and until when. */
export type FollowOptions = {
  /** `best` (default): each new best block; after a fork, numbers come again. `finalized`: only what can not be undone. */
  readonly of?: HeadKind | undefined
  /** Ends the loop with `INTERRUPTED`. */
  readonly signal?: AbortSignal | undefined
}

/** An event with the block that it is in. */
export type BlockEvent = ChainEvent & { readonly block: BlockRef }

/**
 * A chain, over one connection. Works on every Subtensor runtime: what can be read and called is taken from the metadata of
 * the node.
 * @example
 * await using subtensor = await Subtensor.connect({ network: 'test' })
 * await subtensor.getCurrentBlock()
 * for await (const { number } of subtensor.blocks()) console.log(number)
 */
export class Subtensor extends SubtensorExtrinsics {
  readonly #closed = new AbortController()

  /**
   * Connects to a node and learns its runtime.
   * @throws {BittensorError} `USAGE` for an unknown network, `CONNECTION`, `TIMEOUT`, `INTERRUPTED`
   * @example
   * const subtensor = await Subtensor.connect({ endpoint: 'ws://127.0.0.1:9944' })
   */
  static async connect(options: ConnectOptions = {}): Promise<Subtensor> {
    return new Subtensor(await openChain(options))
  }

  /** Uses a connection that is open already; closing the result closes it. */
  constructor(client: ChainClient) {
    super(client)
  }

  /** `Subtensor(finney, wss://…)`; the endpoint alone where the network has no other name. */
  override toString(): string {
    const { network, endpoint } = this
    const isHost = URL.canParse(endpoint) && new URL(endpoint).host === network
    return isHost ? `Subtensor(${endpoint})` : `Subtensor(${network}, ${endpoint})`
  }

  /**
   * Every new block from now on, without gaps, over lost connections. Ends when the connection is closed.
   * @throws {BittensorError} `CONNECTION` when the node stays away for a minute, `INTERRUPTED` by the signal
   * @example
   * for await (const { number, hash } of subtensor.blocks({ of: 'finalized' })) console.log(number, hash)
   */
  blocks(options: FollowOptions = {}): AsyncGenerator<BlockRef, void, undefined> {
    return newBlocks(this.client, { ...options, until: this.#closed.signal })
  }

  /**
   * Every event from now on, or those of one pallet or kind.
   * @throws {BittensorError} as {@link Subtensor.blocks}
   * @example
   * for await (const { block, data } of subtensor.events({ pallet: 'SubtensorModule', name: 'StakeAdded' })) use(data)
   */
  async *events(
    options: FollowOptions & { readonly pallet?: string; readonly name?: string } = {},
  ): AsyncGenerator<BlockEvent, void, undefined> {
    const { pallet, name, ...follow } = options
    for await (const event of newEvents(this.client, { ...follow, until: this.#closed.signal })) {
      const isMeant =
        (pallet === undefined || event.pallet === pallet) &&
        (name === undefined || event.name === name)
      if (isMeant) yield event
    }
  }

  /**
   * The state of a subnet as columns; see {@link Metagraph}.
   * @example
   * const metagraph = await subtensor.metagraph(1)
   */
  async metagraph(
    netuid: number,
    options: ReadOptions & { readonly lite?: boolean } = {},
  ): Promise<Metagraph> {
    const { Metagraph: Graph } = await import('../metagraph/metagraph.js')
    return Graph.sync({ ...options, netuid, subtensor: this })
  }

  /** Ends the connection and every loop over it; nothing keeps the process alive afterwards. */
  async close(): Promise<void> {
    this.#closed.abort()
    await this.client.close()
  }

  /** For `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
