/** The chain: builds blocks with the runtime, keeps them, and tells who listens. */
import { BittensorError } from '../../../core/errors.js'
import { createState, type Overlay } from '../../runtime/overlay.js'
import type { State } from '../../runtime/state.js'
import { twox128 } from '../../runtime/storageKey.js'
import { compactBytes, concat, type Hex, toHex } from '../bytes.js'
import { CODE, codeOf, type Engine, type Engines } from '../engine.js'
import { auraSlot, type Header, headerHash, RUNTIME_UPDATED, SLOT_MS } from '../header.js'
import type { Candidate } from '../pool/pool.js'
import { EMPTY_ROOT, nextStateRoot } from '../stateRoot.js'
import type { Block, ChainStore, Changes } from '../store/chainStore.js'
import { orderedTrieRoot } from '../trieRoot.js'
import { Body } from './body.js'
import { judgeAgain } from './judge.js'

/** A block by number and hash. */
export type BlockRef = { readonly number: number; readonly hash: Hex }

/** A block that is built but perhaps not yet durable. */
export type Sealed = {
  readonly block: Block
  readonly changes: Changes
  readonly included: readonly Hex[]
  /** Transactions that turned out to be invalid. */
  readonly rejected: readonly Hex[]
  /** The last block that is final once this one is published. */
  readonly finalized: number
}

/** What changes a state from outside, and may raise events of the block's first phase. */
export type Intervention = (context: {
  readonly state: Overlay
  emit(pallet: string, event: string, value?: unknown): void
}) => void

export type SealOptions = {
  readonly transactions?: readonly Candidate[]
  readonly intervention?: Intervention | undefined
  /** Milliseconds since 1970; later than the block before, or it is moved there. */
  readonly timestamp?: number | undefined
  /** Brings the next runtime, which runs from the block after this one on. */
  readonly upgrade?: boolean | undefined
}

export type ChainOptions = {
  readonly engines: Engines
  readonly store: ChainStore
  /** How many blocks the final head is behind. */
  readonly finalityLag: number
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Asked once for each block: whether no block becomes final by it. */
  readonly withholdsFinality?: (() => boolean) | undefined
  /** Gets errors of the runtime that no transaction should be able to cause. */
  readonly onFault?: ((error: unknown) => void) | undefined
}

type Listener = (sealed: Sealed) => void

const TIMESTAMP_NOW = twox128('Timestamp') + twox128('Now')
const CURRENT_SLOT = twox128('Aura') + twox128('CurrentSlot')
const DIGEST = twox128('System') + twox128('Digest')

/** Blocks from the genesis on. Only one may be built at a time: see {@link Author}. */
export class Chain {
  readonly store: ChainStore
  readonly #options: ChainOptions
  /** State after the newest block built, in the form that the runtime of the next block gives it. */
  readonly #tip: Overlay
  #built: BlockRef
  #head: BlockRef
  #finalized: BlockRef
  #upgradeAt: number | undefined
  /** Built, but not yet durable. */
  #unpublished: Sealed[] = []
  readonly #onBlock = new Set<Listener>()
  readonly #onFinalized = new Set<(block: BlockRef) => void>()
  readonly #onRevert = new Set<() => void>()

  constructor(options: ChainOptions) {
    const { store } = options
    this.#options = options
    this.store = store
    this.#tip = createState(store.backend())
    this.#head = this.#ref(store.progress?.head ?? 0)
    // Nobody else makes blocks: what was durable when the chain was opened will not be undone.
    this.#finalized = this.#head
    this.#built = this.#head
    this.#adopt()
  }

  /** What runs the next block, and judges what is to go into it. */
  get engine(): Engine {
    return this.#options.engines.ofCode(this.store.value(CODE))
  }

  /** What answers questions about a block: the runtime that its state holds, which may be newer than what made it. */
  engineAt(number: number): Engine {
    return this.#options.engines.ofCode(this.store.value(CODE, number))
  }

