/** Tables without a box, as bittensor 5.3.1 prints them, made to fit the terminal. */
import { shortAddress } from '../core/plans/texts.js'
import type { Paint, Style } from './style.js'
import { toAscii } from './style.js'
import { safe, widthOf, wrap } from './text.js'

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
 * Renders blocks to text that ends in a line break.
 * @example
 * await renderBlocks([{ columns: [{ title: 'NAME' }], rows: [['alice']] }, 'block 12'], view)
 */
export async function renderBlocks(blocks: Block | readonly Block[], view: View): Promise<string> {
  const texts: string[] = []
  for (const block of listed(blocks)) {
    texts.push(typeof block === 'string' ? block : await renderTable(block, view))
  }
  return texts.map((text) => (text === '' || text.endsWith('\n') ? text : `${text}\n`)).join('')
}

/** One block or several, as a list. */
export function listed(blocks: Block | readonly Block[]): readonly Block[] {
  return typeof blocks === 'string' || 'columns' in blocks ? [blocks] : blocks
}

const GAP = 2

/** Renders one table. */
export async function renderTable(table: Table, view: View): Promise<string> {
  if (table.rows.length === 0 && table.empty !== undefined) return `${table.empty}\n`
  const layout = toWidth(measure(table, view), view)
  const lines = layout.records ? recordLines(layout, view) : await gridLines(layout, view)
  const title = around(table.title, view).map(view.style.bold)
  const note = around(table.note, view).map(view.style.dim)
  const hidden =
    layout.hidden === 0 ? [] : [view.style.dim(`${columnsHidden(layout.hidden)}; --wide shows all`)]
  return `${[...title, ...lines, ...note, ...hidden].join('\n')}\n`
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

function widths(layout: Layout, view: View): number[] {
  return layout.columns.map((column, i) =>
    Math.max(
      widthOf(clean(column.title, view)),
      ...layout.cells.map((row) => linesWidth(row[i]?.text ?? '')),
    ),
  )
}

function linesWidth(text: string): number {
  return Math.max(...text.split('\n').map(widthOf))
}

function total(layout: Layout, view: View): number {
  const all = widths(layout, view)
  return all.reduce((sum, width) => sum + width, 0) + GAP * Math.max(0, all.length - 1)
}

/** Drops optional columns, then shortens addresses, then gives each record lines of its own. */
function toWidth(full: Layout, view: View): Layout {
  if (view.wide || total(full, view) <= view.width) return full
  let layout = full
  for (let index = dropNext(layout); index !== undefined; index = dropNext(layout)) {
    layout = without(layout, index)
    if (total(layout, view) <= view.width) return layout
  }
  const short = shortened(layout, view)
  return total(short, view) <= view.width ? short : { ...shortened(full, view), records: true }
}

function dropNext(layout: Layout): number | undefined {
  const ranked = layout.columns
    .map((column, index) => ({ index, rank: column.optional ?? 0 }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank || b.index - a.index)
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
  grid.push(line(layout.columns.map((column) => view.style.bold(clean(column.title, view)))))
  layout.cells.forEach((row, i) => {
    const isFooter = layout.footer && i === layout.cells.length - 1
    grid.push(line(row.map((cell) => painted(cell, view, isFooter))))
  })
  return grid
    .toString()
    .split('\n')
    .map((text) => text.trimEnd())
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
      const value = painted(cell, view, false).replaceAll('\n', `\n${' '.repeat(wide + GAP)}`)
      return [`${view.style.bold(key)}${padding}${value}`]
    }),
  ])
}
