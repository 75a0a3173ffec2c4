/** What a transaction that carries an encrypted one has as its argument: `MevShield.submit_encrypted`. */
import { bytesToHex } from '@noble/hashes/utils.js'
import type { Call } from '../../pallet.js'

/** The encrypted transaction and what its receiver needs. */
export type Envelope = {
  /** twox128 of the public key that it is encrypted for, hex without `0x`. */
  readonly keyHash: string
  /** The shared secret, encapsulated by ML-KEM-768. */
  readonly capsule: Uint8Array
  /** 24 bytes of XChaCha20-Poly1305. */
  readonly nonce: Uint8Array
  /** The transaction, with its length prefix, encrypted by the shared secret. */
  readonly box: Uint8Array
}

const HASH_BYTES = 16
const NONCE_BYTES = 24

/** Whether a call carries an encrypted transaction. */
export function isCarrier({ pallet, name }: Call): boolean {
  return pallet === 'MevShield' && name === 'submit_encrypted'
}

/**
 * Takes the argument of a carrier apart: hash of the key (16 bytes), length of the capsule (2), capsule, nonce (24), and the
 * rest is the box. Undefined when it ends before the box begins.
 */
export function envelopeIn({ args }: Call): Envelope | undefined {
  const bytes = args['ciphertext'] as Uint8Array
  const [low, high] = bytes.subarray(HASH_BYTES)
  if (low === undefined || high === undefined) return undefined
  const capsule = HASH_BYTES + 2
  const nonce = capsule + low + 256 * high
  const box = nonce + NONCE_BYTES
  if (box > bytes.length) return undefined
  return {
    keyHash: bytesToHex(bytes.subarray(0, HASH_BYTES)),
    capsule: bytes.slice(capsule, nonce),
    nonce: bytes.slice(nonce, box),
    box: bytes.slice(box),
  }
}
