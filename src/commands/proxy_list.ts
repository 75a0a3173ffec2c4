/** `btcli proxy_list`: who may act for an account, and for whom it may act. */
import { defineCommand, flag, option } from '../cli/define.js'
import { parseDestination, resolveDestination } from '../cli/destination.js'
import { block, walletName } from '../cli/options.js'
import { count } from '../cli/text.js'
import { readProxied, readProxies } from '../core/chain/proxies.js'
import { formatTao } from '../core/units.js'
import { openWallet } from '../core/wallet/wallet.js'

export const proxyList = defineCommand({
  name: 'proxy_list',
  summary: 'List who may act for an account.',
  options: {
    walletName: { ...walletName, askWhen: (soFar) => soFar['account'] === undefined },
    account: option({
      flags: '--account, --ss58_address <account>',
      description:
        'account to look at, instead of the wallet: ss58, 0x public key, wallet:NAME or a name of the address book',
      parse: parseDestination,
      address: 'party',
    }),
    reverse: flag({
      flags: '--reverse, --acts_for',
      description: 'list the accounts for which it may act; reads the whole list of the chain',
    }),
    block,
  },
  examples: [
    'proxy_list -w cold',
    'proxy_list -w daily --reverse',
    'proxy_list --account 5Cold… --json',
  ],

  async run(ctx, values) {
    const account = values.account
      ? await resolveDestination(ctx, values.account)
      : await walletParty()
    const view = await ctx.head()
    if (values.reverse) {
      const rows = await readProxied(view, account.address)
      return {
        account,
        reverse: true,
        deposit: 0n,
        rows: rows.map(({ real, type, delay }) => ({ address: real, type, delay })),
      }
    }
    const { proxies, deposit } = await readProxies(view, account.address)
    const rows = proxies.map(({ delegate, type, delay }) => ({ address: delegate, type, delay }))
    return { account, reverse: false, deposit, rows }

    async function walletParty() {
      const wallet = openWallet({ root: ctx.paths.wallets, name: values.walletName })
      return { name: wallet.name, address: await wallet.coldkeypubAddress() }
    }
  },

  render: {
    table({ account, reverse, deposit, rows }) {
      const who = account.name || account.address
      return {
        columns: [
          { title: reverse ? 'ACTS FOR' : 'PROXY', address: true },
          { title: 'TYPE' },
          { title: 'DELAY', align: 'right' },
        ],
        rows: rows.map(({ address, type, delay }) => [address, type, delay]),
        note: reverse
          ? `${who} may act for ${count(rows.length, 'account')}`
          : `${count(rows.length, 'proxy', 'proxies')} of ${who}, deposit τ${formatTao(deposit)}`,
        empty: reverse ? `${who} may act for nobody.` : `Nobody may act for ${who}.`,
      }
    },
    json: ({ account, reverse, deposit, rows }) => ({
      account: account.address,
      reverse,
      depositRao: reverse ? null : deposit,
      proxies: rows,
    }),
  },
})
