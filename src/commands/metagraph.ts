/** `btcli metagraph`: the neurons of one subnet. */
import { alphaCell, ratioCell, starCell } from '../cli/cells.js'
import { defineCommand, list, option } from '../cli/define.js'
import { askNetuid } from '../cli/netuid.js'
import {
  axonCell,
  countedStake,
  neuronJson,
  neuronSortKeys,
  type Ratio,
  ratioCells,
  ratioColumns,
  ratioSum,
  ratiosOf,
  sinceUpdate,
  stakeCells,
  stakeColumns,
  subnetName,
  symbolOf,
} from '../cli/neuron.js'
import { taoFixed } from '../cli/numbers.js'
import { block, mechanism, netuid, watch, wholeNumber } from '../cli/options.js'
import { sortBy, sorted, sortOrder } from '../cli/sortBy.js'
import type { Cell, Column } from '../cli/table.js'
import { count } from '../cli/text.js'
import { readTotalIssuance } from '../core/chain/balances.js'
import { type DynamicSubnet, readDynamicSubnet } from '../core/chain/dynamic.js'
import { existingMechanism, readMechanismCount } from '../core/chain/mechanisms.js'
import { type MetagraphNeuron, readMetagraph } from '../core/chain/metagraph.js'
import { priceRao, valueAt } from '../core/chain/prices.js'
import { existingSubnet, readDifficulty } from '../core/chain/subnets.js'
import type { ChainView } from '../core/chain/types.js'
import { parseAccount } from '../core/keys/ss58.js'
import { formatBalance } from '../core/units.js'

export const metagraph = defineCommand({
  name: 'metagraph',
  summary: 'Show the network graph.',
  options: {
    netuid: { ...netuid, ask: askNetuid },
    block,
    watch,
    uid: list({
      flags: '--uid <n...>',
      description: 'only these uids',
      parse: (text) => wholeNumber(text, 0, 65_535),
    }),
    hotkey: list({
      flags: '--hotkey <ss58...>',
      description: 'only these hotkeys',
      parse: (text) => parseAccount(text).address,
      address: 'account',
    }),
    mechanism,
    sortBy,
    sortOrder,
    limit: option({
      flags: '--limit <n>',
      description: 'at most so many rows',
      parse: (text) => wholeNumber(text, 1, 65_535),
    }),
  },
  examples: [
    'metagraph --netuid 1',
    'metagraph --netuid 1 --sort_by stake --sort_order desc --limit 20',
  ],
  notes:
    'EMISSION is that of the last epoch, in ρ (RAO) on classic chains. UPDATED counts blocks since the last weights. On a dTAO chain STAKE is what counts: ALPHA on the subnet and a part of what the hotkey has on ROOT, both with what children and parents move; DIV is what stakers got in the last epoch. With --mechid the incentives and updates of that mechanism.',

  async run(ctx, values): Promise<Graph> {
    const view = await ctx.head()
    const [read] = await ctx.progress(`Reading subnet ${values.netuid} from ${view.network}`, () =>
      Promise.all([
        readAll(view, values.netuid, values.mechanism),
        existingSubnet(view, values.netuid),
        existingMechanism(view, values.netuid, values.mechanism),
      ]),
    )
    const chosen = read.neurons.filter(
      (neuron) =>
        (values.uid.length === 0 || values.uid.includes(neuron.uid)) &&
        (values.hotkey.length === 0 || values.hotkey.includes(neuron.hotkey)),
    )
    const rows = sorted(chosen, neuronSortKeys(view.block.number), values.sortBy, values.sortOrder)
    return {
      network: view.network,
      netuid: values.netuid,
      mechanism: values.mechanism,
      block: view.block.number,
      ratios: ratiosOf(view),
      ...read,
      shown: rows.slice(0, values.limit ?? rows.length),
    }
  },

  render: {
    table: (graph, { style }) => ({
      title: title(graph),
      columns: columns(graph, style.sign.tao),
      rows: graph.shown.map((neuron) => cells(neuron, graph)),
      note: `${count(graph.shown.length, 'neuron')} of ${graph.neurons.length} ${style.sign.dot} netuid ${graph.netuid} ${style.sign.dot} block ${graph.block}`,
      empty:
        graph.neurons.length === 0
          ? `Subnet ${graph.netuid} has no neurons.`
          : 'No neuron matches.',
    }),
    json: (graph) => {
      const { token, pool } = graph
      const alpha = alphaStake(graph.neurons)
      return {
        netuid: graph.netuid,
        mechid: graph.mechanism,
        mechanisms: graph.mechanisms,
        block: graph.block,
        n: graph.neurons.length,
        difficulty: `${graph.difficulty}`,
        totalIssuanceRao: `${graph.issuance}`,
        name: pool?.name || null,
        symbol: pool?.symbol || null,
        priceRao: token ? `${priceRao(token.price)}` : null,
        taoInRao: token ? `${token.taoIn}` : null,
        alphaInRao: token ? `${token.alphaIn}` : null,
        alphaOutRao: token ? `${token.alphaOut}` : null,
        poolEmissionRao: token ? `${token.emission}` : null,
        totalStakeRao: `${token ? valueAt(token.price, alpha) : totalStake(graph.neurons)}`,
        totalAlphaStakeRao: token ? `${alpha}` : null,
        neurons: graph.shown.map((neuron) => neuronJson(neuron, graph.block, token)),
      }
    },
  },
})

