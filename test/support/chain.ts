/** A chain of its own for each test that changes it. */
import { onTestFinished } from 'vitest'
import type { ChainRequest } from '../../src/cli/context.js'
import { connect } from '../../src/core/chain/connect.js'
import type { ChainClient, ChainView } from '../../src/core/chain/types.js'
import { devAccount } from '../../src/localnet/genesis/devKeys.js'
import { type GenesisSpec, Localnet, type LocalnetOptions } from '../../src/localnet/index.js'
import type { StorageItem } from '../../src/localnet/runtime/pallet.js'
import { storageKey } from '../../src/localnet/runtime/storageKey.js'

const TAO = 1_000_000_000n
const at = devAccount

/**
 * A small world in round numbers: Alice has τ100 000, her hotkeys `validator` (a delegate with τ42 000 of hers and
 * τ500 of One's) and `miner1`; Bob has the same hotkeys without stake. No rate limits, no emissions yet.
 */
export const roundGenesis: GenesisSpec = {
  name: 'round',
  sudo: at('//Alice'),
  balances: [
    [at('//Alice'), 100_000n * TAO],
    [at('//Bob'), 50_000n * TAO],
    [at('//One'), 1_000n * TAO],
  ],
  settings: { TxRateLimit: 0n, NetworkRateLimit: 0n },
  subnets: [
    {
      netuid: 1,
      owner: at('//Bob'),
      lock: 100n * TAO,
      settings: { Tempo: 100, Burn: TAO / 2n },
      neurons: (
        ['//Alice//validator', '//Alice//miner1', '//Bob//validator', '//Bob//miner1'] as const
      ).map((hotkey) => ({
        hotkey: at(hotkey),
        coldkey: at(hotkey.startsWith('//Alice') ? '//Alice' : '//Bob'),
      })),
      weights: [],
    },
  ],
  delegates: [
    { hotkey: at('//Alice//validator'), coldkey: at('//Alice'), take: 11_796 },
    { hotkey: at('//Bob//validator'), coldkey: at('//Bob'), take: 6_554 },
  ],
  stakes: [
    [at('//Alice//validator'), at('//Alice'), 42_000n * TAO],
    [at('//Alice//validator'), at('//One'), 500n * TAO],
  ],
}

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
