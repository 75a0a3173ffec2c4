/** From an argument vector to the text of each option. */
import { CommanderError, Command as Program, Option as ProgramOption } from 'commander'
import { looksLikeAddress } from '../core/addressText.js'
import { closest } from '../core/closest.js'
import { sameName } from '../core/config.js'
import { BittensorError } from '../core/errors.js'
import type { AnyCommand, Option, Options } from './define.js'
import { globalOptions } from './options.js'
import { canonicalise, splitUndeclared, wordsOfGroup } from './spelling.js'

/** What was given on the command line, by option name. */
export type Given = {
  readonly texts: ReadonlyMap<string, readonly string[]>
  /** Spelling that was typed, by option name. */
  readonly typed: ReadonlyMap<string, string>
  /** Words that are no options. */
  readonly words: readonly string[]
  /** Options that a command takes without declaring them, by name as typed. */
  readonly extra: ReadonlyMap<string, string>
}

/** What parsing needs to know of a command. */
type Parsable = Pick<AnyCommand, 'name' | 'options' | 'positionals' | 'open'>

/** The options of a command with the shared ones; the command's own win over shared ones of the same name. */
export function allOptions(command: Pick<AnyCommand, 'options'> | undefined): Options {
  const own = command?.options ?? {}
  const names = new Set(Object.values(own).map((option) => option.name))
  const shared = Object.entries(globalOptions).filter(([, option]) => !names.has(option.name))
  // A key that no command's own option can have.
  return { ...Object.fromEntries(shared.map(([, option]) => [`--${option.name}`, option])), ...own }
}

/** Whether arguments ask for JSON, also if they are wrong in other ways: the failure is then told in JSON. */
export function asksForJson(argv: readonly string[], options: Options): boolean {
  try {
    const { tokens } = canonicalise(argv, options)
    return tokens.includes('--json_output') || tokens.includes('--output=json')
  } catch {
    const names = argv.map(sameName)
    return names.some(
      (name, i) =>
        /^__(json(_out(put)?)?|output=json)$/.test(name) ||
        (name === '__output' && names[i + 1] === 'json'),
    )
  }
}

/**
 * Reads the arguments after the command word.
 * @throws {BittensorError} `USAGE` for unknown options, missing values, too many words, options that exclude each other
 */
export function parseArguments(argv: readonly string[], command: Parsable): Given {
  const options = allOptions(command)
  const { declared, extra } = command.open
    ? splitUndeclared(argv, options)
    : { declared: argv, extra: new Map() }
  const { tokens, typed } = canonicalise(declared, options)
  const program = declare(command, options, !tokens.includes('--help'))
  try {
    program.parse([...tokens], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.code === 'commander.missingArgument') checkExtra(extra, command, options)
    throw usageError(error, command, program.args)
  }
  if (program.args.length === 0) checkExtra(extra, command, options)
  return { texts: textsOf(program.opts(), options), typed, words: program.args, extra }
}

/** A fresh parser: nothing is kept between runs. @param complete whether required words must be there; they need not for help */
function declare(
  command: Pick<AnyCommand, 'name' | 'positionals'>,
  options: Options,
  complete: boolean,
): Program {
  const program = new Program(command.name)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined, writeOut: () => undefined })
    .helpOption(false)
    .allowExcessArguments(false)
    .action(() => undefined)
  for (const { name, description, required, many, choices } of command.positionals ?? []) {
    const text = many ? `${name}...` : name
    const argument = program.createArgument(
      required && complete ? `<${text}>` : `[${text}]`,
      description,
    )
    program.addArgument(choices ? argument.choices([...choices]) : argument)
  }
  for (const option of Object.values(options)) program.addOption(declareOption(option))
  return program
}

function declareOption(option: Option<unknown>): ProgramOption {
  const suffix = { value: ' <value>', list: ' <values...>', flag: '' }[option.kind]
  const declared = new ProgramOption(`--${option.name}${suffix}`, option.description)
  if (option.conflicts.length > 0) declared.conflicts([...option.conflicts])
  return option.hidden ? declared.hideHelp() : declared
}

