/** `btcli swap_check`: coldkey swaps that wait. */
import { defineCommand, flag, list } from '../cli/define.js'
import { block, walletName } from '../cli/options.js'
import { count } from '../cli/text.js'
import { localWallets } from '../cli/wallets.js'
import { parseAccount } from '../core/keys/ss58.js'
import { type PendingSwap, readPendingSwap } from '../core/plans/coldkeySwapPlan.js'
import { spanText } from '../core/plans/texts.js'

export const swapCheck = defineCommand({
  name: 'swap_check',
  summary: 'Show coldkey swaps that wait.',
  options: {
    all: flag({ flags: '--all', description: 'all wallets' }),
    ss58: list({
      flags: '--ss58, --coldkey_ss58 <address...>',
      description: 'these coldkeys instead of a wallet',
      parse: (text) => parseAccount(text).address,
      address: 'account',
    }),
    walletName: {
      ...walletName,
      askWhen: (soFar) =>
        soFar['all'] !== true && !(Array.isArray(soFar['ss58']) && soFar['ss58'].length > 0),
    },
    block,
  },
  examples: ['swap_check -w alice', 'swap_check --all', 'swap_check --ss58 5Grw… --json_output'],
  notes:
    'A swap that you did not announce means that somebody else has your coldkey: dispute it with swap_coldkey.',

  async run(ctx, values) {
    const coldkeys =
      values.ss58.length > 0
        ? values.ss58
        : (await localWallets(ctx, values.all ? undefined : values.walletName)).flatMap(
            ({ coldkey }) => coldkey ?? [],
          )
    const { blockTimeMs } = await ctx.chain()
    const view = await ctx.head()
    const swaps = await Promise.all(coldkeys.map((coldkey) => readPendingSwap(view, coldkey)))
    return {
      network: view.network,
      block: view.block.number,
      blockTimeMs,
      checked: coldkeys.length,
      swaps: swaps.flatMap((swap) => swap ?? []),
    }
  },

  render: {
    table: ({ network, block, blockTimeMs, checked, swaps }, { style }) => ({
      title: `Coldkey swaps - ${network}`,
      columns: [
        { title: 'COLDKEY', address: true },
        { title: 'NEW COLDKEY', address: true },
        { title: 'BLOCK', align: 'right' },
        { title: 'STATE' },
      ],
      rows: swaps.map((swap) => [
        swap.coldkey,
        swap.newColdkey ?? swap.newColdkeyHash,
        swap.block,
        stateText(swap, block, blockTimeMs),
      ]),
      note: `${count(swaps.length, 'swap')} of ${count(checked, 'coldkey')} ${style.sign.dot} block ${block}`,
      empty: `No swap waits for ${checked === 1 ? 'this coldkey' : `these ${checked} coldkeys`}.`,
    }),
    json: ({ block, swaps }) => ({
      block,
      swaps: swaps.map((swap) => ({
        coldkey: swap.coldkey,
        newColdkey: swap.newColdkey ?? null,
        newColdkeyHash: swap.newColdkeyHash ?? null,
        block: swap.block ?? null,
        disputed: swap.isDisputed,
      })),
    }),
  },
})

function stateText(swap: PendingSwap, block: number, blockTimeMs: number): string {
  if (swap.isDisputed) return 'disputed'
  if (swap.block === undefined) return 'scheduled'
  const left = swap.block - block
  return left > 0 ? `in ${left} blocks (≈ ${spanText(left * blockTimeMs)})` : 'due'
}
