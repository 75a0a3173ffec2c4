import { describe, expect, it } from 'vitest'
import { connect } from '../../src/core/chain/connect.js'
import { readUid } from '../../src/core/chain/neurons.js'
import { S } from '../../src/localnet/runtime/subtensor/storage.js'
import { dev, devWorld } from '../support/devAccounts.js'
import { documentOf, run } from '../support/run.js'

const MINER = dev('//Alice//miner1')

describe('btcli root_register', () => {
  it('asks once and takes a seat', async () => {
    const { given, head } = await devWorld()
    const result = await run('root register', {
      ...given,
      prompts: [
        ['Enter wallet name', 'alice'],
        ['Enter hotkey name', 'miner1'],
        ['Register miner1 on the root network?', true],
      ],
    })
    expect(result.code).toBe(0)
    expect(result.stdout).toContain('miner1 is on the root network as uid 5')
    expect(await readUid(await head(), 0, MINER)).toBe(5)
  })

  it('of a member says so and ends with 0', async () => {
    const { given, localnet } = await devWorld()
    const result = await run('root_register -w alice -H validator', given)
    expect(result).toMatchObject({
      code: 0,
      stdout: '✔ validator is on the root network already, as uid 0.\n',
    })
    const json = documentOf(await run('root_register -w alice -H validator --json', given))
    expect(json).toMatchObject({ ok: true, data: { uid: 0, alreadyRegistered: true } })
    expect(localnet.head.number).toBe(0)
  })

  it('a dry run signs nothing, declining ends with 4', async () => {
    const { given, localnet } = await devWorld()
    const dry = documentOf(await run('root_register -w alice -H miner1 --dry_run --json', given))
    expect(dry).toMatchObject({
      ok: true,
      data: { dryRun: true, alreadyRegistered: false, uid: null },
    })
    const prompts = [['Register miner1', false]] as const
    expect(await run('root_register -w alice -H miner1', { ...given, prompts })).toMatchObject({
      code: 4,
    })
    expect(localnet.head.number).toBe(0)
  })

  it('refuses before signing when all seats are taken by more stake, or the interval is full', async () => {
    const { given, set } = await devWorld()
    await set(S.MaxAllowedUids, [0], 5)
    const poor = documentOf(await run('root_register -w alice -H miner1 -y --json', given))
    expect(poor).toMatchObject({ ok: false, error: { code: 'INSUFFICIENT_STAKE' } })
    await set(S.MaxAllowedUids, [0], 64)
    await set(S.RegistrationsThisInterval, [0], 24)
    const full = documentOf(await run('root_register -w alice -H miner1 -y --json', given))
    expect(full).toMatchObject({ ok: false, error: { code: 'RATE_LIMITED' } })
  })

  it('refuses the hotkey of another coldkey', async () => {
    const { given, localnet } = await devWorld()
    const result = await run('root_register -w thief -H stolen -y', given)
    expect(result.code).toBe(1)
    expect(result.stderr).toContain('belongs to another coldkey')
    expect(localnet.head.number).toBe(0)
  })

  it('ends with 3 when the node is not there', async () => {
    const { home } = await devWorld()
    const chain = () => connect({ endpoint: 'ws://127.0.0.1:1', network: 'local' })
    expect(await run('root_register -w alice -H miner1 -y', { home, chain })).toMatchObject({
      code: 3,
    })
  })
})