type Graph = {
  readonly network: string
  readonly netuid: number
  readonly mechanism: number
  readonly mechanisms: number
  readonly block: number
  readonly ratios: readonly Ratio[]
  readonly neurons: readonly MetagraphNeuron[]
  readonly difficulty: bigint
  readonly issuance: bigint
  /** Undefined on classic chains. */
  readonly pool: DynamicSubnet | undefined
  /** The same where stake and emission are counted in it: not on root. */
  readonly token: DynamicSubnet | undefined
  /** What is left after filters and limit, in the order asked for. */
  readonly shown: readonly MetagraphNeuron[]
}

async function readAll(view: ChainView, netuid: number, mechid: number) {
  const [neurons, difficulty, issuance, pool, mechanisms] = await Promise.all([
    readMetagraph(view, netuid, mechid),
    readDifficulty(view, netuid),
    readTotalIssuance(view),
    view.era === 'dtao' ? readDynamicSubnet(view, netuid) : undefined,
    readMechanismCount(view, netuid),
  ])
  const token = netuid === 0 ? undefined : pool
  return { neurons, difficulty, issuance, pool, token, mechanisms }
}

function totalStake(neurons: readonly MetagraphNeuron[]): bigint {
  return neurons.reduce((sum, neuron) => sum + countedStake(neuron), 0n)
}

function alphaStake(neurons: readonly MetagraphNeuron[]): bigint {
  return neurons.reduce((sum, { weighed }) => sum + (weighed?.alphaStake ?? 0n), 0n)
}

function title(graph: Graph): string {
  const { token } = graph
  const active = graph.neurons.filter((neuron) => neuron.active).length
  return [
    `Metagraph: net: ${graph.network}:${subnetName(graph.netuid, graph.pool)}`,
    ...(graph.mechanisms > 1 ? [`mechanism: ${graph.mechanism} of ${graph.mechanisms}`] : []),
    `block: ${graph.block}`,
    `N: ${active}/${graph.neurons.length}`,
    token ? tokenStake(token, graph.neurons) : `stake: ${formatBalance(totalStake(graph.neurons))}`,
    ...(token ? poolParts(token) : []),
    `issuance: ${formatBalance(graph.issuance)}`,
    `difficulty: ${graph.difficulty}`,
  ].join(', ')
}

/** Alpha, and what it is worth at the price of the block. */
function tokenStake(token: DynamicSubnet, neurons: readonly MetagraphNeuron[]): string {
  const alpha = alphaStake(neurons)
  return `stake: ${taoFixed(alpha, 9)} ${symbolOf(token)} ≈ ${formatBalance(valueAt(token.price, alpha))}`
}

function poolParts(token: DynamicSubnet): string[] {
  return [
    `price: ${formatBalance(priceRao(token.price))}`,
    `pool: ${formatBalance(token.taoIn)} and ${taoFixed(token.alphaIn, 9)} ${symbolOf(token)}`,
  ]
}

function columns({ shown: neurons, token, ratios }: Graph, tao: string): Column[] {
  const emission = neurons.reduce((sum, neuron) => sum + neuron.emission, 0n)
  return [
    { title: 'UID', align: 'right', footer: 'total' },
    ...stakeColumns(neurons, token, tao, (sum) => `${token ? '' : tao}${taoFixed(sum, 5)}`),
    ...ratioColumns(neurons, ratios),
    token
      ? {
          title: `EMISSION(${symbolOf(token)})`,
          align: 'right',
          csv: 'emission',
          footer: taoFixed(emission, 5),
        }
      : { title: 'EMISSION(ρ)', align: 'right', footer: `ρ${emission}` },
    {
      title: 'VTRUST',
      align: 'right',
      optional: 4,
      footer: ratioSum(neurons, (neuron) => neuron.validatorTrust),
    },
    { title: 'VAL', align: 'right' },
    { title: 'UPDATED', align: 'right', optional: 5, ticks: true },
    { title: 'ACTIVE', align: 'right', optional: 8 },
    { title: 'AXON', optional: 7 },
    { title: 'HOTKEY', address: true },
    { title: 'COLDKEY', address: true, optional: 8 },
    ...(token ? dividendColumns(neurons, token) : []),
  ]
}

function dividendColumns(neurons: readonly MetagraphNeuron[], token: DynamicSubnet): Column[] {
  const column = (
    title: string,
    csv: string,
    of: (neuron: MetagraphNeuron) => bigint | undefined,
  ): Column[] => {
    if (neurons.every((neuron) => of(neuron) === undefined)) return []
    const sum = neurons.reduce((total, neuron) => total + (of(neuron) ?? 0n), 0n)
    return [{ title, csv, align: 'right', optional: 9, footer: taoFixed(sum, 5) }]
  }
  const symbol = symbolOf(token)
  return [
    ...column(`DIV(${symbol})`, 'dividends_alpha', (neuron) => neuron.alphaDividends),
    ...column(`DIV ROOT(${symbol})`, 'dividends_root', (neuron) => neuron.rootDividends),
  ]
}

function cells(neuron: MetagraphNeuron, { block, token, ratios }: Graph): Cell[] {
  return [
    neuron.uid,
    ...stakeCells(neuron, token),
    ...ratioCells(neuron, ratios),
    token ? alphaCell(neuron.emission, 5) : neuron.emission,
    ratioCell(neuron.validatorTrust),
    starCell(neuron.validatorPermit),
    sinceUpdate(neuron, block),
    neuron.active ? 1 : 0,
    axonCell(neuron.axon),
    neuron.hotkey,
    neuron.coldkey,
    ...(token
      ? [neuron.alphaDividends, neuron.rootDividends]
          .filter((amount) => amount !== undefined)
          .map((amount) => alphaCell(amount, 5))
      : []),
  ]
}
