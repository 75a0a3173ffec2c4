/** Settings of a program from its command line, a YAML file, the environment and defaults, in this order. */
import { parseArgs } from 'node:util'
import { type ConfigFile, readConfigFile, sameName } from '../core/config.js'
import { BittensorError } from '../core/errors.js'
import { absolutePath, type Environment, environment, programArguments } from './environment.js'

/** A value of a setting. */
export type ConfigValue = string | number | boolean

/** One option of a program; its name is written with dots, `neuron.blocks_per_epoch`. */
export type ConfigOption = {
  readonly type: 'string' | 'number' | 'boolean'
  readonly default?: ConfigValue | undefined
  /** Environment variables that set it, the first one that is there counts. */
  readonly env?: readonly string[] | undefined
}

/** Options of {@link config}. */
export type ConfigOptions = {
  /** The program's own options beside those of wallet, subtensor, axon and logging. */
  readonly options?: Readonly<Record<string, ConfigOption>> | undefined
  /** The command line; that of the process by default. */
  readonly args?: readonly string[] | undefined
  readonly env?: Environment | undefined
  /** Refuses unknown options, as `--strict` on the command line does. */
  readonly strict?: boolean | undefined
}

// Names, defaults and variables as of bittensor 5.3.1.
const KNOWN: Readonly<Record<string, ConfigOption>> = {
  'wallet.name': { type: 'string', default: 'default', env: ['BT_WALLET_NAME'] },
  'wallet.hotkey': { type: 'string', default: 'default', env: ['BT_WALLET_HOTKEY'] },
  'wallet.path': { type: 'string', default: '~/.bittensor/wallets/', env: ['BT_WALLET_PATH'] },
  'subtensor.network': { type: 'string', env: ['BT_SUBTENSOR_NETWORK', 'BT_NETWORK'] },
  'subtensor.chain_endpoint': { type: 'string', env: ['BT_SUBTENSOR_CHAIN_ENDPOINT'] },
  'axon.port': { type: 'number', default: 8091, env: ['BT_AXON_PORT'] },
  'axon.ip': { type: 'string', default: '0.0.0.0', env: ['BT_AXON_IP'] },
  'axon.external_ip': { type: 'string', env: ['BT_AXON_EXTERNAL_IP'] },
  'axon.external_port': { type: 'number', env: ['BT_AXON_EXTERNAL_PORT'] },
  'logging.debug': { type: 'boolean', default: false, env: ['BT_LOGGING_DEBUG'] },
  'logging.trace': { type: 'boolean', default: false, env: ['BT_LOGGING_TRACE'] },
  'logging.record_log': { type: 'boolean', default: false, env: ['BT_LOGGING_RECORD_LOG'] },
  'logging.logging_dir': {
    type: 'string',
    default: '~/.bittensor/miners',
    env: ['BT_LOGGING_LOGGING_DIR'],
  },
}

/** Where a value came from. */
type Layer = 'argument' | 'file' | 'environment' | 'default'
type Entry = { readonly value: ConfigValue; readonly layer: Layer }

/**
 * Resolved settings, by dotted name or as groups.
 * @example
 * const settings = await config()
 * settings.wallet.name // 'default'
 * settings.isSet('wallet.name') // false
 */
export class Config {
  readonly #entries: ReadonlyMap<string, Entry>

  /** @internal */
  constructor(entries: ReadonlyMap<string, Entry>) {
    this.#entries = entries
  }

  /** A setting by its name with dots, undefined when it has no value. */
  get(name: string): ConfigValue | undefined {
    return this.#entries.get(name)?.value
  }

  /** Whether the user gave it, on the command line, in the file or in the environment. */
  isSet(name: string): boolean {
    const entry = this.#entries.get(name)
    return entry !== undefined && entry.layer !== 'default'
  }

