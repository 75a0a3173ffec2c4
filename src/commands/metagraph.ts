/** `btcli metagraph`: the neurons of one subnet. */
import { ratioCell, starCell } from '../cli/cells.js'
import { defineCommand, list, option } from '../cli/define.js'
import { askNetuid } from '../cli/netuid.js'
import {
  axonCell,
  neuronJson,
  neuronSortKeys,
  ratioCells,
  ratioColumns,
  ratioSum,
  sinceUpdate,
  stakeCell,
} from '../cli/neuron.js'
import { taoFixed } from '../cli/numbers.js'
import { block, netuid, watch, wholeNumber } from '../cli/options.js'
import { sortBy, sorted, sortOrder } from '../cli/sortBy.js'
import type { Cell, Column } from '../cli/table.js'
import { count } from '../cli/text.js'
import { readTotalIssuance } from '../core/chain/balances.js'
import { readNeurons } from '../core/chain/neurons.js'
import { existingSubnet, readDifficulty } from '../core/chain/subnets.js'
import type { ChainView, Neuron } from '../core/chain/types.js'
import { parseAccount } from '../core/keys/ss58.js'
import { formatBalance, rao } from '../core/units.js'

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
      address: true,
    }),
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
  notes: 'EMISSION is RAO of the last epoch. UPDATED counts blocks since the last weights.',

  async run(ctx, values): Promise<Graph> {
    const view = await ctx.head()
    const [read] = await ctx.progress(`Reading subnet ${values.netuid} from ${view.network}`, () =>
      Promise.all([readAll(view, values.netuid), existingSubnet(view, values.netuid)]),
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
      block: view.block.number,
      ...read,
      shown: rows.slice(0, values.limit ?? rows.length),
    }
  },

  render: {
    table: (graph, { style }) => ({
      title: title(graph),
      columns: columns(graph.shown, style.sign.tao),
      rows: graph.shown.map((neuron) => cells(neuron, graph.block)),
      note: `${count(graph.shown.length, 'neuron')} of ${graph.neurons.length} ${style.sign.dot} netuid ${graph.netuid} ${style.sign.dot} block ${graph.block}`,
      empty:
        graph.neurons.length === 0
          ? `Subnet ${graph.netuid} has no neurons.`
          : 'No neuron matches.',
    }),
    json: (graph) => ({
      netuid: graph.netuid,
      block: graph.block,
      n: graph.neurons.length,
      difficulty: `${graph.difficulty}`,
      totalIssuanceRao: `${graph.issuance}`,
      totalStakeRao: `${totalStake(graph.neurons)}`,
      neurons: graph.shown.map((neuron) => neuronJson(neuron, graph.block)),
    }),
  },
})

type Graph = {
  readonly network: string
  readonly netuid: number
  readonly block: number
  readonly neurons: readonly Neuron[]
  readonly difficulty: bigint
  readonly issuance: bigint
  /** What is left after filters and limit, in the order asked for. */
  readonly shown: readonly Neuron[]
}

async function readAll(view: ChainView, netuid: number) {
  const [neurons, difficulty, issuance] = await Promise.all([
    readNeurons(view, netuid),
    readDifficulty(view, netuid),
    readTotalIssuance(view),
  ])
  return { neurons, difficulty, issuance }
}

function totalStake(neurons: readonly Neuron[]): bigint {
  return neurons.reduce((sum, neuron) => sum + neuron.stake, 0n)
}

function title(graph: Graph): string {
  const active = graph.neurons.filter((neuron) => neuron.active).length
  return [
    `Metagraph: net: ${graph.network}:${graph.netuid}`,
    `block: ${graph.block}`,
    `N: ${active}/${graph.neurons.length}`,
    `stake: ${formatBalance(totalStake(graph.neurons))}`,
    `issuance: ${formatBalance(rao(graph.issuance))}`,
    `difficulty: ${graph.difficulty}`,
  ].join(', ')
}

function columns(neurons: readonly Neuron[], tao: string): Column[] {
  const emission = neurons.reduce((sum, neuron) => sum + neuron.emission, 0n)
  return [
    { title: 'UID', align: 'right', footer: neurons.length },
    { title: `STAKE(${tao})`, align: 'right', footer: `${tao}${taoFixed(totalStake(neurons), 5)}` },
    ...ratioColumns(neurons),
    { title: 'EMISSION(ρ)', align: 'right', footer: `ρ${emission}` },
    {
      title: 'VTRUST',
      align: 'right',
      optional: 4,
      footer: ratioSum(neurons, (neuron) => neuron.validatorTrust),
    },
    { title: 'VAL', align: 'right' },
    { title: 'UPDATED', align: 'right', optional: 5, ticks: true },
    { title: 'ACTIVE', align: 'right', optional: 6 },
    { title: 'AXON', optional: 7 },
    { title: 'HOTKEY', address: true },
    { title: 'COLDKEY', address: true, optional: 8 },
  ]
}

function cells(neuron: Neuron, block: number): Cell[] {
  return [
    neuron.uid,
    stakeCell(neuron),
    ...ratioCells(neuron),
    neuron.emission,
    ratioCell(neuron.validatorTrust),
    starCell(neuron.validatorPermit),
    sinceUpdate(neuron, block),
    neuron.active ? 1 : 0,
    axonCell(neuron.axon),
    neuron.hotkey,
    neuron.coldkey,
  ]
}
