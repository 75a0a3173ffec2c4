import { describe, expect, it } from 'vitest'
import { connect } from '../../src/core/chain/connect.js'
import { dev, devWorld } from '../support/devAccounts.js'
import { localChain } from '../support/localnet.js'
import { documentOf, run } from '../support/run.js'

const chain = localChain()

describe('btcli weights', () => {
  it('is a line per neuron where a grid does not fit', async () => {
    const result = await run('weights -n 5', { chain: chain.open, tty: true, columns: 80 })
    expect(result.code).toBe(0)
    for (const line of result.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
    expect(result.stdout).toMatchSnapshot()
  })

  it('is a grid of shares where it fits; rows sum to 1', async () => {
    const { stdout } = await run('weights -n 5', { chain: chain.open, tty: true, columns: 200 })
    expect(stdout).toMatchSnapshot()
    const row = stdout.split('\n')[1]?.trim().split(/\s+/).slice(1).map(Number) ?? []
    expect(row).toHaveLength(14)
    expect(row.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 2)
  })

  it('is not cut in a pipe, and shows raw values and bonds', async () => {
    const { stdout } = await run('weights -n 1 --sparse --raw --uid 0', { chain: chain.open })
    expect(stdout).toContain(dev('//Alice//validator'))
    expect(stdout).toMatch(/:65535 /)
    const bonds = documentOf(await run('weights -n 1 --bonds --json', { chain: chain.open }))
    expect(bonds.data.bonds[0].bonds.length).toBeGreaterThan(0)
  })

  it('chooses by wallet, hotkey and uid', async () => {
    const { given } = await devWorld()
    const uids = async (words: string) => {
      const found = documentOf(await run(`weights -n 1 --json ${words}`, given))
      return found.data.weights.map(({ uid }: { uid: number }) => uid)
    }
    expect(await uids('')).toHaveLength(30)
    expect(await uids('-w alice')).toEqual([0, 6])
    expect(await uids('-w alice -H miner1')).toEqual([6])
    expect(await uids('-w alice --all')).toHaveLength(30)
    expect(await uids('--uid 2 3')).toEqual([2, 3])
    expect(await uids(`--hotkey ${dev('//Bob//validator')}`)).toEqual([1])
    expect(await uids('--uid 99')).toEqual([])
    const none = await run('weights -n 1 --uid 99', given)
    expect(none).toMatchObject({ code: 0, stdout: 'No such neuron on subnet 1.\n' })
  })

  it('is one JSON document', async () => {
    const found = documentOf(await run('weights -n 5 --uid 0 --json', { chain: chain.open }))
    expect(found).toMatchObject({ ok: true, data: { netuid: 5, block: 0 } })
    expect(found.data.weights).toMatchSnapshot()
  })

  it('names the subnets that exist, and says when the node is not there', async () => {
    const wrong = await run('weights -n 9', { chain: chain.open })
    expect(wrong).toMatchObject({ code: 1, stdout: '' })
    expect(wrong.stderr).toContain('there is no subnet 9')
    const away = () => connect({ endpoint: 'ws://127.0.0.1:1', network: 'local' })
    expect(await run('weights -n 1', { chain: away })).toMatchObject({ code: 3 })
  })
})
