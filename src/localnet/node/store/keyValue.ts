/** Where blocks and state are kept: in memory, or in a directory that survives the process. */
import { ClassicLevel } from 'classic-level'
import { BittensorError } from '../../../core/errors.js'

/** Keys and values; writes are seen at once and become durable together at the next `flush`. */
export type KeyValue = {
  /** Whether it can be opened again. */
  readonly lasting: boolean
  get(key: string): Uint8Array | undefined
  /** Undefined removes. */
  put(key: string, value: Uint8Array | undefined): void
  /** All durable entries whose key begins with the prefix, in key order. */
  scan(prefix: string): AsyncIterable<readonly [key: string, value: Uint8Array]>
  /** Makes everything written so far durable, all or nothing. */
  flush(): Promise<void>
  close(): Promise<void>
}

/** A {@link KeyValue} that ends with the process. */
export function memoryKeyValue(): KeyValue {
  const entries = new Map<string, Uint8Array>()
  return {
    lasting: false,
    get: (key) => entries.get(key),
    put(key, value) {
      if (value) entries.set(key, value)
      else entries.delete(key)
    },
    async *scan(prefix) {
      for (const key of [...entries.keys()].sort()) {
        const value = entries.get(key)
        if (value && key.startsWith(prefix)) yield [key, value]
      }
    },
    flush: async () => {},
    close: async () => {},
  }
}

/** What is to be written; undefined is to be removed. */
type Entries = Map<string, Uint8Array | undefined>

/**
 * A {@link KeyValue} in a directory.
 * @throws {BittensorError} `LOCALNET` when another process has the directory open or it cannot be read.
 */
export async function levelKeyValue(directory: string): Promise<KeyValue> {
  const db = new ClassicLevel<string, Uint8Array>(directory, {
    keyEncoding: 'utf8',
    valueEncoding: 'view',
  })
  await db.open().catch((cause: unknown) => {
    throw openFailure(directory, cause)
  })
  let waiting: Entries = new Map()
  /** Being written: no longer waiting, not yet readable from the database. */
  let leaving: Entries = new Map()
  let writing: Promise<void> = Promise.resolve()

  async function write(): Promise<void> {
    leaving = waiting
    waiting = new Map()
    const batch = [...leaving].map(([key, value]) =>
      value ? { type: 'put' as const, key, value } : { type: 'del' as const, key },
    )
    try {
      if (batch.length > 0) await db.batch(batch, { sync: true })
    } catch (cause) {
      // Kept for the next attempt; what was written since is newer.
      waiting = new Map([...leaving, ...waiting])
      throw new BittensorError('LOCALNET', `the local chain cannot write to ${directory}`, {
        details: (cause as Error).message,
        cause,
      })
    } finally {
      leaving = new Map()
    }
  }

  return {
    lasting: true,
    get(key) {
      for (const entries of [waiting, leaving]) if (entries.has(key)) return entries.get(key)
      const stored = db.getSync(key)
      return stored && copyOf(stored)
    },
    put: (key, value) => void waiting.set(key, value),
    async *scan(prefix) {
      for await (const [key, value] of db.iterator({ gte: prefix, lt: `${prefix}\uffff` })) {
        yield [key, copyOf(value)]
      }
    },
    flush() {
      writing = writing.then(write, write)
      return writing
    },
    close: () => db.close(),
  }
}

/** Bytes with a buffer of their own: decoders look at the whole buffer behind a view, and Node's are shared. */
function copyOf(view: Uint8Array): Uint8Array {
  return new Uint8Array(view)
}

/** Whether an error of {@link levelKeyValue} says that another process has the directory. */
export function isLocked(error: unknown): boolean {
  return error instanceof BittensorError && error.data?.['locked'] === true
}

function openFailure(directory: string, cause: unknown): BittensorError {
  const reason = (cause as { cause?: { code?: string; message?: string } }).cause
  if (reason?.code === 'LEVEL_LOCKED') {
    return new BittensorError('LOCALNET', `another process has the local chain in ${directory}`, {
      data: { directory, locked: true },
      cause,
    })
  }
  return new BittensorError('LOCALNET', `the local chain in ${directory} cannot be opened`, {
    details: reason?.message,
    hint: 'if its files are damaged, start over with `btcli localnet reset`',
    cause,
  })
}
