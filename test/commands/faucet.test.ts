import { describe, expect, it } from 'vitest'
import { readFreeBalance } from '../../src/core/chain/balances.js'
import { connect } from '../../src/core/chain/connect.js'
import { dev, devWorld } from '../support/devAccounts.js'
import { documentOf, eventsOf, run } from '../support/run.js'
import { recordedChain } from '../unit/chain/recordedChain.js'

const IVAN = dev('//Ivan')

describe('btcli faucet', { timeout: 60_000 }, () => {
  it('solves, asks, and gives 100 τ where the chain has a faucet', async () => {
    const { given, head } = await devWorld({ faucet: true })
    const result = await run('wallet faucet', {
      ...given,
      prompts: [
        ['Enter wallet name', 'ivan'],
        ['Ask the faucet', true],
      ],
    })
    expect(result.code).toBe(0)
    expect(result.stdout).toContain('The faucet gave τ100 to ivan')
    expect(await readFreeBalance(await head(), IVAN)).toBe(1_100_000_000_000n)
  })

  it('is one JSON document; a dry run and a No send nothing', async () => {
    const { given, localnet } = await devWorld({ faucet: true })
    const dry = documentOf(await run('faucet -w ivan --dry_run --json', given))
    expect(dry).toMatchObject({ ok: true, data: { dryRun: true, gainedRao: null } })
    const prompts = [['Ask the faucet', false]] as const
    expect(await run('faucet -w ivan', { ...given, prompts })).toMatchObject({ code: 4 })
    expect(localnet.head.number).toBe(0)
    const done = documentOf(await run('faucet -w ivan -y --json', given))
    expect(done).toMatchObject({ ok: true, data: { coldkey: IVAN, gainedRao: '100000000000' } })
    const again = await run('faucet -w ivan -y --json', given)
    expect(eventsOf(again)).toEqual(
      [
        'Solving a proof of work for block 1',
        'Signing the faucet …',
        'Sending [HASH]',
        'Valid until block 64',
        expect.stringContaining('Waiting for a block'),
        expect.stringContaining('Waiting for a block'),
        'In block 2',
      ].map((text) => ({ event: 'info', text })),
    )
  })

  it('explains a faucet that is switched off', async () => {
    const { given } = await devWorld()
    const result = await run('faucet -w ivan -y', given)
    expect(result.code).toBe(1)
    expect(result.stderr).toContain('local has no faucet')
    expect(result.stderr).toContain('FaucetDisabled')
    const json = documentOf(await run('faucet -w ivan -y --json', given))
    expect(json).toMatchObject({ ok: false, error: { code: 'POW_DISABLED' } })
  })

  it('does not try on a chain whose τ are worth money', async () => {
    const { home, chain } = await devWorld()
    const real = async (request: Parameters<typeof chain>[0]): ReturnType<typeof chain> => {
      const client = await chain(request)
      const get = (_: object, key: string | symbol) => {
        const value: unknown = key === 'value' ? 'real' : Reflect.get(client, key, client)
        return typeof value === 'function' ? value.bind(client) : value
      }
      return new Proxy<typeof client>({} as never, { get })
    }
    const json = documentOf(await run('faucet -w ivan -y --json', { home, chain: real }))
    expect(json).toMatchObject({ ok: false, error: { code: 'POW_DISABLED' } })
  })

  it('says that a runtime has none at all', async () => {
    const { home } = await devWorld()
    const old = recordedChain({ spec: '103', metadata: 'spec-103.v14' })
    const result = await run('faucet -w ivan -y --json', { home, chain: () => old.connect() })
    expect(documentOf(result).error).toMatchObject({
      code: 'RUNTIME_UNSUPPORTED',
      message: 'runtime 103 has no faucet',
      details: { specVersion: 103 },
    })
  })

  it('ends with 3 when the node is not there', async () => {
    const { home } = await devWorld()
    const chain = () => connect({ endpoint: 'ws://127.0.0.1:1', network: 'local' })
    expect(await run('faucet -w ivan -y', { home, chain })).toMatchObject({ code: 3 })
  })
})
