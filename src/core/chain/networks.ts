/** Names of networks, their endpoints, and what users may write instead of a name. */
import { BittensorError } from '../errors.js'

/** Where to connect. Without an endpoint it is `mock`, the embedded chain. */
export type ResolvedNetwork = {
  /** Label for previews and JSON: a known name, or the endpoint's host. */
  readonly network: string
  readonly endpoint: string | undefined
  /** Whether money on it is worth something; `unknown` for endpoints that are not in the list. */
  readonly value: 'real' | 'worthless' | 'unknown'
}

type Known = { readonly endpoint: string | undefined; readonly value: 'real' | 'worthless' }

// Endpoints as bittensor 5.3.1 and bittensor-cli 9.x name them.
const KNOWN: Readonly<Record<string, Known>> = {
  finney: { endpoint: 'wss://entrypoint-finney.opentensor.ai:443', value: 'real' },
  test: { endpoint: 'wss://test.finney.opentensor.ai:443', value: 'worthless' },
  local: { endpoint: 'ws://127.0.0.1:9944', value: 'worthless' },
  archive: { endpoint: 'wss://archive.chain.opentensor.ai:443', value: 'real' },
  dev: { endpoint: 'wss://dev.chain.opentensor.ai:443', value: 'worthless' },
  'latent-lite': { endpoint: 'wss://lite.sub.latent.to:443', value: 'real' },
  mock: { endpoint: undefined, value: 'worthless' },
}

const FINNEY_GENESIS = '0x2f0555cc76fc2840a25a6ea3b9637146806f1f44b090c175ffde2a7e5ab36c03'
const TEST_GENESIS = '0x8f9cf856bf558a14440e75569c9e58594757048d7b3a84b5d25f6bd978263105'

/** Which chain a network name promises; `local`, `dev` and `mock` may be any chain. */
const GENESIS: Readonly<Record<string, string>> = {
  finney: FINNEY_GENESIS,
  archive: FINNEY_GENESIS,
  'latent-lite': FINNEY_GENESIS,
  test: TEST_GENESIS,
}

/** The genesis block of a known network, undefined where a name may be any chain. */
export function genesisOf(network: string): string | undefined {
  return Object.hasOwn(GENESIS, network) ? GENESIS[network] : undefined
}

/** Where old blocks of a chain are kept, if that is known. */
export function archiveOf(network: string): string | undefined {
  return genesisOf(network) === FINNEY_GENESIS && network !== 'archive'
    ? KNOWN['archive']?.endpoint
    : undefined
}

/** What people call the chain of a genesis block, undefined for one that is not known. */
export function networkOfGenesis(genesisHash: string): 'finney' | 'test' | undefined {
  if (genesisHash === FINNEY_GENESIS) return 'finney'
  return genesisHash === TEST_GENESIS ? 'test' : undefined
}

const DEAD: Readonly<Record<string, string>> = {
  nobunaga: 'the nobunaga network was shut down in 2023',
  bellagene: 'the bellagene parachain was shut down in 2023',
  nakamoto: 'the nakamoto network was shut down in 2023',
  rao: 'the rao preview network was shut down in 2025',
}

/**
 * Names that `--subtensor.network` accepts, in the order to show them.
 * @example
 * networkNames.includes('finney') // true
 */
export const networkNames: readonly string[] = Object.keys(KNOWN)

/**
 * Settles network and endpoint. An endpoint wins over a name; a URL is accepted as a name; an endpoint without scheme
 * gets `ws://`. With an endpoint and no name the label is the name that has this endpoint, else its host.
 * @throws {BittensorError} `USAGE` for an unknown or dead network and for an endpoint that is no WebSocket URL
 * @example
 * resolveNetwork({ network: 'test' }).endpoint // 'wss://test.finney.opentensor.ai:443'
 */
export function resolveNetwork(options: {
  readonly network?: string | undefined
  readonly endpoint?: string | undefined
}): ResolvedNetwork {
  const name = options.network?.trim()
  if (options.endpoint !== undefined && options.endpoint.trim() !== '') {
    const named = name === undefined || name === '' || isUrl(name) ? undefined : name
    return atEndpoint(options.endpoint.trim(), named)
  }
  if (name === undefined || name === '') return known('finney')
  if (isUrl(name)) return atEndpoint(name, undefined)
  return known(name)
}

function known(name: string): ResolvedNetwork {
  const found = Object.hasOwn(KNOWN, name) ? KNOWN[name] : undefined
  if (found) return { network: name, ...found }
  const dead = Object.hasOwn(DEAD, name) ? DEAD[name] : undefined
  throw new BittensorError('USAGE', `unknown network \`${name}\``, {
    details: dead,
    hint: `use one of ${networkNames.join(', ')}, or a ws:// or wss:// URL`,
    data: { network: name, known: networkNames },
  })
}

function atEndpoint(text: string, name: string | undefined): ResolvedNetwork {
  const url = parseEndpoint(text)
  if (name !== undefined && known(name).endpoint === undefined) {
    throw new BittensorError('USAGE', `\`${name}\` is the embedded chain and takes no endpoint`)
  }
  const listed = networkNames.find((one) => {
    const endpoint = KNOWN[one]?.endpoint
    return endpoint !== undefined && sameEndpoint(endpoint, url)
  })
  const value = listed === undefined ? 'unknown' : (KNOWN[listed]?.value ?? 'unknown')
  return { network: name ?? listed ?? url.host, endpoint: endpointText(text), value }
}

function parseEndpoint(text: string): URL {
  const full = endpointText(text)
  const url = URL.canParse(full) ? new URL(full) : undefined
  if (url && /^wss?:$/.test(url.protocol) && url.hostname !== '') return url
  throw new BittensorError('USAGE', `\`${text}\` is not an endpoint of a node`, {
    hint: 'write it as ws://host:port or wss://host:port',
  })
}

/** An endpoint as a URL: without a scheme it is `ws://`. */
export function endpointText(text: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `ws://${text}`
}

function sameEndpoint(endpoint: string, url: URL): boolean {
  const other = new URL(endpoint)
  return other.protocol === url.protocol && other.host === url.host
}

function isUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
}

/**
 * Page of a block in a public explorer; undefined for networks that no public explorer can reach.
 * @example
 * explorerLink({ endpoint: 'wss://entrypoint-finney.opentensor.ai:443', value: 'real' }, '0xab…')
 */
export function explorerLink(
  network: Pick<ResolvedNetwork, 'endpoint' | 'value'>,
  blockHash: string,
): string | undefined {
  if (network.endpoint === undefined || !network.endpoint.startsWith('wss://')) return undefined
  const rpc = encodeURIComponent(network.endpoint)
  return `https://polkadot.js.org/apps/?rpc=${rpc}#/explorer/query/${blockHash}`
}

/**
 * Compares the chain a node serves with the network the user named.
 * @returns whether money on it is real, judged by the genesis block and not by the name
 * @throws {BittensorError} `CONNECTION` when the node serves another chain than the name promises
 */
export function checkGenesis(network: string, genesisHash: string): ResolvedNetwork['value'] {
  const promised = genesisOf(network)
  if (promised !== undefined && promised !== genesisHash) {
    throw new BittensorError('CONNECTION', `this node does not serve the network ${network}`, {
      details: `its genesis block is ${genesisHash}, that of ${network} is ${promised}`,
      hint: 'give the endpoint alone, without --subtensor.network, to work with this chain',
    })
  }
  if (genesisHash === FINNEY_GENESIS) return 'real'
  if (genesisHash === TEST_GENESIS) return 'worthless'
  return Object.hasOwn(KNOWN, network) ? 'worthless' : 'unknown'
}
