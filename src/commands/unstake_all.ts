/** `btcli unstake_all`: take all stake back from a hotkey, in every subnet at once. */
import { defineCommand, flag } from '../cli/define.js'
import { signing } from '../cli/options.js'
import { openParties, partyOptions } from '../cli/parties.js'
import { type SingleDone, singleJson, singleText } from '../cli/singleDone.js'
import { swapOptions } from '../cli/swapOptions.js'
import { transact } from '../cli/transact.js'
import type { StakePosition } from '../core/chain/types.js'
import { freeChange } from '../core/plans/callPlan.js'
import { type Party, partyName } from '../core/plans/plan.js'
import { planUnstakeAll, type UnstakeAllPlan } from '../core/plans/unstakeAllPlan.js'

const { allowPartial: _, ...tolerance } = swapOptions

type Done = SingleDone<UnstakeAllPlan> & { readonly wallet: Party; readonly hotkey: Party }

export const unstakeAll = defineCommand({
  name: 'unstake_all',
  summary: 'Take all stake back from a hotkey, in every subnet.',
  options: {
    ...partyOptions,
    alpha: flag({
      flags: '--alpha, --all_alpha',
      description: 'sell alpha only, and stake what it brings on root instead of paying it out',
    }),
    ...tolerance,
    ...signing,
  },
  examples: [
    'unstake_all -w alice -H validator',
    'unstake_all -w alice -H 5Hot… --alpha --dry_run',
  ],
  notes:
    'One transaction sells the stake of all subnets, at whatever price they have: the chain takes no limit for it. Stake of subnets that are not traded yet stays.',

  async run(ctx, values): Promise<Done> {
    const { opened, wallet, hotkey } = await openParties(ctx, values)
    const done = await transact(ctx, {
      title: 'Unstake all',
      wallet: opened,
      key: 'coldkey',
      values,
      plan: (planning) =>
        planUnstakeAll(planning, { ...values, wallet, hotkey, toRoot: values.alpha }),
    })
    return { ...done, wallet, hotkey, commandLine: ctx.commandLine() }
  },

  render: {
    table: (done, { style }) =>
      singleText(done, style, {
        headline: `Unstaked everything from ${partyName(done.hotkey)}`,
        changes: (before, after) => [
          freeChange(done.wallet, before, after),
          ...done.plan.positions.map((position) => ({
            label: `stake in subnet ${position.netuid}`,
            netuid: position.netuid,
            before: alphaAt(before.more, position),
            after: alphaAt(after.more, position),
          })),
        ],
      }),
    json: (done) => {
      const result = done.results.at(-1)
      const left = result?.ok ? result.after?.more : undefined
      return {
        coldkey: done.wallet.address,
        hotkey: done.hotkey.address,
        expectedRao: done.plan.expected,
        sold: done.plan.positions.map((position) => ({
          netuid: position.netuid ?? null,
          alphaRao: position.alpha ?? null,
          leftAlphaRao: left ? alphaAt(left, position) : null,
        })),
        ...singleJson(done),
      }
    },
  },
})

function alphaAt(positions: readonly StakePosition[], { netuid }: StakePosition): bigint {
  return positions.find((one) => one.netuid === netuid)?.alpha ?? 0n
}
