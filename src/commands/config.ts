/** `btcli config`: the values of options that hold for every run, and where each comes from. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { configKey, configurableOptions, optionNamed } from '../cli/commandOptions.js'
import type { Context } from '../cli/context.js'
import { defineCommand, flag, type Option, parseBoolean } from '../cli/define.js'
import { configNames } from '../cli/gather.js'
import { absolutePath, shortPath } from '../cli/paths.js'
import type { Block, Cell, View } from '../cli/table.js'
import { count } from '../cli/text.js'
import { writeFileAtomic } from '../core/atomicFile.js'
import { resolveNetwork } from '../core/chain/networks.js'
import type { Found } from '../core/config.js'
import { type ConfigChange, changeConfigText } from '../core/configEdit.js'
import { BittensorError } from '../core/errors.js'
import { checkKeyName } from '../core/wallet/names.js'

export const config = defineCommand({
  name: 'config',
  summary: 'Show or change values that hold for every run.',
  usage: '[list | get NAME | set NAME VALUE | unset NAME | path] [options]',
  options: {
    all: flag({ flags: '--all', description: 'with list: also options that have their default' }),
    origin: flag({
      flags: '--origin',
      description: 'accepted; list always tells where a value comes from',
      hidden: true,
    }),
  },
  positionals: [
    {
      name: 'action',
      description: 'list, get, set, unset, or path: which files are read',
      choices: ['list', 'get', 'set', 'unset', 'path'],
    },
    { name: 'name', description: 'an option without dashes: network, wallet_name, wallet.hotkey' },
    { name: 'value', description: 'its value; lists with commas, switches as yes or no' },
  ],
  examples: ['config', 'config set network test', 'config get wallet_name', 'config unset network'],
  notes:
    'What counts first: the command line, the environment, the file of --config or BTCLI_CONFIG_PATH, then ~/.bittensor/config.yml, which `set` writes unless another file is named. Comments and keys of other programs stay.',

  async run(ctx, values, [action = 'list', name, value]): Promise<Data> {
    const path = fileToChange(ctx)
    if (action === 'path') return { kind: 'path', path, files: ctx.config.files }
    const options = await configurableOptions(ctx)
    if (action === 'list') {
      return { kind: 'list', path, home: ctx.paths.home, rows: rowsOf(ctx, options, values.all) }
    }
    if (name === undefined) throw missing('name of the option')
    if (action === 'get') return { kind: 'get', ...effective(ctx, known(options, name)) }
    if (action === 'set' && value === undefined) throw missing(`value of ${name}`)
    const change =
      value === undefined || action === 'unset'
        ? { names: namesToUnset(options, name), value: undefined }
        : setting(known(options, name), value)
    if (action === 'set') warnOfVariable(ctx, known(options, name))
    return changeFile(path, change)
  },

  render: {
    table(data, view) {
      if (data.kind === 'path') return pathText(data)
      if (data.kind === 'list') return listing(data, view)
      if (data.kind === 'get') return data.value ?? ''
      return changeText(data, view)
    },
    json(data) {
      if (data.kind === 'list') return { path: data.path, values: data.rows }
      if (data.kind === 'path') {
        return { path: data.path, read: data.files.map(({ path, layer }) => ({ path, layer })) }
      }
      const { kind: _, ...rest } = data
      return rest
    },
  },
})

type Row = {
  readonly name: string
  readonly value: string | null
  /** `default`, or the layer. */
  readonly layer: string
  /** Variable, file or option that gives it. */
  readonly source: string | null
}
type Data =
  | { readonly kind: 'path'; readonly path: string; readonly files: Context['config']['files'] }
  | {
      readonly kind: 'list'
      readonly path: string
      readonly home: string
      readonly rows: readonly Row[]
    }
  | ({ readonly kind: 'get' } & Row)
  | Changed
type Changed = {
  readonly kind: 'change'
  readonly path: string
  readonly name: string
  readonly before: string | null
  readonly after: string | null
}

function fileToChange(ctx: Context): string {
  const named = ctx.config.files.find(({ layer }) => layer === 'file')?.path
  const variable = ctx.env['BTCLI_CONFIG_PATH']
  if (named !== undefined) return named
  return variable
    ? absolutePath(variable, ctx.paths)
    : join(ctx.paths.home, '.bittensor', 'config.yml')
}

function missing(what: string): BittensorError {
  return new BittensorError('MISSING_INPUT', `the ${what} is missing`, {
    hint: 'btcli config --help',
  })
}

