/** System: accounts, block number and hashes, events. */
import { blake2b } from '@noble/hashes/blake2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { failWith } from '../failure.js'
import {
  blake,
  type ConstantDef,
  call,
  cost,
  errorsInOrder,
  growing,
  map,
  type Origin,
  optionalValue,
  type Pallet,
  type RuntimeContext,
  type RuntimeEvent,
  storageOf,
  twox,
  value,
} from '../pallet.js'
import {
  AccountId,
  bool,
  bytes,
  compact,
  H256,
  type ScaleType,
  str,
  struct,
  tuple,
  u16,
  u32,
  u64,
  type Variant,
  vec,
} from '../scale.js'
import type { State } from '../state.js'
import {
  BlockLength,
  BlockWeights,
  Digest,
  DispatchErrorType,
  DispatchInfo,
  Phase,
  perDispatchClass,
  RuntimeDbWeight,
  RuntimeVersionType,
  Weight,
} from '../types.js'
import { RUNTIME_VERSION } from '../version.js'

/** Balances of an account as System keeps them. */
export const AccountData = struct(
  { free: u64, reserved: u64, misc_frozen: u64, fee_frozen: u64 },
  { path: ['pallet_balances', 'AccountData'], params: [{ name: 'Balance', type: u64 }] },
)
export type AccountDataValue = {
  free: bigint
  reserved: bigint
  misc_frozen: bigint
  fee_frozen: bigint
}

const AccountInfo = struct(
  { nonce: u32, consumers: u32, providers: u32, sufficients: u32, data: AccountData },
  {
    path: ['frame_system', 'AccountInfo'],
    params: [
      { name: 'Index', type: u32 },
      { name: 'AccountData', type: AccountData },
    ],
    typeNames: {
      nonce: 'Index',
      consumers: 'RefCount',
      providers: 'RefCount',
      sufficients: 'RefCount',
      data: 'AccountData',
    },
  },
)
export type AccountInfoValue = {
  nonce: number
  consumers: number
  providers: number
  sufficients: number
  data: AccountDataValue
}

/** An account without anything. */
export const NO_ACCOUNT: AccountInfoValue = {
  nonce: 0,
  consumers: 0,
  providers: 0,
  sufficients: 0,
  data: { free: 0n, reserved: 0n, misc_frozen: 0n, fee_frozen: 0n },
}

const ZERO_HASH = `0x${'00'.repeat(32)}`
export const NO_WEIGHT = { ref_time: 0n, proof_size: 0n }

const LastRuntimeUpgradeInfo = struct(
  { spec_version: compact(u32), spec_name: str },
  { path: ['frame_system', 'LastRuntimeUpgradeInfo'] },
)

/** Items that do not depend on which pallets there are; `Events` does, see {@link systemPallet}. */
export const System = storageOf('System', {
  Account: map([blake(AccountId)], AccountInfo, NO_ACCOUNT),
  ExtrinsicCount: optionalValue(u32),
  BlockWeight: value(perDispatchClass(Weight), {
    normal: NO_WEIGHT,
    operational: NO_WEIGHT,
    mandatory: NO_WEIGHT,
  }),
  AllExtrinsicsLen: optionalValue(u32),
  BlockHash: map([twox(u32)], H256, ZERO_HASH),
  ExtrinsicData: map([twox(u32)], bytes, new Uint8Array()),
  Number: value(u32, 0),
  ParentHash: value(H256, ZERO_HASH),
  Digest: value(Digest, { logs: [] }),
  EventCount: value(u32, 0),
  EventTopics: map([blake(H256)], vec(tuple(u32, u32)), []),
  LastRuntimeUpgrade: optionalValue(LastRuntimeUpgradeInfo),
  UpgradedToU32RefCount: value(bool, false),
  UpgradedToTripleRefCount: value(bool, false),
  ExecutionPhase: optionalValue(Phase),
})

/** What `System.Events` holds per event. */
export type EventRecord = {
  phase: Variant
  event: RuntimeEvent
  topics: string[]
}

/** `System.Events`, whose type lists the events of all pallets. */
export function eventsItem(eventRecord: ScaleType<EventRecord>) {
  return storageOf('System', { Events: value(vec(eventRecord), []) }).Events
}

const events = {
  ExtrinsicSuccess: { index: 0, fields: { dispatch_info: DispatchInfo } },
  ExtrinsicFailed: {
    index: 1,
    fields: { dispatch_error: DispatchErrorType, dispatch_info: DispatchInfo },
  },
  CodeUpdated: { index: 2, fields: [] },
  NewAccount: { index: 3, fields: { account: AccountId } },
  KilledAccount: { index: 4, fields: { account: AccountId } },
  Remarked: { index: 5, fields: { sender: AccountId, hash: H256 } },
}

const U64_MAX = (1n << 64n) - 1n
/** What every extrinsic costs besides its call, in picoseconds. */
const BASE_EXTRINSIC = { ref_time: 99_840_000n, proof_size: 0n }
const weight = (ref_time: bigint, proof_size: bigint) => ({ ref_time, proof_size })

