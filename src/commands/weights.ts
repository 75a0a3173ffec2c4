/** `btcli weights`: the weights that the validators of a subnet have set. */

import type { Context } from '../cli/context.js'
import { defineCommand, flag, list } from '../cli/define.js'
import { askNetuid } from '../cli/netuid.js'
import { block, mechanism, netuid, walletHotkey, walletName, wholeNumber } from '../cli/options.js'
import type { Block, Cell, CellObject, View } from '../cli/table.js'
import { count } from '../cli/text.js'
import { localWallets, ofHotkeys } from '../cli/wallets.js'
import { type WeightRow, weightRowsOf } from '../cli/weightRows.js'
import { looksLikeAddress } from '../core/addressText.js'
import { existingMechanism } from '../core/chain/mechanisms.js'
import { existingSubnet } from '../core/chain/subnets.js'
import { parseAccount } from '../core/keys/ss58.js'
import { shortAddress } from '../core/plans/texts.js'

/** Up to so many uids each has a column of its own. */
const GRID = 32
/** Characters of a cell with its gap. */
const CELL = 7

export const weights = defineCommand({
  name: 'weights',
  summary: 'Show the weights from chain.',
  options: {
    netuid: { ...netuid, ask: askNetuid },
    all: flag({
      flags: '--all, --all_weights',
      description: 'of all neurons; so without a wallet',
    }),
    allHotkeys: flag({
      flags: '--all_hotkeys, --wallet.all_hotkeys',
      description: 'of all hotkeys of the wallet',
    }),
    walletName: { ...walletName, ask: undefined },
    walletHotkey: { ...walletHotkey, ask: undefined },
    uid: list({
      flags: '--uid <n...>',
      description: 'only of these uids',
      parse: (text) => wholeNumber(text, 0, 65_535),
    }),
    hotkeys: list({
      flags: '--hotkeys, --hotkey_ss58 <ss58...>',
      description: 'only of these hotkeys',
      parse: (text) => parseAccount(text).address,
      address: 'account',
    }),
    sparse: flag({
      flags: '--sparse',
      description: 'a line per neuron with the weights it has set, the largest first',
    }),
    grid: flag({
      flags: '--grid',
      description: 'a column per uid, also with many',
      conflicts: ['sparse'],
    }),
    raw: flag({ flags: '--raw', description: 'values of 65535 instead of shares of the row' }),
    bonds: flag({ flags: '--bonds', description: 'bonds instead of weights' }),
    mechanism,
    block,
  },
  examples: [
    'weights --netuid 1',
    'weights --netuid 1 --wallet.name alice --all_hotkeys --sparse',
    'weights --netuid 1 --uid 0 1 --raw --json_output',
  ],
  notes:
    'A cell is the share of the row: what a validator gives to all neurons together is 1. Weights on root go to subnets: btcli root_weights.',

  async run(ctx, values) {
    const view = await ctx.head()
    await existingSubnet(view, values.netuid)
    await existingMechanism(view, values.netuid, values.mechanism)
    const what = values.bonds ? ('Bonds' as const) : ('Weights' as const)
    const { rows, targets } = await ctx.progress(
      `Reading ${what.toLowerCase()} from ${view.network}`,
      () => weightRowsOf(view, values.netuid, what, values.mechanism),
    )
    const wanted = await wantedHotkeys(ctx, values)
    const chosen = rows.filter(
      ({ uid, hotkey }) =>
        (values.uid.length === 0 || values.uid.includes(uid)) &&
        (wanted === undefined || wanted.has(hotkey)),
    )
    return {
      network: view.network,
      block: view.block.number,
      netuid: values.netuid,
      mechanism: values.mechanism,
      what,
      raw: values.raw,
      form: values.sparse ? ('sparse' as const) : values.grid ? ('grid' as const) : undefined,
      targets,
      rows: chosen,
    }
  },

  render: {
    table: (data, view) => (isSparse(data, view) ? sparseTable(data, view) : gridTable(data, view)),
    json: ({ netuid: subnet, mechanism: mechid, block, what, rows }) => {
      const place = { netuid: subnet, mechid, block }
      return what === 'Weights'
        ? { ...place, weights: rows }
        : { ...place, bonds: rows.map(({ weights: bonds, ...who }) => ({ ...who, bonds })) }
    },
  },
})

type Data = {
  readonly network: string
  readonly block: number
  readonly netuid: number
  readonly mechanism: number
  readonly what: 'Weights' | 'Bonds'
  readonly raw: boolean
  /** What was asked for; undefined for what fits. */
  readonly form: 'sparse' | 'grid' | undefined
  readonly targets: readonly number[]
  readonly rows: readonly WeightRow[]
}

