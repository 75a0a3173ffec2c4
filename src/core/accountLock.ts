/**
 * One signer at a time: a lock file per account, so that two processes with one key do not take the same nonce.
 *
 * The lock alone does not have to be perfect. A process writes its journal line while it holds the lock, then calls
 * `assertHeld`, then sends. Should the lock have been taken away in between, `assertHeld` stops it; should it be taken
 * away later, the next holder already sees the journal line. Either way nothing is paid twice.
 */
import { randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, rename, stat, unlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { BittensorError } from './errors.js'
import type { ProcessProbe } from './processProbe.js'

/** Who holds a lock. */
export type Holder = {
  readonly token: string
  readonly pid: number
  readonly identity: string
  readonly host: string
  readonly time: string
  readonly command: string
}

/** A lock that is held. */
export type AccountLock = {
  /** @throws {BittensorError} `INTERNAL` when the lock was taken away; then nothing may be sent */
  assertHeld(): Promise<void>
  /** Gives it back; harmless when called twice. */
  release(): Promise<void>
}

export type LockOptions = {
  /** Folder of the locks: the journal's. */
  readonly directory: string
  /** ss58 address of the account. */
  readonly account: string
  /** Command that wants it, for the person who waits elsewhere. */
  readonly command: string
  readonly self: ProcessProbe
  readonly now: () => Date
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
  /** How long to wait for another process; 120 s by default. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  /** Called once when it has to wait. `holder` is undefined when the other process is just taking the lock. */
  readonly onWait?: (holder: Holder | undefined) => void
}

/** A lock file without readable content belongs to a process that is about to write it, or that died doing so. */
const UNREADABLE_GRACE_MS = 10_000
const POLL_MS = 100

/**
 * Takes the lock of an account, waiting for another process that has it. Locks of dead processes are taken over.
 * @throws {BittensorError} `TIMEOUT` when another process keeps it, `INTERRUPTED` on the signal
 * @example
 * const lock = await lockAccount({ directory, account, command: 'transfer', self, now, sleep })
 * try { … } finally { await lock.release() }
 */
export async function lockAccount(options: LockOptions): Promise<AccountLock> {
  const path = join(options.directory, `${options.account}.lock`)
  await mkdir(options.directory, { recursive: true, mode: 0o700 })
  const mine = await describeSelf(options)
  const deadline = options.now().getTime() + (options.timeoutMs ?? 120_000)
  let told = false
  while (!(await create(path, mine))) {
    const seen = await look(path)
    if (seen === undefined) continue
    if (await isStale(seen, options)) {
      await takeAway(path, seen, mine.token)
      continue
    }
    if (!told) options.onWait?.(seen.holder)
    told = true
    if (options.signal?.aborted) throw interrupted()
    if (options.now().getTime() >= deadline) throw keptBusy(path, seen.holder)
    await options.sleep(POLL_MS, options.signal)
  }
  return {
    async assertHeld() {
      const seen = await look(path)
      if (seen?.holder?.token !== mine.token) throw lost()
    },
    async release() {
      const seen = await look(path)
      if (seen?.holder?.token === mine.token) await removeIfThere(path)
    },
  }
}

async function describeSelf(options: LockOptions): Promise<Holder> {
  return {
    token: randomBytes(12).toString('hex'),
    pid: options.self.pid,
    identity: (await options.self.identify(options.self.pid)) ?? '',
    host: hostname(),
    time: options.now().toISOString(),
    command: options.command,
  }
}

async function create(path: string, holder: Holder): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      await file.writeFile(JSON.stringify(holder))
    } finally {
      await file.close()
    }
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

type Seen = { readonly holder: Holder | undefined; readonly writtenMs: number }

async function look(path: string): Promise<Seen | undefined> {
  try {
    const text = await readFile(path, 'utf8')
    return { holder: parseHolder(text), writtenMs: (await stat(path)).mtimeMs }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Partial<Holder> | null
    const whole = typeof holder?.token === 'string' && typeof holder.pid === 'number'
    return whole ? (holder as Holder) : undefined
  } catch {
    return undefined
  }
}

async function isStale({ holder, writtenMs }: Seen, options: LockOptions): Promise<boolean> {
  if (!holder) return options.now().getTime() - writtenMs > UNREADABLE_GRACE_MS
  if (holder.host !== hostname()) return false
  const identity = await options.self.identify(holder.pid)
  return identity === undefined || (holder.identity !== '' && identity !== holder.identity)
}

/**
 * Removes a stale lock. Only one process can move a file away, and it looks at what it moved: if a live lock came
 * in between, it is put back; if that fails, its holder notices in `assertHeld`.
 */
async function takeAway(path: string, stale: Seen, token: string): Promise<void> {
  const aside = `${path}.${token}`
  try {
    await rename(path, aside)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw error
  }
  const moved = await look(aside)
  if (moved?.holder?.token !== stale.holder?.token) await link(aside, path).catch(() => undefined)
  await removeIfThere(aside)
}

async function removeIfThere(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error
  })
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code
}

function keptBusy(path: string, holder: Holder | undefined): BittensorError {
  const who = holder ? `btcli ${holder.command} (process ${holder.pid})` : 'another process'
  return new BittensorError('TIMEOUT', `${who} is using this account`, {
    details: 'nothing was sent',
    hint: `wait until it ends; if no such process runs any more, delete ${path}`,
    data: { path, pid: holder?.pid ?? null, host: holder?.host ?? null },
  })
}

function lost(): BittensorError {
  return new BittensorError('INTERNAL', 'another process took over this account', {
    details: 'nothing was sent',
    hint: 'look at btcli history, then run it again',
  })
}

function interrupted(): BittensorError {
  return new BittensorError('INTERRUPTED', 'cancelled while waiting for another process', {
    details: 'nothing was sent',
  })
}
