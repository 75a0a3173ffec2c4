import { describe, expect, it } from 'vitest'
import { plainStyle } from '../../../src/cli/style.js'
import type { Table, View } from '../../../src/cli/table.js'
import { renderBlocks } from '../../../src/cli/table.js'
import { widthOf } from '../../../src/cli/text.js'

const alice = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
const bob = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'

const stakes: Table = {
  title: 'Stakes',
  columns: [
    { title: 'UID', align: 'right' },
    { title: 'HOTKEY', address: true },
    { title: 'NAME', optional: 1 },
    { title: 'STAKE (τ)', align: 'right', footer: '1024.500023' },
    { title: 'RANK', align: 'right', optional: 2 },
    { title: 'AXON', optional: 3 },
  ],
  rows: [
    [3, alice, '東京ノード', '1024.500000', '0.0412', '10.0.0.1:8091'],
    [17, bob, null, '0.000023', '0.0007', undefined],
  ],
  note: '2 of 256 neurons',
}

function view(width: number, options: Partial<View> = {}): View {
  return { style: plainStyle(), width, wide: false, ...options }
}

describe('a table', () => {
  it('is whole in a pipe', async () => {
    expect(await renderBlocks(stakes, view(Number.POSITIVE_INFINITY))).toMatchInlineSnapshot(`
      "Stakes
      UID  HOTKEY                                            NAME          STAKE (τ)    RANK  AXON
        3  5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY  東京ノード  1024.500000  0.0412  10.0.0.1:8091
       17  5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty                 0.000023  0.0007
                                                                         1024.500023
      2 of 256 neurons
      "
    `)
  })

  it('shortens addresses first', async () => {
    expect(await renderBlocks(stakes, view(80))).toMatchInlineSnapshot(`
      "Stakes
      UID  HOTKEY       NAME          STAKE (τ)    RANK  AXON
        3  5Grwva…utQY  東京ノード  1024.500000  0.0412  10.0.0.1:8091
       17  5FHneW…94ty                 0.000023  0.0007
                                    1024.500023
      2 of 256 neurons
      "
    `)
  })

  it('then drops optional columns', async () => {
    expect(await renderBlocks(stakes, view(60))).toMatchInlineSnapshot(`
      "Stakes
      UID  HOTKEY       NAME          STAKE (τ)    RANK
        3  5Grwva…utQY  東京ノード  1024.500000  0.0412
       17  5FHneW…94ty                 0.000023  0.0007
                                    1024.500023
      2 of 256 neurons
      1 column hidden; --wide shows all
      "
    `)
  })

  it('drops optional columns that are empty before others', async () => {
    const rows = stakes.rows.map((row) => row.map((cell, i) => (i === 2 ? '' : cell)))
    expect((await renderBlocks({ ...stakes, rows }, view(55))).split('\n')[1]).toBe(
      'UID  HOTKEY         STAKE (τ)    RANK  AXON',
    )
  })

  it('wraps words where all else is as narrow as it gets', async () => {
    const table: Table = {
      columns: [{ title: 'N', align: 'right' }, { title: 'ABOUT' }],
      rows: [
        [1, 'Answers in text, ranked by how useful they are.'],
        [2, 'Short.'],
      ],
    }
    expect(await renderBlocks(table, view(32))).toBe(
      'N  ABOUT\n1  Answers in text, ranked by\n   how useful they are.\n2  Short.\n',
    )
  })

  it('looks like the tables of the same columns beside it', async () => {
    const narrow: Table = { ...stakes, rows: [[1, alice, 'a', '1', '0', '']] }
    const both = await renderBlocks([narrow, '', stakes], view(60))
    const heads = both.split('\n').filter((line) => line.startsWith('UID'))
    expect(heads[0]).toBe(heads[1])
    expect(both.match(/columns? hidden/g)).toHaveLength(1)
  })

  it('then gives each record its own lines', async () => {
    expect(await renderBlocks(stakes, view(24))).toMatchInlineSnapshot(`
      "Stakes
      UID        3
      HOTKEY     5Grwva…utQY
      NAME       東京ノード
      STAKE (τ)  1024.500000
      RANK       0.0412
      AXON       10.0.0.1:8091

      UID        17
      HOTKEY     5FHneW…94ty
      STAKE (τ)  0.000023
      RANK       0.0007

      STAKE (τ)  1024.500023
      2 of 256 neurons
      "
    `)
  })

  it('shows all columns with --wide', async () => {
    const whole = await renderBlocks(stakes, view(Number.POSITIVE_INFINITY))
    expect(await renderBlocks(stakes, view(30, { wide: true }))).toBe(whole)
    expect(await renderBlocks(stakes, view(200))).toBe(whole)
  })

  it.each([60, 80, 200])('never exceeds %i columns', async (width) => {
    const text = await renderBlocks(stakes, view(width))
    for (const line of text.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(width)
  })

  it('lines wide characters up', async () => {
    const text = await renderBlocks(stakes, view(200))
    const lines = text.split('\n')
    const columnOf = (line: string | undefined, part: string) => widthOf(line?.split(part)[0] ?? '')
    expect(columnOf(lines[2], '1024')).toBe(
      columnOf(lines[1], 'STAKE') - '1024.500000'.length + 'STAKE (τ)'.length,
    )
  })

  it('removes what could steer the terminal', async () => {
    const table = { columns: [{ title: 'NAME' }], rows: [['a\x1b]0;x\x07b\r\u202ec\nd']] }
    expect(await renderBlocks(table, view(80))).toBe('NAME\na]0;xbc\nd\n')
  })

  it('without rows says so', async () => {
    const none = { columns: [{ title: 'X' }], rows: [], empty: 'No proposals are open.' }
    expect(await renderBlocks(none, view(80))).toBe('No proposals are open.\n')
  })

  it('is ASCII for a stream that needs it', async () => {
    const style = plainStyle(true)
    const text = await renderBlocks(stakes, { style, width: 60, wide: false })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is the claim
    expect(text).toMatch(/^[\x00-\x7f]*$/)
    expect(text).toContain('STAKE (TAO)')
  })

  it('stands between text blocks', async () => {
    const table = { columns: [{ title: 'A' }, { title: 'B' }], rows: [['1', '2']] }
    expect(await renderBlocks(['before', table, 'after'], view(80))).toBe(
      'before\nA  B\n1  2\nafter\n',
    )
  })
})
