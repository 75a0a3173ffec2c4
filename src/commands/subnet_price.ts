/** `btcli subnet_price`: prices of subnet tokens over time. */

import { taoCell } from '../cli/cells.js'
import { chart, sparkline } from '../cli/chart.js'
import type { Context } from '../cli/context.js'
import { defineCommand, flag, list, option } from '../cli/define.js'
import { taoFixed } from '../cli/numbers.js'
import { parseNetuid, wholeNumber } from '../cli/options.js'
import { count } from '../cli/text.js'
import { readSubnetIdentities } from '../core/chain/identities.js'
import { priceRao, readPrices } from '../core/chain/prices.js'
import { readNetuids, subnetNotFound } from '../core/chain/subnets.js'
import { BittensorError } from '../core/errors.js'
import { largest, smallest } from '../core/plans/extremes.js'
import { spanText } from '../core/plans/texts.js'

/** Points of a chart, and how many blocks are read at the same time. */
const MOST_POINTS = 48
const AT_ONCE = 8

export const subnetPrice = defineCommand({
  name: 'subnet_price',
  summary: 'Show prices of subnet tokens over time.',
  options: {
    netuid: list({
      flags: '-n, --netuid, --netuids <n...>',
      description: 'these subnets (default: all)',
      parse: parseNetuid,
    }),
    blocks: option({
      flags: '--blocks <n>',
      description: 'how far to look back (default: a day)',
      parse: (text) => wholeNumber(text, 1, 10_000_000),
    }),
    points: option({
      flags: '--points <n>',
      description: 'prices to read in that time (default: 24)',
      parse: (text) => wholeNumber(text, 2, MOST_POINTS),
      default: 24,
    }),
    current: flag({ flags: '--current', description: 'the price now only' }),
  },
  examples: [
    'subnet_price --netuid 3',
    'subnet_price --current',
    'subnet_price -n 3 --blocks 50400',
  ],
  notes:
    'Nodes keep the state of the last 256 blocks only; for older prices use --subtensor.network archive.',

  async run(ctx, values) {
    const client = await ctx.chain()
    const view = await ctx.head()
    if (view.era === 'classic') {
      throw new BittensorError(
        'RUNTIME_UNSUPPORTED',
        `subnets of this chain (spec ${view.specVersion}) have no token`,
        { details: 'prices came with dTAO in February 2025' },
      )
    }
    const all = (await readNetuids(view)).filter((netuid) => netuid !== 0)
    const unknown = values.netuid.find((netuid) => netuid !== 0 && !all.includes(netuid))
    if (unknown !== undefined) throw await subnetNotFound(view, unknown)
    const netuids = values.netuid.length > 0 ? values.netuid : all
    const day = Math.round(86_400_000 / client.blockTimeMs)
    const span = Math.min(values.blocks ?? day, view.block.number - 1)
    const blocks = values.current
      ? [view.block.number]
      : blocksOf(view.block.number, span, values.points)
    const [identities, points] = await Promise.all([
      readSubnetIdentities(view, netuids),
      ctx.progress(`Reading ${count(blocks.length, 'block')} from ${view.network}`, () =>
        readHistory(ctx, blocks, netuids),
      ),
    ])
    const [first] = points
    const missing = blocks.length - points.length
    if (missing > 0) {
      ctx.warn(
        `the node no longer keeps ${missing} of ${blocks.length} blocks; --subtensor.network archive does`,
      )
    }
    return {
      network: view.network,
      block: view.block.number,
      spanMs: first === undefined ? 0 : (view.block.number - first.block) * client.blockTimeMs,
      subnets: netuids.map((netuid) => ({
        netuid,
        name: identities.get(netuid)?.name,
        prices: points.map(({ block, prices }) => ({ block, price: prices.get(netuid) ?? 0n })),
      })),
    }
  },

  render: {
    table: ({ network, block, spanMs, subnets }, view) => {
      const { style } = view
      const note = `${network} ${style.sign.dot} block ${block}${spanMs > 0 ? ` ${style.sign.dot} ${spanText(spanMs)} back` : ''}`
      const [only] = subnets
      if (subnets.length === 1 && only && only.prices.length > 1) {
        const name = only.name === undefined ? '' : ` ${only.name}`
        return [
          `Price of subnet ${only.netuid}${name} in ${style.sign.tao}`,
          chart(
            only.prices.map(({ price }) => price),
            { width: Math.min(view.width, 100), ascii: style.ascii },
          ),
          `${style.sign.tao}${taoFixed(lastOf(only), 9)} now, ${changeText(only)}; low ${taoFixed(lowest(only), 9)}, high ${taoFixed(highest(only), 9)}`,
          note,
        ]
      }
      const hasHistory = spanMs > 0
      return {
        title: `Prices - ${network}`,
        columns: [
          { title: 'NETUID', align: 'right' },
          { title: 'NAME', optional: 1 },
          { title: `PRICE(${style.sign.tao})`, align: 'right' },
          ...(hasHistory
            ? [
                { title: 'CHANGE', align: 'right' } as const,
                { title: `LOW(${style.sign.tao})`, align: 'right', optional: 3 } as const,
                { title: `HIGH(${style.sign.tao})`, align: 'right', optional: 4 } as const,
                { title: 'HISTORY', optional: 2 },
              ]
            : []),
        ],
        rows: subnets.map((subnet) => [
          subnet.netuid,
          subnet.name,
          taoCell(lastOf(subnet), 9),
          ...(hasHistory
            ? [
                { text: changeText(subnet), exact: changeOf(subnet) ?? null },
                taoCell(lowest(subnet), 9),
                taoCell(highest(subnet), 9),
                sparkline(
                  subnet.prices.map(({ price }) => price),
                  style.ascii,
                ),
              ]
            : []),
        ]),
        note,
        empty: 'There are no subnets with a token.',
      }
    },
    json: ({ block, subnets }) => ({
      block,
      subnets: subnets.map((subnet) => ({
        netuid: subnet.netuid,
        name: subnet.name ?? null,
        priceRao: lastOf(subnet),
        change: changeOf(subnet) ?? null,
        lowRao: lowest(subnet),
        highRao: highest(subnet),
        history: subnet.prices.map((point) => ({ block: point.block, priceRao: point.price })),
      })),
    }),
  },
})

