import sodium from 'sodium-native'
import { beforeAll, describe, expect, it } from 'vitest'
import { cryptoReady, keypairFromSeed, verifySr25519 } from '../../../src/core/keys/keypair.js'
import { decodeAddress } from '../../../src/core/keys/ss58.js'
import {
  type SignatureClaim,
  signedBytes,
  type Verifier,
  wrapped,
} from '../../../src/network/signing/signer.js'
import {
  createNativeSr25519,
  createVerifier,
  type EdwardsArithmetic,
} from '../../../src/network/signing/verify.js'
import { vectors } from './vectors.js'

type Row = {
  note: string
  message: string
  claimed_ss58: string
  signature: string
  python_verify: boolean
}
const rows = vectors<{ vectors: Row[] }>('signatures.json').vectors

describe('signatures', () => {
  let verify: Verifier
  beforeAll(async () => {
    await cryptoReady()
    verify = await createVerifier()
  })

  it.each(rows)('$note', async ({ message, claimed_ss58, signature, python_verify }) => {
    const claim: SignatureClaim = {
      message: signedBytes(message),
      signature: /^0x/.test(signature) ? Buffer.from(signature.slice(2), 'hex') : new Uint8Array(),
      publicKey: decodeAddress(claimed_ss58),
      scheme: 'sr25519',
    }
    expect((await verify(claim)) || (await verify(wrapped(claim)))).toBe(python_verify)
  })

  it('agrees with schnorrkel on good and damaged signatures', async () => {
    const native = createNativeSr25519(sodium as unknown as EdwardsArithmetic)
    let accepted = 0
    for (let i = 0; i < 40; i++) {
      const keypair = await keypairFromSeed(new Uint8Array(32).fill(i + 1))
      const message = new Uint8Array(i * 13).fill(i)
      const signature = new Uint8Array(keypair.sign(message))
      const claims: SignatureClaim[] = [
        { message, signature, publicKey: keypair.publicKey, scheme: 'sr25519' },
        { message, signature: flip(signature, i), publicKey: keypair.publicKey, scheme: 'sr25519' },
        {
          message,
          signature: flip(signature, 511 - i),
          publicKey: keypair.publicKey,
          scheme: 'sr25519',
        },
        { message, signature, publicKey: flip(keypair.publicKey, i * 6), scheme: 'sr25519' },
        {
          message: new Uint8Array([...message, 0]),
          signature,
          publicKey: keypair.publicKey,
          scheme: 'sr25519',
        },
      ]
      for (const claim of claims) {
        const expected = verifySr25519(claim.message, claim.signature, claim.publicKey)
        expect(native(claim)).toBe(expected)
        accepted += expected ? 1 : 0
      }
    }
    expect(accepted).toBe(40)
  })

  it('refuses scalars that are not reduced, unmarked signatures and keys anybody could sign for', async () => {
    const native = createNativeSr25519(sodium as unknown as EdwardsArithmetic)
    const keypair = await keypairFromSeed(new Uint8Array(32).fill(9))
    const message = new Uint8Array([1, 2, 3])
    const signature = new Uint8Array(keypair.sign(message))
    const base = { message, publicKey: keypair.publicKey, scheme: 'sr25519' } as const
    expect(native({ ...base, signature })).toBe(true)
    expect(native({ ...base, signature: addOrder(signature) })).toBe(false)
    expect(native({ ...base, signature: flip(signature, 511) })).toBe(false)
    expect(native({ ...base, signature, publicKey: new Uint8Array(32) })).toBe(false)
    const zeroes = new Uint8Array(64)
    zeroes[63] = 0x80
    expect(native({ ...base, signature: zeroes, publicKey: new Uint8Array(32) })).toBe(false)
    expect(native({ ...base, signature: zeroes })).toBe(false)
  })

  it('checks ed25519 under its own scheme only', async () => {
    const keypair = await keypairFromSeed(new Uint8Array(32).fill(5), { cryptoType: 'ed25519' })
    const message = new Uint8Array([1, 2, 3])
    const claim = {
      message,
      signature: keypair.sign(message),
      publicKey: keypair.publicKey,
    } as const
    expect(await verify({ ...claim, scheme: 'ed25519' })).toBe(true)
    expect(await verify({ ...claim, scheme: 'sr25519' })).toBe(false)
    expect(await verify({ ...claim, message: new Uint8Array([1]), scheme: 'ed25519' })).toBe(false)
    expect(await verify({ ...claim, publicKey: new Uint8Array(32), scheme: 'ed25519' })).toBe(false)
    expect(await verify({ ...claim, signature: new Uint8Array(63), scheme: 'ed25519' })).toBe(false)
  })
})

function flip(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = new Uint8Array(bytes)
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  return copy
}

/** The same scalar plus the group order: the equation still holds, the encoding is not the one allowed. */
function addOrder(signature: Uint8Array): Uint8Array {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n
  const scalar = Buffer.from(signature.slice(32))
  scalar[31] = (scalar[31] ?? 0) & 0x7f
  const value = BigInt(`0x${Buffer.from(scalar).reverse().toString('hex')}`) + order
  const changed = Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse()
  changed[31] = (changed[31] ?? 0) | 0x80
  return new Uint8Array([...signature.slice(0, 32), ...changed])
}
