/** `btcli undelegate`: take stake back from a delegate to the coldkey. */

import { defineCommand } from '../cli/define.js'
import { delegateToUnstake, resolveDelegate } from '../cli/delegateChoice.js'
import { signing, walletName } from '../cli/options.js'
import { problemOf } from '../cli/sendAll.js'
import { spendingWallet } from '../cli/spendingWallet.js'
import { stakeNetuid, unstakeAmounts, wantedToUnstake } from '../cli/stakeAmounts.js'
import type { StakeDone } from '../cli/stakeShow.js'
import { stakeJson, stakeTable } from '../cli/stakeShow.js'
import { swapOptions } from '../cli/swapOptions.js'
import { transact } from '../cli/transact.js'
import { planUnstake } from '../core/plans/unstakePlan.js'

export const undelegate = defineCommand({
  name: 'undelegate',
  summary: 'Undelegate Stake from an account.',
  usage: '--delegate_ss58key ADDRESS (--amount N | --all) [options]',
  options: {
    walletName,
    delegate: delegateToUnstake,
    netuid: stakeNetuid('unstake from'),
    ...unstakeAmounts,
    ...swapOptions,
    ...signing,
  },
  examples: [
    'undelegate --wallet.name alice --delegate_ss58key 5Hav… --amount 10',
    'undelegate -w alice --delegate Aurora --all --dry_run',
    'undelegate -w alice --delegate_ss58key 5Hav… --all -y --json_output',
  ],
  notes:
    'The τ comes back to the free balance of the coldkey. Without --delegate_ss58key the delegates where the wallet has stake are offered; btcli my_delegates lists them.',

  async run(ctx, values): Promise<StakeDone> {
    const wallet = await spendingWallet(ctx, { name: values.walletName }, values)
    const coldkey = await wallet.coldkeypubAddress()
    const target = await resolveDelegate(ctx, values.delegate)
    const terms = { ...values, wallet: wallet.name, coldkey, targets: [target], batch: false }
    const done = await transact(ctx, {
      title: 'Undelegate',
      wallet,
      key: 'coldkey',
      values,
      plan: (planning) =>
        planUnstake(planning, {
          ...terms,
          wanted: wantedToUnstake(planning.client, { ...values, maxStake: undefined }),
        }),
    })
    return {
      ...done,
      verb: 'Undelegated' as const,
      wallet: wallet.name,
      coldkey,
      netuid: values.netuid,
      commandLine: ctx.commandLine(),
    }
  },

  render: { table: (done, view) => stakeTable(done, view), json: (done) => stakeJson(done) },
  problem: ({ results }) => problemOf(results),
})
