/** `btcli proxy_add`: let another account act for the wallet's coldkey. */
import { defineCommand, flag, option } from '../cli/define.js'
import { parseDestination, resolveDestination } from '../cli/destination.js'
import { signing, walletName, wholeNumber } from '../cli/options.js'
import { singleJson, singleText } from '../cli/singleDone.js'
import { spendingWallet } from '../cli/spendingWallet.js'
import { transact } from '../cli/transact.js'
import { planProxyAdd } from '../core/plans/proxyListPlan.js'

export const proxyAdd = defineCommand({
  name: 'proxy_add',
  summary: 'Let another account act for yours.',
  usage: '--delegate ADDRESS --type TYPE [options]',
  options: {
    walletName,
    delegate: option({
      flags: '--delegate <account>',
      description:
        'account that may act: ss58, 0x public key, wallet:NAME or a name of the address book',
      parse: parseDestination,
      address: 'party',
      ask: { message: 'Enter the address of the proxy' },
    }),
    type: option({
      flags: '--type, --proxy_type <type>',
      description:
        'what it may do: Staking, Transfer, Registration, Any …; a wrong one is told with all there are',
      ask: { message: 'Enter what the proxy may do (Staking, Registration, …)' },
    }),
    delay: option({
      flags: '--delay <blocks>',
      description: 'blocks between announcing an act and doing it (default: 0)',
      parse: (text) => wholeNumber(text, 0, 0xff_ff_ff_ff),
      default: 0,
    }),
    allowAny: flag({
      flags: '--allow_any',
      description: 'agree that a proxy of type Any can move all that the account has',
    }),
    ...signing,
  },
  examples: [
    'proxy_add -w cold --delegate wallet:daily --type Staking',
    'stake --amount 10 -w daily --proxy wallet:cold --wallet.hotkey validator',
  ],
  notes:
    'The proxy signs with its own key and pays the fees; the money is that of the account. A small deposit is reserved until the proxy is removed.',

  async run(ctx, values) {
    const wallet = await spendingWallet(ctx, { name: values.walletName }, values)
    const account = { name: wallet.name, address: await wallet.coldkeypubAddress() }
    const delegate = await resolveDestination(ctx, values.delegate)
    const done = await transact(ctx, {
      title: 'Add a proxy',
      wallet,
      key: 'coldkey',
      values,
      plan: (planning) => planProxyAdd(planning, { ...values, account, delegate }),
    })
    return { ...done, account, delegate, commandLine: ctx.commandLine() }
  },

  render: {
    table: (done, { style }) =>
      singleText(done, style, {
        headline: `${done.delegate.name || done.delegate.address} may act for ${done.account.name} now`,
        changes: (before, after) => [
          { label: `${done.account.name}, free`, before: before.free, after: after.free },
        ],
      }),
    json: (done) => ({
      account: done.account.address,
      delegate: done.delegate.address,
      ...singleJson(done),
    }),
  },
})
