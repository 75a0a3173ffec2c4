/** Named SCALE types of spec 343 that differ from those of spec 143, or that it alone has. */
import {
  AccountId,
  bytes,
  fixedBytes,
  i64,
  i128,
  type ScaleType,
  str,
  struct,
  tuple,
  u8,
  u128,
  unit,
  variant,
  vec,
  wrapper,
} from '../scale.js'
import { DispatchClass, Pays, Weight } from '../types.js'

const plainCases = (...names: string[]) =>
  Object.fromEntries(names.map((name, index) => [name, { index }]))

/** Type-level binary digits, as the fixed-point types carry them. */
const B0 = struct({}, { path: ['substrate_typenum', 'bit', 'B0'] })
const B1 = struct({}, { path: ['substrate_typenum', 'bit', 'B1'] })
const UTerm = struct({}, { path: ['substrate_typenum', 'uint', 'UTerm'] })

function digits(value: number): ScaleType<unknown> {
  if (value === 0) return UTerm
  const [msb, lsb] = [digits(value >> 1), value & 1 ? B1 : B0]
  return struct(
    { msb, lsb },
    {
      path: ['substrate_typenum', 'uint', 'UInt'],
      params: [
        { name: 'U', type: msb },
        { name: 'B', type: lsb },
      ],
    },
  )
}

/** A fixed-point number, in memory the bare bits. */
function fixedPoint(name: string, bits: ScaleType<bigint>, fraction: number): ScaleType<bigint> {
  const def = struct(
    { bits },
    {
      path: ['substrate_fixed', name],
      params: [{ name: 'Frac', type: digits(fraction) }],
    },
  )
  return { ...def, codec: bits.codec }
}

export const U64F64 = fixedPoint('FixedU128', u128, 64)
export const I64F64 = fixedPoint('FixedI128', i128, 64)
export const I96F32 = fixedPoint('FixedI128', i128, 32)
export const I32F32 = fixedPoint('FixedI64', i64, 32)

export const H160 = wrapper(fixedBytes(20), { path: ['primitive_types', 'H160'] })
export const Percent = wrapper(u8, { path: ['sp_arithmetic', 'per_things', 'Percent'] })

/** `BoundedVec<u8, S>` as a Uint8Array. */
export const boundedBytes = wrapper(bytes, {
  path: ['bounded_collections', 'bounded_vec', 'BoundedVec'],
  params: [
    { name: 'T', type: u8 },
    { name: 'S', type: undefined },
  ],
  typeName: 'Vec<T>',
})

/** `BTreeMap<K, V>` as entries; keep them in the order of their keys. */
export function btreeMap<K, V>(key: ScaleType<K>, value: ScaleType<V>): ScaleType<[K, V][]> {
  const entries = vec(tuple(key, value)) as unknown as ScaleType<[K, V][]>
  return wrapper(entries, {
    path: ['BTreeMap'],
    params: [
      { name: 'K', type: key },
      { name: 'V', type: value },
    ],
  })
}

/** `BTreeSet<T>` as a list; keep it sorted. */
export function btreeSet<T>(of: ScaleType<T>): ScaleType<T[]> {
  return wrapper(vec(of), { path: ['BTreeSet'], params: [{ name: 'T', type: of }] })
}

/** `Cow<'static, str>`. */
export const CowStr = wrapper(str, { path: ['Cow'], params: [{ name: 'T', type: str }] })

export const DispatchEventInfo = struct(
  { weight: Weight, class: DispatchClass, pays_fee: Pays },
  { path: ['frame_system', 'DispatchEventInfo'] },
)

const ModuleError = struct(
  { index: u8, error: fixedBytes(4) },
  {
    path: ['sp_runtime', 'ModuleError'],
    typeNames: { index: 'u8', error: '[u8; MAX_MODULE_ERROR_ENCODED_SIZE]' },
  },
)
const TokenError = variant(
  () =>
    plainCases(
      'FundsUnavailable',
      'OnlyProvider',
      'BelowMinimum',
      'CannotCreate',
      'UnknownAsset',
      'Frozen',
      'Unsupported',
      'CannotCreateHold',
      'NotExpendable',
      'Blocked',
    ),
  { path: ['sp_runtime', 'TokenError'] },
)
const ArithmeticError = variant(() => plainCases('Underflow', 'Overflow', 'DivisionByZero'), {
  path: ['sp_arithmetic', 'ArithmeticError'],
})
const TransactionalError = variant(() => plainCases('LimitReached', 'NoLayer'), {
  path: ['sp_runtime', 'TransactionalError'],
})
const TrieError = variant(
  () =>
    plainCases(
      'InvalidStateRoot',
      'IncompleteDatabase',
      'ValueAtIncompleteKey',
      'DecoderError',
      'InvalidHash',
      'DuplicateKey',
      'ExtraneousNode',
      'ExtraneousValue',
      'ExtraneousHashReference',
      'InvalidChildReference',
      'ValueMismatch',
      'IncompleteProof',
      'RootMismatch',
      'DecodeError',
    ),
  { path: ['sp_runtime', 'proving_trie', 'TrieError'] },
)

const of = (type: ScaleType<unknown>, typeName: string) => ({
  fields: [type],
  typeNames: [typeName],
})

/** The error of a dispatch as it stands in events. */
export const DispatchErrorType = variant(
  () => ({
    Other: { index: 0 },
    CannotLookup: { index: 1 },
    BadOrigin: { index: 2 },
    Module: { index: 3, ...of(ModuleError, 'ModuleError') },
    ConsumerRemaining: { index: 4 },
    NoProviders: { index: 5 },
    TooManyConsumers: { index: 6 },
    Token: { index: 7, ...of(TokenError, 'TokenError') },
    Arithmetic: { index: 8, ...of(ArithmeticError, 'ArithmeticError') },
    Transactional: { index: 9, ...of(TransactionalError, 'TransactionalError') },
    Exhausted: { index: 10 },
    Corruption: { index: 11 },
    Unavailable: { index: 12 },
    RootNotAllowed: { index: 13 },
    Trie: { index: 14, ...of(TrieError, 'TrieError') },
  }),
  { path: ['sp_runtime', 'DispatchError'] },
)

/** `Result<(), DispatchError>`. */
export const DispatchResult = variant(
  () => ({
    Ok: { index: 0, fields: [unit] },
    Err: { index: 1, fields: [DispatchErrorType] },
  }),
  {
    path: ['Result'],
    params: [
      { name: 'T', type: unit },
      { name: 'E', type: DispatchErrorType },
    ],
  },
)

const SystemOrigin = variant(
  () => ({
    Root: { index: 0 },
    Signed: { index: 1, ...of(AccountId, 'AccountId') },
    None: { index: 2 },
    Authorized: { index: 3 },
  }),
  {
    path: ['frame_support', 'dispatch', 'RawOrigin'],
    params: [{ name: 'AccountId', type: AccountId }],
  },
)
const EthereumOrigin = variant(() => ({ EthereumTransaction: { index: 0, ...of(H160, 'H160') } }), {
  path: ['pallet_ethereum', 'RawOrigin'],
})

/** The origin that `Utility.dispatch_as` names. */
export const OriginCaller = variant(
  () => ({
    system: { index: 0, ...of(SystemOrigin, 'frame_system::Origin<Runtime>') },
    Ethereum: { index: 21, ...of(EthereumOrigin, 'pallet_ethereum::Origin') },
  }),
  { path: ['node_subtensor_runtime', 'OriginCaller'] },
)
