/** Questions for the fields of an identity, when a command that sets one names none of them. */
import type { Context } from './context.js'
import type { Option, Options, SoFar } from './define.js'

type Field = string | undefined
type Now<Key extends string> = Partial<Readonly<Record<Key, Field>>> | undefined

/** These options, each asked for with what the chain has as the answer of an empty line. */
export function askedFields<Fields extends Readonly<Record<string, Option<Field>>>>(
  fields: Fields,
  readNow: (ctx: Context, soFar: SoFar) => Promise<Now<Extract<keyof Fields, string>>>,
): Fields {
  const keys = Object.keys(fields)
  // One reading for all questions of a run.
  const readings = new WeakMap<Context, ReturnType<typeof readNow>>()
  const nowIn = (ctx: Context, soFar: SoFar) => {
    const reading = readings.get(ctx) ?? readNow(ctx, soFar)
    readings.set(ctx, reading)
    return reading
  }
  const asked = Object.entries(fields).map(([key, field]): [string, Option<Field>] => [
    key,
    {
      ...field,
      optional: true,
      async ask(ctx, soFar) {
        const now = (await nowIn(ctx, soFar))?.[key as Extract<keyof Fields, string>]
        const [first = '', ...rest] = field.description
        const message = `${first.toUpperCase()}${rest.join('')}`
        return now === undefined ? { message } : { message, default: now }
      },
      askWhen: (_soFar, _words, given) => keys.every((one) => given[one] === undefined),
    },
  ])
  return Object.fromEntries(asked satisfies [string, Options[string]][]) as Fields
}
