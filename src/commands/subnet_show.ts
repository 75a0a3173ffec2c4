/** `btcli subnet_show`: one subnet with its token, its pool and the stake of its neurons. */
import { alphaCell, ratioCell, starCell, taoCell } from '../cli/cells.js'
import type { Context } from '../cli/context.js'
import { defineCommand } from '../cli/define.js'
import { delegateNames, noNames } from '../cli/delegateNames.js'
import { askNetuid } from '../cli/netuid.js'
import {
  countedStake,
  neuronJson,
  neuronSortKeys,
  stakeCells,
  stakeColumns,
  subnetName,
  symbolOf,
} from '../cli/neuron.js'
import { taoFixed } from '../cli/numbers.js'
import { block, mechanism, netuid, watch } from '../cli/options.js'
import { sortBy, sorted, sortOrder } from '../cli/sortBy.js'
import type { Cell, Column, View } from '../cli/table.js'
import { count } from '../cli/text.js'
import { type DynamicSubnet, readDynamicSubnet } from '../core/chain/dynamic.js'
import { existingMechanism, readMechanismCount } from '../core/chain/mechanisms.js'
import { type MetagraphNeuron, readMetagraph } from '../core/chain/metagraph.js'
import { priceRao, valueAt } from '../core/chain/prices.js'
import { readSubnet } from '../core/chain/subnets.js'
import type { SubnetInfo } from '../core/chain/types.js'
import type { Ss58 } from '../core/keys/ss58.js'

export const subnetShow = defineCommand({
  name: 'subnet_show',
  summary: 'Show a subnet: token, pool and the stake of its neurons.',
  options: {
    netuid: { ...netuid, ask: askNetuid },
    mechanism,
    sortBy,
    sortOrder,
    noNames,
    block,
    watch,
  },
  examples: ['subnet_show --netuid 3', 'subnet_show -n 0', 'subnet_show -n 3 --json_output'],
  notes:
    'STAKE is what counts on the subnet: ALPHA on it and TAO on root, weighed. On root there is τ only. metagraph shows ranks and trust.',

  async run(ctx, values) {
    const view = await ctx.head()
    const { netuid: number, mechanism: mechid } = values
    const [info, dynamic, rows, mechanisms] = await ctx.progress(
      `Reading subnet ${number} from ${view.network}`,
      async () => {
        const subnet = await readSubnet(view, number)
        return Promise.all([
          subnet,
          view.era === 'dtao' ? readDynamicSubnet(view, number) : undefined,
          readMetagraph(view, number, mechid),
          readMechanismCount(view, number),
          existingMechanism(view, number, mechid),
        ])
      },
    )
    const names = await namesOf(ctx, rows, values)
    const byStake = rows.toSorted((a, b) => (countedStake(a) < countedStake(b) ? 1 : -1))
    return {
      network: view.network,
      block: view.block.number,
      info,
      dynamic,
      token: number === 0 ? undefined : dynamic,
      mechid,
      mechanisms,
      rows: values.sortBy
        ? sorted(rows, neuronSortKeys(view.block.number), values.sortBy, values.sortOrder)
        : byStake,
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
      mechid: data.mechid,
      mechanisms: data.mechanisms,
      neurons: data.rows.map((row) => ({
        ...neuronJson(row, data.block, data.token),
        identity: data.names.get(row.hotkey) ?? null,
      })),
    }),
  },
})

type Data = {
  readonly network: string
  readonly block: number
  readonly info: SubnetInfo
  readonly dynamic: DynamicSubnet | undefined
  /** The same where stake and emission are counted in it: not on root. */
  readonly token: DynamicSubnet | undefined
  readonly mechid: number
  readonly mechanisms: number
  readonly rows: readonly MetagraphNeuron[]
  readonly names: ReadonlyMap<Ss58, string>
}

async function namesOf(
  ctx: Context,
  rows: readonly MetagraphNeuron[],
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

function titleOf({ network, info, dynamic, mechid, mechanisms }: Data): string {
  const which = mechanisms > 1 ? `, mechanism ${mechid}` : ''
  return `Subnet ${subnetName(info.netuid, dynamic)}${which} - ${network}`
}

function columns({ rows, token }: Data, { style }: View): Column[] {
  const { tao } = style.sign
  const emission = rows.reduce((total, row) => total + row.emission, 0n)
  return [
    { title: 'UID', align: 'right' },
    ...stakeColumns(rows, token, tao),
    { title: 'DIVIDENDS', align: 'right', optional: 2 },
    { title: 'INCENTIVE', align: 'right', optional: 1 },
    {
      title: `EMISSION(${token ? symbolOf(token) : tao})`,
      csv: 'emission',
      align: 'right',
      footer: taoFixed(emission, 5),
    },
    { title: 'VPERMIT', align: 'center', optional: 5 },
    { title: 'HOTKEY', address: true },
    { title: 'COLDKEY', address: true, optional: 6 },
    { title: 'IDENTITY', optional: 7 },
  ]
}

function cells({ token, names }: Data, row: MetagraphNeuron): Cell[] {
  return [
    row.uid,
    ...stakeCells(row, token),
    ratioCell(row.dividends),
    ratioCell(row.incentive),
    (token ? alphaCell : taoCell)(row.emission, 5),
    starCell(row.validatorPermit),
    row.hotkey,
    row.coldkey,
    names.get(row.hotkey),
  ]
}

function factsText({ info, dynamic, mechanisms }: Data, { style }: View): string {
  const { tao } = style.sign
  const lines: (readonly [string, string])[] = [
    ['owner', info.owner ?? 'nobody'],
    ['tempo', `${info.blocksSinceLastStep} of ${info.tempo + 1} blocks`],
    ['registration', `${tao}${taoFixed(info.burn, 9)}`],
  ]
  if (mechanisms > 1) lines.push(['mechanisms', `${mechanisms}`])
  if (dynamic && info.netuid !== 0) {
    lines.push(
      ['price', `${tao}${taoFixed(priceRao(dynamic.price), 9)}`],
      [
        'pool',
        `${tao}${taoFixed(dynamic.taoIn, 5)} and ${taoFixed(dynamic.alphaIn, 5)} ${symbolOf(dynamic)}`,
      ],
      [
        'staked',
        `${taoFixed(dynamic.alphaOut, 5)} ${symbolOf(dynamic)} ≈ ${tao}${taoFixed(valueAt(dynamic.price, dynamic.alphaOut), 5)}`,
      ],
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
