import { describe, expect, it } from 'vitest'
import { connect } from '../../src/core/chain/connect.js'
import { readStake } from '../../src/core/chain/stake.js'
import { devAccount } from '../../src/localnet/genesis/devKeys.js'
import { S } from '../../src/localnet/runtime/subtensor/storage.js'
import { dev, devWorld, NOBODY } from '../support/devAccounts.js'
import { documentOf, run } from '../support/run.js'

const AURORA = dev('//Alice//validator')
const BOREALIS = dev('//Bob//validator')
const MINER = dev('//Bob//miner1')
const IVAN = dev('//Ivan')

describe('btcli delegate', () => {
  it('offers all delegates with stake and take, then asks for the rest', async () => {
    const { given, head } = await devWorld()
    const before = await readStake(await head(), BOREALIS, IVAN)
    const result = await run('delegate', {
      ...given,
      columns: 80,
      prompts: [
        ['Delegate to', BOREALIS],
        ['Enter wallet name', 'ivan'],
        ['"all" for all of τ1000', '5'],
        ['Stake τ5 to Borealis', true],
      ],
    })
    expect(result.code).toBe(0)
    const [picker] = result.questions
    expect(picker?.choices).toHaveLength(6)
    expect(picker?.choices?.map(({ name }) => name)).toMatchSnapshot()
    for (const { name = '' } of picker?.choices ?? []) expect(name.length).toBeLessThan(77)
    expect(result.stdout).toContain('Delegated τ5.000000000 to Borealis')
    expect(await readStake(await head(), BOREALIS, IVAN)).toBe(before + 5_000_000_000n)
  })

  it('shows take and owner before it asks', async () => {
    const { given } = await devWorld()
    const { stderr } = await run(
      `delegate -w ivan --delegate_ss58key ${BOREALIS} -a 5 --dry_run`,
      given,
    )
    expect(stderr).toContain(`owned by ${dev('//Bob')}, takes 15.00 %`)
    expect(stderr).toMatchSnapshot()
  })

  it('takes a name that one delegate has', async () => {
    const { given } = await devWorld()
    const found = documentOf(
      await run('delegate -w ivan --delegate aurora -a 1.5 -y --json', given),
    )
    expect(found).toMatchObject({
      ok: true,
      command: 'delegate',
      data: {
        coldkey: IVAN,
        results: [
          {
            ok: true,
            hotkey: AURORA,
            hotkeyName: 'Aurora',
            amountRao: '1500000000',
            success: true,
          },
        ],
      },
    })
  })

  it('with --all leaves the existential deposit', async () => {
    const { given, head } = await devWorld()
    const found = documentOf(
      await run(`delegate -w ivan --delegate ${AURORA} --all -y --json`, given),
    )
    expect(found.data.balanceAfterRao).toBe('500')
    expect(await readStake(await head(), AURORA, IVAN)).toBe(999_999_999_500n)
  })

  it('also to a delegate that is registered nowhere', async () => {
    const { given, set } = await devWorld()
    await set(S.Delegates, [devAccount('//Ivan//miner1' as never)], 11_796)
    const found = await run(`delegate -w alice --delegate ${dev('//Ivan//miner1')} -a 1 -y`, given)
    expect(found.code).toBe(0)
  })

  it('refuses who is no delegate before anything is signed', async () => {
    const { given, localnet } = await devWorld()
    for (const who of [MINER, NOBODY, 'Nobody']) {
      const json = await run(`delegate -w ivan --delegate ${who} -a 1 -y --json`, given)
      expect(json.code).toBe(1)
      expect(documentOf(json)).toMatchObject({ ok: false, error: { code: 'NOT_DELEGATE' } })
      const text = await run(`delegate -w ivan --delegate ${who} -a 1 -y`, given)
      expect(text.stderr).toMatch(/delegate/)
      expect(text.stderr).toContain('btcli list_delegates')
    }
    const near = await run('delegate -w ivan --delegate Aurorra -a 1 -y', given)
    expect(near.stderr).toContain('did you mean `Aurora`?')
    expect(localnet.head.number).toBe(0)
  })

  it.each([
    ['--amount 100000', 1, 'INSUFFICIENT_BALANCE'],
    ['--amount 0', 2, 'BAD_AMOUNT'],
    ['--amount 1 --all', 2, 'USAGE'],
    ['--amount 1 --netuid 1', 1, 'RUNTIME_UNSUPPORTED'],
  ])('refuses %s', async (words, code, error) => {
    const { given, localnet } = await devWorld()
    const result = await run(`delegate -w ivan --delegate ${AURORA} ${words} -y --json`, given)
    expect(result.code).toBe(code)
    expect(documentOf(result)).toMatchObject({ ok: false, error: { code: error } })
    expect(localnet.head.number).toBe(0)
  })

  it('refuses a mistyped address as one', async () => {
    const { given } = await devWorld()
    const result = await run(`delegate -w ivan --delegate ${AURORA.slice(0, -1)}x -a 1 -y`, given)
    expect(result.code).toBe(2)
    expect(result.stderr).toContain('checksum')
  })

  it('declined sends nothing and ends with 4', async () => {
    const { given, localnet } = await devWorld()
    const line = `delegate -w ivan --delegate ${AURORA} -a 1`
    const result = await run(line, { ...given, prompts: [['Stake τ1 to Aurora', false]] })
    expect(result.code).toBe(4)
    expect(localnet.head.number).toBe(0)
    const unconfirmed = await run(line, given)
    expect(unconfirmed.code).toBe(2)
    expect(unconfirmed.stderr).toContain('-y confirms it')
  })

  it('names everything missing without a terminal', async () => {
    const result = await run('delegate -w ivan -y')
    expect(result.code).toBe(2)
    expect(result.stderr).toContain('--delegate_ss58key, --amount')
  })

  it('ends with 3 when the node is not there', async () => {
    const { home } = await devWorld()
    const chain = () => connect({ endpoint: 'ws://127.0.0.1:1', network: 'local' })
    const result = await run(`delegate -w ivan --delegate ${AURORA} -a 1 -y --json`, {
      home,
      chain,
    })
    expect(result.code).toBe(3)
  })
})
