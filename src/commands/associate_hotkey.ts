/** `btcli associate_hotkey`: tell the chain whose hotkey it is. */
import { defineCommand } from '../cli/define.js'
import { signing } from '../cli/options.js'
import { openParties, partyOptions } from '../cli/parties.js'
import { type SingleDone, singleJson, singleText } from '../cli/singleDone.js'
import { transact } from '../cli/transact.js'
import { type AssociatePlan, planAssociate } from '../core/plans/associatePlan.js'
import { freeChange } from '../core/plans/callPlan.js'
import { type Party, partyName } from '../core/plans/plan.js'

type Done = SingleDone<AssociatePlan> & { readonly wallet: Party; readonly hotkey: Party }

export const associateHotkey = defineCommand({
  name: 'associate_hotkey',
  summary: 'Tell the chain that a hotkey belongs to a coldkey.',
  options: { ...partyOptions, ...signing },
  examples: [
    'associate_hotkey -w alice -H validator',
    'associate_hotkey -w alice -H 5Hot… --dry_run',
  ],
  notes:
    'Stake can be given to a hotkey that the chain knows. A registration does this as well; an owner can not be changed by it.',

  async run(ctx, values): Promise<Done> {
    const { opened, wallet, hotkey } = await openParties(ctx, values)
    const done = await transact(ctx, {
      title: 'Associate hotkey',
      wallet: opened,
      key: 'coldkey',
      values,
      plan: (planning) => planAssociate(planning, { wallet, hotkey }),
    })
    return { ...done, wallet, hotkey, commandLine: ctx.commandLine() }
  },

  render: {
    table: (done, { style }) =>
      singleText(done, style, {
        headline: `${partyName(done.hotkey)} belongs to ${done.wallet.name}`,
        changes: (before, after) => [freeChange(done.wallet, before, after)],
      }),
    json: (done) => {
      const result = done.results.at(-1)
      return {
        hotkey: done.hotkey.address,
        coldkey: done.wallet.address,
        owner: (result?.ok ? result.after?.more : undefined) ?? null,
        ...singleJson(done),
      }
    },
  },
})
