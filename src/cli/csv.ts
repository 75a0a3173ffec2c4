/** CSV by RFC 4180, lines ending in a plain line break. */

/** A value of a CSV field; null and undefined are empty. */
export type CsvValue = string | number | bigint | boolean | null | undefined

/**
 * A header line and rows. Text that a spreadsheet would run as a formula gets an apostrophe before it.
 * @example
 * csvText(['netuid', 'burn_rao'], [[1, 1000000000n]]) // 'netuid,burn_rao\n1,1000000000\n'
 */
export function csvText(header: readonly string[], rows: readonly (readonly CsvValue[])[]): string {
  return [header, ...rows].map((row) => `${row.map(field).join(',')}\n`).join('')
}

function field(value: CsvValue): string {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'string') return `${value}`
  const text = /^[=+@\t\r-]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
