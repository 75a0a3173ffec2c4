/** `btcli hyperparameters`: the settings of one subnet, raw and as what they mean. */
import { defineCommand } from '../cli/define.js'
import { HYPERPARAMETERS, normalize, shown } from '../cli/hyperparameterTexts.js'
import { askNetuid } from '../cli/netuid.js'
import { block, netuid } from '../cli/options.js'
import { count } from '../cli/text.js'
import { readHyperparameters } from '../core/chain/subnets.js'
import { type Setter, setterOf } from '../core/plans/hyperparameterPlan.js'

export const hyperparameters = defineCommand({
  name: 'hyperparameters',
  summary: 'Show the settings of a subnet.',
  options: { netuid: { ...netuid, ask: askNetuid }, block },
  examples: ['hyperparameters --netuid 1', 'hyperparameters -n 1 --json_output'],
  notes:
    'VALUE is as the chain has it, NORMALIZED what it means: a share, τ or a span of time. SET BY says whether the owner of the subnet may change it, or root only: hyperparameter_set.',

  async run(ctx, values) {
    const { blockTimeMs } = await ctx.chain()
    const view = await ctx.head()
    const found = await readHyperparameters(view, values.netuid)
    const rows = Object.entries(found).flatMap(([name, value]): Row[] =>
      value === undefined
        ? []
        : [
            {
              name,
              value,
              normalized: normalize(name, value),
              about: HYPERPARAMETERS[name]?.about,
              setter: setterOf(view, name),
            },
          ],
    )
    return {
      network: view.network,
      block: view.block.number,
      netuid: values.netuid,
      blockTimeMs,
      rows: rows.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    }
  },

  render: {
    table: ({ network, block, netuid: subnet, blockTimeMs, rows }, { style }) => ({
      title: `Hyperparameters - ${network}:${subnet}`,
      columns: [
        { title: 'HYPERPARAMETER' },
        { title: 'VALUE', align: 'right' },
        { title: 'NORMALIZED', align: 'right' },
        { title: 'SET BY', optional: 1 },
        { title: 'DESCRIPTION', optional: 2 },
      ],
      rows: rows.map((row) => [
        row.name,
        { text: `${row.value}`, exact: row.value },
        { text: shown(row, blockTimeMs, style.sign.tao), exact: row.normalized },
        row.setter === 'nobody' ? '' : row.setter,
        row.about,
      ]),
      note: `${count(rows.length, 'setting')} ${style.sign.dot} netuid ${subnet} ${style.sign.dot} block ${block}`,
    }),
    json: ({ netuid: subnet, block, rows }) => ({
      netuid: subnet,
      block,
      hyperparameters: rows.map(({ name, value, normalized, about, setter }) => ({
        name,
        value: typeof value === 'bigint' ? `${value}` : value,
        normalized: normalized ?? null,
        unit: HYPERPARAMETERS[name]?.kind ?? 'plain',
        setBy: setter === 'nobody' ? null : setter,
        description: about ?? null,
      })),
    }),
  },
})

type Value = number | bigint | boolean
type Row = {
  readonly name: string
  readonly value: Value
  /** A share from 0 to 1; undefined for what is no share. */
  readonly normalized: number | undefined
  readonly about: string | undefined
  /** Who may change it. */
  readonly setter: Setter
}
