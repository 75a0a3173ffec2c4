/** `btcli tx`: any call of the chain, found and encoded by its metadata. */

import {
  type CallTexts,
  callFromTexts,
  humanCall,
  jsonObject,
  planCall,
  signature,
} from '../cli/anyCall.js'
import { calls, findNamed, findOwner } from '../cli/chainNames.js'
import { fieldTypeText } from '../cli/chainValues.js'
import type { Context } from '../cli/context.js'
import { defineCommand, flag, option } from '../cli/define.js'
import { oneOf, signing, walletHotkey, walletName } from '../cli/options.js'
import { absolutePath } from '../cli/paths.js'
import { previewJson } from '../cli/preview.js'
import { paidFee, successText } from '../cli/results.js'
import { docsOf, runtimeToExplain } from '../cli/runtimeDocs.js'
import { receiptJson } from '../cli/sendAll.js'
import { spendingWallet } from '../cli/spendingWallet.js'
import { count } from '../cli/text.js'
import { transact } from '../cli/transact.js'
import { buildCall } from '../core/chain/calls.js'
import { explorerLink } from '../core/chain/networks.js'
import type { Call, ChainClient } from '../core/chain/types.js'
import { BittensorError, fileReason } from '../core/errors.js'

export const tx = defineCommand({
  name: 'tx',
  summary: 'Sign and send any call of the chain.',
  usage: 'Pallet.call --argument value … [options]',
  options: {
    walletName: {
      ...walletName,
      // Without a call there is a list of them, for which nobody signs.
      askWhen: ({ batch }, [call = '']) => batch !== undefined || call.includes('.'),
    },
    walletHotkey: { ...walletHotkey, ask: undefined },
    args: option({
      flags: '--args <json>',
      description: 'all arguments as one JSON object',
    }),
    batch: option({
      flags: '--batch <file>',
      description:
        'calls from a file, or - for stdin: one JSON object {"call","args"} a line; all or none take effect',
    }),
    signer: option({
      flags: '--signer <coldkey|hotkey>',
      description: 'key of the wallet that signs (default: coldkey)',
      parse: (text) => oneOf(text, ['coldkey', 'hotkey']),
      default: 'coldkey',
    }),
    sudo: flag({
      flags: '--sudo',
      description: "act as the chain's root, if you hold its sudo key",
    }),
    ...signing,
  },
  positionals: [{ name: 'call', description: 'call; a pallet alone lists its calls' }],
  open: true,
  examples: [
    'tx System.remark --remark hello -w alice --dry_run',
    'tx Balances.transfer_keep_alive --dest @exchange --value 1.5tao -w alice',
    'tx SubtensorModule.set_weights --help',
  ],
  notes:
    'Each argument of the call is an option. Amounts need their unit: 1.5tao, 1500rao, 2alpha. `btcli tx Pallet.call --help` names and types the arguments.',
  explain: callHelp,

  async run(ctx, values, [name = ''], extra) {
    const client = await ctx.chain()
    const [stray] = values.batch !== undefined || !name.includes('.') ? extra.keys() : []
    if (stray !== undefined) throw strayArgument(stray, name)
    if (values.batch === undefined && !name.includes('.')) return listing(client, name)
    const texts: CallTexts = { options: extra, json: jsonObject(values.args, '--args') }
    const inner =
      values.batch === undefined
        ? await callFromTexts(ctx, client, name, texts)
        : await batchCall(ctx, client, values.batch)
    const call = values.sudo ? buildCall(client, 'Sudo', 'sudo', { call: inner }) : inner
    const wallet = await spendingWallet(
      ctx,
      { name: values.walletName, hotkey: values.walletHotkey },
      values,
    )
    const signer =
      values.signer === 'coldkey'
        ? { name: wallet.name, address: await wallet.coldkeypubAddress() }
        : { name: `${wallet.name}/${wallet.hotkeyName}`, address: await wallet.hotkeyAddress() }
    const label = `${call.pallet}.${call.name}`
    const done = await transact(ctx, {
      title: 'Transaction',
      wallet,
      key: values.signer,
      values,
      plan: (planning) => planCall(planning, { call, signer, label }),
    })
    return {
      kind: 'done' as const,
      done,
      call,
      label,
      signer,
      client,
      commandLine: ctx.commandLine(),
    }
  },

  render: {
    table(data, { style }) {
      if (data.kind === 'listing') return data.lines.join('\n')
      const { done, label, signer, client } = data
      const [result] = done.results
      if (!result?.ok) return `Dry run: nothing was sent. To do it:\n  ${data.commandLine}`
      const { before, after, receipt } = result
      const changes =
        before && after ? [{ label: signer.name, before: before.free, after: after.free }] : []
      const explorer =
        receipt.outcome === 'sent' ? undefined : explorerLink(client, receipt.blockHash)
      const fee = paidFee(receipt, done.preview.fee)
      const text = successText(
        { headline: `Sent ${label}`, receipt, fee, changes, explorer },
        style,
      )
      const events = receipt.outcome === 'sent' ? [] : receipt.events
      return `${text}${events.map((event) => `  event  ${event.pallet}.${event.name}\n`).join('')}`
    },
    json(data) {
      if (data.kind === 'listing') return { calls: data.lines }
      const { done, call, client } = data
      const preview = previewJson(done.preview)
      const common = { call: humanCall(client, call), callData: call.data }
      const [result] = done.results
      if (!result?.ok) {
        const feeRao = done.preview.fee
        return { dryRun: true, ...common, feeRao, preview, commandLine: data.commandLine }
      }
      const { receipt } = result
      return {
        ...common,
        feeRao: paidFee(receipt, done.preview.fee),
        ...receiptJson(receipt),
        events:
          receipt.outcome === 'sent'
            ? null
            : receipt.events.map((event) => ({
                event: `${event.pallet}.${event.name}`,
                data: event.data,
              })),
        preview,
      }
    },
  },
})