/** A grid of a whole subnet, unless it has many uids or the terminal too few columns. */
function isSparse({ form, targets }: Data, view: View): boolean {
  if (form !== undefined) return form === 'sparse'
  return targets.length > GRID || CELL * (targets.length + 1) > view.width
}

/** Hotkeys that options and the named wallet choose; undefined for everyone. */
async function wantedHotkeys(
  ctx: Context,
  values: {
    readonly all: boolean
    readonly allHotkeys: boolean
    readonly walletName: string
    readonly walletHotkey: string
    readonly hotkeys: readonly string[]
  },
): Promise<ReadonlySet<string> | undefined> {
  if (values.hotkeys.length > 0) return new Set(values.hotkeys)
  const isNamed = ctx.origin('wallet.name')?.layer === 'flag'
  const hasHotkey = ctx.origin('wallet.hotkey')?.layer === 'flag'
  if (values.all || !(isNamed || hasHotkey || values.allHotkeys)) return undefined
  if (hasHotkey && looksLikeAddress(values.walletHotkey)) {
    return new Set([parseAccount(values.walletHotkey).address])
  }
  const wallets = await localWallets(ctx, values.walletName)
  const hotkeys = hasHotkey && !values.allHotkeys ? [values.walletHotkey] : []
  const chosen = await ofHotkeys(ctx, wallets, { hotkeys, allHotkeys: false })
  return new Set(chosen.map(({ address }) => address))
}

function footnote(data: Data, { style }: View): string {
  const { netuid: subnet, mechanism: number, block, network, rows, what } = data
  const set = rows.filter(({ weights: row }) => row.length > 0).length
  return `${set} of ${count(rows.length, 'neuron')} with ${what.toLowerCase()} ${style.sign.dot} netuid ${subnet}${number === 0 ? '' : `, mechanism ${number}`} ${style.sign.dot} ${network} ${style.sign.dot} block ${block}`
}

/** Shown as it is, or as a share of the row. */
function valueCell(value: number, total: number, raw: boolean): CellObject {
  if (raw) return { text: `${value}`, exact: value }
  const share = total === 0 ? 0 : value / total
  return { text: share.toFixed(3), exact: share }
}

function gridTable(data: Data, view: View): Block {
  const { rows, targets, raw } = data
  return {
    columns: [
      { title: 'UID', align: 'right' },
      ...targets.map((uid, i) => ({ title: `${uid}`, align: 'right' as const, optional: i + 1 })),
    ],
    rows: rows.map(({ uid, weights: row }): Cell[] => {
      const given = new Map(row)
      const total = row.reduce((sum, [, value]) => sum + value, 0)
      return [uid, ...targets.map((target) => valueCell(given.get(target) ?? 0, total, raw))]
    }),
    note: footnote(data, view),
    empty: emptyText(data),
  }
}

function sparseTable(data: Data, view: View): Block {
  const short = Number.isFinite(view.width) && !view.wide
  return {
    columns: [
      { title: 'UID', align: 'right' },
      { title: 'HOTKEY', address: true },
      { title: data.what.toUpperCase() },
    ],
    rows: data.rows.map(({ uid, hotkey, weights: row }) => {
      const total = row.reduce((sum, [, value]) => sum + value, 0)
      const parts = row
        .toSorted(([a, x], [b, y]) => y - x || a - b)
        .map(([target, value]) => ({ target, ...valueCell(value, total, data.raw) }))
      const room = short ? Math.max(20, view.width - 22) : Number.POSITIVE_INFINITY
      const shown = parts.map(({ target, text }) => `${target}:${text}`)
      const exact = parts.map(({ target, exact }) => `${target}:${exact}`).join(' ')
      const cell = { text: lines(shown, room) || 'none', exact }
      return [uid, short ? shortAddress(hotkey) : hotkey, cell]
    }),
    note: footnote(data, view),
    empty: emptyText(data),
  }
}

/** Words side by side in lines of a width. */
function lines(words: readonly string[], room: number): string {
  return words.reduce((text, word) => {
    const last = text.slice(text.lastIndexOf('\n') + 1)
    if (last === '') return word
    return `${text}${last.length + 1 + word.length > room ? '\n' : ' '}${word}`
  }, '')
}

function emptyText({ netuid: subnet, rows }: Data): string {
  return rows.length === 0 ? `No such neuron on subnet ${subnet}.` : ''
}
