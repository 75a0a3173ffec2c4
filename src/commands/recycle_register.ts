/** `btcli recycle_register`: register a hotkey on a subnet by recycling τ. */

import { defineCommand, option } from '../cli/define.js'
import { askNetuidToSign } from '../cli/netuid.js'
import { netuid, signing, walletHotkey, walletName } from '../cli/options.js'
import type { Preview } from '../cli/preview.js'
import { previewJson } from '../cli/preview.js'
import { paidFee, successText } from '../cli/results.js'
import type { OperationResult } from '../cli/sendAll.js'
import { receiptJson } from '../cli/sendAll.js'
import { spendingWallet } from '../cli/spendingWallet.js'
import type { View } from '../cli/table.js'
import type { Transacted } from '../cli/transact.js'
import { transact } from '../cli/transact.js'
import { readUid } from '../core/chain/neurons.js'
import { existingSubnet } from '../core/chain/subnets.js'
import type { Party } from '../core/plans/plan.js'
import type { RecyclePlan, RecycleRead } from '../core/plans/recyclePlan.js'
import { planRecycle } from '../core/plans/recyclePlan.js'
import { checkOwner } from '../core/plans/registerChecks.js'
import { formatTao, parseTao } from '../core/units.js'

type Common = {
  readonly wallet: Party
  readonly hotkey: Party
  readonly netuid: number
  readonly commandLine: string
}
type Already = Common & { readonly uid: number }
type Done = Common & Transacted<RecyclePlan>

export const recycleRegister = defineCommand({
  name: 'recycle_register',
  summary: 'Register a wallet to a network.',
  usage: '--netuid N [--max_burn N] [--wallet.name NAME] [--wallet.hotkey NAME] [options]',
  options: {
    netuid: option({
      flags: '-n, --netuid <n>',
      description: 'subnet to register on; 0 is the root network; asked for if missing',
      parse: netuid.parse,
      // Without a default: what costs money is never chosen by an empty line.
      ask: askNetuidToSign,
    }),
    walletName,
    walletHotkey,
    maxBurn: option({
      flags: '--max_burn, --max_cost <tao>',
      description: 'the most to pay; without it the cost that was shown',
      parse: parseTao,
    }),
    ...signing,
  },
  examples: [
    'recycle_register --netuid 1 --wallet.name alice --wallet.hotkey miner1',
    'recycle_register -n 1 -w alice -H miner1 --max_burn 1.2 -y --json_output',
    'recycle_register -n 1 -w alice -H miner1 --dry_run',
  ],
  notes:
    'The τ is recycled: it leaves your balance for good. The cost rises with each registration and falls when there are few.',

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
    await existingSubnet(view, values.netuid)
    const common = { wallet, hotkey, netuid: values.netuid, commandLine: ctx.commandLine() }
    const uid = await readUid(view, values.netuid, hotkey.address)
    if (uid !== undefined) {
      const { netuid } = values
      await checkOwner(view, { netuid, hotkey: hotkey.address, coldkey: wallet.address })
      return { ...common, uid }
    }
    const done = await transact(ctx, {
      title: 'Register by recycling',
      wallet: opened,
      key: 'coldkey',
      values,
      plan: (planning) => planRecycle(planning, { ...values, wallet, hotkey }),
    })
    const [result] = done.results
    if (result?.ok && result.after && result.after.uid === undefined) {
      ctx.warn('the transaction went well, but the hotkey is not on the subnet')
    }
    return { ...common, ...done }
  },

  render: {
    table: (data, view) => ('uid' in data ? alreadyText(data, view) : doneText(data, view)),
    json: (data) => ('uid' in data ? alreadyJson(data) : doneJson(data)),
  },
})

function alreadyText({ uid, netuid: subnet, hotkey, wallet }: Already, { style }: View): string {
  return [
    `${style.green(style.sign.ok)} Already registered:`,
    `  uid      ${uid}`,
    `  netuid   ${subnet}`,
    `  hotkey   ${hotkey.address}`,
    `  coldkey  ${wallet.address}`,
  ].join('\n')
}

function doneText(data: Done, { style }: View): string {
  const [result] = data.results
  if (!result?.ok) return `Dry run: nothing was sent. To do it:\n  ${data.commandLine}`
  const { before, after, receipt } = result
  const uid = after?.uid === undefined ? '' : ` as uid ${after.uid}`
  return successText(
    {
      headline: `Registered ${data.hotkey.name} on subnet ${data.netuid}${uid} for τ${formatTao(data.plan.cost)}`,
      receipt,
      fee: paidFee(receipt, data.preview.fee),
      changes:
        before && after
          ? [{ label: `${data.wallet.name}, free`, before: before.free, after: after.free }]
          : [],
    },
    style,
  )
}

function alreadyJson({ uid, netuid: subnet, hotkey, wallet }: Already) {
  return {
    netuid: subnet,
    uid,
    hotkey: hotkey.address,
    coldkey: wallet.address,
    alreadyRegistered: true,
  }
}

function doneJson(data: Done) {
  const [result] = data.results
  return {
    ...(data.dryRun ? { dryRun: true, commandLine: data.commandLine } : {}),
    netuid: data.netuid,
    hotkey: data.hotkey.address,
    coldkey: data.wallet.address,
    alreadyRegistered: false,
    costRao: data.plan.cost,
    ...(result?.ok ? sentJson(result, data.preview) : { feeRao: data.preview.fee }),
    preview: previewJson(data.preview),
  }
}

function sentJson(result: OperationResult<RecycleRead> & { readonly ok: true }, preview: Preview) {
  return {
    uid: result.after?.uid,
    feeRao: paidFee(result.receipt, preview.fee),
    balanceBeforeRao: result.before?.free,
    balanceAfterRao: result.after?.free,
    ...receiptJson(result.receipt),
  }
}
