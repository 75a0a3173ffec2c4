import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { replay } from '../../support/replay/replay.js'

const read = (name: string) =>
  gunzipSync(
    readFileSync(new URL(`../../vectors/scenarios/${name}.json.gz`, import.meta.url)),
  ).toString('utf8')

test.each([
  ['a-registration', 60],
  ['b-staking-epochs', 97],
  ['c-senate', 138],
  ['d-edges', 81],
  ['e-random', 300],
  ['f-random', 300],
  ['g-balances', 155],
  ['h-senate', 172],
  ['i-swaps', 185],
  ['j-registration', 225],
  ['k-hyperparameters', 247],
  ['l-batches', 93],
  ['m-deadlines', 72],
  ['n-setters', 113],
])('%s: the embedded runtime does what the real spec 143 did', async (name, steps) => {
  const report = await replay(read(name))
  expect(report.differences).toEqual([])
  expect(report.steps).toBe(steps)
})

test('a recording that the runtime does not agree with is reported step by step', async () => {
  const recording = JSON.parse(read('a-registration'))
  recording.steps[2].changes['Balances.TotalIssuance']['[]'] = '1'
  recording.steps[4].outcome = { error: 'subtensorModule.NotRegistered' }
  const { differences } = await replay(JSON.stringify(recording))
  expect(differences.map((one) => one.step)).toEqual([2, 4])
  expect(differences[0]?.what).toContain('Balances.TotalIssuance')
})
