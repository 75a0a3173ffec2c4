/** `btcli address`: names for addresses, accepted wherever an address is asked. */
import type { Context } from '../cli/context.js'
import { defineCommand, flag, option } from '../cli/define.js'
import { type Destination, parseDestination, resolveDestination } from '../cli/destination.js'
import { problemOf } from '../cli/gather.js'
import { addressBookPath, journalOf } from '../cli/stateFiles.js'
import type { Block, View } from '../cli/table.js'
import { count } from '../cli/text.js'
import {
  addName,
  type BookEntry,
  bookAddresses,
  checkName,
  findAddress,
  findLookalikes,
  type KnownAddress,
  paidAddresses,
  readAddressBook,
  removeName,
} from '../core/addressBook.js'
import { BittensorError } from '../core/errors.js'
import { parseAccount, type Ss58 } from '../core/keys/ss58.js'

export const address = defineCommand({
  name: 'address',
  summary: 'Keep names for addresses.',
  usage: '[list | add NAME ADDRESS | remove NAME] [options]',
  options: {
    note: option({ flags: '--note <text>', description: 'a line to remember what it is' }),
    replace: flag({ flags: '--replace', description: 'give a name that exists another address' }),
    allowLookalike: flag({
      flags: '--allow_lookalike',
      description: 'add an address although it resembles one that is known',
    }),
  },
  positionals: [
    { name: 'action', description: 'list, add or remove', choices: ['list', 'add', 'remove'] },
    { name: 'name', description: 'the name; NAME or @NAME wherever an address is asked' },
    {
      name: 'ss58',
      description: 'an address, 0x and the 64 hex digits of a public key, or wallet:NAME',
    },
  ],
  examples: [
    'address add exchange 5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty',
    'address list',
    'transfer --dest exchange --amount 1.5',
  ],
  notes: 'The book lies in ~/.bittensor/addresses.json and is never sent anywhere.',

  async run(ctx, values, [action = 'list', name, ss58]) {
    const path = addressBookPath(ctx)
    if (action === 'list') {
      const book = await readAddressBook(path)
      return { action, path, book, replaced: undefined }
    }
    const given = await nameOf(ctx, name)
    if (action === 'remove') {
      return {
        action,
        path,
        book: [await removeName(path, given)],
        replaced: undefined,
      }
    }
    const account = await accountOf(ctx, await ss58Of(ctx, ss58))
    await warnOfOthers(ctx, { path, name: given, address: account, allowed: values.allowLookalike })
    const { note, replace } = values
    const { entry, replaced } = await addName(path, {
      name: given,
      address: account,
      note,
      replace,
    })
    return { action, path, book: [entry], replaced }
  },

  render: {
    table(data, view) {
      if (data.action === 'list') return listing(data, view)
      return data.book.map((entry) => changeText(data.action, entry, data.replaced, view))
    },
    json({ action, path, book, replaced }) {
      const [entry] = book.map(toJson)
      if (action === 'list' || !entry) return { path, addresses: book.map(toJson) }
      const changed = { path, replaced: replaced ? toJson(replaced) : null }
      return action === 'add' ? { ...changed, added: entry } : { ...changed, removed: entry }
    },
  },
})

async function nameOf(ctx: Context, name: string | undefined): Promise<string> {
  return (
    name ??
    (await ctx.prompt.input({
      message: 'Enter the name',
      problem: (text) => problemOf(() => checkName(text.trim().replace(/^@/, ''))),
    }))
  )
}

async function ss58Of(ctx: Context, ss58: string | undefined): Promise<string> {
  return (
    ss58 ??
    (await ctx.prompt.input({
      message: 'Enter the address',
      problem: (text) => problemOf(() => parseAddress(text)),
    }))
  )
}

/** An address, or an own wallet that stands for its own. */
function parseAddress(text: string): Destination {
  const trimmed = text.trim()
  if (trimmed.startsWith('wallet:')) return parseDestination(trimmed)
  return { kind: 'address', address: parseAccount(trimmed).address }
}

async function accountOf(ctx: Context, text: string): Promise<Ss58> {
  return (await resolveDestination(ctx, parseAddress(text))).address
}

type Candidate = {
  readonly path: string
  readonly name: string
  readonly address: string
  readonly allowed: boolean
}

/** A second name for an address is worth a remark, a lookalike of a known address is worth a question. */
async function warnOfOthers(
  ctx: Context,
  { path, name, address, allowed }: Candidate,
): Promise<void> {
  const book = await readAddressBook(path)
  const other = findAddress(book, address)
  if (other && other.name.toLowerCase() !== name.replace(/^@/, '').toLowerCase()) {
    ctx.warn(`this address is in the book already, as @${other.name}`)
  }
  const { entries } = await journalOf(ctx).read()
  const alike = findLookalikes(address, [...bookAddresses(book), ...paidAddresses(entries)])
  const [first] = alike
  if (!first) return
  ctx.warn(
    `this address begins and ends like ${describeKnown(first)}, but it is another one: thieves make such addresses`,
  )
  if (allowed) return
  const sure = await ctx.prompt.confirm({
    message: `Is ${address} really the one you mean?`,
    onlyBy: '--allow_lookalike',
  })
  if (!sure) throw new BittensorError('DECLINED', 'nothing was added')
}

function describeKnown({ address, name }: KnownAddress): string {
  return name === undefined ? `${address}, which you paid before` : `${name} (${address})`
}

function listing(
  { book, path }: { readonly book: readonly BookEntry[]; readonly path: string },
  { style }: View,
): Block {
  return {
    columns: [
      { title: 'NAME' },
      { title: 'ADDRESS', address: true },
      { title: 'NOTE', optional: 1 },
    ],
    rows: book.map(({ name, address, note }) => [{ text: `@${name}`, exact: name }, address, note]),
    note: `${count(book.length, 'name')} ${style.sign.dot} ${path}`,
    empty: 'The address book is empty. btcli address add NAME ADDRESS begins one.',
  }
}

function changeText(
  action: string,
  { name, address }: BookEntry,
  replaced: BookEntry | undefined,
  { style }: View,
): string {
  const ok = style.green(style.sign.ok)
  if (action === 'remove') return `${ok} @${name} was removed; it stood for ${address}`
  const before = replaced ? ` (before: ${replaced.address})` : ''
  return `${ok} @${name} ${style.sign.arrow} ${address}${before}`
}

function toJson({ name, address, note }: BookEntry) {
  return { name, address, note: note ?? null }
}
