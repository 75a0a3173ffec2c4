/** `btcli proposal_votes`: who voted how on one proposal. */

import { defineCommand } from '../cli/define.js'
import { noNames } from '../cli/delegateNames.js'
import { block } from '../cli/options.js'
import { proposalOption, senatorNames, voters } from '../cli/proposals.js'
import { callLines } from '../core/plans/callText.js'
import { endText, findProposal, tallyText } from '../core/plans/openProposals.js'

export const proposalVotes = defineCommand({
  name: 'proposal_votes',
  summary: "View an active proposal's votes by address.",
  options: { proposal: proposalOption, noNames, block },
  examples: ['proposal_votes --proposal 0', 'proposal_votes --proposal 0x12ab --json_output'],

  async run(ctx, values) {
    const { blockTimeMs } = await ctx.chain()
    const view = await ctx.head()
    const { hash, votes, call } = await findProposal(view, values.proposal)
    const cast = voters(votes)
    const names = await senatorNames(
      ctx,
      cast.map(({ address }) => address),
      values,
    )
    return {
      era: view.era,
      block: view.block.number,
      blockTimeMs,
      hash,
      votes,
      call,
      cast: cast.map((one) => ({ ...one, name: names.get(one.address)?.name })),
    }
  },

  render: {
    table({ era, block, blockTimeMs, hash, votes, call, cast }, { style }) {
      const tally = `index ${votes.index} ${style.sign.dot} ${tallyText(votes)}`
      const end = `ends at block ${endText(votes.end, block, blockTimeMs)}`
      return [
        {
          title: `Votes for Proposal ${hash}`,
          columns: [{ title: 'NAME' }, { title: 'ADDRESS', address: true }, { title: 'VOTE' }],
          rows: cast.map(({ name, address, vote }) => [
            name,
            address,
            vote === 'aye'
              ? { text: 'Aye', paint: 'green' as const }
              : { text: 'Nay', paint: 'red' as const },
          ]),
          empty: `Nobody has voted on proposal ${hash} yet.`,
        },
        style.dim(tally),
        style.dim(end),
        ...(call ? [callLines(call, era)] : []),
      ]
    },
    json: ({ hash, votes, cast }) => ({
      hash,
      index: votes.index,
      threshold: votes.threshold,
      end: votes.end,
      votes: cast.map(({ address, name, vote }) => ({ address, name: name ?? null, vote })),
    }),
  },
})
