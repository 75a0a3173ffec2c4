/** Key pairs that sign, and the check of signatures. Secrets live in a side table that nothing prints. */
import { BittensorError } from '../errors.js'
import { loadCrypto, loadedCrypto, partOf } from './crypto.js'
import { deriveEd25519, deriveSr25519, parseKeyUri } from './derive.js'
import { fromHex, toHex } from './hex.js'
import { mnemonicToSeed, validateMnemonic } from './mnemonic.js'
import { encodeAddress, type Ss58 } from './ss58.js'

/** The two signature schemes of accounts; wallets made before May 2026 hold sr25519 only. */
export type CryptoType = 'sr25519' | 'ed25519'

/** A key that can sign. Printing it or turning it into JSON shows the public part only. */
export type Keypair = {
  readonly address: Ss58
  /** 32 bytes */
  readonly publicKey: Uint8Array
  readonly cryptoType: CryptoType
  /** Signs the bytes as they are; the result is 64 bytes and, for sr25519, differs every time. */
  sign(message: Uint8Array): Uint8Array
}

/** What a key pair was made of, as far as it is known. */
export type KeypairSecrets = {
  /** The words, if the key comes from a mnemonic without a passphrase or a derivation path. */
  readonly mnemonic?: string | undefined
  /** 32 bytes, unless the key was derived or came from a bare private key. */
  readonly seed?: Uint8Array | undefined
  /**
   * The private key as keyfiles hold it: for sr25519 64 bytes (little-endian scalar, then nonce),
   * for ed25519 the 32-byte seed.
   */
  readonly privateKey: Uint8Array
}

type Origin = { readonly mnemonic?: string | undefined; readonly seed?: Uint8Array | undefined }

const SEED_BYTES = 32
const SIGNATURE_BYTES = 64
/** What `console.log` of Node calls. */
const inspected = Symbol.for('nodejs.util.inspect.custom')
const secrets = new WeakMap<Keypair, KeypairSecrets>()

/**
 * Loads the signature library; keys sign at once from then on, without waiting.
 * @throws {BittensorError} `INTERNAL` when WebAssembly is not available.
 * @example
 * await cryptoReady()
 * hotkey.sign(message)
 */
export async function cryptoReady(): Promise<void> {
  await loadCrypto()
}

/**
 * The key pair of a mnemonic.
 * @throws {BittensorError} `USAGE` when the words are not a valid mnemonic.
 * @example
 * const key = await keypairFromMnemonic('bottom drive obey lake curtain smoke basket hold race lonely fit walk')
 */
export async function keypairFromMnemonic(
  phrase: string | readonly string[],
  options: { cryptoType?: CryptoType | undefined } = {},
): Promise<Keypair> {
  const mnemonic = await validateMnemonic(phrase)
  return fromSeed(await mnemonicToSeed(mnemonic), options.cryptoType, mnemonic)
}

/**
 * The key pair of a 32-byte seed.
 * @throws {BittensorError} `USAGE` when the seed has another length.
 * @example
 * const key = await keypairFromSeed(crypto.getRandomValues(new Uint8Array(32)))
 */
export async function keypairFromSeed(
  seed: Uint8Array,
  options: { cryptoType?: CryptoType | undefined } = {},
): Promise<Keypair> {
  if (seed.length !== SEED_BYTES) {
    throw new BittensorError('USAGE', `a seed has ${SEED_BYTES} bytes, this one has ${seed.length}`)
  }
  return fromSeed(new Uint8Array(seed), options.cryptoType)
}

/**
 * The key pair of a secret in hex as people paste it: a seed of 32 bytes, or a private key of 64 bytes.
 * Two forms of the 64 bytes are in use for sr25519; where both readings are possible the key is refused.
 * @throws {BittensorError} `USAGE` when it is neither, or ambiguous; never repeats a digit.
 * @example
 * const key = await keypairFromHex('0xe5be9a5092b81bca64be81d212e7f2f9eba183bb7a90954f7b76361f6edb5c0a')
 */
export async function keypairFromHex(
  text: string,
  options: { cryptoType?: CryptoType | undefined } = {},
): Promise<Keypair> {
  const bytes = fromHex(text.trim())
  if (bytes?.length === SEED_BYTES) return keypairFromSeed(bytes, options)
  if (bytes?.length !== 2 * SEED_BYTES) {
    const found = bytes ? `this has ${bytes.length} bytes` : 'this is not hex'
    throw new BittensorError('USAGE', `a seed is 0x and 64 hex digits (32 bytes); ${found}`)
  }
  if (options.cryptoType === 'ed25519') return keypairFromPrivateKey(bytes, options)
  const isExpanded = hasCofactor(bytes)
  const isReduced = (bytes[31] ?? 0xff) < 0x10
  if (isExpanded && isReduced) {
    throw new BittensorError('USAGE', 'these 64 bytes can be read as two different private keys', {
      hint: 'use the mnemonic, the 32-byte seed or a JSON backup instead',
    })
  }
  return isReduced ? keypairFromPrivateKey(bytes) : keypairFromExpanded(bytes)
}

