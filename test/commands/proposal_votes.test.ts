import { describe, expect, it } from 'vitest'
import { Collective } from '../../src/localnet/runtime/pallets/collective.js'
import { dev, devWorld } from '../support/devAccounts.js'
import { documentOf, run } from '../support/run.js'
import { proposalHashes } from '../support/senate.js'

async function world() {
  const made = await devWorld()
  const [first, second] = await proposalHashes(await made.head())
  return { ...made, given: { ...made.given, filters: false }, first, second }
}

describe('btcli proposal_votes', () => {
  it('shows who voted how, by index, hash and prefix alike', async () => {
    const { given, first } = await world()
    const result = await run(`proposal_votes --proposal ${first}`, given)
    expect(result.code).toBe(0)
    expect(result.stdout).toMatchSnapshot()
    const refs = ['0', first.slice(0, 12), first.toUpperCase().replace('0X', '0x'), first.slice(2)]
    for (const ref of refs) {
      expect((await run(`proposal-votes --proposal=${ref}`, given)).stdout).toBe(result.stdout)
    }
  })

  it('is one JSON document', async () => {
    const { given, second } = await world()
    const found = documentOf(await run('proposal_votes --proposal 1 --json', given))
    expect(found.data).toEqual({
      hash: second,
      index: 1,
      threshold: 3,
      end: 100_800,
      votes: [{ address: dev('//Charlie//validator'), name: 'Cirrus', vote: 'aye' }],
    })
  })

  it('lets a person choose', async () => {
    const { given, second } = await world()
    const prompts = [['Proposal', second]] as const
    const result = await run('proposal_votes', { ...given, prompts })
    expect(result.stdout).toContain(`Votes for Proposal ${second}`)
    expect(result.questions[0]?.choices?.[0]?.name).toMatch(/^0 {2}0x.{9} {2}2 ayes {2}1 nay$/)
  })

  it('copes without votes', async () => {
    const { given, set, first } = await world()
    await set(Collective.Voting, [first as string], {
      index: 0,
      threshold: 3,
      ayes: [],
      nays: [],
      end: 99,
    })
    const { code, stdout } = await run('proposal_votes --proposal 0', given)
    expect(code).toBe(0)
    expect(stdout).toContain(`Nobody has voted on proposal ${first} yet.`)
    expect(stdout).toContain('0 ayes of 3 needed, 0 nays')
    const json = documentOf(await run('proposal_votes --proposal 0 --json', given))
    expect(json.data.votes).toEqual([])
  })

  it.each([
    ['0xzz', 2, 'USAGE'],
    ['hello', 2, 'USAGE'],
    [`0x${'0'.repeat(65)}`, 2, 'USAGE'],
    ['-1', 2, 'USAGE'],
    ['0x', 2, 'USAGE'],
    ['7', 1, 'PROPOSAL_NOT_FOUND'],
    [`0x${'0'.repeat(64)}`, 1, 'PROPOSAL_NOT_FOUND'],
  ])('refuses %s with %i', async (ref, code, error) => {
    const { given } = await devWorld()
    const result = await run(`proposal_votes --proposal=${ref} --json`, given)
    expect(result.code).toBe(code)
    expect(documentOf(result)).toMatchObject({ error: { code: error } })
  })

  it('a prefix of several is no answer, and none at all is missed', async () => {
    const { given, set, first } = await world()
    const twin = `${first.slice(0, -1)}${first.endsWith('0') ? '1' : '0'}`
    await set(Collective.Proposals, [], [first, twin])
    await set(Collective.Voting, [twin], { index: 9, threshold: 3, ayes: [], nays: [], end: 99 })
    const result = await run(`proposal_votes --proposal ${first.slice(0, 10)} --json`, given)
    expect(result.code).toBe(2)
    expect(documentOf(result).error.message).toContain('2 proposals start with')
    const missing = await run('proposal_votes --json', given)
    expect(missing.code).toBe(2)
    expect(documentOf(missing)).toMatchObject({ error: { code: 'MISSING_INPUT' } })
  })
})
