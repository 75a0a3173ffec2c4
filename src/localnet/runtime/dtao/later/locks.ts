/**
 * Storage of locks of stake. bittensor-cli 9.23 reads it before it shows a subnet or takes stake out; nothing on this
 * chain makes a lock, so it is empty.
 */
import { blake, identity, optionalMap, storageOf, value } from '../../pallet.js'
import { AccountId, bool, struct, u16, u64 } from '../../scale.js'
import { U64F64 } from '../types.js'

export const LockState = struct(
  { locked_mass: u64, conviction: U64F64, last_update: u64 },
  { path: ['pallet_subtensor', 'staking', 'lock', 'LockState'] },
)

const BY_NETUID = [identity(u16)] as const
const BY_NETUID_KEY = [identity(u16), blake(AccountId)] as const
/** Blocks: half of a lock is gone after about 90 days. */
const RATE = 934_866n

export const Locks = storageOf('SubtensorModule', {
  Lock: optionalMap([blake(AccountId), identity(u16), blake(AccountId)], LockState),
  DecayingLock: optionalMap([blake(AccountId), identity(u16)], bool),
  HotkeyLock: optionalMap(BY_NETUID_KEY, LockState),
  DecayingHotkeyLock: optionalMap(BY_NETUID_KEY, LockState),
  OwnerLock: optionalMap(BY_NETUID, LockState),
  DecayingOwnerLock: optionalMap(BY_NETUID, LockState),
  UnlockRate: value(u64, RATE),
  MaturityRate: value(u64, RATE),
})
