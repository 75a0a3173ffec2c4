/** What a transaction carries and signs besides its call: the signed extensions of a profile, in wire order. */
import type { ProfileName } from '../../runtime/profile.js'
import {
  bytes,
  compact,
  fixedBytes,
  H256,
  option,
  type ScaleType,
  struct,
  tuple,
  u8,
  u32,
  u64,
  unit,
  type VariantCase,
  variant,
  wrapper,
} from '../../runtime/scale.js'

/** One extension: what stands in the transaction, and what is signed without being sent. */
export type SignedExtension = {
  readonly name: string
  readonly type: ScaleType<unknown>
  readonly additional: ScaleType<unknown>
}

/** The type that stands for the runtime itself. */
export const Runtime = struct({}, { path: ['node_subtensor_runtime', 'Runtime'] })

/** `Era` as the metadata lists it: one case per first byte of a mortal era. */
const Era = variant(
  () => {
    const cases: Record<string, VariantCase> = { Immortal: { index: 0 } }
    for (let index = 1; index < 256; index++) cases[`Mortal${index}`] = { index, fields: [u8] }
    return cases
  },
  { path: ['sp_runtime', 'generic', 'era', 'Era'] },
)

function system(name: string, module: string): Pick<SignedExtension, 'name' | 'type'> {
  const path = ['frame_system', 'extensions', module, name]
  return { name, type: struct({}, { path, params: [{ name: 'T', type: undefined }] }) }
}

function carrying(type: ScaleType<unknown>, path: string[], typeName: string): ScaleType<unknown> {
  const params = [{ name: 'T', type: undefined }]
  return wrapper(type, { path, params, typeName })
}

function empty(name: string, crate: string): SignedExtension {
  const params = [{ name: 'T', type: Runtime }]
  return { name, type: struct({}, { path: [crate, name], params }), additional: unit }
}

/** The signed extensions of spec 143, as its metadata lists them. */
export const CLASSIC_EXTENSIONS: readonly SignedExtension[] = [
  { ...system('CheckNonZeroSender', 'check_non_zero_sender'), additional: unit },
  { ...system('CheckSpecVersion', 'check_spec_version'), additional: u32 },
  { ...system('CheckTxVersion', 'check_tx_version'), additional: u32 },
  { ...system('CheckGenesis', 'check_genesis'), additional: H256 },
  {
    name: 'CheckMortality',
    type: carrying(Era, ['frame_system', 'extensions', 'check_mortality', 'CheckMortality'], 'Era'),
    additional: H256,
  },
  {
    name: 'CheckNonce',
    type: carrying(
      compact(u32),
      ['frame_system', 'extensions', 'check_nonce', 'CheckNonce'],
      'T::Index',
    ),
    additional: unit,
  },
  { ...system('CheckWeight', 'check_weight'), additional: unit },
  {
    name: 'ChargeTransactionPayment',
    type: carrying(
      compact(u64),
      ['pallet_transaction_payment', 'ChargeTransactionPayment'],
      'BalanceOf<T>',
    ),
    additional: unit,
  },
  empty('SubtensorSignedExtension', 'pallet_subtensor'),
  empty('CommitmentsSignedExtension', 'pallet_commitments'),
]

const Mode = variant(() => ({ Disabled: { index: 0 }, Enabled: { index: 1 } }), {
  path: ['frame_metadata_hash_extension', 'Mode'],
})
const nothing = (path: readonly string[]) =>
  struct({}, { path, params: [{ name: 'T', type: Runtime }] })

/** The signed extensions of spec 343, as its metadata lists them. */
const DTAO_EXTENSIONS: readonly SignedExtension[] = [
  ...CLASSIC_EXTENSIONS.slice(0, 5),
  {
    name: 'CheckNonce',
    type: carrying(
      compact(u32),
      ['node_subtensor_runtime', 'check_nonce', 'CheckNonce'],
      'T::Nonce',
    ),
    additional: unit,
  },
  ...CLASSIC_EXTENSIONS.slice(6, 8),
  {
    name: 'SubtensorTransactionExtension',
    type: nothing(['pallet_subtensor', 'transaction_extension', 'SubtensorTransactionExtension']),
    additional: unit,
  },
  {
    name: 'DrandPriority',
    type: nothing(['pallet_drand', 'drand_priority', 'DrandPriority']),
    additional: unit,
  },
  {
    name: 'CheckMetadataHash',
    type: struct(
      { mode: Mode },
      {
        path: ['frame_metadata_hash_extension', 'CheckMetadataHash'],
        params: [{ name: 'T', type: undefined }],
      },
    ),
    additional: option(fixedBytes(32)),
  },
]

/** The signed extensions of a profile. */
export const extensionsOf = (profile: ProfileName): readonly SignedExtension[] =>
  profile === 'classic' ? CLASSIC_EXTENSIONS : DTAO_EXTENSIONS

const Ed25519 = wrapper(fixedBytes(64), {
  path: ['sp_core', 'ed25519', 'Signature'],
  typeName: '[u8; 64]',
})
const Sr25519 = wrapper(fixedBytes(64), {
  path: ['sp_core', 'sr25519', 'Signature'],
  typeName: '[u8; 64]',
})
const Ecdsa = wrapper(fixedBytes(65), {
  path: ['sp_core', 'ecdsa', 'Signature'],
  typeName: '[u8; 65]',
})

/** A signature with its kind; in memory `{ type: 'Sr25519', value: '0x…' }`. */
export const MultiSignature = variant<{ readonly type: string; readonly value: string }>(
  () => ({
    Ed25519: { index: 0, fields: [Ed25519], typeNames: ['ed25519::Signature'] },
    Sr25519: { index: 1, fields: [Sr25519], typeNames: ['sr25519::Signature'] },
    Ecdsa: { index: 2, fields: [Ecdsa], typeNames: ['ecdsa::Signature'] },
  }),
  { path: ['sp_runtime', 'MultiSignature'] },
)

/** The type of a whole transaction, whose parts are its generic parameters. */
export function extrinsicType(
  address: ScaleType<unknown>,
  call: ScaleType<unknown>,
  extensions: readonly SignedExtension[],
): ScaleType<unknown> {
  return wrapper<unknown>(bytes, {
    path: ['sp_runtime', 'generic', 'unchecked_extrinsic', 'UncheckedExtrinsic'],
    params: [
      { name: 'Address', type: address },
      { name: 'Call', type: call },
      { name: 'Signature', type: MultiSignature },
      { name: 'Extra', type: extraType(extensions) },
    ],
  })
}

/** The extensions' parts of a transaction as one tuple. */
export function extraType(extensions: readonly SignedExtension[]): ScaleType<unknown> {
  return tuple(...extensions.map((extension) => extension.type))
}
