/** From text in several layers to typed values: flag, environment, file, user's file, question, default. */
import type { Config, Found, Origin } from '../core/config.js'
import { BittensorError } from '../core/errors.js'
import { answerReader, type NameReader, nameReader } from './bookNames.js'
import type { Context } from './context.js'
import type { Ask, Option, Options, SoFar } from './define.js'
import { parseBoolean } from './define.js'
import type { Given } from './parse.js'

/** Values by the keys of the options, and where they came from by the options' names. */
export type Gathered = {
  readonly values: Readonly<Record<string, unknown>>
  readonly origins: ReadonlyMap<string, Origin>
  /** Answers to questions as `--name`, `text`, in order. */
  readonly answers: readonly string[]
}

/**
 * Settles options without asking: what was given, else the default.
 * @param home folder of the person whose address book counts
 * @throws {BittensorError} `USAGE`, or the code of an option's own check, for a value that is wrong
 */
export async function resolve(
  options: Options,
  given: Given,
  config: Config,
  home: string,
): Promise<Gathered> {
  const origins = new Map<string, Origin>()
  const values: Record<string, unknown> = {}
  const found = foundValues(options, given, config)
  const addresses = await nameReader(
    Object.values(options).map((option) => [option, found.get(option.name)?.texts ?? []]),
    home,
  )
  for (const [key, option] of Object.entries(options)) {
    const value = found.get(option.name)
    if (value) origins.set(option.name, value.origin)
    values[key] = value ? parsed(option, value, addresses) : undefined
  }
  return { values, origins, answers: [] }
}

/** Texts per option. What the command line says silences lower layers that would contradict it. */
function foundValues(options: Options, given: Given, config: Config): Map<string, Found> {
  const found = new Map<string, Found>()
  const all = Object.values(options)
  for (const { name } of all) {
    const texts = given.texts.get(name)
    const source = given.typed.get(name) ?? `--${name}`
    if (texts) found.set(name, { texts, origin: { layer: 'flag', source } })
  }
  const silenced = new Set(
    all.flatMap((option) => contradicted(option, all, (name) => given.texts.has(name))),
  )
  for (const option of all) {
    if (found.has(option.name) || silenced.has(option.name)) continue
    const value = config.find(option.env, configNames(option))
    if (value) found.set(option.name, value)
  }
  return found
}

function contradicted(
  option: Option<unknown>,
  all: readonly Option<unknown>[],
  isGiven: (name: string) => boolean,
): string[] {
  const others = all.filter((other) => other.conflicts.includes(option.name))
  const rivals = [...option.conflicts, ...others.map((other) => other.name)]
  return isGiven(option.name) ? rivals : []
}

/** Names under which a config file may set an option. */
export function configNames(option: Option<unknown>): string[] {
  const long = option.spellings.filter((spelling) => spelling.startsWith('--'))
  return [...long.map((spelling) => spelling.slice(2)), ...option.configKeys]
}

function parsed(option: Option<unknown>, found: Found, addresses: NameReader): unknown {
  try {
    const texts = addresses(option, found.texts)
    if (option.kind === 'list') {
      const words = texts.flatMap((text) => text.split(',')).filter((text) => text !== '')
      return words.flatMap((word) => option.parse(word) as unknown[])
    }
    const text = texts.at(-1) ?? ''
    return option.kind === 'flag' ? parseBoolean(text) : option.parse(text)
  } catch (error) {
    throw wrongValue(option, found.origin, error)
  }
}

function wrongValue(option: Option<unknown>, origin: Origin, error: unknown): unknown {
  const where =
    origin.layer === 'flag' ? `--${option.name}` : `${option.name} (from ${origin.source})`
  if (error instanceof RangeError) return new BittensorError('USAGE', `${where}: ${error.message}`)
  if (!(error instanceof BittensorError)) return error
  return new BittensorError(error.code, `${where}: ${error.message}`, {
    details: error.details,
    hint: error.hint,
    data: { option: option.name, ...error.data },
  })
}

