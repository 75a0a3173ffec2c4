/** A chain of its own for each test that changes it. */
import { onTestFinished } from 'vitest'
import type { ChainRequest } from '../../src/cli/context.js'
import { connect } from '../../src/core/chain/connect.js'
import type { ChainClient, ChainView } from '../../src/core/chain/types.js'
import { Localnet, type LocalnetOptions } from '../../src/localnet/index.js'
import type { StorageItem } from '../../src/localnet/runtime/pallet.js'
import { storageKey } from '../../src/localnet/runtime/storageKey.js'

/** A running chain and how a test world connects to it. */
export type FreshChain = {
  readonly localnet: Localnet
  /** For `run(…, { chain })`: each run gets a connection of its own. */
  readonly chain: (request: ChainRequest) => Promise<ChainClient>
  /** Makes a block in which storage holds another value: `set(S.Burn, [1], 5n)`. */
  set<K extends readonly unknown[], V>(item: StorageItem<K, V>, keys: K, value: V): Promise<void>
  /** The newest block, over a connection that is closed after the test. */
  head(): Promise<ChainView>
}

/** Starts the embedded chain for one test. */
export async function freshChain(options: LocalnetOptions = {}): Promise<FreshChain> {
  const localnet = await Localnet.start({ profile: 'classic', blocks: 'instant', ...options })
  onTestFinished(() => localnet.stop())
  let client: Promise<ChainClient> | undefined
  const open = () => connect({ provider: localnet.provider(), network: 'local' })
  return {
    localnet,
    chain: open,
    async set(item, keys, value) {
      const raw = Buffer.from(item.type.codec.enc(value)).toString('hex')
      await localnet.request('dev_setStorage', [[[`0x${storageKey(item, ...keys)}`, `0x${raw}`]]])
    },
    async head() {
      client ??= open()
      const opened = await client
      onTestFinished(() => opened.close())
      return opened.at()
    },
  }
}
