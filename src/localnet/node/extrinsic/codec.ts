/** Extrinsics of format V4: taking the bytes of a transaction apart, and what its signature signs. */
import type { Call } from '../../runtime/pallet.js'
import type { ScaleType } from '../../runtime/scale.js'
import {
  blake256,
  compactBytes,
  concat,
  fromHex,
  type Hex,
  hashOf,
  toHex,
  u32Bytes,
} from '../bytes.js'
import { type Era, readEra } from './era.js'
import { FormatError, type Reader, readerOf } from './reader.js'

/** An extrinsic with its bytes, length prefix included. */
export type Extrinsic = {
  readonly bytes: Uint8Array
  /** blake2b-256 of the bytes: the name of a transaction. */
  readonly hash: Hex
  readonly call: Call
  readonly callBytes: Uint8Array
  /** Absent for inherents. */
  readonly signed: Signed | undefined
}

/** What a transaction carries besides its call. */
export type Signed = {
  /** The sender, or undefined when it is named in a way that this chain cannot look up. */
  readonly signer: Hex | undefined
  readonly signature: { readonly kind: SignatureKind; readonly bytes: Uint8Array }
  readonly era: Era
  readonly nonce: number
  readonly tip: bigint
  /** Whether the sender has signed the digest of the metadata with it. */
  readonly metadataHash: boolean
  /** The extensions' part of the transaction as it was sent. */
  readonly extra: Uint8Array
}

export type SignatureKind = 'ed25519' | 'sr25519' | 'ecdsa'

const SIGNED_V4 = 0x84
const BARE_V4 = 0x04

/**
 * Takes an extrinsic apart.
 * @throws {FormatError} when the bytes are no extrinsic, have bytes left over, or hold no call of this runtime.
 */
export function decodeExtrinsic(
  bytes: Uint8Array,
  callType: ScaleType<Call>,
  extensions: readonly { readonly name: string }[],
): Extrinsic {
  const reader = readerOf(withoutLength(bytes))
  const format = reader.byte()
  if (format !== SIGNED_V4 && format !== BARE_V4)
    throw new FormatError('Invalid transaction version')
  const signed = format === SIGNED_V4 ? readSigned(reader, extensions) : undefined
  const callBytes = reader.rest()
  return { bytes, hash: hashOf(bytes), call: decodeCall(callBytes, callType), callBytes, signed }
}

function withoutLength(bytes: Uint8Array): Uint8Array {
  const reader = readerOf(bytes)
  let length = -1n
  try {
    length = reader.compact()
  } catch {
    // Falls through: no length at all is as wrong as another one.
  }
  const body = reader.rest()
  if (BigInt(body.length) === length) return body
  throw new FormatError('the length in front is not that of the bytes behind it', {
    envelope: true,
  })
}

/**
 * Decodes a call that fills the bytes to the last one.
 * @throws {FormatError} when it does not.
 */
export function decodeCall(bytes: Uint8Array, callType: ScaleType<Call>): Call {
  let call: Call
  let again: Uint8Array
  try {
    call = callType.codec.dec(bytes.slice())
    again = callType.codec.enc(call)
  } catch (cause) {
    throw new FormatError('Could not decode the call', { cause })
  }
  // The codec stops where the call ends; only the length of what it would write tells whether bytes were left.
  if (again.length !== bytes.length)
    throw new FormatError('Could not decode the call: wrong length')
  return call
}

function readSigned(reader: Reader, extensions: readonly { readonly name: string }[]): Signed {
  const signer = readAddress(reader)
  const signature = readSignature(reader)
  const before = reader.rest()
  const found: Found = { era: 'immortal', nonce: 0, tip: 0n, metadataHash: false }
  for (const { name } of extensions) EXTRA[name]?.(reader, found)
  const extra = before.slice(0, before.length - reader.rest().length)
  return { signer, signature, extra, ...found }
}

type Found = { era: Era; nonce: number; tip: bigint; metadataHash: boolean }

/** What each extension carries in the transaction; those not listed carry nothing. */
const EXTRA: Readonly<Record<string, (reader: Reader, found: Found) => void>> = {
  CheckMortality(reader, found) {
    const read = readEra(reader.rest())
    if (!read) throw new FormatError('Invalid period and phase')
    reader.take(read.size)
    found.era = read.era
  },
  CheckNonce(reader, found) {
    found.nonce = Number(bounded(reader.compact(), 32n))
  },
  ChargeTransactionPayment(reader, found) {
    found.tip = bounded(reader.compact(), 64n)
  },
  CheckMetadataHash(reader, found) {
    const mode = reader.byte()
    if (mode > 1) throw new FormatError('Could not decode Mode')
    found.metadataHash = mode === 1
  },
}

function bounded(value: bigint, bits: bigint): bigint {
  if (value >> bits !== 0n) throw new FormatError('out of range decoding Compact')
  return value
}

function readAddress(reader: Reader): Hex | undefined {
  const kind = reader.byte()
  if (kind === 0) return toHex(reader.take(32))
  if (kind === 1) return undefined
  if (kind === 2) reader.take(Number(bounded(reader.compact(), 32n)))
  else if (kind === 3) reader.take(32)
  else if (kind === 4) reader.take(20)
  else throw new FormatError('Could not decode the sender')
  return undefined
}

function readSignature(reader: Reader): Signed['signature'] {
  const kind = (['ed25519', 'sr25519', 'ecdsa'] as const)[reader.byte()]
  if (!kind) throw new FormatError('Could not decode the signature')
  return { kind, bytes: reader.take(kind === 'ecdsa' ? 65 : 64) }
}

/** What the chain adds to a transaction before it looks at the signature. */
export type SigningContext = {
  readonly specVersion: number
  readonly transactionVersion: number
  readonly genesisHash: Hex
  /** Hash of the block that the era is anchored at; the genesis hash for immortal transactions. */
  readonly eraHash: Hex
}

/** What each extension adds to the signed bytes; those not listed add nothing. */
const ADDITIONAL: Readonly<Record<string, (context: SigningContext) => Uint8Array>> = {
  CheckSpecVersion: (context) => u32Bytes(context.specVersion),
  CheckTxVersion: (context) => u32Bytes(context.transactionVersion),
  CheckGenesis: (context) => fromHex(context.genesisHash),
  CheckMortality: (context) => fromHex(context.eraHash),
  CheckMetadataHash: () => Uint8Array.of(0),
}

/** The bytes that the sender has signed: call, extra and additional, hashed when longer than 256 bytes. */
export function signingPayload(
  callBytes: Uint8Array,
  extra: Uint8Array,
  extensions: readonly { readonly name: string }[],
  context: SigningContext,
): Uint8Array {
  const additional = extensions.map(({ name }) => ADDITIONAL[name]?.(context) ?? new Uint8Array())
  const payload = concat(callBytes, extra, ...additional)
  return payload.length > 256 ? blake256(payload) : payload
}

/** An extrinsic without signature, as a block's author puts it in. */
export function bareExtrinsic(call: Call, callType: ScaleType<Call>): Extrinsic {
  const callBytes = callType.codec.enc(call)
  const bytes = concat(compactBytes(callBytes.length + 1), Uint8Array.of(BARE_V4), callBytes)
  return { bytes, hash: hashOf(bytes), call, callBytes, signed: undefined }
}
