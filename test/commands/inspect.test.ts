import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ALICE, dtaoNode, HOT, TAO } from '../support/dtaoNode.js'
import { devHome, localChain } from '../support/localnet.js'
import { documentOf, run } from '../support/run.js'

const chain = localChain()
const wallets = {
  alice: { uri: '//Alice', hotkeys: { validator: '//Alice//validator' } },
  one: { uri: '//One' },
}

describe('inspect', () => {
  it('shows balance, delegations and neurons of a wallet', async () => {
    const home = await devHome(wallets)
    const line = 'inspect --wallet.name alice'
    const result = await run(line, { chain: chain.open, home, tty: true, columns: 200 })
    expect(result).toMatchSnapshot()
  })

  it('fits 80 columns', async () => {
    const home = await devHome(wallets)
    const line = 'inspect --wallet.name one'
    const { stdout } = await run(line, { chain: chain.open, home, tty: true, columns: 80 })
    for (const text of stdout.split('\n')) expect(text.length).toBeLessThanOrEqual(80)
    expect(stdout).toMatchSnapshot()
  })

  it('leaves out a folder without a coldkey and says so', async () => {
    const home = await devHome(wallets)
    mkdirSync(join(home, '.bittensor', 'wallets', 'empty'))
    const found = documentOf(await run('inspect --all --json', { chain: chain.open, home }))
    expect(found).toMatchObject({ ok: true, warnings: [expect.stringContaining('empty')] })
    expect(found.data.wallets.map(({ name }: { name: string }) => name)).toEqual(['alice', 'one'])
    const [, one] = found.data.wallets
    expect(one.freeRao).toBe('5000000000000')
    const staked = one.delegations.map(({ stakeRao }: { stakeRao: string }) => BigInt(stakeRao))
    expect(BigInt(found.data.totals.delegatedRao)).toBeGreaterThan(
      staked.reduce((sum: bigint, stake: bigint) => sum + stake, 0n),
    )
  })

  it('shows an empty list when there are no wallets', async () => {
    const result = await run('inspect --all', { chain: chain.open })
    expect(result).toMatchObject({ code: 0, stdout: 'No wallets found.\n' })
  })
})

describe('inspect of a dTAO chain', () => {
  async function node() {
    const { given, set } = await dtaoNode('343')
    set('OwnedHotkeys', [ALICE], [HOT])
    set('Uids', [1, HOT], 3)
    set('TokenSymbol', [1], '0xceb1')
    set('TokenSymbol', [2], '0xceb2')
    set('Emission', [2], [360_000_000])
    set('AlphaDividendsPerSubnet', [2, HOT], 100_000_000)
    set('IdentitiesV2', [ALICE], {
      ...{ name: '0x4163726520', url: '0x', github_repo: '0x', image: '0x' },
      ...{ discord: '0x', description: '0x', additional: '0x' },
    })
    return given
  }

  it('has a row for each hotkey and subnet, in tokens and as τ', async () => {
    const given = await node()
    const wide = await run('inspect -w alice', { ...given, columns: 200, tty: true })
    expect(wide.stdout).toMatchSnapshot()
    const narrow = await run('inspect -w alice', { ...given, columns: 80, tty: true })
    for (const text of narrow.stdout.split('\n')) expect(text.length).toBeLessThanOrEqual(80)
    expect(narrow.stdout).toMatchSnapshot()
  })

  it('adds up in τ only, and names units and delegates in JSON', async () => {
    const { data } = documentOf(await run('inspect -w alice --json', await node()))
    const common = { hotkey: HOT, name: 'Acre' }
    expect(data.wallets[0].delegations).toEqual([
      {
        ...common,
        netuid: 0,
        stakeRao: `${20n * TAO}`,
        alphaRao: null,
        dailyRao: '0',
        dailyAlphaRao: null,
      },
      {
        ...common,
        netuid: 1,
        stakeRao: `${30n * TAO}`,
        alphaRao: `${10n * TAO}`,
        dailyRao: '0',
        dailyAlphaRao: '0',
      },
      {
        ...common,
        netuid: 2,
        stakeRao: `${20n * TAO}`,
        alphaRao: `${40n * TAO}`,
        dailyRao: `${TAO}`,
        dailyAlphaRao: `${2n * TAO}`,
      },
    ])
    expect(data.totals.delegatedRao).toBe(`${70n * TAO}`)
    expect(data.wallets[0].neurons).toMatchObject([
      { netuid: 1, uid: 3, alphaStakeRao: `${10n * TAO}`, stakeRao: `${30n * TAO}` },
      { netuid: 2, uid: 0, emissionAlphaRao: '360000000', emissionRao: '180000000' },
    ])
  })
})
