/** Help of one command, and the topics. */
import { closest } from '../core/closest.js'
import { sameName } from '../core/config.js'
import { BittensorError } from '../core/errors.js'
import type { AnyCommand, Option } from './define.js'
import { globalOptions } from './options.js'
import type { Entry } from './registry.js'
import { rootHelp } from './rootHelp.js'
import { commandGroups, laterNames, locateCommand } from './spelling.js'
import { wrap } from './text.js'

const COLUMNS = 80

/**
 * The page of a command (by any of its names) or topic; the root help without one.
 * @throws {BittensorError} `USAGE` with suggestions for an unknown topic
 */
export async function helpPage(topic: string, entries: readonly Entry[]): Promise<string> {
  if (topic.trim() === '') return rootHelp(entries)
  const word = sameName(topic.trim())
  const names = entries.map(({ name }) => name)
  const page = TOPICS[word]
  if (page) return page()
  const located = locateCommand(topic.trim().split(/\s+/), globalOptions, names)
  const entry = entries.find(({ name }) => name === located.name)
  if (entry) return commandHelp(await entry.load())
  const group = groupHelp(word, entries)
  if (group !== undefined) return group
  const near = closest(word, [...names, ...Object.keys(TOPICS)])
  throw new BittensorError('USAGE', `there is no help on \`${topic}\``, {
    hint:
      near.length > 0
        ? `did you mean ${near.map((name) => `\`btcli help ${name}\``).join(' or ')}?`
        : `see all commands: btcli help; topics: ${Object.keys(TOPICS).join(', ')}`,
  })
}

/** The page of one command: purpose, usage, its own options, examples, what to know. */
export function commandHelp(command: AnyCommand): string {
  const options = Object.values(command.options).filter(({ hidden }) => !hidden)
  const sections = [
    command.summary,
    wrap(`Usage: btcli ${command.name} ${command.usage ?? usageOf(command)}`.trim(), COLUMNS, 8),
    optionList(options),
    wordList(command),
    exampleList(command),
    command.notes === undefined ? '' : wrap(command.notes, COLUMNS),
    alsoKnownAs(command.name),
    'Common options (network, wallet folder, output): btcli help options',
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

/** What it is called by later versions; its own name is in the usage line. */
function alsoKnownAs(name: string): string {
  const names = laterNames(name).map((one) => `btcli ${one}`)
  return names.length === 0 ? '' : wrap(`Also: ${names.join(', ')}`, COLUMNS, 6)
}

/** The words of a group of later versions with the commands that they mean; undefined for no group. */
function groupHelp(typed: string, entries: readonly Entry[]): string | undefined {
  const found = commandGroups().find(({ names }) => names.includes(typed))
  if (!found) return undefined
  const { group, names, words } = found
  const lines = words.flatMap(({ word, command }) => {
    const entry = entries.find(({ name }) => name === command)
    const same = word === command ? '' : ` (btcli ${command})`
    return entry ? [entryLines(`${group} ${word}`, `${entry.summary}${same}`)] : []
  })
  const others = names.filter((name) => name !== group)
  return page(
    `The commands of \`btcli ${group}\``,
    lines.join('\n'),
    ...(others.length > 0 ? [`The group is also called ${others.join(' and ')}.`] : []),
  )
}

function usageOf(command: AnyCommand): string {
  const words = (command.positionals ?? []).map(({ name, required, many }) => {
    const text = many ? `${name}…` : name
    return required ? `<${text}>` : `[${text}]`
  })
  return [...words, '[options]'].join(' ')
}

const LEFT = 26

/** Two columns: spellings and what they do. */
function optionList(options: readonly Option<unknown>[]): string {
  return options.map((option) => entryLines(spellingsOf(option), describe(option))).join('\n')
}

function spellingsOf(option: Option<unknown>): string {
  const short = option.spellings.find((spelling) => !spelling.startsWith('--'))
  const long = `--${option.name}${option.placeholder === '' ? '' : ` ${option.placeholder}`}`
  return short === undefined ? long : `${short}, ${long}`
}

