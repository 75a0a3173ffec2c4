/** The embedded chain in profile `dtao` with wallets of its development keys. */

import { onTestFinished } from 'vitest'
import { connect } from '../../src/core/chain/connect.js'
import type { ChainView } from '../../src/core/chain/types.js'
import { Localnet, type LocalnetOptions } from '../../src/localnet/index.js'
import { devHome } from './localnet.js'

/** A chain of its own, wallets `alice` (validator, miner1, fresh), `bob` (validator) and `dave` (validator), and a way to look. */
export async function dtaoChain(options: LocalnetOptions = {}) {
  const localnet = await Localnet.start({ profile: 'dtao', blocks: 'instant', ...options })
  onTestFinished(() => localnet.stop())
  const home = await devHome({
    alice: {
      uri: '//Alice',
      hotkeys: {
        validator: '//Alice//validator',
        miner1: '//Alice//miner1',
        fresh: '//Alice//fresh',
      },
    },
    bob: { uri: '//Bob', hotkeys: { validator: '//Bob//validator' } },
    dave: { uri: '//Dave', hotkeys: { validator: '//Dave//validator' } },
  })
  const chain = () => connect({ provider: localnet.provider(), network: 'local' })
  async function head(): Promise<ChainView> {
    const client = await chain()
    onTestFinished(() => client.close())
    return client.at()
  }
  return { localnet, home, head, given: { home, chain } }
}
