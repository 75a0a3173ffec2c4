/** The page of every command in docs/commands, from what the commands declare. */
import type { AnyCommand, Option } from '../../src/cli/define.js'
import { globalOptions } from '../../src/cli/options.js'
import { registry } from '../../src/cli/registry.js'
import { commandGroups, laterNames } from '../../src/cli/spelling.js'

/** File names in docs/commands and their content. */
export async function pageFiles(): Promise<ReadonlyMap<string, string>> {
  const commands = await Promise.all(registry.map(({ load }) => load()))
  return new Map([
    ['README.md', index()],
    ...commands.map((command) => [`${command.name}.md`, page(command)] as const),
  ])
}

function index(): string {
  const rows = (group: string) =>
    registry
      .filter((entry) => entry.group === group)
      .map(({ name, summary }) => [`[${name}](${name}.md)`, summary, code(laterNames(name))])
  const head = ['command', 'what it does', 'in later versions']
  const groups = commandGroups().flatMap(({ names, words }) =>
    words
      .filter(({ command }) => registry.some(({ name }) => name === command))
      .map(({ word, command }) => [
        code(names.map((name) => `${name} ${word}`)),
        `[${command}](${command}.md)`,
      ]),
  )
  return text([
    '# Commands',
    NOTE,
    'The names are those of bittensor 5.3.1. Dashes and underscores are equal everywhere.',
    '## Commands of bittensor 5.3.1',
    table(head, rows('commands')),
    '## Tools',
    table(head, rows('tools')),
    '## Names of later versions',
    table(['typed', 'means'], groups),
    '## Options of every command',
    optionTable(Object.values(globalOptions)),
  ])
}

const NOTE = '<!-- Written by `npm run docs`; a test compares it with the code. -->'

function page(command: AnyCommand): string {
  const { name, summary, notes, positionals = [], examples = [] } = command
  const options = Object.values(command.options)
  const later = laterNames(name)
  const words = positionals.map((word) => {
    const choices = word.choices ? ` (${word.choices.join(', ')})` : ''
    return [`\`${word.name}\`${word.required ? '' : ', optional'}`, `${word.description}${choices}`]
  })
  return text([
    `# btcli ${name}`,
    NOTE,
    summary,
    fenced([`btcli ${name} ${command.usage ?? usage(command)}`.trim()]),
    ...(later.length > 0 ? [`Also: ${code(later.map((one) => `btcli ${one}`))}`] : []),
    ...(words.length > 0 ? ['## Words', table(['word', 'what it is'], words)] : []),
    ...(options.some(({ hidden }) => !hidden) ? ['## Options', optionTable(options)] : []),
    `The options of every command: [README.md](README.md#options-of-every-command).`,
    ...(examples.length > 0
      ? ['## Examples', fenced(examples.map((example) => `btcli ${example}`))]
      : []),
    ...(notes === undefined ? [] : [notes]),
    `With \`--json_output\` the answer is described by [${name}.json](../schemas/${name}.json).`,
  ])
}

function usage({ positionals = [] }: AnyCommand): string {
  return [
    ...positionals.map(({ name, required }) => (required ? `<${name}>` : `[${name}]`)),
    '[options]',
  ].join(' ')
}

function optionTable(options: readonly Option<unknown>[]): string {
  const rows = options
    .filter(({ hidden }) => !hidden)
    .map((option) => {
      const { spellings, placeholder, description, env } = option
      const typed = `${spellings.map((one) => `\`${one}\``).join(' ')} ${placeholder}`.trim()
      return [typed, `${description}${standard(option)}`, code(env)]
    })
  return table(['option', 'what it does', 'variable'], rows)
}

function standard({ fallback, description }: Option<unknown>): string {
  const isShown = typeof fallback === 'string' || typeof fallback === 'number'
  return isShown && !description.includes('(default') ? ` (default: ${fallback})` : ''
}

function code(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ')
}

function fenced(lines: readonly string[]): string {
  return ['```', ...lines, '```'].join('\n')
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cell = (value: string) => value.replace(/[|<>]/g, (sign) => `\\${sign}`)
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n')
}

function text(parts: readonly string[]): string {
  return `${parts.join('\n\n')}\n`
}
