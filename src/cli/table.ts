/** Tables without a box, as bittensor 5.3.1 prints them, made to fit the terminal. */
import { shortAddress } from '../core/plans/texts.js'
import type { Paint, Style } from './style.js'
import { toAscii } from './style.js'
import { fitted, prose, safe, widthOf, wrap } from './text.js'

/** Where output goes: its style and width. `width` is Infinity in pipes, where nothing is cut. */
export type View = {
  readonly style: Style
  readonly width: number
  /** `--wide`: show all columns whatever the width. */
  readonly wide: boolean
}

/** Content of a cell. Text may come from anywhere: control characters are removed. null and undefined are empty. */
export type Cell = string | number | bigint | null | undefined | CellObject

/** A value as it is; null and undefined are absent. */
export type ExactValue = string | number | bigint | boolean | null | undefined

/** Text with more about it. */
export type CellObject = {
  readonly text: string
  readonly paint?: Paint | undefined
  /** The whole value where the text is rounded, shortened or a sign: what CSV has, and what changes are found by. */
  readonly exact?: ExactValue
  /** `exact` counts 10⁻⁹ of these: CSV has it in both units. */
  readonly unit?: 'tao' | 'alpha'
}

export type Column = {
  /** Upper case, unit in it: `STAKE (τ)`. */
  readonly title: string
  readonly align?: 'left' | 'right' | 'center'
  /** May be left out on a narrow terminal; the highest number goes first. */
  readonly optional?: number
  /** Cells are addresses or hashes and may be shortened on a narrow terminal. */
  readonly address?: boolean
  readonly footer?: Cell
  readonly paint?: Paint
  /** Name of the column in CSV; made from the title when absent. */
  readonly csv?: string
  /** Counts blocks: its changes are not worth a mark. */
  readonly ticks?: boolean
}

/** A table as data. */
export type Table = {
  readonly title?: string
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
  /** Line below the table: `64 delegates, by total stake`. */
  readonly note?: string
  /** Sentence shown instead of a table without rows. */
  readonly empty?: string
  /** What all rows share and only a heading says: leading columns of CSV. */
  readonly shared?: Readonly<Record<string, ExactValue>>
}

/** A piece of output: text (colours allowed) or a table. */
export type Block = string | Table

/**
 * Renders blocks to text that ends in a line break. Tables of the same columns lie below each other: they leave out the
 * same columns and are as wide.
 * @example
 * await renderBlocks([{ columns: [{ title: 'NAME' }], rows: [['alice']] }, 'block 12'], view)
 */
export async function renderBlocks(blocks: Block | readonly Block[], view: View): Promise<string> {
  const texts: string[] = []
  const all = listed(blocks)
  const layouts = laidOut(all, view)
  for (const block of all) {
    const text =
      typeof block === 'string'
        ? fitted(block, view.wide ? Number.POSITIVE_INFINITY : view.width)
        : await tableText(block, layouts.get(block), view)
    texts.push(text === '' || text.endsWith('\n') ? text : `${text}\n`)
  }
  return texts.join('')
}

/** One block or several, as a list. */
export function listed(blocks: Block | readonly Block[]): readonly Block[] {
  return typeof blocks === 'string' || 'columns' in blocks ? [blocks] : blocks
}

const GAP = 2

async function tableText(table: Table, layout: Layout | undefined, view: View): Promise<string> {
  if (!layout) return `${fitted(table.empty ?? '', view.width)}\n`
  const lines = layout.records ? recordLines(layout, view) : await gridLines(layout, view)
  const title = around(table.title, view).map(view.style.bold)
  const note = around(table.note, view).map(view.style.dim)
  const hidden =
    layout.hidden === 0 || !layout.last
      ? []
      : [view.style.dim(`${columnsHidden(layout.hidden)}; --wide shows all`)]
  return `${[...title, ...lines, ...note, ...hidden].join('\n')}\n`
}

