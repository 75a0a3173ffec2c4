/** `subnet_show` and `subnet_price` on the embedded chain. */
import { describe, expect, it } from 'vitest'
import { freshChain, roundGenesis } from '../support/chain.js'
import { dtaoChain } from '../support/dtaoChain.js'
import { documentOf, run } from '../support/run.js'

describe('subnet_show', () => {
  it('shows token, pool and stake; root has τ only', async () => {
    const { given } = await dtaoChain()
    const result = await run('subnet_show -n 3', { ...given, columns: 160 })
    expect(result.stdout).toMatch(/^Subnet 3 γ Granary - local\nUID +STAKE +ALPHA\(γ\) +ROOT\(τ\)/)
    expect(result.stdout).toMatch(/price +τ0\.\d+\npool +τ[\d.]+ and [\d.]+ γ\n/)
    expect(result.stdout).toContain('about         Stores files and proves')
    const root = await run('s show -n 0', { ...given, columns: 120 })
    expect(root.stdout).toMatch(/STAKE\(τ\) +DIVIDENDS/)
    expect(root.stdout).toMatch(/ 0 +51300\.00000 .*Aurora\n/)
    const { data } = documentOf(await run('subnet_show -n 3 --json', given))
    expect(data).toMatchObject({ netuid: 3, name: 'Granary', taoInRao: expect.any(String) })
    expect(data.neurons.length).toBeGreaterThan(2)
  })

  it('works on a classic chain, and names the subnets there are', async () => {
    const { chain } = await freshChain({ genesis: roundGenesis })
    const result = await run('subnet_show -n 1', { chain, columns: 100 })
    expect(result.stdout).toMatchInlineSnapshot(`
      "Subnet 1 - local
      UID     STAKE(τ)  DIVIDENDS  INCENTIVE  EMISSION(τ)  VPERMIT  HOTKEY                                            COLDKEY                                           IDENTITY
        0  42500.00000    0.00000    0.00000      0.00000     *     5HavK3WjXJvq2m6quTLBpd7NutX97nhpkBU2QraTFsSmBhCB  5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY  Aurora
        3      0.00000    0.00000    0.00000      0.00000     *     5C7wrE8v4NWqPYwSBCBmiGpbkX2RCg8HjcYoUMrTYRxue65B  5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty
        2      0.00000    0.00000    0.00000      0.00000     *     5FRjui8zwLQSFMm6domc8q6cpCYXAizAjXenQyzdhN9w5xqH  5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty  Borealis
        1      0.00000    0.00000    0.00000      0.00000     *     5HWVrf8tPjBzaTgeGD4YpjEdgLVzGoswqw7cW6FcXwwBevjk  5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY
           42500.00000                            0.00000
      4 neurons, by stake · local · block 0
      owner         5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty
      tempo         0 of 101 blocks
      registration  τ0.500000000
      "
    `)
    expect(documentOf(await run('subnet_show -n 7 --json', { chain })).error).toMatchObject({
      code: 'SUBNET_NOT_FOUND',
    })
  })
})

describe('subnet_price', () => {
  it('draws the price of one subnet, and lists many', async () => {
    const { given } = await dtaoChain()
    for (const amount of [50, 100, 150]) {
      const stake = `stake -w alice -H validator -n 5 -a ${amount} --unsafe -y`
      expect((await run(stake, given)).code).toBe(0)
    }
    const one = await run('subnet_price -n 5', { ...given, columns: 60 })
    expect(one.stdout).toMatchInlineSnapshot(`
      "Price of subnet 5 Kite in τ
      0.052213 │                                                           █████████████████████████████
               │                                                           █████████████████████████████
               │                                                           █████████████████████████████
               │                                                           █████████████████████████████
      0.051579 │                                                           █████████████████████████████
               │                              ██████████████████████████████████████████████████████████
               │                              ██████████████████████████████████████████████████████████
               │                              ██████████████████████████████████████████████████████████
               │                              ██████████████████████████████████████████████████████████
      0.050944 │ ███████████████████████████████████████████████████████████████████████████████████████
      τ0.052213186 now, +2.49 %; low 0.050944288, high 0.052213186
      local · block 3 · 24 s back
      "
    `)
    const all = await run('s price', { ...given, columns: 100 })
    expect(all.stdout).toMatchInlineSnapshot(`
      "Prices - local
      NETUID  NAME        PRICE(τ)   CHANGE       LOW(τ)      HIGH(τ)  HISTORY
           1  Lumen    0.785471953   0.00 %  0.785471953  0.785472255  █▅▁
           2  Loom     0.010000000   0.00 %  0.010000000  0.010000000  ▄▄▄
           3  Granary  0.312487155   0.00 %  0.312487155  0.312487291  █▅▁
           4  Quarry   0.010000000   0.00 %  0.010000000  0.010000000  ▄▄▄
           5  Kite     0.052213186  +2.49 %  0.050944288  0.052213186  ▁▄█
      local · block 3 · 24 s back
      "
    `)
    const { data } = documentOf(await run('subnet_price -n 5 --current --json', given))
    expect(data.subnets[0].history).toHaveLength(1)
    const unknown = await run('subnet_price -n 99 --json', given)
    expect(documentOf(unknown).error).toMatchObject({
      code: 'SUBNET_NOT_FOUND',
      details: { reason: 'there are 0–5' },
    })
  })

  it('gives a change of less than the last digit no sign', async () => {
    const { given, localnet } = await dtaoChain()
    await localnet.advance(3)
    const { stdout } = await run('subnet_price', given)
    expect(stdout).toContain(' 0.00 %')
    expect(stdout).not.toMatch(/[-+]0\.00 %/)
  })
})
