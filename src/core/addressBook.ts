/** Names for addresses, kept in one small file, and what is known of a destination before paying to it. */
import { readFile } from 'node:fs/promises'
import { isBookName, looksLikeAddress } from './addressText.js'
import { writeFileAtomic } from './atomicFile.js'
import { BittensorError } from './errors.js'
import { type JournalEntry, mayHavePaid } from './journal.js'
import { parseAccount, type Ss58 } from './keys/ss58.js'

/** One name of the book. */
export type BookEntry = {
  readonly name: string
  readonly address: Ss58
  readonly note: string | undefined
}

/** All names, in alphabetical order. */
export type AddressBook = readonly BookEntry[]

const LONGEST_NAME = 32
const LONGEST_NOTE = 200

/**
 * Reads an address book.
 * @returns an empty book when there is no file
 * @throws {BittensorError} `USAGE` when the file is there but is not an address book: a damaged book must not look empty
 * @example
 * const book = await readAddressBook('/home/alice/.bittensor/addresses.json')
 */
export async function readAddressBook(path: string): Promise<AddressBook> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw damaged(path, error instanceof Error ? error.message : 'it cannot be read')
  }
  try {
    return parseBook(JSON.parse(text))
  } catch (error) {
    throw damaged(path, error instanceof Error ? error.message : 'it is no JSON')
  }
}

