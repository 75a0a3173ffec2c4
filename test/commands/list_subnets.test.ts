import { describe, expect, it } from 'vitest'
import { dtaoNode } from '../support/dtaoNode.js'
import { localChain } from '../support/localnet.js'
import { documentOf, run } from '../support/run.js'

const chain = localChain()

describe('list_subnets', () => {
  it('shows the subnets, with totals below', async () => {
    expect(
      await run('list_subnets', { chain: chain.open, tty: true, columns: 120 }),
    ).toMatchSnapshot()
  })

  it('drops the least important columns at 80 and 60 columns and says so', async () => {
    for (const columns of [80, 60]) {
      const { stdout } = await run('list_subnets', { chain: chain.open, tty: true, columns })
      for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
      expect(stdout).toMatchSnapshot(`${columns} columns`)
    }
  })

  it('prints whole addresses and no colour in a pipe', async () => {
    const { stdout } = await run('list_subnets', { chain: chain.open })
    expect(stdout).toContain('5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty')
  })

  it('sorts by the nearest column', async () => {
    const netuids = async (words: string) => {
      const found = documentOf(await run(`list_subnets --json ${words}`, { chain: chain.open }))
      return found.data.subnets.map(({ netuid }: { netuid: number }) => netuid)
    }
    expect(await netuids('')).toEqual([0, 1, 3, 5])
    expect(await netuids('--sort_by burn')).toEqual([5, 3, 1, 0])
    expect(await netuids('--sort_by emisson --sort_order desc')).toEqual([1, 3, 5, 0])
    const wrong = await run('list_subnets --sort_by colour', { chain: chain.open })
    expect(wrong).toMatchObject({ code: 2, stdout: '' })
    expect(wrong.stderr).toContain('columns: netuid, neurons')
  })

  it('is one JSON document with exact numbers', async () => {
    const result = await run('list_subnets --json', { chain: chain.open })
    const found = documentOf(result)
    expect(found).toMatchObject({
      ok: true,
      command: 'list_subnets',
      network: 'local',
      specVersion: 143,
    })
    expect(found.data.subnets[1]).toMatchSnapshot()
  })

  it('says when the chain cannot be reached', async () => {
    const { connect } = await import('../../src/core/chain/connect.js')
    const nowhere = () => connect({ network: 'local', endpoint: 'ws://127.0.0.1:9' })
    for (const json of ['', '--json']) {
      const result = await run(`list_subnets ${json}`, { chain: nowhere })
      expect(result.code).toBe(3)
      expect(json ? documentOf(result).error.code : result.stderr).toMatch(
        /CONNECTION|127\.0\.0\.1:9/,
      )
    }
  })
})

describe('list_subnets on a dTAO chain', () => {
  it('shows tokens, prices and pools', async () => {
    const { given } = await dtaoNode('343')
    const result = await run('list_subnets', { ...given, columns: 200 })
    expect(result.stdout).toMatch(/NETUID +NAME +PRICE\(τ\) +CAP\(τ\) +POOL\(τ\) +POOL\(alpha\)/)
    expect(result.stdout).toMatch(/ 2 +𝜏 +0\.500000 +100\.00 +100\.00 +200\.00/)
    const { data } = documentOf(await run('s list --sort_by price --json', given))
    expect(data.subnets.map(({ netuid }: { netuid: number }) => netuid)).toEqual([2, 0, 1])
    expect(data.subnets[0]).toMatchObject({ priceRao: '500000000', taoInRao: '100000000000' })
  })
})
