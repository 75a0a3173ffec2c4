// @ts-check
/**
 * The seal, computed plainly: what the chain checks, independent of the fast kernels, and what every found proof must
 * pass before it counts.
 *
 * Plain JavaScript, because a worker thread may need it and Node 20 cannot load TypeScript there.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { keccak_256 } from '@noble/hashes/sha3.js'

/** @typedef {'be' | 'le'} ByteOrder How the 32 bytes of a seal are read as a number. */

const ALL_ONES = (1n << 256n) - 1n
const U64 = 1n << 64n

/** Opens the message of `pow_register`; RaoFoundation/subtensor, pallets/subtensor/src/subnets/registration.rs. */
const DOMAIN = new TextEncoder().encode('subtensor-pow-register-v1')

/**
 * The message that `register` and `faucet` hash, but for its first eight bytes: keccak256(block hash ‖ public key).
 * @param {Uint8Array} blockHash 32 bytes
 * @param {Uint8Array} publicKey 32 bytes: of the hotkey for `register`, of the coldkey for `faucet`
 * @returns {Uint8Array} 32 bytes
 */
export function innerHash(blockHash, publicKey) {
  return keccak_256(concat(blockHash, publicKey))
}

/**
 * The message that `register` and `faucet` hash.
 * @param {Uint8Array} blockHash 32 bytes
 * @param {Uint8Array} publicKey 32 bytes: of the hotkey for `register`, of the coldkey for `faucet`
 * @param {bigint} nonce u64
 * @returns {Uint8Array} 40 bytes
 */
export function registerMessage(blockHash, publicKey, nonce) {
  return concat(nonceBytes(nonce), innerHash(blockHash, publicKey))
}

/**
 * The message that `pow_register` hashes.
 * @param {{ netuid: number, blockHash: Uint8Array, hotkey: Uint8Array, coldkey: Uint8Array }} challenge public keys and
 *   block hash of 32 bytes each
 * @param {bigint} nonce u64
 * @returns {Uint8Array} 131 bytes
 */
export function powRegisterMessage({ netuid, blockHash, hotkey, coldkey }, nonce) {
  const subnet = Uint8Array.of(netuid & 0xff, netuid >> 8)
  return concat(DOMAIN, subnet, blockHash, hotkey, coldkey, nonceBytes(nonce))
}

/**
 * The seal of a message: keccak256(sha256(message)), in the byte order in which the chain takes it as `work`.
 * @param {Uint8Array} message
 * @returns {Uint8Array} 32 bytes
 * @example
 * sealOf(registerMessage(blockHash, hotkey, 0n))
 */
export function sealOf(message) {
  return keccak_256(sha256(message))
}

/**
 * Whether a seal meets a difficulty as the chain checks it: number × difficulty does not overflow 256 bits. Difficulty 0
 * and 1 are met by every seal.
 * @param {Uint8Array} seal 32 bytes
 * @param {bigint} difficulty u64
 * @param {ByteOrder} order
 * @returns {boolean}
 */
export function meetsDifficulty(seal, difficulty, order) {
  return numberOf(seal, order) * difficulty <= ALL_ONES
}

/**
 * The largest number that meets a difficulty.
 * @param {bigint} difficulty u64
 * @returns {bigint} 256 bits
 */
export function largestSeal(difficulty) {
  return difficulty === 0n ? ALL_ONES : ALL_ONES / difficulty
}

/**
 * A seal as a number.
 * @param {Uint8Array} seal 32 bytes
 * @param {ByteOrder} order
 * @returns {bigint}
 */
export function numberOf(seal, order) {
  const bytes = order === 'be' ? seal : Uint8Array.from(seal).reverse()
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
}

/** @param {bigint} nonce */
function nonceBytes(nonce) {
  if (nonce < 0n || nonce >= U64) throw new RangeError('a nonce is a number from 0 to 2^64-1')
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, nonce, true)
  return bytes
}

/** @param {Uint8Array[]} parts */
function concat(...parts) {
  return Uint8Array.from(Buffer.concat(parts))
}
