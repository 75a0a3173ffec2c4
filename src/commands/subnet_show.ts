/** `btcli subnet_show`: one subnet with its token, its pool and the stake of its neurons. */
import { alphaCell, ratioCell, taoCell } from '../cli/cells.js'
import type { Context } from '../cli/context.js'
import { defineCommand } from '../cli/define.js'
import { delegateNames, noNames } from '../cli/delegateNames.js'
import { askNetuid } from '../cli/netuid.js'
import { taoFixed } from '../cli/numbers.js'
import { block, netuid, watch } from '../cli/options.js'
import { type SortKeys, sortBy, sorted, sortOrder } from '../cli/sortBy.js'
import type { Cell, Column, View } from '../cli/table.js'
import { count } from '../cli/text.js'
import { type DynamicSubnet, readDynamicSubnet, readStakeWeights } from '../core/chain/dynamic.js'
import { readNeurons } from '../core/chain/neurons.js'
import { priceRao } from '../core/chain/prices.js'
import { readSubnet } from '../core/chain/subnets.js'
import type { ChainView, SubnetInfo } from '../core/chain/types.js'
import type { Ss58 } from '../core/keys/ss58.js'
import { U16_MAX } from '../core/units.js'

export const subnetShow = defineCommand({
  name: 'subnet_show',
  summary: 'Show a subnet: token, pool and the stake of its neurons.',
  options: { netuid: { ...netuid, ask: askNetuid }, sortBy, sortOrder, noNames, block, watch },
  examples: ['subnet_show --netuid 3', 'subnet_show -n 0', 'subnet_show -n 3 --json_output'],
  notes:
    'STAKE is what counts on the subnet: ALPHA on it and TAO on root, weighed. On root there is τ only. metagraph shows ranks and trust.',

  async run(ctx, values) {
    const view = await ctx.head()
    const [info, dynamic, rows] = await ctx.progress(
      `Reading subnet ${values.netuid} from ${view.network}`,
      async () => {
        const subnet = await readSubnet(view, values.netuid)
        const isDtao = view.era === 'dtao'
        return Promise.all([
          subnet,
          isDtao ? readDynamicSubnet(view, values.netuid) : undefined,
          isDtao ? readStakeWeights(view, values.netuid) : classicRows(view, values.netuid),
        ])
      },
    )
    const names = await namesOf(ctx, rows, values)
    const byStake = rows.toSorted((a, b) => (a.totalStake < b.totalStake ? 1 : -1))
    return {
      network: view.network,
      block: view.block.number,
      info,
      dynamic,
      rows: values.sortBy ? sorted(rows, SORT_KEYS, values.sortBy, values.sortOrder) : byStake,
      names,
    }
  },

  render: {
    table: (data, view) => [
      {
        title: titleOf(data),
        columns: columns(data, view),
        rows: data.rows.map((row) => cells(data, row)),
        shared: { netuid: data.info.netuid },
        note: `${count(data.rows.length, 'neuron')}, by stake ${view.style.sign.dot} ${data.network} ${view.style.sign.dot} block ${data.block}`,
        empty: `Subnet ${data.info.netuid} has no neurons.`,
      },
      factsText(data, view),
    ],
    json: (data) => ({
      netuid: data.info.netuid,
      block: data.block,
      name: data.dynamic?.name || null,
      symbol: data.dynamic?.symbol || null,
      owner: data.info.owner ?? null,
      ownerHotkey: data.dynamic?.ownerHotkey ?? null,
      tempo: data.info.tempo,
      blocksSinceLastStep: data.info.blocksSinceLastStep,
      burnRao: `${data.info.burn}`,
      priceRao: data.dynamic ? priceRao(data.dynamic.price) : null,
      taoInRao: data.dynamic?.taoIn ?? null,
      alphaInRao: data.dynamic?.alphaIn ?? null,
      alphaOutRao: data.dynamic?.alphaOut ?? null,
      emissionRao: data.dynamic?.emission ?? data.info.emission,
      volumeRao: data.dynamic?.volume ?? null,
      registeredAt: data.dynamic?.registeredAt ?? null,
      identity: data.dynamic?.identity
        ? Object.fromEntries(
            Object.entries(data.dynamic.identity).map(([key, text]) => [key, text ?? null]),
          )
        : null,
      neurons: data.rows.map((row) => ({
        uid: row.uid,
        hotkey: row.hotkey,
        coldkey: row.coldkey,
        identity: data.names.get(row.hotkey) ?? null,
        stakeRao: row.totalStake,
        alphaStakeRao: row.alphaStake ?? null,
        taoStakeRao: row.taoStake ?? null,
        dividends: row.dividends / U16_MAX,
        incentive: row.incentive / U16_MAX,
        emissionRao: row.emission,
        validatorPermit: row.validatorPermit,
      })),
    }),
  },
})

type Row = {
  readonly uid: number
  readonly hotkey: Ss58
  readonly coldkey: Ss58
  readonly totalStake: bigint
  /** Undefined on classic chains. */
  readonly alphaStake?: bigint
  readonly taoStake?: bigint
  readonly dividends: number
  readonly incentive: number
  readonly emission: bigint
  readonly validatorPermit: boolean
}

