/** The shared options, resolved; and what streams can show. */
import type { Env, Settings, Sink, World } from './context.js'
import type { ColorLevel } from './style.js'

/** Values of the shared options by option name. */
export type SharedValues = Readonly<Record<string, unknown>>

/** Settings from the values of the shared options. */
export function settingsOf(world: World, shared: SharedValues): Settings {
  const json = shared['json_output'] === true || shared['output'] === 'json'
  const yes = shared['no_prompt'] === true
  const quiet = shared['quiet'] === true
  const timeout = shared['timeout']
  const mock = shared['subtensor._mock'] === true
  return {
    json,
    csv: !json && (shared['csv'] === true || shared['output'] === 'csv'),
    quiet,
    verbose: shared['verbose'] === true || isDebug(shared),
    debug: isDebug(shared),
    yes,
    interactive: world.stdin.isTTY && world.stderr.isTTY && !yes && !json,
    wide: shared['wide'] === true,
    spinner:
      world.stderr.isTTY &&
      // A terminal that says nothing of its size (expect, containers) is none to turn on.
      world.stderr.columns !== 0 &&
      !quiet &&
      !json &&
      shared['no_spinner'] !== true &&
      !world.env['CI'] &&
      world.env['TERM'] !== 'dumb',
    network: mock ? 'mock' : text(shared['subtensor.network']),
    endpoint: mock ? undefined : text(shared['subtensor.chain_endpoint']),
    mockWallet: shared['wallet._mock'] === true,
    timeoutMs: typeof timeout === 'number' ? timeout * 1000 : undefined,
  }
}

function isDebug(shared: SharedValues): boolean {
  return shared['logging.debug'] === true || shared['logging.trace'] === true
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/**
 * Whether a stream gets colour. Precedence: `--no_color`, `--color`, `NO_COLOR`, `FORCE_COLOR`, then the terminal.
 */
export function colorLevel(sink: Sink, env: Env, shared: SharedValues): ColorLevel {
  if (shared['no_color'] === true || shared['color'] === 'never') return 0
  if (shared['color'] === 'always') return 1
  if (shared['json_output'] === true || shared['output'] === 'json') return 0
  if (env['NO_COLOR']) return 0
  const forced = env['FORCE_COLOR']
  if (forced !== undefined && forced !== '') return forced === '0' || forced === 'false' ? 0 : 1
  if (env['TERM'] === 'dumb') return 0
  return sink.isTTY ? 1 : 0
}

/** Whether only ASCII can be shown: the locale is not UTF-8, or `BTCLI_ASCII` is set. */
export function asciiOnly(env: Env): boolean {
  const forced = env['BTCLI_ASCII']
  if (forced !== undefined && forced !== '') return forced !== '0'
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || ''
  return !/utf-?8/i.test(locale)
}

/** Columns to fill: `--width`, the terminal, `COLUMNS`; unlimited in pipes. */
export function columnsOf(sink: Sink, env: Env, shared: SharedValues): number {
  if (typeof shared['width'] === 'number') return shared['width']
  if (!sink.isTTY) return Number.POSITIVE_INFINITY
  const columns = sink.columns ?? Number(env['COLUMNS'])
  return Number.isInteger(columns) && columns > 0 ? columns : 80
}
