/**
 * Key URIs and their derivation steps, as Substrate's `subkey` reads them
 * (paritytech/polkadot-sdk substrate/primitives/core/src/crypto.rs, `SecretUri` and `DeriveJunction`).
 */
import { blake2b } from '@noble/hashes/blake2.js'
import { BittensorError } from '../errors.js'

/** One step of a derivation path: `//hard` or `/soft`, with its 32-byte chain code. */
export type Junction = { readonly hard: boolean; readonly chainCode: Uint8Array }

/** A key URI in parts; `root` is a phrase or `0x` and a seed. */
export type KeyUri = {
  readonly root: string
  readonly junctions: readonly Junction[]
  readonly password: string
}

/** The phrase that everybody's `//Alice` comes from: public, for development chains only. */
const DEV_PHRASE = 'bottom drive obey lake curtain smoke basket hold race lonely fit walk'

const U64_MAX = (1n << 64n) - 1n

/**
 * Takes a key URI apart.
 * @throws {BittensorError} `USAGE` when it has not the form `<phrase>(//hard | /soft)*[///password]`.
 */
export function parseKeyUri(uri: string): KeyUri {
  const parts = /^(?<root>[^/]*)(?<path>(?:\/\/?[^/]+)*)(?:\/\/\/(?<password>.*))?$/su.exec(
    uri.trim(),
  )
  if (!parts?.groups || uri.trim() === '') {
    throw new BittensorError('USAGE', 'the key URI has not the form phrase//hard/soft///password')
  }
  const { root = '', path = '', password = '' } = parts.groups
  return {
    root: root.trim() === '' ? DEV_PHRASE : root.trim(),
    junctions: Array.from(path.matchAll(/\/(\/?)([^/]+)/gu), ([, slash, code]) => ({
      hard: slash === '/',
      chainCode: chainCode(code ?? ''),
    })),
    password,
  }
}

/** Numbers count as u64, all else as a SCALE string; what exceeds 32 bytes is hashed, the rest padded with zeros. */
function chainCode(code: string): Uint8Array {
  const encoded = encodeNumber(code) ?? encodeString(code)
  if (encoded.length > 32) return blake2b(encoded, { dkLen: 32 })
  const padded = new Uint8Array(32)
  padded.set(encoded)
  return padded
}

function encodeNumber(code: string): Uint8Array | undefined {
  if (!/^\d+$/.test(code) || BigInt(code) > U64_MAX) return undefined
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(code), true)
  return bytes
}

function encodeString(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text)
  if (bytes.length < 64) return Uint8Array.from([bytes.length << 2, ...bytes])
  if (bytes.length >= 1 << 14) {
    throw new BittensorError('USAGE', 'a step of the derivation path is too long')
  }
  const prefix = (bytes.length << 2) | 1
  return Uint8Array.from([prefix & 0xff, prefix >> 8, ...bytes])
}

/** Walks the path from an sr25519 pair of 96 bytes (expanded secret, public key). */
export function deriveSr25519(
  crypto: typeof import('@polkadot/wasm-crypto'),
  pair: Uint8Array,
  junctions: readonly Junction[],
): Uint8Array {
  return junctions.reduce(
    (current, { hard, chainCode: code }) =>
      hard
        ? crypto.sr25519DeriveKeypairHard(current, code)
        : crypto.sr25519DeriveKeypairSoft(current, code),
    pair,
  )
}

/**
 * Walks the path from an ed25519 seed.
 * @throws {BittensorError} `USAGE` for a soft step, which ed25519 does not have.
 */
export function deriveEd25519(seed: Uint8Array, junctions: readonly Junction[]): Uint8Array {
  return junctions.reduce((current, { hard, chainCode: code }) => {
    if (!hard) {
      throw new BittensorError('USAGE', 'an ed25519 key has no soft derivation: use // steps')
    }
    const domain = encodeString('Ed25519HDKD')
    return blake2b.create({ dkLen: 32 }).update(domain).update(current).update(code).digest()
  }, seed)
}
