/** What is different between two showings of the same tables, marked in the cells. */
import { exactOf } from './csv.js'
import type { Style } from './style.js'
import type { Block, Cell, CellObject, Column, Table } from './table.js'
import { uncoloured } from './text.js'

/** The blocks with marks, and what changed in words: `3 changed, 1 new, 1 gone`; empty for nothing. */
export type Marked = { readonly blocks: readonly Block[]; readonly words: string }

/**
 * Marks what changed since `before`: numbers that grew or shrank, other cells and lines that became different, new rows.
 * Rows are the same if the first column that tells all rows apart says so. What counts blocks is left alone.
 */
export function markChanges(
  now: readonly Block[],
  before: readonly Block[] | undefined,
  style: Style,
): Marked {
  if (!before) return { blocks: now, words: '' }
  const tally = { changed: 0, new: 0, gone: 0 }
  const earlier = new Map(before.flatMap((block) => keyed(block)))
  const marks = markLines(now, before, style, tally)
  const blocks = now.map((block) => {
    if (typeof block === 'string') return marks(block)
    const [[key, table] = []] = keyed(block)
    if (key === undefined || !table) return block
    const old = earlier.get(key) ?? { ...table, rows: [] }
    earlier.delete(key)
    const marked = markTable(table, old, style, tally)
    return table.title === undefined ? marked : { ...marked, title: marks(table.title) }
  })
  for (const { rows } of earlier.values()) tally.gone += rows.length
  const words = Object.entries(tally).flatMap(([word, n]) => (n > 0 ? [`${n} ${word}`] : []))
  return { blocks, words: words.join(', ') }
}

/** Puts a mark behind each line of a text that was not there before. */
function markLines(
  now: readonly Block[],
  before: readonly Block[],
  style: Style,
  tally: Tally,
): (text: string) => string {
  const [lines, old] = [linesOf(now), linesOf(before)]
  const fresh = [...lines].filter((line) => !old.has(line)).length
  const missing = [...old].filter((line) => !lines.has(line)).length
  tally.changed += Math.min(fresh, missing)
  tally.new += Math.max(0, fresh - missing)
  tally.gone += Math.max(0, missing - fresh)
  const marked = (line: string) => (old.has(timeless(line)) ? line : `${line} ${style.sign.other}`)
  return (text) => text.split('\n').map(marked).join('\n')
}

/** The lines of texts and titles. The empty one is always there. */
function linesOf(blocks: readonly Block[]): Set<string> {
  const texts = blocks.map((block) => (typeof block === 'string' ? block : (block.title ?? '')))
  return new Set(['', ...texts.flatMap((text) => text.split('\n').map(timeless))])
}

/** A line without its colours, and without what counts blocks. */
function timeless(line: string): string {
  return uncoloured(line).replace(/\bblock:? \d+|\d+ of \d+ blocks/g, '')
}

/** A table by its columns and what all its rows share; nothing for text. */
function keyed(block: Block): [string, Table][] {
  if (typeof block === 'string') return []
  const names = block.columns.map(({ title }) => title)
  return [[JSON.stringify([names, Object.entries(block.shared ?? {})], plain), block]]
}

function plain(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}` : value
}

type Tally = { changed: number; new: number; gone: number }

function markTable(now: Table, before: Table, style: Style, tally: Tally): Table {
  const key = keyColumn(now, before)
  const nameOf = (row: readonly Cell[], i: number) => `${key === undefined ? i : exactOf(row[key])}`
  const old = new Map(before.rows.map((row, i) => [nameOf(row, i), row]))
  const marks = now.rows.map((row, i) => {
    const was = old.get(nameOf(row, i))
    old.delete(nameOf(row, i))
    if (!was) tally.new += 1
    return now.columns.map((column, k) =>
      was ? markOf(column, row[k], was[k], style) : k === (key ?? 0) ? '+' : undefined,
    )
  })
  tally.gone += old.size
  tally.changed += marks.flat().filter((mark) => mark !== undefined && mark !== '+').length
  const wide = now.columns.map((_, k) => marks.some((row) => row[k] !== undefined))
  const rows = now.rows.map((row, i) =>
    row.map((cell, k) => (wide[k] ? withMark(cell, marks[i]?.[k], now.columns[k]) : cell)),
  )
  return { ...now, rows }
}

/** The first column whose cells are all different, addresses before others. */
function keyColumn(now: Table, before: Table): number | undefined {
  const indices = now.columns.map((_, i) => i)
  const addresses = indices.filter((i) => now.columns[i]?.address)
  return [...addresses, ...indices].find((i) => isDistinct(now, i) && isDistinct(before, i))
}

function isDistinct({ rows }: Table, column: number): boolean {
  const values = rows.map((row) => exactOf(row[column]))
  return !values.some(isAbsent) && new Set(values).size === values.length
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

function markOf(column: Column, now: Cell, before: Cell, style: Style): string | undefined {
  const [a, b] = [exactOf(before) ?? '', exactOf(now) ?? '']
  if (column.ticks || a === b) return undefined
  const areNumbers = [a, b].every((one) => typeof one === 'bigint' || typeof one === 'number')
  if (!areNumbers) return style.sign.other
  return b > a ? style.sign.up : style.sign.down
}

/** Numbers stay below each other: where one cell of a column has a mark, the others have room for it. */
function withMark(cell: Cell, mark: string | undefined, column: Column | undefined): Cell {
  const text = textOf(cell)
  const isRight = column?.align === 'right'
  if (mark === undefined) return isRight ? { ...objectOf(cell), text: `${text}  ` } : cell
  return { ...objectOf(cell), text: `${text} ${mark}`, paint: 'yellow' }
}

function objectOf(cell: Cell): CellObject {
  return typeof cell === 'object' && cell !== null ? cell : { text: textOf(cell), exact: cell }
}

function textOf(cell: Cell): string {
  if (cell === null || cell === undefined) return ''
  return typeof cell === 'object' ? cell.text : `${cell}`
}
