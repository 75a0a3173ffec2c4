/** `btcli nominate`: make a hotkey a delegate, to which everyone can stake. */

import { defineCommand, option } from '../cli/define.js'
import { signing, walletHotkey, walletName } from '../cli/options.js'
import { problemOf } from '../cli/sendAll.js'
import { parseTake } from '../cli/shares.js'
import { type SingleDone, singleJson, singleText } from '../cli/singleDone.js'
import { spendingWallet } from '../cli/spendingWallet.js'
import { transact } from '../cli/transact.js'
import { readTakeOf } from '../core/chain/delegates.js'
import { type NominatePlan, planNominate } from '../core/plans/nominatePlan.js'
import type { Party } from '../core/plans/plan.js'
import { takeText } from '../core/plans/texts.js'
import { U16_MAX } from '../core/units.js'

type Common = { readonly wallet: Party; readonly hotkey: Party }
type Already = Common & { readonly already: true; readonly take: number }
type Done = Common & { readonly already: false } & SingleDone<NominatePlan>

export const nominate = defineCommand({
  name: 'nominate',
  summary: 'Become a delegate on the network',
  options: {
    walletName,
    walletHotkey,
    take: option({
      flags: '--take <percent>',
      description: 'part of the earnings to keep, as 9 or 9%; where the chain lets it be chosen',
      parse: parseTake,
    }),
    ...signing,
  },
  examples: [
    'nominate --wallet.name alice --wallet.hotkey validator',
    'nominate -w alice -H validator -y --json_output',
  ],
  notes:
    'A delegate accepts stake from everyone and keeps its take of what that earns. The hotkey must be registered and belong to the wallet. Nothing takes a nomination back.',

  async run(ctx, values): Promise<Already | Done> {
    const location = {
      root: ctx.paths.wallets,
      name: values.walletName,
      hotkey: values.walletHotkey,
    }
    const opened = await spendingWallet(ctx, location, values)
    const wallet = { name: opened.name, address: await opened.coldkeypubAddress() }
    const hotkey = { name: opened.hotkeyName, address: await opened.hotkeyAddress() }
    const now = await readTakeOf(await ctx.head(), hotkey.address)
    if (now !== undefined && (values.take === undefined || values.take === now)) {
      return { wallet, hotkey, already: true, take: now }
    }
    const done = await transact(ctx, {
      title: 'Nominate',
      wallet: opened,
      key: 'coldkey',
      values,
      plan: (planning) => planNominate(planning, { wallet, hotkey, take: values.take }),
    })
    return { wallet, hotkey, already: false, ...done, commandLine: ctx.commandLine() }
  },

  render: {
    table(data, { style }) {
      const name = data.hotkey.name || data.hotkey.address
      if (data.already) {
        return `${style.green(style.sign.ok)} ${name} is a delegate already, its take is ${takeText(data.take)}.`
      }
      const take = takeOf(data)
      return singleText(data, style, {
        headline: `${name} is a delegate${take === undefined ? '' : `, its take is ${takeText(take)}`}`,
      })
    },
    json(data) {
      const take = takeOf(data)
      return {
        hotkey: data.hotkey.address,
        coldkey: data.wallet.address,
        alreadyDelegate: data.already,
        take: take === undefined ? null : take / U16_MAX,
        ...(data.already ? {} : singleJson(data)),
      }
    },
  },
  problem: (data) => (data.already ? undefined : problemOf(data.results)),
})

function takeOf(data: Already | Done): number | undefined {
  if (data.already) return data.take
  const result = data.results.at(-1)
  return (result?.ok ? result.after?.take : undefined) ?? data.plan.take
}
