/** Checks the signatures of transactions with the library that made them. */
import { loadCrypto } from '../../../core/keys/crypto.js'
import { blake256, fromHex, type Hex, hashOf } from '../bytes.js'
import type { Signed } from './codec.js'

/** Whether the sender has signed the payload. Never throws. */
export type Verifier = (signature: Signed['signature'], payload: Uint8Array, signer: Hex) => boolean

/** Loads the signature library and returns a synchronous check; about 0.5 ms each. */
export async function signatureVerifier(): Promise<Verifier> {
  const crypto = await loadCrypto()
  const checks = {
    sr25519: (bytes: Uint8Array, payload: Uint8Array, signer: Hex) =>
      crypto.sr25519Verify(bytes, payload, fromHex(signer)),
    ed25519: (bytes: Uint8Array, payload: Uint8Array, signer: Hex) =>
      crypto.ed25519Verify(bytes, payload, fromHex(signer)),
    // The account of a secp256k1 key is the hash of the public key, which the signature gives away.
    ecdsa: (bytes: Uint8Array, payload: Uint8Array, signer: Hex) => {
      const publicKey = crypto.secp256k1Recover(
        blake256(payload),
        bytes.slice(0, 64),
        bytes[64] ?? 0,
      )
      return hashOf(crypto.secp256k1Compress(publicKey)) === signer
    },
  }
  return (signature, payload, signer) => {
    try {
      return checks[signature.kind](signature.bytes, payload, signer)
    } catch {
      return false
    }
  }
}