  /** Whether a block has brought a new runtime. */
  upgradesIn(number: number): boolean {
    return number > 0 && this.engineAt(number) !== this.engineAt(number - 1)
  }

  /** Has a block to come bring the next runtime, on this chain and on every branch of it. */
  upgradeIn(number: number): void {
    this.#upgradeAt = number
  }

  /** The block to come that will bring the next runtime, if any is to. */
  get upgradeAt(): number | undefined {
    const at = this.#upgradeAt
    return at !== undefined && at > this.#built.number ? at : undefined
  }

  /** The newest block that is durable. */
  get head(): BlockRef {
    return this.#head
  }

  /** The newest block that can no longer be undone. */
  get finalized(): BlockRef {
    return this.#finalized
  }

  get genesisHash(): Hex {
    return this.#ref(0).hash
  }

  /** The newest block built: what a new transaction is judged against. */
  get tip(): { readonly number: number; readonly state: State } {
    return { number: this.#built.number, state: this.#tip }
  }

  /** Hash of a published block. */
  hashOf(number: number): Hex | undefined {
    return number <= this.#head.number ? this.store.block(number)?.hash : undefined
  }

  /** A published block by hash. */
  find(hash: string): Block | undefined {
    const number = this.store.numberOf(hash)
    return number === undefined || number > this.#head.number ? undefined : this.store.block(number)
  }

  /** A throw-away state as of a block, for the runtime that it holds. */
  stateAt(number: number): Overlay {
    return this.#adopted(createState(this.store.backend(number)), number)
  }

  /** Milliseconds since 1970 of the newest block. */
  get time(): number {
    const raw = this.#tip.getRaw(TIMESTAMP_NOW)
    return raw ? Number(new DataView(raw.buffer, raw.byteOffset).getBigUint64(0, true)) : 0
  }

  /** Whether a transaction that was valid may still go into the next block. */
  accepts({ extrinsic, signer, validTill, runtime: judgedBy }: Candidate): boolean {
    const { signed } = extrinsic
    const head = this.#built.number
    const { runtime } = this.engine
    if (!signed || validTill <= head || judgedBy !== runtime) return false
    return judgeAgain({ runtime, state: this.#tip, head }, extrinsic, signed, signer).ok
  }

  /** Calls back for every block, when it is durable. Returns what ends it. */
  onBlock(listener: Listener): () => void {
    this.#onBlock.add(listener)
    return () => void this.#onBlock.delete(listener)
  }

  /** Calls back for every block that becomes final, in order. */
  onFinalized(listener: (block: BlockRef) => void): () => void {
    this.#onFinalized.add(listener)
    return () => void this.#onFinalized.delete(listener)
  }

  /** Calls back when blocks that were told of are gone. */
  onRevert(listener: () => void): () => void {
    this.#onRevert.add(listener)
    return () => void this.#onRevert.delete(listener)
  }

  /** Makes a published block the newest again. No block may be waiting for its publication. */
  async revert(number: number): Promise<void> {
    this.store.revert(number)
    await this.store.flush()
    this.#unpublished = []
    this.#head = this.#ref(number)
    this.#finalized = this.#head
    this.#built = this.#head
    this.#tip.clear()
    this.#adopt()
    for (const listener of this.#onRevert) listener()
  }

  /**
   * Builds the next block. It is seen by clients only after {@link publish}.
   * @throws whatever the runtime throws for a block that cannot be built; the chain then stays as it was.
   */
  seal(options: SealOptions = {}): Sealed {
    try {
      return this.#seal(options)
    } catch (error) {
      this.#tip.clear()
      this.#adopt()
      throw error
    }
  }

  /** Makes all built blocks durable, then tells everybody. If that fails, nobody hears of them until it succeeds. */
  async publish(): Promise<void> {
    await this.store.flush()
    for (const one of this.#unpublished.splice(0)) {
      this.#head = { number: one.block.header.number, hash: one.block.hash }
      for (const listener of this.#onBlock) listener(one)
      while (this.#finalized.number < one.finalized) {
        this.#finalized = this.#ref(this.#finalized.number + 1)
        for (const listener of this.#onFinalized) listener(this.#finalized)
      }
    }
  }

  #seal({ transactions = [], intervention, timestamp, upgrade }: SealOptions): Sealed {
    const number = this.#built.number + 1
    const tip = this.#tip
    const { engine } = this
    const time = Math.max(timestamp ?? this.#options.now(), this.time + SLOT_MS)
    const hashOf = (block: number) => this.store.block(block)?.hash
    const body = new Body({ ...engine, hashOf }, tip, this.#options.onFault)
    intervention?.({
      state: tip,
      emit: (pallet, name, value) => body.emit({ pallet, name, value }),
    })
    for (const event of engine.runtime.initializeBlock(tip, number, this.#built.hash)) {
      body.emit(event)
    }
    const slot = auraSlot(time)
    const upgrades = (upgrade || number === this.#upgradeAt) && this.#bringNext(body)
    const digest = upgrades ? [slot, RUNTIME_UPDATED] : [slot]
    tip.setRaw(DIGEST, concat(compactBytes(digest.length), ...digest))
    tip.setRaw(CURRENT_SLOT, slot.slice(-8))
    body.inherent(time)
    for (const transaction of transactions) body.add(transaction, number)
    body.renewKeys()
    engine.runtime.finalizeBlock(tip, body.records)
    return this.#close(number, digest, body)
  }

  /** Puts the next runtime in the place of this one, if there is one. */
  #bringNext(body: Body): boolean {
    const { engines } = this.#options
    const next = engines.of('dtao')
    if (this.engine === next) return false
    this.#tip.setRaw(CODE, codeOf(next.runtime))
    body.emit({ pallet: 'System', name: 'CodeUpdated' })
    return true
  }

  /**
   * Lets a runtime that the newest block has brought give the state its own form, which becomes part of the next block: it
   * is what transactions meet there.
   */
  #adopt(): void {
    this.#adopted(this.#tip, this.#built.number)
  }

  #adopted(state: Overlay, number: number): Overlay {
    if (this.upgradesIn(number)) {
      const before = this.engineAt(number - 1).runtime
      this.engineAt(number).runtime.adopt(state, before, number + 1)
    }
    return state
  }

  #close(number: number, digest: readonly Uint8Array[], body: Body): Sealed {
    const changes = this.#realChanges()
    const parent = this.store.block(this.#built.number)
    const header: Header = {
      parentHash: this.#built.hash,
      number,
      stateRoot: nextStateRoot(parent?.header.stateRoot ?? EMPTY_ROOT, changes, (key) =>
        this.store.value(key),
      ),
      extrinsicsRoot: toHex(orderedTrieRoot(body.extrinsics)),
      digest,
    }
    const block = { hash: headerHash(header), header, extrinsics: body.extrinsics }
    const { finalityLag, withholdsFinality } = this.#options
    const final = withholdsFinality?.() ? 0 : number - finalityLag
    const finalized = Math.max(this.#finalized.number, final)
    this.store.put(block, changes, { head: number, finalized })
    this.#tip.settle()
    this.#built = { number, hash: block.hash }
    this.#adopt()
    const { included, rejected } = body
    const sealed = { block, changes, included, rejected, finalized }
    this.#unpublished.push(sealed)
    return sealed
  }

  /** Changes without those that write what is there already. */
  #realChanges(): Changes {
    const changes = this.#tip.changes()
    for (const [key, value] of changes) {
      if (equal(value ?? undefined, this.store.value(key))) changes.delete(key)
    }
    return changes
  }

  #ref(number: number): BlockRef {
    const block = this.store.block(number)
    if (!block) throw new BittensorError('LOCALNET', `the local chain has lost block ${number}`)
    return { number, hash: block.hash }
  }
}

function equal(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (!a || !b) return a === b
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
