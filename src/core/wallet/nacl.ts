/** `$NACL` key files: `$NACL`, a 24-byte nonce, then XSalsa20-Poly1305 of the JSON. Written since bittensor 6, and by us. */
import { randomBytes } from 'node:crypto'
import { naclKey } from './argon2.js'
import { corrupt } from './failures.js'

const MAGIC = Buffer.from('$NACL')
const NONCE_BYTES = 24
const TAG_BYTES = 16

/**
 * @returns the JSON, or undefined when the password is wrong or the file damaged
 * @throws {BittensorError} `KEYFILE` when the file is too short to be one.
 */
export async function decryptNacl(
  file: Uint8Array,
  password: string,
  path: string,
): Promise<Uint8Array | undefined> {
  if (file.length < MAGIC.length + NONCE_BYTES + TAG_BYTES) {
    throw corrupt(path, 'it ends too early for an encrypted key')
  }
  const nonce = file.subarray(MAGIC.length, MAGIC.length + NONCE_BYTES)
  const box = file.subarray(MAGIC.length + NONCE_BYTES)
  const { naclSecretboxOpen } = await import('@polkadot/util-crypto/nacl/tweetnacl')
  return naclSecretboxOpen(box, nonce, await naclKey(password)) ?? undefined
}

/** Encrypts the JSON of a key; takes seconds, see argon2.ts. */
export async function encryptNacl(
  json: Uint8Array,
  password: string,
  nonce: Uint8Array = randomBytes(NONCE_BYTES),
): Promise<Uint8Array> {
  const { naclSecretbox } = await import('@polkadot/util-crypto/nacl/tweetnacl')
  return new Uint8Array(
    Buffer.concat([MAGIC, nonce, naclSecretbox(json, nonce, await naclKey(password))]),
  )
}
