/** Using the chain of a directory from another process: through its socket while one serves it, else by opening it. */
import { BittensorError } from '../../core/errors.js'
import type { BlockMode } from './chain/author.js'
import type { BlockRef } from './chain/chain.js'
import { holdsChain, type Note, readNote } from './directory.js'
import { Localnet } from './localnet.js'
import { LocalRpcError } from './provider.js'

/** What `dev_status` answers. */
export type ChainStatus = {
  readonly instance: string
  readonly profile: string
  /** The block that is to bring the next runtime. */
  readonly upgradeAt: number | null
  readonly genesis: string | null
  readonly genesisHash: string
  readonly blocks: BlockMode
  readonly head: BlockRef
  readonly finalized: BlockRef
  /** Transactions that wait. */
  readonly pending: number
  /** Of the newest block, milliseconds since 1970. */
  readonly time: number
}

/** A chain that can be asked. */
export type ReachedChain = {
  /** Where it listens; undefined when it was opened here for the moment. */
  readonly endpoint: string | undefined
  request<T>(method: string, params?: readonly unknown[]): Promise<T>
  close(): Promise<void>
}

/** A process that does not answer for so long is taken for dead. */
const PROBE_MS = 3000

/** The chain that a process serves from the directory, with its state; undefined when there is none. */
export async function findRunning(
  directory: string,
): Promise<{ readonly note: Note; readonly status: ChainStatus } | undefined> {
  const note = await readNote(directory)
  if (!note) return undefined
  try {
    const signal = AbortSignal.timeout(PROBE_MS)
    const status = await post<ChainStatus>(note, { method: 'dev_status', signal })
    return status.instance === note.instance ? { note, status } : undefined
  } catch {
    // Nobody there, or somebody else: a process that was killed leaves its note behind.
    return undefined
  }
}

/**
 * Reaches the chain of a directory.
 * @throws {BittensorError} `LOCALNET` when there is none, or a process that does not listen has it open.
 */
export async function reachChain(directory: string): Promise<ReachedChain> {
  const running = await findRunning(directory)
  if (running) {
    const { note } = running
    const request = <T>(method: string, params: readonly unknown[] = []) =>
      post<T>(note, { method, params })
    return { endpoint: note.endpoint, request, close: async () => {} }
  }
  if (!(await holdsChain(directory))) throw noChain(directory)
  const localnet = await Localnet.start({ directory, blocks: 'manual' })
  const request = <T>(method: string, params?: readonly unknown[]) =>
    localnet.request<T>(method, params).catch((error: unknown) => {
      throw error instanceof LocalRpcError ? refused(error.message, error.code) : error
    })
  return { endpoint: undefined, request, close: () => localnet.stop() }
}

/** What to say where no chain is. */
export function noChain(directory: string): BittensorError {
  return new BittensorError('LOCALNET', `there is no local chain in ${directory}`, {
    hint: 'make one with `btcli localnet start`',
  })
}

type Request = {
  readonly method: string
  readonly params?: readonly unknown[]
  readonly signal?: AbortSignal
}
type Response<T> = {
  readonly result: T
  readonly error?: { readonly code: number; readonly message: string; readonly data?: string }
}

async function post<T>(note: Note, { method, params = [], signal }: Request): Promise<T> {
  const response = await fetch(note.endpoint.replace(/^ws/, 'http'), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${note.instance}` },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    ...(signal ? { signal } : {}),
  })
  const { result, error } = (await response.json()) as Response<T>
  if (!error) return result
  const message = error.data === undefined ? error.message : `${error.message}: ${error.data}`
  throw refused(message, error.code)
}

/** The code, with which the message may begin, is for programs. */
function refused(why: string, code: number): BittensorError {
  const details = why.replace(`${code}: `, '')
  return new BittensorError('LOCALNET', 'the local chain refuses', { details, data: { code } })
}
