/** `btcli auto_stake_set`: stake mining rewards of a subnet to a hotkey. */
import { defineCommand } from '../cli/define.js'
import { askNetuidToSign } from '../cli/netuid.js'
import { netuid, signing } from '../cli/options.js'
import { openParties, partyOptions } from '../cli/parties.js'
import { type SingleDone, singleJson, singleText } from '../cli/singleDone.js'
import { transact } from '../cli/transact.js'
import type { Ss58 } from '../core/keys/ss58.js'
import { planAutoStake } from '../core/plans/autoStakePlan.js'
import { type CallPlan, freeChange } from '../core/plans/callPlan.js'
import { type Party, partyName } from '../core/plans/plan.js'

type Done = SingleDone<CallPlan<Ss58 | undefined>> & {
  readonly wallet: Party
  readonly hotkey: Party
  readonly netuid: number
}

export const autoStakeSet = defineCommand({
  name: 'auto_stake_set',
  summary: 'Stake mining rewards of a subnet to a hotkey.',
  options: { ...partyOptions, netuid: { ...netuid, ask: askNetuidToSign }, ...signing },
  examples: [
    'auto_stake_set -w alice -H 5Validator… --netuid 3',
    'auto_stake_set -w alice -H validator -n 3 --dry_run',
  ],
  notes:
    'It holds for what all miners of the coldkey earn on the subnet from then on. The hotkey must be registered there.',

  async run(ctx, values): Promise<Done> {
    const { opened, wallet, hotkey } = await openParties(ctx, values)
    const terms = { wallet, hotkey, netuid: values.netuid }
    const done = await transact(ctx, {
      title: 'Set auto-stake',
      wallet: opened,
      key: 'coldkey',
      values,
      plan: (planning) => planAutoStake(planning, terms),
    })
    return { ...done, ...terms, commandLine: ctx.commandLine() }
  },

  render: {
    table: (done, { style }) =>
      singleText(done, style, {
        headline: `Mining rewards of subnet ${done.netuid} are staked to ${partyName(done.hotkey)}`,
        changes: (before, after) => [freeChange(done.wallet, before, after)],
      }),
    json: (done) => ({
      coldkey: done.wallet.address,
      netuid: done.netuid,
      hotkey: done.hotkey.address,
      ...singleJson(done),
    }),
  },
})
