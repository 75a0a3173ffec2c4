/** Several calls in one transaction, and calls under another name, as spec 343 has them. */
import {
  addCosts,
  type Call,
  call,
  cost,
  type EventDef,
  errorsInOrder,
  type Pallet,
  type RuntimeContext,
} from '../../pallet.js'
import { ensureRoot } from '../../pallets/system.js'
import { utilityPallet as classic, ensureCaller, originOf, pass } from '../../pallets/utility.js'
import { type ScaleType, u32, type Variant } from '../../scale.js'
import { DispatchErrorType, DispatchResult, OriginCaller } from '../types.js'

const NAME = 'Utility'

const events: Record<string, EventDef> = {
  BatchInterrupted: { index: 0, fields: { index: u32, error: DispatchErrorType } },
  BatchCompleted: { index: 1, fields: [] },
  BatchCompletedWithErrors: { index: 2, fields: [] },
  ItemCompleted: { index: 3, fields: [] },
  ItemFailed: { index: 4, fields: { error: DispatchErrorType } },
  DispatchedAs: { index: 5, fields: { result: DispatchResult } },
  IfElseMainSuccess: { index: 6, fields: [] },
  IfElseFallbackCalled: { index: 7, fields: { main_error: DispatchErrorType } },
}

type AsOrigin = { as_origin: Variant; call: Call }

/** Runs a call, and another one if it fails. */
function ifElse(context: RuntimeContext, args: { main: Call; fallback: Call }): undefined {
  ensureCaller(context.origin)
  const outcome = context.dispatch(args.main, context.origin)
  if (outcome.ok) {
    context.emit(NAME, 'IfElseMainSuccess')
    return
  }
  const main_error = context.result(outcome).value
  pass(context, args.fallback, context.origin)
  context.emit(NAME, 'IfElseFallbackCalled', { main_error })
}

/** The pallet over the calls of the runtime. */
export function utilityPallet(runtimeCall: ScaleType<Call>): Pallet {
  const pallet = classic(runtimeCall)
  return {
    ...pallet,
    crate: 'pallet_subtensor_utility',
    calls: {
      ...pallet.calls,
      dispatch_as: call({
        index: 3,
        args: { as_origin: OriginCaller, call: runtimeCall },
        weight: (args, costOf) => addCosts(cost(8_490_000), costOf(args['call'] as Call)),
        class: 'of the call',
        run(context, args): undefined {
          ensureRoot(context.origin)
          const outcome = context.dispatch(args.call, originOf(args.as_origin))
          context.emit(NAME, 'DispatchedAs', { result: context.result(outcome) })
        },
      }),
      if_else: call({
        index: 6,
        args: { main: runtimeCall, fallback: runtimeCall },
        weight: (args, costOf) =>
          addCosts(cost(8_000_000), costOf(args['main'] as Call), costOf(args['fallback'] as Call)),
        run: ifElse,
      }),
      dispatch_as_fallible: call({
        index: 7,
        args: { as_origin: OriginCaller, call: runtimeCall },
        weight: (args, costOf) => addCosts(cost(8_490_000), costOf(args['call'] as Call)),
        class: 'of the call',
        run(context, args: AsOrigin): undefined {
          ensureRoot(context.origin)
          pass(context, args.call, originOf(args.as_origin))
          context.emit(NAME, 'DispatchedAs', { result: { type: 'Ok' } })
        },
      }),
    },
    events,
    errors: errorsInOrder(['TooManyCalls', 'InvalidDerivedAccount']),
  }
}
