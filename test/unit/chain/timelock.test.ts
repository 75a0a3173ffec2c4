/** Timelock encryption against the beacon's real signature of a round, and a ciphertext of the Python package. */
import { createDecipheriv } from 'node:crypto'
import { bls12_381 as bls } from '@noble/curves/bls12-381.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { expect, test } from 'vitest'
import { encryptForRound } from '../../../src/core/chain/timelock.js'

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'))

/** Public key of drand's `quicknet`, as `Drand.BeaconConfig` of spec 343 has it, and its signature of round 123. */
const KEY = bytes(
  '83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a',
)
const SIGNATURE =
  'b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92'

/** `hello world` for round 123, made by bittensor_drand 2.0.0 (encrypt_at_round; its own frame cut off). */
const PYTHON = bytes(
  '9033332b233faf5867225087b79723b4029ea43ad5aa7694b2f22db746adad3e30be62c7f8b8ad0753eb4566a095983a1439a60410a1d4501327b01f25ccfd2aeadc640f3211e86bec1f36d6c41fd6d545ad33a7ea146835233412d16b6ed2912000000000000000ac1242fe5408b2d5a4bbb29d48d92cd6e6f8221248ccf7e5e2e9ba7c0109474620000000000000005313247ac1719de51f4d369adf34407f2928d683efeac0afafd8837203321a1e37000000000000001b00000000000000eba307a8b2c85db15ecea894fe96832667fcb9d054e5fdcea1da2c0c000000000000002f50050dcd3dc1b9904acc8d08000000000000004145535f47434d5f',
)

type Fp2 = { c0: bigint; c1: bigint }
type Fp6 = { c0: Fp2; c1: Fp2; c2: Fp2 }

function littleEndian(value: bigint): Uint8Array {
  return bytes(value.toString(16).padStart(96, '0')).toReversed()
}

/** As the chain decrypts: secret from the signature, checked against U, then AES-GCM. */
function decrypt(ciphertext: Uint8Array): string {
  let at = 0
  const take = (length: number) => {
    at += length
    return ciphertext.slice(at - length, at)
  }
  const counted = () => take(Number(Buffer.from(take(8)).readBigUInt64LE()))
  const xor = (a: Uint8Array, b: Uint8Array) => a.map((byte, i) => byte ^ b[i]!)
  const u = bls.G2.Point.fromBytes(take(96))
  const [v, w, body, suite] = [counted(), counted(), counted(), counted()]
  expect(Buffer.from(suite).toString()).toBe('AES_GCM_')
  expect(at).toBe(ciphertext.length)
  const shared = bls.pairing(bls.G1.Point.fromHex(SIGNATURE), u) as unknown as { c0: Fp6; c1: Fp6 }
  const coordinates = [shared.c0, shared.c1]
    .flatMap((half) => [half.c0, half.c1, half.c2])
    .flatMap((pair) => [pair.c0, pair.c1])
  const sigma = xor(v, sha256(Buffer.concat(coordinates.map(littleEndian))))
  const key = xor(w, sha256(sigma))
  const r = BigInt(`0x${Buffer.from(sha256(Buffer.concat([sigma, key]))).toString('hex')}`)
  expect(bls.G2.Point.BASE.multiply(r % bls.fields.Fr.ORDER).equals(u)).toBe(true)
  at = 0
  const inner = (from: Uint8Array) => {
    const length = Number(Buffer.from(from.slice(at, at + 8)).readBigUInt64LE())
    at += 8 + length
    return from.slice(at - length, at)
  }
  const sealed = inner(body)
  const decipher = createDecipheriv('aes-256-gcm', key, inner(body))
  decipher.setAuthTag(sealed.slice(-16))
  return Buffer.concat([decipher.update(sealed.slice(0, -16)), decipher.final()]).toString()
}

test('what the Python package encrypts is read', () => {
  expect(decrypt(PYTHON)).toBe('hello world')
})

test('what we encrypt has its form and opens with the signature of the round', async () => {
  const text = 'weights of a validator'
  const sealed = await encryptForRound(KEY, 123n, new TextEncoder().encode(text))
  expect(decrypt(sealed)).toBe(text)
  const again = await encryptForRound(KEY, 123n, new TextEncoder().encode(text))
  expect(again).not.toEqual(sealed)
})

test('the signature of a round does not open another', async () => {
  const sealed = await encryptForRound(KEY, 124n, new TextEncoder().encode('later'))
  expect(() => decrypt(sealed)).toThrow()
})
