/** `btcli crowdloan_list`: all crowdloans, or who gave to one. */
import { taoCell } from '../cli/cells.js'
import { maybeCrowdloanId } from '../cli/crowdloanShow.js'
import { defineCommand } from '../cli/define.js'
import { block } from '../cli/options.js'
import type { Table } from '../cli/table.js'
import { count } from '../cli/text.js'
import {
  type Contribution,
  type Crowdloan,
  readContributions,
  readCrowdloan,
  readCrowdloans,
  stateOf,
} from '../core/chain/crowdloans.js'

export const crowdloanList = defineCommand({
  name: 'crowdloan_list',
  summary: 'List crowdloans, or who gave to one.',
  options: { id: maybeCrowdloanId, block },
  examples: ['crowdloan_list', 'crowd info --id 3', 'crowdloan_list --id 3 --json'],
  notes:
    'open: it takes τ. raised: all is there, it can be finalized. failed: its time is over, what was given can be withdrawn. finalized: the money went to its purpose.',

  async run(ctx, { id }) {
    const view = await ctx.head()
    if (id === undefined) {
      const all = await readCrowdloans(view)
      return { now: view.block.number, one: undefined, all, given: [] }
    }
    const [one, given] = await Promise.all([readCrowdloan(view, id), readContributions(view, id)])
    return { now: view.block.number, one, all: [one], given }
  },

  render: {
    table({ now, one, all, given }) {
      const list = listOf(all, now)
      if (!one) return list
      return [list, givenBy(given)]
    },
    csv: ({ now, one, all, given }) => (one ? givenBy(given) : listOf(all, now)),
    json: ({ now, one, all, given }) => ({
      crowdloans: all.map((crowdloan) => ({
        id: crowdloan.id,
        state: stateOf(crowdloan, now + 1),
        creator: crowdloan.creator,
        raisedRao: crowdloan.raised,
        capRao: crowdloan.cap,
        depositRao: crowdloan.deposit,
        minContributionRao: crowdloan.minContribution,
        endBlock: crowdloan.end,
        target: crowdloan.target ?? null,
        hasCall: crowdloan.hasCall,
        contributors: crowdloan.contributors ?? null,
      })),
      contributions: one
        ? given.map(({ account, amount }) => ({ account, amountRao: amount }))
        : null,
    }),
  },
})

function givenBy(given: readonly Contribution[]): Table {
  return {
    columns: [
      { title: 'GIVEN BY', address: true },
      { title: 'GIVEN (τ)', align: 'right' },
    ],
    rows: given.map(({ account, amount }) => [account, taoCell(amount, 9)]),
    note: count(given.length, 'contributor'),
    empty: 'Nobody gave anything.',
  }
}

function listOf(all: readonly Crowdloan[], now: number): Table {
  return {
    columns: [
      { title: 'ID', align: 'right' },
      { title: 'STATE' },
      { title: 'RAISED (τ)', align: 'right' },
      { title: 'CAP (τ)', align: 'right' },
      { title: 'MINIMUM (τ)', align: 'right' },
      { title: 'GIVERS', align: 'right' },
      { title: 'ENDS IN BLOCK', align: 'right' },
      { title: 'MONEY GOES TO', address: true },
    ],
    rows: all.map((one) => [
      one.id,
      stateOf(one, now + 1),
      taoCell(one.raised, 3),
      taoCell(one.cap, 3),
      taoCell(one.minContribution, 3),
      one.contributors ?? '',
      one.end,
      one.target ?? 'a call decides',
    ]),
    note: count(all.length, 'crowdloan'),
    empty: 'There are no crowdloans on this chain.',
  }
}
