/** Weights as people type them: uids and numbers of any size. */
import { BittensorError } from '../core/errors.js'
import type { Context } from './context.js'
import { list, option } from './define.js'
import { whyNotAsked } from './gather.js'
import { wholeNumber } from './options.js'

export const weightOptions = {
  uids: list({
    flags: '-u, --uids <n...>',
    description: 'whom the weights are for; with --netuid 0 subnets',
    parse: (text) => wholeNumber(text, 0, 65_535),
  }),
  weights: list({
    flags: '--weights <w...>',
    description: 'one per uid, of any size: the largest becomes 65535',
    parse: parseWeight,
  }),
  versionKey: option({
    flags: '--version_key <n>',
    description:
      'version of the rules by which the weights were made (default: that of the subnet)',
    parse: parseKey,
  }),
}

type Given = { readonly uids: readonly number[]; readonly weights: readonly number[] }

/** Lists are not asked for by themselves. @throws {BittensorError} `MISSING_INPUT` naming those that are missing */
export async function completedWeights(ctx: Context, { uids, weights }: Given): Promise<Given> {
  const missing = [
    ...(uids.length === 0 ? ['--uids'] : []),
    ...(weights.length === 0 ? ['--weights'] : []),
  ]
  if (missing.length > 0 && !ctx.settings.interactive) {
    const verb = missing.length === 1 ? 'is' : 'are'
    throw new BittensorError(
      'MISSING_INPUT',
      `${whyNotAsked(ctx)} and ${missing.join(' and ')} ${verb} missing`,
      {
        hint: 'give them on the command line, as many weights as uids',
        data: { missing },
      },
    )
  }
  return {
    uids: uids.length > 0 ? uids : await ask(ctx, 'uids', (word) => wholeNumber(word, 0, 65_535)),
    weights: weights.length > 0 ? weights : await ask(ctx, 'weights', parseWeight),
  }
}

async function ask(ctx: Context, name: string, parse: (word: string) => number): Promise<number[]> {
  const words = (text: string) => text.split(/[\s,]+/).filter((word) => word !== '')
  const answer = await ctx.prompt.input({
    message: `Enter ${name}, separated by spaces (--${name})`,
    problem(text) {
      try {
        return words(text).map(parse).length === 0 ? 'at least one is needed' : undefined
      } catch (error) {
        return error instanceof Error ? error.message : undefined
      }
    },
  })
  return words(answer).map(parse)
}

function parseWeight(text: string): number {
  if (!/^(\d+\.?\d*|\.\d+)$/.test(text))
    throw new RangeError('a weight is a number from 0 on, as 0.25')
  return Number(text)
}

function parseKey(text: string): bigint {
  if (!/^\d{1,20}$/.test(text) || BigInt(text) >= 1n << 64n)
    throw new RangeError('must be a whole number')
  return BigInt(text)
}