function textsOf(values: Record<string, unknown>, options: Options): Map<string, string[]> {
  const texts = new Map<string, string[]>()
  for (const { name } of Object.values(options)) {
    const value = values[name]
    if (value === true) texts.set(name, ['true'])
    else if (typeof value === 'string') texts.set(name, [value])
    else if (Array.isArray(value)) texts.set(name, value.map(String))
  }
  return texts
}

/** Options that the command does not have itself belong to what its first word names; without that word to nothing. */
function checkExtra(extra: ReadonlyMap<string, string>, command: Parsable, options: Options): void {
  const [undeclared] = extra.keys()
  if (undeclared !== undefined) throw unknownOption(undeclared, command, options)
}

/** An argument of something that was not named, or an option of the command itself with a slip. */
function unknownOption(name: string, command: Parsable, options: Options): BittensorError {
  const typed = `--${name}`
  const known = Object.values(options).filter(({ hidden }) => !hidden)
  const [near] = closest(
    typed,
    known.map((option) => `--${option.name}`),
  )
  const owner = command.positionals?.[0]?.name ?? 'word'
  return new BittensorError('USAGE', `unknown option \`${typed}\``, {
    details: `options that btcli ${command.name} does not have itself belong to a ${owner}, and none is named`,
    hint: near
      ? `did you mean ${near}?`
      : `btcli ${command.name} ${owner.toUpperCase()} ${typed} …; see btcli ${command.name} --help`,
  })
}

/** Commander knows one spelling of each option; people slip in the others as well: `--josn`. */
function otherSpelling(message: string, command: Parsable): string | undefined {
  const [, typed] = /^unknown option '(--[^']+)'/.exec(message) ?? []
  if (typed === undefined) return undefined
  const known = Object.values(allOptions(command)).filter(({ hidden }) => !hidden)
  return closest(
    typed,
    known.flatMap(({ spellings }) => spellings.filter((one) => one.startsWith('--'))),
  )[0]
}

const takesAddress = ({ address }: Option<unknown>) => address !== undefined

/** Commander's sentence in our form; what was typed as a value is not repeated, it may be a secret. */
function usageError(
  error: CommanderError,
  command: Parsable,
  words: readonly string[],
): BittensorError {
  const [first = '', second] = error.message.replace(/^error: /, '').split('\n')
  const suggestion =
    (second && /^\(Did you mean (?:one of )?(.+)\?\)$/.exec(second)?.[1]) ??
    otherSpelling(first, command)
  const hint = suggestion
    ? `did you mean ${suggestion}?`
    : `see the options: btcli ${command.name} --help`
  if (error.code === 'commander.excessArguments') {
    const message = `\`btcli ${command.name}\` got words that belong to no option`
    const [word = ''] = words
    const [near] = closest(sameName(word), wordsOfGroup(command.name) ?? [])
    const place = looksLikeAddress(word) && Object.values(command.options).find(takesAddress)
    const elsewhere = place ? `an address is given with --${place.name}` : hint
    const meant = near === undefined ? elsewhere : `did you mean \`btcli ${command.name} ${near}\`?`
    return new BittensorError('USAGE', message, { hint: meant })
  }
  const [, missing] = /^missing required argument '(.+)'$/.exec(first) ?? []
  if (missing !== undefined) {
    const details = command.positionals?.find(({ name }) => name === missing)?.description
    return new BittensorError('USAGE', `the ${missing} is missing`, { details, hint })
  }
  const [, wrong, choices] =
    /is invalid for argument '(.+)'\. Allowed choices are (.+)\./.exec(first) ?? []
  if (wrong !== undefined) {
    return new BittensorError('USAGE', `the ${wrong} must be one of ${choices}`, { hint })
  }
  const message = first.replace(/ <[^>]*>/g, '').replaceAll("'", '`')
  return new BittensorError('USAGE', message, { hint })
}