async function fromSeed(
  seed: Uint8Array,
  cryptoType: CryptoType = 'sr25519',
  mnemonic?: string,
): Promise<Keypair> {
  const crypto = await loadCrypto()
  const pair =
    cryptoType === 'sr25519'
      ? crypto.sr25519KeypairFromSeed(seed)
      : crypto.ed25519KeypairFromSeed(seed)
  return createKeypair(pair, cryptoType, { seed, mnemonic })
}

/**
 * The key pair of a key URI as `subkey` reads it: `<phrase or 0x seed>(//hard | /soft)*[///password]`; without a phrase
 * the well-known development phrase is meant, so `//Alice` is everybody's Alice.
 * @throws {BittensorError} `USAGE` for a malformed URI, or a soft step with ed25519.
 * @example
 * (await keypairFromUri('//Alice')).address // '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
 */
export async function keypairFromUri(
  uri: string,
  options: { cryptoType?: CryptoType | undefined } = {},
): Promise<Keypair> {
  const { root, junctions, password } = parseKeyUri(uri)
  const rawSeed = /^0x/i.test(root) ? fromHex(root, SEED_BYTES) : undefined
  if (/^0x/i.test(root) && !rawSeed) {
    throw new BittensorError('USAGE', 'the seed of the key URI is not 0x and 64 hex digits')
  }
  const mnemonic = rawSeed ? undefined : await validateMnemonic(root)
  const seed = rawSeed ?? (await mnemonicToSeed(mnemonic ?? '', password))
  const plain = await fromSeed(seed, options.cryptoType, password === '' ? mnemonic : undefined)
  if (junctions.length === 0) return plain
  const crypto = await loadCrypto()
  if (plain.cryptoType === 'ed25519') return fromSeed(deriveEd25519(seed, junctions), 'ed25519')
  return createKeypair(
    deriveSr25519(crypto, crypto.sr25519KeypairFromSeed(seed), junctions),
    'sr25519',
    {},
  )
}

/**
 * The key pair of a private key as keyfiles hold it: 64 bytes for sr25519 (scalar, nonce), 32 (or 64 with the public key) for ed25519.
 * @throws {BittensorError} `KEYFILE` when the bytes are not such a key.
 */
export async function keypairFromPrivateKey(
  privateKey: Uint8Array,
  options: { cryptoType?: CryptoType | undefined } = {},
): Promise<Keypair> {
  if (options.cryptoType === 'ed25519') {
    if (privateKey.length !== SEED_BYTES && privateKey.length !== 2 * SEED_BYTES)
      throw badPrivateKey()
    const keypair = await fromSeed(privateKey.slice(0, SEED_BYTES), 'ed25519')
    const publicHalf = privateKey.subarray(SEED_BYTES)
    if (publicHalf.length > 0 && !sameBytes(publicHalf, keypair.publicKey)) throw badPrivateKey()
    return keypair
  }
  return keypairFromExpanded(multiplyByCofactor(privateKey))
}

/**
 * The sr25519 key pair of a 64-byte secret in the form of @polkadot/keyring (scalar times eight, then nonce).
 * @throws {BittensorError} `KEYFILE` when the bytes are not such a key.
 */
export async function keypairFromExpanded(secretKey: Uint8Array): Promise<Keypair> {
  if (secretKey.length !== 64 || !hasCofactor(secretKey)) throw badPrivateKey()
  const { getPublicKey } = await partOf(() => import('@scure/sr25519'))
  await loadCrypto()
  const pair = new Uint8Array(96)
  pair.set(secretKey)
  try {
    pair.set(getPublicKey(secretKey), 64)
  } catch (cause) {
    throw badPrivateKey(cause)
  }
  return createKeypair(pair, 'sr25519', {})
}

/**
 * The secrets of a key pair, for writing keyfiles. Handle with care: nothing else in the library exposes them.
 * @throws {BittensorError} `INTERNAL` for an object that this module did not make.
 */
