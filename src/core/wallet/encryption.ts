/** Opens and closes encrypted key files of any format. */
import { BittensorError } from '../errors.js'
import { decryptAnsibleVault } from './ansibleVault.js'
import { wrongPassword } from './failures.js'
import { decryptFernet } from './fernet.js'
import { type KeyfileFormat, keyfileFormat } from './keyfileFormat.js'
import { decryptNacl, encryptNacl } from './nacl.js'

type Decrypt = (file: Uint8Array, password: string, path: string) => Promise<Uint8Array | undefined>

const READERS: Readonly<Record<Exclude<KeyfileFormat, 'plain'>, Decrypt>> = {
  nacl: decryptNacl,
  ansible: decryptAnsibleVault,
  fernet: decryptFernet,
}

/**
 * The JSON inside an encrypted key file. A password with spaces around it is also tried without them, because wallets
 * 2.0 to 4.1 trimmed what was typed.
 * @param path only for messages
 * @throws {BittensorError} `BAD_PASSWORD` when the password is wrong or the file damaged, `KEYFILE` when it is corrupt.
 */
export async function decryptKeyfile(
  file: Uint8Array,
  password: string,
  path: string,
): Promise<Uint8Array> {
  const format = keyfileFormat(file)
  if (format === 'plain') return file
  // No wallet ever took an empty password: the answer is known without seconds of work.
  if (password === '') throw wrongPassword(path)
  const decrypt = READERS[format]
  const json = await decrypt(file, password, path)
  if (json) return json
  const trimmed = password.trim()
  const second = trimmed === password ? undefined : await decrypt(file, trimmed, path)
  if (second) return second
  throw wrongPassword(path)
}

/**
 * Encrypts the JSON of a key the way all wallets since bittensor 6 do; takes seconds and 512 MiB.
 * @throws {BittensorError} `USAGE` for an empty password.
 */
export async function encryptKeyfile(json: Uint8Array, password: string): Promise<Uint8Array> {
  if (password === '') throw new BittensorError('USAGE', 'the password of a key is empty')
  return encryptNacl(json, password)
}
