/**
 * MevShield of runtimes after spec 343, which bittensor-cli 9.23 and bittensor 11.3 look into for the key that hides
 * transactions until they are in a block. Nobody announces a key here, so clients send theirs openly or say why not.
 */
import { optionalValue, type Pallet, storageOf } from '../../pallet.js'
import { u32 } from '../../scale.js'
import { boundedBytes } from '../types.js'

export const mevShieldPallet: Pallet = {
  name: 'MevShield',
  index: 30,
  crate: 'pallet_shield::pallet',
  generics: { call: ['T'], event: ['T'], error: ['T'] },
  storage: storageOf('MevShield', {
    CurrentKey: optionalValue(boundedBytes),
    PendingKey: optionalValue(boundedBytes),
    NextKey: optionalValue(boundedBytes),
    PendingKeyExpiresAt: optionalValue(u32),
    NextKeyExpiresAt: optionalValue(u32),
  }),
  calls: {},
  events: {},
  errors: {},
  constants: {},
}
