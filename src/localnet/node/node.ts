/** A node: a chain, its pool, its author, and what clients ask of them together. */
import { randomBytes } from 'node:crypto'
import { BittensorError } from '../../core/errors.js'
import { errorVariant } from '../runtime/codecs.js'
import { envelopeIn, isCarrier } from '../runtime/dtao/later/envelope.js'
import type { Runtime } from '../runtime/runtime.js'
import type { State } from '../runtime/state.js'
import { concat, fromHex, type Hex, hashOf } from './bytes.js'
import { type AdvanceOptions, Author, type BlockMode } from './chain/author.js'
import type { BlockRef, Chain } from './chain/chain.js'
import { type Bench, type Judgement, judge } from './chain/judge.js'
import type { Engine } from './engine.js'
import type { Extrinsic } from './extrinsic/codec.js'
import { FormatError } from './extrinsic/reader.js'
import { signatureVerifier, type Verifier } from './extrinsic/verify.js'
import { FinalityNotices } from './finalityNotices.js'
import { peerIdOf } from './peerId.js'
import { Pool, type Status } from './pool/pool.js'
import { problemBytes, TransactionRefused } from './pool/problem.js'
import { formatError, refusalError } from './rpc/errors.js'
import type { Shielded } from './shield/shielded.js'

export type NodeOptions = {
  readonly chain: Chain
  readonly blocks: BlockMode
  readonly now: () => number
  readonly softwareVersion: string
  /** Gets errors that nobody foresaw. */
  readonly onFault: (error: unknown) => void
  /** What `dev_stop` does; absent where the node is not a process of its own. */
  readonly onStop?: (() => void) | undefined
}

/** A running node, without sockets. */
export class Node {
  readonly chain: Chain
  readonly pool: Pool
  readonly blocks: BlockMode
  readonly softwareVersion: string
  readonly peerId: string
  /** Tells this run from others on the same chain. */
  readonly instance = randomBytes(8).toString('hex')
  readonly onFault: (error: unknown) => void
  readonly onStop: (() => void) | undefined
  /** Watchers hear of finality a while after inclusion, even where a block is final at once. */
  readonly finalityNotices = new FinalityNotices()
  readonly #author: Author
  #verifier: Promise<Verifier> | undefined

  constructor(options: NodeOptions) {
    const { chain, now } = options
    this.chain = chain
    this.blocks = options.blocks
    this.softwareVersion = options.softwareVersion
    this.peerId = peerIdOf(fromHex(chain.genesisHash))
    this.onFault = options.onFault
    this.onStop = options.onStop
    this.pool = new Pool({
      now,
      nonceOf: (signer: string) => this.runtime.account(chain.tip.state, signer).nonce,
      isDue: ({ shielded }) => shielded?.isDue(chain.tip.state) ?? true,
      onReady: () => this.#author.ready(),
    })
    this.#author = new Author(chain, this.pool, options.blocks, options.onFault)
    chain.onBlock(({ block, included }) => {
      const ref = { hash: block.hash, number: block.header.number }
      this.pool.onBlock(ref, included, (candidate) => chain.accepts(candidate))
    })
    chain.onFinalized(({ number, hash }) => {
      const extrinsics = chain.store.block(number)?.extrinsics ?? []
      if (extrinsics.length < 2) return
      const included = extrinsics.map(hashOf)
      this.finalityNotices.add(hash, () => this.pool.onFinalized(hash, included))
    })
  }

  /** What runs the next block. */
  get runtime(): Runtime {
    return this.chain.engine.runtime
  }

  /** Starts making blocks by the clock, if that is the mode. */
  start(): void {
    this.#author.start()
  }

  /** Loads what the first transaction needs before it comes. */
  warmUp(): void {
    this.#loadVerifier().catch(this.onFault)
  }

  async stop(): Promise<void> {
    await this.#author.stop()
    this.finalityNotices.stop()
    await this.chain.store.close()
  }

  /** Makes blocks now; returns the last. */
  advance(count: number, options: AdvanceOptions = {}): Promise<BlockRef> {
    return this.#author.advance(count, options)
  }

  /**
   * Upgrades the runtime in two blocks: one that brings the new one, and the first that this one makes. Returns the latter.
   * @throws {BittensorError} `LOCALNET` when there is no newer one.
   */
  async upgrade(): Promise<BlockRef> {
    this.#ensureUpgradable()
    await this.advance(1, { upgrade: true })
    return this.advance(1)
  }

  /**
   * Has a block to come bring the next runtime.
   * @throws {BittensorError} `LOCALNET` when there is no newer one, or the block is there already.
   */
  upgradeIn(block: number): void {
    this.#ensureUpgradable()
    const { number } = this.chain.tip
    if (!Number.isSafeInteger(block) || block <= number) {
      throw new BittensorError('LOCALNET', `block ${block} can bring no upgrade`, {
        hint: `the chain is at block ${number}: name a later one`,
      })
    }
    this.chain.upgradeIn(block)
  }

