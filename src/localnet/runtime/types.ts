/** Named SCALE types of the runtime, with the paths its metadata gives them. Storage types live with their pallets. */
import {
  AccountId,
  bytes,
  compact,
  fixedBytes,
  option,
  type ScaleType,
  str,
  struct,
  tuple,
  u8,
  u32,
  u64,
  unit,
  type Variant,
  variant,
  vec,
  wrapper,
} from './scale.js'

/** The account of 32 zero bytes: what a missing owner reads as. */
export const ZERO_ACCOUNT = `0x${'00'.repeat(32)}`

const phantom = (name: string) => ({ name, type: undefined })
const param = (name: string, type: ScaleType<unknown>) => ({ name, type })

/**
 * `BoundedVec<T, S>`. In storage the calls see to the bound.
 * @param most as an argument of a call: with more entries the bytes are no transaction.
 */
export function boundedVec<T>(of: ScaleType<T>, most = Number.POSITIVE_INFINITY): ScaleType<T[]> {
  const whole = wrapper(vec(of), {
    path: ['bounded_collections', 'bounded_vec', 'BoundedVec'],
    params: [param('T', of), phantom('S')],
    typeName: 'Vec<T>',
  })
  return atMost(whole, most)
}

/** The same type as an argument of a call: with more entries the bytes are no transaction. */
export function atMost<T extends { readonly length: number }>(
  type: ScaleType<T>,
  most: number,
): ScaleType<T> {
  const dec: typeof type.codec.dec = (source) => {
    const list = type.codec.dec(source)
    if (list.length > most) throw new Error(`${list.length} entries where ${most} may be`)
    return list
  }
  return { ...type, codec: { enc: type.codec.enc, dec } }
}

/** `WeakBoundedVec<T, S>`. */
export function weakBoundedVec<T>(of: ScaleType<T>): ScaleType<T[]> {
  return wrapper(vec(of), {
    path: ['bounded_collections', 'weak_bounded_vec', 'WeakBoundedVec'],
    params: [param('T', of), phantom('S')],
    typeName: 'Vec<T>',
  })
}

/** Two-dimensional weight: picoseconds and bytes of proof. */
export const Weight = struct(
  { ref_time: compact(u64), proof_size: compact(u64) },
  {
    path: ['sp_weights', 'weight_v2', 'Weight'],
    typeNames: { ref_time: 'u64', proof_size: 'u64' },
  },
)
export type WeightValue = { ref_time: bigint; proof_size: bigint }

/** The one-dimensional weight that `close_old_weight` still takes. */
export const OldWeight: ScaleType<bigint> = wrapper(u64, {
  path: ['sp_weights', 'OldWeight'],
  typeName: 'u64',
})

/** `Compact<OldWeight>`, on the wire a compact u64. */
export const CompactOldWeight: ScaleType<bigint> = {
  ...compact(u64),
  def: () => ({ kind: 'compact', of: OldWeight }),
}

export function perDispatchClass<T>(of: ScaleType<T>) {
  return struct(
    { normal: of, operational: of, mandatory: of },
    {
      path: ['frame_support', 'dispatch', 'PerDispatchClass'],
      params: [param('T', of)],
      typeNames: { normal: 'T', operational: 'T', mandatory: 'T' },
    },
  )
}

export const DispatchClass = variant(
  () => ({ Normal: { index: 0 }, Operational: { index: 1 }, Mandatory: { index: 2 } }),
  { path: ['frame_support', 'dispatch', 'DispatchClass'] },
)
export const Pays = variant(() => ({ Yes: { index: 0 }, No: { index: 1 } }), {
  path: ['frame_support', 'dispatch', 'Pays'],
})
export const DispatchInfo = struct(
  { weight: Weight, class: DispatchClass, pays_fee: Pays },
  { path: ['frame_support', 'dispatch', 'DispatchInfo'] },
)
export type DispatchInfoValue = { weight: WeightValue; class: Variant; pays_fee: Variant }

const ModuleError = struct(
  { index: u8, error: fixedBytes(4) },
  {
    path: ['sp_runtime', 'ModuleError'],
    typeNames: { index: 'u8', error: '[u8; MAX_MODULE_ERROR_ENCODED_SIZE]' },
  },
)

