/** `btcli children_take`: show or change what a hotkey keeps as a child. */
import { type ChildrenDone, childrenJson, childrenText } from '../cli/childrenShow.js'
import { defineCommand, option } from '../cli/define.js'
import { askNetuidToSign } from '../cli/netuid.js'
import { netuid, signing } from '../cli/options.js'
import { hotkeyParty, openParties, partyOptions } from '../cli/parties.js'
import { parseTake } from '../cli/shares.js'
import { transact } from '../cli/transact.js'
import { readFamily } from '../core/chain/children.js'
import { planChildTake } from '../core/plans/childrenPlan.js'
import { type Party, partyName } from '../core/plans/plan.js'
import { takeText } from '../core/plans/texts.js'
import { U16_MAX } from '../core/units.js'

type Shown = {
  readonly shown: true
  readonly hotkey: Party
  readonly netuid: number
  readonly take: number
}

export const childrenTake = defineCommand({
  name: 'children_take',
  summary: 'Show or change what a hotkey keeps as a child.',
  usage: '--netuid N [--take PERCENT] [options]',
  options: {
    ...partyOptions,
    netuid: { ...netuid, ask: askNetuidToSign },
    take: option({
      flags: '-t, --take <percent>',
      description: 'what to keep of what the stake of parents earns, as 9 or 9%',
      parse: parseTake,
    }),
    ...signing,
  },
  examples: [
    'children_take -w alice -H validator --netuid 3',
    'children_take -w alice -H validator -n 3 --take 9',
  ],
  notes: 'Raising it is possible once in a while only, lowering it at any time.',

  async run(ctx, values): Promise<Shown | ({ readonly shown: false } & ChildrenDone)> {
    const { take } = values
    if (take === undefined) {
      const hotkey = await hotkeyParty(ctx, values.walletName, values.walletHotkey)
      const family = await readFamily(await ctx.head(), hotkey.address, values.netuid)
      return { shown: true, hotkey, netuid: values.netuid, take: family.take }
    }
    const { opened, wallet, hotkey } = await openParties(ctx, values)
    const terms = { wallet, hotkey, netuid: values.netuid, take }
    const done = await transact(ctx, {
      title: 'Set child take',
      wallet: opened,
      key: 'coldkey',
      values,
      plan: (planning) => planChildTake(planning, terms),
    })
    return { shown: false, ...done, ...terms, commandLine: ctx.commandLine() }
  },

  render: {
    table: (data, { style }) =>
      data.shown
        ? `The child take of ${partyName(data.hotkey)} on subnet ${data.netuid} is ${takeText(data.take)}.`
        : childrenText(data, style),
    json: (data) =>
      data.shown
        ? { hotkey: data.hotkey.address, netuid: data.netuid, childTake: data.take / U16_MAX }
        : childrenJson(data),
  },
})
