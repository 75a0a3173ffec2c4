/** `btcli crowdloan_withdraw`: take back what was given to a crowdloan. */
import {
  type CrowdloanDone,
  crowdloanId,
  crowdloanJson,
  crowdloanText,
} from '../cli/crowdloanShow.js'
import { defineCommand } from '../cli/define.js'
import { signing, walletName } from '../cli/options.js'
import { openColdkey } from '../cli/parties.js'
import { transact } from '../cli/transact.js'
import { planWithdraw } from '../core/plans/crowdloanPlan.js'
import { formatTao } from '../core/units.js'

export const crowdloanWithdraw = defineCommand({
  name: 'crowdloan_withdraw',
  summary: 'Take back what you gave to a crowdloan.',
  options: { walletName, id: crowdloanId, ...signing },
  examples: ['crowdloan_withdraw --id 3 -w alice', 'crowd withdraw --id 3 -w alice --dry_run'],
  notes:
    'All of it comes back, as long as the crowdloan is not finalized; the deposit of who created it stays.',

  async run(ctx, values): Promise<CrowdloanDone> {
    const { opened, wallet } = await openColdkey(ctx, values)
    const { id } = values
    const done = await transact(ctx, {
      title: 'Withdraw from a crowdloan',
      wallet: opened,
      key: 'coldkey',
      values,
      plan: (planning) => planWithdraw(planning, { wallet, id }),
    })
    return { ...done, wallet, commandLine: ctx.commandLine() }
  },

  render: {
    table: (done, { style }) => {
      const { amount, crowdloan } = done.plan
      return crowdloanText(
        done,
        style,
        `Withdrew τ${formatTao(amount)} from crowdloan ${crowdloan.id}`,
      )
    },
    json: (done) => crowdloanJson(done),
  },
})
