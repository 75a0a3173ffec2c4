import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fromHex, toHex } from '../../../src/core/keys/hex.js'
import { exportSecret, type Keypair, verify } from '../../../src/core/keys/keypair.js'
import { naclKey } from '../../../src/core/wallet/argon2.js'
import { decryptKeyfile, encryptKeyfile } from '../../../src/core/wallet/encryption.js'
import { keyfileFormat } from '../../../src/core/wallet/keyfileFormat.js'
import { parseKeyfile } from '../../../src/core/wallet/keyfileJson.js'
import { encryptNacl } from '../../../src/core/wallet/nacl.js'
import { keypairOfKeyfile } from '../../../src/core/wallet/openKeyfile.js'
import { serializeKeypair } from '../../../src/core/wallet/serializeKey.js'
import { type FileVector, vectors, WALLET_VECTORS } from '../../support/walletVectors.js'

const bytes = (hex: string) => fromHex(hex) as Uint8Array
const contentOf = (file: FileVector) =>
  new Uint8Array(readFileSync(join(WALLET_VECTORS, file.path)))

async function open(file: FileVector): Promise<Keypair> {
  const json = await decryptKeyfile(contentOf(file), file.password ?? '', file.path)
  return keypairOfKeyfile(parseKeyfile(json, file.path), file.path)
}

/** Everything that an error says or carries, to search it for secrets. */
function allTextOf(error: unknown): string {
  const parts: string[] = []
  for (let current = error; current instanceof Error; current = current.cause) {
    parts.push(String(current), JSON.stringify(current), current.stack ?? '')
  }
  return parts.join('\n')
}

describe('every recorded key file', () => {
  it('is the recorded one', () => {
    expect(vectors.files.length).toBeGreaterThan(110)
    for (const file of vectors.files) {
      const content = contentOf(file)
      const sha256 = createHash('sha256').update(content).digest('hex')
      expect([file.path, sha256]).toEqual([file.path, file.sha256.replace(/^0x/, '')])
      expect([file.path, keyfileFormat(content)]).toEqual([file.path, file.format])
    }
  })

  for (const file of vectors.files) {
    const { result, ss58Address } = file.expect
    it(`${file.path}: ${result} ${ss58Address ?? file.expect.reason ?? ''}`, async () => {
      if (result === 'signs' || result === 'ignored') {
        const keypair = await open(file)
        if (ss58Address !== undefined) expect(keypair.address).toBe(ss58Address)
        const message = new TextEncoder().encode(file.path)
        expect(await verify(message, keypair.sign(message), keypair.publicKey)).toBe(true)
        const known = vectors.keys[file.key ?? '']
        if (known?.mnemonic && file.format !== 'plain') {
          expect(exportSecret(keypair).mnemonic).toBe(known.mnemonic)
        }
        return
      }
      const error = await open(file).catch((caught: unknown) => caught)
      if (result === 'public') {
        expect(parseKeyfile(contentOf(file), file.path).address).toBe(ss58Address)
        expect(error).toMatchObject({
          code: 'KEYFILE',
          message: expect.stringContaining('no secret'),
        })
        return
      }
      const wrong =
        file.expect.reason === 'wrong password or damaged file' ||
        file.path.endsWith('nacl_truncated/coldkey')
      expect(error).toMatchObject({ code: wrong ? 'BAD_PASSWORD' : 'KEYFILE' })
      if (file.expect.reason === 'inconsistent')
        expect(error).toMatchObject({ message: expect.stringContaining('inconsistent') })
      else if (!wrong) expect(error).toMatchObject({ message: expect.stringContaining('corrupt') })
      const text = allTextOf(error)
      for (const secret of ['speed walk', 'unusual', '6ff0aabd', '98c4c3db', 'testing123']) {
        expect(text).not.toContain(secret)
      }
    })
  }

  it('gives each defect its own sentence', async () => {
    const messages = new Map<string, string[]>()
    for (const file of vectors.files.filter(({ expect: { result } }) => result === 'error')) {
      const error = (await open(file).catch((caught: unknown) => caught)) as Error
      const sentence = error.message.replace(file.path, '')
      messages.set(sentence, [...(messages.get(sentence) ?? []), file.path.split('/')[1] ?? ''])
    }
    expect(Object.fromEntries(messages)).toMatchInlineSnapshot(`
      {
        "the key file  is corrupt: it ends too early for an encrypted key": [
          "nacl_header_only",
          "nacl_nonce_only",
        ],
        "the key file  is corrupt: it holds no key": [
          "json_no_secret",
        ],
        "the key file  is corrupt: it holds nothing but whitespace": [
          "whitespace",
        ],
        "the key file  is corrupt: it is empty": [
          "empty",
        ],
        "the key file  is corrupt: it is neither text nor an encrypted key": [
          "binary",
        ],
        "the key file  is corrupt: it is not valid JSON": [
          "json_truncated",
          "unknown_magic",
        ],
        "the key file  is corrupt: its Ansible Vault body is cut off or changed": [
          "ansible_header_only",
          "ansible_truncated",
        ],
        "the key file  is corrupt: its Fernet token is cut off or changed": [
          "fernet_truncated",
        ],
        "the key file  is corrupt: its JSON is not an object": [
          "json_array",
        ],
        "the key file  is corrupt: its mnemonic is not valid": [
          "json_bad_mnemonic",
        ],
        "the key file  is corrupt: its secretSeed is not 32 bytes of hex": [
          "json_seed_31_bytes",
          "json_seed_not_hex",
        ],
        "the key file  is inconsistent: its mnemonic, seed and private key give different keys": [
          "json_seed_phrase_disagree",
        ],
        "the key file  is inconsistent: its secret does not belong to its address": [
          "json_address_disagree",
        ],
        "wrong password for , or the file is damaged": [
          "ansible_hmac_mismatch",
          "nacl_bitflip",
          "nacl_trailing_newline",
          "nacl_truncated",
        ],
      }
    `)
  })
})

