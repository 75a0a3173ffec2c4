/** `btcli children_set`: let other hotkeys work with the stake of a hotkey. */
import { type ChildrenDone, childrenJson, childrenText } from '../cli/childrenShow.js'
import { defineCommand, list } from '../cli/define.js'
import { completeLists } from '../cli/lists.js'
import { askNetuidToSign } from '../cli/netuid.js'
import { netuid, signing } from '../cli/options.js'
import { hotkeyParty, openParties, partyOptions } from '../cli/parties.js'
import { parseProportion } from '../cli/shares.js'
import { count } from '../cli/text.js'
import { transact } from '../cli/transact.js'
import type { Kin } from '../core/chain/children.js'
import { BittensorError } from '../core/errors.js'
import { planChildren } from '../core/plans/childrenPlan.js'

const HINT = 'name as many --proportions as --children; children_revoke takes all back'

export const childrenSet = defineCommand({
  name: 'children_set',
  summary: 'Let other hotkeys work with the stake of a hotkey.',
  usage: '--netuid N --children HOTKEY… --proportions SHARE… [options]',
  options: {
    ...partyOptions,
    netuid: { ...netuid, ask: askNetuidToSign },
    children: list({
      flags: '-c, --children <name|ss58...>',
      address: 'hotkey',
      description: 'all child hotkeys from then on, at most five',
    }),
    proportions: list({
      flags: '--proportions, --prop <share...>',
      description: 'part of the stake for each, as 0.25 or 25%',
      parse: parseProportion,
    }),
    ...signing,
  },
  examples: [
    'children_set -w alice -H validator --netuid 3 --children 5One… 5Two… --proportions 0.3 0.2',
    'children_set -w alice -H validator -n 3 -c 5One… --proportions 50% --dry_run',
  ],
  notes:
    'This replaces all children that the hotkey has on the subnet. The stake stays where it is; the child validates with it and pays its dividends back, less the child take.',

  async run(ctx, values): Promise<ChildrenDone> {
    const { opened, wallet, hotkey } = await openParties(ctx, values)
    const children = await childrenOf(values)
    const done = await transact(ctx, {
      title: 'Set children',
      wallet: opened,
      key: 'coldkey',
      values,
      plan: (planning) =>
        planChildren(planning, { wallet, hotkey, netuid: values.netuid, children }),
    })
    return { ...done, wallet, hotkey, netuid: values.netuid, commandLine: ctx.commandLine() }

    async function childrenOf({
      children: names,
      proportions,
      walletName,
    }: typeof values): Promise<Kin[]> {
      const given = await completeLists(
        ctx,
        {
          children: { given: names, parse: (word) => word },
          proportions: { given: proportions, parse: parseProportion },
        },
        HINT,
      )
      const parties = await Promise.all(
        given.children.map((name) => hotkeyParty(ctx, walletName, name)),
      )
      if (parties.length !== given.proportions.length) {
        const shares = count(given.proportions.length, 'proportion')
        const kin = parties.length === 1 ? '1 child' : `${parties.length} children`
        throw new BittensorError('USAGE', `${kin}, but ${shares}`, { hint: HINT })
      }
      return parties.map(({ address }, i) => ({
        hotkey: address,
        proportion: given.proportions[i] ?? 0n,
      }))
    }
  },

  render: {
    table: (done, { style }) => childrenText(done, style),
    json: (done) => childrenJson(done),
  },
})
