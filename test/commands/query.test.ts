import { beforeAll, describe, expect, it } from 'vitest'
import { devHome, localChain } from '../support/localnet.js'
import { documentOf, run } from '../support/run.js'

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
const chain = localChain()
let home = ''

beforeAll(async () => {
  home = await devHome({ alice: { uri: '//Alice' } })
})

const query = (line: string) => run(`query ${line}`, { home, chain: chain.open })

describe('btcli query', () => {
  it('shows an amount in τ, and exactly in JSON', async () => {
    expect(await query('SubtensorModule.Burn 1')).toMatchObject({ code: 0, stdout: 'τ0.5\n' })
    const { data } = documentOf(await query('SubtensorModule.Burn 1 --json'))
    expect(data).toMatchObject({
      pallet: 'SubtensorModule',
      item: 'Burn',
      keys: [1],
      value: '500000000',
      human: 'τ0.5',
      exists: true,
      storageKey: '0x658faa385070e074c85bf6b568cf055501be1755d08418802946bca51b6863250100',
    })
  })

  it('takes a wallet for an account, and shows a struct as JSON', async () => {
    const { stdout } = await query('system.account wallet:alice')
    expect(JSON.parse(stdout)).toMatchObject({ nonce: 0, data: { free: 'τ100000' } })
    expect(await query(`System.Account ${ALICE}`)).toMatchObject({ stdout })
  })

  it('says that a value is the default of an entry that is not there', async () => {
    expect((await query('SubtensorModule.Burn 77')).stdout).toBe('τ1 (not set: the default)\n')
    expect((await query('SubtensorModule.Uids 77 wallet:alice')).stdout).toBe('none\n')
    const { data } = documentOf(await query('SubtensorModule.Burn 77 --json'))
    expect(data).toMatchObject({ exists: false, raw: null, value: '1000000000' })
  })

  it('lists the entries of a map below the keys that are given', async () => {
    const { stdout } = await query('SubtensorModule.NetworksAdded --limit 2')
    expect(stdout).toContain('the first 2 entries; --limit reads more')
    const { data } = documentOf(await query('SubtensorModule.Keys 1 --json'))
    expect(data.more).toBe(false)
    expect(data.entries.length).toBeGreaterThan(3)
    for (const { keys, value } of data.entries) {
      expect(keys[0]).toBe(1)
      expect(value).toMatch(/^5/)
    }
  })

  it('reads an older block', async () => {
    const { localnet } = chain
    const before = localnet.head.number
    await localnet.advance(3)
    const at = await query(`System.Number --at ${before + 1} --json`)
    expect(documentOf(at)).toMatchObject({ block: before + 1, data: { value: before + 1 } })
    expect((await query('System.Number --at soon')).code).toBe(2)
  })

  it('names what is near, and what keys there are', async () => {
    const wrong = await query('SubtensorModule.Bunr 1')
    expect(wrong).toMatchObject({ code: 1 })
    expect(wrong.stderr).toContain('did you mean SubtensorModule.Burn?')
    expect((await query('Subtensormodul.Burn')).stderr).toContain('SubtensorModule.Burn')
    const many = await query('SubtensorModule.Burn 1 2')
    expect(many.stderr).toContain('SubtensorModule.Burn has 1 key')
    const bad = await query('SubtensorModule.Burn one')
    expect(bad.stderr).toContain('key 1: must be a whole number')
    expect((await query('SubtensorModule.Burn 65536')).code).not.toBe(0)
  })

  it('explains an item, and lists pallets and items', async () => {
    const { stdout } = await query('SubtensorModule.Uids --help')
    expect(stdout).toContain('btcli query SubtensorModule.Uids <key1> <key2>')
    expect(stdout).toContain('key 2  AccountId')
    expect((await query('')).stdout).toMatch(/^SubtensorModule {2}\d+ items$/m)
    expect((await query('balances')).stdout).toContain('Balances.TotalIssuance → u64')
  })
})
