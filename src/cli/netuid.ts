/** Choosing a subnet: the question with the subnets that exist, and the check that one does. */
import { readNetuids } from '../core/chain/subnets.js'
import { BittensorError } from '../core/errors.js'
import type { Context } from './context.js'
import type { Ask } from './define.js'
import { rememberNetuids } from './seenNetuids.js'

/** `Enter netuid [0/1/3] (0)`, with the subnets of the chain. */
export async function askNetuid(ctx: Context): Promise<Ask> {
  const netuids = await readNetuids(await ctx.head())
  await rememberNetuids(ctx.paths.cache, netuids)
  const [first] = netuids
  if (first === undefined) {
    throw new BittensorError('SUBNET_NOT_FOUND', 'there are no open networks on this chain')
  }
  return { message: `Enter netuid [${netuids.join('/')}]`, default: `${first}` }
}

/** As {@link askNetuid} for what changes something or costs: an empty line chooses no subnet. */
export async function askNetuidToSign(ctx: Context): Promise<Ask> {
  return { message: (await askNetuid(ctx)).message }
}

/** `Enter netuid [1/3] (1)`: root takes no proofs, so it is no choice. */
export async function askSubnet(ctx: Context): Promise<Ask> {
  const netuids = (await readNetuids(await ctx.head())).filter((netuid) => netuid !== 0)
  const [first] = netuids
  if (first === undefined) {
    throw new BittensorError('SUBNET_NOT_FOUND', 'there are no open networks on this chain')
  }
  return { message: `Enter netuid [${netuids.join('/')}]`, default: `${first}` }
}
