import { describe, expect, it } from 'vitest'
import { readAxon } from '../../src/core/chain/neurons.js'
import { S } from '../../src/localnet/runtime/subtensor/storage.js'
import { dev, devWorld } from '../support/devAccounts.js'
import { dtaoChain } from '../support/dtaoChain.js'
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
    expect(documentOf(same).data.unchanged).toBe(true)
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
    ['--ip 203.0.113.9 --port 80 --ip_type 6', 'USAGE'],
  ])('refuse %s', async (words, code) => {
    const { given } = await devWorld()
    const result = await run(`axon_set -w alice -H miner1 -n 1 ${words} -y --json`, given)
    expect(documentOf(result).error.code).toBe(code)
  })

  it('ask for an address again that nobody can have, and note a private one', async () => {
    const { given } = await devWorld()
    const result = await run('axon_set -w alice -H miner1 -n 1 --port 8091', {
      ...given,
      prompts: [
        ['Enter the IP address', '192.168.1.300'],
        ['Enter the IP address', '127.0.0.1'],
        ['Enter the IP address', '192.168.1.30'],
        ['Announce 192.168.1.30 port 8091 on subnet 1?', true],
      ],
    })
    expect(result.code).toBe(0)
    expect(result.stderr).toContain(
      '192.168.1.30 is an address of a private network: nobody outside reaches it',
    )
    expect(result.stdout).toContain('miner1 has 192.168.1.30 port 8091 on subnet 1')
  })

  it('know a spelling of the same address, and the rate limit after it', async () => {
    const { given, set } = await devWorld()
    await set(S.ServingRateLimit, [1], 50n)
    const line = 'axon_set -w alice -H validator -n 1 --port 80 -y --json --ip'
    const first = await run(`${line} 2001:db8::9 --ip_type 6 --axon_version 7`, given)
    expect(first.code).toBe(0)
    const same = await run(`${line} 2001:db8:0::0009 --axon_version 7`, given)
    expect(documentOf(same).data.unchanged).toBe(true)
    const { error } = documentOf(await run(`${line} 2001:db8::9 --axon_version 8`, given))
    expect(error).toMatchObject({ code: 'RATE_LIMITED', details: { blocksLeft: 49 } })
  })

  it('take it back on the embedded chain, and not where the chain takes no empty address', async () => {
    const { given, head, localnet } = await dtaoChain()
    const me = '-w alice -H validator -n 1 -y'
    await run(`axon_set ${me} --ip 203.0.113.9 --port 8091`, given)
    await localnet.advance(60)
    expect(await run(`axon reset ${me}`, given)).toMatchObject({ code: 0 })
    expect(await readAxon(await head(), 1, dev('//Alice//validator'))).toMatchObject({
      ip: '0.0.0.0',
      port: 1,
    })
    const { data } = documentOf(await run('metagraph -n 1 --json', given))
    const hotkey = dev('//Alice//validator')
    expect(data.neurons.find((one: { hotkey: string }) => one.hotkey === hotkey).axon).toBe(null)
    const { given: old } = await devWorld()
    expect(documentOf(await run(`axon_reset ${me} --json`, old)).error).toMatchObject({
      code: 'RUNTIME_UNSUPPORTED',
      message: 'this chain (spec 143) keeps an axon once it is announced',
    })
  })
})
