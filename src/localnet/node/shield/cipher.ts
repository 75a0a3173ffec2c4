/** ML-KEM-768 and XChaCha20-Poly1305, as MevShield uses them. Loaded with the first encrypted transaction. */
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js'
import type { Envelope } from '../../runtime/dtao/later/envelope.js'

/** The public key of a seed of 64 bytes. */
export function publicKeyOf(seed: Uint8Array): Uint8Array {
  return ml_kem768.keygen(seed).publicKey
}

/** What an envelope has in it, or undefined when it was not made for the key of this seed, or was damaged. */
export function unseal(
  { capsule, nonce, box }: Envelope,
  seed: Uint8Array,
): Uint8Array | undefined {
  try {
    const secret = ml_kem768.decapsulate(capsule, ml_kem768.keygen(seed).secretKey)
    return xchacha20poly1305(secret, nonce).decrypt(box)
  } catch {
    return undefined
  }
}
