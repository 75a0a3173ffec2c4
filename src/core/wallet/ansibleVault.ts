/** Ansible Vault 1.1 and 1.2 key files, as bittensor 2.1 to 5.3 wrote them. Read only. */
import { createDecipheriv, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { fromHex } from '../keys/hex.js'
import { corrupt } from './failures.js'

/**
 * @returns the JSON, or undefined when the password is wrong or the file damaged
 * @throws {BittensorError} `KEYFILE` when the file has not the form of a vault.
 */
export async function decryptAnsibleVault(
  file: Uint8Array,
  password: string,
  path: string,
): Promise<Uint8Array | undefined> {
  const { salt, mac, ciphertext } = parseVault(file, path)
  const keys = await promisify(pbkdf2)(password, salt, 10_000, 80, 'sha256')
  const expected = createHmac('sha256', keys.subarray(32, 64)).update(ciphertext).digest()
  if (!timingSafeEqual(expected, mac)) return undefined
  const cipher = createDecipheriv('aes-256-ctr', keys.subarray(0, 32), keys.subarray(64, 80))
  return removePadding(Buffer.concat([cipher.update(ciphertext), cipher.final()]), path)
}

/** The hex of three lines of hex: salt, HMAC, ciphertext. */
function parseVault(
  file: Uint8Array,
  path: string,
): { salt: Uint8Array; mac: Uint8Array; ciphertext: Uint8Array } {
  const [header = '', ...lines] = Buffer.from(file).toString('latin1').split(/\r?\n/)
  if (!/^\$ANSIBLE_VAULT;1\.[12];AES256(;.*)?$/.test(header.trim())) {
    throw corrupt(path, 'its Ansible Vault header names an unknown version or cipher')
  }
  const inner = fromHex(lines.map((line) => line.trim()).join(''))
  const parts = inner ? Buffer.from(inner).toString('latin1').split('\n') : []
  const [salt, mac, ciphertext] = parts.map((part) => fromHex(part))
  const isWhole = parts.length === 3 && salt && mac?.length === 32 && ciphertext
  if (!isWhole || ciphertext.length === 0 || ciphertext.length % 16 !== 0) {
    throw corrupt(path, 'its Ansible Vault body is cut off or changed')
  }
  return { salt, mac, ciphertext }
}

function removePadding(padded: Uint8Array, path: string): Uint8Array {
  const length = padded.at(-1) ?? 0
  const padding = padded.subarray(padded.length - length)
  if (length < 1 || length > 16 || padding.some((byte) => byte !== length)) {
    throw corrupt(path, 'the padding inside its Ansible Vault is wrong')
  }
  return padded.subarray(0, padded.length - length)
}
