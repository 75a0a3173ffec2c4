/**
 * What the chain serves beyond spec 343, because newer clients (bittensor-cli 9.23, bittensor 11.3) do not work without
 * it. All of it is added: nothing of spec 343 is changed by it. Its runtime APIs are in `node/dtaoInfo/later`.
 */
import { call, cost, type Pallet } from '../../pallet.js'
import { AccountId, bool, u16, u64 } from '../../scale.js'
import { moveStakeLimit } from '../subtensor/moving.js'
import { registerLimit } from '../subtensor/registration.js'
import { Locks } from './locks.js'
import { LaterSettings } from './settings.js'

const calls = {
  register_limit: call({
    index: 134,
    args: { netuid: u16, hotkey: AccountId, limit_price: u64 },
    weight: cost(354_200_000, 0, 47, 40),
    run: registerLimit,
  }),
  // No metadata that has this one was at hand: its index is our own.
  move_stake_limit: call({
    index: 200,
    args: {
      origin_hotkey: AccountId,
      destination_hotkey: AccountId,
      origin_netuid: u16,
      destination_netuid: u16,
      alpha_amount: u64,
      limit_price: u64,
      allow_partial: bool,
    },
    weight: cost(411_500_000, 0, 37, 24),
    run: moveStakeLimit,
  }),
}

/** The pallet of spec 343 with the later parts. */
export function withLater(pallet: Pallet): Pallet {
  return {
    ...pallet,
    storage: { ...pallet.storage, ...Locks, ...LaterSettings },
    calls: { ...pallet.calls, ...calls },
  }
}
