/** `btcli root_list`: who sits on the root network, with stake and take. */

import { starCell, taoCell } from '../cli/cells.js'
import { defineCommand } from '../cli/define.js'
import { takeCell } from '../cli/delegateFigures.js'
import { delegateNames, noNames } from '../cli/delegateNames.js'
import { taoFixed } from '../cli/numbers.js'
import { block } from '../cli/options.js'
import { type SortKeys, sortBy, sorted, sortOrder } from '../cli/sortBy.js'
import type { Cell, Column, View } from '../cli/table.js'
import { count } from '../cli/text.js'
import { weightRowsOf } from '../cli/weightRows.js'
import { readTakeOf } from '../core/chain/delegates.js'
import { readNeurons } from '../core/chain/neurons.js'
import { readSenateMembers } from '../core/chain/senate.js'
import { existingSubnet } from '../core/chain/subnets.js'
import type { ChainView, Neuron } from '../core/chain/types.js'
import type { Ss58 } from '../core/keys/ss58.js'
import { shortAddress } from '../core/plans/texts.js'
import { U16_MAX } from '../core/units.js'

export const rootList = defineCommand({
  name: 'root_list',
  summary: 'List the members of the root network.',
  options: { sortBy, sortOrder, noNames, block },
  examples: ['root_list', 'root_list --sort_by take --json_output'],
  notes:
    'Members of root share out the emission among the subnets by their weights. WEIGHTS counts the subnets a member gives to; btcli root_weights shows how much.',

  async run(ctx, values) {
    const view = await ctx.head()
    await existingSubnet(view, 0)
    const members = await ctx.progress(`Reading root from ${view.network}`, () => readMembers(view))
    const names = await delegateNames(
      ctx,
      members.map(({ neuron }) => ({ hotkey: neuron.hotkey, owner: neuron.coldkey })),
      values,
    )
    const rows = members.map(
      (member): Row => ({ ...member, name: names.get(member.neuron.hotkey)?.name }),
    )
    return {
      network: view.network,
      block: view.block.number,
      rows: sorted(rows, SORT_KEYS, values.sortBy, values.sortOrder),
    }
  },

  render: {
    table: ({ network, block, rows }, view) => ({
      title: `Root - ${network}`,
      columns: columns(rows, view.style.sign.tao),
      rows: rows.map((row) => cells(row, view)),
      note: `${count(rows.length, 'member')} ${view.style.sign.dot} block ${block}`,
      empty: 'The root network has no members.',
    }),
    json: ({ block, rows }) => ({ block, members: rows.map(toJson) }),
  },
})

type Member = {
  readonly neuron: Neuron
  /** u16 ratio; undefined for no delegate. */
  readonly take: number | undefined
  readonly isSenator: boolean
  readonly weights: readonly (readonly [netuid: number, value: number])[]
}
type Row = Member & { readonly name: string | undefined }

async function readMembers(view: ChainView): Promise<Member[]> {
  const hasSenate = view.hasPallet('SenateMembers') && view.hasPallet('Triumvirate')
  const [neurons, { rows }, senate] = await Promise.all([
    readNeurons(view, 0),
    weightRowsOf(view, 0, 'Weights'),
    hasSenate ? readSenateMembers(view) : [],
  ])
  const senators = new Set<Ss58>(senate)
  const takes = await Promise.all(neurons.map(({ hotkey }) => readTakeOf(view, hotkey)))
  return neurons.map((neuron, i) => ({
    neuron,
    take: takes[i],
    isSenator: senators.has(neuron.hotkey),
    weights: rows.find(({ uid }) => uid === neuron.uid)?.weights ?? [],
  }))
}

const SORT_KEYS: SortKeys<Row> = {
  uid: ({ neuron }) => neuron.uid,
  name: ({ name }) => name ?? '',
  stake: ({ neuron }) => neuron.stake,
  take: ({ take }) => take ?? -1,
  senator: ({ isSenator }) => (isSenator ? 1 : 0),
  weights: ({ weights }) => weights.length,
  hotkey: ({ neuron }) => neuron.hotkey,
  coldkey: ({ neuron }) => neuron.coldkey,
}

function columns(rows: readonly Row[], tao: string): Column[] {
  const stake = rows.reduce((sum, { neuron }) => sum + neuron.stake, 0n)
  return [
    { title: 'UID', align: 'right', footer: 'total' },
    { title: 'NAME' },
    { title: 'HOTKEY', address: true },
    { title: 'COLDKEY', address: true, optional: 2 },
    { title: `STAKE(${tao})`, align: 'right', footer: taoFixed(stake, 5) },
    { title: 'TAKE', align: 'right' },
    { title: 'SENATOR', align: 'center', optional: 3 },
    { title: 'WEIGHTS', align: 'right', optional: 1 },
  ]
}

function cells({ neuron, name, take, isSenator, weights }: Row, view: View): Cell[] {
  const shown = (address: Ss58) =>
    view.wide || view.width >= 160 ? address : shortAddress(address)
  return [
    neuron.uid,
    name,
    shown(neuron.hotkey),
    shown(neuron.coldkey),
    taoCell(neuron.stake, 5),
    take === undefined ? undefined : takeCell(take),
    starCell(isSenator),
    weights.length,
  ]
}

function toJson({ neuron, name, take, isSenator, weights }: Row) {
  return {
    uid: neuron.uid,
    hotkey: neuron.hotkey,
    coldkey: neuron.coldkey,
    name: name ?? null,
    stakeRao: neuron.stake,
    take: take === undefined ? null : take / U16_MAX,
    senator: isSenator,
    weights,
  }
}
