/** Saved metagraphs: where they lie, ours as JSON, and those of the Python package as far as they hold data only. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomic } from '../../core/atomicFile.js'
import { BittensorError } from '../../core/errors.js'
import { absolutePath } from '../environment.js'
import { type MetagraphColumns, type MetagraphData, type MetagraphPlace, readJson } from './data.js'

type Saved = { readonly place: MetagraphPlace; readonly columns: MetagraphColumns }

/** The folder of the Python package, so that each finds what the other has saved. */
const DEFAULT_FOLDER = '~/.bittensor/metagraphs'

function folderOf(
  { network, netuid }: Pick<MetagraphPlace, 'network' | 'netuid'>,
  root: string,
): string {
  // A network can be the host of an endpoint, whose colon is no good name of a folder everywhere.
  const name = network.replace(/[^\w.-]+/g, '_')
  return join(absolutePath(root), `network-${name}`, `netuid-${netuid}`)
}

/** Saves a metagraph; returns the path. */
export async function saveMetagraph(
  metagraph: MetagraphData,
  root = DEFAULT_FOLDER,
): Promise<string> {
  const path = join(folderOf(metagraph, root), `block-${metagraph.block}.json`)
  await writeFileAtomic(path, `${JSON.stringify(metagraph)}\n`)
  return path
}

/**
 * The file of the greatest block.
 * @throws {BittensorError} `USAGE` when nothing is saved
 */
export async function findSaved(
  place: Pick<MetagraphPlace, 'network' | 'netuid'>,
  root = DEFAULT_FOLDER,
): Promise<string> {
  const folder = folderOf(place, root)
  const names = await readdir(folder).catch(() => [])
  const blocks = names.flatMap((name) => {
    const [, block, kind] = /^block-(\d+)\.(json|pt)$/.exec(name) ?? []
    return block === undefined ? [] : [{ name, block: Number(block), isOurs: kind === 'json' }]
  })
  // Of one block, ours: it holds everything.
  const [newest] = blocks.sort((a, b) => b.block - a.block || Number(b.isOurs) - Number(a.isOurs))
  if (newest) return join(folder, newest.name)
  throw new BittensorError('USAGE', `no metagraph is saved in ${folder}`, {
    hint: 'await metagraph.save() writes one there',
    data: { folder },
  })
}

/**
 * Reads a saved metagraph.
 * @throws {BittensorError} `USAGE` when the file can not be read, naming why
 */
export async function readSaved(
  path: string,
  place: Pick<MetagraphPlace, 'network' | 'netuid'>,
): Promise<Saved> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new BittensorError('USAGE', `the metagraph ${path} can not be read`, { cause })
  })
  try {
    if (path.endsWith('.pt')) {
      const { readPython } = await import('./python.js')
      return readPython(bytes, place)
    }
    return readJson(JSON.parse(bytes.toString('utf8')))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new BittensorError('USAGE', `${path} can not be loaded`, { details: why, cause: error })
  }
}
