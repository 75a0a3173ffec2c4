/**
 * Items of runtimes after spec 343 that bittensor-cli 9.23 reads before it shows a subnet or takes stake out: locks of
 * stake. Nothing on this chain makes one, so they are empty.
 */
import { blake, identity, map, optionalMap, storageOf, value } from '../../pallet.js'
import { AccountId, bool, struct, u16, u64 } from '../../scale.js'
import { U64F64 } from '../types.js'

export const LockState = struct(
  { locked_mass: u64, conviction: U64F64, last_update: u64 },
  { path: ['pallet_subtensor', 'staking', 'lock', 'LockState'] },
)

const BY_NETUID = [identity(u16)] as const
const BY_NETUID_KEY = [identity(u16), blake(AccountId)] as const

export const LATER = storageOf('SubtensorModule', {
  Lock: optionalMap([blake(AccountId), identity(u16), blake(AccountId)], LockState),
  DecayingLock: map([blake(AccountId), identity(u16)], bool, false),
  HotkeyLock: optionalMap(BY_NETUID_KEY, LockState),
  DecayingHotkeyLock: optionalMap(BY_NETUID_KEY, LockState),
  OwnerLock: optionalMap(BY_NETUID, LockState),
  DecayingOwnerLock: optionalMap(BY_NETUID, LockState),
  UnlockRate: value(u64, 0n),
  MaturityRate: value(u64, 0n),
})
