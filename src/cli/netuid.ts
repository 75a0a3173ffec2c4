/** Choosing a subnet: the question with the subnets that exist, and the check that one does. */
import { readNetuids, spans } from '../core/chain/subnets.js'
import { BittensorError } from '../core/errors.js'
import type { Context } from './context.js'
import type { Ask } from './define.js'
import { rememberNetuids } from './seenNetuids.js'

/** More subnets than these are too many to list one by one in a question. */
const LISTED = 16

/** `Enter netuid [0/1/3] (0)`, with the subnets of the chain. */
export async function askNetuid(ctx: Context): Promise<Ask> {
  const netuids = await readNetuids(await ctx.head())
  await rememberNetuids(ctx.paths.cache, netuids)
  return question('Enter netuid', netuids)
}

/** As {@link askNetuid} for what changes something or costs: an empty line chooses no subnet. */
export async function askNetuidToSign(ctx: Context): Promise<Ask> {
  return { message: (await askNetuid(ctx)).message }
}

/** `Enter netuid to stake in [0/1/3]`, as {@link askNetuidToSign}. */
export function askNetuidTo(purpose: string): (ctx: Context) => Promise<Ask> {
  return async (ctx) => {
    const netuids = await readNetuids(await ctx.head())
    return { message: question(`Enter netuid ${purpose}`, netuids).message }
  }
}

/** `Enter netuid [1/3] (1)`: root takes no proofs, so it is no choice. */
export async function askSubnet(ctx: Context): Promise<Ask> {
  const netuids = (await readNetuids(await ctx.head())).filter((netuid) => netuid !== 0)
  return question('Enter netuid', netuids)
}

/** @throws {BittensorError} `SUBNET_NOT_FOUND` if there is none */
function question(text: string, netuids: readonly number[]): Ask & { readonly message: string } {
  const [first] = netuids
  if (first === undefined) {
    throw new BittensorError('SUBNET_NOT_FOUND', 'there are no open networks on this chain')
  }
  const known = netuids.length > LISTED ? spans(netuids) : netuids.join('/')
  return { message: `${text} [${known}]`, default: `${first}` }
}
