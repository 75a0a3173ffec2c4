/** `btcli list_delegates`: every delegate with its stake, its take and what it gives on. */

import { taoCell } from '../cli/cells.js'
import type { Context } from '../cli/context.js'
import { defineCommand, flag, option } from '../cli/define.js'
import { byStake } from '../cli/delegateChoice.js'
import {
  changeCell,
  changeOf,
  dailyPerKtao,
  ownerStake,
  takeCell,
  takeDaily,
} from '../cli/delegateFigures.js'
import { delegateNames, noNames } from '../cli/delegateNames.js'
import { taoFixed } from '../cli/numbers.js'
import { block, wholeNumber } from '../cli/options.js'
import { type SortKeys, sortBy, sorted, sortOrder } from '../cli/sortBy.js'
import type { Cell, Column, View } from '../cli/table.js'
import { count } from '../cli/text.js'
import { readDelegates } from '../core/chain/delegates.js'
import type { ChainView, Delegate } from '../core/chain/types.js'
import type { DelegateName } from '../core/delegateNames.js'
import { BittensorError } from '../core/errors.js'
import type { Ss58 } from '../core/keys/ss58.js'
import { shortAddress } from '../core/plans/texts.js'
import { U16_MAX } from '../core/units.js'

/** Four hours of blocks of 12 s. */
const HISTORY_BLOCKS = 1200

export const listDelegates = defineCommand({
  name: 'list_delegates',
  summary: 'List all delegates on the network.',
  options: {
    sortBy,
    sortOrder,
    limit: option({
      flags: '--limit <n>',
      description: 'at most so many rows',
      parse: (text) => wholeNumber(text, 1, 65_535),
    }),
    noHistory: flag({
      flags: '--no_history',
      description: 'leave out the change over 4 hours, and with it a second large read',
    }),
    noNames,
    block,
  },
  examples: ['list_delegates', 'list_delegates --sort_by take --limit 10 --no_history'],
  notes:
    '24h/kτ is what a nominator gets in a day for 1000 τ, the take subtracted; DELEGATE/24h is that take. On a dTAO chain stake and returns are worth so much at the prices of the block.',

  async run(ctx, values) {
    const view = await ctx.head()
    const all = await ctx.progress(`Reading delegates from ${view.network}`, () =>
      readDelegates(view),
    )
    const before = values.noHistory ? undefined : await stakesBefore(ctx, view)
    const names = await delegateNames(ctx, all, values)
    const rows = byStake(all).map(
      (delegate, index): Row => ({
        delegate,
        index,
        about: names.get(delegate.hotkey),
        change: before && changeOf(delegate.totalStake, before.get(delegate.hotkey)),
      }),
    )
    const ordered = sorted(rows, SORT_KEYS, values.sortBy, values.sortOrder)
    return {
      network: view.network,
      block: view.block.number,
      hasHistory: before !== undefined,
      total: rows.length,
      rows: ordered.slice(0, values.limit ?? ordered.length),
    }
  },

  render: {
    table: ({ network, block, hasHistory, total, rows }, view) => ({
      columns: columns(rows, hasHistory, view.style.sign.tao),
      rows: rows.map((row) => cells(row, hasHistory, view)),
      note: `${count(total, 'delegate')}, by total stake ${view.style.sign.dot} ${network} ${view.style.sign.dot} block ${block}`,
      empty: `There are no delegates on ${network}.`,
    }),
    json: ({ block, rows }) => ({ block, delegates: rows.map(toJson) }),
  },
})

type Row = {
  readonly delegate: Delegate
  /** Place by total stake. */
  readonly index: number
  readonly about: DelegateName | undefined
  readonly change: number | undefined
}

/** Total stakes four hours ago; undefined for a younger chain and for a node that no longer has that state. */
async function stakesBefore(
  ctx: Context,
  { block }: ChainView,
): Promise<ReadonlyMap<Ss58, bigint> | undefined> {
  if (block.number <= HISTORY_BLOCKS) return undefined
  try {
    const earlier = await (await ctx.chain()).at(block.number - HISTORY_BLOCKS)
    const delegates = await ctx.progress('Reading delegates of 4 hours ago', () =>
      readDelegates(earlier),
    )
    return new Map(delegates.map(({ hotkey, totalStake }) => [hotkey, totalStake]))
  } catch (error) {
    if (!(error instanceof BittensorError) || error.code === 'INTERRUPTED') throw error
    ctx.warn(
      `this node does not have the state of 4 hours ago, so the change is left out; --no_history does not ask for it`,
    )
    return undefined
  }
}

