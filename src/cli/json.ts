/** JSON as the command line prints it: one line, amounts as decimal strings, absent values null. */
import { BittensorError } from '../core/errors.js'

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

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** The failure document. `facts` about the chain stand before the error. */
export function failureJson(
  command: string | null,
  error: unknown,
  facts: Readonly<Record<string, unknown>> = {},
): string {
  return jsonText({ ok: false, command, ...facts, error: errorFields(error) })
}

/** `{ code, message, hint, details }` of any error; `details.reason` is the sentence why. */
export function errorFields(error: unknown): Readonly<Record<string, unknown>> {
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
