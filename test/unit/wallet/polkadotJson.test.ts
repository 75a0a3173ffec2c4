import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../../src/core/keys/hex.js'
import { exportSecret } from '../../../src/core/keys/keypair.js'
import { parseKeyfile } from '../../../src/core/wallet/keyfileJson.js'
import { keypairOfKeyfile } from '../../../src/core/wallet/openKeyfile.js'
import { isEncryptedBackup, keypairFromBackup } from '../../../src/core/wallet/polkadotJson.js'
import { serializeKeypair } from '../../../src/core/wallet/serializeKey.js'
import { vectors, WALLET_VECTORS } from '../../support/walletVectors.js'

const textOf = (path: string) => readFileSync(join(WALLET_VECTORS, path), 'utf8')
const sample = textOf('polkadot-json/pjs-sr25519-n32768.json')
const json = vectors.passwords.json

describe('polkadot-js backups', () => {
  for (const { path, password, ss58Address, cryptoType, key } of vectors.polkadotJson) {
    it(path, async () => {
      const keypair = await keypairFromBackup(textOf(path), password ?? undefined)
      expect(keypair).toMatchObject({ address: ss58Address, cryptoType })
      expect(isEncryptedBackup(textOf(path))).toBe(password !== null)
      if (cryptoType === 'sr25519') {
        expect(toHex(exportSecret(keypair).privateKey)).toBe(vectors.keys[key]?.privateKey)
      }
      // bittensor 5.3 lost the secret here, because its key files had no field for the private key.
      const again = await keypairOfKeyfile(parseKeyfile(serializeKeypair(keypair), 'x'), 'x')
      expect(again.address).toBe(ss58Address)
    })
  }

  it('need the right password', async () => {
    await expect(keypairFromBackup(sample, 'wrong')).rejects.toMatchObject({ code: 'BAD_PASSWORD' })
    await expect(keypairFromBackup(sample)).rejects.toMatchObject({ code: 'MISSING_INPUT' })
  })

  const change = (edit: (backup: Record<string, unknown>) => void) => {
    const backup = JSON.parse(sample)
    edit(backup)
    return JSON.stringify(backup)
  }
  const withHeader = (offset: number, value: number) =>
    change((backup) => {
      const bytes = Buffer.from(String(backup['encoded']), 'base64')
      bytes.writeUInt32LE(value, offset)
      backup['encoded'] = bytes.toString('base64')
    })

  it.each([
    [
      'several accounts',
      JSON.stringify({ encoded: 'AA==', accounts: [], encoding: { content: ['batch-pkcs8'] } }),
      'several accounts',
    ],
    ['no JSON', 'hello', 'not valid JSON'],
    ['other JSON', '{"a":1}', 'not an account exported'],
    [
      'another version',
      change((backup) => {
        backup['encoding'] = { content: ['pkcs8', 'sr25519'], type: ['none'], version: '2' }
      }),
      'version 3',
    ],
    [
      'another key type',
      change((backup) => {
        backup['encoding'] = {
          content: ['pkcs8', 'ecdsa'],
          type: ['scrypt', 'xsalsa20-poly1305'],
          version: '3',
        }
      }),
      'neither sr25519 nor ed25519',
    ],
    [
      'another cipher',
      change((backup) => {
        backup['encoding'] = {
          content: ['pkcs8', 'sr25519'],
          type: ['scrypt', 'aes'],
          version: '3',
        }
      }),
      'encryption is not supported',
    ],
    [
      'cut off',
      change((backup) => {
        backup['encoded'] = String(backup['encoded']).slice(0, 40)
      }),
      'cut off',
    ],
    ['endless scrypt', withHeader(32, 2 ** 31), 'out of bounds'],
    ['scrypt of no power of two', withHeader(32, 32767), 'out of bounds'],
    ['huge r', withHeader(40, 100_000), 'out of bounds'],
    ['zero p', withHeader(36, 0), 'out of bounds'],
    ['a giant', `"${'x'.repeat(300_000)}"`, 'too large'],
  ])('refuse %s', async (_, text, reason) => {
    await expect(keypairFromBackup(text, json)).rejects.toMatchObject({
      code: 'KEYFILE',
      message: expect.stringContaining(reason),
    })
  })
})
