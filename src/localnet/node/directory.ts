/** The directory of a local chain: its data, and a note of how to reach the process that has it open. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BittensorError } from '../../core/errors.js'
import { isLocked, type KeyValue, levelKeyValue } from './store/keyValue.js'

/** What a process that serves a directory leaves in it. */
export type Note = {
  /** `ws://127.0.0.1:9944` */
  readonly endpoint: string
  /** Tells this run of the chain from others that may answer there later, and allows its reader all methods. */
  readonly instance: string
  /** When it began to serve, ISO 8601. */
  readonly since: string
}

const DATA = 'chain'
const NOTE = 'localnet.json'
const LOG = 'localnet.log'

/** What a chain that runs in the background prints. */
export function logFileOf(directory: string): string {
  return join(directory, LOG)
}

/**
 * Opens the data of a directory, which is made when missing.
 * @throws {BittensorError} `LOCALNET` when another process has it open; `data.endpoint` says how to reach that one.
 */
export async function openDirectory(directory: string): Promise<KeyValue> {
  await mkdir(directory, { recursive: true, mode: 0o700 }).catch((cause: Error) => {
    throw new BittensorError('LOCALNET', `the directory ${directory} cannot be made`, {
      details: cause.message,
      cause,
    })
  })
  try {
    return await levelKeyValue(join(directory, DATA))
  } catch (error) {
    throw isLocked(error) ? await inUse(directory, error) : error
  }
}

async function inUse(directory: string, cause: unknown): Promise<BittensorError> {
  const note = await readNote(directory)
  const message = `another process has the local chain in ${directory} open`
  return new BittensorError(
    'LOCALNET',
    note ? `${message}: it listens on ${note.endpoint}` : message,
    {
      hint: note
        ? `connect to it with --subtensor.chain_endpoint ${note.endpoint}, or end it with \`btcli localnet stop\``
        : 'wait until that process ends, or use another directory',
      data: { directory, locked: true, endpoint: note?.endpoint ?? null },
      cause,
    },
  )
}

/** The note in a directory, undefined when there is none that can be read. */
export async function readNote(directory: string): Promise<Note | undefined> {
  try {
    const note = JSON.parse(await readFile(join(directory, NOTE), 'utf8')) as Partial<Note>
    const { endpoint, instance, since } = note
    const whole = [endpoint, instance, since].every((field) => typeof field === 'string')
    return whole ? (note as Note) : undefined
  } catch {
    return undefined
  }
}

/** Leaves the note, whole or not at all. */
export async function writeNote(directory: string, note: Note): Promise<void> {
  const file = join(directory, NOTE)
  await writeFile(`${file}.new`, `${JSON.stringify(note)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
}

export async function removeNote(directory: string): Promise<void> {
  await rm(join(directory, NOTE), { force: true })
}

/** Whether the directory holds a chain. */
export async function holdsChain(directory: string): Promise<boolean> {
  // LevelDB's pointer to its current manifest; it exists from the first open on.
  return readFile(join(directory, DATA, 'CURRENT')).then(
    () => true,
    () => false,
  )
}

/**
 * Removes the chain of a directory; what else is in the directory stays.
 * @throws {BittensorError} `LOCALNET` when a process has it open.
 */
export async function removeChain(directory: string): Promise<void> {
  if (await holdsChain(directory)) {
    // Whoever can open it may remove it.
    const data = await openDirectory(directory)
    await data.close()
  }
  await rm(join(directory, DATA), { recursive: true, force: true })
  await removeNote(directory)
  await rm(logFileOf(directory), { force: true })
}
