import { describe, expect, it } from 'vitest'
import { roundGenesis } from '../support/chain.js'
import { dev, devWorld } from '../support/devAccounts.js'
import { documentOf, run } from '../support/run.js'
import { withoutSenate } from '../support/senate.js'

describe('btcli senate', () => {
  it('lists hotkeys with their names', async () => {
    const { given } = await devWorld()
    const result = await run('senate', given)
    expect(result.code).toBe(0)
    expect(result.stdout).toMatch(/^Senate - local\nNAME +ADDRESS\n/)
    expect(result.stdout).toMatch(new RegExp(`^Aurora +${dev('//Alice//validator')}$`, 'm'))
    expect(result.stdout).toMatch(/^5 members · block 0$/m)
    for (const spelling of ['root senate', 'sudo senate', 'su senate']) {
      expect((await run(spelling, given)).stdout).toBe(result.stdout)
    }
  })

  it('is one JSON document; without names nobody is asked for them', async () => {
    const { given } = await devWorld()
    const found = documentOf(await run('senate --json', given))
    expect(found.data.members).toHaveLength(5)
    expect(found.data.members).toContainEqual({
      address: dev('//Bob//validator'),
      name: 'Borealis',
    })
    const bare = documentOf(await run('senate --json --no_names', given))
    expect(bare.data.members).toContainEqual({ address: dev('//Bob//validator'), name: null })
  })

  it('says so when nobody sits there', async () => {
    const { given } = await devWorld({ genesis: { ...roundGenesis, name: 'empty' } })
    expect(await run('senate', given)).toMatchObject({
      code: 0,
      stdout: 'The senate has no members.\n',
    })
  })

  it.each(['senate', 'proposals', 'proposal_votes --proposal 0'])(
    '%s names the runtime that has no senate',
    async (words) => {
      const { given } = await devWorld()
      const chain = withoutSenate(given.chain)
      const json = await run(`${words} --json`, { ...given, chain })
      expect(json.code).toBe(1)
      expect(documentOf(json)).toMatchObject({
        error: {
          code: 'RUNTIME_UNSUPPORTED',
          message: 'this chain (spec 143) has no senate',
        },
      })
    },
  )

  it('refuses an option it does not have', async () => {
    expect(await run('senate --sideways')).toMatchObject({ code: 2 })
  })
})
