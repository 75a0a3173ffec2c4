/** The help of `btcli` itself: needs the registry only. */

import { VERSION } from '../core/version.js'
import type { Entry } from './registry.js'
import { wrap } from './text.js'

/** What stands below each heading of later commands; a name ending in `_` takes all that begin so. The rest are tools. */
const SECTIONS: Readonly<Record<string, readonly string[]>> = {
  'Keys and accounts': [
    'wallet_',
    'balance',
    'sign',
    'verify',
    'identity_',
    'associate_hotkey',
    'swap_',
    'proxy_',
    'multisig_',
    'crowdloan_',
  ],
  Stake: ['stake_', 'unstake_', 'children_', 'get_take', 'set_take', 'claim_', 'auto_stake_'],
  Subnets: ['subnet_', 'hyperparameters', 'hyperparameter_', 'faucet'],
  Neurons: ['root_', 'set_weights', 'weights_', 'axon_', 'prompt'],
  'Anything on the chain': [
    'query',
    'const',
    'api',
    'tx',
    'decode',
    'metadata',
    'sign_tx',
    'submit',
  ],
}

/** The root help in 80 columns, ending in a line break. */
export function rootHelp(entries: readonly Entry[]): string {
  const width = Math.max(...entries.map(({ name }) => name.length)) + 2
  const members = new Map<string, string[]>(
    ['Commands', ...Object.keys(SECTIONS), 'Tools'].map((heading) => [heading, []]),
  )
  for (const entry of entries) {
    const text = `${entry.name.padEnd(width)}${entry.summary}`
    // Names and summaries are ASCII or as narrow; nearly all fit, and measuring takes longer than the rest of the page.
    const line = `  ${text.length <= 78 ? text : wrap(text, 78, width + 2)}`
    members.get(headingOf(entry))?.push(line)
  }
  const sections = [...members]
    .filter(([, lines]) => lines.length > 0)
    .map(([heading, lines]) => [`${heading}:`, ...lines].join('\n'))
  return `${[INTRODUCTION, ...sections, END].join('\n\n')}\n`
}

function headingOf({ group, name }: Entry): string {
  if (group === 'commands') return 'Commands'
  const belongs = (word: string) => name === word || (word.endsWith('_') && name.startsWith(word))
  return Object.entries(SECTIONS).find(([, words]) => words.some(belongs))?.[0] ?? 'Tools'
}

const INTRODUCTION = `btcli ${VERSION}: wallet, staking, mining and governance for the Bittensor network

Usage: btcli <command> [options]`

const END = `btcli help <command>   its options and examples
btcli help <topic>     options, environment, exit, formats, units

Exit status: 0 done, 1 failed, 2 usage, 3 no connection, 4 declined, 130 Ctrl-C`
