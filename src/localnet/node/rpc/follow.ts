/** One `chainHead_v1` subscription: the blocks it has told of, and the operations on them. */
import type { BlockRef } from '../chain/chain.js'
import type { Node } from '../node.js'
import type { Block } from '../store/chainStore.js'
import { RpcError } from './errors.js'
import { runtimeSpec } from './runtimeSpec.js'

/** Limits as real nodes have them, but for the pinned blocks: a development chain may make many in one go. */
const MAX_OPERATIONS = 16
const MAX_PINNED = 1024
/** How many final blocks a new subscription hears of at once. */
const FIRST_BLOCKS = 16

/** What a method that starts an operation answers. */
export type Started =
  | { readonly result: 'started'; readonly operationId: string }
  | { readonly result: 'limitReached' }

/** Does an operation's work; `send` gives a message of it, which gets the operation's id. */
export type Work = (send: (event: object) => void, stopped: () => boolean) => Promise<void>

const invalidBlock = () => new RpcError(-32801, 'Invalid block hash')

export class Follow {
  readonly #node: Node
  readonly #send: (event: unknown) => void
  readonly #withRuntime: boolean
  readonly #pinned = new Set<string>()
  readonly #operations = new Set<string>()
  #count = 0
  #stop: () => void = () => {}

  constructor(node: Node, withRuntime: boolean, send: (event: unknown) => void) {
    this.#node = node
    this.#withRuntime = withRuntime
    this.#send = send
  }

  /** Tells where the chain is, then of every block and of finality. */
  start(): void {
    const { chain } = this.#node
    const { finalized, head } = chain
    const first = Math.max(0, finalized.number - FIRST_BLOCKS + 1)
    const hashes = this.#hashes(first, finalized.number)
    for (const hash of hashes) this.#pinned.add(hash)
    this.#send({
      event: 'initialized',
      finalizedBlockHashes: hashes,
      ...(this.#withRuntime ? { finalizedBlockRuntime: this.#runtimeOf(finalized.number) } : {}),
    })
    for (let number = finalized.number + 1; number <= head.number; number++) {
      const block = chain.store.block(number)
      if (block) this.#tellNew(block)
    }
    if (head.number > finalized.number) this.#tellBest(head.hash)
    const ends = [
      chain.onBlock(({ block }) => {
        this.#tellNew(block)
        this.#tellBest(block.hash)
      }),
      chain.onFinalized((block) => this.#tellFinal(block)),
      // Blocks that were final are gone: the client has to begin again.
      chain.onRevert(() => this.#giveUp()),
    ]
    this.#stop = () => {
      for (const end of ends) end()
    }
  }

  /** Ends it; nothing is sent any more. */
  stop(): void {
    this.#stop()
    this.#operations.clear()
    this.#pinned.clear()
  }

  /** A pinned block. Throws for any other. */
  block(hash: string): Block {
    const block = this.#pinned.has(hash) ? this.#node.chain.find(hash) : undefined
    if (!block) throw invalidBlock()
    return block
  }

  /** Lets go of blocks. Throws, and lets none go, when one is not pinned or named twice. */
  unpin(hashes: readonly string[]): void {
    if (new Set(hashes).size < hashes.length) {
      throw new RpcError(-32804, 'Received duplicate hashes for the `chainHead_v1_unpin` call')
    }
    for (const hash of hashes) if (!this.#pinned.has(hash)) throw invalidBlock()
    for (const hash of hashes) this.#pinned.delete(hash)
  }

  /** Starts an operation; what it sends comes after the answer. */
  operate(work: Work): Started {
    if (this.#operations.size >= MAX_OPERATIONS) return { result: 'limitReached' }
    const operationId = `${this.#count++}`
    this.#operations.add(operationId)
    const stopped = () => !this.#operations.has(operationId)
    const send = (event: object) => {
      if (!stopped()) this.#send({ ...event, operationId })
    }
    setImmediate(() => {
      work(send, stopped)
        .catch((error: Error) => send({ event: 'operationError', error: error.message }))
        .finally(() => this.#operations.delete(operationId))
    })
    return { result: 'started', operationId }
  }

  stopOperation(operationId: string): void {
    this.#operations.delete(operationId)
  }

  #hashes(from: number, to: number): string[] {
    const { chain } = this.#node
    return Array.from({ length: to - from + 1 }, (_, i) => chain.hashOf(from + i) ?? '')
  }

  #tellNew({ hash, header }: Block): void {
    if (this.#pinned.size >= MAX_PINNED) {
      this.#giveUp()
      return
    }
    this.#pinned.add(hash)
    this.#send({
      event: 'newBlock',
      blockHash: hash,
      parentBlockHash: header.parentHash,
      newRuntime: this.#newRuntime(header.number),
    })
  }

  #runtimeOf(block: number) {
    return runtimeSpec(this.#node.chain.engineAt(block).runtime.version)
  }

  #newRuntime(block: number) {
    const upgraded = this.#withRuntime && this.#node.chain.upgradesIn(block)
    return upgraded ? this.#runtimeOf(block) : null
  }

  #giveUp(): void {
    this.stop()
    this.#send({ event: 'stop' })
  }

  #tellBest(bestBlockHash: string): void {
    // Not after the end for too many blocks.
    if (this.#pinned.has(bestBlockHash)) this.#send({ event: 'bestBlockChanged', bestBlockHash })
  }

  #tellFinal({ hash }: BlockRef): void {
    if (!this.#pinned.has(hash)) return
    this.#send({ event: 'finalized', finalizedBlockHashes: [hash], prunedBlockHashes: [] })
  }
}
