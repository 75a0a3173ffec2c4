/** The help of `btcli` itself: needs the registry only. */

import { VERSION } from '../core/version.js'
import type { Entry, Group } from './registry.js'
import { wrap } from './text.js'

const HEADINGS: Readonly<Record<Group, string>> = {
  commands: 'Commands:',
  tools: 'Tools:',
}

/** The root help in 80 columns, ending in a line break. */
export function rootHelp(entries: readonly Entry[]): string {
  const width = Math.max(...entries.map(({ name }) => name.length)) + 2
  const sections = Object.entries(HEADINGS).flatMap(([group, heading]) => {
    const members = entries.filter((entry) => entry.group === group)
    if (members.length === 0) return []
    const lines = members.map(({ name, summary }) =>
      wrap(`  ${name.padEnd(width)}${summary}`, 80, width + 2),
    )
    return [[heading, ...lines].join('\n')]
  })
  return `${[INTRODUCTION, ...sections, END].join('\n\n')}\n`
}

const INTRODUCTION = `btcli ${VERSION}: wallet, staking, mining and governance for the Bittensor network

Usage: btcli <command> [options]`

const END = `btcli help <command>   its options and examples
btcli help <topic>     options, environment, exit, formats, units

Exit status: 0 done, 1 failed, 2 usage, 3 no connection, 4 declined, 130 Ctrl-C`
