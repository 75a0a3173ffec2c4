/** Reads key files from disk without ever hanging on something that is not a file. */
import { readFile, stat } from 'node:fs/promises'
import { platform } from 'node:os'
import { BittensorError } from '../errors.js'
import type { Ss58 } from '../keys/ss58.js'
import { corrupt, errorCode, fileFailure } from './failures.js'
import { type KeyfileFormat, keyfileFormat } from './keyfileFormat.js'
import { parseKeyfile } from './keyfileJson.js'

/** A key file as it lies on disk. */
export type Keyfile = {
  readonly path: string
  readonly bytes: Uint8Array
  readonly format: KeyfileFormat
  readonly encrypted: boolean
  /** Set when users other than the owner can read the file. */
  readonly readableByOthers: boolean
}

/** Real key files have at most some kilobytes. */
const LARGEST = 64 * 1024

/**
 * Reads a key file.
 * @returns undefined when there is none
 * @throws {BittensorError} `KEYFILE` when it cannot be read or is no ordinary file.
 */
export async function readKeyfile(path: string): Promise<Keyfile | undefined> {
  try {
    const found = await stat(path)
    if (!found.isFile()) {
      throw new BittensorError('KEYFILE', `cannot read ${path}: it is not an ordinary file`)
    }
    if (found.size > LARGEST) throw corrupt(path, 'it is far too large for a key')
    const bytes = new Uint8Array(await readFile(path))
    const format = keyfileFormat(bytes)
    // Windows has no such modes; Node makes them up there.
    const readableByOthers = platform() !== 'win32' && (found.mode & 0o077) !== 0
    return { path, bytes, format, encrypted: format !== 'plain', readableByOthers }
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return undefined
    throw fileFailure('read', path, cause)
  }
}

/**
 * The address of an unencrypted key file; undefined for an encrypted one. Loads the signature library only if the file
 * names neither address nor public key.
 * @throws {BittensorError} `KEYFILE` when the file is corrupt.
 */
export async function addressOfKeyfile(file: Keyfile): Promise<Ss58 | undefined> {
  if (file.encrypted) return undefined
  const contents = parseKeyfile(file.bytes, file.path)
  if (contents.address !== undefined) return contents.address
  const { keypairOfKeyfile } = await import('./openKeyfile.js')
  return (await keypairOfKeyfile(contents, file.path)).address
}
