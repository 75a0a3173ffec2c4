/** The delegates of preset `dev` and the names they go by. */
import { type DevPath, devAccount } from './devKeys.js'

/** A delegate as the registry of delegates describes one, with its development key. */
export type DevDelegate = {
  readonly path: DevPath
  /** Part of 65535. */
  readonly take: number
  readonly name: string
  readonly url: string
  readonly description: string
}

export const DEV_DELEGATES: readonly DevDelegate[] = [
  {
    path: '//Alice//validator',
    take: 11_796,
    name: 'Aurora',
    url: 'https://aurora.example',
    description: 'Validates every subnet from a hall of recycled servers.',
  },
  {
    path: '//Bob//validator',
    take: 9_830,
    name: 'Borealis',
    url: 'https://borealis.example',
    description: 'Open-source validators, run by a cooperative.',
  },
  {
    path: '//Charlie//validator',
    take: 6_553,
    name: 'Cirrus',
    url: 'https://cirrus.example',
    description: 'A low take for long-term nominators.',
  },
  {
    path: '//Dave//validator',
    take: 11_796,
    name: 'Driftwood',
    url: 'https://driftwood.example',
    description: 'Research first: we publish how we score miners.',
  },
  {
    path: '//Eve//validator',
    take: 3_276,
    name: 'Ember',
    url: 'https://ember.example',
    description: 'Small and careful, on two subnets.',
  },
  {
    path: '//Ferdie//validator',
    take: 0,
    name: 'Fjord',
    url: 'https://fjord.example',
    description: 'Takes nothing while it is new.',
  },
]

/** The same by hotkey account, as the registry lists them. */
export const devDelegateNames = (): ReadonlyMap<string, DevDelegate> =>
  new Map(DEV_DELEGATES.map((one) => [devAccount(one.path), one]))

/** The coldkey that a hotkey's path begins with. */
export function ownerOf(path: DevPath): DevPath {
  return path.replace(/(?<=^\/\/\w+)\/\/.*$/u, '') as DevPath
}