/** Cases without fields, indexed by position. */
function plainCases(...names: string[]) {
  return Object.fromEntries(names.map((name, index) => [name, { index }]))
}

const TokenError = variant(
  () =>
    plainCases(
      'NoFunds',
      'WouldDie',
      'BelowMinimum',
      'CannotCreate',
      'UnknownAsset',
      'Frozen',
      'Unsupported',
    ),
  { path: ['sp_runtime', 'TokenError'] },
)
const ArithmeticError = variant(() => plainCases('Underflow', 'Overflow', 'DivisionByZero'), {
  path: ['sp_arithmetic', 'ArithmeticError'],
})
const TransactionalError = variant(() => plainCases('LimitReached', 'NoLayer'), {
  path: ['sp_runtime', 'TransactionalError'],
})

/** The error of a dispatch as it stands in events. */
export const DispatchErrorType = variant(
  () => ({
    Other: { index: 0 },
    CannotLookup: { index: 1 },
    BadOrigin: { index: 2 },
    Module: { index: 3, fields: [ModuleError], typeNames: ['ModuleError'] },
    ConsumerRemaining: { index: 4 },
    NoProviders: { index: 5 },
    TooManyConsumers: { index: 6 },
    Token: { index: 7, fields: [TokenError], typeNames: ['TokenError'] },
    Arithmetic: { index: 8, fields: [ArithmeticError], typeNames: ['ArithmeticError'] },
    Transactional: { index: 9, fields: [TransactionalError], typeNames: ['TransactionalError'] },
    Exhausted: { index: 10 },
    Corruption: { index: 11 },
    Unavailable: { index: 12 },
  }),
  { path: ['sp_runtime', 'DispatchError'] },
)

/** `Result<(), DispatchError>`. */
export const DispatchResult = variant(
  () => ({
    Ok: { index: 0, fields: [unit] },
    Err: { index: 1, fields: [DispatchErrorType] },
  }),
  { path: ['Result'], params: [param('T', unit), param('E', DispatchErrorType)] },
)

/** `Compact<()>`: no bytes at all. */
const CompactUnit: ScaleType<undefined> = {
  codec: unit.codec,
  def: () => ({ kind: 'compact', of: unit }),
  path: [],
  params: [],
}

/** How calls name an account; only `Id` resolves on this chain. */
export const MultiAddress = variant(
  () => ({
    Id: { index: 0, fields: [AccountId], typeNames: ['AccountId'] },
    Index: { index: 1, fields: [CompactUnit], typeNames: ['AccountIndex'] },
    Raw: { index: 2, fields: [bytes], typeNames: ['Vec<u8>'] },
    Address32: { index: 3, fields: [fixedBytes(32)], typeNames: ['[u8; 32]'] },
    Address20: { index: 4, fields: [fixedBytes(20)], typeNames: ['[u8; 20]'] },
  }),
  {
    path: ['sp_runtime', 'multiaddress', 'MultiAddress'],
    params: [param('AccountId', AccountId), param('AccountIndex', unit)],
  },
)

export const Phase = variant(
  () => ({
    ApplyExtrinsic: { index: 0, fields: [u32], typeNames: ['u32'] },
    Finalization: { index: 1 },
    Initialization: { index: 2 },
  }),
  { path: ['frame_system', 'Phase'] },
)

const digestPair = { fields: [fixedBytes(4), bytes], typeNames: ['ConsensusEngineId', 'Vec<u8>'] }
const DigestItem = variant(
  () => ({
    PreRuntime: { index: 6, ...digestPair },
    Consensus: { index: 4, ...digestPair },
    Seal: { index: 5, ...digestPair },
    Other: { index: 0, fields: [bytes], typeNames: ['Vec<u8>'] },
    RuntimeEnvironmentUpdated: { index: 8 },
  }),
  { path: ['sp_runtime', 'generic', 'digest', 'DigestItem'] },
)
export const Digest = struct(
  { logs: vec(DigestItem) },
  { path: ['sp_runtime', 'generic', 'digest', 'Digest'], typeNames: { logs: 'Vec<DigestItem>' } },
)

