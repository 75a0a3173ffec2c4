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
  return endpoint === undefined ? openEmbedded(common) : connect({ ...common, endpoint })
}

type Common = Omit<Parameters<typeof connect>[0], 'endpoint' | 'provider'>

async function openEmbedded(common: Common): Promise<ChainClient> {
  const { Localnet } = await import('../localnet/index.js')
  const localnet = await Localnet.start({ profile: 'classic', blocks: 'instant' })
  try {
    const client = await connect({ ...common, provider: localnet.provider() })
    const close = async () => {
      await client.close()
      await localnet.stop()
    }
    return Object.assign(Object.create(client) as ChainClient, { close })
  } catch (error) {
    await localnet.stop()
    throw error
  }
}
