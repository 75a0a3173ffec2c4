/** Answers as CSV by RFC 4180, lines ending in a plain line break: whole values of tables, no totals. */
import { formatTao } from '../core/units.js'
import { jsonText } from './json.js'
import type { Block, Cell, Column, ExactValue, Table } from './table.js'
import { safeLines, uncoloured } from './text.js'

/**
 * A header line and rows. Text that a spreadsheet would run as a formula gets an apostrophe before it.
 * @example
 * csvText(['netuid', 'burn_rao'], [[1, 1000000000n]]) // 'netuid,burn_rao\n1,1000000000\n'
 */
export function csvText(
  header: readonly string[],
  rows: readonly (readonly ExactValue[])[],
): string {
  return [header, ...rows].map((row) => `${row.map(field).join(',')}\n`).join('')
}

function field(value: ExactValue): string {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'string') return `${value}`
  const clean = uncoloured(safeLines(value))
  const text = /^[=+@\t\r-]/.test(clean) ? `'${clean}` : clean
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/**
 * The tables of an answer; those with the same columns become one. An answer without a table is its JSON data: a row per
 * object of the first list in it, or one row.
 */
export function csvOf(blocks: readonly Block[], data: unknown): string {
  const tables = blocks.flatMap((block) => (typeof block === 'string' ? [] : [sheetOf(block)]))
  if (tables.length === 0) return dataCsv(data)
  const merged = new Map<string, Sheet>()
  for (const { header, rows } of tables) {
    const key = header.join('\n')
    merged.set(key, { header, rows: [...(merged.get(key)?.rows ?? []), ...rows] })
  }
  return [...merged.values()].map(({ header, rows }) => csvText(header, rows)).join('\n')
}

type Sheet = {
  readonly header: readonly string[]
  readonly rows: readonly (readonly ExactValue[])[]
}

function sheetOf({ columns, rows, shared = {} }: Table): Sheet {
  const kinds = columns.map((column, i) => ({ column, i, unit: unitOf(rows, i) }))
  return {
    header: [
      ...Object.keys(shared),
      ...kinds.flatMap(({ column, unit }) => columnNames(column, unit)),
    ],
    rows: rows.map((row) => [
      ...Object.values(shared),
      ...kinds.flatMap(({ i, unit }) => values(row[i], unit)),
    ]),
  }
}

type Unit = 'tao' | 'alpha' | undefined

function unitOf(rows: Table['rows'], column: number): Unit {
  for (const row of rows) {
    const cell = row[column]
    if (typeof cell === 'object' && cell?.unit !== undefined) return cell.unit
  }
  return undefined
}

/** `STAKE(τ)` → `stake_rao`, `stake_tao`; `DELEGATE/24h` → `delegate_24h`. */
function columnNames({ title, csv }: Column, unit: Unit): string[] {
  const words = title
    .toLowerCase()
    .replaceAll('τ', ' tao ')
    .replaceAll('α', ' alpha ')
    .replaceAll('ρ', ' rao ')
    .replace(/k\s+tao/g, 'ktao')
  const name = csv ?? words.replace(/[^\p{L}\p{N}]+/gu, '_').replace(/^_|_$/g, '')
  if (unit === undefined) return [name]
  const base = name.replace(/_(?:tao|alpha)$/, '')
  return unit === 'tao' ? [`${base}_rao`, `${base}_tao`] : [`${base}_alpha_rao`, `${base}_alpha`]
}

function values(cell: Cell, unit: Unit): ExactValue[] {
  const exact = exactOf(cell)
  if (unit === undefined) return [exact]
  return typeof exact === 'bigint' ? [exact, formatTao(exact)] : [exact, exact]
}

/** The whole value of a cell. */
export function exactOf(cell: Cell): ExactValue {
  if (typeof cell !== 'object' || cell === null) return cell
  return 'exact' in cell ? cell.exact : cell.text
}

function dataCsv(data: unknown): string {
  const plain: unknown = JSON.parse(jsonText(data))
  if (!isRecord(plain)) return csvText(['value'], [[leaf(plain)]])
  const list = Object.values(plain).find((value) => Array.isArray(value) && value.every(isRecord))
  const records = (Array.isArray(list) ? list : [plain]).map((one) => new Map(leaves(one)))
  const header = [...new Set(records.flatMap((record) => [...record.keys()]))]
  return csvText(
    header,
    records.map((record) => header.map((name) => record.get(name))),
  )
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Fields with their paths: `error.code`. Lists stay JSON. */
function leaves(value: Readonly<Record<string, unknown>>, path = ''): [string, ExactValue][] {
  return Object.entries(value).flatMap(([name, one]): [string, ExactValue][] =>
    isRecord(one) ? leaves(one, `${path}${name}.`) : [[`${path}${name}`, leaf(one)]],
  )
}

function leaf(value: unknown): ExactValue {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : (value as ExactValue)
}
