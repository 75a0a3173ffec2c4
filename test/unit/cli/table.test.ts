import { describe, expect, it } from 'vitest'
import { plainStyle } from '../../../src/cli/style.js'
import type { Table, View } from '../../../src/cli/table.js'
import { renderBlocks, renderTable } from '../../../src/cli/table.js'
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
    expect(await renderTable(stakes, view(Number.POSITIVE_INFINITY))).toMatchInlineSnapshot(`
      "Stakes
      UID  HOTKEY                                            NAME          STAKE (τ)    RANK  AXON
        3  5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY  東京ノード  1024.500000  0.0412  10.0.0.1:8091
       17  5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty                 0.000023  0.0007
                                                                         1024.500023
      2 of 256 neurons
      "
    `)
  })

  it('drops optional columns first', async () => {
    expect(await renderTable(stakes, view(80))).toMatchInlineSnapshot(`
      "Stakes
      UID  HOTKEY                                            NAME          STAKE (τ)
        3  5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY  東京ノード  1024.500000
       17  5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty                 0.000023
                                                                         1024.500023
      2 of 256 neurons
      2 columns hidden; --wide shows all
      "
    `)
  })

  it('then shortens addresses', async () => {
    expect(await renderTable(stakes, view(60))).toMatchInlineSnapshot(`
      "Stakes
      UID  HOTKEY         STAKE (τ)
        3  5Grwva…utQY  1024.500000
       17  5FHneW…94ty     0.000023
                        1024.500023
      2 of 256 neurons
      3 columns hidden; --wide shows all
      "
    `)
  })

  it('then gives each record its own lines', async () => {
    expect(await renderTable(stakes, view(24))).toMatchInlineSnapshot(`
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
    const whole = await renderTable(stakes, view(Number.POSITIVE_INFINITY))
    expect(await renderTable(stakes, view(30, { wide: true }))).toBe(whole)
    expect(await renderTable(stakes, view(200))).toBe(whole)
  })

  it.each([60, 80, 200])('never exceeds %i columns', async (width) => {
    const text = await renderTable(stakes, view(width))
    for (const line of text.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(width)
  })

  it('lines wide characters up', async () => {
    const text = await renderTable(stakes, view(200))
    const lines = text.split('\n')
    const columnOf = (line: string | undefined, part: string) => widthOf(line?.split(part)[0] ?? '')
    expect(columnOf(lines[2], '1024')).toBe(
      columnOf(lines[1], 'STAKE') - '1024.500000'.length + 'STAKE (τ)'.length,
    )
  })

  it('removes what could steer the terminal', async () => {
    const table = { columns: [{ title: 'NAME' }], rows: [['a\x1b]0;x\x07b\r\u202ec\nd']] }
    expect(await renderTable(table, view(80))).toBe('NAME\na]0;xbc\nd\n')
  })

  it('without rows says so', async () => {
    const none = { columns: [{ title: 'X' }], rows: [], empty: 'No proposals are open.' }
    expect(await renderTable(none, view(80))).toBe('No proposals are open.\n')
  })

  it('is ASCII for a stream that needs it', async () => {
    const style = plainStyle(true)
    const text = await renderTable(stakes, { style, width: 60, wide: false })
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
