import { describe, expect, it } from 'vitest'
import { connect } from '../../src/core/chain/connect.js'
import { readTakeOf } from '../../src/core/chain/delegates.js'
import { devAccount } from '../../src/localnet/genesis/devKeys.js'
import { S } from '../../src/localnet/runtime/subtensor/storage.js'
import { dev, devWorld } from '../support/devAccounts.js'
import { documentOf, run } from '../support/run.js'

const MINER = dev('//Alice//miner1')

describe('btcli nominate', () => {
  it('shows the take, asks once and makes the hotkey a delegate', async () => {
    const { given, head } = await devWorld()
    const result = await run('nominate', {
      ...given,
      prompts: [
        ['Enter wallet name', 'alice'],
        ['Enter hotkey name', 'miner1'],
        ['Make miner1 a delegate?', true],
      ],
    })
    expect(result.code).toBe(0)
    expect(result.stderr).toContain('take       18.00 %   the default of this chain')
    expect(result.stdout).toMatchSnapshot()
    expect(await readTakeOf(await head(), MINER)).toBe(11_796)
  })

  it('is one JSON document', async () => {
    const { given } = await devWorld()
    const found = documentOf(await run('nominate -w alice -H miner1 -y --json', given))
    expect(found).toMatchObject({
      ok: true,
      data: {
        hotkey: MINER,
        alreadyDelegate: false,
        take: 11_796 / 65_535,
        feeRao: '0',
        blockNumber: 1,
      },
    })
  })

  it('of a delegate says so and ends with 0, without a key', async () => {
    const { given, localnet } = await devWorld()
    const result = await run('nominate -w alice -H validator', given)
    expect(result).toMatchObject({ code: 0, stderr: '' })
    expect(result.stdout).toBe('✔ validator is a delegate already, its take is 18.00 %.\n')
    const json = documentOf(await run('nominate -w alice -H validator --json', given))
    expect(json).toMatchObject({ ok: true, data: { alreadyDelegate: true } })
    expect(localnet.head.number).toBe(0)
  })

  it('a dry run signs nothing', async () => {
    const { given, localnet } = await devWorld()
    const result = await run('nominate -w alice -H miner1 --dry_run', given)
    expect(result.stdout).toBe(
      'Dry run: nothing was sent. To do it:\n  btcli nominate --wallet.name alice --wallet.hotkey miner1\n',
    )
    expect(localnet.head.number).toBe(0)
  })

  it('declined sends nothing and ends with 4', async () => {
    const { given, localnet } = await devWorld()
    const prompts = [['Make miner1', false]] as const
    expect(await run('nominate -w alice -H miner1', { ...given, prompts })).toMatchObject({
      code: 4,
    })
    expect(localnet.head.number).toBe(0)
  })

  it.each([
    ['-w frank -H hot', 1, 'NOT_REGISTERED', 'recycle_register'],
    ['-w thief -H stolen', 1, 'KEYFILE', 'belongs to another coldkey'],
    ['-w alice -H miner1 --take 9', 1, 'RUNTIME_UNSUPPORTED', 'every delegate takes 18.00 %'],
    ['-w alice -H miner1 --take 101', 2, 'USAGE', 'a percentage from 0 to 100'],
    ['-w alice -H miner1 --take -1', 2, 'USAGE', 'a percentage from 0 to 100'],
    ['-w alice -H nothere', 1, 'WALLET_NOT_FOUND', 'nothere'],
  ])('refuses %s before anything is signed', async (words, code, error, text) => {
    const { given, localnet } = await devWorld()
    const result = await run(`nominate ${words} -y`, given)
    expect(result.stderr).toContain(text)
    const json = await run(`nominate ${words} -y --json`, given)
    expect(json.code).toBe(code)
    expect(documentOf(json)).toMatchObject({ ok: false, error: { code: error } })
    expect(localnet.head.number).toBe(0)
  })

  it('knows the rate limit before it asks', async () => {
    const { given, set } = await devWorld()
    await set(S.TxRateLimit, [], 100n)
    await set(S.LastTxBlock, [devAccount('//Alice')], 1n)
    const result = await run('nominate -w alice -H miner1 -y', given)
    expect(result.code).toBe(1)
    expect(result.stderr).toContain('the chain allows this in 99 blocks (≈ 20 min)')
  })

  it('ends with 3 when the node is not there', async () => {
    const { home } = await devWorld()
    const chain = () => connect({ endpoint: 'ws://127.0.0.1:1', network: 'local' })
    expect(await run('nominate -w alice -H miner1 -y', { home, chain })).toMatchObject({ code: 3 })
  })
})
