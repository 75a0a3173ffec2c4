import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvText } from '../../../src/cli/csv.js'

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
