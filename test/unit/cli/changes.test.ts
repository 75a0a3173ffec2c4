import { expect, test } from 'vitest'
import { markChanges } from '../../../src/cli/changes.js'
import { plainStyle } from '../../../src/cli/style.js'
import { type Cell, renderBlocks, type Table } from '../../../src/cli/table.js'

const view = { style: plainStyle(), width: 80, wide: false }
const table = (rows: readonly (readonly Cell[])[]): Table => ({
  columns: [
    { title: 'NAME' },
    { title: 'STAKE(τ)', align: 'right' },
    { title: 'UPDATED', align: 'right', ticks: true },
    { title: 'HOTKEY', address: true },
  ],
  rows,
})
const tao = (text: string, exact: bigint): Cell => ({ text, exact, unit: 'tao' })

async function shown(before: Table, now: Table): Promise<string> {
  const { blocks, words } = markChanges([now], [before], view.style)
  return `${await renderBlocks(blocks, view)}${words}`
}

test('numbers that grow and shrink, other cells, new and missing rows', async () => {
  const before = table([
    ['a', tao('1.0', 10n), 5, '5A'],
    ['b', tao('2.0', 20n), 6, '5B'],
    ['c', tao('3.0', 30n), 7, '5C'],
    ['d', tao('4.0', 40n), 8, '5D'],
  ])
  const now = table([
    ['b', tao('2.0', 19n), 7, '5B'],
    ['a', tao('1.5', 15n), 6, '5A'],
    ['see', tao('3.0', 30n), 8, '5C'],
    ['e', tao('9.0', 90n), 9, '5E'],
  ])
  expect(await shown(before, now)).toMatchInlineSnapshot(`
    "NAME   STAKE(τ)  UPDATED  HOTKEY
    b         2.0 ▼        7  5B
    a         1.5 ▲        6  5A
    see •     3.0          8  5C
    e         9.0          9  5E +
    3 changed, 1 new, 1 gone"
  `)
})

test('nothing is marked at first, and nothing that is the same', async () => {
  const same = table([['a', tao('1.0', 10n), 5, '5A']])
  expect(markChanges([same], undefined, view.style)).toEqual({ blocks: [same], words: '' })
  expect(markChanges(['x', same], ['x', same], view.style)).toEqual({
    blocks: ['x', same],
    words: '',
  })
})

test('a line of text that changed is marked and counted, unless it only counts blocks', async () => {
  const { blocks, words } = markChanges(
    [
      'price τ0.02\n',
      'free τ3 · block 8',
      'tempo 5 of 100 blocks',
      { ...table([]), title: 'N: 4' },
    ],
    [
      'price τ0.01\n',
      'free τ3 · block 7',
      'tempo 4 of 100 blocks',
      { ...table([]), title: 'N: 3' },
    ],
    view.style,
  )
  expect(await renderBlocks(blocks, view)).toMatchInlineSnapshot(`
    "price τ0.02 •
    free τ3 · block 8
    tempo 5 of 100 blocks
    N: 4 •
    NAME  STAKE(τ)  UPDATED  HOTKEY
    "
  `)
  expect(words).toBe('2 changed')
})

test('tables and lines that come and go are counted', () => {
  const one = table([['a', tao('1.0', 10n), 5, '5A']])
  expect(markChanges(['Subnet 1', one], ['Nothing here.'], view.style).words).toBe(
    '1 changed, 1 new',
  )
  expect(markChanges(['Nothing here.'], ['Subnet 1', one], view.style).words).toBe(
    '1 changed, 1 gone',
  )
})

test('tables are told apart by what their rows share', async () => {
  const of = (netuid: number, stake: bigint): Table => ({
    columns: [{ title: 'UID' }, { title: 'STAKE' }],
    rows: [[0, stake]],
    shared: { netuid },
  })
  const { words } = markChanges([of(1, 5n), of(3, 7n)], [of(3, 7n), of(1, 4n)], view.style)
  expect(words).toBe('1 changed')
})

test('the mark repeats in ASCII what the colour says', async () => {
  const style = plainStyle(true)
  const { blocks } = markChanges(
    [table([['a', tao('2.0', 20n), 5, '5A']])],
    [table([['a', tao('1.0', 10n), 5, '5A']])],
    style,
  )
  expect(await renderBlocks(blocks, { ...view, style })).toContain('2.0 ^')
})
