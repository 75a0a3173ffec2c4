/** What went wrong, as text, as JSON and as exit status. */
import type { ErrorCode } from '../core/errors.js'
import { BittensorError } from '../core/errors.js'
import { messageOf } from './json.js'
import type { Style } from './style.js'
import { fitted, safe, wrap } from './text.js'

/** Exit status of each kind of failure; all others are 1. */
const STATUS: Readonly<Partial<Record<ErrorCode, number>>> = {
  USAGE: 2,
  MISSING_INPUT: 2,
  BAD_AMOUNT: 2,
  BAD_ADDRESS: 2,
  CONNECTION: 3,
  TIMEOUT: 3,
  DECLINED: 4,
  INTERRUPTED: 130,
}

/** The exit status for anything that was thrown. A program that ran for us passes its own on, in `data.exitStatus`. */
export function statusOf(error: unknown): number {
  if (!(error instanceof BittensorError)) return 1
  const own = error.data?.['exitStatus']
  return typeof own === 'number' ? own : (STATUS[error.code] ?? 1)
}

/** Prose is easier to read in lines that are not too long. */
const PROSE = 80

/** How much to tell. */
export type Telling = {
  readonly style: Style
  /** Columns to wrap at, 80 at most; Infinity in pipes, where lines stay whole for who searches them. */
  readonly columns: number
  readonly version: string
  /** Adds the code. */
  readonly verbose: boolean
  /** Adds the stack. */
  readonly debug: boolean
}

/** The failure for people: what, why, what next. Ends in a line break. */
export function failureText(error: unknown, telling: Telling): string {
  const { style } = telling
  if (!(error instanceof BittensorError)) return bugText(error, telling)
  const width = Math.max(20, Math.min(telling.columns, PROSE)) - 2
  const prose = (text: string) => (Number.isFinite(telling.columns) ? wrap(text, width, 2) : text)
  const isChoice = error.code === 'INTERRUPTED' || error.code === 'DECLINED'
  const first = isChoice
    ? capital(safe(error.message))
    : `${style.red('error:')} ${clean(error.message)}`
  const lines = [prose(first)]
  for (const line of clean(error.details ?? '').split('\n')) {
    if (line !== '') lines.push(`  ${prose(line)}`)
  }
  if (error.hint) {
    const indent = 'hint: '.length
    const room = Number.isFinite(telling.columns) ? width + 2 - indent : telling.columns
    const [hint = '', ...more] = fitted(clean(error.hint), room).split('\n')
    lines.push('', `${style.cyan('hint:')} ${hint}`)
    lines.push(...more.map((line) => `${' '.repeat(indent)}${line}`))
  }
  if (telling.verbose) lines.push(`code: ${error.code}`)
  if (telling.debug) lines.push(stackOf(error))
  return `${lines.join('\n')}\n`
}

function bugText(error: unknown, { style, version, debug }: Telling): string {
  const lines = [
    `${style.red('error:')} this is a bug in btcli ${version}: ${clean(messageOf(error))}`,
    '',
    debug
      ? stackOf(error)
      : `${style.cyan('hint:')} run it again with --logging.debug for the trace, and report it`,
  ]
  return `${lines.join('\n')}\n`
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  const cause = error.cause === undefined ? '' : `\ncaused by ${stackOf(error.cause)}`
  return clean(`${error.stack ?? error.message}${cause}`)
}

function clean(text: string): string {
  return text.split('\n').map(safe).join('\n')
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`
}
