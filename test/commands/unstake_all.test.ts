import { describe, expect, it } from 'vitest'
import { freshChain, roundGenesis } from '../support/chain.js'
import { dtaoChain } from '../support/dtaoChain.js'
import { documentOf, run } from '../support/run.js'

const VALIDATOR = '5HavK3WjXJvq2m6quTLBpd7NutX97nhpkBU2QraTFsSmBhCB'

describe('unstake_all', () => {
  it('sells everything on a hotkey, and says what it brought', async () => {
    const { given } = await dtaoChain()
    const line = 'unstake_all -w alice -H validator'
    const refused = await run(`${line} -y`, given)
    expect(refused.code).toBe(2)
    const before = documentOf(await run('stake_list -w alice --json', given)).data
    expect(before.coldkeys[0].stakes.length).toBeGreaterThan(1)
    const result = await run(`${line} --unsafe -y --json`, given)
    const { data } = documentOf(result)
    expect(result.code).toBe(0)
    expect(data.sold.every((one: { leftAlphaRao: string }) => one.leftAlphaRao === '0')).toBe(true)
    const after = documentOf(await run('stake_list -w alice --json', given)).data
    const gained = BigInt(after.totals.freeRao) - BigInt(before.totals.freeRao)
    const expected = BigInt(data.expectedRao)
    const off = gained > expected ? gained - expected : expected - gained
    // What was foretold, to a thousandth.
    expect(off < expected / 1000n).toBe(true)
  })

  it('with --alpha moves what it brings to root', async () => {
    const { given } = await dtaoChain()
    const foretold = documentOf(
      await run('unstake_all -w alice -H validator --alpha --dry_run --json', given),
    ).data
    const { stakes: now } = documentOf(await run('stake_list -w alice --json', given)).data
      .coldkeys[0]
    const root = now.find((one: { netuid: number }) => one.netuid === 0)
    expect(foretold.preview.effects).toContainEqual(
      expect.objectContaining({ netuid: 0, beforeRao: root.alphaRao, note: null }),
    )
    const result = await run('st unstake-all -w alice -H validator --alpha --unsafe -y', given)
    expect(result.code).toBe(0)
    const { data } = documentOf(await run('stake_list -w alice --json', given))
    const { stakes } = data.coldkeys[0] as {
      stakes: { hotkey: string; netuid: number; alphaRao: string; claimableAlphaRao: string }[]
    }
    // Other hotkeys of the wallet keep theirs; what is left of this one are root dividends to claim.
    const here = stakes.filter(({ hotkey }) => hotkey === VALIDATOR)
    const held = here.filter(({ alphaRao }) => alphaRao !== '0').map(({ netuid }) => netuid)
    expect(held).toEqual([0])
    expect(here.every((one) => one.netuid === 0 || one.claimableAlphaRao !== '0')).toBe(true)
    expect(stakes.length).toBeGreaterThan(here.length)
  })

  it('names another way on a classic chain', async () => {
    const { home } = await dtaoChain()
    const { chain } = await freshChain({ genesis: roundGenesis })
    const result = await run('unstake_all -w alice -H validator -y', { home, chain })
    expect(result).toMatchObject({ code: 1 })
    expect(result.stderr).toContain('use unstake --all for each subnet')
  })
})
