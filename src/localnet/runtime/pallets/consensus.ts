/** Time, block authors, finality and old randomness: what clients look up about how blocks are made. */
import { DispatchFailure } from '../failure.js'
import {
  call,
  cost,
  type EventDef,
  errorsInOrder,
  optionalMap,
  optionalValue,
  type Pallet,
  storageOf,
  twox,
  value,
} from '../pallet.js'
import {
  bool,
  compact,
  H256,
  option,
  type ScaleType,
  struct,
  tuple,
  u32,
  u64,
  type Variant,
  variant,
  vec,
  wrapper,
} from '../scale.js'
import { AuraPublic, boundedVec, GrandpaPublic, weakBoundedVec } from '../types.js'
import { ensureRoot } from './system.js'

const noEvents = { events: {}, errors: {} }

export const Randomness = storageOf('RandomnessCollectiveFlip', {
  RandomMaterial: value(boundedVec(H256), []),
})

export const randomnessPallet: Pallet = {
  name: 'RandomnessCollectiveFlip',
  index: 1,
  crate: 'pallet_insecure_randomness_collective_flip',
  generics: { call: ['T'], event: ['T'], error: ['T'] },
  storage: Randomness,
  calls: {},
  ...noEvents,
  constants: {},
}

export const Timestamp = storageOf('Timestamp', {
  Now: value(u64, 0n),
  DidUpdate: value(bool, false),
})

/** Milliseconds between blocks at least. */
const MINIMUM_PERIOD = 6000n

export const timestampPallet: Pallet = {
  name: 'Timestamp',
  index: 2,
  crate: 'pallet_timestamp',
  generics: { call: ['T'], event: ['T'], error: ['T'] },
  storage: Timestamp,
  calls: {
    set: call({
      index: 0,
      args: { now: compact(u64) },
      pays: true,
      class: 'Mandatory',
      weight: cost(9_258_000, 1006, 2, 1),
      run({ origin, state }, { now }) {
        if (origin.kind !== 'none') throw new DispatchFailure({ kind: 'other', type: 'BadOrigin' })
        state.set(Timestamp.Now, [], now)
        return undefined
      },
    }),
  },
  ...noEvents,
  constants: { MinimumPeriod: { type: u64, value: MINIMUM_PERIOD } },
}

export const Slot = wrapper(u64, { path: ['sp_consensus_slots', 'Slot'], typeName: 'u64' })

export const Aura = storageOf('Aura', {
  Authorities: value(boundedVec(AuraPublic), []),
  CurrentSlot: value(Slot, 0n),
})

export const auraPallet: Pallet = {
  name: 'Aura',
  index: 3,
  crate: 'pallet_aura',
  generics: { call: ['T'], event: ['T'], error: ['T'] },
  storage: Aura,
  calls: {},
  ...noEvents,
  constants: {},
}

const scheduled = { scheduled_at: u32, delay: u32 }
const blockParam = { name: 'N', type: u32 }
const StoredState = variant(
  () => ({
    Live: { index: 0 },
    PendingPause: { index: 1, fields: scheduled, typeNames: ['N', 'N'] },
    Paused: { index: 2 },
    PendingResume: { index: 3, fields: scheduled, typeNames: ['N', 'N'] },
  }),
  { path: ['pallet_grandpa', 'StoredState'], params: [blockParam] },
)
const pendingChange = (publicKey: ScaleType<string>) =>
  struct(
    {
      ...scheduled,
      next_authorities: weakBoundedVec(tuple(publicKey, u64)),
      forced: option(u32),
    },
    {
      path: ['pallet_grandpa', 'StoredPendingChange'],
      params: [blockParam, { name: 'Limit', type: undefined }],
    },
  )
const LIVE: Variant = { type: 'Live' }

/** Items of the pallet, by the type of the voters' keys. */
export const grandpaItems = (publicKey: ScaleType<string>) => ({
  State: value(StoredState, LIVE),
  PendingChange: optionalValue(pendingChange(publicKey)),
  NextForced: optionalValue(u32),
  Stalled: optionalValue(tuple(u32, u32)),
  CurrentSetId: value(u64, 0n),
  SetIdSession: optionalMap([twox(u64)], u32),
})

export const Grandpa = storageOf('Grandpa', grandpaItems(GrandpaPublic))

/** Events of the pallet, by the type of the voters' keys. */
export const grandpaEvents = (publicKey: ScaleType<string>): Record<string, EventDef> => ({
  NewAuthorities: { index: 0, fields: { authority_set: vec(tuple(publicKey, u64)) } },
  Paused: { index: 1, fields: [] },
  Resumed: { index: 2, fields: [] },
})

export const grandpaPallet: Pallet = {
  name: 'Grandpa',
  index: 4,
  crate: 'pallet_grandpa',
  generics: { call: ['T'], event: [], error: ['T'] },
  storage: Grandpa,
  calls: {
    note_stalled: call({
      index: 2,
      args: { delay: u32, best_finalized_block_number: u32 },
      weight: cost(3_000_000, 0, 0, 1),
      run({ origin, state }, args) {
        ensureRoot(origin)
        state.set(Grandpa.Stalled, [], [args.delay, args.best_finalized_block_number])
        return undefined
      },
    }),
  },
  events: grandpaEvents(GrandpaPublic),
  errors: errorsInOrder([
    'PauseFailed',
    'ResumeFailed',
    'ChangePending',
    'TooSoon',
    'InvalidKeyOwnershipProof',
    'InvalidEquivocationProof',
    'DuplicateOffenceReport',
  ]),
  constants: {
    MaxAuthorities: { type: u32, value: 32 },
    MaxSetIdSessionEntries: { type: u64, value: 0n },
  },
}
