/** The runtime that help pages of calls, storage, constants and runtime APIs tell of, and what its authors wrote. */
import { capabilitiesOf, eraOfDescription, type Runtime } from '../core/chain/description.js'
import type { DocsKind } from '../core/chain/docs.js'
import type { Capabilities, ChainEra, Hex } from '../core/chain/types.js'
import { BittensorError } from '../core/errors.js'
import type { Context } from './context.js'
import { safe } from './text.js'

/** A runtime as far as help needs it. */
export type Explained = Pick<Capabilities, 'hasRuntimeApi'> & {
  readonly runtime: Runtime
  readonly era: ChainEra
  readonly specVersion: number
  /** `spec 143 of finney`, or that it was seen before. */
  readonly source: string
  /** Its SCALE metadata, undefined where that is not kept. */
  readonly metadata: () => Promise<Hex | undefined>
}

/**
 * The runtime of the chain; where no node can be reached, the one of that chain that was seen last.
 * @throws {BittensorError} `CONNECTION`, `TIMEOUT` when none was seen either
 */
export async function runtimeToExplain(ctx: Context): Promise<Explained> {
  try {
    const client = await ctx.chain()
    const source = `spec ${client.specVersion} of ${client.network}`
    return explained(client.runtime, source, () => client.metadata())
  } catch (error) {
    const { code = '' } = error instanceof BittensorError ? error : {}
    const seen = /^(CONNECTION|TIMEOUT)$/.test(code) ? await seenLast(ctx) : undefined
    if (!seen) throw error
    return seen
  }
}

async function seenLast({ paths, settings }: Context): Promise<Explained | undefined> {
  const [{ newestCached, readCachedMetadata }, { genesisOf }, { toHex }] = await Promise.all([
    import('../core/chain/metadataCache.js'),
    import('../core/chain/networks.js'),
    import('../core/keys/hex.js'),
  ])
  // Of an endpoint it is not known which chain it is.
  const network = settings.endpoint === undefined ? (settings.network ?? 'finney') : ''
  const found = await newestCached(paths.cache, { genesisHash: genesisOf(network) })
  if (!found) return undefined
  const { genesisHash, ...runtime } = found
  const { specVersion } = runtime.version
  const source = `spec ${specVersion}, which was seen last: the chain can not be reached now`
  return explained(runtime, source, async () => {
    const bytes = await readCachedMetadata(paths.cache, genesisHash, specVersion)
    return bytes && (toHex(bytes) as Hex)
  })
}

function explained(runtime: Runtime, source: string, metadata: Explained['metadata']): Explained {
  const { hasRuntimeApi } = capabilitiesOf(() => runtime)
  const era = eraOfDescription(runtime.description)
  return { runtime, era, specVersion: runtime.version.specVersion, hasRuntimeApi, source, metadata }
}

/** Lines of documentation, fit for a terminal. Without any, an empty list. */
export async function docsOf(
  { metadata }: Explained,
  kind: DocsKind,
  owner: string,
  name: string,
): Promise<readonly string[]> {
  const [{ docsIn }, bytes] = await Promise.all([import('../core/chain/docs.js'), metadata()])
  return bytes === undefined ? [] : docsIn(bytes, kind, owner, name).map(safe)
}
