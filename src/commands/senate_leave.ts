/** `btcli senate_leave`: give up the seat of a hotkey in the senate. */

import { defineCommand } from '../cli/define.js'
import { signing, walletHotkey, walletName } from '../cli/options.js'
import { type SingleDone, singleJson, singleText } from '../cli/singleDone.js'
import { spendingWallet } from '../cli/spendingWallet.js'
import { transact } from '../cli/transact.js'
import type { Party } from '../core/plans/plan.js'
import { planLeave, type SeatPlan } from '../core/plans/senatePlan.js'

type Done = { readonly wallet: Party; readonly hotkey: Party } & SingleDone<SeatPlan>

export const senateLeave = defineCommand({
  name: 'senate_leave',
  summary: 'Discard senate membership in the governance protocol',
  options: { walletName, walletHotkey, ...signing },
  examples: ['senate_leave --wallet.name alice --wallet.hotkey validator'],
  notes:
    'Only runtimes of mid-2023 have a call for this. On later ones a seat ends when the hotkey leaves root or others with more stake take it.',

  async run(ctx, values): Promise<Done> {
    const location = {
      root: ctx.paths.wallets,
      name: values.walletName,
      hotkey: values.walletHotkey,
    }
    const opened = await spendingWallet(ctx, location, values)
    const wallet = { name: opened.name, address: await opened.coldkeypubAddress() }
    const hotkey = { name: opened.hotkeyName, address: await opened.hotkeyAddress() }
    const done = await transact(ctx, {
      title: 'Leave the senate',
      wallet: opened,
      key: 'coldkey',
      values,
      plan: (planning) => planLeave(planning, { wallet, hotkey }),
    })
    return { wallet, hotkey, ...done, commandLine: ctx.commandLine() }
  },

  render: {
    table: (data, { style }) =>
      singleText(data, style, {
        headline: `${data.hotkey.name || data.hotkey.address} has left the senate`,
        changes: (before, after) => [
          { label: `${data.wallet.name}, free`, before: before.free, after: after.free },
        ],
      }),
    json(data) {
      const result = data.results.at(-1)
      return {
        member: (result?.ok ? result.after?.isMember : undefined) ?? null,
        hotkey: data.hotkey.address,
        coldkey: data.wallet.address,
        call: data.plan.call,
        ...singleJson(data),
      }
    },
  },
})