function known(options: readonly Option<unknown>[], name: string): Option<unknown> {
  const { option, near } = optionNamed(options, name)
  if (option) return option
  throw new BittensorError('USAGE', `there is no option \`${name}\``, {
    hint:
      near.length > 0
        ? `did you mean ${near.map((one) => `\`${one}\``).join(' or ')}?`
        : 'btcli config list --all shows all',
  })
}

/** Anything that stands in the file can be removed from it, also what is no option of ours. */
function namesToUnset(options: readonly Option<unknown>[], name: string): readonly string[] {
  const { option } = optionNamed(options, name)
  return option ? namesInFile(option) : [name]
}

/** Who sets a value wants it to count. */
function warnOfVariable(ctx: Context, option: Option<unknown>): void {
  const { layer, source, value } = effective(ctx, option)
  if (layer === 'environment') ctx.warn(`${source} is set to ${value} and counts before the file`)
}

function setting(option: Option<unknown>, text: string): ConfigChange {
  return { names: namesInFile(option), value: checked(option, text) }
}

/** The name to write first. */
function namesInFile(option: Option<unknown>): readonly string[] {
  return [configKey(option), ...configNames(option)]
}

/** The value as the file should have it, after the option's own check. */
function checked(option: Option<unknown>, text: string): string | boolean | readonly string[] {
  try {
    if (option.kind === 'flag') return parseBoolean(text)
    if (option.kind === 'list') {
      const items = text.split(',').map((item) => item.trim())
      for (const item of items) option.parse(item)
      return items
    }
    option.parse(text)
    if (option.name === 'wallet.name') checkKeyName('wallet', text)
    if (option.name === 'subtensor.network') resolveNetwork({ network: text })
    if (option.name === 'subtensor.chain_endpoint') resolveNetwork({ endpoint: text })
    return text
  } catch (error) {
    if (!(error instanceof BittensorError || error instanceof RangeError)) throw error
    const hint = error instanceof BittensorError ? error.hint : undefined
    throw new BittensorError('USAGE', `${configKey(option)}: ${error.message}`, { hint })
  }
}

async function changeFile(path: string, change: ConfigChange): Promise<Changed> {
  const old = await textOf(path)
  const { text, before = null, after = null } = await changeConfigText(old, change)
  if (text !== old) await writeFileAtomic(path, text)
  return { kind: 'change', path, name: change.names[0] ?? '', before, after }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}

function rowsOf(ctx: Context, options: readonly Option<unknown>[], all: boolean): readonly Row[] {
  return options
    .filter(({ hidden, fallback }) => (all ? !hidden || fallback !== undefined : true))
    .map((option) => effective(ctx, option))
    .filter(({ layer }) => all || layer !== 'default')
}

function effective(ctx: Context, option: Option<unknown>): Row {
  const found = ctx.config.find(option.env, configNames(option))
  const name = configKey(option)
  if (!found) return { name, value: defaultOf(ctx, option), layer: 'default', source: null }
  return { name, value: textsOf(found), layer: found.origin.layer, source: found.origin.source }
}

function textsOf({ texts }: Found): string {
  return texts.join(',')
}

function defaultOf(ctx: Context, option: Option<unknown>): string | null {
  if (option.name === 'subtensor.network') return resolveNetwork({}).network
  if (option.name === 'wallet.path') return ctx.paths.wallets
  const { fallback } = option
  if (option.kind === 'flag') return fallback === true ? 'true' : 'false'
  return typeof fallback === 'string' || typeof fallback === 'number' ? `${fallback}` : null
}

function listing({ path, rows, home }: Extract<Data, { kind: 'list' }>, { style }: View): Block {
  return {
    columns: [{ title: 'NAME' }, { title: 'VALUE' }, { title: 'FROM' }],
    rows: rows.map(({ name, value, layer, source }) => [
      name,
      homely(value, home),
      homely(source ?? layer, home),
    ]),
    note: `${count(rows.length, 'value')} ${style.sign.dot} set more: btcli config set NAME VALUE`,
    empty: `Nothing is set; everything has its default. File: ${path}`,
  }
}

/** A path below the home folder is short for people and whole in CSV. */
function homely(text: string | null, home: string): Cell {
  return text === null ? null : { text: shortPath(text, home), exact: text }
}

function pathText({ path, files }: Extract<Data, { kind: 'path' }>): string {
  const read = new Set(files.map((file) => file.path))
  const others = [...read].filter((one) => one !== path).map((one) => `${one} (read as well)`)
  return [`${path}${read.has(path) ? '' : ' (does not exist yet)'}`, ...others].join('\n')
}

function changeText({ name, before, after, path }: Changed, { style }: View): string {
  const { ok, arrow } = style.sign
  if (before === null && after === null) return `\`${name}\` was not set in ${path}`
  const text = (value: string | null) => value ?? 'default'
  return `${style.green(ok)} ${name}: ${text(before)} ${arrow} ${text(after)}`
}
