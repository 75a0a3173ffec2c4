import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { localChain } from '../support/localnet.js'
import { documentOf, run } from '../support/run.js'
import { tempFolder } from '../support/tempFolder.js'

const chain = localChain()
const file = (name: string) =>
  fileURLToPath(new URL(`../vectors/chain/metadata/${name}.hex.gz`, import.meta.url))

describe('btcli metadata', () => {
  it('tells two runtimes apart, from files alone', async () => {
    const argv = ['metadata', 'diff', file('spec-143.v14'), file('spec-218.v14'), '--json']
    const { data } = documentOf(await run(argv))
    expect(data).toMatchObject({ a: { specVersion: 143 }, b: { specVersion: 218 } })
    expect(data.differences).toContainEqual({
      kind: 'call',
      name: 'SubtensorModule.add_stake',
      change: 'changed',
      before: '2(hotkey: AccountId, amount_staked: u64)',
      after: '2(hotkey: AccountId, netuid: u16, amount_staked: u64)',
    })
    const names = (change: string) =>
      data.differences.filter((one: { change: string }) => one.change === change)
    expect(names('added').length).toBeGreaterThan(50)
    expect(names('removed').length).toBeGreaterThan(5)
  })

  it('shows constants as values, those with fields field by field', async () => {
    const argv = ['metadata', 'diff', file('spec-143.v14'), file('spec-343.v14'), '--json']
    const { data } = documentOf(await run([...argv, '--only', 'constant']))
    const changed = { kind: 'constant', change: 'changed' }
    expect(data.differences).toContainEqual({
      ...changed,
      name: 'SubtensorModule.InitialMinBurn',
      before: 'u64 τ1',
      after: 'u64 τ0.0005',
    })
    expect(data.differences).toContainEqual({
      ...changed,
      name: 'System.Version.spec_version',
      before: '143',
      after: '343',
    })
  })

  it('finds nothing between equals, whatever the version of the metadata', async () => {
    const argv = ['metadata', 'diff', file('spec-343.v14'), file('spec-343.v15'), '--only', 'calls']
    expect((await run(argv)).stdout).toMatch(/: no differences\n$/)
  })

  it('saves the metadata of a chain, and compares with a block of it', async () => {
    const home = tempFolder()
    const saved = await run('metadata save local.scale', { home, chain: chain.open })
    expect(saved.stdout).toMatch(/^Saved \d+ bytes of spec 143 to /)
    const argv = 'metadata diff local.scale 0'
    expect((await run(argv, { home, chain: chain.open })).stdout).toMatch(/no differences\n$/)
  })

  it('refuses what is no metadata', async () => {
    expect((await run(['metadata', 'diff', file('spec-143.v14'), '/nowhere'])).code).toBe(2)
    const self = fileURLToPath(import.meta.url)
    const wrong = await run(['metadata', 'diff', file('spec-143.v14'), self])
    expect(wrong.stderr).toContain('is no metadata')
  })
})
