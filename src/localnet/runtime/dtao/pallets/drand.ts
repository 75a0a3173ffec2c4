/** The randomness beacon that timelocked weights are encrypted to. Nothing fetches its pulses here. */
import { hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import {
  blake,
  call,
  cost,
  errorsInOrder,
  eventsInOrder,
  identity,
  map,
  optionalMap,
  type Pallet,
  storageOf,
  value,
} from '../../pallet.js'
import { ensureRoot } from '../../pallets/system.js'
import { bool, struct, u32, u64, vec } from '../../scale.js'
import { boundedBytes } from '../types.js'

const types = (name: string) => ['pallet_drand', 'types', name]

const BeaconConfiguration = struct(
  {
    public_key: boundedBytes,
    period: u32,
    genesis_time: u32,
    hash: boundedBytes,
    group_hash: boundedBytes,
    scheme_id: boundedBytes,
    metadata: struct({ beacon_id: boundedBytes }, { path: types('Metadata') }),
  },
  { path: types('BeaconConfiguration') },
)
const Pulse = struct(
  { round: u64, randomness: boundedBytes, signature: boundedBytes },
  { path: types('Pulse') },
)

/** drand's quicknet: a round every three seconds. */
const QUICKNET = {
  public_key: hexToBytes(
    [
      '83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c',
      '8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb',
      '5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a',
    ].join(''),
  ),
  period: 3,
  genesis_time: 1_692_803_367,
  hash: hexToBytes('52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971'),
  group_hash: hexToBytes('f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e'),
  scheme_id: utf8ToBytes('bls-unchained-g1-rfc9380'),
  metadata: { beacon_id: utf8ToBytes('quicknet') },
}

export const Drand = storageOf('Drand', {
  BeaconConfig: value(BeaconConfiguration, QUICKNET),
  HasMigrationRun: map([identity(boundedBytes)], bool, false),
  Pulses: optionalMap([blake(u64)], Pulse),
  LastStoredRound: value(u64, 0n),
  OldestStoredRound: value(u64, 0n),
  NextUnsignedAt: value(u32, 0),
})

export const drandPallet: Pallet = {
  name: 'Drand',
  index: 26,
  crate: 'pallet_drand',
  generics: { call: ['T'], event: ['T'], error: ['T'] },
  storage: Drand,
  calls: {
    set_oldest_stored_round: call({
      index: 2,
      args: { oldest_round: u64 },
      weight: cost(5_370_000, 0, 0, 1),
      run(context, { oldest_round }) {
        ensureRoot(context.origin)
        context.state.set(Drand.OldestStoredRound, [], oldest_round)
        context.emit('Drand', 'SetOldestStoredRound', [oldest_round])
        return undefined
      },
    }),
  },
  events: eventsInOrder({
    BeaconConfigChanged: [],
    NewPulse: { rounds: vec(u64) },
    SetOldestStoredRound: [u64],
  }),
  errors: errorsInOrder([
    'NoneValue',
    'StorageOverflow',
    'DrandConnectionFailure',
    'UnverifiedPulse',
    'InvalidRoundNumber',
    'PulseVerificationError',
  ]),
  constants: {
    UnsignedPriority: { type: u64, value: 1_048_576n },
    HttpFetchTimeout: { type: u64, value: 1_000n },
  },
}
