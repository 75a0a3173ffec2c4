/** Names of the address book in the place of addresses: `--ss58 exchange`, or `@exchange` where other names are taken too. */
import { join } from 'node:path'
import { isBookName } from '../core/addressText.js'
import type { Ss58 } from '../core/keys/ss58.js'
import type { Context } from './context.js'
import type { AddressKind, Option } from './define.js'

/** Texts of an option with names of the book written as the addresses they stand for. */
export type NameReader = (option: Option<unknown>, texts: readonly string[]) => readonly string[]

/**
 * Reads the book if any of these options needs it.
 * @throws {BittensorError} the reader: `BAD_ADDRESS` for a name that is not in the book
 */
export async function nameReader(
  given: readonly (readonly [Option<unknown>, readonly string[]])[],
  home: string,
): Promise<NameReader> {
  const isNeeded = given.some(([option, texts]) => wordsOf(texts).some(mayBeName(option.address)))
  if (!isNeeded) return (_, texts) => texts
  const { readAddressBook, requireName } = await import('../core/addressBook.js')
  const book = await readAddressBook(bookPath(home))
  return ({ address }, texts) => {
    const isName = mayBeName(address)
    const one = (word: string) => (isName(word) ? requireName(book, word) : word)
    return texts.map((text) => text.split(',').map(one).join(','))
  }
}

/**
 * Reads an answer to a question for an option.
 * @throws {BittensorError} what it returns: `BAD_ADDRESS`, so that the question comes again
 */
export async function answerReader(
  option: Option<unknown>,
  home: string,
): Promise<(text: string) => string> {
  const isParty = option.address === 'party'
  const asked = isParty ? { ...option, address: 'account' as const } : option
  const read = await nameReader([[asked, ['@a']]], home)
  return (text) => {
    const [address = ''] = read(asked, [text])
    return isParty ? text : address
  }
}

function wordsOf(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => text.split(','))
}

/** What the book decides before the command sees it; hotkeys come before names without `@`, and parties find themselves. */
function mayBeName(kind: AddressKind | undefined): (word: string) => boolean {
  if (kind === 'account') return isBookName
  if (kind === 'hotkey') return (word) => word.startsWith('@')
  return () => false
}

function bookPath(home: string): string {
  return join(home, '.bittensor', 'addresses.json')
}

/**
 * The address of a name of the book.
 * @returns undefined for a name without `@` that is not in the book: it may be something else
 * @throws {BittensorError} `BAD_ADDRESS` for `@name` that is not in the book
 */
export async function bookAddress(
  ctx: Pick<Context, 'paths'>,
  name: string,
): Promise<Ss58 | undefined> {
  if (!name.startsWith('@') && !isBookName(name)) return undefined
  const { readAddressBook, resolveName } = await import('../core/addressBook.js')
  return resolveName(await readAddressBook(bookPath(ctx.paths.home)), name)
}
