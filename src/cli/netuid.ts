/** Choosing a subnet: the question with the subnets that exist, and the check that one does. */
import { readNetuids, subnetExists, subnetNotFound } from '../core/chain/subnets.js'
import type { ChainView } from '../core/chain/types.js'
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

/** @throws {BittensorError} `SUBNET_NOT_FOUND`, naming the subnets that exist */
export async function existingSubnet(view: ChainView, netuid: number): Promise<void> {
  if (!(await subnetExists(view, netuid))) throw await subnetNotFound(view, netuid)
}
