/** `btcli senate`: who sits in the senate. */

import { defineCommand } from '../cli/define.js'
import { noNames } from '../cli/delegateNames.js'
import { block, watch } from '../cli/options.js'
import { senatorNames } from '../cli/proposals.js'
import { count } from '../cli/text.js'
import { readSenateMembers } from '../core/chain/senate.js'

export const senate = defineCommand({
  name: 'senate',
  summary: 'View senate and its members',
  options: { noNames, block, watch },
  examples: ['senate', 'senate --json_output'],
  notes:
    'Senators are hotkeys; they vote on what the triumvirate proposes. Runtimes since October 2025 have no senate.',

  async run(ctx, values) {
    const view = await ctx.head()
    const members = await ctx.progress(`Reading the senate of ${view.network}`, () =>
      readSenateMembers(view),
    )
    const names = await senatorNames(ctx, members, values)
    return {
      network: view.network,
      block: view.block.number,
      members: members.map((address) => ({ address, name: names.get(address)?.name })),
    }
  },

  render: {
    table: ({ network, block, members }, { style }) => ({
      title: `Senate - ${network}`,
      columns: [{ title: 'NAME' }, { title: 'ADDRESS', address: true }],
      rows: members.map(({ name, address }) => [name, address]),
      note: `${count(members.length, 'member')} ${style.sign.dot} block ${block}`,
      empty: 'The senate has no members.',
    }),
    json: ({ block, members }) => ({
      block,
      members: members.map(({ address, name }) => ({ address, name: name ?? null })),
    }),
  },
})
