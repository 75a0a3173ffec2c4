/** `btcli children_get`: children, parents and take of a hotkey. */
import { kinJson } from '../cli/childrenShow.js'
import { defineCommand, list } from '../cli/define.js'
import { block, parseNetuid } from '../cli/options.js'
import { hotkeyParty, partyOptions } from '../cli/parties.js'
import type { Cell } from '../cli/table.js'
import { type Family, type Kin, readFamily } from '../core/chain/children.js'
import { existingSubnet, readNetuids } from '../core/chain/subnets.js'
import { proportionText } from '../core/plans/childrenPlan.js'
import { takeText } from '../core/plans/texts.js'
import { U16_MAX } from '../core/units.js'

export const childrenGet = defineCommand({
  name: 'children_get',
  summary: 'Show children, parents and child take of a hotkey.',
  options: {
    ...partyOptions,
    netuid: list({
      flags: '-n, --netuid <n...>',
      description: 'only these subnets (default: all)',
      parse: parseNetuid,
    }),
    block,
  },
  examples: [
    'children_get -w alice -H validator',
    'children_get -H 5Hot… --netuid 3 --json_output',
  ],
  notes:
    'A child works with its proportion of the stake of its parents; CHILD TAKE is what it keeps of what that earns.',

  async run(ctx, values) {
    const hotkey = await hotkeyParty(ctx, values.walletName, values.walletHotkey)
    const view = await ctx.head()
    await Promise.all(values.netuid.map((netuid) => existingSubnet(view, netuid)))
    const netuids =
      values.netuid.length > 0
        ? values.netuid
        : (await readNetuids(view)).filter((netuid) => netuid !== 0)
    const families = await Promise.all(
      netuids.map((netuid) => readFamily(view, hotkey.address, netuid)),
    )
    return {
      network: view.network,
      block: view.block.number,
      hotkey,
      families: values.netuid.length > 0 ? families : families.filter(hasKin),
    }
  },

  render: {
    table: ({ network, block, hotkey, families }, { style }) => ({
      title: `Children of ${hotkey.name || hotkey.address}`,
      columns: [
        { title: 'NETUID', align: 'right' },
        { title: 'RELATION' },
        { title: 'HOTKEY', address: true },
        { title: 'PROPORTION', align: 'right' },
        { title: 'CHILD TAKE', align: 'right', optional: 1 },
        { title: 'FROM BLOCK', align: 'right', optional: 2 },
      ],
      rows: families.flatMap(rowsOf),
      note: `${network} ${style.sign.dot} block ${block}`,
      empty: `${hotkey.name || hotkey.address} has no children and no parents.`,
    }),
    json: ({ block, hotkey, families }) => ({
      hotkey: hotkey.address,
      block,
      subnets: families.map((family) => ({
        netuid: family.netuid,
        childTake: family.take / U16_MAX,
        children: family.children.map(kinJson),
        parents: family.parents.map(kinJson),
        pending: family.pending
          ? { block: family.pending.block, children: family.pending.children.map(kinJson) }
          : null,
      })),
    }),
  },
})

function hasKin({ children, parents, pending, take }: Family): boolean {
  return children.length + parents.length > 0 || pending !== undefined || take > 0
}

function rowsOf(family: Family): Cell[][] {
  const row = (relation: string, kin: Kin, block?: number): Cell[] => [
    family.netuid,
    relation,
    kin.hotkey,
    { text: proportionText(kin.proportion), exact: kin.proportion },
    { text: takeText(family.take), exact: family.take / U16_MAX },
    block,
  ]
  const none = (relation: string, block?: number): Cell[] => [
    family.netuid,
    relation,
    '',
    '',
    { text: takeText(family.take), exact: family.take / U16_MAX },
    block,
  ]
  const { pending } = family
  return [
    ...(family.children.length + family.parents.length > 0 ? [] : [none('none')]),
    ...family.children.map((kin) => row('child', kin)),
    ...(pending?.children.map((kin) => row('pending child', kin, pending.block)) ?? []),
    ...(pending?.children.length === 0 ? [none('pending none', pending.block)] : []),
    ...family.parents.map((kin) => row('parent', kin)),
  ]
}
