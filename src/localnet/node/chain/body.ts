/** The extrinsics and events of a block while it is built. */
import type { Overlay } from '../../runtime/overlay.js'
import type { RuntimeEvent } from '../../runtime/pallet.js'
import type { EventRecord } from '../../runtime/pallets/system.js'
import type { Runtime } from '../../runtime/runtime.js'
import type { Hex } from '../bytes.js'
import type { Engine } from '../engine.js'
import { bareExtrinsic, type Extrinsic } from '../extrinsic/codec.js'
import type { Candidate } from '../pool/pool.js'
import type { Shielded } from '../shield/shielded.js'
import { type Bench, judgeAgain } from './judge.js'
import type { Limits } from './limits.js'

/** What a block is made by. */
export type Rules = Engine & Pick<Bench, 'hashOf'>

/** The block's contents, filled from front to back. */
export class Body {
  readonly extrinsics: Uint8Array[] = []
  /** Events so far, as `System.Events` holds them. */
  readonly records: EventRecord[] = []
  readonly included: Hex[] = []
  readonly rejected: Hex[] = []
  readonly #rules: Rules
  readonly #runtime: Runtime
  readonly #limits: Limits
  readonly #state: Overlay
  readonly #onFault: ((error: unknown) => void) | undefined
  #length = 0
  #refTime = 0n
  #opened: Shielded | undefined

  constructor(rules: Rules, state: Overlay, onFault: ((error: unknown) => void) | undefined) {
    this.#rules = rules
    this.#runtime = rules.runtime
    this.#limits = rules.limits
    this.#state = state
    this.#onFault = onFault
  }

  /** An event from before the extrinsics. */
  emit(event: RuntimeEvent): void {
    this.records.push({ phase: { type: 'Initialization' }, event, topics: [] })
  }

  /** The time of the block, which stands first in it. */
  inherent(time: number): void {
    const call = { pallet: 'Timestamp', name: 'set', args: { now: BigInt(time) } }
    this.#apply(bareExtrinsic(call, this.#runtime.callType))
  }

  /** Puts a transaction in if it is still valid and there is room; else it is rejected or waits for another block. */
  add({ extrinsic, signer, nonce, validTill, runtime, shielded }: Candidate, block: number): void {
    const { signed, hash, bytes } = extrinsic
    if (runtime !== this.#runtime) {
      this.rejected.push(hash)
      return
    }
    const refTime = this.#runtime.dispatchInfo(extrinsic.call).weight.ref_time
    const hasRoom =
      this.#length === 0 ||
      (this.#length + bytes.length <= this.#limits.length &&
        this.#refTime + refTime <= this.#limits.refTime)
    const isNext = nonce <= this.#runtime.account(this.#state, signer).nonce
    if (!signed || !hasRoom || !isNext) return
    const bench = { runtime: this.#runtime, state: this.#state }
    const judgement = judgeAgain({ ...bench, head: block - 1 }, extrinsic, signed, signer)
    if (validTill < block || !judgement.ok || !this.#survives(extrinsic)) {
      this.rejected.push(hash)
      return
    }
    this.#length += bytes.length
    this.#refTime += refTime
    this.included.push(hash)
    if (shielded) this.#open(shielded, block)
  }

  /** What a carrier has in it comes right behind it, or not at all: the carrier has paid for the attempt. */
  #open(shielded: Shielded, block: number): void {
    this.#opened = shielded
    const inner = shielded.open({ ...this.#rules, state: this.#state, head: block - 1 })
    if (inner) this.add(inner, block)
  }

  /** Comes behind the last transaction: a key that was used is not announced again. */
  renewKeys(): void {
    this.#opened?.renew(this.#state)
  }

  /** A call that makes the runtime itself fail takes its transaction down, not the chain. */
  #survives(extrinsic: Extrinsic): boolean {
    this.#state.begin()
    try {
      this.#apply(extrinsic)
      this.#state.commit()
      return true
    } catch (error) {
      this.#state.rollback()
      this.#onFault?.(error)
      return false
    }
  }

  #apply({ call, bytes, signed }: Extrinsic): void {
    const index = this.extrinsics.length
    const { signer, nonce, tip } = signed ?? { signer: undefined, nonce: 0, tip: 0n }
    const transaction = { call, signer, nonce, tip, length: bytes.length, index }
    const { events } = this.#runtime.applyExtrinsic(this.#state, transaction)
    const phase = { type: 'ApplyExtrinsic', value: index }
    for (const event of events) this.records.push({ phase, event, topics: [] })
    this.extrinsics.push(bytes)
  }
}
