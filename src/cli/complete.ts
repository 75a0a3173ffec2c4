/**
 * Completion of a command line, asked by the shell at each TAB: from disk and code only, never from a network, and
 * nothing that goes wrong is ever shown.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { genesisOf, networkNames } from '../core/chain/networks.js'
import { sameName } from '../core/config.js'
import type { Offer } from './completeChain.js'
import type { Env } from './context.js'
import type { AnyCommand, Option, Options } from './define.js'
import { globalOptions } from './options.js'
import { absolutePath, resolvePaths } from './paths.js'
import type { Entry } from './registry.js'
import { readSeenNetuids } from './seenNetuids.js'
import { canonicalise, locateCommand, splitUndeclared, wordsOfGroup } from './spelling.js'

/** What completion may look at. */
export type CompletionWorld = { readonly env: Env; readonly home: string; readonly cwd: string }

/** One suggestion. */
export type Candidate = { readonly value: string; readonly description?: string | undefined }

/** Printed instead of suggestions where the shell should offer files. */
const FILES = ':files'

/**
 * Suggestions for the last of these words, one a line, a description after a tab.
 * @param words the words after `btcli`; the last one is being typed and may be empty
 * @example
 * await completionText(['transfer', '--de'], { entries, world }) // '--dest\taccount that receives the Tao\n'
 */
export async function completionText(
  words: readonly string[],
  about: { readonly entries: readonly Entry[]; readonly world: CompletionWorld },
): Promise<string> {
  try {
    const found = await suggest(words, about)
    return found === FILES ? `${FILES}\n` : found.map(lineOf).join('')
  } catch {
    return ''
  }
}

function lineOf({ value, description }: Candidate): string {
  const text = description?.replace(/[\t\n\r]/g, ' ')
  return `${value}${text ? `\t${text}` : ''}\n`
}

type About = Parameters<typeof completionText>[1]
type Line = {
  /** Words before the one that is typed. */
  readonly before: readonly string[]
  readonly typed: string
  readonly options: Options
  readonly command: AnyCommand | undefined
  readonly about: About
}

async function suggest(
  words: readonly string[],
  about: About,
): Promise<readonly Candidate[] | typeof FILES> {
  const joined = joinEquals(words)
  const before = joined.slice(0, -1)
  const { entries } = about
  const located = locateCommand(
    before,
    globalOptions,
    entries.map(({ name }) => name),
  )
  const entry = entries.find(({ name }) => name === located.name)
  const command = await entry?.load()
  const options = { ...globalOptions, ...command?.options }
  const line: Line = { before, typed: joined.at(-1) ?? '', options, command, about }
  const argument = command?.open ? argumentAsked(line) : undefined
  if (argument)
    return fitting(await argumentValues(argument, line), argument.typed, argument.prefix)
  const asked = optionAsked(line)
  if (asked) {
    const values = await valuesOf(asked.option, line)
    return values === FILES ? FILES : fitting(values, asked.typed, asked.prefix)
  }
  if (line.typed.startsWith('-')) {
    if (!command?.open) return optionNames(line)
    return [...fitting(await argumentNames(line), line.typed), ...optionNames(line)]
  }
  if (command) return wordsFor(command, line, located.rest)
  const group = located.typed === undefined ? undefined : wordsOfGroup(located.typed)
  if (group)
    return fitting(
      group.map((value) => ({ value })),
      line.typed,
    )
  if (located.typed !== undefined) return []
  return fitting(
    entries.map(({ name, summary }) => ({ value: name, description: summary })),
    line.typed,
  )
}

/** bash splits words at `=`: `--network`, `=`, `te` is one word again. */
function joinEquals(words: readonly string[]): string[] {
  const joined: string[] = []
  for (const word of words) {
    const last = joined.at(-1)
    const continues = word === '=' || (last?.endsWith('=') && last !== '=')
    if (last?.startsWith('--') && continues) joined[joined.length - 1] = last + word
    else joined.push(word)
  }
  return joined
}

type Asked = { readonly option: Option<unknown>; readonly typed: string; readonly prefix: string }

