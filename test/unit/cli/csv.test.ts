import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvOf, csvText } from '../../../src/cli/csv.js'
import type { Table } from '../../../src/cli/table.js'

test('quotes what needs it, and only that', () => {
  const rows = [['plain', 'a,b', 'say "x"', 'two\nlines', 5n, 0.5, true, null, undefined]]
  expect(csvText(['a', 'b'], rows)).toBe('a,b\nplain,"a,b","say ""x""","two\nlines",5,0.5,true,,\n')
})

test('keeps a spreadsheet from running text as a formula', () => {
  expect(csvText(['x'], [['=1+1'], ['+x'], ['-x'], ['@x'], ['1-1']])).toBe(
    "x\n'=1+1\n'+x\n'-x\n'@x\n1-1\n",
  )
})

test('any text comes back', () => {
  const cell = fc.string({ unit: 'grapheme' }).filter((text) => !/^[=+@\t\r-]/.test(text))
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 3 })), (rows) => {
      expect(parse(csvText(['h', 'h'], rows)).slice(1)).toEqual(rows)
    }),
  )
})

describe('tables', () => {
  const table: Table = {
    title: 'Stakes',
    columns: [
      { title: 'UID' },
      { title: 'STAKE(τ)', footer: '1.50000' },
      { title: 'STAKE(SN1 α)', csv: 'stake_alpha' },
      { title: 'DELEGATE/24h' },
    ],
    rows: [
      [
        1,
        { text: '1.50000', exact: 1_500_000_001n, unit: 'tao' },
        { text: '2', exact: 2n, unit: 'alpha' },
        { text: '12.34%', exact: 0.123_437, paint: 'green' },
      ],
      [2, null, null, { text: 'none', exact: null }],
    ],
    note: '2 neurons',
  }

  test('give whole values in both units, without title, totals and footnote', () => {
    expect(csvOf(['Heading', table], {})).toBe(
      'uid,stake_rao,stake_tao,stake_alpha_rao,stake_alpha,delegate_24h\n' +
        '1,1500000001,1.500000001,2,0.000000002,0.123437\n2,,,,,\n',
    )
  })

  test('of the same columns become one, with what their headings say', () => {
    const part = (netuid: number): Table => ({
      columns: [{ title: 'UID' }],
      rows: [[netuid + 10]],
      shared: { netuid },
    })
    expect(csvOf([part(1), '\n', part(3)], {})).toBe('netuid,uid\n1,11\n3,13\n')
    expect(csvOf([part(1), table], {}).split('\n\n')).toHaveLength(2)
  })
})

describe('answers without a table', () => {
  test('are one line of their data', () => {
    const data = { to: '5F', amountRao: 5n, preview: { fee: null, notes: ['a', 'b'] } }
    expect(csvOf(['Sent'], data)).toBe(
      'to,amountRao,preview.fee,preview.notes\n5F,5,,"[""a"",""b""]"\n',
    )
    expect(csvOf(['text'], 'text')).toBe('value\ntext\n')
  })

  test('are a line per object of the first list', () => {
    const data = { path: '/x', gpus: [{ id: 0 }, { id: 1, problem: 'none' }] }
    expect(csvOf([], data)).toBe('id,problem\n0,\n1,none\n')
  })
})

test('no control character of a name reaches the terminal', () => {
  expect(csvText(['x'], [['a\x1b[2Jb\x1b[31m']])).toBe('x\na[2Jb\n')
})

/** Reads CSV character by character, as RFC 4180 says. */
function parse(text: string): string[][] {
  const rows: string[][] = [['']]
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const row = rows.at(-1)!
    const character = text[i]!
    if (quoted && character === '"' && text[i + 1] === '"') row.push(`${row.pop()}${text[++i]}`)
    else if (character === '"') quoted = !quoted
    else if (!quoted && character === ',') row.push('')
    else if (!quoted && character === '\n') rows.push([''])
    else row.push(`${row.pop()}${character}`)
  }
  return rows.slice(0, -1)
}
