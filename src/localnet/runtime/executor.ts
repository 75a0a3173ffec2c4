/** Runs calls: layers, events, nested dispatch, fees. */
import type { CallBook } from './callBook.js'
import { errorVariant } from './codecs.js'
import { DispatchFailure } from './failure.js'
import type {
  Call,
  DispatchError,
  Origin,
  PostInfo,
  RuntimeContext,
  RuntimeEvent,
} from './pallet.js'
import { System } from './pallets/system.js'
import type { Ledger } from './profile.js'
import type { State } from './state.js'

/** What a dispatched call came to. */
export type Outcome =
  | { readonly ok: true; readonly post: PostInfo }
  | { readonly ok: false; readonly error: DispatchError }

/** A transaction as the executor sees it: signature and era are the node's business. */
export type Transaction = {
  readonly call: Call
  /** The account that signed; undefined for inherents. */
  readonly signer: string | undefined
  readonly nonce: number
  /** RAO. */
  readonly tip: bigint
  /** Bytes of the encoded extrinsic, its length prefix included. */
  readonly length: number
  /** Place in the block; the first is 0. */
  readonly index?: number
}

/** What a transaction did. */
export type Applied = {
  readonly outcome: Outcome
  /** Events in order, ExtrinsicSuccess or ExtrinsicFailed last. */
  readonly events: readonly RuntimeEvent[]
  /** Fee and tip that were kept, RAO. */
  readonly feePaid: bigint
}

/** A running block phase: what it emitted so far, and how to run calls in it. */
export type Execution = {
  readonly events: RuntimeEvent[]
  context(origin: Origin): RuntimeContext
  /** Runs a call in a layer of its own; a failure undoes its writes and events. */
  dispatch(call: Call, origin: Origin): Outcome
}

/** Starts collecting events on a state. */
export function openExecution(
  book: CallBook,
  state: State,
  block: number,
  extrinsic = 0,
): Execution {
  const events: RuntimeEvent[] = []
  const context = (origin: Origin): RuntimeContext => ({
    state,
    block,
    extrinsic,
    origin,
    emit: (pallet, name, value) => events.push({ pallet, name, value }),
    dispatch,
    result: (outcome) =>
      outcome.ok
        ? { type: 'Ok' }
        : { type: 'Err', value: errorVariant(outcome.error, book.pallets()) },
  })
  const dispatch = (call: Call, origin: Origin): Outcome => {
    if (origin.filter?.(call) === false) return FILTERED_CALL
    const { run } = book.definition(call)
    const mark = events.length
    state.begin()
    try {
      const post = run(context(origin), call.args as never) ?? {}
      state.commit()
      return { ok: true, post }
    } catch (error) {
      state.rollback()
      events.length = mark
      if (error instanceof DispatchFailure) return { ok: false, error: error.error }
      throw error
    }
  }
  return { events, context, dispatch }
}

/** Applies a transaction that the pool has accepted, or an inherent. */
export function applyTransaction(
  book: CallBook,
  ledger: Ledger,
  state: State,
  transaction: Transaction,
): Applied {
  const { call, signer, tip } = transaction
  const run = openExecution(book, state, state.get(System.Number), transaction.index)
  const hook = run.context({ kind: 'none' })
  const { base, length, weight } = ledger.feeParts(book, call, transaction.length)
  const fee = signer === undefined ? 0n : base + length + weight + tip
  let taken = 0n
  if (signer !== undefined) {
    ledger.bumpNonce(state, signer)
    taken = ledger.charge(hook, signer, call, fee)
  }
  const outcome = run.dispatch(call, originOf(signer))
  const pays = book.definition(call).pays && !(outcome.ok && outcome.post.pays === false)
  const kept = pays ? fee : tip
  if (signer !== undefined) {
    const actual_fee = ledger.settle(hook, signer, call, taken, kept)
    hook.emit('TransactionPayment', 'TransactionFeePaid', { who: signer, actual_fee, tip })
  }
  closeTransaction(hook, book, call, outcome, pays)
  return { outcome, events: run.events, feePaid: kept }
}

const originOf = (signer: string | undefined): Origin =>
  signer === undefined ? { kind: 'none' } : { kind: 'signed', account: signer }

function closeTransaction(
  hook: RuntimeContext,
  book: CallBook,
  call: Call,
  outcome: Outcome,
  pays: boolean,
): void {
  const info = book.dispatchInfo(call, pays)
  const { ref_time, proof_size } = info.weight
  const weight = { ref_time: ref_time + book.baseExtrinsic(), proof_size }
  const dispatch_info = { ...info, weight }
  if (outcome.ok) hook.emit('System', 'ExtrinsicSuccess', { dispatch_info })
  else {
    const dispatch_error = errorVariant(outcome.error, book.pallets())
    hook.emit('System', 'ExtrinsicFailed', { dispatch_error, dispatch_info })
  }
}

const FILTERED_CALL: Outcome = {
  ok: false,
  error: { kind: 'module', pallet: 'System', error: 'CallFiltered' },
}
