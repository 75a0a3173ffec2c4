/** What a command is: its name, its options with the types of their values, what it does and how that is shown. */
import type { BittensorError } from '../core/errors.js'
import type { Context } from './context.js'
import type { Block, Table, View } from './table.js'

/** Values gathered so far, by the keys of the command's `options`. */
export type SoFar = Readonly<Record<string, unknown>>

/** One choice of a list question. */
export type Choice = {
  readonly value: string
  readonly name?: string
  readonly description?: string
  /** Why it cannot be chosen; shown greyed. */
  readonly disabled?: string
}

/** A question for a value that was not given. */
export type Ask = {
  readonly message: string
  /** Answer of an empty line. */
  readonly default?: string
  /** Makes the question a list. */
  readonly choices?: readonly Choice[]
}

/** A question that needs the chain or earlier answers first, such as the balance before the amount. */
export type AskLater = (ctx: Context, soFar: SoFar) => Promise<Ask | undefined>

/** Whether a value is asked for at all, by the values so far, the words after the command, and what was given before any question. */
type AskWhen = (soFar: SoFar, words: readonly string[], given: SoFar) => boolean

/**
 * An option that takes an address. `account`: nothing else, so any other word is a name of the book. `hotkey`: names of
 * hotkeys as well, so that only `@name` is certain. `party`: the command itself finds it, to call it by its name.
 */
export type AddressKind = 'account' | 'hotkey' | 'party'

/** One option: spellings, description, where else its value may come from, and how text becomes a value. */
export type Option<T> = {
  readonly kind: 'value' | 'list' | 'flag'
  /** First long spelling without dashes: `wallet.name`. Names the option in messages and in config files. */
  readonly name: string
  /** All spellings as typed, dashes included. */
  readonly spellings: readonly string[]
  /** `<ss58>` of the help page, `[seconds]` where it may be left out; empty for flags. */
  readonly placeholder: string
  readonly description: string
  /** Variables that give the value, in order. */
  readonly env: readonly string[]
  /** Keys of config files besides the option's own name. */
  readonly configKeys: readonly string[]
  readonly conflicts: readonly string[]
  readonly hidden: boolean
  /** The value is never repeated in messages. */
  readonly secret: boolean
  /** How names of the address book stand for its value, if it is an address. */
  readonly address: AddressKind | undefined
  readonly parse: (text: string) => T
  readonly fallback: T | undefined
  readonly ask: Ask | AskLater | undefined
  readonly askWhen: AskWhen | undefined
  /** The text that it stands for without a value, if it may have none. */
  readonly bare: string | undefined
  /** Asked for on a terminal, but the command itself decides whether it is missing elsewhere. */
  readonly optional: boolean
}

/** Options of a command by the key under which `run` gets the value. */
export type Options = Readonly<Record<string, Option<unknown>>>

/** The values that `run` gets, typed by its options. */
export type ValuesOf<O extends Options> = {
  readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never
}

type Common = {
  /** Spellings and placeholder: `'-a, --amount <tao>'`; dots, dashes and underscores are equal when typed. */
  readonly flags: string
  readonly description: string
  readonly env?: readonly string[]
  readonly configKeys?: readonly string[]
  /** Names of options that may not be given together with this one. */
  readonly conflicts?: readonly string[]
  /** Accepted, but not on the help page. */
  readonly hidden?: boolean
  /** The value is a secret: no message ever repeats it. */
  readonly secret?: boolean
  /** The value is an address, or may be one: names of the address book are accepted. */
  readonly address?: AddressKind
}

/** Text to value; throws a `BittensorError`, or a `RangeError` for short, that says what is wrong. */
type Parsed<T> = { readonly parse: (text: string) => T }

type ValueSpec<T> = Common & {
  /** The text that the option stands for when it is typed without a value: `--watch` is `--watch 0`. */
  readonly bare?: string
  /** Value when nobody gives one; with `ask` the value for runs without a terminal. */
  readonly default?: NoInfer<T>
  readonly ask?: Ask | AskLater
  /** Ask (or miss) it only if this holds. */
  readonly askWhen?: AskWhen
  /** Without a terminal it is not missed: whether it is needed depends on the chain. */
  readonly optional?: true
}

type Certain<T> =
  | { readonly default: NoInfer<T> }
  | { readonly ask: Ask | AskLater; readonly askWhen?: never; readonly optional?: never }

/**
 * An option with one value. The value is certain when it has a default or is always asked for; else it may be undefined.
 * @example
 * option({ flags: '--amount <tao>', description: 'τ to send', parse: parseTao, ask: { message: 'Enter TAO amount to transfer' } })
 */
export function option<T>(spec: ValueSpec<T> & Parsed<T> & Certain<T>): Option<T>
export function option<T>(spec: ValueSpec<T> & Parsed<T>): Option<T | undefined>
export function option(spec: ValueSpec<string> & Certain<string>): Option<string>
export function option(spec: ValueSpec<string>): Option<string | undefined>
export function option<T>(spec: ValueSpec<T> & Partial<Parsed<T>>): Option<T | undefined> {
  return {
    ...common(spec),
    kind: 'value',
    parse: spec.parse ?? ((text) => text as T),
    fallback: spec.default,
    bare: spec.bare,
    ask: spec.ask,
    askWhen: spec.askWhen,
    optional: spec.optional ?? false,
  }
}

/**
 * An option with any number of values, `--hotkeys a b c`; repeated or separated by commas as well. Absent = empty.
 * @example
 * list({ flags: '--hotkeys <names...>', description: 'hotkeys to use' })
 */
