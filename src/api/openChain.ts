/** Opens the chain that a network name or an endpoint means: a node, or the embedded chain for `mock`. */
import { connect } from '../core/chain/connect.js'
import { resolveNetwork } from '../core/chain/networks.js'
import type { JsonRpcProvider } from '../core/chain/rpc.js'
import type { ChainClient } from '../core/chain/types.js'
import { cacheFolder } from './environment.js'

/** Where to connect. */
export type ConnectOptions = {
  /** `finney` (default), `test`, `local`, `archive`, …, `mock` for a chain inside this process, or a ws:// URL. */
  readonly network?: string | undefined
  /** URL of a node, instead of the one of the network. */
  readonly endpoint?: string | undefined
  /** A chain in this process, such as `Localnet.provider()`, instead of a URL. */
  readonly provider?: JsonRpcProvider | undefined
  /**
   * Folder in which described runtimes are kept, so that the next connection needs no metadata. btcli's own by default;
   * `null` keeps nothing.
   */
  readonly cacheDir?: string | null | undefined
  /** How long opening the connection and each request may take, in milliseconds; 30 s by default. */
  readonly timeoutMs?: number | undefined
  /** Gives up opening, and later every request that waits. */
  readonly signal?: AbortSignal | undefined
  /** With `mock`: where that chain keeps its blocks; without it they end with the connection. */
  readonly localnetDir?: string | undefined
}

/**
 * Connects.
 * @throws {BittensorError} `USAGE` for an unknown network, `CONNECTION`, `TIMEOUT`, `INTERRUPTED`
 */
export async function openChain(options: ConnectOptions): Promise<ChainClient> {
  const { provider, signal, timeoutMs } = options
  const cacheDir = options.cacheDir === null ? undefined : (options.cacheDir ?? cacheFolder())
  const common = { cacheDir, signal, timeoutMs }
  if (provider) return connect({ ...common, provider, network: options.network ?? 'local' })
  const { network, endpoint } = resolveNetwork(options)
  return endpoint === undefined
    ? openEmbedded({ ...common, network }, options.localnetDir)
    : connect({ ...common, network, endpoint })
}

type Common = Omit<Parameters<typeof connect>[0], 'endpoint' | 'provider'>

/** With a directory, one program sees what another did. */
async function openEmbedded(common: Common, directory: string | undefined): Promise<ChainClient> {
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
