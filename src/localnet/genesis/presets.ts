/** The genesis presets by name. */
import { BittensorError } from '../../core/errors.js'
import { devGenesis } from './dev.js'
import { emptyGenesis } from './empty.js'
import type { GenesisSpec } from './spec.js'

const PRESETS = { dev: devGenesis, empty: emptyGenesis }

export type PresetName = keyof typeof PRESETS

/** Names of the presets, the default first. */
export const PRESET_NAMES = Object.keys(PRESETS) as readonly PresetName[]

/**
 * The spec of a preset, or the given spec.
 * @throws {BittensorError} `USAGE` for an unknown name.
 */
export function genesisSpec(genesis: string | GenesisSpec = 'dev'): GenesisSpec {
  if (typeof genesis !== 'string') return genesis
  const preset = Object.hasOwn(PRESETS, genesis) ? PRESETS[genesis as PresetName] : undefined
  if (preset) return preset()
  const names = PRESET_NAMES.join(', ')
  throw new BittensorError('USAGE', `there is no genesis preset ${genesis}`, {
    hint: `use one of: ${names}`,
  })
}
