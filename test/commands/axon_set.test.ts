import { describe, expect, it } from 'vitest'
import { devWorld } from '../support/devAccounts.js'
import { dtaoNode } from '../support/dtaoNode.js'
import { documentOf, run } from '../support/run.js'

const LINE = 'axon_set -w alice -H miner1 -n 1 --ip 203.0.113.9 --port 8091'

describe('axon_set and axon_reset', () => {
  it('announce an endpoint, once', async () => {
    const { given } = await devWorld()
    const result = await run(`${LINE} -y`, given)
    expect(result.code).toBe(0)
    expect(result.stdout).toContain('miner1 has 203.0.113.9 port 8091 on subnet 1')
    const same = await run(
      `axon set -w alice -H miner1 -n 1 --ip 203.0.113.9 --port 8091 -y --json`,
      given,
    )
    expect(documentOf(same).error.code).toBe('USAGE')
    const graph = documentOf(await run('metagraph -n 1 --json', given)).data
    expect(graph.neurons.some(({ axon }: { axon: string }) => axon === '203.0.113.9:8091')).toBe(
      true,
    )
  })

  it('take it back with the address 0', async () => {
    const { given, set } = await dtaoNode('343')
    set('Axons', [2, '5HavK3WjXJvq2m6quTLBpd7NutX97nhpkBU2QraTFsSmBhCB'], {
      block: 1,
      version: 0,
      ip: '3405803785',
      port: 8091,
      ip_type: 4,
      protocol: 4,
      placeholder1: 0,
      placeholder2: 0,
    })
    const { data } = documentOf(
      await run('axon_reset -w alice -H validator -n 2 --dry_run --json', given),
    )
    expect(data.preview.calls[0]).toMatchObject({ name: 'serve_axon', args: { ip: '0', port: 1 } })
  })

  it.each([
    ['--ip 127.0.0.1 --port 8091', 'USAGE'],
    ['--ip nowhere --port 8091', 'USAGE'],
    ['--ip 203.0.113.9 --port 0', 'USAGE'],
  ])('refuse %s', async (words, code) => {
    const { given } = await devWorld()
    const result = await run(`axon_set -w alice -H miner1 -n 1 ${words} -y --json`, given)
    expect(documentOf(result).error.code).toBe(code)
  })
})
