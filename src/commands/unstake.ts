/** `btcli unstake`: take stake back from hotkeys to the coldkey. */

import { defineCommand, flag, option } from '../cli/define.js'
import { signing } from '../cli/options.js'
import { problemOf } from '../cli/sendAll.js'
import { spendingWallet } from '../cli/spendingWallet.js'
import { stakeNetuid, unstakeAmounts, wantedToUnstake } from '../cli/stakeAmounts.js'
import type { StakeDone } from '../cli/stakeShow.js'
import { stakeJson, stakeTable } from '../cli/stakeShow.js'
import { targetOptions, targetsOf } from '../cli/stakeTargets.js'
import { swapOptions } from '../cli/swapOptions.js'
import { transact } from '../cli/transact.js'
import { parseAccount } from '../core/keys/ss58.js'
import type { Target } from '../core/plans/plan.js'
import { planUnstake } from '../core/plans/unstakePlan.js'
import { parseTao } from '../core/units.js'

export const unstake = defineCommand({
  name: 'unstake',
  summary: 'Unstake from hotkey accounts.',
  usage:
    '(--amount N | --all | --max_stake N) [--wallet.hotkey NAME | --hotkeys A B … | --all_hotkeys] [options]',
  options: {
    ...targetOptions,
    hotkeySs58: option({
      flags: '--hotkey_ss58address <ss58>',
      description: 'one hotkey by its address',
      parse: (text) => parseAccount(text).address,
      address: 'account',
      conflicts: ['hotkeys', 'all_hotkeys'],
    }),
    netuid: stakeNetuid('unstake from'),
    ...unstakeAmounts,
    maxStake: option({
      flags: '--max_stake <tao>',
      description: 'leave at most this on each hotkey; alpha on dTAO chains',
      parse: parseTao,
    }),
    batch: flag({
      flags: '--batch',
      description: 'several hotkeys in one transaction: all or nothing',
    }),
    ...swapOptions,
    ...signing,
  },
  examples: [
    'unstake --wallet.name alice --wallet.hotkey miner1 --amount 10',
    'unstake --wallet.name alice --all_hotkeys --all --dry_run',
    'unstake -w alice --hotkey_ss58address 5Hot… --all -y --json_output',
  ],
  notes:
    'The τ comes back to the free balance of the coldkey. On a dTAO chain stake is the token of a subnet: name the subnet with --netuid and the amount with --amount_alpha.',

  async run(ctx, values): Promise<StakeDone> {
    const wallet = await spendingWallet(ctx, { name: values.walletName }, values)
    const coldkey = await wallet.coldkeypubAddress()
    const targets: readonly Target[] = values.hotkeySs58
      ? [{ name: '', address: values.hotkeySs58 }]
      : await targetsOf(ctx, values)
    const terms = { ...values, wallet: wallet.name, coldkey, targets }
    const done = await transact(ctx, {
      title: 'Unstake',
      wallet,
      key: 'coldkey',
      values,
      plan: (planning) =>
        planUnstake(planning, { ...terms, wanted: wantedToUnstake(planning.client, values) }),
    })
    const commandLine = ctx.commandLine()
    return {
      ...done,
      verb: 'Unstaked' as const,
      wallet: wallet.name,
      coldkey,
      netuid: values.netuid,
      commandLine,
    }
  },

  render: { table: (done, view) => stakeTable(done, view), json: (done) => stakeJson(done) },
  problem: ({ results }) => problemOf(results),
})