function parseBook(content: unknown): AddressBook {
  if (!isRecord(content)) throw new RangeError('it is not a map of names')
  const book = Object.entries(content).map(([name, value]) => {
    if (!isRecord(value) || typeof value['address'] !== 'string') {
      throw new RangeError(`${name} has no address`)
    }
    const note = value['note']
    checkName(name)
    return {
      name,
      address: parseAccount(value['address']).address,
      note: typeof note === 'string' ? note : undefined,
    }
  })
  const twice = book.find((one, index) => book.findIndex((other) => same(other, one.name)) < index)
  if (twice) throw new RangeError(`${twice.name} is there twice`)
  return inOrder(book)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function damaged(path: string, details: string): BittensorError {
  return new BittensorError('USAGE', `the address book cannot be used: ${path}`, {
    details,
    hint: 'correct the file or move it away',
  })
}

function inOrder(book: AddressBook): AddressBook {
  return book.toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
}

/** Names that differ in case only would be mistaken for each other. */
function same(entry: BookEntry, name: string): boolean {
  return entry.name.toLowerCase() === name.toLowerCase()
}

export function checkName(name: string): void {
  if (looksLikeAddress(name)) throw badName(name, 'it looks like an address')
  if (name.length > LONGEST_NAME) throw badName(name, `it has more than ${LONGEST_NAME} characters`)
  if (name.startsWith('@') || !isBookName(name)) {
    throw badName(name, 'use letters, digits, dots, dashes and underscores, a letter first')
  }
}

function badName(name: string, why: string): BittensorError {
  const shown = /^[\x20-\x7e]{1,48}$/.test(name) ? `\`${name}\`` : 'this'
  return new BittensorError('USAGE', `${shown} cannot be a name: ${why}`)
}

/** `@exchange` and `exchange` are the same name. */
function bare(text: string): string {
  return text.startsWith('@') ? text.slice(1) : text
}

/** The entry of a name, with or without `@`. */
export function findName(book: AddressBook, name: string): BookEntry | undefined {
  return book.find((entry) => same(entry, bare(name)))
}

/** The entry of an address. */
export function findAddress(book: AddressBook, address: string): BookEntry | undefined {
  return book.find((entry) => entry.address === address)
}

/**
 * The address that a name stands for.
 * @returns undefined for text without `@` that is no name of the book: it may be something else
 * @throws {BittensorError} `BAD_ADDRESS` for `@name` when there is no such name
 * @example
 * resolveName(book, '@exchange') // '5FHneW46…'
 */
export function resolveName(book: AddressBook, text: string): Ss58 | undefined {
  if (looksLikeAddress(text)) return undefined
  const entry = findName(book, text)
  if (entry) return entry.address
  if (text.startsWith('@')) throw unknownName(book, text)
  return undefined
}

/**
 * The address that a name stands for, with or without `@`, where nothing else can be meant.
 * @throws {BittensorError} `BAD_ADDRESS` when there is no such name
 */
export function requireName(book: AddressBook, text: string): Ss58 {
  const address = resolveName(book, text)
  if (address) return address
  throw unknownName(book, text)
}

function unknownName(book: AddressBook, text: string): BittensorError {
  const names = book.map(({ name }) => `@${name}`)
  const message = text.startsWith('@')
    ? `there is no name ${text} in the address book`
    : `\`${text}\` is no address, and no name of the address book`
  return new BittensorError('BAD_ADDRESS', message, {
    hint:
      names.length === 0
        ? `add it: btcli address add ${bare(text)} <ss58>`
        : `names are ${names.slice(0, 10).join(', ')}${names.length > 10 ? ' …' : ''}`,
  })
}

/**
 * Adds a name, or replaces it if `replace` is set.
 * @returns the entry, and the one that it replaced
 * @throws {BittensorError} `USAGE` for a bad name or one that is taken, `BAD_ADDRESS`
 * @example
 * await addName(path, { name: 'exchange', address: '5FHneW46…', note: 'withdrawals' })
 */
export async function addName(
  path: string,
  options: {
    readonly name: string
    readonly address: string
    readonly note?: string | undefined
    readonly replace?: boolean
  },
): Promise<{ readonly entry: BookEntry; readonly replaced: BookEntry | undefined }> {
  const name = bare(options.name)
  checkName(name)
  const { address } = parseAccount(options.address)
  const book = await readAddressBook(path)
  const replaced = findName(book, name)
  if (replaced && !options.replace) throw taken(replaced)
  const entry = { name, address, note: cleanNote(options.note) }
  await writeBook(path, [...book.filter((one) => one !== replaced), entry])
  return { entry, replaced }
}

function cleanNote(note: string | undefined): string | undefined {
  if (note === undefined || note.trim() === '') return undefined
  if (note.length <= LONGEST_NOTE && !/\p{Cc}/u.test(note)) return note.trim()
  throw new BittensorError('USAGE', `a note is one line of at most ${LONGEST_NOTE} characters`)
}

function taken(entry: BookEntry): BittensorError {
  return new BittensorError('USAGE', `the name ${entry.name} is taken`, {
    details: `it stands for ${entry.address}`,
    hint: '--replace gives it the new address',
  })
}

/**
 * Removes a name.
 * @throws {BittensorError} `USAGE` when there is no such name
 */
export async function removeName(path: string, name: string): Promise<BookEntry> {
  const book = await readAddressBook(path)
  const entry = findName(book, name)
  if (!entry) {
    throw new BittensorError('USAGE', `there is no name ${bare(name)} in the address book`, {
      hint: 'btcli address list shows all names',
    })
  }
  await writeBook(
    path,
    book.filter((one) => one !== entry),
  )
  return entry
}

async function writeBook(path: string, book: AddressBook): Promise<void> {
  const content = Object.fromEntries(
    inOrder(book).map(({ name, address, note }) => [
      name,
      note === undefined ? { address } : { address, note },
    ]),
  )
  await writeFileAtomic(path, `${JSON.stringify(content, null, 2)}\n`)
}

/** An address that was met before: in the book, in the journal, in the wallet folder. */
export type KnownAddress = {
  readonly address: string
  /** `@exchange`, `alice`, or undefined. */
  readonly name?: string | undefined
}

/**
 * Addresses that could be mistaken for this one: the same first and last four characters, another middle. Thieves
 * make such addresses and send dust from them, hoping that somebody copies them from a list of past payments.
 * @example
 * findLookalikes(dest, [...bookAddresses(book), ...paidAddresses(entries)])
 */
export function findLookalikes(
  address: string,
  known: readonly KnownAddress[],
): readonly KnownAddress[] {
  const ends = (text: string) => `${text.slice(0, 4)}…${text.slice(-4)}`
  const alike = known.filter(
    (one) => one.address !== address && ends(one.address) === ends(address),
  )
  return alike.filter(
    (one, index) => alike.findIndex((other) => other.address === one.address) === index,
  )
}

/** The addresses of a book. */
export function bookAddresses(book: AddressBook): readonly KnownAddress[] {
  return book.map(({ name, address }) => ({ address, name: `@${name}` }))
}

/** Addresses that were paid before, by the journal; newest first. */
export function paidAddresses(entries: readonly JournalEntry[]): readonly KnownAddress[] {
  const paid = entries.filter(mayHavePaid).flatMap((entry) => entry.destinations)
  return [...new Set(paid.map(({ address }) => address))].reverse().map((address) => ({ address }))
}

/** What is known of a destination. */
export type KnownDestination = {
  readonly name: string | undefined
  /** When it was last paid, ISO 8601; undefined if never by this journal. */
  readonly lastPaid: string | undefined
}

/**
 * What is known of a destination from the book and from earlier payments on the same chain.
 * @returns undefined for a destination never used before: the preview says so
 * @example
 * knownDestination(dest, { book, entries, genesisHash }) // { name: '@exchange', lastPaid: '2025-06-01T10:00:00.000Z' }
 */
export function knownDestination(
  address: string,
  from: {
    readonly book: AddressBook
    readonly entries: readonly JournalEntry[]
    readonly genesisHash: string
  },
): KnownDestination | undefined {
  const entry = findAddress(from.book, address)
  const lastPaid = from.entries.findLast(
    (one) =>
      one.genesisHash === from.genesisHash &&
      mayHavePaid(one) &&
      one.destinations.some((payment) => payment.address === address),
  )?.time
  if (!entry && lastPaid === undefined) return undefined
  return { name: entry && `@${entry.name}`, lastPaid }
}

/** Whether a destination is in the book or was paid before on this chain. */
export function isKnownDestination(
  address: string,
  from: Parameters<typeof knownDestination>[1],
): boolean {
  return knownDestination(address, from) !== undefined
}
