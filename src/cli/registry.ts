/** Names, one-line texts and lazy loaders of all commands: all that the root help needs. */
import type { AnyCommand } from './define.js'

/** `commands`: those of bittensor 5.3.1's README, in its order. `tools`: everything later. */
export type Group = 'commands' | 'tools'

/** One line of the help and the way to the module behind it. */
export type Entry = {
  readonly name: string
  readonly summary: string
  readonly group: Group
  readonly load: () => Promise<AnyCommand>
}

/** All commands, in the order of the root help. */
export const registry: readonly Entry[] = [
  {
    name: 'help',
    summary: 'Displays the help.',
    group: 'commands',
    load: async () => (await import('../commands/help.js')).help,
  },
]