type Priced = { readonly prices: readonly { readonly block: number; readonly price: bigint }[] }

/** Blocks at equal distances, the newest last. */
function blocksOf(newest: number, span: number, points: number): number[] {
  const n = Math.max(2, Math.min(points, span + 1))
  const blocks = Array.from(
    { length: n },
    (_, i) => newest - Math.round((span * (n - 1 - i)) / (n - 1)),
  )
  return [...new Set(blocks)]
}

type Point = { readonly block: number; readonly prices: ReadonlyMap<number, bigint> }

/** Prices at each block that the node still has; those of the newest have to be there. */
async function readHistory(
  ctx: Context,
  blocks: readonly number[],
  netuids: readonly number[],
): Promise<Point[]> {
  const client = await ctx.chain()
  const points: Point[] = []
  for (let i = blocks.length; i > 0; i -= AT_ONCE) {
    const some = blocks.slice(Math.max(0, i - AT_ONCE), i)
    const read = await Promise.all(
      some.map(async (block): Promise<Point | undefined> => {
        try {
          const view = await client.at(block)
          if (view.era === 'classic') return undefined
          const prices = await readPrices(view, netuids)
          return {
            block,
            prices: new Map([...prices].map(([netuid, price]) => [netuid, priceRao(price)])),
          }
        } catch (error) {
          const isOld = error instanceof BittensorError && block !== blocks.at(-1)
          if (isOld && error.code === 'CONNECTION') return undefined
          throw error
        }
      }),
    )
    const found = read.flatMap((point) => point ?? [])
    points.unshift(...found)
    // What is older still is not there either.
    if (found.length < some.length) break
  }
  return points
}

function lastOf({ prices }: Priced): bigint {
  return prices.at(-1)?.price ?? 0n
}

function lowest({ prices }: Priced): bigint {
  return smallest(prices[0]?.price ?? 0n, ...prices.map(({ price }) => price))
}

function highest({ prices }: Priced): bigint {
  return largest(0n, ...prices.map(({ price }) => price))
}

/** Against the first price, as a share; undefined if that is not known. */
function changeOf({ prices }: Priced): number | undefined {
  const first = prices[0]?.price
  const last = prices.at(-1)?.price
  if (prices.length < 2 || first === undefined || first === 0n || last === undefined)
    return undefined
  return Number(((last - first) * 1_000_000n) / first) / 1_000_000
}

function changeText(subnet: Priced): string {
  const change = changeOf(subnet)
  if (change === undefined) return ''
  const percent = (change * 100).toFixed(2)
  // A change of less than the last digit is none, and has no sign.
  if (Number(percent) === 0) return '0.00 %'
  return `${change > 0 ? '+' : ''}${percent} %`
}
