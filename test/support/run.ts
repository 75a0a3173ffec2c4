/** Runs a command line in this process, as a user would in a terminal or a script would through a pipe. */
import { main } from '../../src/cli/main.js'
import type { Entry } from '../../src/cli/registry.js'
import type { Asked, WorldOptions } from './context.js'
import { testWorld } from './context.js'
import { filtered } from './filters.js'
import { checkDocuments } from './schemas.js'

/** What came out. */
export type Result = {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  readonly questions: readonly Asked[]
}

/**
 * Runs `btcli <line>` and returns what it printed. Fails on a question that `prompts` does not list, and when an answer
 * was not used.
 * @example
 * await run('list --wallet.path /tmp/x', { prompts: [['Enter wallet name', 'alice']] })
 */
export async function run(
  line: string | readonly string[],
  options: WorldOptions & {
    readonly filters?: boolean
    /** Commands to use instead of the real ones. */
    readonly entries?: readonly Entry[]
  } = {},
): Promise<Result> {
  const made = testWorld(options)
  const argv = typeof line === 'string' ? splitWords(line) : line
  const code = await main(argv, () => made.world, options.entries)
  made.verify()
  if (!options.entries) checkDocuments(made.stdout())
  checkEvents(made.stderr())
  const shown = (text: string) =>
    options.filters === false ? text : filtered(text, { home: made.world.home })
  return {
    code,
    stdout: shown(made.stdout()),
    stderr: shown(made.stderr()),
    questions: made.questions,
  }
}

/** A program that reads along has to understand every line, if it understands the first. */
function checkEvents(stderr: string): void {
  const lines = stderr.split('\n').slice(0, -1)
  if (lines.some((line) => line.startsWith('{"event":'))) eventsOf({ stderr })
}

/** The JSON lines on stderr of a run that streams. */
export function eventsOf({ stderr }: Pick<Result, 'stderr'>): { readonly event: string }[] {
  return stderr
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}

/** The JSON document of a run. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into documents of many shapes
export function documentOf(result: Pick<Result, 'stdout'>): any {
  return JSON.parse(result.stdout)
}

/** Splits a command line at spaces; single and double quotes keep words together. */
export function splitWords(line: string): string[] {
  return [...line.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, (_, double, single) => double ?? single),
  )
}
