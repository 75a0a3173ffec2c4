/** Opens the chain that the settings name: a node, or the embedded chain for `mock`. Loaded at the first `ctx.chain()`. */
import { connect } from '../core/chain/connect.js'
import { resolveNetwork } from '../core/chain/networks.js'
import type { ChainClient } from '../core/chain/types.js'
import type { ChainRequest } from './context.js'

/**
 * Connects.
 * @throws {BittensorError} `USAGE` for an unknown network, `CONNECTION`, `TIMEOUT`
 */
export async function openChain(request: ChainRequest): Promise<ChainClient> {
  const { network, endpoint } = resolveNetwork(request)
  const common = {
    network,
    cacheDir: request.cacheDir,
    signal: request.signal,
    ...(request.timeoutMs === undefined ? {} : { timeoutMs: request.timeoutMs }),
  }
  return endpoint === undefined
    ? openEmbedded(common, request.localnetDir)
    : connect({ ...common, endpoint })
}

type Common = Omit<Parameters<typeof connect>[0], 'endpoint' | 'provider'>

/** The embedded chain keeps its state in the user's folder, so that one command sees what another did. */
async function openEmbedded(common: Common, directory: string): Promise<ChainClient> {
  const { openMock } = await import('../localnet/index.js')
  const mock = await openMock({ directory })
  try {
    const { endpoint, provider } = mock
    const client = await connect({
      ...common,
      ...(provider ? { provider } : {}),
      ...(endpoint === undefined ? {} : { endpoint }),
    })
    return closingWith(client, () => mock.close())
  } catch (error) {
    await mock.close()
    throw error
  }
}

/** The same client, whose closing also ends what it was opened on. */
function closingWith(client: ChainClient, end: () => Promise<void>): ChainClient {
  const close = client.close.bind(client)
  return Object.assign(client, { close: () => close().finally(end) })
}
