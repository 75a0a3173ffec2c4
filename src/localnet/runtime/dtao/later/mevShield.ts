/**
 * MevShield of runtimes after spec 343: transactions that nobody can read before they are in a block. bittensor-cli 9.23
 * and bittensor 11.3 send some calls in no other way. Here the keys are kept and carriers are noted; who opens them is the
 * author of blocks, in `node/shield`. Stored calls that run later, and what only the real authors call, are left out.
 */
import { call, cost, eventsInOrder, optionalValue, type Pallet, storageOf } from '../../pallet.js'
import { blake256, signedBy } from '../../pallets/system.js'
import { AccountId, H256, tuple, u32 } from '../../scale.js'
import type { State } from '../../state.js'
import { atMost } from '../../types.js'
import { boundedBytes } from '../types.js'
import { firstShieldKey } from './firstShieldKey.js'

export const MevShield = storageOf('MevShield', {
  CurrentKey: optionalValue(boundedBytes),
  PendingKey: optionalValue(boundedBytes),
  NextKey: optionalValue(boundedBytes),
  PendingKeyExpiresAt: optionalValue(u32),
  NextKeyExpiresAt: optionalValue(u32),
})

/** What the identity of a carrier is the hash of. */
const Carried = tuple(AccountId, boundedBytes)

const calls = {
  submit_encrypted: call({
    index: 1,
    args: { ciphertext: atMost(boundedBytes, 8192) },
    typeNames: ['BoundedVec<u8, ConstU32<8192>>'],
    weight: cost(207_223_000),
    run({ origin, emit }, { ciphertext }) {
      const who = signedBy(origin)
      emit('MevShield', 'EncryptedSubmitted', {
        id: blake256(Carried.codec.enc([who, ciphertext])),
        who,
      })
      return undefined
    },
  }),
}

/** Says until when the announced keys are good: before which block. The first one is there from the first block on. */
export function announceShieldKeys(state: State, block: number): void {
  if (!state.has(MevShield.NextKey)) state.set(MevShield.NextKey, [], firstShieldKey)
  state.set(MevShield.NextKeyExpiresAt, [], block + 3)
  if (state.has(MevShield.PendingKey)) state.set(MevShield.PendingKeyExpiresAt, [], block + 2)
}

export const mevShieldPallet: Pallet = {
  name: 'MevShield',
  index: 30,
  crate: 'pallet_shield::pallet',
  generics: { call: ['T'], event: ['T'], error: ['T'] },
  storage: MevShield,
  calls,
  events: eventsInOrder({ EncryptedSubmitted: { id: H256, who: AccountId } }),
  errors: {},
  constants: {},
  onInitialize: ({ state, block }) => announceShieldKeys(state, block),
}
