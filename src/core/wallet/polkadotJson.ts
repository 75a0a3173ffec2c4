/** JSON backups of polkadot-js (version 3), the `--json` of regen_coldkey and regen_hotkey. */
import { scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { BittensorError } from '../errors.js'
import { toHex } from '../keys/hex.js'
import { type Keypair, keypairFromExpanded, keypairFromSeed } from '../keys/keypair.js'
import { refusedAs } from './failures.js'

type Backup = {
  readonly encoded: Uint8Array
  readonly cryptoType: string
  /** Such as `scrypt`, `xsalsa20-poly1305`; `none` when it is not encrypted. */
  readonly encryption: readonly string[]
}

/** A backup of one key takes under a kilobyte. */
const LARGEST_CHARACTERS = 256 * 1024
const NONCE_BYTES = 24

/** salt, then N, p, r as u32, as @polkadot/util-crypto writes them (packages/util-crypto/src/scrypt/toU8a.ts). */
const SCRYPT_HEADER_BYTES = 32 + 3 * 4
const MAX_SCRYPT = { N: 2 ** 20, p: 8, r: 8 }

/** PKCS#8 header, 64 bytes of secret, divider, 32 bytes of public key. */
const HEADER = Buffer.from('3053020101300506032b657004220420', 'hex')
const DIVIDER = Buffer.from('a123032100', 'hex')
const SECRET_BYTES = 64
const PUBLIC_BYTES = 32

/** Whether the backup needs a password.
 * @throws {BittensorError} `KEYFILE` when it is no backup that can be used.
 */
export function isEncryptedBackup(text: string): boolean {
  return !parseBackup(text).encryption.includes('none')
}

/**
 * The key pair of a polkadot-js JSON backup.
 * @param password undefined if there is none
 * @throws {BittensorError} `KEYFILE` for a damaged or unsupported backup, `BAD_PASSWORD`, or `MISSING_INPUT` without a password.
 */
export async function keypairFromBackup(text: string, password?: string): Promise<Keypair> {
  const backup = parseBackup(text)
  if (backup.encryption.includes('none')) return decodeContent(backup.encoded, backup.cryptoType)
  if (password === undefined) {
    throw new BittensorError(
      'MISSING_INPUT',
      'the JSON backup is encrypted and no password was given',
    )
  }
  const content = await decrypt(backup, password)
  if (!content) {
    throw new BittensorError('BAD_PASSWORD', 'wrong password for the JSON backup, or it is damaged')
  }
  try {
    return await decodeContent(content, backup.cryptoType)
  } finally {
    content.fill(0)
  }
}

function parseBackup(text: string): Backup {
  if (text.length > LARGEST_CHARACTERS) throw badBackup('it is far too large')
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch {
    throw badBackup('it is not valid JSON')
  }
  const encoding = property(value, 'encoding')
  const content = property(encoding, 'content')
  if (Array.isArray(property(value, 'accounts')) || includes(content, 'batch-pkcs8')) {
    throw badBackup('it holds several accounts; export the one account that you need')
  }
  const encoded = property(value, 'encoded')
  if (typeof encoded !== 'string' || !includes(content, 'pkcs8')) {
    throw badBackup('it is not an account exported by polkadot-js or a wallet like it')
  }
  if (property(encoding, 'version') !== '3') throw badBackup('only version 3 is supported')
  const cryptoType = (content as readonly unknown[]).find((item) => item !== 'pkcs8')
  return {
    encoded: decodeText(encoded),
    cryptoType: typeof cryptoType === 'string' ? cryptoType : 'unknown',
    encryption: [property(encoding, 'type')].flat().map(String),
  }
}

function decodeText(encoded: string): Uint8Array {
  if (/^0x[0-9a-f]*$/i.test(encoded)) return new Uint8Array(Buffer.from(encoded.slice(2), 'hex'))
  if (!/^[A-Za-z0-9+/=\s]+$/.test(encoded)) throw badBackup('its content is not base64')
  return new Uint8Array(Buffer.from(encoded, 'base64'))
}

async function decrypt(backup: Backup, password: string): Promise<Uint8Array | undefined> {
  const { encoded, encryption } = backup
  if (!encryption.includes('xsalsa20-poly1305')) throw badBackup('its encryption is not supported')
  const usesScrypt = encryption.includes('scrypt')
  const key = usesScrypt ? await scryptKey(encoded, password) : paddedKey(password)
  const sealed = usesScrypt ? encoded.subarray(SCRYPT_HEADER_BYTES) : encoded
  if (sealed.length <= NONCE_BYTES) throw badBackup('it is cut off')
  const { naclSecretboxOpen } = await import('@polkadot/util-crypto/nacl/tweetnacl')
  const nonce = sealed.subarray(0, NONCE_BYTES)
  return naclSecretboxOpen(sealed.subarray(NONCE_BYTES), nonce, key) ?? undefined
}

async function scryptKey(encoded: Uint8Array, password: string): Promise<Uint8Array> {
  if (encoded.length < SCRYPT_HEADER_BYTES) throw badBackup('it is cut off')
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength)
  const [N, p, r] = [32, 36, 40].map((offset) => view.getUint32(offset, true)) as [
    number,
    number,
    number,
  ]
  const isPowerOfTwo = N > 1 && (N & (N - 1)) === 0
  const isBounded = N <= MAX_SCRYPT.N && p <= MAX_SCRYPT.p && r <= MAX_SCRYPT.r
  if (!isPowerOfTwo || !isBounded || p < 1 || r < 1) {
    throw badBackup('its password parameters are out of bounds')
  }
  const options = { N, p, r, maxmem: 256 * N * r + 1024 * 1024 }
  const salt = encoded.subarray(0, 32)
  return promisify<string, Uint8Array, number, object, Buffer>(scrypt)(password, salt, 32, options)
}

/** Backups older than scrypt: the password itself, cut or padded with zeros. */
function paddedKey(password: string): Uint8Array {
  const key = new Uint8Array(32)
  key.set(Buffer.from(password, 'utf8').subarray(0, 32))
  return key
}

async function decodeContent(content: Uint8Array, cryptoType: string): Promise<Keypair> {
  const secretEnd = HEADER.length + SECRET_BYTES
  const publicStart = secretEnd + DIVIDER.length
  const isWhole =
    content.length === publicStart + PUBLIC_BYTES &&
    HEADER.equals(content.subarray(0, HEADER.length)) &&
    DIVIDER.equals(content.subarray(secretEnd, publicStart))
  if (!isWhole) throw badBackup('its content has not the form of a key')
  const secret = content.slice(HEADER.length, secretEnd)
  const keypair = await keypairOfSecret(secret, cryptoType)
  if (toHex(keypair.publicKey) !== toHex(content.subarray(publicStart))) {
    throw badBackup('its secret and its public key belong to different keys')
  }
  return keypair
}

async function keypairOfSecret(secret: Uint8Array, cryptoType: string): Promise<Keypair> {
  if (cryptoType === 'sr25519') {
    return keypairFromExpanded(secret).catch(
      refusedAs(() => badBackup('its secret is not a valid key')),
    )
  }
  if (cryptoType === 'ed25519') return keypairFromSeed(secret.subarray(0, 32), { cryptoType })
  throw badBackup('its key is neither sr25519 nor ed25519')
}

function property(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return (value as Readonly<Record<string, unknown>>)[name]
}

function includes(value: unknown, item: string): boolean {
  return Array.isArray(value) && value.includes(item)
}

function badBackup(why: string): BittensorError {
  return new BittensorError('KEYFILE', `the JSON backup cannot be used: ${why}`)
}
