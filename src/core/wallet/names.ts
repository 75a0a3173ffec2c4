/** Names of wallets and hotkeys, which become names of folders and files. */
import { BittensorError } from '../errors.js'

const LONGEST_BYTES = 200

/**
 * Checks a name before anything touches the disk.
 * @throws {BittensorError} `USAGE` with the reason: path separators, control characters, a leading `-`, empty, too long.
 */
export function checkKeyName(kind: 'wallet' | 'hotkey', name: string): void {
  const problem = problemOf(name)
  if (problem) throw badName(kind, name, problem)
}

/**
 * As {@link checkKeyName}, for a name that is about to be created: also refuses hidden names and names that belong to
 * public files.
 * @throws {BittensorError} `USAGE` with the reason.
 */
export function checkNewKeyName(kind: 'wallet' | 'hotkey', name: string): void {
  checkKeyName(kind, name)
  if (name.startsWith('.')) throw badName(kind, name, 'names that start with a dot are hidden')
  if (kind === 'hotkey' && name.endsWith('pub.txt')) {
    throw badName(kind, name, 'names that end in `pub.txt` belong to the public files of hotkeys')
  }
}

function problemOf(name: string): string | undefined {
  if (name.trim() === '') return 'it is empty'
  if (name === '.' || name === '..') return 'it means a folder'
  if (/[/\\]/.test(name)) return 'it has a path separator'
  if (/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(name)) {
    return 'it has characters that cannot be shown'
  }
  if (name.startsWith('-')) return 'it starts with `-`, like an option'
  return Buffer.byteLength(name) > LONGEST_BYTES ? 'it is too long' : undefined
}

function badName(kind: string, name: string, why: string): BittensorError {
  const shown = name.replace(/[\p{Cc}\p{Cs}\p{Cf}\u2028\u2029]/gu, '\ufffd').slice(0, 60)
  return new BittensorError('USAGE', `\`${shown}\` cannot be the name of a ${kind}: ${why}`)
}
