/** Clocks: how often a key may do something. */
import type { RuntimeContext } from '../../pallet.js'
import type { Variant } from '../../scale.js'
import type { State } from '../../state.js'
import { S } from './storage.js'

type Context = Pick<RuntimeContext, 'state' | 'block'>

/** Whether enough blocks have passed since the last time; the first time is free. */
const hasPassed = ({ block }: Context, last: bigint, limit: bigint): boolean =>
  last === 0n || BigInt(block) - last >= limit

/** Names of the clocks in `LastRateLimitedBlock`. */
export const clocks = {
  networkRegistered: { type: 'NetworkLastRegistered' } as Variant,
  ownerHotkey: (netuid: number): Variant => ({ type: 'SetSNOwnerHotkey', value: netuid }),
  ownerSetting: (netuid: number, setting: string): Variant => ({
    type: 'OwnerHyperparamUpdate',
    value: [netuid, { type: setting }],
  }),
  transaction: (key: string): Variant => ({ type: 'LastTxBlock', value: key }),
  delegateTake: (hotkey: string): Variant => ({ type: 'LastTxBlockDelegateTake', value: hotkey }),
  childkeyTake: (hotkey: string): Variant => ({ type: 'LastTxBlockChildKeyTake', value: hotkey }),
}

/** When a clock was started last, 0 for never. */
export const lastBlockOf = (state: State, clock: Variant): bigint =>
  state.get(S.LastRateLimitedBlock, clock)

export const startClock = ({ state, block }: Context, clock: Variant): void =>
  state.set(S.LastRateLimitedBlock, [clock], BigInt(block))

/** Whether a clock allows another go. */
export const clockAllows = (context: Context, clock: Variant, limit: bigint): boolean =>
  hasPassed(context, lastBlockOf(context.state, clock), limit)
