/** The embedded chain for tests, in this process, with what opens connections to it. */
import { afterAll, beforeAll } from 'vitest'
import type { ChainRequest } from '../../src/cli/context.js'
import { connect } from '../../src/core/chain/connect.js'
import type { ChainClient } from '../../src/core/chain/types.js'
import { keypairFromUri } from '../../src/core/keys/keypair.js'
import { createColdkey, createHotkey } from '../../src/core/wallet/create.js'
import { Localnet, type LocalnetOptions } from '../../src/localnet/index.js'
import { homeWith } from './walletHome.js'

/** The chain of a test file and the way to it. */
export type LocalChain = {
  readonly localnet: Localnet
  /** For `run(…, { chain })`: a connection of its own for each command. */
  readonly open: (request?: Partial<ChainRequest>) => Promise<ChainClient>
}

/** Starts a chain before the tests of a file and stops it after them. */
export function localChain(options: LocalnetOptions = {}): LocalChain {
  let localnet: Localnet | undefined
  beforeAll(async () => {
    localnet = await Localnet.start({
      blocks: 'instant',
      now: () => Date.UTC(2023, 6, 1),
      ...options,
    })
  })
  afterAll(() => localnet?.stop())
  const running = () => {
    if (!localnet) throw new Error('the local chain runs only during tests')
    return localnet
  }
  return {
    get localnet() {
      return running()
    },
    open: () => connect({ network: 'local', provider: running().provider() }),
  }
}

/** A home folder with unencrypted wallets of development keys: name → coldkey URI and hotkeys by name. */
export async function devHome(
  wallets: Readonly<
    Record<string, { readonly uri: string; readonly hotkeys?: Readonly<Record<string, string>> }>
  >,
): Promise<string> {
  const { home, wallets: root } = homeWith()
  for (const [name, { uri, hotkeys = {} }] of Object.entries(wallets)) {
    await createColdkey({ root, name }, await keypairFromUri(uri))
    for (const [hotkey, path] of Object.entries(hotkeys)) {
      await createHotkey({ root, name, hotkey }, await keypairFromUri(path))
    }
  }
  return home
}
