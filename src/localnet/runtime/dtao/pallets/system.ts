/** System of spec 343: the accounts have one frozen amount and flags, and two more reasons to fail. */
import {
  blake,
  type ConstantDef,
  type EventDef,
  errorsInOrder,
  map,
  optionalValue,
  type Pallet,
  type RuntimeContext,
  storageOf,
  value,
} from '../../pallet.js'
import {
  System as Common,
  type EventRecord,
  eventsItem,
  NO_WEIGHT,
  systemCalls,
} from '../../pallets/system.js'
import {
  AccountId,
  bool,
  compact,
  fixedBytes,
  H256,
  type ScaleType,
  struct,
  tuple,
  u8,
  u16,
  u32,
  u64,
  u128,
  vec,
  wrapper,
} from '../../scale.js'
import type { State } from '../../state.js'
import { BlockLength, BlockWeights, RuntimeDbWeight, Weight } from '../../types.js'
import { CowStr, DispatchErrorType, DispatchEventInfo } from '../types.js'
import { RUNTIME_VERSION } from '../version.js'

const ExtraFlags = wrapper(u128, { path: ['pallet_balances', 'types', 'ExtraFlags'] })

/** Balances of an account as System keeps them. */
export const AccountData = struct(
  { free: u64, reserved: u64, frozen: u64, flags: ExtraFlags },
  {
    path: ['pallet_balances', 'types', 'AccountData'],
    params: [{ name: 'Balance', type: u64 }],
  },
)
export type AccountDataValue = { free: bigint; reserved: bigint; frozen: bigint; flags: bigint }

