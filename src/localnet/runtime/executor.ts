/** Runs calls: layers, events, nested dispatch, fees. */
import { errorVariant } from './codecs.js'
import { DispatchFailure } from './failure.js'
import {
  type Call,
  type CallDef,
  type Cost,
  cost,
  type DispatchClassName,
  type DispatchError,
  type Origin,
  type Pallet,
  type PostInfo,
  type RuntimeContext,
  type RuntimeEvent,
} from './pallet.js'
import { depositIntoExisting, tryWithdraw } from './pallets/balances.js'
import { BASE_EXTRINSIC, bumpNonce, System } from './pallets/system.js'
import { FILTERED } from './pallets/utility.js'
import type { State } from './state.js'
import type { DispatchInfoValue } from './types.js'

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
}

/** What a transaction did. */
export type Applied = {
  readonly outcome: Outcome
  /** Events in order, ExtrinsicSuccess or ExtrinsicFailed last. */
  readonly events: readonly RuntimeEvent[]
  /** Fee and tip that were kept, RAO. */
  readonly feePaid: bigint
}

export type Executor = ReturnType<typeof createExecutor>

/** The executor over the pallets of a runtime. */
export function createExecutor(pallets: () => readonly Pallet[]) {
  const find = (call: Call): CallDef | undefined =>
    pallets().find((pallet) => pallet.name === call.pallet)?.calls[call.name]

  const definition = (call: Call): CallDef => {
    const found = find(call)
    if (!found) throw new Error(`the runtime has no call ${call.pallet}.${call.name}`)
    return found
  }

  /** Declared weight of a call. */
  const costOf = (call: Call): Cost => {
    const { weight = cost(0) } = definition(call)
    return typeof weight === 'function' ? weight(call.args, costOf) : weight
  }

  /** Sudo calls and batches take the class of what they hold. */
  const classOf = (call: Call): DispatchClassName => {
    const inner = call.args['call']
    if (isCall(inner)) return classOf(inner)
    return definition(call).class ?? 'Normal'
  }

  const dispatchInfo = (call: Call, pays: boolean): DispatchInfoValue => {
    const weight = costOf(call)
    return {
      weight: { ref_time: weight.refTime, proof_size: weight.proofSize },
      class: { type: classOf(call) },
      pays_fee: { type: pays ? 'Yes' : 'No' },
    }
  }

  /** A context that collects events; nested calls run in layers of its state. */
  const open = (state: State, block: number) => {
    const events: RuntimeEvent[] = []
    const context = (origin: Origin): RuntimeContext => ({
      state,
      block,
      origin,
      emit: (pallet, name, value) => events.push({ pallet, name, value }),
      dispatch,
      result: (outcome) =>
        outcome.ok
          ? { type: 'Ok' }
          : { type: 'Err', value: errorVariant(outcome.error, pallets()) },
    })
    const dispatch = (call: Call, origin: Origin): Outcome => {
      if (call.name === FILTERED) return FILTERED_CALL
      const { run } = definition(call)
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

  /** Applies a transaction that the pool has accepted. */
  const apply = (state: State, transaction: Transaction): Applied => {
    const block = state.get(System.Number)
    const { call, signer } = transaction
    const run = open(state, block)
    const hook = run.context({ kind: 'none' })
    const fee = signer === undefined ? 0n : feeOf(call, transaction.length) + transaction.tip
    if (signer !== undefined) {
      bumpNonce(state, signer)
      if (!tryWithdraw(hook, signer, fee))
        throw new Error('the fee of a valid transaction is covered')
    }
    const origin: Origin =
      signer === undefined ? { kind: 'none' } : { kind: 'signed', account: signer }
    const outcome = run.dispatch(call, origin)
    const pays = definition(call).pays && !(outcome.ok && outcome.post.pays === false)
    const kept = pays ? fee : transaction.tip
    if (signer !== undefined) settleFee(hook, signer, fee, kept, transaction.tip)
    closeExtrinsic(hook, outcome, pays, call)
    return { outcome, events: run.events, feePaid: kept }
  }

  const closeExtrinsic = (hook: RuntimeContext, outcome: Outcome, pays: boolean, call: Call) => {
    const info = dispatchInfo(call, pays)
    const { ref_time, proof_size } = info.weight
    const weight = { ref_time: ref_time + BASE_EXTRINSIC.ref_time, proof_size }
    const dispatch_info = { ...info, weight }
    if (outcome.ok) hook.emit('System', 'ExtrinsicSuccess', { dispatch_info })
    else {
      const dispatch_error = errorVariant(outcome.error, pallets())
      hook.emit('System', 'ExtrinsicFailed', { dispatch_error, dispatch_info })
    }
  }

  /** RAO for a call of that many bytes, without tip: one per byte unless the call is free. */
  const feeOf = (call: Call, length: number): bigint =>
    definition(call).pays ? BigInt(length) : 0n

  return { find, costOf, dispatchInfo, open, apply, feeOf }
}

const FILTERED_CALL: Outcome = {
  ok: false,
  error: { kind: 'module', pallet: 'System', error: 'CallFiltered' },
}

/** Gives back what is not kept and reports the fee. */
function settleFee(
  hook: RuntimeContext,
  signer: string,
  taken: bigint,
  kept: bigint,
  tip: bigint,
): void {
  const refund = taken - kept
  const refunded = refund === 0n || depositIntoExisting(hook, signer, refund)
  const actual_fee = refunded ? kept : taken
  hook.emit('TransactionPayment', 'TransactionFeePaid', { who: signer, actual_fee, tip })
}

function isCall(value: unknown): value is Call {
  return typeof value === 'object' && value !== null && 'pallet' in value && 'args' in value
}
