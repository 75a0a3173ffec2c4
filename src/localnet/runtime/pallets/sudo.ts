/** The key that may do anything. */
import { checksOf, failWith } from '../failure.js'
import {
  around,
  type Call,
  call,
  cost,
  type EventDef,
  errorsInOrder,
  type Origin,
  optionalValue,
  type Pallet,
  type RuntimeContext,
  statedWeight,
  storageOf,
} from '../pallet.js'
import { AccountId, option, type ScaleType } from '../scale.js'
import { DispatchResult, MultiAddress, Weight } from '../types.js'
import { lookup } from './system.js'

const { ensure } = checksOf<'RequireSudo'>('Sudo')

export const Sudo = storageOf('Sudo', { Key: optionalValue(AccountId) })

const events: Record<string, EventDef> = {
  Sudid: { index: 0, fields: { sudo_result: DispatchResult } },
  KeyChanged: { index: 1, fields: { old_sudoer: option(AccountId) } },
  SudoAsDone: { index: 2, fields: { sudo_result: DispatchResult } },
}

export function ensureSudo({ origin, state }: RuntimeContext): string {
  if (origin.kind !== 'signed') failWith('BadOrigin')
  ensure(state.get(Sudo.Key) === origin.account, 'RequireSudo')
  return origin.account
}

/** Runs a call for the sudo key; the transaction succeeds and is free whatever becomes of the call. */
function runAs(context: RuntimeContext, one: Call, origin: Origin, event: 'Sudid' | 'SudoAsDone') {
  const outcome = context.dispatch(one, origin)
  context.emit('Sudo', event, { sudo_result: context.result(outcome) })
  return { pays: false }
}

/** The pallet over the calls of the runtime. */
export function sudoPallet(runtimeCall: ScaleType<Call>): Pallet {
  return {
    name: 'Sudo',
    index: 12,
    crate: 'pallet_sudo',
    generics: { call: ['T'], event: ['T'], error: ['T'] },
    storage: Sudo,
    calls: {
      sudo: call({
        index: 0,
        args: { call: runtimeCall },
        weight: around(cost(0)),
        class: 'of the call',
        run(context, args) {
          ensureSudo(context)
          return runAs(context, args.call, { kind: 'root' }, 'Sudid')
        },
      }),
      sudo_unchecked_weight: call({
        index: 1,
        args: { call: runtimeCall, weight: Weight },
        weight: statedWeight,
        class: 'of the call',
        run(context, args) {
          ensureSudo(context)
          return runAs(context, args.call, { kind: 'root' }, 'Sudid')
        },
      }),
      set_key: call({
        index: 2,
        args: { new: MultiAddress },
        run(context, args) {
          const old = ensureSudo(context)
          const key = lookup(args.new)
          context.emit('Sudo', 'KeyChanged', { old_sudoer: old })
          context.state.set(Sudo.Key, [], key)
          return { pays: false }
        },
      }),
      sudo_as: call({
        index: 3,
        args: { who: MultiAddress, call: runtimeCall },
        weight: around(cost(0, 0, 1, 1)),
        class: 'of the call',
        run(context, args) {
          ensureSudo(context)
          const account = lookup(args.who)
          return runAs(context, args.call, { kind: 'signed', account }, 'SudoAsDone')
        },
      }),
    },
    events,
    errors: errorsInOrder(['RequireSudo']),
    constants: {},
  }
}
