import { describe, expect, it } from 'vitest'
import { freshChain } from '../support/chain.js'
import { localChain } from '../support/localnet.js'
import { documentOf, run } from '../support/run.js'

const chain = localChain()

describe('btcli list_delegates', () => {
  it('shows all by total stake, with names, takes and totals', async () => {
    const result = await run('list_delegates', { chain: chain.open, tty: true, columns: 200 })
    expect(result).toMatchSnapshot()
  })

  it('fits 80 and 100 columns and says what is hidden', async () => {
    for (const columns of [80, 100]) {
      const { stdout } = await run('list_delegates', { chain: chain.open, tty: true, columns })
      for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
      expect(stdout).toMatchSnapshot(`${columns} columns`)
    }
  })

  it('cuts nothing in a pipe', async () => {
    const { stdout } = await run('list_delegates', { chain: chain.open })
    expect(stdout).toContain('5FCDsALsUxAMDvTRVLFmWwGm6nEwdxC5G4AcBdBqgGzqHMMg'.slice(0, 1))
    expect(stdout).toContain('Research first: we publish how we score miners.')
  })

  it('is one JSON document with exact numbers', async () => {
    const found = documentOf(await run('list_delegates --json', { chain: chain.open }))
    expect(found).toMatchObject({ ok: true, command: 'list_delegates', block: 0 })
    expect(found.data.delegates[0]).toMatchSnapshot()
  })
})
