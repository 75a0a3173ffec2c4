/** `btcli hyperparameters`: the settings of one subnet, raw and as what they mean. */
import { defineCommand } from '../cli/define.js'
import { HYPERPARAMETERS } from '../cli/hyperparameterTexts.js'
import { askNetuid } from '../cli/netuid.js'
import { taoFixed } from '../cli/numbers.js'
import { block, netuid } from '../cli/options.js'
import { count } from '../cli/text.js'
import { readHyperparameters } from '../core/chain/subnets.js'
import { spanText } from '../core/plans/texts.js'
import { U16_MAX } from '../core/units.js'

export const hyperparameters = defineCommand({
  name: 'hyperparameters',
  summary: 'Show the settings of a subnet.',
  options: { netuid: { ...netuid, ask: askNetuid }, block },
  examples: ['hyperparameters --netuid 1', 'hyperparameters -n 1 --json_output'],
  notes: 'VALUE is as the chain has it, NORMALIZED what it means: a share, τ or a span of time.',

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
        { title: 'DESCRIPTION', optional: 1 },
      ],
      rows: rows.map((row) => [
        row.name,
        { text: `${row.value}`, exact: row.value },
        { text: shown(row, blockTimeMs, style.sign.tao), exact: row.normalized },
        row.about,
      ]),
      note: `${count(rows.length, 'setting')} ${style.sign.dot} netuid ${subnet} ${style.sign.dot} block ${block}`,
    }),
    json: ({ netuid: subnet, block, rows }) => ({
      netuid: subnet,
      block,
      hyperparameters: rows.map(({ name, value, normalized, about }) => ({
        name,
        value: typeof value === 'bigint' ? `${value}` : value,
        normalized: normalized ?? null,
        unit: HYPERPARAMETERS[name]?.kind ?? 'plain',
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
}

const SCALES: Readonly<Record<string, number>> = {
  ratio: U16_MAX,
  ratio64: 2 ** 64,
  millionth: 1_000_000,
}

function normalize(name: string, value: Value): number | undefined {
  const scale = SCALES[HYPERPARAMETERS[name]?.kind ?? '']
  return scale === undefined || typeof value === 'boolean' ? undefined : Number(value) / scale
}

function shown({ name, value, normalized }: Row, blockTimeMs: number, tao: string): string {
  const kind = HYPERPARAMETERS[name]?.kind
  if (normalized !== undefined) return normalized.toFixed(5)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (kind === 'tao') return `${tao}${taoFixed(BigInt(value), 9)}`
  if (kind === 'blocks') return `≈ ${spanText(Number(value) * blockTimeMs)}`
  return `${value}`
}
