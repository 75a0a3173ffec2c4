import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
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
