/** Weights as people type them: uids and numbers of any size. */
import type { Context } from './context.js'
import { list, option } from './define.js'
import { completeLists } from './lists.js'
import { wholeNumber } from './options.js'

export const weightOptions = {
  uids: list({
    flags: '-u, --uids <n...>',
    description: 'whom the weights are for; with --netuid 0 subnets',
    parse: parseUid,
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

/** Both lists, asked for where they are missing. @throws {BittensorError} `MISSING_INPUT` where nothing can be asked */
export function completedWeights(ctx: Context, { uids, weights }: Given): Promise<Given> {
  return completeLists(
    ctx,
    { uids: { given: uids, parse: parseUid }, weights: { given: weights, parse: parseWeight } },
    'give them on the command line, as many weights as uids',
  )
}

function parseUid(text: string): number {
  return wholeNumber(text, 0, 65_535)
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
