/** `btcli root_weights`: what members of root give to each subnet. */

import { defineCommand, flag } from '../cli/define.js'
import { delegateNames, noNames } from '../cli/delegateNames.js'
import { block } from '../cli/options.js'
import type { Cell } from '../cli/table.js'
import { count } from '../cli/text.js'
import { type WeightRow, weightRowsOf } from '../cli/weightRows.js'
import { readOwners } from '../core/chain/stake.js'
import { existingSubnet } from '../core/chain/subnets.js'
import { shortAddress } from '../core/plans/texts.js'

export const rootWeights = defineCommand({
  name: 'root_weights',
  summary: 'Show the weights that root members give to subnets.',
  options: {
    raw: flag({ flags: '--raw', description: 'values of 65535 instead of shares of the row' }),
    noNames,
    block,
  },
  examples: ['root_weights', 'root_weights --raw --json_output'],
  notes:
    'A column per subnet; a cell is its share of what the member gives. Weights are set with btcli set_weights --netuid 0. Since dTAO root takes none: emission goes by the prices of tokens.',

  async run(ctx, values) {
    const view = await ctx.head()
    await existingSubnet(view, 0)
    const { rows, targets } = await ctx.progress(`Reading root weights from ${view.network}`, () =>
      weightRowsOf(view, 0, 'Weights'),
    )
    const owners = await readOwners(
      view,
      rows.map(({ hotkey }) => hotkey),
    )
    const names = await delegateNames(
      ctx,
      rows.map(({ hotkey }, i) => ({ hotkey, owner: owners[i] })),
      values,
    )
    return {
      network: view.network,
      block: view.block.number,
      era: view.era,
      raw: values.raw,
      targets,
      rows: rows.map((row) => ({ ...row, name: names.get(row.hotkey)?.name })),
    }
  },

  render: {
    table: ({ network, block, era, raw, targets, rows }, view) => ({
      title: `Root weights - ${network}`,
      columns: [
        { title: 'UID', align: 'right' },
        { title: 'NAME' },
        { title: 'HOTKEY', address: true },
        ...targets.map((netuid, i) => ({
          title: `SN${netuid}`,
          align: 'right' as const,
          optional: i + 1,
        })),
      ],
      rows: rows.map((row): Cell[] => [
        row.uid,
        row.name,
        view.wide || view.width >= 160 ? row.hotkey : shortAddress(row.hotkey),
        ...targets.map((netuid) => share(row, netuid, raw)),
      ]),
      note: [
        count(rows.length, 'member'),
        `block ${block}`,
        ...(era === 'dtao' ? ['since dTAO emission goes by price, not by root'] : []),
      ].join(` ${view.style.sign.dot} `),
      empty: 'The root network has no members.',
    }),
    json: ({ block, rows }) => ({
      netuid: 0,
      block,
      weights: rows.map(({ uid, hotkey, name, weights }) => ({
        uid,
        hotkey,
        name: name ?? null,
        weights,
      })),
    }),
  },
})

function share({ weights }: WeightRow, netuid: number, raw: boolean): Cell {
  const value = weights.find(([target]) => target === netuid)?.[1] ?? 0
  if (raw) return value
  const total = weights.reduce((sum, [, one]) => sum + one, 0)
  const part = total === 0 ? 0 : value / total
  return { text: `${(100 * part).toFixed(2)}%`, exact: part }
}