describe('encryption', () => {
  it('derives the recorded keys, once per password', async () => {
    // Only those that other tests here need as well: each takes seconds.
    const used = vectors.kdf.nacl.filter(({ password }) => password !== vectors.passwords.json)
    for (const { password, key } of used) {
      const derived = await naclKey(password)
      expect(toHex(derived)).toBe(key)
      expect(await naclKey(password)).toBe(derived)
    }
  })

  it('writes the recorded bytes, and reads them', async () => {
    const { password, nonce, plaintext, file } = vectors.kdf.naclEncryptVector
    const json = new TextEncoder().encode(plaintext)
    expect(toHex(await encryptNacl(json, password, bytes(nonce)))).toBe(file)
    expect(await decryptKeyfile(bytes(file), password, 'x')).toEqual(json)
  })

  it('never gives the same file twice, and refuses every other password', async () => {
    const json = new TextEncoder().encode('{}')
    const password = vectors.passwords.main
    const [first, second] = [
      await encryptKeyfile(json, password),
      await encryptKeyfile(json, password),
    ]
    expect(first).not.toEqual(second)
    await expect(decryptKeyfile(first, vectors.passwords.alt, 'x')).rejects.toMatchObject({
      code: 'BAD_PASSWORD',
      message: 'wrong password for x, or the file is damaged',
    })
  })

  it('knows at once that an empty password is wrong, and writes none', async () => {
    const json = new TextEncoder().encode('{}')
    await expect(encryptKeyfile(json, '')).rejects.toMatchObject({ code: 'USAGE' })
    const sealed = bytes(vectors.kdf.naclEncryptVector.file)
    await expect(decryptKeyfile(sealed, '', 'x')).rejects.toMatchObject({ code: 'BAD_PASSWORD' })
  })

  it('tries a password with spaces around it without them too, as wallets 2 to 4 trimmed it', async () => {
    const file = vectors.files.find(({ path }) => path === 'store/ansible_v5/coldkey')
    if (!file) throw new Error('no vector')
    const padded = ` ${file.password}\t`
    const json = await decryptKeyfile(contentOf(file), padded, file.path)
    expect(parseKeyfile(json, file.path).address).toBe(file.expect.ss58Address)
  })
})

describe('round trip', () => {
  it('keeps every secret of every store file, in the one form that all wallets read', async () => {
    const signing = vectors.files.filter(
      ({ path, expect: { result } }) => path.startsWith('store/') && result === 'signs',
    )
    expect(signing.length).toBeGreaterThan(25)
    for (const file of signing) {
      const keypair = await open(file)
      const json = serializeKeypair(keypair)
      const again = await keypairOfKeyfile(parseKeyfile(json, 'again'), 'again')
      expect(exportSecret(again)).toEqual(exportSecret(keypair))
      const sealed = await encryptKeyfile(json, file.password ?? vectors.passwords.main)
      const opened = await decryptKeyfile(sealed, file.password ?? vectors.passwords.main, 'sealed')
      expect(opened).toEqual(json)
    }
  })

  it('is byte for byte what bittensor 6 and 7 wrote', async () => {
    const file = vectors.files.find(({ path }) => path === 'store/nacl_v1/coldkey')
    if (!file) throw new Error('no vector')
    const json = await decryptKeyfile(contentOf(file), file.password ?? '', file.path)
    const ours = serializeKeypair(await keypairOfKeyfile(parseKeyfile(json, 'x'), 'x'))
    expect(new TextDecoder().decode(ours)).toBe(new TextDecoder().decode(json))
  })
})
