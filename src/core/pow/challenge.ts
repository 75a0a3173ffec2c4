/** What there is to solve: a block, a key, a difficulty and the rule of the runtime, checked before anything is hashed. */
import { BittensorError } from '../errors.js'
import {
  type ByteOrder,
  meetsDifficulty,
  powRegisterMessage,
  registerMessage,
  sealOf,
} from './seal.js'

/**
 * The rule of a runtime: `register` with the seal read as a big-endian (up to spec 277) or little-endian number (283 to
 * 393), or `pow_register` (from 475 on). The faucet follows the first two.
 */
export type PowScheme = 'register-be' | 'register-le' | 'pow_register'

/** All schemes. */
export const POW_SCHEMES = [
  'register-be',
  'register-le',
  'pow_register',
] as const satisfies PowScheme[]

/** Difficulty of the faucet, a constant of the chain: opentensor/subtensor, pallets/subtensor/src/registration.rs, do_faucet. */
export const FAUCET_DIFFICULTY = 1_000_000n

/** A challenge of the chain. Block hash and keys are 32 bytes each. */
export type Challenge = {
  readonly scheme: PowScheme
  readonly blockNumber: number
  readonly blockHash: Uint8Array
  /** Public key of the hotkey; for the faucet that of the coldkey. */
  readonly key: Uint8Array
  /** u64: about so many hashes are needed. */
  readonly difficulty: bigint
  /** Needed for `pow_register`. */
  readonly netuid?: number
  /** Public key of the coldkey that signs; needed for `pow_register`. */
  readonly coldkey?: Uint8Array
}

/** Nonces to search: `count` of them from `start` on, not past 2⁶⁴. */
export type NonceRange = { readonly start: bigint; readonly count: bigint }

/** A proof that has passed the slow check. */
export type Solution = {
  readonly challenge: Challenge
  readonly nonce: bigint
  /** The 32 bytes that the chain takes as `work`. */
  readonly seal: Uint8Array
}

const U64 = 1n << 64n

/**
 * Checks a challenge.
 * @throws {BittensorError} `USAGE` naming what is malformed.
 */
export function checkChallenge(challenge: Challenge): void {
  const { scheme, blockHash, key, difficulty, blockNumber, netuid, coldkey } = challenge
  if (!POW_SCHEMES.includes(scheme)) throw usage(`there is no proof-of-work scheme \`${scheme}\``)
  if (blockHash.length !== 32) throw usage(`a block hash has 32 bytes, not ${blockHash.length}`)
  if (key.length !== 32) throw usage(`a public key has 32 bytes, not ${key.length}`)
  if (!Number.isSafeInteger(blockNumber) || blockNumber < 0) {
    throw usage(`\`${blockNumber}\` is not a block number`)
  }
  if (difficulty < 0n || difficulty >= U64) {
    throw usage(`a difficulty is a number from 0 to 2^64-1, not ${difficulty}`)
  }
  if (scheme !== 'pow_register') return
  if (netuid === undefined || !Number.isInteger(netuid) || netuid < 0 || netuid > 0xffff) {
    throw usage('a proof for pow_register needs a netuid from 0 to 65535')
  }
  if (coldkey?.length !== 32) {
    throw usage('a proof for pow_register needs the public key of the coldkey, 32 bytes')
  }
}

/**
 * Checks a range of nonces.
 * @throws {BittensorError} `USAGE` when it is empty or goes past 2⁶⁴.
 */
export function checkRange({ start, count }: NonceRange): void {
  if (start < 0n || start >= U64) throw usage('the first nonce is a number from 0 to 2^64-1')
  if (count < 1n) throw usage('the range of nonces is empty')
  if (start + count > U64) {
    throw usage(`${count} nonces from ${start} on go past 2^64-1, the last nonce`)
  }
}

/** How a scheme reads a seal as a number. */
export function byteOrderOf(scheme: PowScheme): ByteOrder {
  return scheme === 'register-be' ? 'be' : 'le'
}

/** The bytes whose double hash is the seal. */
export function messageOf(challenge: Challenge, nonce: bigint): Uint8Array {
  const { scheme, blockHash, key, netuid, coldkey } = challenge
  if (scheme !== 'pow_register') return registerMessage(blockHash, key, nonce)
  if (netuid === undefined || coldkey === undefined) {
    throw usage('a proof for pow_register needs a netuid and a coldkey')
  }
  return powRegisterMessage({ netuid, blockHash, hotkey: key, coldkey }, nonce)
}

/**
 * Computes a nonce's seal the slow way and tells whether it meets the challenge.
 * @example
 * const { seal, meets } = checkNonce(challenge, 4077n)
 */
export function checkNonce(
  challenge: Challenge,
  nonce: bigint,
): { readonly seal: Uint8Array; readonly meets: boolean } {
  const seal = sealOf(messageOf(challenge, nonce))
  return {
    seal,
    meets: meetsDifficulty(seal, challenge.difficulty, byteOrderOf(challenge.scheme)),
  }
}

function usage(message: string): BittensorError {
  return new BittensorError('USAGE', message)
}
