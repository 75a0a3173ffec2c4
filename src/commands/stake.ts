/** `btcli stake`: stake τ of the coldkey to hotkeys. */

import { defineCommand, flag, option } from '../cli/define.js'
import { parseAmount, signing, wholeNumber } from '../cli/options.js'
import { problemOf } from '../cli/sendAll.js'
import { spendingWallet } from '../cli/spendingWallet.js'
import { stakeAmounts, stakeNetuid, wantedToStake } from '../cli/stakeAmounts.js'
import type { StakeDone } from '../cli/stakeShow.js'
import { stakeJson, stakeTable } from '../cli/stakeShow.js'
import { targetOptions, targetsOf } from '../cli/stakeTargets.js'
import { swapOptions } from '../cli/swapOptions.js'
import { transact } from '../cli/transact.js'
import type { StakeTerms } from '../core/plans/stakePlan.js'
import { planStake } from '../core/plans/stakePlan.js'

export const stake = defineCommand({
  name: 'stake',
  summary: 'Stake to your hotkey accounts.',
  usage:
    '(--amount N | --all | --max_stake N) [--wallet.hotkey NAME | --hotkeys A B … | --all_hotkeys] [options]',
  options: {
    ...targetOptions,
    netuid: stakeNetuid('stake in'),
    ...stakeAmounts,
    maxStake: option({
      flags: '--max_stake <tao>',
      description: 'fill each hotkey up to this stake; of subnets on root only',
      parse: parseAmount,
    }),
    split: flag({
      flags: '--split',
      description: 'with --all and several hotkeys: divide equally',
    }),
    batch: flag({
      flags: '--batch',
      description: 'several hotkeys in one transaction: all or nothing',
    }),
    uid: option({
      flags: '--uid <n>',
      description: 'accepted for older scripts; changes nothing',
      parse: (text) => wholeNumber(text, 0, 65_535),
      hidden: true,
    }),
    ...swapOptions,
    ...signing,
  },
  examples: [
    'stake --wallet.name alice --wallet.hotkey miner1 --amount 10',
    'stake --wallet.name alice --all_hotkeys --max_stake 100 --dry_run',
    'stake -w alice -H miner1 -a 10 --json_output -y | jq -r .data.results[0].extrinsicHash',
  ],
  notes:
    'Staked τ stays yours and comes back with `btcli unstake`. On a dTAO chain it becomes the token of a subnet: name it with --netuid.',

  async run(ctx, values): Promise<StakeDone> {
    const wallet = await spendingWallet(ctx, { name: values.walletName }, values)
    const coldkey = await wallet.coldkeypubAddress()
    const targets = await targetsOf(ctx, values)
    const terms: StakeTerms = {
      ...values,
      wallet: wallet.name,
      coldkey,
      targets,
      wanted: wantedToStake(values),
    }
    const done = await transact(ctx, {
      title: 'Stake',
      wallet,
      key: 'coldkey',
      values,
      plan: (planning) => planStake(planning, terms),
    })
    const commandLine = ctx.commandLine()
    return {
      ...done,
      verb: 'Staked' as const,
      wallet: wallet.name,
      coldkey,
      netuid: values.netuid,
      commandLine,
    }
  },

  render: { table: (done, view) => stakeTable(done, view), json: (done) => stakeJson(done) },
  problem: ({ results }) => problemOf(results),
})
