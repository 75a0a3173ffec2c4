/**
 * The state root of the embedded chain: the sum of the hashes of all entries, modulo 2^256, so that a block costs
 * only what it changes.
 *
 * Real nodes use a trie. What a client sees does not depend on it, proofs apart, and this chain serves none.
 */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { blake256, concat, type Hex, u32Bytes } from './bytes.js'
import type { Changes } from './store/chainStore.js'

const MODULUS = 1n << 256n

/** The root of the empty state. */
export const EMPTY_ROOT: Hex = `0x${'00'.repeat(32)}`

/** The root after some changes; `before` tells the values that they replace. */
export function nextStateRoot(
  root: Hex,
  changes: Changes,
  before: (key: string) => Uint8Array | undefined,
): Hex {
  let sum = BigInt(root)
  for (const [key, value] of changes) {
    const old = before(key)
    if (old) sum -= entryHash(key, old)
    if (value) sum += entryHash(key, value)
  }
  const wrapped = ((sum % MODULUS) + MODULUS) % MODULUS
  return `0x${wrapped.toString(16).padStart(64, '0')}`
}

/** The key's length keeps two entries apart whose key and value join to the same bytes. */
function entryHash(key: string, value: Uint8Array): bigint {
  const bytes = hexToBytes(key)
  return BigInt(`0x${bytesToHex(blake256(concat(u32Bytes(bytes.length), bytes, value)))}`)
}