/** The option whose value is being typed, after a blank or after `=`. */
function optionAsked({ before, typed, options }: Line): Asked | undefined {
  const [, name, value] = /^(--?[^=]+)=(.*)$/.exec(typed) ?? []
  if (name !== undefined && value !== undefined) {
    const option = optionOf(name, options)
    return option && option.kind !== 'flag'
      ? { option, typed: value, prefix: `${name}=` }
      : undefined
  }
  if (typed.startsWith('-')) return undefined
  const index = before.findLastIndex((word) => word.startsWith('-'))
  const word = before[index]
  if (word === undefined || word.includes('=')) return undefined
  const option = optionOf(word, options)
  // A list swallows words up to the next option, others take one.
  const takes = option?.kind === 'list' || (option?.kind === 'value' && index === before.length - 1)
  return option && takes ? { option, typed, prefix: '' } : undefined
}

/** The argument of a call whose value is being typed: an option that no command declares. */
function argumentAsked({ before, typed, options }: Line) {
  const [, joined, value] = /^--([^=]+)=(.*)$/.exec(typed) ?? []
  if (joined !== undefined && value !== undefined) {
    return isArgument(joined, options)
      ? { name: joined, typed: value, prefix: `--${joined}=` }
      : undefined
  }
  const [, name] = /^--([^=]+)$/.exec(before.at(-1) ?? '') ?? []
  const isOne = name !== undefined && !typed.startsWith('-') && isArgument(name, options)
  return isOne ? { name, typed, prefix: '' } : undefined
}

/** `--hotkey` and its like are spellings of the wallet's options elsewhere; here the call has them. */
function isArgument(name: string, options: Options): boolean {
  return splitUndeclared([`--${name}`, '?'], options).extra.size > 0
}

/** The option of a word as it may be typed: any spelling of any era, with or without a value. */
function optionOf(word: string, options: Options): Option<unknown> | undefined {
  const [spelling = ''] = word.split('=', 1)
  const token = canonicalToken(`${spelling}=x`, options) ?? canonicalToken(spelling, options)
  const [name] = token?.slice(2).split('=', 1) ?? []
  return Object.values(options).find((option) => option.name === name)
}

/** Switches refuse a value, others need one, and some beginnings fit several: all that throws. */
function canonicalToken(word: string, options: Options): string | undefined {
  try {
    return canonicalise([word], options).tokens[0]
  } catch {
    return undefined
  }
}

/** The command's own options first; the shared ones once something of their name was typed, or if there are no others. */
function optionNames({ typed, command, options, before }: Line): readonly Candidate[] {
  const given = new Set(
    before.flatMap((word) => (word.startsWith('-') ? [optionOf(word, options)] : [])),
  )
  const shown = (all: readonly Option<unknown>[]) =>
    all
      .filter((option) => !option.hidden && (option.kind === 'list' || !given.has(option)))
      .map(({ name, description }) => ({ value: `--${name}`, description }))
  const own = fitting(shown(Object.values(command?.options ?? {})), typed)
  if (own.length > 0 && typed.replace(/^-+/, '') === '') return own
  const names = new Set(own.map(({ value }) => value))
  const shared = fitting(shown(Object.values(globalOptions)), typed)
  return [...own, ...shared.filter(({ value }) => !names.has(value))]
}

/** Those that begin as typed. Dots, dashes and underscores are equal; what was typed stays as it is. */
function fitting(
  candidates: readonly Candidate[],
  typed: string,
  prefix = '',
): readonly Candidate[] {
  return candidates.flatMap(({ value, description }) =>
    sameName(value).startsWith(sameName(typed))
      ? [{ value: `${prefix}${typed}${value.slice(typed.length)}`, description }]
      : [],
  )
}

async function wordsFor(
  command: AnyCommand,
  line: Line,
  rest: readonly string[],
): Promise<readonly Candidate[]> {
  const index = positionalsIn(rest, line.options)
  const last = command.positionals?.at(-1)
  const positional = command.positionals?.[index] ?? (last?.many ? last : undefined)
  if (!positional) return []
  if (positional.choices)
    return fitting(
      positional.choices.map((value) => ({ value })),
      line.typed,
    )
  if (CHAIN_KEYS.has(`${command.name} ${positional.name}`)) {
    return fitting(await keyValues(command.name, index - 1, line), line.typed)
  }
  return fitting(await namesFor(command.name, positional.name, line), line.typed)
}

