/** The genesis presets by profile and name. */
import { BittensorError } from '../../core/errors.js'
import type { ProfileName } from '../runtime/profile.js'
import { devGenesis } from './dev.js'
import { dtaoDevGenesis } from './dtao/dev.js'
import { dtaoEmptyGenesis } from './dtao/empty.js'
import { dtaoLargeGenesis } from './dtao/large.js'
import type { DtaoGenesisSpec } from './dtao/spec.js'
import { emptyGenesis } from './empty.js'
import { largeGenesis } from './large.js'
import type { AnyGenesisSpec, GenesisSpec } from './spec.js'

const PRESETS: Readonly<Record<ProfileName, Readonly<Record<string, () => AnyGenesisSpec>>>> = {
  classic: { dev: devGenesis, empty: emptyGenesis, large: largeGenesis },
  dtao: { dev: dtaoDevGenesis, empty: dtaoEmptyGenesis, large: dtaoLargeGenesis },
}

/** Names of a profile's presets, the default first. */
export const presetNames = (profile: ProfileName): readonly string[] =>
  Object.keys(PRESETS[profile])

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
  const presets = PRESETS[profile]
  const preset = Object.hasOwn(presets, genesis) ? presets[genesis] : undefined
  if (preset) return preset()
  throw new BittensorError('USAGE', `there is no genesis preset ${genesis}`, {
    hint: `use one of: ${presetNames(profile).join(', ')}`,
  })
}
