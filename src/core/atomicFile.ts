/** Small files that are always whole: written beside, flushed, then renamed into place. */
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/**
 * Replaces a file's content in one step: a reader or a crash sees the old text or the new one, never a part.
 * A new file gets mode 0600 and new folders 0700; an existing file keeps its mode, and a link keeps pointing to its file.
 * @throws the error of the file system
 * @example
 * await writeFileAtomic('/home/alice/.bittensor/policy.yml', 'max_fee: 0.01\n')
 */
export async function writeFileAtomic(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const target = await realpath(path).catch(() => path)
  const mode = await stat(target).then(
    (found) => found.mode & 0o777,
    () => 0o600,
  )
  const beside = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}`)
  try {
    await writeFlushed(beside, text)
    await chmod(beside, mode)
    await rename(beside, target)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
  await flushDirectory(dirname(target))
}

async function writeFlushed(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Makes a new name in a folder survive a power cut. Not every system can; there the name may be lost, the content not. */
export async function flushDirectory(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r')
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  } catch {
    // Windows cannot open folders, some network file systems cannot flush them.
  }
}
