/** A peer id in the form of libp2p, for clients that show one. */
import { encodeBase58 } from '../../core/keys/base58.js'
import { concat } from './bytes.js'

/** Identity multihash (0x00, 36 bytes) of a protobuf-encoded ed25519 key (type 1, 32 bytes). */
const PREFIX = Uint8Array.of(0x00, 0x24, 0x08, 0x01, 0x12, 0x20)

/** The peer id of a key; a node that has no network key may take any 32 bytes that are its own. */
export function peerIdOf(key: Uint8Array): string {
  return encodeBase58(concat(PREFIX, key))
}
