/**
 * Encryption towards a round of the drand beacon: whoever has the beacon's signature of that round can decrypt, nobody before.
 * Boneh–Franklin FullIdent over BLS12-381 around AES-256-GCM, in the bytes that the chain reads (ideal-lab5/tle,
 * `TLECiphertext`, serialised by arkworks).
 */
import { createCipheriv, randomBytes } from 'node:crypto'
import { sha256 } from '@noble/hashes/sha2.js'
import { concat, littleEndian } from './encode.js'

/** Hash to G1 as the beacon `quicknet` signs. */
const DOMAIN = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_'
const SUITE = new TextEncoder().encode('AES_GCM_')
const FIELD_BYTES = 48

/**
 * @param publicKey the beacon's key in G2, 96 bytes compressed (`Drand.BeaconConfig`)
 * @param round of the beacon
 * @returns what goes into `commit_timelocked_weights`
 * @throws {Error} when the key is no point of the curve
 */
export async function encryptForRound(
  publicKey: Uint8Array,
  round: bigint,
  message: Uint8Array,
): Promise<Uint8Array> {
  const { bls12_381: bls } = await import('@noble/curves/bls12-381.js')
  const beacon = bls.G2.Point.fromBytes(publicKey)
  const key = new Uint8Array(randomBytes(32))
  const sigma = sha256(new Uint8Array(randomBytes(32)))
  const r = numberOf(sha256(concat([sigma, key]))) % bls.fields.Fr.ORDER
  const identity = bls.G1.hashToCurve(sha256(bigEndian(round)), { DST: DOMAIN })
  // The hash lands in the type of the older interface; the pairing wants a point.
  const point = bls.G1.Point.fromAffine(identity.toAffine())
  const shared = bls.pairing(point, beacon.multiply(r))
  const header = concat([
    bls.G2.Point.BASE.multiply(r).toBytes(true),
    counted(xor(sigma, sha256(serialized(shared)))),
    counted(xor(key, sha256(sigma))),
  ])
  return concat([header, counted(sealed(key, message)), counted(SUITE)])
}

/** AES-256-GCM with its tag, and the nonce. */
function sealed(key: Uint8Array, message: Uint8Array): Uint8Array {
  const nonce = new Uint8Array(randomBytes(12))
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const text = [cipher.update(message), cipher.final(), cipher.getAuthTag()]
  return concat([counted(concat(text.map((part) => new Uint8Array(part)))), counted(nonce)])
}

/** Bytes behind their length in eight bytes. */
function counted(bytes: Uint8Array): Uint8Array {
  return concat([littleEndian(BigInt(bytes.length), 8), bytes])
}

type Fp2 = { readonly c0: bigint; readonly c1: bigint }
type Fp6 = { readonly c0: Fp2; readonly c1: Fp2; readonly c2: Fp2 }

/** An element of the target group: its twelve coordinates, little-endian. */
function serialized({ c0, c1 }: { readonly c0: Fp6; readonly c1: Fp6 }): Uint8Array {
  const pairs = [c0, c1].flatMap((half) => [half.c0, half.c1, half.c2])
  const coordinates = pairs.flatMap((pair) => [pair.c0, pair.c1])
  return concat(coordinates.map((value) => littleEndian(value, FIELD_BYTES)))
}

function bigEndian(round: bigint): Uint8Array {
  return littleEndian(round, 8).toReversed()
}

function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, i) => byte ^ (b[i] ?? 0))
}
