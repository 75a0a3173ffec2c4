/** The sentences of what can be wrong with key files. None of them holds anything read from one. */
import { BittensorError } from '../errors.js'

/** The file is not a key file, or damaged. */
export function corrupt(path: string, why: string): BittensorError {
  return new BittensorError('KEYFILE', `the key file ${path} is corrupt: ${why}`, {
    hint: 'restore it from a backup, or from its mnemonic with regen_coldkey or regen_hotkey',
  })
}

/** The parts of the file belong to different keys. */
export function inconsistent(path: string, why: string): BittensorError {
  return new BittensorError('KEYFILE', `the key file ${path} is inconsistent: ${why}`, {
    details: 'it is not used, because it is unclear which key it is meant to hold',
    hint: 'restore the key from its mnemonic with regen_coldkey or regen_hotkey',
  })
}

/**
 * For the `catch` of what makes a key: bytes that are no key become the failure that names the file. Anything else, a module
 * that does not load or WebAssembly that does not start, says nothing about the file and stays as it is.
 */
export function refusedAs(failure: () => BittensorError): (error: unknown) => never {
  return (error) => {
    const isRefusal =
      error instanceof BittensorError && (error.code === 'KEYFILE' || error.code === 'USAGE')
    throw isRefusal ? failure() : error
  }
}

/** Encryption cannot tell a wrong password from a damaged file, and neither does this sentence. */
export function wrongPassword(path: string, origin?: string): BittensorError {
  const from = origin === undefined ? '' : ` (the password came from ${origin})`
  return new BittensorError(
    'BAD_PASSWORD',
    `wrong password for ${path}, or the file is damaged${from}`,
    origin === undefined ? {} : { data: { origin } },
  )
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EISDIR: 'it is a folder',
  ELOOP: 'its links go in a circle',
  ENAMETOOLONG: 'the name is too long',
  EEXIST: 'it already exists',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  EIO: 'the disk reports an error',
}

/** An error of the file system as one sentence: `what` is `read` or `write`. */
export function fileFailure(what: 'read' | 'write', path: string, cause: unknown): BittensorError {
  if (cause instanceof BittensorError) return cause
  const code = errorCode(cause)
  const reason = REASONS[code ?? ''] ?? `the system says ${code ?? 'no more than that'}`
  const denied = code === 'EACCES' || code === 'EPERM'
  return new BittensorError('KEYFILE', `cannot ${what} ${path}: ${reason}`, {
    cause,
    hint: denied ? 'check who owns the file and its folder, and their permissions' : undefined,
  })
}

/** The code of a system error, such as `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
