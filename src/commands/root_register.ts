/** `btcli root_register`: take a seat on the root network with a hotkey. */

import { defineCommand } from '../cli/define.js'
import { signing, walletHotkey, walletName } from '../cli/options.js'
import { type SingleDone, singleJson, singleText } from '../cli/singleDone.js'
import { spendingWallet } from '../cli/spendingWallet.js'
import { transact } from '../cli/transact.js'
import { readUid } from '../core/chain/neurons.js'
import { existingSubnet } from '../core/chain/subnets.js'
import type { Party } from '../core/plans/plan.js'
import type { RecyclePlan } from '../core/plans/recyclePlan.js'
import { planRootSeat } from '../core/plans/rootSeat.js'

type Common = { readonly wallet: Party; readonly hotkey: Party }
type Already = Common & { readonly already: true; readonly uid: number }
type Done = Common & { readonly already: false } & SingleDone<RecyclePlan>

export const rootRegister = defineCommand({
  name: 'root_register',
  summary: 'Register a hotkey on the root network.',
  options: { walletName, walletHotkey, ...signing },
  examples: [
    'root_register --wallet.name alice --wallet.hotkey validator',
    'root_register -w alice -H validator --dry_run',
  ],
  notes:
    'Until mid-2026 it costs nothing but the fee, since then what the preview tells. When all seats are taken, the one of the member with the least stake goes to who has more.',

  async run(ctx, values): Promise<Already | Done> {
    const location = {
      root: ctx.paths.wallets,
      name: values.walletName,
      hotkey: values.walletHotkey,
    }
    const opened = await spendingWallet(ctx, location, values)
    const wallet = { name: opened.name, address: await opened.coldkeypubAddress() }
    const hotkey = { name: opened.hotkeyName, address: await opened.hotkeyAddress() }
    const view = await ctx.head()
    await existingSubnet(view, 0)
    const uid = await readUid(view, 0, hotkey.address)
    if (uid !== undefined) return { wallet, hotkey, already: true, uid }
    const done = await transact(ctx, {
      title: 'Register on root',
      wallet: opened,
      key: 'coldkey',
      values,
      async plan(planning) {
        const plan = await planRootSeat(planning, { wallet, hotkey })
        return {
          ...plan,
          question: `Register ${hotkey.name || hotkey.address} on the root network?`,
        }
      },
    })
    return { wallet, hotkey, already: false, ...done, commandLine: ctx.commandLine() }
  },

  render: {
    table(data, { style }) {
      const name = data.hotkey.name || data.hotkey.address
      if (data.already) {
        return `${style.green(style.sign.ok)} ${name} is on the root network already, as uid ${data.uid}.`
      }
      const uid = uidOf(data)
      return singleText(data, style, {
        headline: `${name} is on the root network${uid === undefined ? '' : ` as uid ${uid}`}`,
        changes: (before, after) => [
          { label: `${data.wallet.name}, free`, before: before.free, after: after.free },
        ],
      })
    },
    json: (data) => ({
      netuid: 0,
      uid: uidOf(data) ?? null,
      hotkey: data.hotkey.address,
      coldkey: data.wallet.address,
      alreadyRegistered: data.already,
      ...(data.already ? {} : singleJson(data)),
    }),
  },
})

function uidOf(data: Already | Done): number | undefined {
  if (data.already) return data.uid
  const result = data.results.at(-1)
  return result?.ok ? result.after?.uid : undefined
}
