/** Names of the address book in the place of addresses: `--ss58 @exchange`. */
import { join } from 'node:path'
import type { Options } from './define.js'
import type { Given } from './parse.js'

/**
 * What was given, with `@name` written as its address in options that take addresses. The book is read only then.
 * @throws {BittensorError} `BAD_ADDRESS` for a name that is not in the book
 */
export async function withAddresses(given: Given, options: Options, home: string): Promise<Given> {
  const takes = Object.values(options).filter(({ address }) => address)
  const named = takes.filter(({ name }) => given.texts.get(name)?.some(mayBeNamed))
  if (named.length === 0) return given
  const addressOf = await readNames(home)
  const texts = new Map(given.texts)
  for (const { name } of named) texts.set(name, (texts.get(name) ?? []).map(addressOf))
  return { ...given, texts }
}

/** `@a` or one of `b,@a`. */
function mayBeNamed(text: string): boolean {
  return /(^|,)@/.test(text)
}

/** Reads the book; what it returns writes names as addresses and leaves all else as it is. */
export async function readNames(home: string): Promise<(text: string) => string> {
  const { readAddressBook, resolveName } = await import('../core/addressBook.js')
  const book = await readAddressBook(join(home, '.bittensor', 'addresses.json'))
  const one = (text: string) => (text.startsWith('@') ? resolveName(book, text) : undefined) ?? text
  return (text) => text.split(',').map(one).join(',')
}
