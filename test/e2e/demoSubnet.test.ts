/** The example miner and validator, as the demo of a subnet runs them: it ends with 0 only if the chain shows what it should. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

it('the better miner of the demo earns more', () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'scripts/demo-subnet.ts'],
    { cwd: root, encoding: 'utf8', timeout: 240_000 },
  )
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/epoch 3: weights uid \d+ /)
  expect(stdout.match(/has stopped/g)).toHaveLength(2)
  expect(stdout).not.toContain('✘')
}, 300_000)
