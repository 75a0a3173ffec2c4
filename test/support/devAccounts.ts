/** Accounts of the development chain by what they are there. */
import { encodeAddress, parseAccount, type Ss58 } from '../../src/core/keys/ss58.js'
import { type DevPath, devAccount } from '../../src/localnet/genesis/devKeys.js'
import { freshChain } from './chain.js'
import { devHome } from './localnet.js'

/** An account that the chain does not know. */
export const NOBODY = encodeAddress(new Uint8Array(32).fill(7))

/** The address of a development key. */
export function dev(path: string): Ss58 {
  return parseAccount(devAccount(path as DevPath)).address
}

/** A chain of its own, wallets `alice` (validator, miner1), `ivan`, `thief` (Judy with a hotkey of Alice) and `frank` (unknown to the chain), and a way to look at the chain. */
export async function devWorld(options: Parameters<typeof freshChain>[0] = {}) {
  const home = await devHome({
    alice: {
      uri: '//Alice',
      hotkeys: {
        validator: '//Alice//validator',
        miner1: '//Alice//miner1',
        fresh: '//Alice//fresh',
      },
    },
    ivan: { uri: '//Ivan', hotkeys: { miner1: '//Ivan//miner1' } },
    thief: { uri: '//Judy', hotkeys: { stolen: '//Alice//miner1' } },
    frank: { uri: '//Frank', hotkeys: { hot: '//Frank//hot' } },
  })
  const fresh = await freshChain(options)
  return { ...fresh, home, given: { home, chain: fresh.chain } }
}
