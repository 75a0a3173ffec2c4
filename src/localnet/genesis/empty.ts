/** Preset `empty`: funded development accounts and the root network, all limits as on the real chain. */
import { devAccount } from './devKeys.js'
import type { GenesisSpec } from './spec.js'

const TAO = 1_000_000_000n

export function emptyGenesis(): GenesisSpec {
  const people = ['//Alice', '//Bob', '//Charlie', '//Dave', '//Eve', '//Ferdie'] as const
  return {
    name: 'empty',
    sudo: devAccount('//Alice'),
    balances: people.map((path) => [devAccount(path), 100_000n * TAO]),
  }
}
