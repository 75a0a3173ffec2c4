import { describe, expect, it } from 'vitest'
import { connect } from '../../src/core/chain/connect.js'
import { readVotes } from '../../src/core/chain/senate.js'
import type { Hex } from '../../src/core/chain/types.js'
import { Collective } from '../../src/localnet/runtime/pallets/collective.js'
import { dev, devWorld } from '../support/devAccounts.js'
import { documentOf, run } from '../support/run.js'
import { proposalHashes, withoutSenate } from '../support/senate.js'

const SENATOR = dev('//Alice//validator')
const CHARLIE = dev('//Charlie//validator')

async function world() {
  const made = await devWorld()
  const [first, second] = await proposalHashes(await made.head())
  const votes = async (hash: Hex) => {
    const { ayes, nays } = (await readVotes(await made.head(), hash)) ?? {}
    return { ayes, nays }
  }
  return { ...made, given: { ...made.given, filters: false }, first, second, votes }
}

const VOTE = 'senate_vote -w alice -H validator'

describe('btcli senate_vote', () => {
  it('lets a person choose, shows the call, the votes and the end, asks once and votes', async () => {
    const { given, second, votes } = await world()
    const result = await run('senate_vote', {
      ...given,
      prompts: [
        ['Enter wallet name', 'alice'],
        ['Enter hotkey name', 'validator'],
        ['Proposal', second],
        ['Your vote', 'nay'],
        ['Vote nay on proposal 1', true],
      ],
    })
    expect(result.code).toBe(0)
    const asked = result.stderr.indexOf('lock_cost: τ20')
    expect(asked).toBeGreaterThan(-1)
    expect(asked).toBeLessThan(result.stderr.indexOf('Vote in the senate'))
    expect(result.stderr).toContain(
      '1 aye of 3 needed, 0 nays; ends at block 100800 (in 100800 blocks, ≈ 14d)',
    )
    expect(result.stdout).toContain('validator voted nay on proposal 1 (')
    expect(result.stdout).toContain('): 1 aye of 3 needed, 1 nay')
    expect(await votes(second)).toEqual({ ayes: [CHARLIE], nays: [SENATOR] })
  })

  it('is one JSON document', async () => {
    const { given, second, votes } = await world()
    const { data } = documentOf(await run(`${VOTE} --proposal 1 --vote aye -y --json`, given))
    expect(data).toMatchObject({
      hash: second,
      index: 1,
      hotkey: SENATOR,
      vote: 'aye',
      alreadyVoted: false,
      previousVote: null,
      feeRao: '0',
      blockNumber: 1,
    })
    expect(data.extrinsicHash).toMatch(/^0x[0-9a-f]{64}$/)
    expect(data.blockHash).toMatch(/^0x[0-9a-f]{64}$/)
    expect(await votes(second)).toEqual({ ayes: [CHARLIE, SENATOR], nays: [] })
  })

  it('the same vote again says so and ends with 0, the other one changes it', async () => {
    const { given, first, localnet, votes } = await world()
    const again = await run(`${VOTE} --proposal ${first.slice(0, 10)} --vote_aye`, given)
    expect(again).toMatchObject({ code: 0, stderr: '' })
    expect(again.stdout).toMatch(/^✔ validator has voted aye on proposal 0 \(0x.+\) already\.\n$/)
    const json = documentOf(await run(`${VOTE} --proposal 0 --vote yes --json`, given))
    expect(json).toMatchObject({
      ok: true,
      data: { alreadyVoted: true, extrinsicHash: null, blockHash: null },
    })
    expect(localnet.head.number).toBe(0)
    const changed = await run(
      `sudo senate-vote --proposal ${first} --vote-nay -y -w alice -H validator`,
      given,
    )
    expect(changed.code).toBe(0)
    expect(changed.stderr).toContain('instead of aye')
    const { ayes, nays } = await votes(first)
    expect(ayes).not.toContain(SENATOR)
    expect(nays).toContain(SENATOR)
  })

  it('a dry run signs nothing, declining ends with 4', async () => {
    const { given, localnet } = await world()
    const dry = await run(`${VOTE} --proposal 1 --vote aye --dry_run`, given)
    expect(dry.stdout).toBe(
      'Dry run: nothing was sent. To do it:\n  btcli senate_vote --wallet.name alice --wallet.hotkey validator --proposal 1 --vote aye\n',
    )
    const prompts = [['Vote aye', false]] as const
    const declined = await run(`${VOTE} --proposal 1 --vote aye`, { ...given, prompts })
    expect(declined.code).toBe(4)
    expect(localnet.head.number).toBe(0)
  })

  it.each([
    [`${VOTE} --proposal 0xzz --vote aye`, 2, 'USAGE'],
    [`${VOTE} --proposal 0 --vote maybe`, 2, 'USAGE'],
    [`${VOTE} --proposal 0 --vote aye --vote_nay`, 2, 'USAGE'],
    [`${VOTE} --proposal 0 --vote_aye --vote_nay`, 2, 'USAGE'],
    [`${VOTE} --proposal 0`, 2, 'MISSING_INPUT'],
    [`${VOTE} --vote aye`, 2, 'MISSING_INPUT'],
    [`${VOTE} --proposal 9 --vote aye`, 1, 'PROPOSAL_NOT_FOUND'],
    [`${VOTE} --proposal 0x${'0'.repeat(64)} --vote aye`, 1, 'PROPOSAL_NOT_FOUND'],
    ['senate_vote -w alice -H miner1 --proposal 0 --vote aye', 1, 'NOT_SENATE_MEMBER'],
    ['senate_vote -w alice -H nothere --proposal 0 --vote aye', 1, 'WALLET_NOT_FOUND'],
  ])('refuses %s before anything is signed', async (words, code, error) => {
    const { given, localnet } = await devWorld()
    const json = await run(`${words} -y --json`, given)
    expect(documentOf(json)).toMatchObject({ ok: false, error: { code: error } })
    expect(json.code).toBe(code)
    expect(localnet.head.number).toBe(0)
  })

  it('does not find a proposal that was closed while a person decided', async () => {
    const { given, first, set } = await world()
    const closing = {
      ...given,
      prompts: [['Vote aye', true]] as const,
      guards: [
        {
          review: async () => {
            await set(Collective.Proposals, [], [first])
            return []
          },
        },
      ],
    }
    const result = await run(`${VOTE} --proposal 1 --vote aye`, closing)
    expect(result.code).toBe(1)
    expect(result.stderr).toContain('no proposal')
    expect(result.stderr).toContain('nothing was sent')
  })

  it('names the runtime without a senate, and ends with 3 without a node', async () => {
    const { given, home } = await devWorld()
    const words = `${VOTE} --proposal 0 --vote aye -y --json`
    const json = await run(words, { ...given, chain: withoutSenate(given.chain) })
    expect(json.code).toBe(1)
    expect(documentOf(json)).toMatchObject({ error: { code: 'RUNTIME_UNSUPPORTED' } })
    const chain = () => connect({ endpoint: 'ws://127.0.0.1:1', network: 'local' })
    expect(await run(words, { home, chain })).toMatchObject({ code: 3 })
  })
})