/** How many words of the command there are, options and their values left out. */
function positionalsIn(rest: readonly string[], options: Options): number {
  let found = 0
  for (let index = 0; index < rest.length; index++) {
    const word = rest[index] ?? ''
    if (!word.startsWith('-')) found++
    else if (!word.includes('=') && optionOf(word, options)?.kind === 'value') index++
  }
  return found
}

async function namesFor(
  command: string,
  positional: string,
  line: Line,
): Promise<readonly Candidate[]> {
  const { entries, world } = line.about
  if (command === 'help') {
    return entries.map(({ name, summary }) => ({ value: name, description: summary }))
  }
  if (CHAIN_WORDS.has(`${command} ${positional}`)) {
    const { chainWords } = await import('./completeChain.js')
    return plain(await chainWords(command, await runtimeSeen(line)))
  }
  if (command === 'policy' && positional === 'rule') {
    const { policyFields } = await import('../core/policy.js')
    return policyFields.map(({ key, description }) => ({ value: key, description }))
  }
  if (command === 'address' && positional === 'name') return bookNames(world, '')
  if (command === 'config' && positional === 'name') {
    return Object.values(globalOptions).map(({ name, configKeys, description }) => ({
      value: configKeys[0] ?? name,
      description,
    }))
  }
  return []
}

/** Words that name parts of the runtime, and those that are values of their types. */
const CHAIN_WORDS = new Set([
  'query item',
  'const constant',
  'api method',
  'tx call',
  ...['approve', 'execute', 'cancel'].map((act) => `multisig_${act} call`),
])
const CHAIN_KEYS = new Set(['query keys', 'api args'])

/** The runtime that was seen last on the network of the line, or on any: no chain is asked. */
async function runtimeSeen(line: Line) {
  const { newestCached } = await import('../core/chain/metadataCache.js')
  const { world } = line.about
  const named = valueGiven('subtensor.network', line) ?? world.env['BT_NETWORK']
  const { cache } = resolvePaths(world, undefined)
  return newestCached(cache, { genesisHash: named === undefined ? undefined : genesisOf(named) })
}

/** The `Pallet.name` that was typed. */
const namedIn = ({ before }: Line) =>
  before.find((word) => /^[a-z]\w*\.\w+$/i.test(word) && !word.startsWith('-'))

async function argumentValues({ name }: { readonly name: string }, line: Line) {
  const { argumentOffer } = await import('./completeChain.js')
  const [runtime, call] = [await runtimeSeen(line), namedIn(line)]
  return runtime && call ? offered(argumentOffer(runtime, call, name), line) : []
}

async function keyValues(command: string, index: number, line: Line) {
  const { wordOffer } = await import('./completeChain.js')
  const [runtime, name] = [await runtimeSeen(line), namedIn(line)]
  return runtime && name ? offered(wordOffer(command, runtime, { name, index }), line) : []
}

async function offered(offer: Offer, line: Line): Promise<readonly Candidate[]> {
  if (offer === 'netuid') return plain(await netuidsSeen(line))
  if (offer !== 'account') return plain(offer.words)
  const wallets = (await walletNames(line)).map((name) => `wallet:${name}`)
  return [...plain(wallets), ...(await bookNames(line.about.world, '@').catch(() => []))]
}

async function netuidsSeen({ about }: Line): Promise<string[]> {
  return (await readSeenNetuids(resolvePaths(about.world, undefined).cache)).map(String)
}

/** Arguments of the call that was typed, as options. */
async function argumentNames(line: Line): Promise<readonly Candidate[]> {
  const { callArguments } = await import('./completeChain.js')
  const runtime = await runtimeSeen(line)
  const call = namedIn(line)
  const given = new Set(line.before)
  return (runtime && call ? callArguments(runtime, call) : []).filter(
    ({ value }) => !given.has(value),
  )
}

