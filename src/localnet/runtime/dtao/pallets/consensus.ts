/** Block authors and finality as spec 343 describes them; the keys are typed more simply than before. */
import { type Pallet, storageOf, value } from '../../pallet.js'
import {
  auraPallet as classicAura,
  grandpaPallet as classicGrandpa,
  grandpaEvents,
  grandpaItems,
  Slot,
} from '../../pallets/consensus.js'
import { fixedBytes, tuple, u32, u64, wrapper } from '../../scale.js'
import { boundedVec, weakBoundedVec } from '../../types.js'

const AuraPublic = wrapper(fixedBytes(32), {
  path: ['sp_consensus_aura', 'sr25519', 'app_sr25519', 'Public'],
  typeName: 'sr25519::Public',
})
const GrandpaPublic = wrapper(fixedBytes(32), {
  path: ['sp_consensus_grandpa', 'app', 'Public'],
  typeName: 'ed25519::Public',
})

export const Aura = storageOf('Aura', {
  Authorities: value(boundedVec(AuraPublic), []),
  CurrentSlot: value(Slot, 0n),
})

/** Milliseconds between blocks on the real chain. */
const SLOT_DURATION = 12_000n

export const auraPallet: Pallet = {
  ...classicAura,
  storage: Aura,
  constants: { SlotDuration: { type: u64, value: SLOT_DURATION } },
}

const Grandpa = storageOf('Grandpa', {
  ...grandpaItems(GrandpaPublic),
  Authorities: value(weakBoundedVec(tuple(GrandpaPublic, u64)), []),
})

export const grandpaPallet: Pallet = {
  ...classicGrandpa,
  storage: Grandpa,
  events: grandpaEvents(GrandpaPublic),
  constants: {
    MaxAuthorities: { type: u32, value: 32 },
    MaxNominators: { type: u32, value: 20 },
    MaxSetIdSessionEntries: { type: u64, value: 0n },
  },
}
