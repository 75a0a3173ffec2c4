/** Several calls in one transaction, and calls under another name. */
import { concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { checksOf, DispatchFailure, failWith } from '../failure.js'
import {
  addCosts,
  around,
  type Call,
  call,
  cost,
  type DeclaredWeight,
  type EventDef,
  errorsInOrder,
  type Origin,
  type Pallet,
  type RuntimeContext,
  statedWeight,
} from '../pallet.js'
import { type ScaleType, u16, u32, type Variant, vec } from '../scale.js'
import { DispatchErrorType, DispatchResult, OriginCaller, Weight } from '../types.js'
import { blake256, ensureRoot, signedBy } from './system.js'

const NAME = 'Utility'
const BATCH_LIMIT = 10_922
const { ensure } = checksOf<'TooManyCalls'>(NAME)

const events: Record<string, EventDef> = {
  BatchInterrupted: { index: 0, fields: { index: u32, error: DispatchErrorType } },
  BatchCompleted: { index: 1, fields: [] },
  BatchCompletedWithErrors: { index: 2, fields: [] },
  ItemCompleted: { index: 3, fields: [] },
  ItemFailed: { index: 4, fields: { error: DispatchErrorType } },
  DispatchedAs: { index: 5, fields: { result: DispatchResult } },
}

/** The calls of a batch in order; what a failure means is up to `onError`, which says whether to go on. */
function runAll(
  context: RuntimeContext,
  calls: readonly Call[],
  onError: (error: Variant, index: number, failure: () => never) => boolean,
): void {
  ensureCaller(context.origin)
  ensure(calls.length <= BATCH_LIMIT, 'TooManyCalls')
  for (const [index, one] of calls.entries()) {
    const outcome = context.dispatch(one, context.origin)
    if (outcome.ok) {
      context.emit(NAME, 'ItemCompleted')
      continue
    }
    const failure = (): never => {
      throw new DispatchFailure(outcome.error)
    }
    if (!onError(context.result(outcome).value as Variant, index, failure)) return
  }
}

/** Whoever it is, somebody calls: no inherent, but also an approved proposal. */
export function ensureCaller(origin: Origin): void {
  if (origin.kind === 'none') failWith('BadOrigin')
}

/** The account that `as_derivative` signs for. */
export function derivativeAccount(who: string, index: number): string {
  const parts = [utf8ToBytes('modlpy/utilisuba'), hexToBytes(who.slice(2)), u16.codec.enc(index)]
  return blake256(concatBytes(...parts))
}

function batch(context: RuntimeContext, { calls }: { calls: Call[] }) {
  let interrupted = false
  runAll(context, calls, (error, index) => {
    context.emit(NAME, 'BatchInterrupted', { index, error })
    interrupted = true
    return false
  })
  if (!interrupted) context.emit(NAME, 'BatchCompleted')
  return undefined
}

function batchAll(context: RuntimeContext, { calls }: { calls: Call[] }) {
  const origin = withoutBatchAll(context.origin)
  runAll({ ...context, origin }, calls, (_error, _index, failure) => failure())
  context.emit(NAME, 'BatchCompleted')
  return undefined
}

/** What a `batch_all` runs may not be another one, at any depth; root may do everything. */
function withoutBatchAll(origin: Origin): Origin {
  if (origin.kind === 'root') return origin
  const filter = (one: Call): boolean =>
    !(one.pallet === NAME && one.name === 'batch_all') && origin.filter?.(one) !== false
  return { ...origin, filter }
}

function forceBatch(context: RuntimeContext, { calls }: { calls: Call[] }) {
  let failed = false
  runAll(context, calls, (error) => {
    context.emit(NAME, 'ItemFailed', { error })
    failed = true
    return true
  })
  context.emit(NAME, failed ? 'BatchCompletedWithErrors' : 'BatchCompleted')
  return undefined
}

/** Runs a nested call; its failure is the failure of the whole. */
export function pass(context: RuntimeContext, one: Call, origin: Origin) {
  const outcome = context.dispatch(one, origin)
  if (!outcome.ok) throw new DispatchFailure(outcome.error)
  return outcome.post
}

export function originOf(caller: Variant): Origin {
  const raw = caller.value as Variant
  if (caller.type === 'system' && raw.type === 'Root') return { kind: 'root' }
  if (caller.type === 'system' && raw.type === 'Signed') {
    return { kind: 'signed', account: raw.value as string }
  }
  if (caller.type === 'Triumvirate' && raw.type === 'Members') {
    const [ayes, seats] = raw.value as [number, number]
    return { kind: 'members', ayes, seats }
  }
  if (caller.type === 'Triumvirate' && raw.type === 'Member') {
    return { kind: 'member', account: raw.value as string }
  }
  return { kind: 'none' }
}

/** What a batch costs besides its calls: something for itself and something per call. */
const batchCost =
  (base: number, each: number): DeclaredWeight =>
  (args, costOf) =>
    addCosts(
      cost(base),
      ...(args['calls'] as Call[]).map((one) => addCosts(cost(each), costOf(one))),
    )

/** The pallet over the calls of the runtime. */
export function utilityPallet(runtimeCall: ScaleType<Call>): Pallet {
  const many = { calls: vec(runtimeCall) }
  return {
    name: NAME,
    index: 11,
    crate: 'pallet_utility',
    generics: { call: ['T'], event: [], error: ['T'] },
    storage: {},
    calls: {
      batch: call({
        index: 0,
        args: many,
        weight: batchCost(16_087_635, 3_665_506),
        class: 'of all calls',
        run: batch,
      }),
      as_derivative: call({
        index: 1,
        args: { index: u16, call: runtimeCall },
        weight: around(cost(5_269_000, 0, 1, 1)),
        class: 'of the call',
        run(context, args) {
          const who = signedBy(context.origin)
          const account = derivativeAccount(who, args.index)
          pass(context, args.call, { ...context.origin, kind: 'signed', account })
          return undefined
        },
      }),
      batch_all: call({
        index: 2,
        args: many,
        weight: batchCost(14_090_381, 3_744_891),
        class: 'of all calls',
        run: batchAll,
      }),
      dispatch_as: call({
        index: 3,
        args: { as_origin: OriginCaller, call: runtimeCall },
        weight: around(cost(9_280_000)),
        class: 'of the call',
        run(context, args) {
          ensureRoot(context.origin)
          const outcome = context.dispatch(args.call, originOf(args.as_origin))
          context.emit(NAME, 'DispatchedAs', { result: context.result(outcome) })
          return undefined
        },
      }),
      force_batch: call({
        index: 4,
        args: many,
        weight: batchCost(14_292_923, 3_645_950),
        class: 'of all calls',
        run: forceBatch,
      }),
      with_weight: call({
        index: 5,
        args: { call: runtimeCall, weight: Weight },
        weight: statedWeight,
        class: 'of the call',
        run(context, args) {
          ensureRoot(context.origin)
          return pass(context, args.call, { kind: 'root' })
        },
      }),
    },
    events,
    errors: errorsInOrder(['TooManyCalls']),
    constants: { batched_calls_limit: { type: u32, value: BATCH_LIMIT } },
  }
}
