import { inspect } from 'node:util'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { fromHex, toHex } from '../../../src/core/keys/hex.js'
import {
  cryptoReady,
  exportSecret,
  type Keypair,
  keypairFromExpanded,
  keypairFromHex,
  keypairFromMnemonic,
  keypairFromPrivateKey,
  keypairFromSeed,
  keypairFromUri,
  verify,
  verifySr25519,
} from '../../../src/core/keys/keypair.js'
import { vectors } from '../../support/walletVectors.js'

const bytes = (hex: string) => fromHex(hex) as Uint8Array
const known = Object.entries(vectors.keys)
const message = new TextEncoder().encode('prove ownership')

beforeAll(cryptoReady)

describe('key pairs', () => {
  it('are those recorded, from mnemonic, seed and both forms of the private key', async () => {
    expect(known.length).toBeGreaterThan(30)
    for (const [name, key] of known) {
      const made: Keypair[] = [
        await keypairFromPrivateKey(bytes(key.privateKey)),
        await keypairFromExpanded(bytes(key.polkadotJsSecretKey)),
      ]
      if (key.mnemonic !== null) made.push(await keypairFromMnemonic(key.mnemonic))
      if (key.secretSeed !== null) made.push(await keypairFromSeed(bytes(key.secretSeed)))
      for (const keypair of made) {
        expect([name, keypair.address]).toEqual([name, key.ss58Address])
        expect(toHex(keypair.publicKey)).toBe(key.publicKey)
        expect(toHex(exportSecret(keypair).privateKey)).toBe(key.privateKey)
      }
    }
  })

  it('are those recorded for ed25519', async () => {
    for (const [, key] of known) {
      if (!key.ed25519 || key.secretSeed === null) continue
      const keypair = await keypairFromSeed(bytes(key.secretSeed), { cryptoType: 'ed25519' })
      expect(keypair.address).toBe(key.ed25519.ss58Address)
      expect(await verify(message, keypair.sign(message), keypair.publicKey)).toBe(true)
    }
  })

  for (const vector of vectors.uris) {
    it(`of the URI ${vector.uri.slice(0, 12)}… ${vector.uri.length}`, async () => {
      const keypair = await keypairFromUri(vector.uri)
      expect(keypair.address).toBe(vector.ss58Address)
      expect(await verify(message, keypair.sign(message), keypair.publicKey)).toBe(true)
      const ed25519 = keypairFromUri(vector.uri, { cryptoType: 'ed25519' })
      if (vector.ed25519Error) await expect(ed25519).rejects.toMatchObject({ code: 'USAGE' })
      else expect((await ed25519).address).toBe(vector.ed25519Ss58Address)
    })
  }

  it('of a URI keep the words only where the words alone give the key back', async () => {
    const phrase = vectors.keys['plain']?.mnemonic as string
    expect(exportSecret(await keypairFromUri(phrase)).mnemonic).toBe(phrase)
    expect(exportSecret(await keypairFromUri(`${phrase}///pw`)).mnemonic).toBeUndefined()
    expect(exportSecret(await keypairFromUri(`${phrase}//a`))).not.toHaveProperty('seed')
  })

  it.each(['', '0x12//a', 'not words//a', '//', '//a/'])('refuse the URI %j', async (uri) => {
    await expect(keypairFromUri(uri)).rejects.toMatchObject({ code: 'USAGE' })
  })

  it('take a secret in hex in any unambiguous form', async () => {
    const key = vectors.keys['plain']
    if (!key?.secretSeed) throw new Error('no vector')
    for (const text of [
      key.secretSeed,
      key.secretSeed.slice(2),
      ` ${key.secretSeed.toUpperCase()} `,
    ]) {
      expect((await keypairFromHex(text)).address).toBe(key.ss58Address)
    }
    for (const text of ['0x', '0x00', 'zz', `${key.secretSeed}0`, `${key.secretSeed}00`]) {
      await expect(keypairFromHex(text)).rejects.toMatchObject({ code: 'USAGE' })
    }
    let refused = 0
    for (const [, { privateKey, polkadotJsSecretKey, ss58Address }] of known) {
      for (const text of [privateKey, polkadotJsSecretKey]) {
        const read = await keypairFromHex(text).catch((error: Error) => error.message)
        if (typeof read !== 'string') expect(read.address).toBe(ss58Address)
        else refused += Number(read.includes('two different private keys'))
      }
    }
    expect(refused).toBeLessThan(known.length)
  })

  it('show no secret when printed, spread or serialised', async () => {
    const key = vectors.keys['plain']
    if (!key?.secretSeed || !key.mnemonic) throw new Error('no vector')
    const keypair = await keypairFromMnemonic(key.mnemonic)
    const shown = [
      inspect(keypair, { depth: 9, showHidden: true }),
      JSON.stringify(keypair),
      JSON.stringify({ ...keypair }),
      inspect({ ...keypair }, { depth: 9, showHidden: true }),
      String(keypair),
    ].join('\n')
    expect(shown).toContain(key.ss58Address)
    for (const secret of [
      key.mnemonic,
      'speed',
      key.secretSeed.slice(2, 20),
      key.privateKey.slice(2, 20),
    ]) {
      expect(shown).not.toContain(secret)
    }
    expect(() => exportSecret({ ...keypair })).toThrow('not made by this library')
  })
})

describe('signatures', () => {
  for (const vector of vectors.signatures.verify) {
    it(`accepts: ${vector.note}`, async () => {
      expect(
        await verify(bytes(vector.messageHex), bytes(vector.signature), bytes(vector.publicKey)),
      ).toBe(true)
    })
  }
  for (const vector of vectors.signatures.reject) {
    it(`refuses: ${vector.note}`, async () => {
      expect(
        await verify(bytes(vector.messageHex), bytes(vector.signature), bytes(vector.publicKey)),
      ).toBe(false)
      expect(
        verifySr25519(bytes(vector.messageHex), bytes(vector.signature), bytes(vector.publicKey)),
      ).toBe(false)
    })
  }

  it('hold for the signed message only', async () => {
    const keypair = await keypairFromUri('//Alice')
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(511), (data, bit) => {
        const signature = keypair.sign(data)
        expect(verifySr25519(data, signature, keypair.publicKey)).toBe(true)
        const damaged = new Uint8Array(signature)
        damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        expect(verifySr25519(data, damaged, keypair.publicKey)).toBe(false)
      }),
    )
    expect(verifySr25519(message, keypair.sign(message), new Uint8Array(31))).toBe(false)
    const wrapped = new TextEncoder().encode('<Bytes>prove ownership</Bytes>')
    expect(verifySr25519(message, keypair.sign(wrapped), keypair.publicKey)).toBe(false)
    expect(await verify(message, keypair.sign(wrapped), keypair.publicKey)).toBe(true)
  })
})
