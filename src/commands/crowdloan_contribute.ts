/** `btcli crowdloan_contribute`: give τ to a crowdloan. */
import {
  type CrowdloanDone,
  crowdloanId,
  crowdloanJson,
  crowdloanText,
} from '../cli/crowdloanShow.js'
import { defineCommand, option } from '../cli/define.js'
import { parseAmount, signing, walletName } from '../cli/options.js'
import { openColdkey } from '../cli/parties.js'
import { transact } from '../cli/transact.js'
import { planContribute } from '../core/plans/crowdloanPlan.js'
import { formatTao } from '../core/units.js'

export const crowdloanContribute = defineCommand({
  name: 'crowdloan_contribute',
  summary: 'Give τ to a crowdloan.',
  options: {
    walletName,
    id: crowdloanId,
    amount: option({
      flags: '--amount <tao>',
      description: 'how much to give, in τ',
      parse: parseAmount,
      ask: { message: 'Enter the amount to give in τ' },
    }),
    ...signing,
  },
  examples: [
    'crowdloan_contribute --id 3 --amount 10 -w alice',
    'crowd contribute --id 3 --amount 10 -w alice --dry_run',
  ],
  notes:
    'More than what is missing is not taken. Until the crowdloan is finalized, crowdloan_withdraw takes it back.',

  async run(ctx, values): Promise<CrowdloanDone> {
    const { opened, wallet } = await openColdkey(ctx, values)
    const { id, amount } = values
    const done = await transact(ctx, {
      title: 'Give to a crowdloan',
      wallet: opened,
      key: 'coldkey',
      values,
      plan: (planning) => planContribute(planning, { wallet, id, amount }),
    })
    return { ...done, wallet, commandLine: ctx.commandLine() }
  },

  render: {
    table: (done, { style }) => {
      const { amount, crowdloan } = done.plan
      return crowdloanText(done, style, `Gave τ${formatTao(amount)} to crowdloan ${crowdloan.id}`)
    },
    json: (done) => crowdloanJson(done),
  },
})