  #ensureUpgradable(): void {
    const { profile, version } = this.runtime
    if (profile === 'classic') return
    throw new BittensorError('LOCALNET', 'the chain has the newest runtime already', {
      details: `profile ${profile}, spec ${version.specVersion}`,
      hint: 'an upgrade goes from profile classic to dtao',
    })
  }

  /** Makes a published block the newest again; the pool is emptied. */
  async revert(number: number): Promise<void> {
    this.pool.clear()
    await this.#author.revert(number)
    this.pool.clear()
  }

  /**
   * Takes a transaction into the pool and returns its hash; `watcher` hears what becomes of it.
   * Throws {@link RpcError} with the code of a real node when it is not taken.
   */
  async submit(bytes: Uint8Array, watcher?: (status: Status) => void): Promise<Hex> {
    const hash = hashOf(bytes)
    try {
      this.pool.checkKnown(hash)
      const extrinsic = this.chain.engine.decode(bytes)
      const shielded = await this.#shieldedIn(extrinsic)
      const judgement = await this.judge(extrinsic)
      if (!judgement.ok) {
        if (judgement.problem.kind !== 'unknown') this.pool.ban(hash)
        throw new TransactionRefused(judgement.problem)
      }
      this.pool.add({ ...judgement.candidate, shielded }, watcher)
    } catch (error) {
      if (error instanceof TransactionRefused) throw refusalError(error.refusal)
      if (error instanceof FormatError) throw formatError(error.message, error.envelope)
      throw error
    }
    return hash
  }

  /** Judges a transaction against the newest block, or against an older one. */
  async judge(extrinsic: Extrinsic, block?: number): Promise<Judgement> {
    const verify = await this.#loadVerifier()
    return judge({ ...this.#bench(block), verify }, extrinsic)
  }

  /** What a transaction would do in the block after `block`: an `ApplyExtrinsicResult`, SCALE-encoded. */
  async dryRun(bytes: Uint8Array, block: number): Promise<Uint8Array> {
    const { engine, state } = this.#at(block)
    const extrinsic = decodeOrRefuse(engine, bytes)
    const judgement = await this.judge(extrinsic, block)
    if (!judgement.ok) return concat(Uint8Array.of(1), problemBytes(judgement.problem))
    const { signer, nonce } = judgement.candidate
    if (nonce > this.nonceAt(signer, block)) return Uint8Array.of(1, 0, 2)
    const parent = this.chain.hashOf(block) ?? this.chain.genesisHash
    const { runtime } = engine
    runtime.initializeBlock(state, block + 1, parent)
    const { call, signed } = extrinsic
    const transaction = { call, signer, nonce, tip: signed?.tip ?? 0n, length: bytes.length }
    const { outcome } = runtime.applyExtrinsic(state, transaction)
    if (outcome.ok) return Uint8Array.of(0, 0)
    const error = errorVariant(outcome.error, runtime.pallets)
    return concat(Uint8Array.of(0, 1), runtime.dispatchErrorType.codec.enc(error))
  }

  /** Nonce of an account as of a block. */
  nonceAt(account: string, block: number): number {
    const { engine, state } = this.#at(block)
    return engine.runtime.account(state, account).nonce
  }

  #at(block: number): { readonly engine: Engine; readonly state: State } {
    return { engine: this.chain.engineAt(block), state: this.chain.stateAt(block) }
  }

  #bench(block: number | undefined): Omit<Bench, 'verify'> {
    const { engine, tip, store } = this.chain
    const hashOf = (number: number) => store.block(number)?.hash
    if (block === undefined) return { ...engine, state: tip.state, head: tip.number, hashOf }
    const past = this.#at(block)
    return { ...past.engine, state: past.state, head: block, hashOf }
  }

  /** Loads what opens an encrypted transaction when there is one, so that blocks are made without waiting. */
  async #shieldedIn({ call }: Extrinsic): Promise<Shielded | undefined> {
    const envelope = isCarrier(call) && envelopeIn(call)
    if (!envelope) return undefined
    const { shieldedOf } = await import('./shield/shielded.js')
    return shieldedOf(envelope, await this.#loadVerifier())
  }

  #loadVerifier(): Promise<Verifier> {
    this.#verifier ??= signatureVerifier()
    return this.#verifier
  }
}

function decodeOrRefuse(engine: Engine, bytes: Uint8Array): Extrinsic {
  try {
    return engine.decode(bytes)
  } catch (error) {
    if (error instanceof FormatError) throw formatError(error.message, error.envelope)
    throw error
  }
}
