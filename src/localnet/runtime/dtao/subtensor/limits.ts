/** Clocks: how often a key may do something. */
import type { RuntimeContext } from '../../pallet.js'
import type { Variant } from '../../scale.js'
import type { State } from '../../state.js'
import { S } from './storage.js'

/** Kinds of transactions with a clock per key and subnet, by their number in `TransactionKeyLastBlock`. */
const KINDS: Readonly<Record<Kind, number>> = {
  SetChildren: 0,
  SetChildkeyTake: 1,
  SetWeightsVersionKey: 4,
  MechanismCountUpdate: 7,
  MechanismEmission: 8,
  MaxUidsTrimming: 9,
}

export type Kind =
  | 'SetChildren'
  | 'SetChildkeyTake'
  | 'SetWeightsVersionKey'
  | 'MechanismCountUpdate'
  | 'MechanismEmission'
  | 'MaxUidsTrimming'

/** 30 minutes. */
const CHILDREN_LIMIT = 150n
/** A day. */
const DAY = 7200n
/** 30 days. */
const TRIMMING_LIMIT = 30n * DAY

function limitOf(state: State, kind: Kind, netuid: number): bigint {
  switch (kind) {
    case 'SetChildren':
      return CHILDREN_LIMIT
    case 'SetChildkeyTake':
      return state.get(S.TxChildkeyTakeRateLimit)
    case 'SetWeightsVersionKey':
      return BigInt(state.get(S.Tempo, netuid)) * state.get(S.WeightsVersionKeyRateLimit)
    case 'MaxUidsTrimming':
      return TRIMMING_LIMIT
    default:
      return DAY
  }
}

type Context = Pick<RuntimeContext, 'state' | 'block'>

/** Whether enough blocks have passed since the last time; the first time is free. */
const hasPassed = ({ block }: Context, last: bigint, limit: bigint): boolean =>
  last === 0n || BigInt(block) - last >= limit

export function passesLimit(context: Context, kind: Kind, key: string, netuid: number): boolean {
  const { state } = context
  const last = state.get(S.TransactionKeyLastBlock, key, netuid, KINDS[kind])
  return hasPassed(context, last, limitOf(state, kind, netuid))
}

/** Starts the clock of {@link passesLimit} anew. */
export function noteUse({ state, block }: Context, kind: Kind, key: string, netuid: number): void {
  state.set(S.TransactionKeyLastBlock, [key, netuid, KINDS[kind]], BigInt(block))
}

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

/** Whether a clock with a limit that may be 0, for none, forbids another go: the limit itself is too early. */
export function isTooSoon({ block }: Context, last: bigint, limit: bigint): boolean {
  return limit !== 0n && last !== 0n && BigInt(block) - last <= limit
}
