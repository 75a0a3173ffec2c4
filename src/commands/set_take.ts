/** `btcli set_take`: change what a delegate keeps of what stake on it earns. */
import { defineCommand, option } from '../cli/define.js'
import { signing } from '../cli/options.js'
import { openParties, partyOptions } from '../cli/parties.js'
import { parseTake } from '../cli/shares.js'
import { type SingleDone, singleJson, singleText } from '../cli/singleDone.js'
import { transact } from '../cli/transact.js'
import { freeChange } from '../core/plans/callPlan.js'
import { type Party, partyName } from '../core/plans/plan.js'
import { planTake, type TakePlan } from '../core/plans/takePlan.js'
import { takeText } from '../core/plans/texts.js'
import { U16_MAX } from '../core/units.js'

type Done = SingleDone<TakePlan> & {
  readonly wallet: Party
  readonly hotkey: Party
  readonly take: number
}

export const setTake = defineCommand({
  name: 'set_take',
  summary: 'Change what a hotkey keeps of what stake on it earns.',
  options: {
    ...partyOptions,
    take: option({
      flags: '-t, --take <percent>',
      description: 'part of the earnings to keep, as 9 or 9%',
      parse: parseTake,
      ask: { message: 'Enter the take in percent' },
    }),
    ...signing,
  },
  examples: [
    'set_take -w alice -H validator --take 9',
    'set_take -w alice -H validator --take 12.5% --dry_run',
  ],
  notes:
    'Raising it is possible once in a while only (30 days on finney), lowering it at any time.',

  async run(ctx, values): Promise<Done> {
    const { opened, wallet, hotkey } = await openParties(ctx, values)
    const { take } = values
    const done = await transact(ctx, {
      title: 'Set take',
      wallet: opened,
      key: 'coldkey',
      values,
      plan: (planning) => planTake(planning, { wallet, hotkey, take }),
    })
    return { ...done, wallet, hotkey, take, commandLine: ctx.commandLine() }
  },

  render: {
    table: (done, { style }) =>
      singleText(done, style, {
        headline: `The take of ${partyName(done.hotkey)} is ${takeText(done.take)}`,
        changes: (before, after) => [freeChange(done.wallet, before, after)],
      }),
    json: (done) => {
      const result = done.results.at(-1)
      const before = result?.ok ? result.before?.more : undefined
      return {
        hotkey: done.hotkey.address,
        take: done.take / U16_MAX,
        takeBefore: before === undefined ? null : before / U16_MAX,
        ...singleJson(done),
      }
    },
  },
})