type Data = {
  readonly network: string
  readonly block: number
  readonly info: SubnetInfo
  readonly dynamic: DynamicSubnet | undefined
  readonly rows: readonly Row[]
  readonly names: ReadonlyMap<Ss58, string>
}

const SORT_KEYS: SortKeys<Row> = {
  uid: (row) => row.uid,
  stake: (row) => row.totalStake,
  alpha: (row) => row.alphaStake ?? 0n,
  tao: (row) => row.taoStake ?? 0n,
  dividends: (row) => row.dividends,
  incentive: (row) => row.incentive,
  emission: (row) => row.emission,
  hotkey: (row) => row.hotkey,
  coldkey: (row) => row.coldkey,
}

async function classicRows(view: ChainView, subnet: number): Promise<Row[]> {
  const neurons = await readNeurons(view, subnet)
  return neurons.map((neuron) => ({ ...neuron, totalStake: neuron.stake }))
}

async function namesOf(
  ctx: Context,
  rows: readonly Row[],
  values: { readonly noNames: boolean },
): Promise<ReadonlyMap<Ss58, string>> {
  const known = await delegateNames(
    ctx,
    rows.map(({ hotkey, coldkey }) => ({ hotkey, owner: coldkey })),
    values,
  )
  return new Map(
    rows.flatMap(({ hotkey }) => {
      const name = known.get(hotkey)?.name
      return name === undefined ? [] : [[hotkey, name] as const]
    }),
  )
}

function titleOf({ network, info, dynamic }: Data): string {
  const name = [dynamic?.symbol, dynamic?.name].filter(Boolean).join(' ')
  return `Subnet ${info.netuid}${name === '' ? '' : ` ${name}`} - ${network}`
}

function hasToken({ info, dynamic }: Data): boolean {
  return dynamic !== undefined && info.netuid !== 0
}

function columns(data: Data, { style }: View): Column[] {
  const { tao } = style.sign
  const unit = hasToken(data) ? '' : `(${tao})`
  const sum = (of: (row: Row) => bigint) =>
    taoFixed(
      data.rows.reduce((total, row) => total + of(row), 0n),
      5,
    )
  return [
    { title: 'UID', align: 'right' },
    { title: `STAKE${unit}`, align: 'right', footer: sum((row) => row.totalStake) },
    ...(hasToken(data)
      ? [
          {
            title: 'ALPHA',
            align: 'right',
            optional: 3,
            footer: sum((row) => row.alphaStake ?? 0n),
          } satisfies Column,
          {
            title: `ROOT(${tao})`,
            align: 'right',
            optional: 4,
            footer: sum((row) => row.taoStake ?? 0n),
          } satisfies Column,
        ]
      : []),
    { title: 'DIVIDENDS', align: 'right', optional: 2 },
    { title: 'INCENTIVE', align: 'right', optional: 1 },
    { title: `EMISSION${unit}`, align: 'right', footer: sum((row) => row.emission) },
    { title: 'VPERMIT', align: 'center', optional: 5 },
    { title: 'HOTKEY', address: true },
    { title: 'COLDKEY', address: true, optional: 6 },
    { title: 'IDENTITY', optional: 7 },
  ]
}

function cells(data: Data, row: Row): Cell[] {
  const amount = hasToken(data) ? alphaCell : taoCell
  return [
    row.uid,
    amount(row.totalStake, 5),
    ...(hasToken(data) ? [alphaCell(row.alphaStake, 5), taoCell(row.taoStake, 5)] : []),
    ratioCell(row.dividends),
    ratioCell(row.incentive),
    amount(row.emission, 5),
    { text: row.validatorPermit ? '*' : '', exact: row.validatorPermit },
    row.hotkey,
    row.coldkey,
    data.names.get(row.hotkey),
  ]
}

function factsText({ info, dynamic }: Data, { style }: View): string {
  const { tao } = style.sign
  const lines: (readonly [string, string])[] = [
    ['owner', info.owner ?? 'nobody'],
    ['tempo', `${info.blocksSinceLastStep} of ${info.tempo + 1} blocks`],
    ['registration', `${tao}${taoFixed(info.burn, 9)}`],
  ]
  if (dynamic && info.netuid !== 0) {
    lines.push(
      ['price', `${tao}${taoFixed(priceRao(dynamic.price), 9)}`],
      [
        'pool',
        `${tao}${taoFixed(dynamic.taoIn, 5)} and ${taoFixed(dynamic.alphaIn, 5)} ${dynamic.symbol}`,
      ],
      ['staked', `${taoFixed(dynamic.alphaOut, 5)} ${dynamic.symbol}`],
      ['emission', `${tao}${taoFixed(dynamic.emission, 9)} a block into the pool`],
    )
  }
  const identity = dynamic?.identity
  for (const [label, text] of [
    ['url', identity?.url],
    ['github', identity?.githubRepo],
    ['contact', identity?.contact],
    ['about', identity?.description],
  ] as const) {
    if (text) lines.push([label, text])
  }
  return lines.map(([label, text]) => `${label.padEnd(12)}  ${text}`).join('\n')
}
