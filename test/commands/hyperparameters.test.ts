import { describe, expect, it } from 'vitest'
import { connect } from '../../src/core/chain/connect.js'
import { localChain } from '../support/localnet.js'
import { documentOf, run } from '../support/run.js'

const chain = localChain()

describe('btcli hyperparameters', () => {
  it('shows values, what they mean and a description', async () => {
    const result = await run('hyperparameters -n 3', { chain: chain.open, tty: true, columns: 120 })
    expect(result.code).toBe(0)
    expect(result.stdout).toMatchSnapshot()
  })

  it('fits 80 columns', async () => {
    const { stdout } = await run('subnets hyperparameters --netuid 1', {
      chain: chain.open,
      tty: true,
      columns: 80,
    })
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
    expect(stdout).toContain('max_weights_limit')
  })

  it('asks for the subnet on a terminal', async () => {
    const { code } = await run('hyperparameters', {
      chain: chain.open,
      prompts: [['Enter netuid [0/1/3/5]', '1']],
    })
    expect(code).toBe(0)
  })

  it('is one JSON document with raw and normalised values', async () => {
    const found = documentOf(await run('hyperparameters -n 3 --json', { chain: chain.open }))
    const one = (name: string) =>
      found.data.hyperparameters.find((row: { name: string }) => row.name === name)
    expect(one('max_weights_limit')).toMatchObject({
      value: 16_383,
      normalized: 16_383 / 65_535,
      unit: 'ratio',
    })
    expect(one('max_burn')).toMatchObject({ value: '100000000000', normalized: null, unit: 'tao' })
    expect(one('registration_allowed')).toMatchObject({ value: true })
    for (const { name, description } of found.data.hyperparameters) {
      expect(description, name).not.toBeNull()
    }
  })

  it('names the subnets that exist, needs one in a pipe, and says when the node is not there', async () => {
    const wrong = await run('hyperparameters -n 9', { chain: chain.open })
    expect(wrong).toMatchObject({ code: 1, stdout: '' })
    expect(wrong.stderr).toContain('there is no subnet 9')
    expect(await run('hyperparameters')).toMatchObject({ code: 2 })
    const away = () => connect({ endpoint: 'ws://127.0.0.1:1', network: 'local' })
    expect(await run('hyperparameters -n 1', { chain: away })).toMatchObject({ code: 3 })
  })
})
