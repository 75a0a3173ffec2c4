/** `--at`: the block that a read is about. */
import type { ChainView, Hex } from '../core/chain/types.js'
import type { Context } from './context.js'
import { option } from './define.js'

export const at = option({
  flags: '--at, --block <number|hash>',
  description: 'read the chain as it was at this block (default: the newest)',
  parse: parseBlock,
})

function parseBlock(text: string): number | Hex {
  if (/^0x[0-9a-f]{64}$/i.test(text)) return text.toLowerCase() as Hex
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new RangeError('must be a block number or 0x and 64 hex digits')
}

/** The chain at the block that was asked for. */
export async function viewAt(ctx: Context, block: number | Hex | undefined): Promise<ChainView> {
  if (block === undefined) return ctx.head()
  const view = await (await ctx.chain()).at(block)
  ctx.atBlock(view.block.number)
  return view
}