async function valuesOf(
  option: Option<unknown>,
  line: Line,
): Promise<readonly Candidate[] | typeof FILES> {
  const { world } = line.about
  switch (option.name) {
    case 'wallet.name':
      return plain(await walletNames(line))
    case 'wallet.hotkey':
    case 'hotkeys':
      return plain(await hotkeyNames(line))
    case 'subtensor.network':
      return plain(networkNames)
    case 'netuid':
      return plain(await netuidsSeen(line))
    case 'dest':
    case 'account':
      return bookNames(world, '@')
  }
  if (/<(file|folder)>/.test(option.placeholder) || option.name === 'wallet.path') return FILES
  return plain(enumValues(option))
}

function plain(values: readonly string[]): readonly Candidate[] {
  return values.map((value) => ({ value }))
}

/** `<auto|always|never>`, if the option takes these words and no other. */
function enumValues(option: Option<unknown>): readonly string[] {
  const words = option.placeholder.slice(1, -1).split('|')
  const accepts = (text: string) => {
    try {
      option.parse(text)
      return true
    } catch {
      return false
    }
  }
  return words.length > 1 && words.every(accepts) && !accepts('\u0000') ? words : []
}

/** Names only: that the addresses are right is checked where they are used. */
async function bookNames(world: CompletionWorld, sign: string): Promise<readonly Candidate[]> {
  const text = await readFile(join(world.home, '.bittensor', 'addresses.json'), 'utf8')
  const book = JSON.parse(text) as Readonly<Record<string, { address?: unknown; note?: unknown }>>
  return Object.entries(book).map(([name, { address, note }]) => ({
    value: `${sign}${name}`,
    description: `${note ?? address}`,
  }))
}

async function walletNames(line: Line): Promise<readonly string[]> {
  return foldersIn(await walletFolder(line))
}

async function hotkeyNames(line: Line): Promise<readonly string[]> {
  const folder = await walletFolder(line)
  const named = valueGiven('wallet.name', line) ?? line.about.world.env['BT_WALLET_NAME']
  const wallets = named === undefined ? await foldersIn(folder) : [named]
  const hotkeys = await Promise.all(wallets.map((name) => filesIn(join(folder, name, 'hotkeys'))))
  return [...new Set(hotkeys.flat())]
}

/** `--wallet.path`, the environment, the user's config file, the usual place. */
async function walletFolder(line: Line): Promise<string> {
  const { world } = line.about
  const given = valueGiven('wallet.path', line) ?? world.env['BT_WALLET_PATH']
  if (given !== undefined) return absolutePath(given, world)
  return resolvePaths(world, await walletPathInConfig(world)).wallets
}

async function walletPathInConfig(world: CompletionWorld): Promise<string | undefined> {
  const named = world.env['BTCLI_CONFIG_PATH'] ?? join(world.home, '.bittensor', 'config.yml')
  const path = absolutePath(named, world)
  const text = await readFile(path, 'utf8').catch(() => '')
  // Most files do not say it, and reading YAML costs more than all the rest.
  if (!/path/i.test(text)) return undefined
  const { readConfigFile } = await import('../core/config.js')
  const file = await readConfigFile(path, { layer: 'user file' }).catch(() => undefined)
  const found = [...(file?.values ?? [])].find(([key]) => sameName(key) === 'wallet_path')
  return found?.[1].texts[0]
}

function valueGiven(name: string, { before, options }: Line): string | undefined {
  for (const [index, word] of before.entries()) {
    const [spelling = '', value] = word.split('=', 2)
    if (!word.startsWith('-') || optionOf(spelling, options)?.name !== name) continue
    return value ?? before[index + 1]
  }
  return undefined
}

async function foldersIn(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => [])
  return entries
    .filter(
      (entry) => !entry.name.startsWith('.') && (entry.isDirectory() || entry.isSymbolicLink()),
    )
    .map(({ name }) => name)
    .sort()
}

async function filesIn(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => [])
  return entries
    .filter(({ name }) => !name.startsWith('.') && !name.endsWith('pub.txt'))
    .map(({ name }) => name)
    .sort()
}
