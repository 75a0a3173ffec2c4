/** `btcli proposals`: what the triumvirate proposes, and how the senate votes on it. */

import { defineCommand } from '../cli/define.js'
import { noNames } from '../cli/delegateNames.js'
import { block, watch } from '../cli/options.js'
import { senatorNames, voters } from '../cli/proposals.js'
import { readSenateMembers } from '../core/chain/senate.js'
import type { DelegateNames } from '../core/delegateNames.js'
import { callJson, callLines } from '../core/plans/callText.js'
import { endText, type OpenProposal, readOpenProposals } from '../core/plans/openProposals.js'

export const proposals = defineCommand({
  name: 'proposals',
  summary: 'View active triumvirate proposals and their status',
  options: { noNames, block, watch },
  examples: ['proposals', 'proposals --json_output'],
  notes:
    'END is the block from which a proposal can be closed without a majority. Senators vote with btcli senate_vote.',

  async run(ctx, values) {
    const { blockTimeMs } = await ctx.chain()
    const view = await ctx.head()
    const [members, open] = await ctx.progress(`Reading the proposals on ${view.network}`, () =>
      Promise.all([readSenateMembers(view), readOpenProposals(view)]),
    )
    const hotkeys = open.flatMap(({ votes }) => voters(votes).map(({ address }) => address))
    const names = await senatorNames(ctx, hotkeys, values)
    return {
      network: view.network,
      era: view.era,
      block: view.block.number,
      blockTimeMs,
      senateSize: members.length,
      open,
      names,
    }
  },

  render: {
    table: (
      { network, era, block, blockTimeMs, senateSize, open, names },
      { style: { sign } },
    ) => ({
      title: `Proposals - ${network} ${sign.dot} Active Proposals: ${open.length} ${sign.dot} Senate Size: ${senateSize}`,
      columns: [
        { title: 'INDEX', align: 'right' },
        { title: 'HASH' },
        { title: 'THRESHOLD', align: 'right' },
        { title: 'AYES', align: 'right' },
        { title: 'NAYS', align: 'right' },
        { title: 'VOTES' },
        { title: 'END' },
        { title: 'CALLDATA' },
      ],
      rows: open.map(({ hash, votes, call }) => [
        votes.index,
        hash,
        votes.threshold,
        votes.ayes.length,
        votes.nays.length,
        votesText(votes, names),
        { text: endText(votes.end, block, blockTimeMs), exact: votes.end },
        call ? callLines(call, era) : 'not readable with this runtime: only the hash is known',
      ]),
      empty: 'No proposals are open.',
    }),
    json: ({ block, senateSize, open }) => ({ block, senateSize, proposals: open.map(toJson) }),
  },
})

function votesText(votes: OpenProposal['votes'], names: DelegateNames): string {
  return voters(votes)
    .map(({ address, vote }) => {
      const who = names.get(address)?.name ?? address
      return `${who}: ${vote === 'aye' ? 'Aye' : 'Nay'}`
    })
    .join('\n')
}

function toJson({ hash, votes, call }: OpenProposal) {
  const { index, threshold, ayes, nays, end } = votes
  return { hash, index, threshold, ayes, nays, end, call: call ? callJson(call) : null }
}
