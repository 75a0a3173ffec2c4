/** The genesis presets by profile and name. */
import { BittensorError } from '../../core/errors.js'
import type { ProfileName } from '../runtime/profile.js'
import { devGenesis } from './dev.js'
import { dtaoDevGenesis } from './dtao/dev.js'
import { dtaoEmptyGenesis } from './dtao/empty.js'
import type { DtaoGenesisSpec } from './dtao/spec.js'
import { emptyGenesis } from './empty.js'
import type { AnyGenesisSpec, GenesisSpec } from './spec.js'

const PRESETS = {
  classic: { dev: devGenesis, empty: emptyGenesis },
  dtao: { dev: dtaoDevGenesis, empty: dtaoEmptyGenesis },
} as const satisfies Record<ProfileName, Record<PresetName, () => AnyGenesisSpec>>

export type PresetName = 'dev' | 'empty'

/** Names of the presets, the default first. */
export const PRESET_NAMES: readonly PresetName[] = ['dev', 'empty']

export function genesisSpec(genesis?: string | GenesisSpec, profile?: 'classic'): GenesisSpec
export function genesisSpec(genesis: string, profile: 'dtao'): DtaoGenesisSpec
export function genesisSpec(genesis: string | AnyGenesisSpec, profile: ProfileName): AnyGenesisSpec
/**
 * The spec of a preset of a profile, or the given spec.
 * @throws {BittensorError} `USAGE` for an unknown name.
 */
export function genesisSpec(
  genesis: string | AnyGenesisSpec = 'dev',
  profile: ProfileName = 'classic',
): AnyGenesisSpec {
  if (typeof genesis !== 'string') return genesis
  const name = PRESET_NAMES.find((one) => one === genesis)
  if (name) return PRESETS[profile][name]()
  const names = PRESET_NAMES.join(', ')
  throw new BittensorError('USAGE', `there is no genesis preset ${genesis}`, {
    hint: `use one of: ${names}`,
  })
}
