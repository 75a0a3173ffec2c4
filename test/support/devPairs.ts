/** Keys of the development accounts for @polkadot/api, as other people's clients have them. */
import { Keyring } from '@polkadot/api'
import type { KeyringPair } from '@polkadot/keyring/types'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { vi } from 'vitest'

/** Also keeps the console quiet, on which that API reports every rejected call as well. */
export async function devPairs(): Promise<{
  readonly alice: KeyringPair
  readonly bob: KeyringPair
}> {
  for (const kind of ['warn', 'error'] as const) vi.spyOn(console, kind).mockReturnValue()
  await cryptoWaitReady()
  const keyring = new Keyring({ type: 'sr25519' })
  return { alice: keyring.addFromUri('//Alice'), bob: keyring.addFromUri('//Bob') }
}
