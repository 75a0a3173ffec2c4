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

type Load = Entry['load']

// In the order of the README; a command's file is named as the command.
const commands: readonly (readonly [name: string, summary: string, load: Load])[] = [
  ['help', 'Displays the help.', async () => (await import('../commands/help.js')).help],
  [
    'inspect',
    'Inspect a wallet cold, hot pair',
    async () => (await import('../commands/inspect.js')).inspect,
  ],
  [
    'overview',
    'Show registered account overview.',
    async () => (await import('../commands/overview.js')).overview,
  ],
  [
    'metagraph',
    'Show the network graph.',
    async () => (await import('../commands/metagraph.js')).metagraph,
  ],
  [
    'list_subnets',
    'List all subnets on the network.',
    async () => (await import('../commands/list_subnets.js')).listSubnets,
  ],
]

const tools: typeof commands = []

/** All commands, in the order of the root help. */
export const registry: readonly Entry[] = [
  ...commands.map(([name, summary, load]) => ({ name, summary, load, group: 'commands' as const })),
  ...tools.map(([name, summary, load]) => ({ name, summary, load, group: 'tools' as const })),
]
