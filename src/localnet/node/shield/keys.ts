/**
 * The keys of MevShield, from what the state holds of them and nothing else: so they outlive restarts, snapshots and going
 * back. Each key follows from the one that was announced before it. That is no secret from anybody who reads this, as little
 * as the keys of Alice and Bob are.
 */
import { blake2b } from '@noble/hashes/blake2.js'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { MevShield } from '../../runtime/dtao/later/mevShield.js'
import type { State } from '../../runtime/state.js'
import { twoxHex } from '../../runtime/xxhash.js'

const DOMAIN = utf8ToBytes('bittensor localnet MevShield')

/** The seed of the key that comes after another; of the very first without one. */
export function seedAfter(publicKey: Uint8Array = new Uint8Array()): Uint8Array {
  return blake2b(concatBytes(DOMAIN, publicKey), { dkLen: 64 })
}

/** The seed of the key with a hash, if the next block can still be sent something by it. */
export function seedOf(keyHash: string, state: State): Uint8Array | undefined {
  const items = [MevShield.NextKey, MevShield.PendingKey, MevShield.CurrentKey]
  const [next, pending, current] = items.map((item) => state.get(item))
  if (next && twoxHex(next, 2) === keyHash) return seedAfter(pending)
  if (pending && twoxHex(pending, 2) === keyHash) return seedAfter(current)
  return undefined
}
