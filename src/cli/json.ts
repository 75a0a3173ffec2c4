/** JSON as the command line prints it: one line, amounts as decimal strings, absent values null. */
import { BittensorError, type ErrorCode } from '../core/errors.js'

/** What `--json` prints: docs/schemas is made from this type and those of the commands' data. */
export type Document<Data> = Done<Data> | Partly<Data> | Failed

/** The chain that was asked; null where none was. */
export type ChainFacts = {
  readonly network: string | null
  readonly endpoint: string | null
  readonly specVersion: number | null
  /** Number of the block that the data is from. */
  readonly block: number | null
}

type Done<Data> = ChainFacts & {
  readonly ok: true
  readonly command: string
  readonly data: Data
  readonly warnings: readonly string[]
}

/** Some of several operations failed: `data` tells which. */
type Partly<Data> = ChainFacts & {
  readonly ok: false
  readonly command: string
  readonly error: ErrorFields
  readonly data: Data
  readonly warnings: readonly string[]
}

/** What was asked could not be done; the chain's facts are there as far as they were known. */
type Failed = Partial<ChainFacts> & {
  readonly ok: false
  readonly command: string | null
  readonly error: ErrorFields
}

/** An error for programs. */
export type ErrorFields = {
  readonly code: ErrorCode
  readonly message: string
  /** What to do next. */
  readonly hint: string | null
  /** `reason`, a sentence, and what this code tells besides. */
  readonly details: { readonly reason?: string; readonly [field: string]: unknown }
}

/**
 * One document on one line. Bigints become decimal strings; undefined in objects becomes null; no character can end
 * the line or steer a terminal.
 * @example
 * jsonText({ freeRao: 15n, name: undefined }) // '{"freeRao":"15","name":null}\n'
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner === 'bigint') return inner.toString()
    return inner === undefined ? null : inner
  })
  return `${text.replace(/[\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g, escaped)}\n`
}

/** What a command that streams tells meanwhile: one JSON line for stderr. */
export function eventText(event: string, fields: object): string {
  return jsonText({ event, ...fields })
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** The failure document. `facts` about the chain stand before the error. */
export function failureJson(
  command: string | null,
  error: unknown,
  facts: Partial<ChainFacts> = {},
): string {
  const document: Failed = { ok: false, command, ...facts, error: errorFields(error) }
  return jsonText(document)
}

/** `{ code, message, hint, details }` of any error; `details.reason` is the sentence why. */
export function errorFields(error: unknown): ErrorFields {
  if (!(error instanceof BittensorError)) {
    return { code: 'INTERNAL', message: messageOf(error), hint: null, details: {} }
  }
  return {
    code: error.code,
    message: error.message,
    hint: error.hint ?? null,
    details: { ...(error.details ? { reason: error.details } : {}), ...error.data },
  }
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
