/** Names of wallets and hotkeys, which become names of folders and files. */
import { BittensorError } from '../errors.js'

const LONGEST_BYTES = 200
/** Longer ones break tables. */
const LONGEST_NEW = 64
/** What no shell, list of names, table or file system takes for something else. */
const UNFIT = /[^\p{L}\p{M}\p{N} ._+-]/u
/** Addresses and public keys in hex. */
const ACCOUNT = /^(5[1-9A-HJ-NP-Za-km-z]{47}|0x[0-9a-f]{64})$/i

/**
 * Checks a name before anything touches the disk.
 * @throws {BittensorError} `USAGE` with the reason: path separators, control characters, a leading `-`, empty, too long.
 */
export function checkKeyName(kind: 'wallet' | 'hotkey', name: string): void {
  const problem = problemOf(name)
  if (problem) throw badName(kind, name, problem)
}

/**
 * As {@link checkKeyName}, for a name under which a key is about to be written: also refuses hidden names and names that
 * belong to public files. One that is not on disk yet, where other tools may have put any, also has to be easy to type
 * and to show: 64 letters, digits, spaces and `. _ - +` at most, and for hotkeys no address.
 * @throws {BittensorError} `USAGE` with the reason.
 */
export function checkNewKeyName(
  kind: 'wallet' | 'hotkey',
  name: string,
  { exists = false }: { readonly exists?: boolean } = {},
): void {
  checkKeyName(kind, name)
  const problem = problemOfNew(kind, name) ?? (exists ? undefined : unfit(kind, name))
  if (problem) throw badName(kind, name, problem)
}

function problemOfNew(kind: 'wallet' | 'hotkey', name: string): string | undefined {
  if (name.startsWith('.')) return 'names that start with a dot are hidden'
  return kind === 'hotkey' && name.endsWith('pub.txt')
    ? 'names that end in `pub.txt` belong to the public files of hotkeys'
    : undefined
}

function unfit(kind: 'wallet' | 'hotkey', name: string): string | undefined {
  // Where a hotkey is asked for, an address is one as well.
  if (kind === 'hotkey' && ACCOUNT.test(name)) return 'it is an address'
  const [character] = UNFIT.exec(name) ?? []
  if (character !== undefined) {
    return `it has \`${character}\`; use letters, digits, spaces and . _ - +`
  }
  if (name.trim() !== name) return 'it starts or ends with a space'
  return [...name].length > LONGEST_NEW ? `it has more than ${LONGEST_NEW} characters` : undefined
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
