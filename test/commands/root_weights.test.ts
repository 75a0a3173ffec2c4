import { describe, expect, it } from 'vitest'
import { connect } from '../../src/core/chain/connect.js'
import { dtaoChain } from '../support/dtaoChain.js'
import { localChain } from '../support/localnet.js'
import { documentOf, run } from '../support/run.js'

const chain = localChain()

describe('btcli root_weights', () => {
  it('shows shares per subnet, also as `root get_weights`', async () => {
    const { stdout } = await run('root get-weights', { chain: chain.open, tty: true, columns: 80 })
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
    expect(stdout).toMatchSnapshot()
  })

  it('shows raw values, whole addresses in a pipe, and one JSON document', async () => {
    const { stdout } = await run('root_weights --raw', { chain: chain.open })
    expect(stdout).toContain('65535')
    const found = documentOf(await run('root_weights --json', { chain: chain.open }))
    expect(found.data.weights[0]).toMatchSnapshot()
    expect(stdout).toContain(found.data.weights[0].hotkey)
  })

  it('says on a dTAO chain that they count no more', async () => {
    const { given } = await dtaoChain()
    const { stdout } = await run('root_weights', given)
    expect(stdout).toContain('since dTAO emission goes by price, not by root')
  })

  it('says when the node is not there', async () => {
    const away = () => connect({ endpoint: 'ws://127.0.0.1:1', network: 'local' })
    expect(await run('root_weights', { chain: away })).toMatchObject({ code: 3 })
  })
})
