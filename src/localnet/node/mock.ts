/** The chain behind `--subtensor.network mock`: the one of a directory, wherever it runs. */
import { readNote } from './directory.js'
import { Localnet, type LocalnetOptions } from './localnet.js'
import type { LocalProvider } from './provider.js'
import { isLocked } from './store/keyValue.js'

/** A way to the chain: an address to connect to, or a provider in this process. */
export type MockChain = {
  readonly endpoint: string | undefined
  readonly provider: LocalProvider | undefined
  /** Ends what was opened here; a chain that another process serves goes on. */
  close(): Promise<void>
}

/** Which chain to open, and how. */
export type MockOptions = Pick<LocalnetOptions, 'blocks' | 'genesis' | 'now' | 'onFault'> & {
  /** Where the chain is kept; absent, it ends with {@link MockChain.close}. */
  readonly directory?: string | undefined
  /** How long to wait for another command that has the directory open, ms. */
  readonly patience?: number
}

/** Between two looks at a directory that is in use. */
const PAUSE_MS = 50

/**
 * Opens the chain of a directory: in this process, or by the address of the process that serves it.
 * @throws {BittensorError} `LOCALNET` when a process that does not listen keeps the directory open.
 * @example
 * const { endpoint, provider, close } = await openMock({ directory: '/home/me/.local/share/btcli/localnet' })
 */
export async function openMock(options: MockOptions = {}): Promise<MockChain> {
  const { patience = 10_000, directory, ...rest } = options
  const until = Date.now() + patience
  for (;;) {
    try {
      const localnet = await Localnet.start({ ...rest, directory })
      return { endpoint: undefined, provider: localnet.provider(), close: () => localnet.stop() }
    } catch (error) {
      if (directory === undefined || !isLocked(error)) throw error
      const note = await readNote(directory)
      if (note) return { endpoint: note.endpoint, provider: undefined, close: async () => {} }
      if (Date.now() > until) throw error
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  }
}
