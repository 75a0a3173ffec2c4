/** `btcli transfer`: move τ from the wallet's coldkey to another account. */

import type { Context } from '../cli/context.js'
import { defineCommand, flag, option } from '../cli/define.js'
import { parseDestination, resolveDestination } from '../cli/destination.js'
import { destinationFacts, lookalikeRisk } from '../cli/knownDestinations.js'
import { parseAmount, signing, walletName } from '../cli/options.js'
import { previewJson } from '../cli/preview.js'
import { paidFee, successText } from '../cli/results.js'
import { receiptJson } from '../cli/sendAll.js'
import { spendingWallet } from '../cli/spendingWallet.js'
import { transact } from '../cli/transact.js'
import { readFreeBalance } from '../core/chain/balances.js'
import { explorerLink } from '../core/chain/networks.js'
import { targetName } from '../core/plans/plan.js'
import { changesOf, planTransfer } from '../core/plans/transferPlan.js'
import { formatTao, parseTao } from '../core/units.js'

export const transfer = defineCommand({
  name: 'transfer',
  summary: 'Transfer Tao between accounts.',
  usage: '--dest ADDRESS (--amount N | --all [--keep N]) [options]',
  options: {
    walletName,
    dest: option({
      flags: '--dest <ss58>',
      description:
        'account that gets the τ: ss58, 0x public key, wallet:NAME or a name of the address book',
      parse: parseDestination,
      address: 'party',
      ask: { message: 'Enter destination: address, wallet:NAME or @NAME' },
    }),
    amount: option({
      flags: '--amount <tao>',
      description: 'τ to send; `all` is the same as --all; asked for if missing',
      parse: (text) => (/^(all|max)$/i.test(text) ? ('all' as const) : parseAmount(text)),
      ask: async (ctx, soFar) => ({
        message: `Enter TAO amount to transfer, "all" for all of ${await freeText(ctx, soFar)}`,
      }),
      askWhen: (soFar) => soFar['all'] !== true,
    }),
    all: flag({
      flags: '--all',
      description: 'everything, minus the fee and the existential deposit',
      conflicts: ['amount'],
    }),
    keep: option({
      flags: '--keep <tao>',
      description: 'with --all: τ to leave, so that later fees can be paid',
      parse: parseTao,
    }),
    allowDeath: flag({
      flags: '--allow_death',
      description: 'allow that the account is emptied and removed',
    }),
    allowHotkeyDest: flag({
      flags: '--allow_hotkey_dest',
      description: 'send even if the destination is a hotkey',
    }),
    allowLookalike: flag({
      flags: '--allow_lookalike',
      description: 'send although the destination resembles an address that is known',
    }),
    ...signing,
  },
  examples: [
    'transfer --wallet.name alice --dest 5Dest… --amount 1.5',
    'transfer --wallet.name alice --dest wallet:bob --all --keep 0.01 --dry_run',
    'transfer -w alice -d @exchange -a 10 -y --json_output',
  ],
  notes: 'A transfer is not a stake: τ that is sent leaves your account for good.',

  async run(ctx, values) {
    const wallet = await spendingWallet(ctx, { name: values.walletName }, values)
    const from = { name: wallet.name, address: await wallet.coldkeypubAddress() }
    const resolved = await resolveDestination(ctx, values.dest)
    const { genesisHash } = await ctx.chain()
    const known = await destinationFacts(ctx, { address: resolved.address, genesisHash })
    const to = { ...resolved, note: known.note }
    const lookalike = lookalikeRisk(known, values.allowLookalike)
    const wanted = values.all || values.amount === undefined ? 'all' : values.amount
    const terms = { ...values, from, to, wanted, lookalike }
    const done = await transact(ctx, {
      title: 'Transfer',
      wallet,
      key: 'coldkey',
      values,
      plan: (planning) => planTransfer(planning, terms),
    })
    const client = await ctx.chain()
    return { ...done, from, to, client, commandLine: ctx.commandLine() }
  },

  render: {
    table(done, { style }) {
      const [result] = done.results
      if (!result?.ok) return `Dry run: nothing was sent. To do it:\n  ${done.commandLine}`
      const { before, after, receipt } = result
      return successText(
        {
          headline: `Sent τ${formatTao(done.plan.amount)} to ${targetName(done.to)}`,
          receipt,
          fee: paidFee(receipt, done.preview.fee),
          changes: before && after ? changesOf(done.from, done.to, before, after) : [],
          explorer:
            receipt.outcome === 'sent' ? undefined : explorerLink(done.client, receipt.blockHash),
        },
        style,
      )
    },
    json(done) {
      const common = { from: done.from.address, to: done.to.address, amountRao: done.plan.amount }
      const [result] = done.results
      if (!result?.ok) {
        const preview = previewJson(done.preview)
        return {
          dryRun: true,
          ...common,
          feeRao: done.preview.fee,
          preview,
          commandLine: done.commandLine,
        }
      }
      return {
        ...common,
        feeRao: paidFee(result.receipt, done.preview.fee),
        ...receiptJson(result.receipt),
        balanceBeforeRao: result.before?.from,
        balanceAfterRao: result.after?.from,
        preview: previewJson(done.preview),
      }
    },
  },
})

/** The balance is shown before the amount is asked for. */
async function freeText(ctx: Context, soFar: Readonly<Record<string, unknown>>): Promise<string> {
  const { walletName: name, proxy } = soFar
  const acting = { proxy: typeof proxy === 'string' ? proxy : undefined }
  const wallet = await spendingWallet(ctx, { name: String(name) }, acting)
  const free = await readFreeBalance(await ctx.head(), await wallet.coldkeypubAddress())
  return `τ${formatTao(free, 'full')}`
}
