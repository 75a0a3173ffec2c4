/** `btcli stake_swap`: swap stake of one subnet into another, on the same hotkey. */
import { defineCommand, option } from '../cli/define.js'
import {
  type MoveDone,
  moveAmounts,
  moveJson,
  moveOptions,
  moveText,
  wantedAlpha,
} from '../cli/moveCommand.js'
import { askNetuidTo } from '../cli/netuid.js'
import { parseNetuid, signing } from '../cli/options.js'
import { openParties, partyOptions } from '../cli/parties.js'
import { swapOptions } from '../cli/swapOptions.js'
import { transact } from '../cli/transact.js'
import { planMove } from '../core/plans/movePlan.js'

export const stakeSwap = defineCommand({
  name: 'stake_swap',
  summary: 'Swap stake of one subnet into another.',
  usage: '--origin_netuid N --dest_netuid M (--amount_alpha A | --all) [options]',
  options: {
    ...partyOptions,
    originNetuid: moveOptions.originNetuid,
    destNetuid: option({
      flags: '-d, --dest_netuid, --destination_netuid <n>',
      description: 'subnet in which it shall be; 0 is root',
      parse: parseNetuid,
      ask: askNetuidTo('to swap into'),
    }),
    ...moveAmounts,
    ...swapOptions,
    ...signing,
  },
  examples: [
    'stake_swap -w alice -H validator --origin_netuid 3 --dest_netuid 7 --amount_alpha 10',
    'stake_swap -w alice -H validator -o 3 -d 0 --all --tolerance 1% --dry_run',
  ],
  notes:
    'The alpha is sold for τ and that buys alpha of the other subnet. --tolerance bounds how far the ratio of both prices may move.',

  async run(ctx, values): Promise<MoveDone> {
    const { opened, wallet, hotkey } = await openParties(ctx, values)
    const from = { coldkey: wallet, hotkey, netuid: values.originNetuid }
    const to = { ...from, netuid: values.destNetuid }
    const terms = { ...values, kind: 'swap', from, to } as const
    const done = await transact(ctx, {
      title: 'Swap stake',
      wallet: opened,
      key: 'coldkey',
      values,
      plan: (planning) => planMove(planning, { ...terms, wanted: wantedAlpha(values) }),
    })
    return { ...done, verb: 'Swapped', from, to, commandLine: ctx.commandLine() }
  },

  render: { table: (done, { style }) => moveText(done, style), json: (done) => moveJson(done) },
})
