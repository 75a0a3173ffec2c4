/** SS58 addresses of Bittensor: prefix 42, 32-byte accounts. Light on purpose: every command imports it. */
import { blake2b } from '@noble/hashes/blake2.js'
import { BittensorError } from '../errors.js'
import { decodeBase58, encodeBase58 } from './base58.js'
import { fromHex } from './hex.js'

declare const brand: unique symbol

/** A checked Bittensor address: SS58 text with prefix 42 of a 32-byte public key, such as `5Grwva…`. */
export type Ss58 = string & { readonly [brand]: 'ss58' }

const PREFIX = 42
const KEY_BYTES = 32
const CHECKSUM_BYTES = 2
const CONTEXT = new TextEncoder().encode('SS58PRE')

/** The longest valid text of any prefix is 50 characters; far longer input is refused before it costs time. */
const LONGEST = 64

/**
 * The address of a public key.
 * @param publicKey 32 bytes
 * @throws {BittensorError} `BAD_ADDRESS` when it is not 32 bytes.
 * @example
 * encodeAddress(alice.publicKey) // '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
 */
export function encodeAddress(publicKey: Uint8Array): Ss58 {
  if (publicKey.length !== KEY_BYTES) {
    throw new BittensorError(
      'BAD_ADDRESS',
      `a public key has ${KEY_BYTES} bytes, this one has ${publicKey.length}`,
    )
  }
  const payload = new Uint8Array(1 + KEY_BYTES + CHECKSUM_BYTES)
  payload[0] = PREFIX
  payload.set(publicKey, 1)
  payload.set(checksum(payload.subarray(0, 1 + KEY_BYTES)), 1 + KEY_BYTES)
  return encodeBase58(payload) as Ss58
}

/**
 * The public key of an address.
 * @returns 32 bytes
 * @throws {BittensorError} `BAD_ADDRESS` with the reason; for an address of another network it names the Bittensor one.
 * @example
 * decodeAddress('5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY') // Uint8Array(32)
 */
export function decodeAddress(text: string): Uint8Array {
  if (text === '') throw badAddress(text, 'it is empty')
  if (text.length > LONGEST) throw badAddress(text, 'it is too long')
  if (/^0x/i.test(text)) throw badAddress(text, 'it is hex, not an ss58 address')
  const payload = decodeBase58(text)
  if (!payload) throw badAddress(text, 'it has characters that addresses never have')
  const { prefix, prefixBytes } = readPrefix(payload)
  if (payload.length !== prefixBytes + KEY_BYTES + CHECKSUM_BYTES) {
    throw badAddress(text, 'it has the wrong length: a character is missing or too many')
  }
  const body = payload.subarray(0, prefixBytes + KEY_BYTES)
  const [first, second] = checksum(body)
  if (payload[body.length] !== first || payload[body.length + 1] !== second) {
    throw badAddress(text, 'its checksum is wrong, so at least one character is mistyped')
  }
  const publicKey = body.slice(prefixBytes)
  if (prefix !== PREFIX) {
    throw badAddress(
      text,
      `it is the form of another network (prefix ${prefix}); the same account here is ${encodeAddress(publicKey)}`,
    )
  }
  return publicKey
}

/**
 * An account as people give it: an ss58 address, or `0x` and the 64 hex digits of a public key.
 * @throws {BittensorError} `BAD_ADDRESS` with the reason.
 * @example
 * parseAccount('0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d').address
 */
export function parseAccount(text: string): { address: Ss58; publicKey: Uint8Array } {
  if (!/^0x/i.test(text)) return { publicKey: decodeAddress(text), address: text as Ss58 }
  const publicKey = fromHex(text, KEY_BYTES)
  if (!publicKey) throw badAddress(text, 'a public key is 0x and 64 hex digits')
  return { address: encodeAddress(publicKey), publicKey }
}

/** The prefix is one byte below 64, else 14 bits spread over two bytes (substrate, primitives/core/src/crypto.rs). */
function readPrefix(payload: Uint8Array): { prefix: number; prefixBytes: number } {
  const [first = 0, second = 0] = payload
  if ((first & 0x40) === 0) return { prefix: first, prefixBytes: 1 }
  return { prefix: ((first & 0x3f) << 2) | (second >> 6) | ((second & 0x3f) << 8), prefixBytes: 2 }
}

function checksum(body: Uint8Array): Uint8Array {
  return blake2b.create({ dkLen: 64 }).update(CONTEXT).update(body).digest().subarray(0, 2)
}

/** Echoes only what looks like an address: somebody may have pasted a secret into the wrong field. */
function badAddress(text: string, why: string): BittensorError {
  const shown = /^[1-9A-Za-z]{1,64}$/.test(text) ? `\`${text}\`` : 'this'
  return new BittensorError('BAD_ADDRESS', `${shown} is not a Bittensor address: ${why}`)
}
