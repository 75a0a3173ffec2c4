/** `stake` and `unstake` on dTAO runtimes, against their real metadata: everything up to signing. */
import { describe, expect, it } from 'vitest'
import { dtaoNode, FOREIGN } from '../support/dtaoNode.js'
import { documentOf, run } from '../support/run.js'

const LINE = 'stake -w alice -H validator -a 10 --dry_run'

describe('stake on spec 218', () => {
  it('wants the subnet named, and never guesses it', async () => {
    const { given } = await dtaoNode('218')
    const result = await run(LINE, given)
    expect(result.code).toBe(2)
    expect(result.stderr).toContain('--netuid is missing')
  })

  it('shows price, what comes out, and that this runtime has no limit', async () => {
    const { given } = await dtaoNode('218')
    const result = await run(`${LINE} -n 2 --unsafe`, given)
    expect(result.stderr).toMatchInlineSnapshot(`
      "Stake
        network    local (worthless) · spec 218 · genesis [HASH] · in-process
        from       alice       5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY
        to         validator   5HavK3WjXJvq2m6quTLBpd7NutX97nhpkBU2QraTFsSmBhCB   τ10.000000000   your own hotkey
        price      τ0.5 per SN2, after it τ0.605
        you get    ≈ 18.181818182 SN2   slippage 9.09 %
        limit      none, as asked for
        call       SubtensorModule.add_stake(hotkey: 5HavK3WjXJvq2m6quTLBpd7NutX97nhpkBU2QraTFsSmBhCB, netuid: 2, amount_staked: τ10)
        fee        τ0.000125000   paid by alice
        after      alice, free          τ1000.000000000 ➡   τ989.999875000
                   stake on validator  40.000000000 SN2 ➡ 58.181818182 SN2
        valid for  64 blocks (≈ 3 min)
      "
    `)
  })

  it('refuses when the price would move further than the tolerance', async () => {
    const { given } = await dtaoNode('218')
    const result = documentOf(await run(`${LINE} -n 2 --json`, given))
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'SLIPPAGE', details: { priceRao: '500000000', limitPriceRao: '502500000' } },
    })
    // Without a limit on the chain nothing would hold it to a part.
    expect(documentOf(await run(`${LINE} -n 2 --allow_partial --json`, given))).toMatchObject({
      error: { code: 'SLIPPAGE', hint: 'use a smaller amount or a larger --tolerance' },
    })
    const little = await run('stake -w alice -H validator -a 0.2 -n 2 --dry_run', given)
    expect(little.code).toBe(0)
  })

  it('on root is one to one', async () => {
    const { given } = await dtaoNode('218')
    const { data } = documentOf(await run(`${LINE} -n 0 --json`, given))
    expect(data.results[0]).toMatchObject({ netuid: 0, stakeAfterRao: '10000000000' })
    expect(data.preview.calls[0]).toMatchObject({ name: 'add_stake', args: { netuid: 0 } })
  })

  it('to a hotkey that the chain does not know is refused', async () => {
    const { given } = await dtaoNode('218')
    const result = await run(`stake -w alice -H ${FOREIGN} -a 1 -n 0 --dry_run`, given)
    expect(result.code).toBe(1)
  })
})

describe('unstake on spec 218', () => {
  it('takes alpha, and refuses an amount of τ', async () => {
    const { given } = await dtaoNode('218')
    const tao = await run('unstake -w alice -H validator -n 2 -a 1 --dry_run', given)
    expect(tao).toMatchObject({ code: 2 })
    expect(tao.stderr).toContain('use --amount_alpha')
    const sign = await run('unstake -w alice -H validator -n 2 --amount_alpha τ1 --dry_run', given)
    expect(sign).toMatchObject({ code: 2 })
  })

  it('asks for alpha on a terminal, with what there is', async () => {
    const { given } = await dtaoNode('218')
    const asked = await run('unstake -w alice -H validator -n 2 --unsafe --dry_run', {
      ...given,
      prompts: [['Enter alpha to unstake, "all" for all of 40.000000000 SN2', '10']],
    })
    expect(asked.code).toBe(0)
    const all = await run('unstake -w alice -H validator -n 2 --unsafe --dry_run', {
      ...given,
      prompts: [['Enter alpha to unstake', 'all']],
    })
    expect(all.code).toBe(0)
    expect(all.stderr).toMatch(/40\.000000000 SN2 ➡ +0\.000000000 SN2/)
  })

  it('shows the τ that come back', async () => {
    const { given } = await dtaoNode('218')
    const line = 'unstake -w alice -H validator -n 2 --amount_alpha 10 --unsafe --dry_run'
    const { data } = documentOf(await run(`${line} --json`, given))
    // 100 - 100 * 200 / 210, rounded as the chain does, minus the fee.
    expect(data.preview.effects).toMatchObject([
      { beforeRao: '1000000000000', afterRao: '1004761779762' },
      { netuid: 2, beforeRao: '40000000000', afterRao: '30000000000' },
    ])
    expect(data.preview.calls[0]).toMatchObject({
      name: 'remove_stake',
      args: { netuid: 2, amount_unstaked: '10000000000' },
    })
  })
})

describe('stake on spec 343', () => {
  it('sets a limit price, and uses what the chain simulates', async () => {
    const { chain, given } = await dtaoNode('343')
    const answer = chain.answers['state_call']
    chain.answers['state_call'] = (params) => {
      if (params[0] !== 'SwapRuntimeApi_sim_swap_tao_for_alpha') return answer?.(params)
      const bytes = Buffer.alloc(32)
      bytes.writeBigUInt64LE(200_000_000n, 0)
      bytes.writeBigUInt64LE(399_000_000n, 8)
      bytes.writeBigUInt64LE(100_000n, 16)
      return `0x${bytes.toString('hex')}`
    }
    const line = 'stake -w alice -H validator -a 0.2 -n 2 --dry_run --json'
    const { data } = documentOf(await run(line, given))
    expect(data.results[0]).toMatchObject({ netuid: 2, stakeAfterRao: '40399000000' })
    expect(data.preview.calls[0]).toMatchObject({
      name: 'add_stake_limit',
      args: {
        netuid: 2,
        amount_staked: '200000000',
        limit_price: '502500000',
        allow_partial: false,
      },
    })
    const partial = documentOf(await run(`${line} --tolerance 5% --partial`, given))
    expect(partial.data.preview.calls[0].args).toMatchObject({
      limit_price: '525000000',
      allow_partial: true,
    })
  })
})

it('a token that is not traded yet is neither bought nor sold', async () => {
  const { given, set } = await dtaoNode('343')
  set('SubtokenEnabled', [2], false)
  for (const line of ['stake -a 0.1', 'unstake --amount_alpha 1']) {
    const result = await run(`${line} -w alice -H validator -n 2 -y --json`, given)
    expect(documentOf(result).error.message).toBe('the token of subnet 2 is not traded yet')
  }
  const nowhere = await run('stake -a 1 -w alice -H validator -n 9 --safe -y --json', given)
  expect(documentOf(nowhere).error.code).toBe('SUBNET_NOT_FOUND')
})
