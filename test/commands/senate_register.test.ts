import { describe, expect, it } from 'vitest'
import { connect } from '../../src/core/chain/connect.js'
import { readSenateMembers } from '../../src/core/chain/senate.js'
import { dev, devWorld } from '../support/devAccounts.js'
import { documentOf, run } from '../support/run.js'
import { withoutSenate } from '../support/senate.js'

const MINER = dev('//Alice//miner1')
const SENATOR = dev('//Alice//validator')

describe('btcli senate_register', () => {
  it('takes a seat by registration on root, and says so', async () => {
    const { given, head } = await devWorld()
    const result = await run('senate_register', {
      ...given,
      prompts: [
        ['Enter wallet name', 'alice'],
        ['Enter hotkey name', 'miner1'],
        ['Register miner1 on root for a seat in the senate?', true],
      ],
    })
    expect(result.code).toBe(0)
    expect(result.stderr).toContain('a seat comes with registration on root')
    expect(result.stdout).toContain('miner1 is in the senate, by root_register')
    expect(await readSenateMembers(await head())).toContain(MINER)
  })

  it('is one JSON document', async () => {
    const { given } = await devWorld()
    const found = documentOf(await run('senate_register -w alice -H miner1 -y --json', given))
    expect(found).toMatchObject({
      ok: true,
      data: { member: true, hotkey: MINER, alreadyMember: false, call: 'root_register' },
    })
    expect(found.data.extrinsicHash).toBeTruthy()
  })

  it('of a senator says so and ends with 0', async () => {
    const { given, localnet } = await devWorld()
    expect(await run('senate_register -w alice -H validator', given)).toMatchObject({
      code: 0,
      stdout: '✔ validator is in the senate already.\n',
      stderr: '',
    })
    const json = documentOf(await run('senate_register -w alice -H validator --json', given))
    expect(json).toMatchObject({ ok: true, data: { member: true, alreadyMember: true } })
    expect(localnet.head.number).toBe(0)
  })

  it('a dry run signs nothing, declining ends with 4', async () => {
    const { given, localnet } = await devWorld()
    const dry = documentOf(await run('senate_register -w alice -H miner1 --dry_run --json', given))
    expect(dry).toMatchObject({ data: { dryRun: true, member: null, call: 'root_register' } })
    const prompts = [['Register miner1', false]] as const
    const declined = await run('senate_register -w alice -H miner1', { ...given, prompts })
    expect(declined.code).toBe(4)
    expect(localnet.head.number).toBe(0)
  })

  it('takes join_senate where the runtime has it, after it was left', async () => {
    const { given, head } = await devWorld({ senateCalls: true })
    expect(await run('senate_leave -w alice -H validator -y', given)).toMatchObject({ code: 0 })
    expect(await readSenateMembers(await head())).not.toContain(SENATOR)
    const json = documentOf(await run('senate_register -w alice -H validator -y --json', given))
    expect(json).toMatchObject({ ok: true, data: { member: true, call: 'join_senate' } })
    expect(await readSenateMembers(await head())).toContain(SENATOR)
  })

  it.each([
    ['-w alice -H miner1', 1, 'NOT_DELEGATE'],
    ['-w frank -H hot', 1, 'NOT_REGISTERED'],
    ['-w thief -H stolen', 1, 'KEYFILE'],
    ['-w alice -H nothere', 1, 'WALLET_NOT_FOUND'],
    ['-w alice -H miner1 --era 5', 2, 'USAGE'],
  ])('refuses %s before anything is signed', async (words, code, error) => {
    const { given, localnet } = await devWorld({ senateCalls: true })
    const json = await run(`senate_register ${words} -y --json`, given)
    expect(documentOf(json)).toMatchObject({ ok: false, error: { code: error } })
    expect(json.code).toBe(code)
    expect(localnet.head.number).toBe(0)
  })

  it('names the runtime without a senate, and ends with 3 without a node', async () => {
    const { given, home } = await devWorld()
    const words = 'senate_register -w alice -H miner1 -y --json'
    const json = await run(words, { ...given, chain: withoutSenate(given.chain) })
    expect(json.code).toBe(1)
    expect(documentOf(json)).toMatchObject({ error: { code: 'RUNTIME_UNSUPPORTED' } })
    const chain = () => connect({ endpoint: 'ws://127.0.0.1:1', network: 'local' })
    expect(await run(words, { home, chain })).toMatchObject({ code: 3 })
  })
})
