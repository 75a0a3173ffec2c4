/** The proof-of-work seal: keccak256(sha256(nonce ++ keccak256(block hash ++ account))). */
import { sha256 } from '@noble/hashes/sha2.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js'
import { u64 } from '../scale.js'

/** The seal of a nonce as `0x` hex; block hash and account are `0x` hex of 32 bytes. */
export function createSeal(blockHash: string, account: string, nonce: bigint): string {
  const salt = keccak_256(hexToBytes(blockHash.slice(2) + account.slice(2)))
  return `0x${bytesToHex(keccak_256(sha256(concatBytes(u64.codec.enc(nonce), salt))))}`
}

/** Whether a seal, read as a big-endian integer, times the difficulty stays below 2^256. */
export function sealMeets(seal: string, difficulty: bigint): boolean {
  return (BigInt(seal) * difficulty) >> 256n === 0n
}
