/**
 * Writes the files of a key so that no moment exists in which a key is half written or gone: each is written beside its
 * place with mode 0600 and flushed, then all are put in place, and the first failure puts everything back.
 */
import { randomBytes } from 'node:crypto'
import * as nodeFs from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { flushDirectory } from '../atomicFile.js'
import { BittensorError } from '../errors.js'
import { errorCode, fileFailure } from './failures.js'

/** The calls of the file system in use; tests pass failing ones. */
export type FileSystem = Pick<
  typeof nodeFs,
  'link' | 'lstat' | 'mkdir' | 'open' | 'readFile' | 'realpath' | 'rename' | 'unlink'
>

/** One file to be written. */
export type NewFile = {
  readonly path: string
  readonly bytes: Uint8Array
  /** Whether an existing file may be replaced. */
  readonly replace: boolean
  /** Where the replaced content is kept; a number is added if that name is taken. */
  readonly backup?: string | undefined
}

type Staged = {
  readonly file: NewFile
  /** Where the content goes: the target of a link, if the path is one. */
  readonly target: string
  readonly temporary: string
  readonly old: Uint8Array | undefined
  committed: boolean
}

const SECRET_FILE = 0o600
const SECRET_FOLDER = 0o700

/**
 * Writes all files or none.
 * @returns the paths of the backups made
 * @throws {BittensorError} `KEYFILE`: one clear sentence; the files on disk are then those of before.
 */
export async function writeFiles(
  files: readonly NewFile[],
  fs: FileSystem = nodeFs,
): Promise<{ backups: readonly string[] }> {
  const staged: Staged[] = []
  const backups: string[] = []
  try {
    for (const file of files) staged.push(await stage(file, fs))
    for (const { file, old } of staged) {
      const changes = old && Buffer.compare(old, file.bytes) !== 0
      if (file.backup && changes) backups.push(await writeBackup(file.backup, old, fs))
    }
    for (const entry of staged) await commit(entry, fs)
  } catch (cause) {
    await rollBack(staged, fs)
    for (const path of backups) await remove(path, fs)
    throw cause
  } finally {
    for (const { temporary } of staged) await remove(temporary, fs)
  }
  for (const folder of new Set(staged.map(({ target }) => dirname(target)))) {
    await flushDirectory(folder)
  }
  return { backups }
}

async function stage(file: NewFile, fs: FileSystem): Promise<Staged> {
  const { path } = file
  try {
    await makeFolder(dirname(path), fs)
    const target = await resolveLink(path, fs)
    const old = await readOld(target, fs)
    if (old && !file.replace) throw alreadyExists(path)
    const temporary = join(dirname(target), `.btcli-${randomBytes(8).toString('hex')}.tmp`)
    await writeNew(temporary, file.bytes, fs)
    return { file, target, temporary, old, committed: false }
  } catch (cause) {
    throw fileFailure('write', path, cause)
  }
}

async function makeFolder(path: string, fs: FileSystem): Promise<void> {
  try {
    await fs.mkdir(path, { recursive: true, mode: SECRET_FOLDER })
  } catch (cause) {
    if (errorCode(cause) !== 'EEXIST') throw cause
    throw new BittensorError('KEYFILE', `cannot make the folder ${path}: a file has that name`)
  }
}

/** A link keeps pointing where it did; its target gets the new content. */
async function resolveLink(path: string, fs: FileSystem): Promise<string> {
  try {
    if (!(await fs.lstat(path)).isSymbolicLink()) return path
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return path
    throw cause
  }
  try {
    return await fs.realpath(path)
  } catch (cause) {
    if (errorCode(cause) !== 'ENOENT') throw cause
    throw new BittensorError('KEYFILE', `cannot write ${path}: it is a link to a file that is gone`)
  }
}

async function readOld(target: string, fs: FileSystem): Promise<Uint8Array | undefined> {
  try {
    return new Uint8Array(await fs.readFile(target))
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return undefined
    throw cause
  }
}

/** Creates a file that did not exist, readable by its owner alone from the first byte, and flushes it. */
async function writeNew(path: string, bytes: Uint8Array, fs: FileSystem): Promise<void> {
  const handle = await fs.open(path, 'wx', SECRET_FILE)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } catch (cause) {
    await remove(path, fs)
    throw cause
  } finally {
    await handle.close()
  }
}

async function writeBackup(path: string, bytes: Uint8Array, fs: FileSystem): Promise<string> {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? path : `${path}-${number}`
    try {
      await writeNew(candidate, bytes, fs)
      return candidate
    } catch (cause) {
      if (errorCode(cause) !== 'EEXIST' || number === 100) {
        throw fileFailure('write', candidate, cause)
      }
    }
  }
}

/** Where nothing was before, a link that fails if something has come up meanwhile; a rename would replace it. */
async function commit(entry: Staged, fs: FileSystem): Promise<void> {
  try {
    if (entry.old) {
      await fs.rename(entry.temporary, entry.target)
      entry.committed = true
      return
    }
    await claim(entry, fs)
  } catch (cause) {
    if (errorCode(cause) === 'EEXIST') throw alreadyExists(entry.file.path)
    throw fileFailure('write', entry.file.path, cause)
  }
}

async function claim(entry: Staged, fs: FileSystem): Promise<void> {
  try {
    await fs.link(entry.temporary, entry.target)
    entry.committed = true
  } catch (cause) {
    if (errorCode(cause) === 'EEXIST') throw cause
    // A file system without hard links (FAT, some network shares): claim the name with an empty file instead.
    await (await fs.open(entry.target, 'wx', SECRET_FILE)).close()
    entry.committed = true
    await fs.rename(entry.temporary, entry.target)
    return
  }
  await remove(entry.temporary, fs)
}

/** Puts back what `commit` has changed already, last first. */
async function rollBack(staged: readonly Staged[], fs: FileSystem): Promise<void> {
  for (const entry of staged.toReversed()) {
    if (!entry.committed) continue
    try {
      if (!entry.old) await fs.unlink(entry.target)
      else {
        await writeNew(entry.temporary, entry.old, fs)
        await fs.rename(entry.temporary, entry.target)
      }
    } catch (cause) {
      throw new BittensorError(
        'KEYFILE',
        `writing failed half-way, and ${entry.file.path} could not be put back`,
        { cause, details: 'it now holds the new key; the backup next to it, if any, the old one' },
      )
    }
  }
}

async function remove(path: string, fs: FileSystem): Promise<void> {
  try {
    await fs.unlink(path)
  } catch {
    // It may never have been made, or be gone already; the failure that led here is the one to report.
  }
}

function alreadyExists(path: string): BittensorError {
  return new BittensorError('KEYFILE', `${path} already exists and is kept as it is`)
}