const AccountInfo = struct(
  { nonce: u32, consumers: u32, providers: u32, sufficients: u32, data: AccountData },
  {
    path: ['frame_system', 'AccountInfo'],
    params: [
      { name: 'Nonce', type: u32 },
      { name: 'AccountData', type: AccountData },
    ],
    typeNames: {
      nonce: 'Nonce',
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

/** Marks an account as counted by the rules of today: set in every account since spec 2xx. */
const NEW_LOGIC = 1n << 127n

export const NO_DATA: AccountDataValue = {
  free: 0n,
  reserved: 0n,
  frozen: 0n,
  flags: NEW_LOGIC,
}

/** An account without anything. */
export const NO_ACCOUNT: AccountInfoValue = {
  nonce: 0,
  consumers: 0,
  providers: 0,
  sufficients: 0,
  data: NO_DATA,
}

const LastRuntimeUpgradeInfo = struct(
  { spec_version: compact(u32), spec_name: CowStr },
  { path: ['frame_system', 'LastRuntimeUpgradeInfo'] },
)
const CodeUpgradeAuthorization = struct(
  { code_hash: H256, check_version: bool },
  {
    path: ['frame_system', 'CodeUpgradeAuthorization'],
    params: [{ name: 'T', type: undefined }],
  },
)

const own = storageOf('System', {
  Account: map([blake(AccountId)], AccountInfo, NO_ACCOUNT),
  InherentsApplied: value(bool, false),
  LastRuntimeUpgrade: optionalValue(LastRuntimeUpgradeInfo),
  AuthorizedUpgrade: optionalValue(CodeUpgradeAuthorization),
  ExtrinsicWeightReclaimed: value(Weight, NO_WEIGHT),
})

/** Items that do not depend on which pallets there are. */
export const System = { ...Common, ...own }

const events: Record<string, EventDef> = {
  ExtrinsicSuccess: { index: 0, fields: { dispatch_info: DispatchEventInfo } },
  ExtrinsicFailed: {
    index: 1,
    fields: { dispatch_error: DispatchErrorType, dispatch_info: DispatchEventInfo },
  },
  CodeUpdated: { index: 2, fields: [] },
  NewAccount: { index: 3, fields: { account: AccountId } },
  KilledAccount: { index: 4, fields: { account: AccountId } },
  Remarked: { index: 5, fields: { sender: AccountId, hash: H256 } },
  UpgradeAuthorized: { index: 6, fields: { code_hash: H256, check_version: bool } },
  RejectedInvalidAuthorizedUpgrade: {
    index: 7,
    fields: { code_hash: H256, error: DispatchErrorType },
  },
}

const U64_MAX = (1n << 64n) - 1n
/** What every extrinsic costs besides its call, in picoseconds. */
const BASE_EXTRINSIC = { ref_time: 108_157_000n, proof_size: 0n }
const weight = (ref_time: bigint, proof_size: bigint) => ({ ref_time, proof_size })

/** Limits of a block of four seconds: three quarters for normal calls, a quarter kept for operational ones. */
const BLOCK_WEIGHTS = {
  base_block: weight(431_614_000n, 0n),
  max_block: weight(4_000_000_000_000n, U64_MAX),
  per_class: {
    normal: {
      base_extrinsic: BASE_EXTRINSIC,
      max_extrinsic: weight(2_599_891_843_000n, 11_990_383_647_911_208_550n),
      max_total: weight(3_000_000_000_000n, 13_835_058_055_282_163_711n),
      reserved: NO_WEIGHT,
    },
    operational: {
      base_extrinsic: BASE_EXTRINSIC,
      max_extrinsic: weight(3_599_891_843_000n, 16_602_069_666_338_596_454n),
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

const ApiList = vec(tuple(fixedBytes(8), u32))
const RuntimeVersionType = struct(
  {
    spec_name: CowStr,
    impl_name: CowStr,
    authoring_version: u32,
    spec_version: u32,
    impl_version: u32,
    apis: wrapper(ApiList, { path: ['Cow'], params: [{ name: 'T', type: ApiList }] }),
    transaction_version: u32,
    system_version: u8,
  },
  { path: ['sp_version', 'RuntimeVersion'] },
)

const constants: Record<string, ConstantDef<unknown>> = {
  BlockWeights: { type: BlockWeights, value: BLOCK_WEIGHTS },
  BlockLength: {
    type: BlockLength,
    value: { max: { normal: 7_864_320, operational: 10_485_760, mandatory: 10_485_760 } },
  },
  BlockHashCount: { type: u32, value: 2400 },
  DbWeight: { type: RuntimeDbWeight, value: { read: 25_000_000n, write: 100_000_000n } },
  Version: { type: RuntimeVersionType, value: RUNTIME_VERSION },
  SS58Prefix: { type: u16, value: 42 },
}

const errors = errorsInOrder([
  'InvalidSpecName',
  'SpecVersionNeedsToIncrease',
  'FailedToExtractRuntimeVersion',
  'NonDefaultComposite',
  'NonZeroRefCount',
  'CallFiltered',
  'MultiBlockMigrationsOngoing',
  'NothingAuthorized',
  'Unauthorized',
])

/** The pallet, given the type of an event record of the whole runtime. */
export function systemPallet(eventRecord: ScaleType<EventRecord>): Pallet {
  const { Account, ExtrinsicCount, InherentsApplied, EventCount, EventTopics, ...others } = System
  const { LastRuntimeUpgrade, UpgradedToU32RefCount, UpgradedToTripleRefCount, ...most } = others
  const { ExecutionPhase, AuthorizedUpgrade, ExtrinsicWeightReclaimed, ...middle } = most
  return {
    name: 'System',
    index: 0,
    crate: 'frame_system',
    generics: { call: ['T'], event: ['T'], error: ['T'] },
    storage: {
      Account,
      ExtrinsicCount,
      InherentsApplied,
      ...middle,
      Events: eventsItem(eventRecord),
      EventCount,
      EventTopics,
      LastRuntimeUpgrade,
      UpgradedToU32RefCount,
      UpgradedToTripleRefCount,
      ExecutionPhase,
      AuthorizedUpgrade,
      ExtrinsicWeightReclaimed,
    },
    calls: systemCalls,
    events,
    errors,
    constants,
  }
}

/** Counts a transaction of the account. */
export function bumpNonce(state: State, who: string): void {
  const account = state.get(System.Account, who)
  state.set(System.Account, [who], { ...account, nonce: account.nonce + 1 })
}

type Context = Pick<RuntimeContext, 'state' | 'emit'>

/** Whether the entry of an account may go: nobody else relies on it. */
export function canDropProvider(account: AccountInfoValue): boolean {
  return account.consumers === 0 || account.providers > 1
}

/**
 * Stores other references of an account. Raises NewAccount and KilledAccount; an account that nothing provides for any
 * more goes with its nonce.
 */
export function storeAccount(context: Context, who: string, account: AccountInfoValue): void {
  const { state } = context
  const before = state.get(System.Account, who)
  const lived = before.providers > 0 || before.sufficients > 0
  const lives = account.providers > 0 || account.sufficients > 0
  if (!lived && lives) context.emit('System', 'NewAccount', { account: who })
  if (lived && !lives) {
    state.remove(System.Account, who)
    context.emit('System', 'KilledAccount', { account: who })
    return
  }
  state.set(System.Account, [who], account)
}
