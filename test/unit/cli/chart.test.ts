import { expect, test } from 'vitest'
import { chart } from '../../../src/cli/chart.js'

const labels = (values: readonly bigint[]) =>
  chart(values, { width: 80, ascii: true })
    .split('\n')
    .map((line) => line.split('|')[0]?.trim())
    .filter((label) => label !== '')

test.each<[string, bigint[], string[]]>([
  ['six digits are enough', [1_000_000n, 3_000_000n], ['0.003000', '0.002000', '0.001000']],
  ['late digits tell', [785_471_921n, 785_472_292n], ['0.7854723', '0.7854721', '0.7854719']],
  ['one RAO apart', [1_000_000_000n, 1_000_000_001n], ['1.000000001', '1.000000000']],
  ['all the same', [785_471_921n, 785_471_921n], ['0.785472']],
])('no two labels of the chart are equal: %s', (_, values, expected) => {
  expect(labels(values)).toEqual(expected)
})
