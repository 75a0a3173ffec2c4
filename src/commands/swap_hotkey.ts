/** `btcli swap_hotkey`: move registrations, stake and delegation of a hotkey to a new one. */

import { defineCommand, flag, option } from '../cli/define.js'
import { parseNetuid, signing, walletHotkey, walletName } from '../cli/options.js'
import { hotkeyParty } from '../cli/parties.js'
import { type SingleDone, singleJson, singleText } from '../cli/singleDone.js'
import { spendingWallet } from '../cli/spendingWallet.js'
import { transact } from '../cli/transact.js'
import type { Party } from '../core/plans/plan.js'
import { planSwap, type SwapPlan } from '../core/plans/swapPlan.js'

type Done = SingleDone<SwapPlan> & {
  readonly wallet: Party
  readonly from: Party
  readonly to: Party
  readonly netuid: number | undefined
}

export const swapHotkey = defineCommand({
  name: 'swap_hotkey',
  summary: 'Move everything of a hotkey to a new hotkey.',
  options: {
    walletName,
    walletHotkey,
    newHotkey: option({
      flags: '--new_hotkey, --wallet.hotkey_b, --destination_hotkey, --dest_hotkey <name>',
      address: 'hotkey',
      description: 'the new hotkey: one of the same wallet by name, or an address',
      ask: { message: 'Enter the name of the new hotkey' },
    }),
    netuid: option({
      flags: '-n, --netuid <n>',
      description: 'only what the hotkey has on this subnet; runtimes since 2025',
      parse: parseNetuid,
    }),
    allNetuids: flag({
      flags: '--all_netuids, --all',
      description: 'everything on all subnets; this is so without --netuid',
      conflicts: ['netuid'],
    }),
    ...signing,
  },
  examples: [
    'swap_hotkey --wallet.name alice --wallet.hotkey old --new_hotkey new',
    'swap_hotkey -w alice -H old --new_hotkey new --dry_run',
    'swap_hotkey -w alice -H old --new_hotkey new --netuid 3',
  ],
  notes:
    'For a hotkey that may have been seen by others. It costs τ, which are burned. The coldkey signs, and both hotkeys end up with the same owner. With --netuid it is cheaper, the old hotkey keeps what it has elsewhere, and days must pass between two swaps on the same subnet.',

  async run(ctx, values): Promise<Done> {
    const named = { name: values.walletName, hotkey: values.walletHotkey }
    const opened = await spendingWallet(ctx, named, values)
    const wallet = { name: opened.name, address: await opened.coldkeypubAddress() }
    const from = { name: opened.hotkeyName, address: await opened.hotkeyAddress() }
    const to = await hotkeyParty(ctx, values.walletName, values.newHotkey)
    const done = await transact(ctx, {
      title: 'Swap hotkey',
      wallet: opened,
      key: 'coldkey',
      values,
      plan: (planning) => planSwap(planning, { wallet, from, to, netuid: values.netuid }),
    })
    return { ...done, wallet, from, to, netuid: values.netuid, commandLine: ctx.commandLine() }
  },

  render: {
    table: (done, { style }) =>
      singleText(done, style, {
        headline: `Moved ${done.netuid === undefined ? 'everything' : `what is on subnet ${done.netuid}`} of ${done.from.name} to ${done.to.name || done.to.address}`,
        changes: (before, after) => [
          { label: `${done.wallet.name}, free`, before: before.free, after: after.free },
        ],
      }),
    json: (done) => ({
      coldkey: done.wallet.address,
      hotkey: done.from.address,
      newHotkey: done.to.address,
      netuids: done.plan.netuids,
      ...singleJson(done),
    }),
  },
})
