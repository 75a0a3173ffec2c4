import { describe, expect, it } from 'vitest'
import { connect } from '../../src/core/chain/connect.js'
import { dev, devWorld } from '../support/devAccounts.js'
import { dtaoChain } from '../support/dtaoChain.js'
import { dtaoNode, HOT, TAO } from '../support/dtaoNode.js'
import { documentOf, run } from '../support/run.js'

describe('btcli my_delegates', () => {
  it('shows the delegations of all wallets, with sums', async () => {
    const { given } = await devWorld()
    const result = await run('my_delegates --all', { ...given, tty: true, columns: 200 })
    expect(result.code).toBe(0)
    expect(result.stdout).toMatchSnapshot()
  })

  it('fits 80 columns', async () => {
    const { given } = await devWorld()
    const { stdout } = await run('my_delegates -w ivan', { ...given, tty: true, columns: 80 })
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
    expect(stdout).toMatchSnapshot()
  })

  it('cuts nothing in a pipe, and leaves out names when told to', async () => {
    const { given } = await devWorld()
    const piped = await run('my_delegates -w ivan', given)
    expect(piped.stdout).toContain(dev('//Bob//validator'))
    expect(piped.stdout).toContain('Borealis')
    const unnamed = await run('my_delegates -w ivan --no_names', given)
    expect(unnamed.stdout).not.toContain('Borealis')
  })

  it('is one JSON document; the share is net of the take, the owner has the take too', async () => {
    const { given } = await devWorld()
    const found = documentOf(await run('my_delegates --all --json', given))
    const [alice, , ivan] = found.data.wallets
    expect(ivan.delegations[0]).toMatchSnapshot()
    const [own] = alice.delegations
    const gross = await run('list_delegates --json', given)
    const aurora = documentOf(gross).data.delegates[0]
    const share =
      (BigInt(aurora.nominatorDailyPerKtaoRao) * BigInt(own.stakeRao)) / 1_000_000_000_000n
    const difference = BigInt(own.dailyRao) - share - BigInt(aurora.ownerDailyRao)
    expect(Number(difference)).toBeLessThan(100)
    expect(Number(difference)).toBeGreaterThanOrEqual(0)
  })

  it('without stake says so and ends with 0', async () => {
    const { given } = await devWorld()
    expect(await run('my_delegates -w frank', given)).toMatchObject({
      code: 0,
      stdout: 'frank has no stake with any delegate.\n',
    })
    const found = documentOf(await run('my_delegates -w frank --json', given))
    expect(found.data.wallets[0].delegations).toEqual([])
  })

  it('says which wallet is missing, and when the node is', async () => {
    const { given, home } = await devWorld()
    const missing = await run('my_delegates -w carol', given)
    expect(missing).toMatchObject({ code: 1, stdout: '' })
    expect(missing.stderr).toContain('carol')
    const chain = () => connect({ endpoint: 'ws://127.0.0.1:1', network: 'local' })
    expect(await run('my_delegates -w ivan', { home, chain })).toMatchObject({ code: 3 })
  })
})

it('on a dTAO chain counts what each subnet brings at its price', async () => {
  const { given, set } = await dtaoNode('343')
  set('Delegates', [HOT], 0)
  set('Emission', [2], [360_000_000])
  set('AlphaDividendsPerSubnet', [2, HOT], 100_000_000)
  const { data } = documentOf(await run('my_delegates -w alice --json', given))
  const [{ delegations }] = data.wallets
  const byNetuid = delegations.map((one: Record<string, unknown>) => [
    one['netuid'],
    one['dailyRao'],
  ])
  // 0.1 alpha an epoch, 20 epochs a day, τ0.5 each.
  expect(byNetuid).toEqual([
    [0, '0'],
    [1, '0'],
    [2, `${TAO}`],
  ])
  const all = documentOf(await run('list_delegates --no_history --json', given))
  expect(all.data.delegates).toMatchObject([{ hotkey: HOT, totalStakeRao: `${70n * TAO}` }])
})

it('on a dTAO chain counts the nominators that the list of delegations leaves out', async () => {
  const { given } = await dtaoChain()
  const { data } = documentOf(await run('my_delegates -w alice --json', given))
  const all = documentOf(await run('list_delegates --no_history --json', given)).data.delegates
  const figures = (one: Record<string, unknown>) =>
    [one['nominators'], one['totalStakeRao'], one['ownerStakeRao']] as const
  const [{ delegations }] = data.wallets
  expect(delegations.length).toBeGreaterThan(0)
  for (const one of delegations) {
    const listed = all.find(({ hotkey }: { hotkey: string }) => hotkey === one.hotkey)
    expect(figures(one)).toEqual(figures(listed))
    expect(one.nominators).toBeGreaterThan(0)
  }
})
