/**
 * Checks signatures. An axon spends most of its time here, so sr25519 runs on libsodium's curve arithmetic where that is
 * installed (about twenty times the WASM library) and falls back to the library where it is not.
 */
import { createPublicKey, verify as verifyNative } from 'node:crypto'
import { LRU_KEYS } from '../limits.js'
import { createLru } from '../lru.js'
import {
  compressEdwards,
  cosetOf,
  decodeRistretto,
  encodeRistretto,
  pointFromTurned,
  QUARTER_TURN,
} from './ristretto.js'
import type { SignatureClaim, Verifier } from './signer.js'
import { sr25519Challenge } from './transcript.js'

/** The part of libsodium that the check uses: arithmetic on edwards25519 that throws on points outside the prime group. */
export type EdwardsArithmetic = {
  crypto_core_ed25519_is_valid_point(point: Buffer): boolean
  crypto_core_ed25519_scalar_reduce(result: Buffer, wide: Buffer): void
  crypto_scalarmult_ed25519_base_noclamp(result: Buffer, scalar: Buffer): void
  crypto_scalarmult_ed25519_noclamp(result: Buffer, scalar: Buffer, point: Buffer): void
  crypto_core_ed25519_add(result: Buffer, a: Buffer, b: Buffer): void
  crypto_core_ed25519_sub(result: Buffer, a: Buffer, b: Buffer): void
}

type Sr25519 = (claim: SignatureClaim) => boolean

/** 2²⁵² + 27742317777372353535851937790883648493, little-endian: scalars of a signature are below it. */
const GROUP_ORDER = Buffer.from(
  'edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010',
  'hex',
)

let loading: Promise<Sr25519> | undefined

/**
 * The verifier of this machine: sr25519 and ed25519, each under its declared scheme only.
 * @throws {BittensorError} `INTERNAL` when no signature library works here.
 */
export async function createVerifier(): Promise<Verifier> {
  loading ??= loadSr25519()
  const sr25519 = await loading
  return (claim) => {
    if (claim.signature.length !== 64 || claim.publicKey.length !== 32) return false
    return claim.scheme === 'sr25519' ? sr25519(claim) : verifyEd25519(claim)
  }
}

async function loadSr25519(): Promise<Sr25519> {
  try {
    const { default: sodium } = await import('sodium-native')
    return createNativeSr25519(sodium as unknown as EdwardsArithmetic)
  } catch {
    const { cryptoReady, verifySr25519 } = await import('../../core/keys/keypair.js')
    await cryptoReady()
    return ({ message, signature, publicKey }) => verifySr25519(message, signature, publicKey)
  }
}

/**
 * schnorrkel's check on libsodium: R must be the ristretto encoding of s·B − k·A. Stricter than schnorrkel in one point: a
 * public key that is the identity, under which anybody could sign, is refused.
 */
export function createNativeSr25519(sodium: EdwardsArithmetic): Sr25519 {
  const keys = createLru<string, Buffer | null>(LRU_KEYS)
  const keyOf = (publicKey: Uint8Array): Buffer | null => {
    const name = Buffer.from(publicKey).toString('latin1')
    const known = keys.get(name)
    if (known !== undefined) return known
    const found = primeOrderForm(sodium, publicKey) ?? null
    keys.set(name, found)
    return found
  }
  return ({ message, signature, publicKey }) => {
    const key = keyOf(publicKey)
    const commitment = signature.subarray(0, 32)
    const scalar = Buffer.from(signature.subarray(32))
    // schnorrkel marks its signatures with the top bit, which is no part of the scalar.
    if (((scalar[31] ?? 0) & 0x80) === 0) return false
    scalar[31] = (scalar[31] ?? 0) & 0x7f
    if (key === null || !isBelowOrder(scalar)) return false
    try {
      return (
        Buffer.compare(
          expectedCommitment(sodium, key, scalar, message, publicKey, commitment),
          commitment,
        ) === 0
      )
    } catch {
      // libsodium throws where a product is the identity, which no honest signature meets.
      return false
    }
  }
}

function expectedCommitment(
  sodium: EdwardsArithmetic,
  key: Buffer,
  scalar: Buffer,
  message: Uint8Array,
  publicKey: Uint8Array,
  commitment: Uint8Array,
): Uint8Array {
  const k = Buffer.alloc(32)
  const challenge = sr25519Challenge(message, publicKey, commitment)
  sodium.crypto_core_ed25519_scalar_reduce(k, Buffer.from(challenge))
  const sB = Buffer.alloc(32)
  const kA = Buffer.alloc(32)
  const difference = Buffer.alloc(32)
  const turned = Buffer.alloc(32)
  sodium.crypto_scalarmult_ed25519_base_noclamp(sB, scalar)
  sodium.crypto_scalarmult_ed25519_noclamp(kA, k, key)
  sodium.crypto_core_ed25519_sub(difference, sB, kA)
  sodium.crypto_core_ed25519_add(turned, difference, Buffer.from(QUARTER_TURN))
  return encodeRistretto(pointFromTurned(difference, turned))
}

/** libsodium multiplies points of prime order only: exactly one of the four that a ristretto encoding stands for is one. */
function primeOrderForm(sodium: EdwardsArithmetic, publicKey: Uint8Array): Buffer | undefined {
  const point = decodeRistretto(publicKey)
  if (!point) return undefined
  const forms = cosetOf(point).map((candidate) => Buffer.from(compressEdwards(candidate)))
  return forms.find((form) => sodium.crypto_core_ed25519_is_valid_point(form))
}

function isBelowOrder(scalar: Buffer): boolean {
  for (let i = 31; i >= 0; i--) {
    const difference = (scalar[i] ?? 0) - (GROUP_ORDER[i] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}

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