export function list<T>(spec: Common & Parsed<T>): Option<readonly T[]>
export function list(spec: Common): Option<readonly string[]>
export function list<T>(spec: Common & Partial<Parsed<T>>): Option<readonly T[]> {
  const parse = spec.parse ?? ((text: string) => text as T)
  return {
    ...common(spec),
    kind: 'list',
    parse: (text) => [parse(text)],
    fallback: [],
    bare: undefined,
    ask: undefined,
    askWhen: undefined,
    optional: false,
  }
}

/**
 * A switch without value; false unless given.
 * @example
 * flag({ flags: '--all', description: 'the whole free balance' })
 */
export function flag(spec: Common): Option<boolean> {
  return {
    ...common(spec),
    kind: 'flag',
    parse: parseBoolean,
    fallback: false,
    bare: undefined,
    ask: undefined,
    askWhen: undefined,
    optional: false,
  }
}

function common(
  spec: Common,
): Pick<
  Option<never>,
  | 'name'
  | 'spellings'
  | 'placeholder'
  | 'description'
  | 'env'
  | 'configKeys'
  | 'conflicts'
  | 'hidden'
  | 'secret'
  | 'address'
> {
  const spellings = spec.flags.match(/--?[A-Za-z_][\w.-]*/g) ?? []
  const long = spellings.find((spelling) => spelling.startsWith('--'))
  if (!long) throw new TypeError(`option without a long spelling: ${spec.flags}`)
  return {
    name: long.slice(2),
    spellings,
    placeholder: /<[^>]+>|\[[^\]]+\]/.exec(spec.flags)?.[0] ?? '',
    description: spec.description,
    env: spec.env ?? [],
    configKeys: spec.configKeys ?? [],
    conflicts: spec.conflicts ?? [],
    hidden: spec.hidden ?? false,
    secret: spec.secret ?? false,
    address: spec.address,
  }
}

/** Words of bittensor's boolean options: y yes t true on 1, n no f false off 0. */
export function parseBoolean(text: string): boolean {
  if (/^(y|yes|t|true|on|1)$/i.test(text)) return true
  if (/^(n|no|f|false|off|0)$/i.test(text)) return false
  throw new RangeError('write yes or no')
}

/** How a command's data is shown. Both are pure: tested without running anything. */
export type Render<Data, Json = unknown> = {
  /** What people see on stdout: text and tables; control characters of cells are removed by the table. */
  readonly table: (data: Data, view: View) => Block | readonly Block[]
  /** The `data` of the JSON document: amounts as strings of RAO, camelCase keys, absent = null. */
  readonly json: (data: Data) => Json
  /** The table of `--csv` where people see more, less or no table; undefined for that of `table`. */
  readonly csv?: (data: Data) => Table | undefined
}

/** A command: one file in src/commands, one entry in the registry. */
export type Command<O extends Options = Options, Data = unknown, Json = unknown> = {
  /** The file's name and the word people type: `recycle_register`. */
  readonly name: string
  /** One line, the same as in the registry. */
  readonly summary: string
  /** Usage without `btcli <name>`; made from the options when absent. */
  readonly usage?: string
  readonly options: O
  /** Words after the command, such as the topic of `help` or the action of `localnet`. */
  readonly positionals?: readonly Positional[]
  /** It makes or restores keys. */
  readonly writesKeys?: true
  /** It tells how it goes while it runs: with --json all that it says on stderr are JSON lines. */
  readonly streams?: true
  /** Options that are not declared are taken as well, each with a value: `run` gets them as `extra`. */
  readonly open?: true
  /** Help on the words that were typed with `--help`, where they say more than the command does: a call, a storage item. */
  readonly explain?: (ctx: Context, words: readonly string[]) => Promise<string>
  /** Command lines that can be pasted, without the leading `btcli`. */
  readonly examples?: readonly string[]
  /** One or two lines of what the user should know, below the examples. */
  readonly notes?: string
  /** Acts and returns plain data; never writes to stdout. `words` are the positionals, `extra` undeclared options by name. */
  readonly run: (
    ctx: Context,
    values: ValuesOf<O>,
    words: readonly string[],
    extra: ReadonlyMap<string, string>,
  ) => Promise<Data>
  readonly render: Render<Data, Json>
  /** The failure that the data amounts to, if some of several operations failed: data is shown and the status is not 0. */
  readonly problem?: (data: Data) => BittensorError | undefined
}

/** A word after the command. */
export type Positional = {
  readonly name: string
  readonly description: string
  readonly required?: boolean
  /** The last one: any number of words. */
  readonly many?: true
  readonly choices?: readonly string[]
}

/** A command as the machinery sees it, the types of its values and data forgotten. */
export type AnyCommand = Omit<Command, 'run' | 'render' | 'problem'> & {
  readonly run: (
    ctx: Context,
    values: never,
    words: readonly string[],
    extra: ReadonlyMap<string, string>,
  ) => Promise<unknown>
  readonly render: Render<never>
  readonly problem?: (data: never) => BittensorError | undefined
}

/**
 * Declares a command; gives `run` the types of its options.
 * @example
 * export const list = defineCommand({ name: 'list', summary: 'List wallets.', options: {}, run, render })
 */
export function defineCommand<const O extends Options, Data, Json>(
  spec: Command<O, Data, Json>,
): Command<O, Data, Json> {
  return spec
}