/**
 * Completes values: asks for what is missing on a terminal, in the order of the options; otherwise takes defaults.
 * @throws {BittensorError} `MISSING_INPUT` naming everything that is missing together, when nothing can be asked
 */
export async function complete(
  ctx: Context,
  options: Options,
  start: Gathered,
  words: readonly string[],
): Promise<Gathered> {
  const values: Record<string, unknown> = {}
  const origins = new Map(start.origins)
  const answers: string[] = []
  const missing: string[] = []
  for (const [key, option] of Object.entries(options)) {
    const value = start.values[key]
    values[key] = value
    if (value !== undefined) continue
    values[key] = option.fallback
    if (!isWanted(option, start.values, values, words)) continue
    if (!ctx.settings.interactive) {
      if (option.fallback === undefined && !option.optional) missing.push(`--${option.name}`)
      continue
    }
    const answer = await askFor(ctx, option, { ...start.values, ...values })
    if (!answer) continue
    values[key] = answer.value
    answers.push(`--${option.name}`, answer.text)
    origins.set(option.name, { layer: 'answer', source: `--${option.name}` })
  }
  if (missing.length > 0) throw missingInput(ctx, missing)
  return { values, origins, answers }
}

function isWanted(
  option: Option<unknown>,
  given: SoFar,
  settled: SoFar,
  words: readonly string[],
): boolean {
  if (option.ask === undefined) return false
  return option.askWhen?.({ ...given, ...settled }, words, given) ?? true
}

type Answer = { readonly text: string; readonly value: unknown }

async function askFor(
  ctx: Context,
  option: Option<unknown>,
  soFar: Readonly<Record<string, unknown>>,
): Promise<Answer | undefined> {
  const ask = typeof option.ask === 'function' ? await option.ask(ctx, soFar) : option.ask
  if (!ask) return undefined
  const addressOf = await answerReader(option, ctx.paths.home)
  const named = { ...option, parse: (text: string) => option.parse(addressOf(text)) }
  const text = (await answerOf(ctx, named, ask)).trim()
  if (text === '' && option.optional) return undefined
  return { text, value: option.kind === 'flag' ? parseBoolean(text) : named.parse(text) }
}

async function answerOf(ctx: Context, option: Option<unknown>, ask: Ask): Promise<string> {
  if (option.kind === 'flag') return `${await ctx.prompt.confirm({ message: ask.message })}`
  const fallback = ask.default === undefined ? {} : { default: ask.default }
  if (ask.choices) {
    return ctx.prompt.select({ message: ask.message, choices: ask.choices, ...fallback })
  }
  return ctx.prompt.input({
    message: `${ask.message} (--${option.name})`,
    ...fallback,
    problem: (answer) => problemOf(() => option.parse(answer.trim())),
  })
}

/** What is wrong with an answer, by the failure of what reads it. */
export function problemOf(parse: () => unknown): string | undefined {
  try {
    parse()
    return undefined
  } catch (error) {
    if (error instanceof BittensorError || error instanceof RangeError) return error.message
    throw error
  }
}

function missingInput(ctx: Context, names: readonly string[]): BittensorError {
  const why = whyNotAsked(ctx)
  const list = names.join(', ')
  return new BittensorError(
    'MISSING_INPUT',
    names.length === 1 ? `${why} and ${list} is missing` : `${why} and these are missing: ${list}`,
    {
      hint: names.length === 1 ? 'give it on the command line' : 'give them on the command line',
      data: { missing: names },
    },
  )
}

/** Why there are no questions in this run, as the start of a sentence. */
export function whyNotAsked(ctx: Pick<Context, 'settings' | 'stdin'>): string {
  if (!ctx.stdin.isTTY) return 'stdin is not a terminal'
  if (ctx.settings.json) return 'with JSON output nothing is asked'
  if (ctx.settings.yes) return 'with -y nothing is asked'
  return 'stderr is not a terminal'
}
