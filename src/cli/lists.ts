/** Lists that a command can not do without: asked for on a terminal, else named in one error. */
import { BittensorError } from '../core/errors.js'
import type { Context } from './context.js'
import { problemOf, whyNotAsked } from './gather.js'

/** What was given of a list option, and how a word of it is read. */
export type Wanted<T> = { readonly given: readonly T[]; readonly parse: (word: string) => T }

type Lists = Readonly<Record<string, Wanted<unknown>>>
type Complete<L extends Lists> = {
  readonly [Name in keyof L]: L[Name] extends Wanted<infer T> ? readonly T[] : never
}

/**
 * The lists by the names of their options, none of them empty.
 * @throws {BittensorError} `MISSING_INPUT` naming those that are missing where nothing can be asked
 */
export async function completeLists<L extends Lists>(
  ctx: Context,
  lists: L,
  hint: string,
): Promise<Complete<L>> {
  const empty = Object.entries(lists).filter(([, { given }]) => given.length === 0)
  const missing = empty.map(([name]) => `--${name}`)
  if (missing.length > 0 && !ctx.settings.interactive) {
    const verb = missing.length === 1 ? 'is' : 'are'
    throw new BittensorError(
      'MISSING_INPUT',
      `${whyNotAsked(ctx)} and ${missing.join(' and ')} ${verb} missing`,
      { hint, data: { missing } },
    )
  }
  const complete: Record<string, readonly unknown[]> = {}
  for (const [name, { given, parse }] of Object.entries(lists)) {
    complete[name] = given.length > 0 ? given : await ask(ctx, name, parse)
  }
  return complete as Complete<L>
}

async function ask<T>(ctx: Context, name: string, parse: (word: string) => T): Promise<T[]> {
  const answer = await ctx.prompt.input({
    message: `Enter ${name}, separated by spaces (--${name})`,
    problem: (text) =>
      listed(text).length === 0
        ? 'at least one is needed'
        : problemOf(() => listed(text).map(parse)),
  })
  ctx.noteAnswer(name, listed(answer))
  return listed(answer).map(parse)
}

/** The words of an answer, between spaces or commas. */
export function listed(answer: string): string[] {
  return answer.split(/[\s,]+/).filter((word) => word !== '')
}
