/** `btcli identity_get`: what a coldkey says of itself on chain. */
import { defineCommand, option } from '../cli/define.js'
import { identityJson, identityTable } from '../cli/identityShow.js'
import { block, walletName } from '../cli/options.js'
import { openColdkey } from '../cli/parties.js'
import { readIdentities, requireIdentities } from '../core/chain/identities.js'
import { parseAccount } from '../core/keys/ss58.js'

export const identityGet = defineCommand({
  name: 'identity_get',
  summary: 'Show what a coldkey says of itself on chain.',
  options: {
    ss58: option({
      flags: '--ss58, --coldkey_ss58, --key <address>',
      description: 'this coldkey instead of a wallet',
      parse: (text) => parseAccount(text).address,
      address: 'account',
    }),
    walletName: { ...walletName, askWhen: (soFar) => soFar['ss58'] === undefined },
    block,
  },
  examples: ['identity_get -w alice', 'identity_get --ss58 5Grw… --json_output'],

  async run(ctx, values) {
    const coldkey = values.ss58 ?? (await openColdkey(ctx, values)).wallet.address
    const view = await ctx.head()
    requireIdentities(view, 'coldkeys')
    const identity = (await readIdentities(view, [coldkey])).get(coldkey)
    return { network: view.network, block: view.block.number, coldkey, identity }
  },

  render: {
    table: ({ network, block, coldkey, identity }, { style }) =>
      identityTable(
        `Identity of ${coldkey}`,
        identity,
        `${network} ${style.sign.dot} block ${block}`,
      ),
    json: ({ block, coldkey, identity }) => ({ coldkey, block, identity: identityJson(identity) }),
  },
})
