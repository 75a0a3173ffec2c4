import { describe, expect, it } from 'vitest'
import { readSenateMembers } from '../../src/core/chain/senate.js'
import { dev, devWorld } from '../support/devAccounts.js'
import { documentOf, run } from '../support/run.js'

const SENATOR = dev('//Alice//validator')

describe('btcli senate_leave', () => {
  it('gives the seat up after one question', async () => {
    const { given, head } = await devWorld({ senateCalls: true })
    const result = await run('senate_leave', {
      ...given,
      prompts: [
        ['Enter wallet name', 'alice'],
        ['Enter hotkey name', 'validator'],
        ['Give up the seat of validator', true],
      ],
    })
    expect(result.code).toBe(0)
    expect(result.stderr).toContain('its votes on open proposals are removed as well')
    expect(result.stdout).toContain('validator has left the senate')
    expect(await readSenateMembers(await head())).not.toContain(SENATOR)
    const { data } = documentOf(await run('proposals --json', given))
    expect(data.proposals[0].ayes).toEqual([dev('//Bob//validator')])
  })

  it('is one JSON document; a dry run signs nothing; declining ends with 4', async () => {
    const { given, localnet } = await devWorld({ senateCalls: true })
    const words = 'senate_leave -w alice -H validator'
    const dry = documentOf(await run(`${words} --dry_run --json`, given))
    expect(dry).toMatchObject({ data: { dryRun: true, member: null, call: 'leave_senate' } })
    const prompts = [['Give up', false]] as const
    expect(await run(words, { ...given, prompts })).toMatchObject({ code: 4 })
    expect(localnet.head.number).toBe(0)
    const done = documentOf(await run(`${words} -y --json`, given))
    expect(done).toMatchObject({ ok: true, data: { member: false, hotkey: SENATOR } })
  })

  it.each([
    ['-w alice -H miner1', 1, 'NOT_SENATE_MEMBER'],
    ['-w alice -H nothere', 1, 'WALLET_NOT_FOUND'],
    ['-w alice -H validator --sideways', 2, 'USAGE'],
  ])('refuses %s', async (words, code, error) => {
    const { given, localnet } = await devWorld({ senateCalls: true })
    const json = await run(`senate_leave ${words} -y --json`, given)
    expect(documentOf(json)).toMatchObject({ ok: false, error: { code: error } })
    expect(json.code).toBe(code)
    expect(localnet.head.number).toBe(0)
  })

  it('explains that later runtimes have no such call', async () => {
    const { given } = await devWorld()
    const result = await run('senate_leave -w alice -H validator -y', given)
    expect(result.code).toBe(1)
    expect(result.stderr).toContain(
      'this chain (spec 143) has no call SubtensorModule.leave_senate',
    )
    expect(result.stderr).toContain('a seat is lost when others with more stake take it')
    const json = documentOf(await run('senate_leave -w alice -H validator -y --json', given))
    expect(json).toMatchObject({ error: { code: 'RUNTIME_UNSUPPORTED' } })
  })
})