/** Every line is checked before anything is signed. */
async function batchCall(ctx: Context, client: ChainClient, file: string): Promise<Call> {
  const { readFile } = await import('node:fs/promises')
  const text =
    file === '-'
      ? await ctx.stdin.readText()
      : await readFile(absolutePath(file, ctx.paths), 'utf8').catch((cause: unknown) => {
          throw new BittensorError('USAGE', `cannot read ${file}: ${fileReason(cause)}`, { cause })
        })
  const all: Call[] = []
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const { call, args } = jsonObject(line, `line ${i + 1} of ${file}`) ?? {}
    const json = (args ?? {}) as Readonly<Record<string, unknown>>
    all.push(await callFromTexts(ctx, client, String(call), { options: new Map(), json }))
  }
  if (all.length === 0) throw new BittensorError('USAGE', `${file} has no calls`)
  return buildCall(client, 'Utility', 'batch_all', { calls: all })
}

function strayArgument(argument: string, pallet: string): BittensorError {
  return new BittensorError('USAGE', `\`--${argument}\` belongs to no call`, {
    details: pallet === '' ? 'with --batch the file has all arguments' : undefined,
    hint: pallet === '' ? 'see btcli tx --help' : `see the calls of the pallet: btcli tx ${pallet}`,
  })
}

function listing({ runtime }: Pick<ChainClient, 'runtime'>, pallet: string) {
  const found = pallet === '' ? undefined : findOwner(runtime, calls, pallet)
  const all = calls.all(runtime.description)
  const lines = found
    ? Object.entries(found.things).map(([name, one]) =>
        signature(runtime, { owner: found.owner, name, found: one }),
      )
    : Object.entries(all).map(
        ([owner, things]) => `${owner}  ${count(Object.keys(things).length, 'call')}`,
      )
  return { kind: 'listing' as const, lines }
}

async function callHelp(ctx: Context, [name = '']: readonly string[]): Promise<string> {
  const shown = await runtimeToExplain(ctx)
  if (!name.includes('.'))
    return [...listing(shown, name).lines, '', `In ${shown.source}`].join('\n')
  const named = findNamed(shown.runtime, calls, name)
  const docs = await docsOf(shown, 'call', named.owner, named.name)
  const options = named.found.fields.map((field) => [
    `--${field[0]}`,
    fieldTypeText(shown.runtime, field),
  ])
  const width = Math.max(0, ...options.map(([option = '']) => option.length))
  return [
    `Usage: btcli tx ${named.owner}.${named.name}${options.map(([option]) => ` ${option} …`).join('')}`,
    '',
    ...options.map(([option = '', type]) => `  ${option.padEnd(width)}  ${type}`),
    ...(options.length > 0 ? [''] : []),
    ...docs,
    ...(docs.length > 0 ? [''] : []),
    `Call ${named.found.index} of ${named.owner}, ${shown.source}`,
    'How to sign, from which wallet, batch and dry run: btcli help tx',
  ].join('\n')
}
