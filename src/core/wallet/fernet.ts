/** Fernet key files, as bittensor 1.x wrote them. Read only: their key derivation has a fixed salt. */
import { createDecipheriv, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { corrupt } from './failures.js'

const SALT = 'Iguesscyborgslikemyselfhaveatendencytobeparanoidaboutourorigins'
const ITERATIONS = 10_000_000
const HEADER_BYTES = 1 + 8 + 16
const MAC_BYTES = 32

/**
 * @returns the JSON, or undefined when the password is wrong or the file damaged; takes some seconds
 * @throws {BittensorError} `KEYFILE` when the file has not the form of a Fernet token.
 */
export async function decryptFernet(
  file: Uint8Array,
  password: string,
  path: string,
): Promise<Uint8Array | undefined> {
  const token = parseToken(file, path)
  const key = await promisify(pbkdf2)(password, SALT, ITERATIONS, 32, 'sha256')
  const signed = token.subarray(0, token.length - MAC_BYTES)
  const mac = createHmac('sha256', key.subarray(0, 16)).update(signed).digest()
  if (!timingSafeEqual(mac, token.subarray(signed.length))) return undefined
  const cipher = createDecipheriv('aes-128-cbc', key.subarray(16), signed.subarray(9, HEADER_BYTES))
  try {
    return Buffer.concat([cipher.update(signed.subarray(HEADER_BYTES)), cipher.final()])
  } catch {
    throw corrupt(path, 'the padding inside its Fernet token is wrong')
  }
}

/** 0x80, time, initialisation vector, ciphertext in whole blocks, HMAC. */
function parseToken(file: Uint8Array, path: string): Uint8Array {
  const text = Buffer.from(file).toString('latin1').trim()
  const token = Buffer.from(text, 'base64url')
  const ciphertextBytes = token.length - HEADER_BYTES - MAC_BYTES
  const isBase64 = /^[\w-]+={0,2}$/.test(text) && text.length % 4 === 0
  if (!isBase64 || token[0] !== 0x80 || ciphertextBytes < 16 || ciphertextBytes % 16 !== 0) {
    throw corrupt(path, 'its Fernet token is cut off or changed')
  }
  return token
}
