/** Runs the command of a command line: parse, settle values, act, show. */
import { BittensorError } from '../core/errors.js'
import { Answered } from './answered.js'
import { loadConfig, warnOfUnknownKeys } from './configFiles.js'
import type { Context, World } from './context.js'
import type { Run } from './createContext.js'
import { createRun } from './createContext.js'
import type { AnyCommand, Options } from './define.js'
import { statusOf } from './failure.js'
import { complete, resolve } from './gather.js'
import { helpPage } from './help.js'
import type { ChainFacts, Document } from './json.js'
import { errorFields, jsonText } from './json.js'
import { globalOptions } from './options.js'
import type { Given } from './parse.js'
import { allOptions, asksForJson, parseArguments } from './parse.js'
import type { Entry } from './registry.js'
import { rootHelp } from './rootHelp.js'
import { asciiOnly } from './settings.js'
import { commandNamed, locateCommand, unknownCommand, wordsOfGroup } from './spelling.js'
import { plainStyle, toAscii } from './style.js'
import { listed, renderBlocks } from './table.js'

/** What is known so far of a run, for telling how it failed. */
export type RunState = {
  command: string | null
  json: boolean
  /** Values of the shared options by name. */
  shared: Readonly<Record<string, unknown>>
  /** Fields of the JSON document about the chain. */
  facts?: () => ChainFacts
}

/** One run: its surroundings, what is known of it so far, and the commands there are. */
type Line = {
  readonly world: World
  readonly state: RunState
  readonly entries: readonly Entry[]
}

/** Finds the command of a command line and runs it. @returns the exit status */
export async function runLine(argv: readonly string[], line: Line): Promise<number> {
  const { world, state, entries } = line
  const names = entries.map(({ name }) => name)
  state.json = asksForJson(argv, globalOptions)
  const located = locateCommand(argv, globalOptions, names)
  const entry = entries.find(({ name }) => name === located.name)
  if (!entry) {
    if (located.typed !== undefined) {
      const wantsHelp = located.rest.some((word) => word === '--help' || word === '-h')
      const isBare = located.rest.length === 0
      if (!(wantsHelp || isBare) || !wordsOfGroup(located.typed)) {
        throw unknownCommand(located, names)
      }
      showPage(await helpPage(located.typed, entries), world)
      return 0
    }
    parseArguments(argv, { name: 'help', options: {} })
    showPage(rootHelp(entries), world)
    return 0
  }
  state.command = entry.name
  const command = await entry.load()
  state.json = asksForJson(located.rest, allOptions(command))
  const given = parseArguments(located.rest, command)
  if (!given.texts.has('help')) return runParsed(command, given, line)
  if (command.explain && given.words.length > 0) return runParsed(explained(command), given, line)
  showPage(await helpPage(entry.name, entries), world)
  return 0
}

/** The command as one that only tells what the typed words stand for. */
function explained(command: AnyCommand): AnyCommand {
  const { explain } = command
  return {
    ...command,
    options: {},
    run: async (ctx, _, words) => explain?.(ctx, words),
    render: { table: (text: string) => text, json: (help: string) => ({ help }) },
  }
}

function showPage(text: string, world: World): void {
  world.stdout.write(asciiOnly(world.env) ? toAscii(text) : text)
}

async function runParsed(command: AnyCommand, given: Given, line: Line): Promise<number> {
  const { world, state, entries } = line
  const options = allOptions(command)
  const config = await loadConfig(given.texts, world)
  const resolved = await resolve(options, given, config, world.home)
  state.shared = sharedValues(options, resolved.values, world)
  state.json = state.shared['json_output'] === true || state.shared['output'] === 'json'
  const origins = new Map(resolved.origins)
  let answers: readonly string[] = []
  const run: Run = await createRun(world, {
    command: command.name,
    shared: state.shared,
    config,
    origins,
    streams: command.streams,
    print: (data) => show(command, data, run, undefined),
    catalog: catalogOf(entries),
    commandLine: () => commandLine(command, given, answers),
    noteAnswer(option, words) {
      answers = [...answers, `--${option}`, ...words]
    },
    cancelled: () => interruption(command, run),
  })
  state.facts = () => chainFacts(run)
  try {
    await warnOfUnknownKeys(config, options, { ctx: run.ctx, entries })
    const interruptibly = <T>(work: () => Promise<T>) =>
      interruptible(() => interruption(command, run), run.ctx.signal, work)
    // A question may have to ask the chain first.
    const full = await interruptibly(() =>
      complete(run.ctx, command.options, resolved, given.words),
    )
    for (const [name, origin] of full.origins) origins.set(name, origin)
    answers = full.answers
    const once = (ctx: Context) => command.run(ctx, full.values as never, given.words, given.extra)
    const seconds = state.shared['watch']
    if (typeof seconds === 'number') {
      const { watch } = await import('./watch.js')
      return await watch({ command, run, world, shared: state.shared, seconds, once })
    }
    const data = await interruptibly(() => once(run.ctx)).catch((error: unknown) => {
      if (error instanceof Answered) return error
      throw error
    })
    const status = data === undefined ? 0 : await finish(...answerOf(command, data), run)
    // Never wrapped: it is there to be copied.
    if (answers.length > 0 && !run.ctx.settings.quiet && !hasOption(command, /^overwrite_/)) {
      run.ctx.stderr.line(`again: ${run.ctx.commandLine()}`)
    }
    return status
  } finally {
    await run.close()
  }
}

/** What a command can ask about all of them. */
function catalogOf(entries: readonly Entry[]): Parameters<typeof createRun>[1]['catalog'] {
  const names = entries.map(({ name }) => name)
  return {
    help: (topic = '') => helpPage(topic, entries),
    commands: () => Promise.all(entries.map((one) => one.load())),
    commandNamed: (words) => commandNamed(words, names),
  }
}

