/** `btcli senate_register`: take a seat in the senate with a hotkey. */

import { defineCommand } from '../cli/define.js'
import { signing, walletHotkey, walletName } from '../cli/options.js'
import { type SingleDone, singleJson, singleText } from '../cli/singleDone.js'
import { spendingWallet } from '../cli/spendingWallet.js'
import { transact } from '../cli/transact.js'
import { readSenateMembers } from '../core/chain/senate.js'
import { BittensorError } from '../core/errors.js'
import type { Party } from '../core/plans/plan.js'
import { planJoin, type SeatPlan } from '../core/plans/senatePlan.js'

type Common = { readonly wallet: Party; readonly hotkey: Party }
type Already = Common & { readonly already: true }
type Done = Common & { readonly already: false } & SingleDone<SeatPlan>

export const senateRegister = defineCommand({
  name: 'senate_register',
  summary: 'Register as a senate member to participate in proposals',
  options: { walletName, walletHotkey, ...signing },
  examples: [
    'senate_register --wallet.name alice --wallet.hotkey validator',
    'senate_register -w alice -H validator --dry_run',
  ],
  notes:
    'How a seat is taken depends on the runtime: by join_senate, by adjust_senate for who is on root, or with registration on root. When all seats are taken, the one of the senator with the least stake goes to who has more.',

  async run(ctx, values): Promise<Already | Done> {
    const location = {
      root: ctx.paths.wallets,
      name: values.walletName,
      hotkey: values.walletHotkey,
    }
    const opened = await spendingWallet(ctx, location, values)
    const wallet = { name: opened.name, address: await opened.coldkeypubAddress() }
    const hotkey = { name: opened.hotkeyName, address: await opened.hotkeyAddress() }
    const members = await readSenateMembers(await ctx.head())
    if (members.includes(hotkey.address)) return { wallet, hotkey, already: true }
    const done = await transact(ctx, {
      title: 'Register to the senate',
      wallet: opened,
      key: 'coldkey',
      values,
      plan: (planning) => planJoin(planning, { wallet, hotkey }),
    })
    return { wallet, hotkey, already: false, ...done, commandLine: ctx.commandLine() }
  },

  render: {
    table(data, { style }) {
      const name = data.hotkey.name || data.hotkey.address
      if (data.already) {
        return `${style.green(style.sign.ok)} ${name} is in the senate already.`
      }
      return singleText(data, style, {
        headline: `${name} ${OUTCOMES[`${memberOf(data)}`]}, by ${data.plan.call}`,
        changes: (before, after) => [
          { label: `${data.wallet.name}, free`, before: before.free, after: after.free },
        ],
      })
    },
    json: (data) => ({
      member: memberOf(data) ?? null,
      hotkey: data.hotkey.address,
      coldkey: data.wallet.address,
      alreadyMember: data.already,
      call: data.already ? null : data.plan.call,
      ...(data.already ? { extrinsicHash: null } : singleJson(data)),
    }),
  },

  /** Registration on root succeeds without a seat in the senate when senators have more stake. */
  problem: (data) =>
    !data.already && memberOf(data) === false
      ? new BittensorError(
          'INSUFFICIENT_STAKE',
          `${data.hotkey.name || data.hotkey.address} got no seat in the senate`,
          { details: 'all seats are taken by hotkeys with more stake' },
        )
      : undefined,
})

/** What became of it, by whether the hotkey is a member now. */
const OUTCOMES: Readonly<Record<string, string>> = {
  true: 'is in the senate',
  false: 'got no seat in the senate',
  undefined: 'asks for a seat in the senate',
}

/** Undefined as long as nobody knows: on a dry run and without waiting. */
function memberOf(data: Already | Done): boolean | undefined {
  if (data.already) return true
  const result = data.results.at(-1)
  return result?.ok ? result.after?.isMember : undefined
}
