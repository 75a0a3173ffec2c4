/** `btcli auto_stake_get`: where mining rewards are staked. */
import { defineCommand, list, option } from '../cli/define.js'
import { block, parseNetuid, walletName } from '../cli/options.js'
import { openColdkey } from '../cli/parties.js'
import { existingSubnet, readNetuids } from '../core/chain/subnets.js'
import { parseAccount } from '../core/keys/ss58.js'
import { readAutoStake } from '../core/plans/autoStakePlan.js'

export const autoStakeGet = defineCommand({
  name: 'auto_stake_get',
  summary: 'Show to which hotkeys mining rewards are staked.',
  options: {
    ss58: option({
      flags: '--ss58 <address>',
      description: 'this coldkey instead of a wallet',
      parse: (text) => parseAccount(text).address,
      address: 'account',
    }),
    walletName: { ...walletName, askWhen: (soFar) => soFar['ss58'] === undefined },
    netuid: list({
      flags: '-n, --netuid <n...>',
      description: 'only these subnets (default: all)',
      parse: parseNetuid,
    }),
    block,
  },
  examples: ['auto_stake_get -w alice', 'auto_stake_get --ss58 5Grw… --netuid 3'],
  notes: 'Where nothing is set, rewards stay on the hotkey that earned them.',

  async run(ctx, values) {
    const coldkey = values.ss58 ?? (await openColdkey(ctx, values)).wallet.address
    const view = await ctx.head()
    await Promise.all(values.netuid.map((netuid) => existingSubnet(view, netuid)))
    const netuids = values.netuid.length > 0 ? values.netuid : await readNetuids(view)
    const hotkeys = await Promise.all(netuids.map((netuid) => readAutoStake(view, coldkey, netuid)))
    const rows = netuids.map((netuid, i) => ({ netuid, hotkey: hotkeys[i] }))
    return {
      network: view.network,
      block: view.block.number,
      coldkey,
      rows: values.netuid.length > 0 ? rows : rows.filter(({ hotkey }) => hotkey !== undefined),
    }
  },

  render: {
    table: ({ network, block, coldkey, rows }, { style }) => ({
      title: `Auto-stake of ${coldkey}`,
      columns: [
        { title: 'NETUID', align: 'right' },
        { title: 'HOTKEY', address: true },
      ],
      rows: rows.map(({ netuid, hotkey }) => [netuid, hotkey ?? 'the hotkey that earned it']),
      shared: { coldkey },
      note: `${network} ${style.sign.dot} block ${block}`,
      empty: 'Mining rewards stay on the hotkeys that earn them.',
    }),
    json: ({ block, coldkey, rows }) => ({
      coldkey,
      block,
      destinations: rows.map(({ netuid, hotkey }) => ({ netuid, hotkey: hotkey ?? null })),
    }),
  },
})
