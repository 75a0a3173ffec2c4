import { beforeAll, describe, expect, it } from 'vitest'
import { cryptoReady, keypairFromSeed } from '../../../src/core/keys/keypair.js'
import { decodeAddress } from '../../../src/core/keys/ss58.js'
import {
  type SignatureClaim,
  signedBytes,
  type Verifier,
  wrapped,
} from '../../../src/network/signing/signer.js'
import { createVerifier } from '../../../src/network/signing/verify.js'
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

  it('refuses signatures without the mark of schnorrkel, damaged ones and keys that are none', async () => {
    const keypair = await keypairFromSeed(new Uint8Array(32).fill(9))
    const message = new Uint8Array([1, 2, 3])
    const signature = new Uint8Array(keypair.sign(message))
    const good = { message, signature, publicKey: keypair.publicKey, scheme: 'sr25519' } as const
    expect(await verify(good)).toBe(true)
    for (const bit of [0, 255, 256, 500, 511]) {
      expect(await verify({ ...good, signature: flip(signature, bit) })).toBe(false)
    }
    expect(await verify({ ...good, publicKey: flip(keypair.publicKey, 3) })).toBe(false)
    expect(await verify({ ...good, publicKey: new Uint8Array(31) })).toBe(false)
    expect(await verify({ ...good, publicKey: new Uint8Array(32) })).toBe(false)
    expect(await verify({ ...good, signature: new Uint8Array(0) })).toBe(false)
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
