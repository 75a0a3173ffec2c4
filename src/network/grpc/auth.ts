/** Who sent a gRPC request: the metadata of bittensor 5.x and the checks of its server. */
import type { IncreasingNonces } from '../nonces.js'
import { publicKeyOf } from '../signing/publicKey.js'
import type { Signer, Verifier } from '../signing/signer.js'
import { signedBytes, wrapped } from '../signing/signer.js'
import { GRPC_VERSION } from './bindings.js'

/** The oldest release whose signatures have this form. */
const MIN_VERSION = 510

const VERSION = /^\d{1,9}$/

/** Metadata by lower-case key. */
export type GrpcMetadata = Readonly<Record<string, string | undefined>>

/** The metadata of a request. The body is not signed: that is how the protocol is. */
export async function signMetadata(options: {
  signer: Signer
  receiver: string
  nonce: bigint
  uuid: string
}): Promise<Record<string, string>> {
  const { signer, receiver, nonce, uuid } = options
  const text = `${nonce}.${signer.address}.${receiver}.${uuid}`
  const signature = Buffer.from(await signer.sign(signedBytes(text))).toString('hex')
  return {
    'rpc-auth-header': 'Bittensor',
    'bittensor-signature': `${nonce}.${signer.address}.0x${signature}.${uuid}`,
    'bittensor-version': String(GRPC_VERSION),
  }
}

/** A refusal; the text is that of 5.3.1 and goes into the status details. */
export class GrpcAuthError extends Error {
  override readonly name = 'GrpcAuthError'
}

export type GrpcSender = { readonly hotkey: string; readonly version: number }

/** The sender that the metadata claims, unchecked: for the log. */
export function claimedSender(metadata: GrpcMetadata): string {
  return (metadata['bittensor-signature']?.split('.')[1] ?? '').slice(0, 64)
}

/** The version that the metadata claims; undefined when it names none. */
export function claimedVersion(metadata: GrpcMetadata): number | undefined {
  const text = metadata['bittensor-version'] ?? ''
  return VERSION.test(text) ? Number(text) : undefined
}

/**
 * Checks the metadata in the order of 5.3.1: nonce before signature.
 * @throws {GrpcAuthError} with the details text.
 */
export async function checkMetadata(
  metadata: GrpcMetadata,
  tools: { self: string; nonces: IncreasingNonces; verifier: Verifier },
): Promise<GrpcSender> {
  const signatureText = metadata['bittensor-signature']
  if (!signatureText) throw new GrpcAuthError('Request signature missing')
  const version = readVersion(metadata['bittensor-version'])
  const [nonceText = '', hotkey = '', signature = '', uuid, ...rest] = signatureText.split('.')
  if (
    uuid === undefined ||
    rest.length > 0 ||
    !/^-?\d{1,39}$/.test(nonceText) ||
    uuid.length > 64
  ) {
    throw new GrpcAuthError('Unknown signature format')
  }
  const publicKey = publicKeyOf(hotkey)
  if (!publicKey) throw new GrpcAuthError('Invalid SS58 address')
  const nonce = BigInt(nonceText)
  const key = `${hotkey}:${uuid}`
  const stored = tools.nonces.last(key)
  if (stored !== undefined && nonce <= stored) throw new GrpcAuthError('Nonce is too small')
  if (!/^0x(?:[0-9a-fA-F]{2})*$/.test(signature)) {
    throw new GrpcAuthError('Signature should be of type bytes or a hex-string')
  }
  const claim = {
    message: signedBytes(`${nonceText}.${hotkey}.${tools.self}.${uuid}`),
    signature: Buffer.from(signature.slice(2), 'hex'),
    publicKey,
    scheme: 'sr25519',
  } as const
  if (!(await tools.verifier(claim)) && !(await tools.verifier(wrapped(claim)))) {
    throw new GrpcAuthError('Signature mismatch')
  }
  if (!tools.nonces.accept(key, nonce)) throw new GrpcAuthError('Nonce is too small')
  return { hotkey, version }
}

function readVersion(text: string | undefined): number {
  if (text === undefined) {
    throw new GrpcAuthError(
      "int() argument must be a string, a bytes-like object or a real number, not 'NoneType'",
    )
  }
  if (!VERSION.test(text)) throw new GrpcAuthError('Incorrect Version')
  const version = Number(text)
  if (version < MIN_VERSION) throw new GrpcAuthError('Incorrect Version')
  return version
}
