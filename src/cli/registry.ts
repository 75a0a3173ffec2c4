/** Names, one-line texts and lazy loaders of all commands: all that the root help needs. */
import type { AnyCommand } from './define.js'

/** One line of the help and the way to the module behind it. */
export type Entry = {
  readonly name: string
  readonly summary: string
  readonly group: Group
  readonly load: () => Promise<AnyCommand>
}

/** Headings of the root help, in order. */
export const GROUPS = ['wallet', 'stake', 'subnets', 'senate', 'tools'] as const
export type Group = (typeof GROUPS)[number]

/** All commands, in the order of the README of bittensor 5.3.1; later ones below. */
export const registry: readonly Entry[] = []
