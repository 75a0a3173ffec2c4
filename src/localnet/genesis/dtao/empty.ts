/** Preset `empty` of profile `dtao`: funded development accounts and the root network, all limits as on the real chain. */
import { emptyGenesis } from '../empty.js'
import type { DtaoGenesisSpec } from './spec.js'

export function dtaoEmptyGenesis(): DtaoGenesisSpec {
  const { name, sudo, balances } = emptyGenesis()
  return { profile: 'dtao', name, sudo, balances }
}