/** The layout of each table; none for an empty one that has a sentence instead. */
function laidOut(blocks: readonly Block[], view: View): Map<Table, Layout> {
  const groups = new Map<string, Table[]>()
  for (const block of blocks) {
    if (typeof block === 'string' || isEmpty(block)) continue
    // The unit in a title may be the token of a subnet.
    const key = JSON.stringify(block.columns.map(({ title }) => title.replace(/ ?\(.*\)/, '')))
    groups.set(key, [...(groups.get(key) ?? []), block])
  }
  const layouts = new Map<Table, Layout>()
  for (const group of groups.values()) {
    const fitting = toWidth(
      group.map((table) => measure(table, view)),
      view,
    )
    group.forEach((table, i) => {
      const layout = fitting[i]
      if (layout) layouts.set(table, { ...layout, last: i === group.length - 1 })
    })
  }
  return layouts
}

function isEmpty({ rows, empty }: Table): boolean {
  return rows.length === 0 && empty !== undefined
}

/** Lines above or below a table. What is too long for the terminal is shortened and wrapped like its cells. */
function around(text: string | undefined, view: View): string[] {
  if (text === undefined) return []
  const whole = clean(text, view)
  if (view.wide || widthOf(whole) <= view.width) return [whole]
  return wrap(clean(shortAddress(whole), view), view.width).split('\n')
}

function columnsHidden(n: number): string {
  return n === 1 ? '1 column hidden' : `${n} columns hidden`
}

type Layout = {
  columns: readonly Column[]
  /** Text of rows, footer included as last row if there is one. */
  cells: readonly (readonly Text[])[]
  footer: boolean
  hidden: number
  records: boolean
  /** Columns that each takes, at least; as wide as in the other tables beside it. */
  widths: readonly number[]
  /** The last of those tables. */
  last: boolean
}
type Text = { text: string; paint: Paint | undefined }

function measure(table: Table, view: View): Layout {
  const footer = table.columns.some(({ footer }) => footer !== undefined && footer !== '')
  const rows = footer ? [...table.rows, table.columns.map((column) => column.footer)] : table.rows
  return {
    columns: table.columns,
    cells: rows.map((row) => table.columns.map((column, i) => textOf(row[i], column, view))),
    footer,
    hidden: 0,
    records: false,
    widths: [],
    last: true,
  }
}

function textOf(cell: Cell, column: Column, view: View): Text {
  if (cell === null || cell === undefined) return { text: '', paint: undefined }
  if (typeof cell === 'object') return { text: clean(cell.text, view), paint: cell.paint }
  return { text: clean(`${cell}`, view), paint: column.paint }
}

function clean(text: string, view: View): string {
  const shown = text.split('\n').map(safe).join('\n')
  return view.style.ascii ? toAscii(shown) : shown
}

function widths(group: readonly Layout[], view: View): number[] {
  return (group[0]?.columns ?? []).map((_, i) =>
    Math.max(
      ...group.map(({ columns }) => widthOf(clean(columns[i]?.title ?? '', view))),
      ...group.flatMap(({ cells }) => cells.map((row) => linesWidth(row[i]?.text ?? ''))),
    ),
  )
}

function linesWidth(text: string): number {
  return Math.max(...text.split('\n').map(widthOf))
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + GAP * Math.max(0, widths.length - 1)
}

/**
 * Shortens addresses, then drops optional columns, then wraps the widest column of words, then gives each record lines of
 * its own. All tables of a group alike.
 */
function toWidth(full: readonly Layout[], view: View): readonly Layout[] {
  const fits = (group: readonly Layout[]) =>
    view.wide || total(widths(group, view)) <= view.width ? aligned(group, view) : undefined
  const whole = fits(full)
  if (whole) return whole
  const short = full.map((layout) => shortened(layout, view))
  let group = short
  for (;;) {
    const found = fits(group)
    if (found) return found
    const index = dropNext(group)
    if (index === undefined) break
    group = group.map((layout) => without(layout, index))
  }
  return fits(wrapped(group, view)) ?? short.map((layout) => ({ ...layout, records: true }))
}

function aligned(group: readonly Layout[], view: View): readonly Layout[] {
  const all = widths(group, view)
  return group.map((layout) => ({ ...layout, widths: all }))
}

/** Narrower than this, words in a column are no pleasure to read. */
const NARROWEST = 24

