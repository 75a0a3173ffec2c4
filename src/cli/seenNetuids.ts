/** The subnets that were seen last, kept for completion: TAB never asks a chain. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomic } from '../core/atomicFile.js'

/** Keeps the netuids of a chain. A cache: failing to write it is no failure. */
export async function rememberNetuids(cache: string, netuids: readonly number[]): Promise<void> {
  const text = JSON.stringify(netuids)
  const path = pathIn(cache)
  const old = await readFile(path, 'utf8').catch(() => undefined)
  if (old !== text) await writeFileAtomic(path, text).catch(() => undefined)
}

/** The netuids that were seen last; none if there is no cache. */
export async function readSeenNetuids(cache: string): Promise<readonly number[]> {
  try {
    const netuids: unknown = JSON.parse(await readFile(pathIn(cache), 'utf8'))
    return Array.isArray(netuids) ? netuids.filter((one) => Number.isInteger(one)) : []
  } catch {
    return []
  }
}

function pathIn(cache: string): string {
  return join(cache, 'netuids.json')
}
