/** The key behind a peer's address. */
import { decodeAddress } from '../../core/keys/ss58.js'
import { createLru } from '../lru.js'

/** Peers that come again: the checksum of an address is a hash, and costs a tenth of checking a signature. */
const known = createLru<string, Uint8Array>(4096)

/**
 * The 32-byte public key of an ss58 address.
 * @returns undefined when it is none
 */
export function publicKeyOf(address: string): Uint8Array | undefined {
  const found = known.get(address)
  if (found) return found
  try {
    const key = decodeAddress(address)
    known.set(address, key)
    return key
  } catch {
    return undefined
  }
}
