/** What the answers of spec 343's APIs are made of. */
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { S } from '../../runtime/dtao/subtensor/storage.js'
import { AccountId, compact, type ScaleType, u8, u16, u64, u128, vec } from '../../runtime/scale.js'
import type { State } from '../../runtime/state.js'

export const C16 = compact(u16)
export const C64 = compact(u64)
export const C128 = compact(u128)
/** Text as a list of compact numbers, one per byte. */
export const CompactBytes: ScaleType<number[]> = vec(compact(u8))

/** How metadata names a type of these APIs that is over accounts. */
export const infoType = (module: string, name: string) => ({
  path: ['pallet_subtensor', 'rpc_info', module, name],
  params: [{ name: 'AccountId', type: AccountId }],
})

export const exists = (state: State, netuid: number): boolean => state.get(S.NetworksAdded, netuid)

/** Netuids in order. */
export const netuidsInOrder = (state: State): number[] =>
  state
    .entries(S.NetworksAdded)
    .flatMap(([[netuid], added]) => (added ? [netuid] : []))
    .sort((a, b) => a - b)

/** Nobody has named it: the real runtime knows names of the main network here. */
const NAMELESS = 'unknown'

/** The name of a subnet by its identity, byte by byte. */
export function subnetName(state: State, netuid: number): number[] {
  const name = state.get(S.SubnetIdentitiesV3, netuid)?.subnet_name
  if (name && name.length > 0) return [...name]
  return [...utf8ToBytes(netuid === 0 ? 'root' : NAMELESS)]
}

/** The account, or zero where nobody owns the subnet. */
export const ownerHotkey = (state: State, netuid: number): string =>
  state.get(S.SubnetOwnerHotkey, netuid)

/** Alpha that waits for the epoch. */
export const pendingAlpha = (state: State, netuid: number): bigint =>
  state.get(S.PendingValidatorEmission, netuid) + state.get(S.PendingServerEmission, netuid)

export const NO_AXON = {
  block: 0n,
  version: 0,
  ip: 0n,
  port: 0,
  ip_type: 0,
  protocol: 0,
  placeholder1: 0,
  placeholder2: 0,
}
