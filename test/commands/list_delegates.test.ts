import { describe, expect, it } from 'vitest'
import { changeOf, dailyPerKtao, nominatorDaily } from '../../src/cli/delegateFigures.js'
import { matching } from '../../src/cli/prompts.js'
import { connect } from '../../src/core/chain/connect.js'
import { freshChain } from '../support/chain.js'
import { dev } from '../support/devAccounts.js'
import { localChain } from '../support/localnet.js'
import { documentOf, run } from '../support/run.js'

const chain = localChain()

describe('btcli list_delegates', () => {
  it('shows all by total stake, with names, takes and totals', async () => {
    const result = await run('list_delegates', { chain: chain.open, tty: true, columns: 200 })
    expect(result.code).toBe(0)
    expect(result.stdout).toMatchSnapshot()
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
    expect(stdout).toContain(dev('//Ferdie//validator'))
    expect(stdout).toContain('Research first: we publish how we score miners.')
  })

  it('is one JSON document with exact numbers', async () => {
    const found = documentOf(await run('list_delegates --json', { chain: chain.open }))
    expect(found).toMatchObject({ ok: true, command: 'list_delegates', block: 0 })
    expect(found.data.delegates[0]).toMatchSnapshot()
  })

  it('sorts by any column, limits, and leaves out names when told to', async () => {
    const line = 'list_delegates --sort_by take --limit 2'
    const { stdout } = await run(`${line} --no_names`, { chain: chain.open })
    expect(stdout).not.toContain('Fjord')
    const found = documentOf(await run(`${line} --json`, { chain: chain.open }))
    expect(found.data.delegates.map(({ name }: { name: string }) => name)).toEqual([
      'Fjord',
      'Ember',
    ])
    expect(await run('list_delegates --sort_by colour', { chain: chain.open })).toMatchObject({
      code: 2,
    })
  })

  it('compares with 4 hours ago where the node has that state', async () => {
    const { localnet, chain: open } = await freshChain({ genesis: 'empty' })
    await localnet.advance(1201)
    const found = await run('list_delegates', { chain: open })
    expect(found).toMatchObject({ code: 0, stdout: 'There are no delegates on local.\n' })
    expect(found.stderr).toContain('Reading delegates of 4 hours ago')
    const without = await run('list_delegates --no_history --json', { chain: open })
    expect(documentOf(without).data.delegates).toEqual([])
  })

  it('ends with 3 when the node is not there', async () => {
    const away = () => connect({ endpoint: 'ws://127.0.0.1:1', network: 'local' })
    expect(await run('list_delegates', { chain: away })).toMatchObject({ code: 3 })
  })
})

describe('figures of delegates', () => {
  const delegate = {
    hotkey: dev('//Alice//validator'),
    owner: dev('//Alice'),
    take: 11_796,
    nominators: [],
    totalStake: 2_000_000_000_000n,
    registrations: [],
    validatorPermits: [],
    totalDailyReturn: 65_535_000_000n,
  } as never

  it('subtract the take', () => {
    expect(nominatorDaily(delegate, 1_000_000_000_000n)).toBe(26_869_500_000n)
    expect(dailyPerKtao(delegate)).toBe(26_869_500_000n)
    expect(dailyPerKtao({ ...(delegate as object), totalStake: 0n } as never)).toBeUndefined()
  })

  it('compare stakes as fractions', () => {
    expect(changeOf(5n, undefined)).toBeUndefined()
    expect([changeOf(0n, 0n), changeOf(5n, 0n), changeOf(110n, 100n), changeOf(50n, 100n)]).toEqual(
      [0, 1, 0.1, -0.5],
    )
  })
})

describe('searching a list', () => {
  const rows = ['0  Aurora  5Hav', '1  Borealis  5FRj', '10  Cirrus  5FU1'].map((name) => ({
    name,
    value: name.slice(-4),
  }))

  it('finds by name, address and number', () => {
    const found = (term: string) => matching(rows, term).map(({ value }) => value)
    expect(found('')).toHaveLength(3)
    expect(found('bor')).toEqual(['5FRj'])
    expect(found('5f')).toEqual(['5FRj', '5FU1'])
    expect(found('10')).toEqual(['5FU1'])
    expect(found('1')[0]).toBe('5FRj')
    expect(found('aurora 5FRj')).toEqual([])
  })
})
