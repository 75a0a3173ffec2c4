/** Keeps described runtimes on disk, one file per genesis block and spec version. */
import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Description, Runtime, RuntimeVersion } from './description.js'
import type { Hex } from './types.js'

/** Grows whenever {@link Description} changes its shape, so that old files are not read. */
const FORMAT = 2
/** Files kept; development chains make a new genesis block, hence a new file, at every start. */
const KEPT = 32

type Stored = {
  readonly format: number
  readonly version: RuntimeVersion
  readonly description: Description
}

/**
 * The cached description of a runtime, undefined when there is none that fits. A file that can not be used is deleted.
 */
export async function readCached(
  directory: string,
  genesisHash: Hex,
  version: RuntimeVersion,
): Promise<Runtime | undefined> {
  const path = fileOf(directory, genesisHash, version.specVersion)
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const stored = parseStored(text)
  // The same spec version may be rebuilt with other APIs on a development chain.
  if (stored && JSON.stringify(stored.version) === JSON.stringify(version)) {
    return { version, description: stored.description }
  }
  await rm(path, { force: true }).catch(() => undefined)
  return undefined
}

function parseStored(text: string): Stored | undefined {
  try {
    const stored: Partial<Stored> = JSON.parse(text)
    const { description } = stored
    const usable =
      stored.format === FORMAT &&
      Array.isArray(description?.types) &&
      description.pallets['System']?.storage['Account'] !== undefined &&
      typeof description.apis === 'object'
    return usable ? (stored as Stored) : undefined
  } catch {
    return undefined
  }
}

/**
 * The runtime that was written to the cache last, of some chain or some spec version if told so. For help, completion and
 * comparisons, which should not need a chain; whoever signs reads the chain's own.
 */
export async function newestCached(
  directory: string,
  wanted: { readonly genesisHash?: string | undefined; readonly specVersion?: number } = {},
): Promise<(Runtime & { readonly genesisHash: Hex }) | undefined> {
  const { genesisHash, specVersion } = wanted
  const chain = genesisHash === undefined ? '[0-9a-f]+' : genesisHash.slice(2)
  const pattern = new RegExp(`^runtime-${chain}-${specVersion ?? '\\d+'}\\.json$`)
  const names = (await readdir(directory).catch(() => [])).filter((name) => pattern.test(name))
  const aged = await Promise.all(
    names.map(async (name) => ({ name, time: (await stat(join(directory, name))).mtimeMs })),
  )
  aged.sort((a, b) => b.time - a.time)
  for (const { name } of aged) {
    const text = await readFile(join(directory, name), 'utf8').catch(() => '')
    const stored = parseStored(text)
    const genesis: Hex = `0x${name.split('-')[1] ?? ''}`
    if (stored) {
      return { version: stored.version, description: stored.description, genesisHash: genesis }
    }
  }
  return undefined
}

/** Stores a runtime, readable by its owner only. A cache that can not be written is no failure. */
export async function writeCached(
  directory: string,
  genesisHash: Hex,
  runtime: Runtime,
): Promise<void> {
  const stored: Stored = { format: FORMAT, ...runtime }
  const path = fileOf(directory, genesisHash, runtime.version.specVersion)
  await store(directory, path, JSON.stringify(stored))
}

async function store(directory: string, path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    await writeFile(temporary, content, { mode: 0o600, flag: 'wx' })
    await rename(temporary, path)
    await prune(directory)
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined)
  }
}

/** The SCALE metadata behind a cached runtime, undefined when it is not kept. */
export async function readCachedMetadata(
  directory: string,
  genesisHash: Hex,
  specVersion: number,
): Promise<Uint8Array | undefined> {
  const path = metadataFile(directory, genesisHash, specVersion)
  const bytes = await readFile(path).catch(() => undefined)
  // Metadata starts with the letters `meta`; anything else is a file that was cut short or changed.
  return bytes?.subarray(0, 4).toString('latin1') === 'meta' ? bytes : undefined
}

/** Stores SCALE metadata, readable by its owner only. A cache that can not be written is no failure. */
export function writeCachedMetadata(
  directory: string,
  genesisHash: Hex,
  specVersion: number,
  metadata: Uint8Array,
): Promise<void> {
  return store(directory, metadataFile(directory, genesisHash, specVersion), metadata)
}

async function prune(directory: string): Promise<void> {
  const names = (await readdir(directory)).filter((name) =>
    /^(runtime|metadata)-.*\.(json|scale|tmp)$/.test(name),
  )
  if (names.length <= KEPT) return
  const aged = await Promise.all(
    names.map(async (name) => ({ name, time: (await stat(join(directory, name))).mtimeMs })),
  )
  aged.sort((a, b) => b.time - a.time)
  await Promise.all(aged.slice(KEPT).map(({ name }) => rm(join(directory, name), { force: true })))
}

function fileOf(directory: string, genesisHash: Hex, specVersion: number): string {
  return join(directory, `runtime-${genesisHash.slice(2)}-${specVersion}.json`)
}

function metadataFile(directory: string, genesisHash: Hex, specVersion: number): string {
  return join(directory, `metadata-${genesisHash.slice(2)}-${specVersion}.scale`)
}
