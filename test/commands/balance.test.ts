import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { connect } from '../../src/core/chain/connect.js'
import { dev, devWorld, NOBODY } from '../support/devAccounts.js'
import { documentOf, run } from '../support/run.js'

describe('btcli balance', () => {
  it('shows all wallets with totals, at 80 and 200 columns', async () => {
    const { given } = await devWorld()
    for (const columns of [80, 200]) {
      const { stdout, code } = await run('balance --all', { ...given, tty: true, columns })
      expect(code).toBe(0)
      for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
      expect(stdout).toMatchSnapshot(`${columns} columns`)
    }
  })

  it('asks for the wallet on a terminal', async () => {
    const { given } = await devWorld()
    const result = await run('balance', { ...given, prompts: [['Enter wallet name', 'ivan']] })
    expect(result.stdout).toContain('1000.000000000')
  })

  it('shows any accounts, whole in a pipe, zero for unknown ones', async () => {
    const { given } = await devWorld()
    const { stdout } = await run(`balance --ss58 ${NOBODY} ${dev('//One')}`, given)
    expect(stdout).toContain(NOBODY)
    expect(stdout).toMatch(/0\.000000000\s+0\.000000000\s+0\.000000000/)
  })

  it('is one JSON document with exact sums', async () => {
    const { given } = await devWorld()
    const found = documentOf(await run('balance --all --json', given))
    expect(found.data).toMatchSnapshot()
    const [alice] = found.data.accounts
    expect(BigInt(alice.freeRao) + BigInt(alice.stakedRao)).toBe(BigInt(alice.totalRao))
  })

  it.each([
    ['--ss58 5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694tx', 2, 'checksum'],
    ['-w carol', 1, 'carol'],
  ])('refuses %s', async (words, code, text) => {
    const { given } = await devWorld()
    const result = await run(`balance ${words}`, given)
    expect(result).toMatchObject({ code, stdout: '' })
    expect(result.stderr).toContain(text)
  })

  it('refuses a wallet that has no coldkey, and leaves it out of all', async () => {
    const { given } = await devWorld()
    const folder = join(given.home, '.bittensor', 'wallets', 'bare', 'hotkeys')
    mkdirSync(folder, { recursive: true })
    for (const command of ['balance', 'inspect', 'my_delegates', 'stake_list']) {
      const named = await run(`${command} -w bare`, given)
      expect(named).toMatchObject({ code: 1, stdout: '' })
      expect(named.stderr).toContain('wallet bare has no coldkeypub.txt\n')
    }
    const all = await run('balance --all', given)
    expect(all.code).toBe(0)
    expect(all.stderr).toContain('wallet bare has no coldkeypub.txt and is left out')
    rmSync(join(folder, '..'), { recursive: true })
  })

  it('says where an address goes', async () => {
    const { given } = await devWorld()
    const { code, stderr } = await run(`balance ${NOBODY}`, given)
    expect(code).toBe(2)
    expect(stderr).toContain('hint: an address is given with --ss58\n')
  })

  it('knows what was meant by a slip in any spelling of an option', async () => {
    const { stderr } = await run('balance --all --josn')
    expect(stderr).toContain('hint: did you mean --json?')
  })

  it('knows what was meant by a slip in the name', async () => {
    const { given } = await devWorld()
    const { stderr } = await run('balance -w ivna', given)
    expect(stderr).toContain('hint: did you mean ivan?')
  })

  it('without wallets says so and ends with 0', async () => {
    const { chain } = await devWorld()
    expect(await run('balance --all', { chain })).toMatchObject({
      code: 0,
      stdout: 'No wallets found.\n',
    })
  })

  it('ends with 3 when the node is not there', async () => {
    const chain = () => connect({ endpoint: 'ws://127.0.0.1:1', network: 'local' })
    expect(await run(`balance --ss58 ${NOBODY}`, { chain })).toMatchObject({ code: 3 })
  })
})
