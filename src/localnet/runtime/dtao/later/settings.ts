/**
 * Settings of subnets that came after spec 343 and that bittensor 11.3 reads before it registers or sets weights. Nothing
 * sets them here: no part of a registration's price is locked, and every epoch is one of Yuma consensus.
 */
import { identity, map, storageOf } from '../../pallet.js'
import { u16, variant } from '../../scale.js'
import { U64F64 } from '../types.js'

const EpochConsensus = variant(() => ({ Yuma: { index: 0 }, Null: { index: 1 } }), {
  path: ['pallet_subtensor', 'pallet', 'EpochConsensus'],
})

const BY_NETUID = [identity(u16)] as const

export const LaterSettings = storageOf('SubtensorModule', {
  CollateralLockShare: map(BY_NETUID, u16, 0),
  CollateralDrainRatio: map(BY_NETUID, U64F64, 0n),
  SubnetEpochConsensus: map(BY_NETUID, EpochConsensus, { type: 'Yuma' }),
})
