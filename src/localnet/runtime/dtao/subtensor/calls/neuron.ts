/** Calls by which hotkeys get uids. */
import { call, cost } from '../../../pallet.js'
import { AccountId, bytes, u16, u64 } from '../../../scale.js'
import { burnedRegister, faucet, register, rootRegister } from '../registration.js'

const work = { block_number: u64, nonce: u64, work: bytes }

export const neuronCalls = {
  register: call({
    index: 6,
    args: { netuid: u16, ...work, hotkey: AccountId, coldkey: AccountId },
    weight: cost(197_900_000, 0, 27, 23),
    run: register,
  }),
  burned_register: call({
    index: 7,
    args: { netuid: u16, hotkey: AccountId },
    weight: cost(354_200_000, 0, 50, 43),
    run: burnedRegister,
  }),
  root_register: call({
    index: 62,
    args: { hotkey: AccountId },
    weight: cost(135_900_000, 0, 22, 19),
    run: rootRegister,
  }),
}

export const faucetCall = (enabled: boolean) =>
  call({
    pays: false,
    index: 60,
    args: work,
    weight: cost(91_000_000, 0, 27, 22),
    run: faucet(enabled),
  })
