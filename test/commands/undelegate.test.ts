import { describe, expect, it } from 'vitest'
import { readStake } from '../../src/core/chain/stake.js'
import { dev, devWorld, NOBODY } from '../support/devAccounts.js'
import { documentOf, run } from '../support/run.js'

const AURORA = dev('//Alice//validator')
const BOREALIS = dev('//Bob//validator')
const IVAN = dev('//Ivan')

describe('btcli undelegate', () => {
  it('offers only where the wallet has stake, with the amounts', async () => {
    const { given, head } = await devWorld()
    const before = await readStake(await head(), BOREALIS, IVAN)
    const result = await run('undelegate', {
      ...given,
      prompts: [
        ['Enter wallet name', 'ivan'],
        ['Take stake from', BOREALIS],
        ['Enter Tao amount to unstake', '10'],
        ['Unstake τ10.000000000 from Borealis', true],
      ],
    })
    expect(result.code).toBe(0)
    expect(result.questions[1]?.choices).toHaveLength(1)
    expect(result.questions[1]?.choices?.[0]?.name).toMatch(
      /0 {2}Borealis .* your stake τ7\d\.\d{5}/,
    )
    expect(result.stdout).toContain('Undelegated τ10.000000000 from Borealis')
    expect(await readStake(await head(), BOREALIS, IVAN)).toBe(before - 10_000_000_000n)
  })

  it('with --all takes the chain’s own number', async () => {
    const { given, head } = await devWorld()
    const before = await readStake(await head(), BOREALIS, IVAN)
    const found = documentOf(
      await run('undelegate -w ivan --delegate borealis --all -y --json', given),
    )
    expect(found).toMatchObject({
      ok: true,
      data: {
        results: [{ ok: true, hotkey: BOREALIS, amountRao: `${before}`, stakeAfterRao: '0' }],
      },
    })
    expect(await readStake(await head(), BOREALIS, IVAN)).toBe(0n)
  })

  it('a dry run signs nothing', async () => {
    const { given, localnet } = await devWorld()
    const result = await run(`undelegate -w ivan --delegate ${BOREALIS} --all --dry_run`, given)
    expect(result).toMatchObject({ code: 0, questions: [] })
    expect(result.stdout).toContain('Dry run: nothing was sent.')
    expect(result.stderr).toContain('all of it')
    expect(localnet.head.number).toBe(0)
  })

  it.each([
    [`--delegate ${BOREALIS} -a 1000`, 'hint: --all takes all of it'],
    [`--delegate ${AURORA} -a 1`, 'hint: btcli stake_list shows where you have'],
    [`--delegate ${NOBODY} -a 1`, 'you have no stake there'],
  ])('refuses %s before anything is signed', async (words, text) => {
    const { given, localnet } = await devWorld()
    const result = await run(`undelegate -w ivan ${words} -y`, given)
    expect(result.code).toBe(1)
    expect(result.stderr).toContain(text)
    const json = documentOf(await run(`undelegate -w ivan ${words} -y --json`, given))
    expect(json).toMatchObject({ ok: false, error: { code: 'INSUFFICIENT_STAKE' } })
    expect(localnet.head.number).toBe(0)
  })

  it('says so when there is nothing to offer', async () => {
    const { given } = await devWorld()
    const result = await run('undelegate -w frank', { ...given, tty: true })
    expect(result.code).toBe(1)
    expect(result.stderr).toContain('frank has no stake with any delegate')
  })

  it('declined sends nothing and ends with 4', async () => {
    const { given, localnet } = await devWorld()
    const result = await run(`undelegate -w ivan --delegate ${BOREALIS} -a 1`, {
      ...given,
      prompts: [['Unstake τ1', false]],
    })
    expect(result.code).toBe(4)
    expect(localnet.head.number).toBe(0)
  })

  it('names everything missing without a terminal', async () => {
    const result = await run('undelegate -w ivan -y')
    expect(result.code).toBe(2)
    expect(result.stderr).toContain('--delegate_ss58key, --amount')
  })
})