export function exportSecret(keypair: Keypair): KeypairSecrets {
  const found = secrets.get(keypair)
  if (!found) throw new BittensorError('INTERNAL', 'this key pair was not made by this library')
  return found
}

/** `pair` is 96 bytes for sr25519 (expanded secret, public key) and 64 for ed25519 (seed, public key). */
function createKeypair(pair: Uint8Array, cryptoType: CryptoType, origin: Origin): Keypair {
  const secretBytes = cryptoType === 'sr25519' ? 64 : 32
  const secretKey = pair.slice(0, secretBytes)
  const publicKey = pair.slice(secretBytes)
  const address = encodeAddress(publicKey)
  const shown = { address, publicKey: toHex(publicKey), cryptoType }
  const keypair: Keypair & { toJSON(): unknown } = {
    address,
    publicKey,
    cryptoType,
    sign(message) {
      const crypto = loadedCrypto()
      return cryptoType === 'sr25519'
        ? crypto.sr25519Sign(publicKey, secretKey, message)
        : crypto.ed25519Sign(publicKey, secretKey, message)
    },
    toJSON: () => shown,
    ...{ [inspected]: () => shown },
  }
  Object.freeze(keypair)
  const privateKey = cryptoType === 'sr25519' ? divideByCofactor(secretKey) : secretKey
  secrets.set(keypair, { ...origin, privateKey })
  return keypair
}

/**
 * Whether the signature is of this message and key: the message as given, then wrapped as `<Bytes>…</Bytes>` (what browser
 * wallets sign), each as sr25519 and as ed25519. A malformed signature or key is simply not valid.
 * @example
 * await verify(new TextEncoder().encode('hello'), keypair.sign(new TextEncoder().encode('hello')), keypair.publicKey) // true
 */
export async function verify(
  message: Uint8Array,
  signature: Uint8Array,
  publicKey: Uint8Array,
): Promise<boolean> {
  if (signature.length !== SIGNATURE_BYTES || publicKey.length !== SEED_BYTES) return false
  const crypto = await loadCrypto()
  return [message, wrapBytes(message)].some(
    (candidate) =>
      verifySr25519(candidate, signature, publicKey) ||
      quietly(() => crypto.ed25519Verify(signature, candidate, publicKey)),
  )
}

/**
 * Whether an sr25519 signature is of exactly this message and key; about 0.5 ms. Works after `await cryptoReady()`.
 * @throws {BittensorError} `INTERNAL` before that.
 */
export function verifySr25519(
  message: Uint8Array,
  signature: Uint8Array,
  publicKey: Uint8Array,
): boolean {
  if (signature.length !== SIGNATURE_BYTES || publicKey.length !== SEED_BYTES) return false
  const crypto = loadedCrypto()
  return quietly(() => crypto.sr25519Verify(signature, message, publicKey))
}

function quietly(check: () => boolean): boolean {
  try {
    return check()
  } catch {
    return false
  }
}

function wrapBytes(message: Uint8Array): Uint8Array {
  const text = new TextEncoder()
  return Uint8Array.from([...text.encode('<Bytes>'), ...message, ...text.encode('</Bytes>')])
}

/**
 * Keyfiles hold the scalar as schnorrkel does; the WASM library wants it as ed25519 expands it: times the cofactor eight.
 * A shift of 256 bits by three, the nonce unchanged.
 */
function multiplyByCofactor(privateKey: Uint8Array): Uint8Array {
  // The top four bits of a reduced scalar are zero, so the shift loses nothing.
  if (privateKey.length !== 64 || (privateKey[31] ?? 0xff) >= 0x20) throw badPrivateKey()
  const result = new Uint8Array(privateKey)
  for (let i = 31; i >= 0; i--) {
    result[i] = (((privateKey[i] ?? 0) << 3) | ((privateKey[i - 1] ?? 0) >> 5)) & 0xff
  }
  result[0] = ((privateKey[0] ?? 0) << 3) & 0xff
  return result
}

function divideByCofactor(secretKey: Uint8Array): Uint8Array {
  const result = new Uint8Array(secretKey)
  for (let i = 0; i < 32; i++) {
    const next = i === 31 ? 0 : (secretKey[i + 1] ?? 0)
    result[i] = ((secretKey[i] ?? 0) >> 3) | ((next << 5) & 0xff)
  }
  return result
}

function hasCofactor(secretKey: Uint8Array): boolean {
  return ((secretKey[0] ?? 1) & 7) === 0
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

function badPrivateKey(cause?: unknown): BittensorError {
  return new BittensorError('KEYFILE', 'the private key is not a valid key', { cause })
}
