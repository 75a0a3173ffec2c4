import { describe, expect, it } from 'vitest'
import { formatTao } from '../../src/core/units.js'
import { devHome, localChain } from '../support/localnet.js'
import { documentOf, run } from '../support/run.js'

const chain = localChain()
const wallets = {
  alice: { uri: '//Alice', hotkeys: { validator: '//Alice//validator' } },
  bob: { uri: '//Bob', hotkeys: { validator: '//Bob//validator' } },
}

const TABLES = [
  'balance --all',
  'config list --all',
  'hyperparameters --netuid 1',
  'inspect --all',
  'list',
  'list_delegates',
  'list_subnets',
  'metagraph --netuid 3',
  'my_delegates --all',
  'overview --all',
  'proposal_votes --proposal 0',
  'proposals',
  'root_list',
  'root_weights',
  'senate',
  'stake_list --all',
  'subnet_show --netuid 3',
  'weights --netuid 1',
  'weights --netuid 1 --sparse',
]

/** Records of CSV by RFC 4180. */
function records(text: string): string[][] {
  const rows: string[][] = [['']]
  for (const [, quoted, plain, end] of text.matchAll(/"((?:[^"]|"")*)"|([^",\n]+)|([,\n])/g)) {
    const row = rows.at(-1)!
    if (end === ',') row.push('')
    else if (end === '\n') rows.push([''])
    else row.push(`${row.pop()}${quoted?.replaceAll('""', '"') ?? plain}`)
  }
  return rows.slice(0, -1)
}

describe('--csv', () => {
  it.each(TABLES)('%s is one table with whole, exact values', async (line) => {
    const given = { chain: chain.open, home: await devHome(wallets) }
    // What a terminal shows is cut to its width; CSV is the same whatever the terminal.
    const result = await run(`${line} --csv`, { ...given, tty: true, columns: 60, filters: false })
    expect(result.code).toBe(0)
    const [header = [], ...rows] = records(result.stdout)
    expect(rows.length).toBeGreaterThan(0)
    expect(new Set(header).size).toBe(header.length)
    expect(result.stdout).not.toMatch(/…|\bTOTAL\b|columns? hidden/i)
    expect(result.stdout).not.toContain('\x1b')
    for (const row of rows) expect(row).toHaveLength(header.length)
    for (const [i, name] of header.entries()) {
      expect(name).toMatch(/^[\p{Ll}\p{N}_]+$/u)
      if (!name.endsWith('_rao') || header[i + 1] !== name.replace(/_rao$/, '_tao')) continue
      for (const row of rows) {
        expect(row[i]).toMatch(/^\d*$/)
        expect(row[i + 1]).toBe(row[i] === '' ? '' : formatTao(BigInt(row[i]!)))
      }
    }
  })

  it('has the very amounts of JSON', async () => {
    const given = { chain: chain.open, home: await devHome(wallets) }
    const [header = [], ...rows] = records((await run('metagraph --netuid 3 --csv', given)).stdout)
    const { neurons } = documentOf(await run('metagraph --netuid 3 --json', given)).data
    const column = (name: string) => rows.map((row) => row[header.indexOf(name)])
    expect(column('stake_rao')).toEqual(neurons.map((one: { stakeRao: string }) => one.stakeRao))
    expect(column('emission_rao')).toEqual(
      neurons.map((one: { emissionRao: string }) => one.emissionRao),
    )
    expect(column('dividends').map(Number)).toEqual(
      neurons.map((one: { dividends: number }) => one.dividends),
    )
    expect(column('hotkey')).toEqual(neurons.map((one: { hotkey: string }) => one.hotkey))
  })

  it('of a command without a table is a line of its data; with JSON it is refused', async () => {
    const given = { chain: chain.open, home: await devHome(wallets) }
    const line = 'transfer --wallet.name alice --dest wallet:bob --amount 1 --dry_run'
    const [header = [], row = []] = records((await run(`${line} --csv`, given)).stdout)
    expect(row[header.indexOf('amountRao')]).toBe('1000000000')
    expect((await run('list --csv --json')).code).toBe(2)
    expect((await run('list --output csv', { home: given.home })).stdout).toContain('wallet,key,')
  })
})