/** What a command answers, or what it was answered instead. */
function answerOf(command: AnyCommand, data: unknown): [command: AnyCommand, data: unknown] {
  if (!(data instanceof Answered)) return [command, data]
  const { problem: _, ...rest } = command
  return [{ ...rest, render: data.render as AnyCommand['render'] }, data.data]
}

/** By the names of the options. What is watched through a pipe is read by a program. */
function sharedValues(
  options: Options,
  values: Readonly<Record<string, unknown>>,
  { stdout }: World,
): Readonly<Record<string, unknown>> {
  const entries = Object.entries(options).map(([key, { name }]) => [name, values[key]] as const)
  const shared = Object.fromEntries(entries)
  const isPiped = typeof shared['watch'] === 'number' && !stdout.isTTY
  return isPiped ? { ...shared, json_output: true } : shared
}

/** Shows the answer; when it holds failures, the status says so and people read the summary last. */
async function finish(command: AnyCommand, data: unknown, run: Run): Promise<number> {
  const problem = command.problem?.(data as never)
  await show(command, data, run, problem)
  if (!problem) return 0
  if (!run.ctx.settings.json) throw problem
  return statusOf(problem)
}

async function show(
  command: AnyCommand,
  data: unknown,
  run: Run,
  problem: BittensorError | undefined,
): Promise<void> {
  const { ctx } = run
  if (ctx.settings.csv) {
    ctx.stdout.raw(await csvAnswer(command, data))
    return
  }
  if (!ctx.settings.json) {
    const blocks = command.render.table(data as never, ctx.view)
    ctx.stdout.write(await renderBlocks(blocks, ctx.view))
    return
  }
  const { warnings } = run.facts()
  const facts = chainFacts(run)
  const answer = { data: command.render.json(data as never), warnings }
  const document: Document<unknown> = problem
    ? { ok: false, command: command.name, ...facts, error: errorFields(problem), ...answer }
    : { ok: true, command: command.name, ...facts, ...answer }
  ctx.stdout.raw(jsonText(document))
}

/** Without a width nothing is cut, without colour nothing is between the commas. */
async function csvAnswer({ render }: AnyCommand, data: unknown): Promise<string> {
  const { csvOf } = await import('./csv.js')
  const view = { style: plainStyle(), width: Number.POSITIVE_INFINITY, wide: true }
  const table = render.csv?.(data as never) ?? render.table(data as never, view)
  return csvOf(listed(table), render.json(data as never))
}

function chainFacts(run: Run): ChainFacts {
  const { network, endpoint, specVersion, block } = run.facts()
  return { network, endpoint, specVersion, block }
}

/** How long a command may take to end in its own way after Ctrl-C. */
const GRACE_MS = 800

/** Ends soon after Ctrl-C even if the work does not; what was already sent is named. */
async function interruptible<T>(
  interruption: () => BittensorError,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  let abort: (() => void) | undefined
  const interrupted = new Promise<never>((_, reject) => {
    abort = () => {
      timer = setTimeout(() => reject(interruption()), GRACE_MS)
    }
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
  })
  try {
    return await Promise.race([work(), interrupted])
  } catch (error) {
    if (!signal.aborted || (error instanceof BittensorError && !isBare(error))) throw error
    throw interruption()
  } finally {
    clearTimeout(timer)
    if (abort) signal.removeEventListener('abort', abort)
  }
}

/** An interruption that does not say what came of it. */
function isBare({ code, details, data }: BittensorError): boolean {
  return code === 'INTERRUPTED' && details === undefined && data === undefined
}

/** What the run has done so far when it is interrupted. */
function interruption(command: AnyCommand, run: Run): BittensorError {
  const sent = run.sent()
  if (sent === undefined) {
    const sends = Object.values(command.options).some(({ name }) => name === 'dry_run')
    const prevented = command.writesKeys ? 'written' : 'sent'
    const what = sends || command.writesKeys ? `, nothing was ${prevented}` : ''
    return new BittensorError('INTERRUPTED', `cancelled${what}`)
  }
  return new BittensorError('INTERRUPTED', `interrupted after ${sent} was sent`, {
    details: 'it may still be included in a block',
    data: { hash: sent },
  })
}

/**
 * The same run, ready to copy; without `-y` where it signs, so that a payment that is pasted is shown and asked for.
 * Secrets are never part of it.
 */
function commandLine(command: AnyCommand, given: Given, answers: readonly string[]): string {
  const typed = Object.values(allOptions(command)).flatMap((option) => {
    const texts = given.texts.get(option.name)
    if (!texts || LEFT_OUT.includes(option.name)) return []
    if (option.kind === 'flag') return [`--${option.name}`]
    if (texts.length === 1 && texts[0] === option.bare) return [`--${option.name}`]
    return [`--${option.name}`, ...(option.secret ? ['...'] : texts)]
  })
  const extra = [...given.extra].flatMap(([name, text]) => [`--${name}`, text])
  const yes = hasOption(command, /^dry_run$/) ? [] : ['-y']
  const words = ['btcli', command.name, ...given.words, ...extra, ...typed, ...answers, ...yes]
  return words.map(shellWord).join(' ')
}

/** `dry_run` is an option of what signs, `overwrite_…` one of what makes keys, which nobody wants to do again. */
function hasOption({ options }: AnyCommand, name: RegExp): boolean {
  return Object.values(options).some((option) => name.test(option.name))
}

const LEFT_OUT: readonly string[] = ['dry_run', 'no_prompt', 'json_output', 'output']

function shellWord(text: string): string {
  return /^[\w.,:/@%+=~-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
