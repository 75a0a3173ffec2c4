/** Signed transactions of format 4: what is signed, and the bytes that are sent. */
import { blake2b } from '@noble/hashes/blake2.js'
import { BittensorError } from '../errors.js'
import { fromHex, toHex } from '../keys/hex.js'
import type { Keypair } from '../keys/keypair.js'
import { resolve } from './decode.js'
import type { ExtensionDescription, Runtime } from './description.js'
import { compact, concat, littleEndian } from './encode.js'
import { encodeEra } from './era.js'
import type { TypeDef, TypeRef } from './typeDef.js'
import type { Era, Hex } from './types.js'

/** Everything besides the call that a signature covers. */
export type SigningContext = {
  readonly runtime: Runtime
  readonly genesisHash: Hex
  readonly era: Era | 'immortal'
  /** Hash of the era's first block; the genesis block for an immortal one. */
  readonly eraHash: Hex
  readonly nonce: number
  readonly tip: bigint
  /** Digest of the metadata that the signer vouches for; the runtime refuses a transaction with another than its own. */
  readonly metadataHash?: Hex | undefined
}

type Encoded = { readonly extra: Uint8Array; readonly additional: Uint8Array }

const NOTHING = new Uint8Array()

/** What each extension adds to the transaction (`extra`) and to the signed text only (`additional`). */
const EXTENSIONS: Readonly<Record<string, (context: SigningContext) => Encoded>> = {
  CheckSpecVersion: ({ runtime }) => ({
    extra: NOTHING,
    additional: littleEndian(BigInt(runtime.version.specVersion), 4),
  }),
  CheckTxVersion: ({ runtime }) => ({
    extra: NOTHING,
    additional: littleEndian(BigInt(runtime.version.transactionVersion), 4),
  }),
  CheckGenesis: ({ genesisHash }) => ({ extra: NOTHING, additional: hashBytes(genesisHash) }),
  CheckMortality: ({ era, eraHash }) => ({
    extra: encodeEra(era),
    additional: hashBytes(eraHash),
  }),
  CheckNonce: ({ nonce }) => ({ extra: compact(BigInt(nonce)), additional: NOTHING }),
  ChargeTransactionPayment: ({ tip }) => ({ extra: compact(tip), additional: NOTHING }),
  // Mode 0: the signer does not vouch for the metadata, so no hash is added. Mode 1: it is part of the signed text.
  CheckMetadataHash: ({ metadataHash }) =>
    metadataHash === undefined
      ? { extra: Uint8Array.of(0), additional: Uint8Array.of(0) }
      : {
          extra: Uint8Array.of(1),
          additional: concat([Uint8Array.of(1), hashBytes(metadataHash)]),
        },
}

/**
 * Encodes all extensions of the runtime in their order.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED` for one that adds bytes and is not known here
 */
function encodeExtensions(context: SigningContext): Encoded {
  const parts = context.runtime.description.extensions.map((extension) => {
    const known = EXTENSIONS[extension.name]
    if (known) return known(context)
    if (isEmptyExtension(context.runtime.description.types, extension)) {
      return { extra: NOTHING, additional: NOTHING }
    }
    throw new BittensorError(
      'RUNTIME_UNSUPPORTED',
      `transactions of this chain (spec ${context.runtime.version.specVersion}) need ${extension.name}`,
      { details: 'this version can not sign that; nothing was sent' },
    )
  })
  return {
    extra: concat(parts.map(({ extra }) => extra)),
    additional: concat(parts.map(({ additional }) => additional)),
  }
}

/** Whether an extension adds nothing at all, as Bittensor's own do. */
export function isEmptyExtension(
  types: readonly TypeDef[],
  extension: ExtensionDescription,
): boolean {
  const isEmpty = (type: TypeRef): boolean => {
    const def = resolve(types, type)
    if (def.kind === 'tuple') return def.of.every(isEmpty)
    return def.kind === 'struct' && def.fields.every(([, field]) => isEmpty(field))
  }
  return isEmpty(extension.extra) && isEmpty(extension.additional)
}

/** The bytes to sign: hashed when they are longer than 256. */
export function signingPayload(call: Hex, context: SigningContext): Uint8Array {
  const { extra, additional } = encodeExtensions(context)
  const payload = concat([fromHex(call) ?? NOTHING, extra, additional])
  return payload.length > 256 ? blake2b(payload, { dkLen: 32 }) : payload
}

/** The transaction with a signature, length prefix included. */
export function signedExtrinsic(
  call: Hex,
  context: SigningContext,
  signer: Pick<Keypair, 'publicKey' | 'cryptoType'>,
  signature: Uint8Array,
): Uint8Array {
  const body = concat([
    // Signed, format 4; then the signer as MultiAddress::Id, then a MultiSignature.
    Uint8Array.of(0x84, 0x00),
    signer.publicKey,
    Uint8Array.of(signer.cryptoType === 'sr25519' ? 0x01 : 0x00),
    signature,
    encodeExtensions(context).extra,
    fromHex(call) ?? NOTHING,
  ])
  return concat([compact(BigInt(body.length)), body])
}

/** The hash by which a transaction is known: blake2b-256 of its bytes, length prefix included. */
export function extrinsicHash(bytes: Uint8Array): Hex {
  return toHex(blake2b(bytes, { dkLen: 32 })) as Hex
}

function hashBytes(hash: Hex): Uint8Array {
  return fromHex(hash, 32) ?? NOTHING
}