/** Limits of a block of four seconds: three quarters for normal calls, a quarter kept for operational ones. */
const BLOCK_WEIGHTS = {
  base_block: weight(381_015_000n, 0n),
  max_block: weight(4_000_000_000_000n, U64_MAX),
  per_class: {
    normal: {
      base_extrinsic: BASE_EXTRINSIC,
      max_extrinsic: weight(2_599_900_160_000n, 11_990_383_647_911_208_550n),
      max_total: weight(3_000_000_000_000n, 13_835_058_055_282_163_711n),
      reserved: NO_WEIGHT,
    },
    operational: {
      base_extrinsic: BASE_EXTRINSIC,
      max_extrinsic: weight(3_599_900_160_000n, 16_602_069_666_338_596_454n),
      max_total: weight(4_000_000_000_000n, U64_MAX),
      reserved: weight(1_000_000_000_000n, 4_611_686_018_427_387_904n),
    },
    mandatory: {
      base_extrinsic: BASE_EXTRINSIC,
      max_extrinsic: undefined,
      max_total: undefined,
      reserved: undefined,
    },
  },
}

const constants: Record<string, ConstantDef<unknown>> = {
  BlockWeights: {
    type: BlockWeights,
    value: BLOCK_WEIGHTS,
  },
  BlockLength: {
    type: BlockLength,
    value: { max: { normal: 7_864_320, operational: 10_485_760, mandatory: 10_485_760 } },
  },
  BlockHashCount: { type: u32, value: 2400 },
  DbWeight: { type: RuntimeDbWeight, value: { read: 25_000_000n, write: 100_000_000n } },
  Version: { type: RuntimeVersionType, value: RUNTIME_VERSION },
  SS58Prefix: { type: u16, value: 42 },
}

const perByte = (base: number, each: number) =>
  growing(cost(base), cost(each), (args) => (args['remark'] as Uint8Array).length)

export const systemCalls = {
  remark: call({
    index: 0,
    args: { remark: bytes },
    weight: perByte(2_091_000, 362),
    run({ origin }): undefined {
      if (origin.kind !== 'signed' && origin.kind !== 'root') failWith('BadOrigin')
    },
  }),
  remark_with_event: call({
    index: 7,
    args: { remark: bytes },
    weight: perByte(7_748_000, 1_423),
    run(context, { remark }) {
      const sender = signedBy(context.origin)
      context.emit('System', 'Remarked', { sender, hash: blake256(remark) })
      return undefined
    },
  }),
}

const systemErrors = errorsInOrder([
  'InvalidSpecName',
  'SpecVersionNeedsToIncrease',
  'FailedToExtractRuntimeVersion',
  'NonDefaultComposite',
  'NonZeroRefCount',
  'CallFiltered',
])

/** The pallet, given the type of an event record of the whole runtime. */
export function systemPallet(eventRecord: ScaleType<EventRecord>): Pallet {
  const { EventCount, EventTopics, LastRuntimeUpgrade, ...before } = System
  const { UpgradedToU32RefCount, UpgradedToTripleRefCount, ExecutionPhase, ...first } = before
  return {
    name: 'System',
    index: 0,
    crate: 'frame_system',
    generics: { call: ['T'], event: ['T'], error: ['T'] },
    storage: {
      ...first,
      Events: eventsItem(eventRecord),
      EventCount,
      EventTopics,
      LastRuntimeUpgrade,
      UpgradedToU32RefCount,
      UpgradedToTripleRefCount,
      ExecutionPhase,
    },
    calls: systemCalls,
    events,
    errors: systemErrors,
    constants,
  }
}

/** Blake2b-256 as `0x` hex. */
export function blake256(data: Uint8Array): string {
  return `0x${bytesToHex(blake2b(data, { dkLen: 32 }))}`
}

/** The account that signed, or the call ends in BadOrigin. */
export function signedBy(origin: Origin): string {
  return origin.kind === 'signed' ? origin.account : failWith('BadOrigin')
}

/** Ends the call in BadOrigin unless it runs as root. */
export function ensureRoot(origin: Origin): void {
  if (origin.kind !== 'root') failWith('BadOrigin')
}

/** The account that an address names, or the call ends in CannotLookup. */
export function lookup(address: Variant): string {
  return address.type === 'Id' ? (address.value as string) : failWith('CannotLookup')
}

/**
 * Gives an account another balance and keeps its count of providers: one while it has any balance. Raises NewAccount
 * and KilledAccount; an account that loses its last provider goes with its nonce.
 */
export function storeAccountData(
  context: Pick<RuntimeContext, 'state' | 'emit'>,
  who: string,
  data: AccountDataValue | undefined,
): void {
  const { state } = context
  const account = state.get(System.Account, who)
  const wasProviding = !isEmpty(account.data)
  if (!data) {
    if (wasProviding) dropProvider(context, who, account)
    return
  }
  const created = !wasProviding && account.providers === 0 && account.sufficients === 0
  const providers = wasProviding ? account.providers : created ? 1 : account.providers + 1
  if (created) context.emit('System', 'NewAccount', { account: who })
  state.set(System.Account, [who], { ...account, providers, data })
}

/** Whether nothing of the balance is left. */
export function isEmpty(data: AccountDataValue): boolean {
  return (
    data.free === 0n && data.reserved === 0n && data.misc_frozen === 0n && data.fee_frozen === 0n
  )
}

function dropProvider(
  context: Pick<RuntimeContext, 'state' | 'emit'>,
  who: string,
  account: AccountInfoValue,
): void {
  if (account.providers > 1 || account.sufficients > 0) {
    const providers = account.providers - 1
    context.state.set(System.Account, [who], { ...account, providers, data: NO_ACCOUNT.data })
    return
  }
  context.state.remove(System.Account, who)
  context.emit('System', 'KilledAccount', { account: who })
}

/** Counts a transaction of the account. */
export function bumpNonce(state: State, who: string): void {
  const account = state.get(System.Account, who)
  state.set(System.Account, [who], { ...account, nonce: account.nonce + 1 })
}