/** The widest column of words gets what the others leave. */
function wrapped(group: readonly Layout[], view: View): readonly Layout[] {
  const all = widths(group, view)
  const [first] = group
  const isWords = (i: number) => {
    const { align = 'left', address = false } = first?.columns[i] ?? {}
    return align === 'left' && !address
  }
  const widest = Math.max(...all.filter((_, i) => isWords(i)))
  const index = all.findIndex((width, i) => isWords(i) && width === widest)
  const room = view.width - (total(all) - widest)
  if (index < 0 || room < NARROWEST) return group
  const fit = (cell: Text, i: number) =>
    i === index ? { ...cell, text: prose(cell.text, room) } : cell
  return group.map((layout) => ({ ...layout, cells: layout.cells.map((row) => row.map(fit)) }))
}

/** The optional column that matters least; one that is empty before all others. */
function dropNext(group: readonly Layout[]): number | undefined {
  const isBlank = (index: number) =>
    group.every(({ cells }) => cells.every((row) => (row[index]?.text ?? '') === ''))
  const ranked = (group[0]?.columns ?? [])
    .map((column, index) => ({ index, rank: column.optional ?? 0, blank: isBlank(index) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => Number(b.blank) - Number(a.blank) || b.rank - a.rank || b.index - a.index)
  return ranked[0]?.index
}

function without(layout: Layout, index: number): Layout {
  return {
    ...layout,
    columns: layout.columns.filter((_, i) => i !== index),
    cells: layout.cells.map((row) => row.filter((_, i) => i !== index)),
    hidden: layout.hidden + 1,
  }
}

function shortened(layout: Layout, view: View): Layout {
  const cells = layout.cells.map((row) =>
    row.map((cell, i) =>
      layout.columns[i]?.address ? { ...cell, text: clean(shortAddress(cell.text), view) } : cell,
    ),
  )
  return { ...layout, cells }
}

async function gridLines(layout: Layout, view: View): Promise<string[]> {
  const { default: Grid } = await import('cli-table3')
  const none = Object.fromEntries(BORDERS.map((name) => [name, '']))
  const grid = new Grid({
    chars: none,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    colAligns: layout.columns.flatMap((column, i) => [
      ...(i === 0 ? [] : ['left' as const]),
      column.align ?? 'left',
    ]),
  })
  const gap = ' '.repeat(GAP)
  const line = (cells: readonly string[]) =>
    cells.flatMap((cell, i) => (i === 0 ? [cell] : [gap, cell]))
  grid.push(
    line(
      layout.columns.map((column, i) => view.style.bold(headOf(column, layout.widths[i], view))),
    ),
  )
  layout.cells.forEach((row, i) => {
    const isFooter = layout.footer && i === layout.cells.length - 1
    grid.push(line(row.map((cell) => painted(cell, view, isFooter))))
  })
  return grid
    .toString()
    .split('\n')
    .map((text) => text.trimEnd())
}

/** The title, made as wide as its column has to be. */
function headOf({ title, align }: Column, width = 0, view: View): string {
  const text = clean(title, view)
  const missing = Math.max(0, width - widthOf(text))
  const before = { left: 0, right: missing, center: Math.floor(missing / 2) }[align ?? 'left']
  return `${' '.repeat(before)}${text}${' '.repeat(missing - before)}`
}

function painted(cell: Text, view: View, bold: boolean): string {
  const text = cell.paint === undefined ? cell.text : view.style[cell.paint](cell.text)
  return bold && text !== '' ? view.style.bold(text) : text
}

const BORDERS = [
  'top',
  'top-mid',
  'top-left',
  'top-right',
  'bottom',
  'bottom-mid',
  'bottom-left',
  'bottom-right',
  'left',
  'left-mid',
  'mid',
  'mid-mid',
  'right',
  'right-mid',
  'middle',
]

/** `KEY  value` lines, a blank line between records; empty cells are left out. */
function recordLines(layout: Layout, view: View): string[] {
  const keys = layout.columns.map((column) => clean(column.title, view))
  const wide = Math.max(...keys.map(widthOf))
  return layout.cells.flatMap((row, i) => [
    ...(i === 0 ? [] : ['']),
    ...row.flatMap((cell, k) => {
      if (cell.text === '') return []
      const key = keys[k] ?? ''
      const padding = ' '.repeat(wide - widthOf(key) + GAP)
      const shown = { ...cell, text: prose(cell.text, view.width - wide - GAP) }
      const value = painted(shown, view, false).replaceAll('\n', `\n${' '.repeat(wide + GAP)}`)
      return [`${view.style.bold(key)}${padding}${value}`]
    }),
  ])
}
