/** From an argument vector to an exit status: the only place that catches everything. */

import { VERSION } from '../core/version.js'
import type { World } from './context.js'
import { failureText, statusOf } from './failure.js'
import { failureJson } from './json.js'
import type { Entry } from './registry.js'
import { registry } from './registry.js'
import type { RunState } from './runCommand.js'
import { asciiOnly, colorLevel, columnsOf } from './settings.js'
import { createStyle, toAscii } from './style.js'

/**
 * Runs one command line.
 * @param argv words after `btcli`
 * @param createWorld streams, questions, time and chain to use; those of the process by default
 * @param entries the commands there are
 * @returns the exit status: 0 done, 1 failed, 2 usage, 3 no connection, 4 declined, 130 Ctrl-C
 * @example
 * process.exitCode = await main(process.argv.slice(2))
 */
export async function main(
  argv: readonly string[],
  createWorld: () => World | Promise<World> = worldOfThisProcess,
  entries: readonly Entry[] = registry,
): Promise<number> {
  const world = await createWorld()
  const state: RunState = { command: null, json: false, shared: {} }
  try {
    if (await answeredAtOnce(argv, world, entries)) return 0
    const { runLine } = await import('./runCommand.js')
    return await runLine(argv, { world, state, entries })
  } catch (error) {
    await tell(error, world, state)
    return statusOf(error)
  }
}

async function worldOfThisProcess(): Promise<World> {
  return (await import('./processContext.js')).processWorld()
}

/** `btcli`, `btcli --help`, `btcli help`, `btcli --version`, and a shell's TAB: answered without a parser. */
async function answeredAtOnce(
  argv: readonly string[],
  world: World,
  entries: readonly Entry[],
): Promise<boolean> {
  if (argv[0] === '__complete') {
    const { completionText } = await import('./complete.js')
    world.stdout.write(await completionText(argv.slice(1), { entries, world }))
    return true
  }
  if (argv.length > 1) return false
  const word = argv[0] ?? '--help'
  if (/^(-h|--help|help)$/.test(word)) {
    const { rootHelp } = await import('./rootHelp.js')
    print(rootHelp(entries), world)
    return true
  }
  if (/^(-V|--version)$/.test(word)) {
    print(`${VERSION}\n`, world)
    return true
  }
  return false
}

function print(text: string, world: World): void {
  world.stdout.write(asciiOnly(world.env) ? toAscii(text) : text)
}

/** A failure: with JSON the one document on stdout, otherwise text on stderr. */
async function tell(error: unknown, world: World, state: RunState): Promise<void> {
  if (state.json) {
    world.stdout.write(failureJson(state.command, error, state.facts?.()))
    return
  }
  const ascii = asciiOnly(world.env)
  const style = await createStyle(colorLevel(world.stderr, world.env, state.shared), ascii)
  const debug = state.shared['logging.debug'] === true || state.shared['logging.trace'] === true
  const verbose = debug || state.shared['verbose'] === true
  const columns = columnsOf(world.stderr, world.env, state.shared)
  const text = failureText(error, { style, columns, version: VERSION, verbose, debug })
  world.stderr.write(ascii ? toAscii(text) : text)
}
