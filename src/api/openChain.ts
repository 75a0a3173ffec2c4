/** Opens the chain that a network name or an endpoint means: a node, or the embedded chain for `mock`. */
import { connect } from '../core/chain/connect.js'
import { archiveOf, endpointText, resolveNetwork } from '../core/chain/networks.js'
import type { JsonRpcProvider } from '../core/chain/rpc.js'
import type { ChainClient } from '../core/chain/types.js'
import { cacheFolder, moreNodes, proxySettings } from './environment.js'

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
  /**
   * Further nodes of the same chain, for when the first cannot be reached or lags behind; those of
   * `BT_FALLBACK_ENDPOINTS` by default.
   */
  readonly fallbacks?: readonly string[] | undefined
  /** Nodes that keep all old blocks; those of `BT_ARCHIVE_ENDPOINTS`, else the known one, by default. */
  readonly archives?: readonly string[] | undefined
  /** Hears a sentence when another node is used than the one that was asked for. */
  readonly onNotice?: ((text: string) => void) | undefined
}

/**
 * Connects.
 * @throws {BittensorError} `USAGE` for an unknown network, `CONNECTION`, `TIMEOUT`, `INTERRUPTED`
 */
export async function openChain(options: ConnectOptions): Promise<ChainClient> {
  const { provider, signal, timeoutMs } = options
  const cacheDir = options.cacheDir === null ? undefined : (options.cacheDir ?? cacheFolder())
  const common = { cacheDir, signal, timeoutMs, onNotice: options.onNotice }
  if (provider) return connect({ ...common, provider, network: options.network ?? 'local' })
  const { network, endpoint } = resolveNetwork(options)
  return endpoint === undefined
    ? openEmbedded({ ...common, network }, options.localnetDir)
    : connect({ ...common, ...nodesFor(options, network), network, endpoint })
}

/** The other nodes of a network: those that stand in, and those that keep old blocks. */
function nodesFor(options: ConnectOptions, network: string) {
  const more = moreNodes()
  const proxies = proxySettings()
  const [archive, ...rest] = options.archives ?? more.archives
  const known = archive ?? archiveOf(network)
  const { cacheDir, signal, timeoutMs } = options
  return {
    fallbacks: (options.fallbacks ?? more.fallbacks).map(endpointText),
    proxies,
    archive:
      known === undefined
        ? undefined
        : () =>
            connect({
              network,
              endpoint: endpointText(known),
              fallbacks: rest.map(endpointText),
              proxies,
              cacheDir: cacheDir === null ? undefined : (cacheDir ?? cacheFolder()),
              signal,
              timeoutMs,
            }),
  }
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
