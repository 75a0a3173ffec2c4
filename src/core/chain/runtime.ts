/** Loads what a node's runtime says of itself, from the cache where possible. */
import { BittensorError } from '../errors.js'
import { fromHex, toHex } from '../keys/hex.js'
import { apiVersion, type Description, type Runtime, type RuntimeVersion } from './description.js'
import {
  readCached,
  readCachedMetadata,
  writeCached,
  writeCachedMetadata,
} from './metadataCache.js'
import { hostOf } from './rpc.js'
import type { Hex } from './types.js'

/** How a request is made; failures are mapped already. */
export type Request = (method: string, params?: readonly unknown[]) => Promise<unknown>

/** Where to ask and where to remember. */
export type RuntimeSource = {
  readonly request: Request
  readonly endpoint: string
  readonly genesisHash: Hex
  readonly cacheDir: string | undefined
}

/**
 * The runtime version at a block, of the newest one by default.
 * @throws {BittensorError} `CONNECTION` when the answer is none
 */
export async function readVersion(source: RuntimeSource, at?: Hex): Promise<RuntimeVersion> {
  const answer = await source.request('state_getRuntimeVersion', at === undefined ? [] : [at])
  return parseVersion(answer, source.endpoint)
}

/** Checks the answer of `state_getRuntimeVersion`. */
export function parseVersion(answer: unknown, endpoint: string): RuntimeVersion {
  const version = answer as Partial<RuntimeVersion> | null
  if (
    typeof version?.specName !== 'string' ||
    typeof version.specVersion !== 'number' ||
    typeof version.transactionVersion !== 'number' ||
    !Array.isArray(version.apis)
  ) {
    throw new BittensorError('CONNECTION', `${hostOf(endpoint)} does not describe its runtime`, {
      hint: 'is this a node of a Bittensor chain?',
    })
  }
  const { specName, specVersion, transactionVersion, apis } = version
  return { specName, specVersion, transactionVersion, implVersion: version.implVersion ?? 0, apis }
}

/**
 * Loads a runtime: from the cache, else from the node.
 * @param at a block whose runtime has this version
 */
export async function loadRuntime(
  source: RuntimeSource,
  version: RuntimeVersion,
  at?: Hex,
): Promise<Runtime> {
  const { cacheDir, genesisHash } = source
  const cached = cacheDir && (await readCached(cacheDir, genesisHash, version))
  if (cached) return cached
  const runtime: Runtime = { version, description: await download(source, version, at) }
  if (cacheDir) await writeCached(cacheDir, genesisHash, runtime)
  return runtime
}

async function download(
  source: RuntimeSource,
  version: RuntimeVersion,
  at: Hex | undefined,
): Promise<Description> {
  const { describe } = await import('./describe.js')
  const metadata = await downloadMetadata(source, version, at)
  const description = described(metadata, describe, source)
  const { cacheDir, genesisHash } = source
  if (cacheDir && metadata) {
    await writeCachedMetadata(cacheDir, genesisHash, version.specVersion, metadata)
  }
  return description
}

/** The runtime's SCALE metadata: from the cache, else from the node. */
export async function loadMetadata(source: RuntimeSource, version: RuntimeVersion): Promise<Hex> {
  const { cacheDir, genesisHash } = source
  const cached = cacheDir && (await readCachedMetadata(cacheDir, genesisHash, version.specVersion))
  const metadata = cached || (await downloadMetadata(source, version, undefined))
  if (!metadata) throw noMetadata(source)
  return toHex(metadata) as Hex
}

/** `Metadata` of version 2 can be asked for V15, which describes the runtime APIs too. */
async function downloadMetadata(
  source: RuntimeSource,
  version: RuntimeVersion,
  at: Hex | undefined,
): Promise<Uint8Array | undefined> {
  const block = at === undefined ? [] : [at]
  if ((apiVersion(version, 'Metadata') ?? 0) >= 2) {
    const { unwrapVersioned } = await import('./describe.js')
    const params = ['Metadata_metadata_at_version', '0x0f000000', ...block]
    const answer = bytesOf(await source.request('state_call', params).catch(refusedCall))
    const metadata = answer && unwrapVersioned(answer)
    if (metadata) return metadata
  }
  return bytesOf(await source.request('state_getMetadata', block))
}

/** A node that does not let anybody call the runtime still answers its plain metadata. */
function refusedCall(error: unknown): undefined {
  if (error instanceof BittensorError && error.code === 'RUNTIME_UNSUPPORTED') return undefined
  throw error
}

function described(
  metadata: Uint8Array | undefined,
  describe: (metadata: Uint8Array) => Description,
  source: RuntimeSource,
): Description {
  try {
    if (metadata) return describe(metadata)
  } catch {
    // Reported below: whatever the decoder stumbled over, the answer was not metadata.
  }
  throw noMetadata(source)
}

function noMetadata(source: RuntimeSource): BittensorError {
  return new BittensorError(
    'CONNECTION',
    `${hostOf(source.endpoint)} answered metadata that does not decode`,
    { hint: 'the connection may have been cut short: try again, or use another node' },
  )
}

function bytesOf(answer: unknown): Uint8Array | undefined {
  return typeof answer === 'string' ? fromHex(answer) : undefined
}
