/** Checks signatures with the libraries at hand: sr25519 by the WASM of core/keys, ed25519 by Node. */
import { createPublicKey, verify as verifyNative } from 'node:crypto'
import type { SignatureClaim, Verifier } from './signer.js'

/**
 * The verifier of this machine: each scheme under its own name only. About 0.5 ms for sr25519, on this thread.
 * @throws {BittensorError} `INTERNAL` when WebAssembly is not available.
 */
export async function createVerifier(): Promise<Verifier> {
  // Only here, so that programs which bring a verifier of their own need not load the library.
  const { cryptoReady, verifySr25519 } = await import('../../core/keys/keypair.js')
  await cryptoReady()
  return (claim) => {
    if (claim.signature.length !== 64 || claim.publicKey.length !== 32) return false
    if (claim.scheme === 'ed25519') return verifyEd25519(claim)
    return (
      isMarked(claim.signature) && verifySr25519(claim.message, claim.signature, claim.publicKey)
    )
  }
}

/**
 * schnorrkel marks its signatures with the top bit. The library also takes unmarked ones of 2019 and before, which the chain
 * and Python's verifier refuse.
 */
function isMarked(signature: Uint8Array): boolean {
  return ((signature[63] ?? 0) & 0x80) !== 0
}

/** How a raw ed25519 key begins in the form that Node reads (RFC 8410). */
const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex')

function verifyEd25519({ message, signature, publicKey }: SignatureClaim): boolean {
  try {
    const key = createPublicKey({
      key: Buffer.concat([ED25519_SPKI, publicKey]),
      format: 'der',
      type: 'spki',
    })
    return verifyNative(null, message, key, signature)
  } catch {
    return false
  }
}
