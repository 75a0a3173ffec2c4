/** Log lines of miners and validators, in the form of bittensor 5.3.1. On stderr: stdout is for results. */
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { LogEvent } from '../network/log.js'
import { absolutePath, hasColours, writeError } from './environment.js'

/** What is logged and where. */
export type LoggingOptions = {
  /** Also debug lines. */
  readonly debug?: boolean | undefined
  /** Also debug and trace lines. */
  readonly trace?: boolean | undefined
  /** Also to `<loggingDir>/logs.log`, which is replaced at 25 MB; older ones are kept for ten days. */
  readonly recordLog?: boolean | undefined
  readonly loggingDir?: string | undefined
  /** Takes the lines instead of stderr. */
  readonly write?: ((line: string) => void) | undefined
  /** The time of a line. */
  readonly now?: (() => Date) | undefined
}

/** Levels of lines; trace and debug are hidden unless asked for. */
export type LoggingLevel = 'trace' | 'debug' | 'info' | 'success' | 'warning' | 'error'

const COLOURS: Readonly<Record<LoggingLevel, number>> = {
  trace: 36,
  debug: 34,
  info: 37,
  success: 32,
  warning: 33,
  error: 31,
}
const LARGEST_FILE = 25 * 1024 * 1024
const KEPT_MS = 10 * 24 * 3600 * 1000

/**
 * Writes log lines: `2023-07-01 12:00:00.000 |       INFO       | prefix                        text`.
 * @example
 * logging.configure({ debug: true })
 * logging.success('Registered', 'uid 10')
 * const axon = new Axon({ wallet, log: logging.log })
 */
export class Logging {
  #options: LoggingOptions = {}
  #isOff = false

  /** Sets what is given; the rest stays as it is. */
  configure(options: LoggingOptions): void {
    this.#options = { ...this.#options, ...options }
    if (options.recordLog) void this.#removeOld()
  }

  /** Nothing more on the console, or again; the file goes on. */
  turnConsole(on: boolean): void {
    this.#isOff = !on
  }

  trace(prefix: unknown, suffix: unknown = ''): void {
    this.#line('trace', prefix, suffix)
  }
  debug(prefix: unknown, suffix: unknown = ''): void {
    this.#line('debug', prefix, suffix)
  }
  info(prefix: unknown, suffix: unknown = ''): void {
    this.#line('info', prefix, suffix)
  }
  success(prefix: unknown, suffix: unknown = ''): void {
    this.#line('success', prefix, suffix)
  }
  warning(prefix: unknown, suffix: unknown = ''): void {
    this.#line('warning', prefix, suffix)
  }
  error(prefix: unknown, suffix: unknown = ''): void {
    this.#line('error', prefix, suffix)
  }

  /** Takes the events of an axon or dendrite: pass it as their `log`. */
  readonly log = (event: LogEvent): void => {
    const { level, event: name, ...fields } = event
    const text = Object.entries(fields)
      .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
      .join(' ')
    this.#line(level === 'warn' ? 'warning' : level, name, text)
  }

  #line(level: LoggingLevel, prefix: unknown, suffix: unknown): void {
    const { trace, debug, recordLog, write, now } = this.#options
    if (level === 'trace' && !trace) return
    if (level === 'debug' && !(trace || debug)) return
    const time = stamp(now?.() ?? new Date())
    const head = `${prefix}`.padEnd(30)
    const label = centred(level.toUpperCase(), 16)
    const plain = `${time} | ${label} | ${head}${suffix}`
    if (!this.#isOff) {
      if (write) write(plain)
      else writeError(`${hasColours() ? coloured(plain, label, level) : plain}\n`)
    }
    if (recordLog) this.#record(`${plain}\n`)
  }

  get #folder(): string {
    return absolutePath(this.#options.loggingDir ?? '~/.bittensor/miners')
  }

  /** Synchronous: the last lines before a crash are the ones that are looked for. */
  #record(line: string): void {
    const path = join(this.#folder, 'logs.log')
    mkdirSync(this.#folder, { recursive: true })
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > LARGEST_FILE) {
      const name = `logs.${new Date().toISOString().replaceAll(/[:.]/g, '-')}.log`
      renameSync(path, join(this.#folder, name))
    }
    appendFileSync(path, line)
  }

  async #removeOld(): Promise<void> {
    const names = await readdir(this.#folder).catch(() => [])
    for (const name of names.filter((one) => /^logs\..+\.log$/.test(one))) {
      const path = join(this.#folder, name)
      const found = await stat(path).catch(() => undefined)
      if (found && Date.now() - found.mtimeMs > KEPT_MS) await rm(path, { force: true })
    }
  }
}

/**
 * The log of this process.
 * @example
 * logging.info('Synced', metagraph.block)
 */
export const logging = new Logging()

/**
 * Shows debug lines too, or no longer.
 * @example
 * debug() // logging.debug(…) is shown from now on
 */
export function debug(on = true): void {
  logging.configure({ debug: on })
}

/**
 * Shows trace and debug lines too, or no longer.
 * @example
 * trace(false)
 */
export function trace(on = true): void {
  logging.configure({ trace: on })
}

/**
 * Nothing more on the console.
 * @example
 * turnConsoleOff()
 * logging.configure({ recordLog: true }) // only the file goes on
 */
export function turnConsoleOff(): void {
  logging.turnConsole(false)
}

function coloured(plain: string, label: string, level: LoggingLevel): string {
  return plain.replace(label, `\u001b[1;${COLOURS[level]}m${label}\u001b[0m`)
}

/** Local time, `2023-07-01 12:00:00.000`. */
function stamp(date: Date): string {
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 23).replace('T', ' ')
}

function centred(text: string, width: number): string {
  const left = Math.floor((width - text.length) / 2)
  return text.padStart(text.length + left).padEnd(width)
}
