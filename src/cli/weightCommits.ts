/** Openings of committed weights, kept until they are revealed: without them a commit is worth nothing. */
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomic } from '../core/atomicFile.js'
import { asOpening, commitHash, type Opening } from '../core/plans/commitPlan.js'
import type { Context } from './context.js'

function folderOf(ctx: Pick<Context, 'paths'>): string {
  return join(ctx.paths.state, 'weight_commits')
}

/** Keeps an opening before its commit is sent. */
export async function keepOpening(ctx: Pick<Context, 'paths'>, opening: Opening): Promise<void> {
  const folder = folderOf(ctx)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const text = JSON.stringify({ ...opening, versionKey: `${opening.versionKey}` })
  await writeFileAtomic(join(folder, `${commitHash(opening)}.json`), text)
}

/** What was committed from this machine for a hotkey on a subnet. */
export async function keptOpenings(
  ctx: Pick<Context, 'paths'>,
  hotkey: string,
  netuid: number,
): Promise<Opening[]> {
  const folder = folderOf(ctx)
  const names = await readdir(folder).catch(() => [])
  const all = await Promise.all(
    names.map(async (name) => parsed(await readFile(join(folder, name), 'utf8'))),
  )
  return all.flatMap((one) => (one?.hotkey === hotkey && one.netuid === netuid ? [one] : []))
}

/** A file that somebody else put there is no opening. */
function parsed(text: string): Opening | undefined {
  try {
    return asOpening(JSON.parse(text) as Record<string, unknown>)
  } catch {
    return undefined
  }
}
