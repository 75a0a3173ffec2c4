/**
 * What the chain serves beyond spec 343, because newer clients (bittensor-cli 9.23, bittensor 11.3) do not work without
 * it. All of it is added: nothing of spec 343 is changed by it. Its runtime APIs are in `node/dtaoInfo/later.ts`.
 */
import { call, cost, type Pallet } from '../../pallet.js'
import { AccountId, u16, u64 } from '../../scale.js'
import { registerLimit } from '../subtensor/registration.js'
import { Locks } from './locks.js'

const calls = {
  register_limit: call({
    index: 134,
    args: { netuid: u16, hotkey: AccountId, limit_price: u64 },
    weight: cost(354_200_000, 0, 47, 40),
    run: registerLimit,
  }),
}

/** The pallet of spec 343 with the later parts. */
export function withLater(pallet: Pallet): Pallet {
  return {
    ...pallet,
    storage: { ...pallet.storage, ...Locks },
    calls: { ...pallet.calls, ...calls },
  }
}
