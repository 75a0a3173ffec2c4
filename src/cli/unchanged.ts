/** The answer of a command that finds what it was asked for to be so already: nothing is sent, and that is no failure. */
import type { BittensorError } from '../core/errors.js'
import { Answered } from './answered.js'

/** `data` of the JSON document. */
export type UnchangedJson = {
  readonly unchanged: true
  /** What is so already. */
  readonly reason: string
  readonly extrinsicHash: null
}

/**
 * The answer for a `DUPLICATE` of a plan.
 * @returns what is to be thrown
 */
export function unchanged(error: BittensorError): Answered<unknown> {
  return new Answered<BittensorError>(error, {
    table: ({ message, details, hint }, { style }) => {
      const more = [details, hint].flatMap((text) => (text === undefined ? [] : [`  ${text}`]))
      return [`${style.green(style.sign.ok)} Nothing to do: ${message}.`, ...more].join('\n')
    },
    json: ({ message }): UnchangedJson => ({
      unchanged: true,
      reason: message,
      extrinsicHash: null,
    }),
  }) as Answered<unknown>
}
