/** `btcli claim_get`: root dividends that can be claimed, and what becomes of them. */
import { alphaCell } from '../cli/cells.js'
import { defineCommand, option } from '../cli/define.js'
import { block, walletName } from '../cli/options.js'
import { openColdkey } from '../cli/parties.js'
import type { RootClaim } from '../core/chain/rootClaims.js'
import { parseAccount } from '../core/keys/ss58.js'
import { claimTypeText, readClaims } from '../core/plans/rootClaimPlan.js'

export const claimGet = defineCommand({
  name: 'claim_get',
  summary: 'Show root dividends that can be claimed.',
  options: {
    ss58: option({
      flags: '--ss58 <address>',
      description: 'this coldkey instead of a wallet',
      parse: (text) => parseAccount(text).address,
      address: 'account',
    }),
    walletName: { ...walletName, askWhen: (soFar) => soFar['ss58'] === undefined },
    block,
  },
  examples: ['claim_get -w alice', 'claim_get --ss58 5Grw… --json_output'],
  notes:
    'Stake on root earns tokens of the subnets. They are claimed by themselves now and then, or at once with claim_process; claim_set decides what becomes of them. Since spec 441 they wait in a basket of each validator until claim_process claims them as τ on root.',

  async run(ctx, values) {
    const coldkey = values.ss58 ?? (await openColdkey(ctx, values)).wallet.address
    const view = await ctx.head()
    const found = await readClaims(view, coldkey)
    return { network: view.network, block: view.block.number, coldkey, ...found }
  },

  render: {
    table: ({ network, block, coldkey, type, claims }, { style }) => [
      `Root dividends of ${coldkey} are ${claimTypeText(type)}.`,
      {
        columns: [
          { title: 'NETUID', align: 'right' },
          { title: 'HOTKEY', address: true },
          { title: `CLAIMABLE(${unitOf(claims)})`, align: 'right' },
          { title: `LEAST(${unitOf(claims)})`, align: 'right', optional: 1 },
        ],
        rows: claims.map(({ netuid, hotkey, claimable, threshold }) => [
          netuid,
          hotkey,
          alphaCell(claimable, 9),
          alphaCell(threshold, 9),
        ]),
        shared: { coldkey },
        note: `${network} ${style.sign.dot} block ${block}`,
        empty: 'There is nothing to claim.',
      },
    ],
    json: ({ block, coldkey, type, claims }) => ({
      coldkey,
      block,
      claimType: type.type,
      keepSubnets: type.type === 'KeepSubnets' ? type.subnets : null,
      claims: claims.map(({ hotkey, netuid, claimable, threshold }) => ({
        hotkey,
        netuid,
        claimableAlphaRao: claimable,
        thresholdAlphaRao: threshold,
      })),
    }),
  },
})

/** Baskets of validators pay τ on root. */
function unitOf(claims: readonly RootClaim[]): string {
  return claims.some(({ netuid }) => netuid === 0) ? 'τ' : 'α'
}