  /** All settings below a name, by what follows it: `group('axon')` → `{ port: 8091, … }`. */
  group(name: string): Readonly<Record<string, ConfigValue>> {
    const prefix = `${name}.`
    const entries = [...this.#entries].filter(([key]) => key.startsWith(prefix))
    return Object.fromEntries(entries.map(([key, { value }]) => [key.slice(prefix.length), value]))
  }

  /** For `new Wallet(…)`. */
  get wallet(): { readonly name: string; readonly hotkey: string; readonly path: string } {
    return {
      name: this.#text('wallet.name') ?? 'default',
      hotkey: this.#text('wallet.hotkey') ?? 'default',
      path: this.#text('wallet.path') ?? '~/.bittensor/wallets/',
    }
  }

  /** For `Subtensor.connect(…)`. */
  get subtensor(): { readonly network: string | undefined; readonly endpoint: string | undefined } {
    return {
      network: this.#text('subtensor.network'),
      endpoint: this.#text('subtensor.chain_endpoint'),
    }
  }

  /** For `logging.configure(…)`. */
  get logging(): {
    readonly debug: boolean
    readonly trace: boolean
    readonly recordLog: boolean
    readonly loggingDir: string | undefined
  } {
    return {
      debug: this.get('logging.debug') === true,
      trace: this.get('logging.trace') === true,
      recordLog: this.get('logging.record_log') === true,
      loggingDir: this.#text('logging.logging_dir'),
    }
  }

  /** Both together; where both have a setting, the other's counts. */
  merge(other: Config): Config {
    return new Config(new Map([...this.#entries, ...other.#entries]))
  }

  /** Groups as nested objects. */
  toJSON(): Readonly<Record<string, unknown>> {
    const root: Record<string, unknown> = {}
    for (const [name, { value }] of this.#entries) {
      const path = name.split('.')
      const last = path.pop() ?? name
      let at = root
      for (const part of path) {
        const next = at[part]
        at[part] = typeof next === 'object' && next !== null ? next : {}
        at = at[part] as Record<string, unknown>
      }
      at[last] = value
    }
    return root
  }

  /** The settings as YAML. */
  toString(): string {
    return yaml(this.toJSON(), '')
  }

  #text(name: string): string | undefined {
    const value = this.get(name)
    return value === undefined ? undefined : `${value}`
  }
}

/**
 * Reads the settings of a program: options of wallet, subtensor, axon and logging, and its own. `--config FILE` names a YAML
 * file whose keys are the names of the options.
 * @throws {BittensorError} `USAGE` for a value that does not fit its type, a file that can not be read, and with strict for
 * an unknown option
 * @example
 * const settings = await config({ options: { 'neuron.blocks_per_epoch': { type: 'number', default: 100 } } })
 * const wallet = new Wallet(settings.wallet)
 */
export async function config(options: ConfigOptions = {}): Promise<Config> {
  const known = { ...KNOWN, ...options.options }
  const env = options.env ?? environment()
  const given = commandLine(options.args ?? programArguments(), known, options.strict ?? false)
  const file = given.get('config')
  const fromFile = file === undefined ? undefined : await readYaml(String(file))
  const entries = new Map<string, Entry>()
  for (const [name, option] of Object.entries(known)) {
    const entry = find(name, option, { given, fromFile, env })
    if (entry) entries.set(name, entry)
  }
  return new Config(entries)
}

type Sources = {
  readonly given: ReadonlyMap<string, string | boolean>
  readonly fromFile: ReadonlyMap<string, string> | undefined
  readonly env: Environment
}

function find(
  name: string,
  option: ConfigOption,
  { given, fromFile, env }: Sources,
): Entry | undefined {
  const argument = given.get(name)
  if (argument !== undefined) {
    return { value: parse(name, option, argument), layer: 'argument' }
  }
  const text = fromFile?.get(sameName(name))
  if (text !== undefined) return { value: parse(name, option, text), layer: 'file' }
  const variable = option.env?.find((one) => env[one] !== undefined && env[one] !== '')
  if (variable !== undefined) {
    return { value: parse(variable, option, env[variable] ?? ''), layer: 'environment' }
  }
  return option.default === undefined ? undefined : { value: option.default, layer: 'default' }
}

function parse(name: string, { type }: ConfigOption, value: string | boolean): ConfigValue {
  if (type === 'boolean') {
    if (typeof value === 'boolean') return value
    if (/^(true|1|yes|on)$/i.test(value)) return true
    if (/^(false|0|no|off)$/i.test(value)) return false
    throw new BittensorError('USAGE', `${name} is true or false, not \`${value}\``)
  }
  if (typeof value === 'boolean') throw new BittensorError('USAGE', `${name} needs a value`)
  if (type === 'string') return value
  const number = Number(value)
  if (value.trim() !== '' && Number.isFinite(number)) return number
  throw new BittensorError('USAGE', `${name} is a number, not \`${value}\``)
}

function commandLine(
  args: readonly string[],
  known: Readonly<Record<string, ConfigOption>>,
  strict: boolean,
): ReadonlyMap<string, string | boolean> {
  const options = Object.fromEntries(
    Object.entries(known).map(([name, { type }]) => [
      name,
      { type: type === 'boolean' ? ('boolean' as const) : ('string' as const) },
    ]),
  )
  const { values } = parseArgs({
    args: [...args],
    options: { ...options, config: { type: 'string' }, strict: { type: 'boolean' } },
    strict: false,
    allowPositionals: true,
  })
  const entries = new Map(
    Object.entries(values as Readonly<Record<string, string | boolean>>).map(([name, value]) => [
      name,
      value,
    ]),
  )
  const isStrict = strict || entries.get('strict') === true
  const unknown = [...entries.keys()].find((name) => !(name in options) && !isOwn(name))
  if (isStrict && unknown !== undefined) {
    throw new BittensorError('USAGE', `unknown option --${unknown}`, {
      details: 'with --strict only known options are taken',
    })
  }
  return entries
}

function isOwn(name: string): boolean {
  return name === 'config' || name === 'strict'
}

async function readYaml(path: string): Promise<ReadonlyMap<string, string>> {
  const file: ConfigFile | undefined = await readConfigFile(absolutePath(path), {
    layer: 'file',
  })
  const texts = new Map<string, string>()
  for (const [key, { texts: found }] of file?.values ?? []) {
    texts.set(sameName(key), found.join(','))
  }
  return texts
}

/** Values here are words, numbers and truth values: text in quotes is YAML whatever it holds. */
function yaml(value: Readonly<Record<string, unknown>>, indent: string): string {
  return Object.entries(value)
    .map(([name, one]) =>
      typeof one === 'object' && one !== null
        ? `${indent}${name}:\n${yaml(one as Readonly<Record<string, unknown>>, `${indent}  `)}`
        : `${indent}${name}: ${typeof one === 'string' ? JSON.stringify(one) : one}\n`,
    )
    .join('')
}
