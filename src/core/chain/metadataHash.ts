/**
 * The digest by which a signature vouches for the metadata that a transaction was shown with (RFC 78 of the Polkadot
 * fellowship): a runtime that was built with its own digest refuses a transaction that was signed with another, so a
 * signer who decoded by false metadata loses nothing.
 */
import { BittensorError } from '../errors.js'
import { fromHex, toHex } from '../keys/hex.js'
import { decodeAddress, type Ss58 } from '../keys/ss58.js'
import type { Description } from './description.js'
import { concat } from './encode.js'
import { type SigningContext, signedExtrinsic } from './extrinsic.js'
import type { Call, ChainClient, Hex } from './types.js'

/** How the chain names its token: part of the digest. */
export type Token = { readonly symbol: string; readonly decimals: number }

/** Whether transactions of a runtime can carry the digest. */
export function hasMetadataHash({ extensions }: Description): boolean {
  return extensions.some(({ name }) => name === 'CheckMetadataHash')
}

/**
 * The digest of metadata V15 or later.
 * @returns undefined for older metadata, which has none
 */
export async function metadataDigest(metadata: Hex, token: Token): Promise<Hex | undefined> {
  const { merkleizeMetadata } = await import('@polkadot-api/merkleize-metadata')
  const bytes = fromHex(metadata) ?? new Uint8Array()
  // The version follows the four letters `meta`.
  if ((bytes[4] ?? 0) < 15) return undefined
  const { symbol: tokenSymbol, decimals } = token
  return toHex(merkleizeMetadata(bytes, { tokenSymbol, decimals }).digest()) as Hex
}

/** The token of Bittensor's runtimes (`enable_metadata_hash("TAO", 9)` in their build). */
export const TAO_TOKEN: Token = { symbol: 'TAO', decimals: 9 }

/**
 * Asks the runtime whether it was built with its digest: it looks for that before it looks at the signature, so one of
 * zeros is enough to find out.
 */
export async function knowsItsDigest(
  client: ChainClient,
  call: Call,
  context: SigningContext & { readonly metadataHash: Hex },
  from: Ss58,
): Promise<boolean> {
  const signer = { publicKey: decodeAddress(from), cryptoType: 'sr25519' as const }
  const bytes = signedExtrinsic(call.data, context, signer, new Uint8Array(64).fill(1))
  const { hash } = await client.head()
  // From outside; then the transaction; then the block it would build on.
  const argument = concat([Uint8Array.of(2), bytes, fromHex(hash) ?? new Uint8Array()])
  const params = ['TaggedTransactionQueue_validate_transaction', toHex(argument)]
  try {
    const answer = String(await client.request('state_call', params))
    // Err(Unknown(CannotLookup)) is what the extension answers when it has nothing to compare with.
    return !answer.startsWith('0x0101')
  } catch (error) {
    if (error instanceof BittensorError && error.code === 'RUNTIME_UNSUPPORTED') return false
    throw error
  }
}
