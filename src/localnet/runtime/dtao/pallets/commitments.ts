/** A few bytes that a neuron puts on the chain for nothing, up to so many per epoch. */
import { checksOf } from '../../failure.js'
import {
  call,
  cost,
  errorsInOrder,
  eventsInOrder,
  identity,
  optionalMap,
  type Pallet,
  type RuntimeContext,
  storageOf,
  twox,
  value,
} from '../../pallet.js'
import { ensureRoot, signedBy } from '../../pallets/system.js'
import {
  AccountId,
  bytes,
  struct,
  tuple,
  u16,
  u32,
  u64,
  type ValueOf,
  type Variant,
  vec,
} from '../../scale.js'
import type { State } from '../../state.js'
import { boundedVec, dataType } from '../../types.js'
import { resetBonds } from '../subtensor/mechanisms.js'
import { epochOf } from '../subtensor/schedule.js'
import { S } from '../subtensor/storage.js'
import { boundedBytes, btreeSet } from '../types.js'

const NAME = 'Commitments'
const CRATE = 'pallet_commitments'
const MAX_FIELDS = 3
/** What a commitment counts at least against the space of an epoch, in bytes. */
const LEAST_SPACE = 100n

const Data = dataType(CRATE, 128, {
  TimelockEncrypted: { index: 134, fields: { encrypted: boundedBytes, reveal_round: u64 } },
  ResetBondsFlag: { index: 135 },
  BigRaw: { index: 136, fields: [boundedBytes] },
})
const CommitmentInfo = struct(
  { fields: boundedVec(Data) },
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
const UsageTracker = struct(
  { last_epoch: u64, used_space: u64 },
  { path: [CRATE, 'types', 'UsageTracker'] },
)

const byNeuron = [identity(u16), twox(AccountId)] as const
const Commitments = storageOf(NAME, {
  TimelockedIndex: value(btreeSet(tuple(u16, AccountId)), []),
  CommitmentOf: optionalMap(byNeuron, Registration),
  LastCommitment: optionalMap(byNeuron, u32),
  LastBondsReset: optionalMap(byNeuron, u32),
  RevealedCommitments: optionalMap(byNeuron, vec(tuple(bytes, u64))),
  UsedSpaceOf: optionalMap(byNeuron, UsageTracker),
  MaxSpace: value(u32, 3100),
})

/** Commitments of a subnet, each encoded as it is stored. */
export const commitmentsOf = (state: State, netuid: number): [who: string, bytes: number[]][] =>
  state
    .entries(Commitments.CommitmentOf, netuid)
    .flatMap(([[, who], one]): [string, number[]][] =>
      one ? [[who, [...Registration.codec.enc(one)]]] : [],
    )

/** Removes what a subnet that ends has. */
export function clearCommitments(state: State, netuid: number): void {
  const { CommitmentOf, LastCommitment, LastBondsReset, RevealedCommitments, UsedSpaceOf } =
    Commitments
  for (const item of [
    CommitmentOf,
    LastCommitment,
    LastBondsReset,
    RevealedCommitments,
    UsedSpaceOf,
  ]) {
    for (const [[, who]] of state.entries(item as typeof LastCommitment, netuid)) {
      state.remove(item as typeof LastCommitment, netuid, who)
    }
  }
  const index = state.get(Commitments.TimelockedIndex)
  const left = index.filter(([one]) => one !== netuid)
  if (left.length < index.length) state.set(Commitments.TimelockedIndex, [], left)
}

const ERRORS = [
  'TooManyFieldsInCommitmentInfo',
  'AccountNotAllowedCommit',
  'SpaceLimitExceeded',
  'UnexpectedUnreserveLeftover',
] as const
const { ensure } = checksOf<(typeof ERRORS)[number]>(NAME)

/** Bytes that a field counts. */
function sizeOf({ type, value }: Variant): number {
  if (type.startsWith('Raw')) return Number(type.slice(3))
  if (type === 'BigRaw') return (value as Uint8Array).length
  if (type === 'TimelockEncrypted') return (value as { encrypted: Uint8Array }).encrypted.length
  return type === 'None' || type === 'ResetBondsFlag' ? 0 : 32
}

function useSpace(context: RuntimeContext, netuid: number, who: string, fields: Variant[]): void {
  const { state, block } = context
  const bytes = fields.reduce((sum, one) => sum + BigInt(sizeOf(one)), 0n)
  const needed = bytes > LEAST_SPACE ? bytes : LEAST_SPACE
  const last_epoch = epochOf(state, netuid, BigInt(block))
  const before = state.get(Commitments.UsedSpaceOf, netuid, who)
  const used = before?.last_epoch === last_epoch ? before.used_space : 0n
  const used_space = used + needed
  ensure(used_space <= BigInt(state.get(Commitments.MaxSpace)), 'SpaceLimitExceeded')
  state.set(Commitments.UsedSpaceOf, [netuid, who], { last_epoch, used_space })
}

type Args = { netuid: number; info: ValueOf<typeof CommitmentInfo> }

function setCommitment(context: RuntimeContext, { netuid, info }: Args): undefined {
  const { state, block } = context
  const who = signedBy(context.origin)
  ensure(state.has(S.Uids, netuid, who), 'AccountNotAllowedCommit')
  ensure(info.fields.length <= MAX_FIELDS, 'TooManyFieldsInCommitmentInfo')
  if (info.fields.some(({ type }) => type === 'ResetBondsFlag')) {
    state.set(Commitments.LastBondsReset, [netuid, who], block)
    resetBonds(state, netuid, who)
  }
  useSpace(context, netuid, who, info.fields)
  state.set(Commitments.CommitmentOf, [netuid, who], { deposit: 0n, block, info })
  state.set(Commitments.LastCommitment, [netuid, who], block)
  const locked = info.fields.find(({ type }) => type === 'TimelockEncrypted')
  noteTimelock(state, netuid, who, locked !== undefined)
  if (!locked) {
    context.emit(NAME, 'Commitment', { netuid, who })
    return
  }
  const { reveal_round } = locked.value as { reveal_round: bigint }
  context.emit(NAME, 'TimelockCommitment', { netuid, who, reveal_round })
}

/** Lists who has something to reveal, by netuid and the bytes of the account. */
function noteTimelock(state: State, netuid: number, who: string, locked: boolean): void {
  const index = state.get(Commitments.TimelockedIndex)
  const others = index.filter(([one, key]) => one !== netuid || key !== who)
  const next: [number, string][] = locked ? [...others, [netuid, who]] : others
  next.sort(([a, x], [b, y]) => a - b || (x < y ? -1 : 1))
  state.set(Commitments.TimelockedIndex, [], next)
}

export const commitmentsPallet: Pallet = {
  name: NAME,
  index: 18,
  crate: CRATE,
  generics: { call: ['T'], event: ['T'], error: ['T'] },
  storage: Commitments,
  calls: {
    set_commitment: call({
      index: 0,
      args: { netuid: u16, info: CommitmentInfo },
      pays: false,
      weight: cost(33_480_000, 0, 5, 4),
      run: setCommitment,
    }),
    set_max_space: call({
      index: 2,
      args: { new_limit: u32 },
      weight: cost(2_856_000, 0, 0, 1),
      class: 'Operational',
      run(context, { new_limit }) {
        ensureRoot(context.origin)
        context.state.set(Commitments.MaxSpace, [], new_limit)
        return undefined
      },
    }),
  },
  events: eventsInOrder({
    Commitment: { netuid: u16, who: AccountId },
    TimelockCommitment: { netuid: u16, who: AccountId, reveal_round: u64 },
    CommitmentRevealed: { netuid: u16, who: AccountId },
  }),
  errors: errorsInOrder(ERRORS),
  constants: {
    MaxFields: { type: u32, value: MAX_FIELDS },
    InitialDeposit: { type: u64, value: 0n },
    FieldDeposit: { type: u64, value: 0n },
  },
}
