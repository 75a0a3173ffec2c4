/** `btcli proxy_remove`: take back the right to act for the wallet's coldkey. */
import { defineCommand, flag, option } from '../cli/define.js'
import { parseDestination, resolveDestination } from '../cli/destination.js'
import { signing, walletName } from '../cli/options.js'
import { singleJson, singleText } from '../cli/singleDone.js'
import { spendingWallet } from '../cli/spendingWallet.js'
import { transact } from '../cli/transact.js'
import { planProxyRemove } from '../core/plans/proxyListPlan.js'

export const proxyRemove = defineCommand({
  name: 'proxy_remove',
  summary: 'Take back the right to act for your account.',
  usage: '--delegate ADDRESS [--type TYPE] | --all [options]',
  options: {
    walletName,
    delegate: option({
      flags: '--delegate <account>',
      description:
        'proxy to remove: ss58, 0x public key, wallet:NAME or a name of the address book',
      parse: parseDestination,
      address: 'party',
      ask: { message: 'Enter the address of the proxy' },
      askWhen: (soFar) => soFar['all'] !== true,
    }),
    type: option({
      flags: '--type, --proxy_type <type>',
      description: 'which of its rights, if it has several',
    }),
    all: flag({
      flags: '--all',
      description: 'remove all proxies of the account',
      conflicts: ['delegate'],
    }),
    ...signing,
  },
  examples: ['proxy_remove -w cold --delegate wallet:daily', 'proxy_remove -w cold --all'],

  async run(ctx, values) {
    const wallet = await spendingWallet(ctx, { name: values.walletName }, values)
    const account = { name: wallet.name, address: await wallet.coldkeypubAddress() }
    const delegate = values.delegate && (await resolveDestination(ctx, values.delegate))
    const terms = { account, delegate, type: values.type }
    const done = await transact(ctx, {
      title: values.all ? 'Remove all proxies' : 'Remove a proxy',
      wallet,
      key: 'coldkey',
      values,
      plan: (planning) => planProxyRemove(planning, terms),
    })
    return { ...done, account, delegate, commandLine: ctx.commandLine() }
  },

  render: {
    table: (done, { style }) =>
      singleText(done, style, {
        headline: `${done.delegate ? done.delegate.name || done.delegate.address : 'Nobody'} may ${done.delegate ? 'not ' : ''}act for ${done.account.name} any more`,
        changes: (before, after) => [
          { label: `${done.account.name}, free`, before: before.free, after: after.free },
        ],
      }),
    json: (done) => ({
      account: done.account.address,
      delegate: done.delegate?.address ?? null,
      ...singleJson(done),
    }),
  },
})