function describe(option: Option<unknown>): string {
  const fallback = option.fallback
  const shown = typeof fallback === 'string' || typeof fallback === 'number'
  const asked = option.ask !== undefined && fallback === undefined
  const note = shown ? ` (default: ${fallback})` : asked ? ' (asked for if missing)' : ''
  return /\(default|asked for if missing/.test(option.description)
    ? option.description
    : `${option.description}${note}`
}

function entryLines(left: string, right: string): string {
  const text = wrap(right, COLUMNS - LEFT).replaceAll('\n', `\n${' '.repeat(LEFT)}`)
  if (left.length + 4 > LEFT) return `  ${left}\n${' '.repeat(LEFT)}${text}`
  return `  ${left.padEnd(LEFT - 2)}${text}`
}

function wordList(command: AnyCommand): string {
  return (command.positionals ?? [])
    .map(({ name, description }) => entryLines(`<${name}>`, description))
    .join('\n')
}

function exampleList(command: AnyCommand): string {
  if (!command.examples || command.examples.length === 0) return ''
  return ['Examples:', ...command.examples.map(exampleText)].join('\n')
}

/** A command line; a long one goes on in the next line in the way of shells, before an option. */
function exampleText(example: string): string {
  const lines: string[] = []
  let line = '  btcli'
  for (const part of example.split(/ (?=-|\|)/)) {
    if (line.length + 1 + part.length + 2 > COLUMNS) {
      lines.push(`${line} \\`)
      line = `      ${part}`
    } else line = `${line} ${part}`
  }
  return [...lines, line].join('\n')
}

const TOPICS: Readonly<Record<string, () => string>> = {
  options: () =>
    page(
      'Options that every command takes',
      optionList(Object.values(globalOptions).filter(({ hidden }) => !hidden)),
      wrap(
        'Dots, dashes and underscores are equal: --wallet.name, --wallet-name and --wallet_name. A value follows after a space or `=`. The beginning of an option is enough as long as only one option begins so. Further short forms: -w wallet name, -H hotkey, -p wallet path, -n netuid, -a amount, -d destination.',
        COLUMNS,
      ),
    ),
  environment: () =>
    page(
      'Environment variables',
      [
        ...Object.values(globalOptions).flatMap((option) =>
          option.hidden
            ? []
            : option.env.map((variable) => entryLines(variable, `as --${option.name}`)),
        ),
        ...ENVIRONMENT.map(([name, text]) => entryLines(name, text)),
      ].join('\n'),
      wrap(
        'What counts first: the command line, then the environment, then the file of --config or BTCLI_CONFIG_PATH, then ~/.bittensor/config.yml, then the default.',
        COLUMNS,
      ),
    ),
  exit: () =>
    page('Exit status', EXIT.map(([status, text]) => entryLines(status, text)).join('\n')),
  formats: () => page('Output', ...FORMATS.map((text) => wrap(text, COLUMNS))),
  units: () => page('Amounts', ...UNITS.map((text) => wrap(text, COLUMNS))),
}

function page(...sections: readonly string[]): string {
  return `${sections.join('\n\n')}\n`
}

const ENVIRONMENT: readonly (readonly [string, string])[] = [
  ['BT_FALLBACK_ENDPOINTS', 'further nodes of the same chain, for when the usual one fails'],
  ['BT_ARCHIVE_ENDPOINTS', 'nodes that keep all blocks, for old ones'],
  ['HTTPS_PROXY, ALL_PROXY', 'proxy to the node, http or socks; NO_PROXY names exceptions'],
  ['BT_WALLET_PASSWORD', 'password of encrypted keys'],
  ['BT_WALLET_PASSWORD_FILE', 'file with the password; only its owner may be able to read it'],
  ['BT_PW_<PATH>', 'password of the key at this path, `/` and `.` written as `_`'],
  ['BT_COLD_PW_<NAME>', 'password of the coldkey of the wallet with this name'],
  ['BTCLI_CONFIG_PATH', 'as --config'],
  ['BTCLI_ASCII', 'set to 1: only ASCII in the output'],
  ['NO_COLOR, FORCE_COLOR', 'no colour; colour in pipes as well'],
  ['COLUMNS', 'width of the terminal where it does not tell'],
]

const EXIT: readonly (readonly [string, string])[] = [
  ['0', 'done; also if it is so already and nothing was sent, and for empty lists'],
  ['1', 'the operation failed, or some of several failed'],
  ['2', 'usage: a bad option or value, or a missing one that could not be asked for'],
  ['3', 'the chain cannot be reached, or did not answer in time'],
  ['4', 'you declined'],
  ['130', 'Ctrl-C'],
]

const FORMATS: readonly string[] = [
  'Answers go to stdout; questions, progress, warnings and errors go to stderr.',
  'Tables fit the terminal: addresses are shortened first, then columns that matter less are left out, then each record gets its own lines. --wide shows everything. In a pipe nothing is cut.',
  '--csv prints the same tables as comma-separated values: a header line, whole values, amounts in RAO and in TAO, ratios as fractions, no totals. An answer without a table is one line of its JSON data.',
  '--json_output prints one JSON document, {"ok":true,…} or {"ok":false,…}. The first has command, network, endpoint, specVersion, block, data and warnings; the second command and error, with code, message, hint and details. Amounts are strings of RAO under keys that end in Rao; what is absent is null. With JSON nothing is asked; a command that signs needs -y as well.',
  'With JSON all that register, faucet and pow say on stderr are JSON lines too, each with its event: {"event":"progress",…}, {"event":"warning","reason":…}; what other commands say there is text.',
]

const UNITS: readonly string[] = [
  '1 TAO (τ) = 1 000 000 000 RAO. Amounts are exact; nothing is rounded.',
  'Write amounts as 1.5, .5, τ1.5, 1_000.5 or 1500000000rao. Commas, exponents and signs are refused, as is a tenth decimal.',
  'Ratios such as rank and take are shares from 0 to 1. A block takes about 12 seconds; 7200 blocks are a day.',
]
