/** `btcli subnet_cost`: what creating a subnet costs now. */
import { defineCommand } from '../cli/define.js'
import { block } from '../cli/options.js'
import { readLockCost } from '../core/chain/subnets.js'
import { formatTao } from '../core/units.js'

export const subnetCost = defineCommand({
  name: 'subnet_cost',
  summary: 'Show what creating a subnet costs now.',
  options: { block },
  examples: ['subnet_cost', 'subnet_cost --json_output'],
  notes: 'The cost doubles with each subnet that is created and falls until the next one.',

  async run(ctx) {
    const view = await ctx.head()
    return { network: view.network, block: view.block.number, cost: await readLockCost(view) }
  },

  render: {
    table: ({ network, block, cost }, { style }) =>
      `Creating a subnet costs ${style.sign.tao}${formatTao(cost, 'full')} ${style.sign.dot} ${network} ${style.sign.dot} block ${block}`,
    json: ({ block, cost }) => ({ block, costRao: `${cost}` }),
  },
})
