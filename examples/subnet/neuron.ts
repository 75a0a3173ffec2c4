/** What the miner and the validator have in common: their options, and getting onto the subnet. */
import { parseArgs } from 'node:util'
import type { Subtensor, Wallet } from 'bittensor'

/** The options of both programs, as bittensor's neurons spell them. */
export const neuronOptions = {
  'subtensor.network': { type: 'string', default: 'local' },
  'wallet.name': { type: 'string', default: 'default' },
  'wallet.hotkey': { type: 'string', default: 'default' },
  'wallet.path': { type: 'string', default: '~/.bittensor/wallets/' },
  netuid: { type: 'string', default: '1' },
} as const

/** The options of this run. */
export function readOptions<O extends NonNullable<Parameters<typeof parseArgs>[0]>['options']>(
  options: O,
) {
  return parseArgs({ options: { ...neuronOptions, ...options }, strict: true }).values
}

/** Registers the wallet's hotkey by recycling TAO, unless it is registered. */
export async function register(
  subtensor: Subtensor,
  wallet: Wallet,
  netuid: number,
): Promise<number> {
  const hotkey = await wallet.hotkeyAddress()
  const known = await subtensor.getUidForHotkeyOnSubnet(hotkey, netuid)
  if (known !== undefined) return known
  await subtensor.burnedRegister({ wallet, netuid })
  const uid = await subtensor.getUidForHotkeyOnSubnet(hotkey, netuid)
  if (uid === undefined) throw new Error('the chain has no uid for the hotkey')
  return uid
}

/** Waits until the chain has turned weights into incentives once more. */
export async function nextEpoch(subtensor: Subtensor, netuid: number): Promise<number> {
  for await (const { number } of subtensor.blocks()) {
    if ((await subtensor.blocksSinceEpoch(netuid, { at: number })) === 0) return number
  }
  throw new Error('the connection was closed')
}
