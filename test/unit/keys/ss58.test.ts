import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBase58, encodeBase58 } from '../../../src/core/keys/base58.js'
import { fromHex, toHex } from '../../../src/core/keys/hex.js'
import { decodeAddress, encodeAddress, parseAccount } from '../../../src/core/keys/ss58.js'
import { vectors } from '../../support/walletVectors.js'

const key = fc.uint8Array({ minLength: 32, maxLength: 32 })

describe('ss58', () => {
  for (const { address, format, publicKey } of vectors.ss58.valid) {
    it(`prefix ${format}: ${address}`, () => {
      const bytes = fromHex(publicKey) as Uint8Array
      const own = encodeAddress(bytes)
      if (format === 42) {
        expect(own).toBe(address)
        expect(toHex(decodeAddress(address))).toBe(publicKey)
      } else {
        expect(() => decodeAddress(address)).toThrow(`prefix ${format}`)
        expect(() => decodeAddress(address)).toThrow(own)
      }
    })
  }

  for (const { address, why } of vectors.ss58.invalid) {
    it(`refuses: ${why}`, () => {
      expect(() => decodeAddress(address)).toThrow(expect.objectContaining({ code: 'BAD_ADDRESS' }))
    })
  }

  it('knows the address of every recorded key', () => {
    for (const { publicKey, ss58Address } of Object.values(vectors.keys)) {
      expect(encodeAddress(fromHex(publicKey) as Uint8Array)).toBe(ss58Address)
    }
  })

  it('decodes what it encodes', () => {
    fc.assert(
      fc.property(key, (bytes) => {
        expect(decodeAddress(encodeAddress(bytes))).toEqual(bytes)
      }),
    )
  })

  it('notices any single changed character', () => {
    const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
    fc.assert(
      fc.property(key, fc.nat(47), fc.constantFrom(...alphabet), (bytes, at, character) => {
        const address = encodeAddress(bytes)
        const changed = address.slice(0, at) + character + address.slice(at + 1)
        fc.pre(changed !== address)
        // A checksum of two bytes lets one change in 65536 pass, and then it is another key.
        try {
          expect(decodeAddress(changed)).not.toEqual(bytes)
        } catch (error) {
          expect(error).toMatchObject({ code: 'BAD_ADDRESS' })
        }
      }),
    )
  })

  it('does not repeat a secret that was pasted as an address', () => {
    const words = vectors.keys['plain']?.mnemonic as string
    expect(() => decodeAddress(words)).toThrow(/^(?!.*speed)/s)
    expect(() => parseAccount('0x12zz')).toThrow('64 hex digits')
    expect(() => decodeAddress('1'.repeat(100_000))).toThrow('too long')
  })

  it('takes accounts as address or public key', () => {
    const { address, publicKey } = vectors.ss58.valid[0] as { address: string; publicKey: string }
    expect(parseAccount(publicKey).address).toBe(address)
    expect(parseAccount(publicKey.toUpperCase().replace('0X', '0x')).address).toBe(address)
    expect(toHex(parseAccount(address).publicKey)).toBe(publicKey)
    expect(() => parseAccount(`${publicKey}00`)).toThrow('64 hex digits')
    expect(() => parseAccount(publicKey.slice(2))).toThrow(
      expect.objectContaining({ code: 'BAD_ADDRESS' }),
    )
  })
})

describe('base58', () => {
  it('keeps leading zeros and every byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(3), (bytes, zeros) => {
        const padded = new Uint8Array([...new Uint8Array(zeros), ...bytes])
        expect(decodeBase58(encodeBase58(padded))).toEqual(padded)
      }),
    )
    expect(decodeBase58('0OIl')).toBeUndefined()
  })
})
