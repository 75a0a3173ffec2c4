/** What the pool's and the block builder's APIs answer. Their bytes are made by hand; metadata tells these types. */
import {
  bool,
  bytes,
  type ScaleType,
  struct,
  u8,
  u64,
  unit,
  type Variant,
  variant,
  vec,
} from '../runtime/scale.js'

const module = ['sp_runtime', 'transaction_validity']
const plain = (...names: string[]) =>
  Object.fromEntries(names.map((name, index) => [name, { index }]))

export const TransactionSource = variant(() => plain('InBlock', 'Local', 'External'), {
  path: [...module, 'TransactionSource'],
})

const InvalidTransaction = variant(
  () => ({
    ...plain(
      'Call',
      'Payment',
      'Future',
      'Stale',
      'BadProof',
      'AncientBirthBlock',
      'ExhaustsResources',
    ),
    Custom: { index: 7, fields: [u8], typeNames: ['u8'] },
    BadMandatory: { index: 8 },
    MandatoryValidation: { index: 9 },
    BadSigner: { index: 10 },
  }),
  { path: [...module, 'InvalidTransaction'] },
)
const UnknownTransaction = variant(
  () => ({
    ...plain('CannotLookup', 'NoUnsignedValidator'),
    Custom: { index: 2, fields: [u8], typeNames: ['u8'] },
  }),
  { path: [...module, 'UnknownTransaction'] },
)
const TransactionValidityError = variant(
  () => ({
    Invalid: { index: 0, fields: [InvalidTransaction], typeNames: ['InvalidTransaction'] },
    Unknown: { index: 1, fields: [UnknownTransaction], typeNames: ['UnknownTransaction'] },
  }),
  { path: [...module, 'TransactionValidityError'] },
)
const ValidTransaction = struct(
  {
    priority: u64,
    requires: vec(bytes),
    provides: vec(bytes),
    longevity: u64,
    propagate: bool,
  },
  { path: [...module, 'ValidTransaction'] },
)

/** Its values are bytes that are encoded already. */
function encoded(type: ScaleType<Variant>): ScaleType<Uint8Array> {
  const codec = { enc: (value: Uint8Array) => value, dec: bytes.codec.dec }
  return { ...type, codec }
}

function result(ok: ScaleType<unknown>, error: ScaleType<unknown>): ScaleType<Variant> {
  return variant(() => ({ Ok: { index: 0, fields: [ok] }, Err: { index: 1, fields: [error] } }), {
    path: ['Result'],
    params: [
      { name: 'T', type: ok },
      { name: 'E', type: error },
    ],
  })
}

/** `TransactionValidity` */
export const TransactionValidity = encoded(result(ValidTransaction, TransactionValidityError))

/** `ApplyExtrinsicResult` */
export const applyResult = (dispatchError: ScaleType<unknown>) =>
  encoded(result(result(unit, dispatchError), TransactionValidityError))
