/** Documentation of the connected runtime, for help pages. */
import type { DocsKind } from '../core/chain/docs.js'
import type { Context } from './context.js'
import { safe } from './text.js'

/** Lines of documentation, fit for a terminal. Without any, an empty list. */
export async function docsOf(
  ctx: Context,
  kind: DocsKind,
  owner: string,
  name: string,
): Promise<readonly string[]> {
  const [{ docsIn }, metadata] = await Promise.all([
    import('../core/chain/docs.js'),
    ctx.chain().then((client) => client.metadata()),
  ])
  return docsIn(metadata, kind, owner, name).map(safe)
}
