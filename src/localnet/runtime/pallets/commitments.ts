/** A few bytes that a neuron puts on the chain, once in a hundred blocks, for nothing. */
import { checksOf } from '../failure.js'
import {
  call,
  cost,
  type EventDef,
  errorsInOrder,
  identity,
  optionalMap,
  type Pallet,
  type RuntimeContext,
  storageOf,
  twox,
} from '../pallet.js'
import { AccountId, struct, u16, u32, u64, type ValueOf } from '../scale.js'
import { S } from '../subtensor/storage.js'
import { boundedVec, dataType } from '../types.js'
import { signedBy } from './system.js'

const NAME = 'Commitments'
const CRATE = 'pallet_commitments'
const MAX_FIELDS = 1
/** Blocks between two commitments of a hotkey on a subnet. */
const RATE_LIMIT = 100

const CommitmentInfo = struct(
  { fields: boundedVec(dataType(CRATE, 128), MAX_FIELDS) },
  { path: [CRATE, 'types', 'CommitmentInfo'], params: [{ name: 'FieldLimit', type: undefined }] },
)
const Registration = struct(
  { deposit: u64, block: u32, info: CommitmentInfo },
  {
    path: [CRATE, 'types', 'Registration'],
    params: [
      { name: 'Balance', type: u64 },
      { name: 'MaxFields', type: undefined },
      { name: 'BlockNumber', type: u32 },
    ],
  },
)

const byNeuron = [identity(u16), twox(AccountId)] as const
const Commitments = storageOf(NAME, {
  CommitmentOf: optionalMap(byNeuron, Registration),
  LastCommitment: optionalMap(byNeuron, u32),
})

const ERRORS = ['TooManyFields', 'CannotCommit', 'RateLimitExceeded'] as const
const { ensure } = checksOf<(typeof ERRORS)[number]>(NAME)

const events: Record<string, EventDef> = {
  Commitment: { index: 0, fields: { netuid: u16, who: AccountId } },
}

type Args = { netuid: number; info: ValueOf<typeof CommitmentInfo> }

function setCommitment({ state, block, origin, emit }: RuntimeContext, args: Args): undefined {
  const { netuid, info } = args
  const who = signedBy(origin)
  ensure(state.has(S.Uids, netuid, who), 'CannotCommit')
  ensure(info.fields.length <= MAX_FIELDS, 'TooManyFields')
  const last = state.get(Commitments.LastCommitment, netuid, who)
  ensure(last === undefined || block >= last + RATE_LIMIT, 'RateLimitExceeded')
  state.set(Commitments.CommitmentOf, [netuid, who], { deposit: 0n, block, info })
  state.set(Commitments.LastCommitment, [netuid, who], block)
  emit(NAME, 'Commitment', { netuid, who })
}

export const commitmentsPallet: Pallet = {
  name: NAME,
  index: 17,
  crate: CRATE,
  generics: { call: ['T'], event: ['T'], error: ['T'] },
  storage: Commitments,
  calls: {
    set_commitment: call({
      index: 0,
      args: { netuid: u16, info: CommitmentInfo },
      pays: false,
      weight: cost(28_000_000, 6344, 2, 2),
      class: 'Operational',
      run: setCommitment,
    }),
  },
  events,
  errors: errorsInOrder(ERRORS),
  constants: {
    MaxFields: { type: u32, value: MAX_FIELDS },
    InitialDeposit: { type: u64, value: 0n },
    FieldDeposit: { type: u64, value: 0n },
    RateLimit: { type: u32, value: RATE_LIMIT },
  },
}