const SORT_KEYS: SortKeys<Row> = {
  index: ({ index }) => index,
  delegate: ({ about }) => about?.name ?? '',
  ss58: ({ delegate }) => delegate.hotkey,
  nominators: ({ delegate }) => delegate.nominators.length,
  delegate_stake: ({ delegate }) => ownerStake(delegate),
  total_stake: ({ delegate }) => delegate.totalStake,
  change: ({ change }) => change ?? 0,
  take: ({ delegate }) => delegate.take,
  nominator: ({ delegate }) => dailyPerKtao(delegate) ?? 0n,
  '24h/kτ': ({ delegate }) => dailyPerKtao(delegate) ?? 0n,
  'delegate/24h': ({ delegate }) => takeDaily(delegate),
  owner: ({ delegate }) => delegate.owner,
}

function columns(rows: readonly Row[], hasHistory: boolean, tao: string): Column[] {
  const total = rows.reduce((sum, { delegate }) => sum + delegate.totalStake, 0n)
  return [
    { title: 'INDEX', align: 'right', footer: 'total' },
    { title: 'DELEGATE' },
    { title: 'SS58', address: true },
    { title: 'NOMINATORS', align: 'right', optional: 2 },
    { title: `DELEGATE STAKE(${tao})`, align: 'right', optional: 4 },
    { title: `TOTAL STAKE(${tao})`, align: 'right', footer: taoFixed(total, 5) },
    ...(hasHistory ? [{ title: 'CHANGE/(4h)', align: 'right', optional: 1 } satisfies Column] : []),
    { title: 'TAKE', align: 'right' },
    { title: 'SUBNETS', optional: 5 },
    { title: 'VPERMIT', optional: 3 },
    { title: `24h/k${tao}`, align: 'right' },
    { title: 'DELEGATE/24h', align: 'right', optional: 6 },
    { title: 'DESC', optional: 8 },
  ]
}

/** Characters of a description; more would push all else out. */
const DESCRIPTION = 50

function cells({ delegate, index, about, change }: Row, hasHistory: boolean, view: View): Cell[] {
  const isRoomy = view.wide || view.width >= 160
  return [
    index,
    about?.name,
    isRoomy ? delegate.hotkey : shortAddress(delegate.hotkey),
    delegate.nominators.length,
    taoCell(ownerStake(delegate), 5),
    taoCell(delegate.totalStake, 5),
    ...(hasHistory ? [changeCell(change)] : []),
    takeCell(delegate.take),
    delegate.registrations.join(','),
    delegate.validatorPermits.join(','),
    taoCell(dailyPerKtao(delegate), 5),
    taoCell(takeDaily(delegate), 5),
    view.width === Number.POSITIVE_INFINITY ? about?.description : cut(about?.description),
  ]
}

function cut(text: string | undefined): string | undefined {
  if (text === undefined || [...text].length <= DESCRIPTION) return text
  return `${[...text].slice(0, DESCRIPTION - 1).join('')}…`
}

function toJson({ delegate, index, about, change }: Row) {
  return {
    index,
    hotkey: delegate.hotkey,
    name: about?.name ?? null,
    owner: delegate.owner,
    take: delegate.take / U16_MAX,
    nominators: delegate.nominators.length,
    ownerStakeRao: `${ownerStake(delegate)}`,
    totalStakeRao: `${delegate.totalStake}`,
    change4h: change ?? null,
    subnets: delegate.registrations,
    permits: delegate.validatorPermits,
    totalDailyReturnRao: `${delegate.totalDailyReturn}`,
    nominatorDailyPerKtaoRao: dailyPerKtao(delegate)?.toString() ?? null,
    ownerDailyRao: `${takeDaily(delegate)}`,
    description: about?.description ?? null,
    url: about?.url ?? null,
  }
}