/** An sr25519 public key of the block authors. */
export const AuraPublic: ScaleType<string> = wrapper(
  wrapper(fixedBytes(32), { path: ['sp_core', 'sr25519', 'Public'], typeName: '[u8; 32]' }),
  {
    path: ['sp_consensus_aura', 'sr25519', 'app_sr25519', 'Public'],
    typeName: 'sr25519::Public',
  },
)
/** An ed25519 public key of the finality voters. */
export const GrandpaPublic: ScaleType<string> = wrapper(
  wrapper(fixedBytes(32), { path: ['sp_core', 'ed25519', 'Public'], typeName: '[u8; 32]' }),
  { path: ['sp_finality_grandpa', 'app', 'Public'], typeName: 'ed25519::Public' },
)

const RawOrigin = variant(
  () => ({
    Root: { index: 0 },
    Signed: { index: 1, fields: [AccountId], typeNames: ['AccountId'] },
    None: { index: 2 },
  }),
  { path: ['frame_support', 'dispatch', 'RawOrigin'], params: [param('AccountId', AccountId)] },
)
const CollectiveOrigin = variant(
  () => ({
    Members: { index: 0, fields: [u32, u32], typeNames: ['MemberCount', 'MemberCount'] },
    Member: { index: 1, fields: [AccountId], typeNames: ['AccountId'] },
    _Phantom: { index: 2 },
  }),
  {
    path: ['pallet_collective', 'RawOrigin'],
    params: [param('AccountId', AccountId), phantom('I')],
  },
)
const Void: ScaleType<unknown> = variant(() => ({}), { path: ['sp_core', 'Void'] })

/** The origin that `Utility.dispatch_as` names. */
export const OriginCaller = variant(
  () => ({
    system: { index: 0, fields: [RawOrigin], typeNames: ['frame_system::Origin<Runtime>'] },
    Triumvirate: {
      index: 8,
      fields: [CollectiveOrigin],
      typeNames: ['pallet_collective::Origin<Runtime, pallet_collective::Instance1>'],
    },
    Void: { index: 2, fields: [Void], typeNames: ['Void'] },
  }),
  { path: ['node_subtensor_runtime', 'OriginCaller'] },
)

const WeightsPerClass = struct(
  {
    base_extrinsic: Weight,
    max_extrinsic: option(Weight),
    max_total: option(Weight),
    reserved: option(Weight),
  },
  { path: ['frame_system', 'limits', 'WeightsPerClass'] },
)
export const BlockWeights = struct(
  { base_block: Weight, max_block: Weight, per_class: perDispatchClass(WeightsPerClass) },
  { path: ['frame_system', 'limits', 'BlockWeights'] },
)
export const BlockLength = struct(
  { max: perDispatchClass(u32) },
  { path: ['frame_system', 'limits', 'BlockLength'] },
)
export const RuntimeDbWeight = struct(
  { read: u64, write: u64 },
  { path: ['sp_weights', 'RuntimeDbWeight'] },
)

const ApiList = vec(tuple(fixedBytes(8), u32))
export const RuntimeVersionType = struct(
  {
    spec_name: str,
    impl_name: str,
    authoring_version: u32,
    spec_version: u32,
    impl_version: u32,
    apis: wrapper(ApiList, { path: ['Cow'], params: [param('T', ApiList)] }),
    transaction_version: u32,
    state_version: u8,
  },
  { path: ['sp_version', 'RuntimeVersion'] },
)

/** `Data` in registries: nothing, up to so many raw bytes, or a hash. In memory a hex string per case. */
export function dataType(
  crate: string,
  maxBytes: number,
  more: ReturnType<Parameters<typeof variant>[0]> = {},
): ScaleType<Variant> {
  const raw = Array.from({ length: maxBytes + 1 }, (_, length) => [
    `Raw${length}`,
    { index: length + 1, fields: [fixedBytes(length)] },
  ])
  const hash = (position: number) => ({ index: maxBytes + 1 + position, fields: [fixedBytes(32)] })
  return variant(
    () => ({
      None: { index: 0 },
      ...Object.fromEntries(raw),
      BlakeTwo256: hash(1),
      Sha256: hash(2),
      Keccak256: hash(3),
      ShaThree256: hash(4),
      ...more,
    }),
    { path: [crate, 'types', 'Data'] },
  )
}
