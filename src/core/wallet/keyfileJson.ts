/** Reads the JSON inside a key file, in every shape that wallets ever wrote. Light: `btcli list` needs it. */
import { fromHex, toHex } from '../keys/hex.js'
import type { CryptoType } from '../keys/keypair.js'
import { decodeAddress, encodeAddress, type Ss58 } from '../keys/ss58.js'
import { corrupt, inconsistent } from './failures.js'

/** A key file's content as read: nothing derived yet, so secrets and address may still disagree. */
export type KeyfileContents = {
  readonly cryptoType: CryptoType
  /** The public part, absent when the file holds secrets alone. */
  readonly publicKey?: Uint8Array | undefined
  readonly address?: Ss58 | undefined
  readonly mnemonic?: string | undefined
  readonly seed?: Uint8Array | undefined
  /** A seed that a wallet of 2.0 to 4.1 wrote as raw text by mistake: believed only if it fits the address. */
  readonly textSeed?: Uint8Array | undefined
  readonly privateKey?: Uint8Array | undefined
}

type Fields = Readonly<Record<string, unknown>>

/**
 * Reads the decrypted bytes of a key file. Light: no key is derived.
 * @throws {BittensorError} `KEYFILE` when it is corrupt, or its public parts contradict each other.
 */
export function parseKeyfile(bytes: Uint8Array, path: string): KeyfileContents {
  const text = decodeText(bytes, path)
  // Very old coldkeypub.txt: bare hex. It is public, so it must never be taken for a seed.
  const bare = fromHex(text, 32)
  if (bare) return { cryptoType: 'sr25519', publicKey: bare, address: encodeAddress(bare) }
  const fields = parseObject(text, path)
  const publicKey = readPublicKey(fields, path)
  const secrets = {
    mnemonic: readText(fields, 'secretPhrase', path),
    ...readSeed(fields, path),
    privateKey: readHex(fields, 'privateKey', undefined, path),
  }
  if (!publicKey && !holdsSecret(secrets)) throw corrupt(path, 'it holds no key')
  return {
    cryptoType: readCryptoType(fields, path),
    publicKey,
    address: publicKey && encodeAddress(publicKey),
    ...secrets,
  }
}

/** Whether there is anything to sign with. */
export function holdsSecret(
  contents: Pick<KeyfileContents, 'mnemonic' | 'seed' | 'textSeed' | 'privateKey'>,
): boolean {
  const { mnemonic, seed, textSeed, privateKey } = contents
  return [mnemonic, seed, textSeed, privateKey].some((secret) => secret !== undefined)
}

function decodeText(bytes: Uint8Array, path: string): string {
  if (bytes.length === 0) throw corrupt(path, 'it is empty')
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim()
    if (text !== '') return text
  } catch {
    throw corrupt(path, 'it is neither text nor an encrypted key')
  }
  throw corrupt(path, 'it holds nothing but whitespace')
}

function parseObject(text: string, path: string): Fields {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The message of JSON.parse quotes the text, which may hold a secret: neither it nor a cause is passed on.
    throw corrupt(path, 'it is not valid JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw corrupt(path, 'its JSON is not an object')
  }
  return value as Fields
}

function readText(fields: Fields, name: string, path: string): string | undefined {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string') throw corrupt(path, `its ${name} is not text`)
  return value
}

function readHex(
  fields: Fields,
  name: string,
  length: number | undefined,
  path: string,
): Uint8Array | undefined {
  const text = readText(fields, name, path)
  if (text === undefined) return undefined
  const bytes = fromHex(text, length)
  if (!bytes) throw corrupt(path, `its ${name} is not ${length ? `${length} bytes of ` : ''}hex`)
  return bytes
}

function readPublicKey(fields: Fields, path: string): Uint8Array | undefined {
  const found = [
    readHex(fields, 'accountId', 32, path),
    readHex(fields, 'publicKey', 32, path),
    readAddress(fields, path),
  ].filter((key) => key !== undefined)
  const [first, ...others] = found
  if (first && others.some((key) => toHex(key) !== toHex(first))) {
    throw inconsistent(path, 'its public key and its address belong to different keys')
  }
  return first
}

function readAddress(fields: Fields, path: string): Uint8Array | undefined {
  const text = readText(fields, 'ss58Address', path)
  if (text === undefined) return undefined
  try {
    return decodeAddress(text)
  } catch {
    throw corrupt(path, 'its ss58Address is not a Bittensor address')
  }
}

function readSeed(
  fields: Fields,
  path: string,
): Pick<KeyfileContents, 'seed'> | Pick<KeyfileContents, 'textSeed'> {
  const text = readText(fields, 'secretSeed', path)
  if (text === undefined) return {}
  const seed = fromHex(text, 32)
  if (seed) return { seed }
  const raw = new TextEncoder().encode(text.replace(/^0x/, ''))
  if (raw.length === 32) return { textSeed: raw }
  throw corrupt(path, 'its secretSeed is not 32 bytes of hex')
}

function readCryptoType(fields: Fields, path: string): CryptoType {
  const value = Object.hasOwn(fields, 'cryptoType') ? fields['cryptoType'] : undefined
  if (value === undefined || value === null || value === 1) return 'sr25519'
  if (value === 0) return 'ed25519'
  throw corrupt(path, 'its cryptoType is neither 0 (ed25519) nor 1 (sr25519)')
}
