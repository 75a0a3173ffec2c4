import { describe, expect, it } from 'vitest'
import { connect } from '../../src/core/chain/connect.js'
import { localChain } from '../support/localnet.js'
import { documentOf, run } from '../support/run.js'

const chain = localChain()

describe('btcli root_list', () => {
  it('shows the members at 80 and 200 columns, also as `root list`', async () => {
    for (const columns of [80, 200]) {
      const { stdout, code } = await run('root list', { chain: chain.open, tty: true, columns })
      expect(code).toBe(0)
      for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
      expect(stdout).toMatchSnapshot(`${columns} columns`)
    }
  })

  it('sorts, and is one JSON document', async () => {
    const found = documentOf(
      await run('root_list --sort_by stake --sort_order desc --json', { chain: chain.open }),
    )
    expect(found.data.members[0]).toMatchSnapshot()
    const uids = found.data.members.map(({ uid }: { uid: number }) => uid)
    expect(uids).toEqual([0, 1, 2, 3, 4])
  })

  it('of an empty chain says so and ends with 0', async () => {
    const { freshChain } = await import('../support/chain.js')
    const empty = await freshChain({ genesis: 'empty' })
    expect(await run('root_list', { chain: empty.chain })).toMatchObject({
      code: 0,
      stdout: 'The root network has no members.\n',
    })
  })

  it('says when the node is not there', async () => {
    const away = () => connect({ endpoint: 'ws://127.0.0.1:1', network: 'local' })
    expect(await run('root_list', { chain: away })).toMatchObject({ code: 3 })
  })
})
