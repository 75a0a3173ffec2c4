/** Multisig of spec 343: accounts that several keys hold together. */
import type { CallBook } from '../../callBook.js'
import {
  addCosts,
  type Call,
  type Cost,
  call,
  cost,
  type DeclaredWeight,
  errorsInOrder,
  eventsInOrder,
  type Pallet,
} from '../../pallet.js'
import { AccountId, option, type ScaleType, u16, u32, u64, vec } from '../../scale.js'
import { Weight, type WeightValue } from '../../types.js'
import { DispatchResult } from '../types.js'
import { approveAsMulti, asMulti, asMulti1, cancelAsMulti, pokeDeposit } from './operations.js'
import { CallHash, ERRORS, Multisig, Timepoint } from './storage.js'

const group = { threshold: u16, other_signatories: vec(AccountId) }
const approval = { ...group, maybe_timepoint: option(Timepoint) }

const happened = { timepoint: Timepoint, multisig: AccountId, call_hash: CallHash }
const events = eventsInOrder({
  NewMultisig: { approving: AccountId, multisig: AccountId, call_hash: CallHash },
  MultisigApproval: { approving: AccountId, ...happened },
  MultisigExecuted: { approving: AccountId, ...happened, result: DispatchResult },
  MultisigCancelled: { cancelling: AccountId, ...happened },
  DepositPoked: { who: AccountId, call_hash: CallHash, old_deposit: u64, new_deposit: u64 },
})

const times = (step: number, count: number): Cost => ({
  refTime: BigInt(step) * BigInt(count),
  proofSize: 0n,
})

type Args = Record<string, unknown>
const others = (args: Args): number => (args['other_signatories'] as string[]).length

function stated(args: Args): Cost {
  const { ref_time, proof_size } = args['max_weight'] as WeightValue
  return { refTime: ref_time, proofSize: proof_size }
}

const perSignatory =
  (base: Cost, step: number): DeclaredWeight =>
  (args) =>
    addCosts(base, times(step, others(args)))

const calls = (runtimeCall: ScaleType<Call>, book: CallBook) => {
  const sizeOf = (args: Args): number => runtimeCall.codec.enc(args['call'] as Call).length
  return {
    as_multi_threshold_1: call({
      index: 0,
      args: { other_signatories: vec(AccountId), call: runtimeCall },
      weight: (args, costOf) =>
        addCosts(
          cost(20_727_356, 3997, 3, 1),
          times(572, sizeOf(args)),
          costOf(args['call'] as Call),
        ),
      class: 'of the call',
      run: asMulti1,
    }),
    as_multi: call({
      index: 1,
      args: { ...approval, call: runtimeCall, max_weight: Weight },
      weight: (args) =>
        addCosts(
          cost(42_418_863, 6811, 4, 2),
          times(164_555, others(args)),
          times(1573, sizeOf(args)),
          stated(args),
        ),
      run: asMulti({ runtimeCall, book }),
    }),
    approve_as_multi: call({
      index: 2,
      args: { ...approval, call_hash: CallHash, max_weight: Weight },
      weight: (args) =>
        addCosts(cost(30_237_756, 6811, 1, 1), times(107_619, others(args)), stated(args)),
      run: approveAsMulti,
    }),
    cancel_as_multi: call({
      index: 3,
      args: { ...group, timepoint: Timepoint, call_hash: CallHash },
      weight: perSignatory(cost(31_473_005, 6811, 1, 1), 107_460),
      run: cancelAsMulti,
    }),
    poke_deposit: call({
      index: 4,
      args: { ...group, call_hash: CallHash },
      weight: perSignatory(cost(31_473_005, 6811, 1, 1), 107_460),
      run: pokeDeposit,
    }),
  }
}

/** The pallet over the calls of the runtime. */
export const multisigPallet = (runtimeCall: ScaleType<Call>, book: CallBook): Pallet => ({
  name: 'Multisig',
  index: 13,
  crate: 'pallet_multisig',
  generics: { call: ['T'], event: ['T'], error: ['T'] },
  storage: Multisig,
  calls: calls(runtimeCall, book),
  events,
  errors: errorsInOrder(ERRORS),
  constants: {
    DepositBase: { type: u64, value: 132_000_000n },
    DepositFactor: { type: u64, value: 32_000_000n },
    MaxSignatories: { type: u32, value: 100 },
  },
})
