/** `stake_move`, `stake_swap` and `stake_transfer` up to signing, on the metadata of real runtimes. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freshChain, roundGenesis } from '../support/chain.js'
import { dtaoChain } from '../support/dtaoChain.js'
import { ALICE, BOB, BOB_HOT, dtaoNode, FOREIGN, HOT, TAO } from '../support/dtaoNode.js'
import { documentOf, run } from '../support/run.js'

describe('stake_move', () => {
  it('within a subnet moves one to one', async () => {
    const { given } = await dtaoNode('343')
    const line = `stake_move -w alice -H validator --dest_hotkey ${BOB_HOT} -o 2 -a 15 --dry_run`
    const result = await run(line, given)
    expect(result).toMatchObject({ code: 0 })
    expect(result.stderr).toMatchInlineSnapshot(`
      "Move stake
        network    local (worthless) · spec 343 · genesis [HASH] · in-process
        from       alice       5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY
        hotkey     validator   5HavK3WjXJvq2m6quTLBpd7NutX97nhpkBU2QraTFsSmBhCB   subnet 2
        amount     15.000000000 SN2
        then on                5FRjui8zwLQSFMm6domc8q6cpCYXAizAjXenQyzdhN9w5xqH   subnet 2
        call       SubtensorModule.move_stake(origin_hotkey: 5HavK3WjXJvq2m6quTLBpd7NutX97nhpkBU2QraTFsSmBhCB, destination_hotkey: 5FRjui8zwLQSFMm6domc8q6cpCYXAizAjXenQyzdhN9w5xqH, origin_netuid: 2, destination_netuid: 2, alpha_amount: 15 α)
        fee        τ0.000125000   paid by alice
        after      alice, free                   τ1000.000000000 ➡   τ999.999875000
                   alice, stake on validator    40.000000000 SN2 ➡ 25.000000000 SN2
                   alice, stake on 5FRjui…5xqH   0.000000000 SN2 ➡ 15.000000000 SN2
        valid for  64 blocks (≈ 13 min)
      "
    `)
    const { data } = documentOf(await run(`${line} --json`, given))
    expect(data).toMatchObject({
      from: { coldkey: ALICE, hotkey: HOT, netuid: 2 },
      to: { coldkey: ALICE, hotkey: BOB_HOT, netuid: 2 },
      amountAlphaRao: '15000000000',
      expectedAlphaRao: '15000000000',
    })
    expect(data.preview.calls).toMatchObject([
      {
        name: 'move_stake',
        args: {
          origin_hotkey: HOT,
          destination_hotkey: BOB_HOT,
          origin_netuid: 2,
          destination_netuid: 2,
          alpha_amount: '15000000000',
        },
      },
    ])
  })

  it('asks for what is missing, and shows how much there is', async () => {
    const { given } = await dtaoNode('343')
    const result = await run('st move --dry_run', {
      ...given,
      prompts: [
        ['Enter wallet name', 'alice'],
        ['Enter hotkey name', 'validator'],
        ['Enter the hotkey that gets the stake', BOB_HOT],
        ['Enter netuid in which the stake is [0/1/2]', '2'],
        [/Enter amount, "all" for all of it \(40\.000000000 SN2\)/, 'all'],
      ],
    })
    expect(result.code).toBe(0)
    expect(result.stdout).toContain('--amount_alpha all')
  })

  it('asks with a span where there are many subnets', async () => {
    const { given, set } = await dtaoNode('343')
    for (let netuid = 3; netuid <= 40; netuid++) set('NetworksAdded', [netuid], true)
    const result = await run('st move -w alice -H validator --dest_hotkey x --dry_run', {
      ...given,
      prompts: [
        ['Enter netuid in which the stake is [0–40] (--origin_netuid)', '99'],
        ['Enter amount', '1'],
      ],
    })
    expect(result.code).toBe(1)
  })

  it('across subnets swaps, on 218 as well', async () => {
    const { given } = await dtaoNode('218')
    const line = 'stake_move -w alice -H validator --dest_hotkey validator -o 2 --dest_netuid 1'
    const far = await run(`${line} --all --dry_run`, given)
    expect(far).toMatchObject({ code: 1 })
    expect(far.stderr).toContain('the price would move further than you allow')
    const little = documentOf(await run(`${line} -a 0.1 --dry_run --json`, given))
    // 0.1 alpha at τ0.5 is τ0.05, which at τ3 is 0.0167 alpha, less the movement of both pools.
    expect(little.data.expectedAlphaRao).toBe('16655564')
    expect(little.data.preview.calls[0].name).toBe('move_stake')
  })

  it.each([
    [`--dest_hotkey validator -o 2 -a 1`, 2, 'USAGE'],
    [`--dest_hotkey ${FOREIGN} -o 2 -a 1`, 1, 'NOT_REGISTERED'],
    [`--dest_hotkey ${BOB_HOT} -o 2 -a 41`, 1, 'INSUFFICIENT_STAKE'],
    [`--dest_hotkey ${BOB_HOT} -o 9 -a 1`, 1, 'SUBNET_NOT_FOUND'],
    [`--dest_hotkey ${BOB_HOT} -o 2 -a τ1`, 2, 'BAD_AMOUNT'],
    [`--dest_hotkey ${BOB_HOT} -a 1`, 2, 'MISSING_INPUT'],
  ])('refuses %s', async (words, code, error) => {
    const { given } = await dtaoNode('343')
    const result = await run(`stake_move -w alice -H validator ${words} -y --json`, given)
    expect(result.code).toBe(code)
    expect(documentOf(result)).toMatchObject({ ok: false, error: { code: error } })
  })

  it('says what to do on a classic chain', async () => {
    const { home } = await dtaoNode('343')
    const { chain } = await freshChain({ genesis: roundGenesis })
    const line = `stake_move -w alice -H validator --dest_hotkey ${BOB_HOT} -o 0 -a 1 -y`
    const result = await run(line, { home, chain })
    expect(result).toMatchObject({ code: 1 })
    expect(result.stderr).toMatchInlineSnapshot(`
      "error: this chain (spec 143) has no call SubtensorModule.move_stake
        nothing was sent

      hint: it needs a dTAO runtime; here use unstake, then stake
      "
    `)
  })
})

describe('stake_swap', () => {
  it('holds the chain to a ratio of prices', async () => {
    const { given } = await dtaoNode('343')
    const line = 'stake_swap -w alice -H validator -o 2 -d 1 -a 0.2 --dry_run'
    const result = await run(line, given)
    expect(result.stderr).toMatchInlineSnapshot(`
      "Swap stake
        network    local (worthless) · spec 343 · genesis [HASH] · in-process
        from       alice       5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY
        hotkey     validator   5HavK3WjXJvq2m6quTLBpd7NutX97nhpkBU2QraTFsSmBhCB   subnet 2
        amount     0.200000000 SN2
        then on    validator   5HavK3WjXJvq2m6quTLBpd7NutX97nhpkBU2QraTFsSmBhCB   subnet 1
        arrives    ≈ 0.033288949 SN1   slippage 0.13 %, fees of the pools included
        limit      0.165833333 SN1 per SN2; beyond it the transaction fails
        call       SubtensorModule.swap_stake_limit(hotkey: 5HavK3WjXJvq2m6quTLBpd7NutX97nhpkBU2QraTFsSmBhCB, origin_netuid: 2, destination_netuid: 1, alpha_amount: 0.2 α, limit_price: 165833333, allow_partial: false)
        fee        τ0.000125000   paid by alice
        after      alice, free                 τ1000.000000000 ➡   τ999.999875000
                   alice, stake on validator  40.000000000 SN2 ➡ 39.800000000 SN2
                   alice, stake on validator  10.000000000 SN1 ➡ 10.033288949 SN1
        valid for  64 blocks (≈ 13 min)
      "
    `)
    const { data } = documentOf(await run(`${line} --partial --tolerance 1% --json`, given))
    expect(data.preview.calls).toMatchObject([
      {
        name: 'swap_stake_limit',
        args: {
          hotkey: HOT,
          alpha_amount: '200000000',
          // 0.5 / 3, less 1 %.
          limit_price: '165000000',
          allow_partial: true,
        },
      },
    ])
    const unsafe = documentOf(await run(`${line} --unsafe --json`, given))
    expect(unsafe.data.preview.calls[0].name).toBe('swap_stake')
  })

  it('of which only a part fits within the limit is shown as the most that it can be', async () => {
    const { given } = await dtaoNode('343')
    const line = 'stake_swap -w alice -H validator -o 2 -d 1 -a 40 --allow_partial --dry_run'
    const { stderr } = await run(line, given)
    expect(rowsOf(stderr, ['arrives', 'limit', 'after'])).toMatchInlineSnapshot(`
      "  arrives    at most 5.263157895 SN1, what all of it would give
        limit      0.165833333 SN1 per SN2; ≈ 0.376412185 SN2 of 40.000000000 SN2 go through before it is reached
        after      alice, free                 τ1000.000000000 ➡   τ999.999875000
                   alice, stake on validator  40.000000000 SN2 ➡  0.000000000 SN2   at least
                   alice, stake on validator  10.000000000 SN1 ➡ 15.263157895 SN1   at most"
    `)
    const { data } = documentOf(await run(`${line} --json`, given))
    const most =
      BigInt(data.preview.effects[2].afterRao) - BigInt(data.preview.effects[2].beforeRao)
    expect(BigInt(data.expectedAlphaRao)).toBeLessThan(most)
    expect(data.preview.effects.map(({ note }: { note: string }) => note)).toEqual([
      null,
      'at least',
      'at most',
    ])
  })

  it('names another way where the runtime has no swap', async () => {
    const { given } = await dtaoNode('218')
    const result = await run('stake swap -w alice -H validator -o 2 -d 1 -a 0.2 -y', given)
    expect(result).toMatchObject({ code: 1 })
    expect(result.stderr).toContain('has no call SubtensorModule.swap_stake')
    expect(result.stderr).toContain('stake_move')
  })

  it('refuses a subnet whose token is not traded yet', async () => {
    const { given, set } = await dtaoNode('343')
    set('SubtokenEnabled', [1], false)
    const result = await run('stake_swap -w alice -H validator -o 2 -d 1 -a 0.2 -y --json', given)
    expect(documentOf(result).error.message).toBe('the token of subnet 1 is not traded yet')
  })
})

describe('stake_transfer', () => {
  it('gives stake to another coldkey', async () => {
    const { given } = await dtaoNode('343')
    const line = 'stake_transfer -w alice -H validator --dest wallet:bob -o 2 --all --dry_run'
    const result = await run(line, given)
    expect(result.stderr).toMatchInlineSnapshot(`
      "Transfer stake
        network    local (worthless) · spec 343 · genesis [HASH] · in-process
        from       alice       5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY
        hotkey     validator   5HavK3WjXJvq2m6quTLBpd7NutX97nhpkBU2QraTFsSmBhCB   subnet 2
        amount     40.000000000 SN2   all of it
        to         bob         5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty   new: never paid from this machine
        call       SubtensorModule.transfer_stake(destination_coldkey: 5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty, hotkey: 5HavK3WjXJvq2m6quTLBpd7NutX97nhpkBU2QraTFsSmBhCB, origin_netuid: 2, destination_netuid: 2, alpha_amount: 40 α)
        fee        τ0.000125000   paid by alice
        after      alice, free                 τ1000.000000000 ➡   τ999.999875000
                   alice, stake on validator  40.000000000 SN2 ➡  0.000000000 SN2
                   bob, stake on validator     0.000000000 SN2 ➡ 40.000000000 SN2
        valid for  64 blocks (≈ 13 min)
        note       stake that is transferred leaves your account for good
      "
    `)
    const { data } = documentOf(await run(`${line} --json`, given))
    expect(data.preview.calls).toMatchObject([
      {
        name: 'transfer_stake',
        args: { destination_coldkey: BOB, hotkey: HOT, alpha_amount: '40000000000' },
      },
    ])
  })

  it('where the subnet forbids it says so', async () => {
    const { given, set } = await dtaoNode('343')
    set('TransferToggle', [2], false)
    const line = 'stake_transfer -w alice -H validator --dest wallet:bob -o 2 --all -y'
    const result = await run(line, given)
    expect(result).toMatchObject({ code: 1 })
    expect(result.stderr).toContain('subnet 2 does not let stake change owners')
  })
})

/** The rows of a preview under these labels. */
function rowsOf(preview: string, labels: readonly string[]): string {
  let isIn = false
  return preview
    .split('\n')
    .filter((line) => {
      if (/^ {2}\S/.test(line)) isIn = labels.some((label) => line.startsWith(`  ${label} `))
      return isIn && line.startsWith('  ')
    })
    .join('\n')
}

describe('a swap whose outcome is unknown', () => {
  it.each([
    ['stake_swap -w alice -H validator -o 1 -d 3 -a 5', '--tolerance 1%'],
    ['stake_swap -w alice -H validator -o 1 -d 3 -a 5', '--unsafe'],
    ['stake -w alice -H validator -n 1 -a 5', '--unsafe'],
    ['unstake -w alice -H validator -n 1 --amount_alpha 5', '--tolerance 1%'],
  ])('is not sent again at another price: %s %s', async (line, other) => {
    const { given } = await dtaoChain()
    const safe = { ...given, safe: true }
    expect(await run(`${line} -y --no_wait`, safe)).toMatchObject({ code: 0 })
    // As if the connection had been lost after sending.
    const journal = join(given.home, '.bittensor', 'history', 'transactions.jsonl')
    const written = await readFile(journal, 'utf8')
    expect(written).toContain('"outcome":"sent"')
    await writeFile(journal, written.replace('"outcome":"sent"', '"outcome":"unknown"'))
    const moved = await run('stake -w bob -H validator -n 1 -a 100 --unsafe -y', given)
    expect(moved.code).toBe(0)
    for (const again of [line, `${line} ${other}`]) {
      const { error } = documentOf(await run(`${again} -y --json`, safe))
      expect(error).toMatchObject({ code: 'DUPLICATE' })
    }
  })
})

describe('what goes through up to a limit', () => {
  it('is said, not what was asked for', async () => {
    const { given } = await dtaoChain()
    const line = 'stake -w alice -H validator -n 5 --allow_partial -y'
    const { data } = documentOf(await run(`${line} -a 5000 --json`, given))
    const [one] = data.results
    expect(one.amountRao).toBe(`${5000n * TAO}`)
    const spent = BigInt(data.balanceBeforeRao) - BigInt(data.balanceAfterRao)
    expect(spent - BigInt(data.preview.feeRao)).toBe(BigInt(one.filledRao))
    expect(BigInt(one.filledRao)).toBeLessThan(5000n * TAO)
    const again = await run(`${line} -a 5001 --tolerance 1%`, given)
    expect(again.stdout).toMatch(
      /Staked τ\d+\.\d{9} of τ5001\.000000000, up to the limit, to validator/,
    )
    const back = 'unstake -w alice -H validator -n 5 --amount_alpha 2000 --allow_partial -y'
    expect((await run(back, given)).stdout).toMatch(
      /Unstaked \d+\.\d{9} SN5 of 2000\.000000000 SN5, up to the limit, from/,
    )
    const swap = 'stake_swap -w alice -H validator -o 1 -d 5 -a 1000 --allow_partial -y'
    expect((await run(swap, given)).stdout).toMatch(
      /Swapped \d+\.\d{9} SN1 of 1000\.000000000 SN1, up to the limit, into subnet 5/,
    )
    const whole = await run('stake -w alice -H validator -n 5 -a 0.5 --allow_partial -y', given)
    expect(whole.stdout).toContain('Staked τ0.500000000 to validator')
  })

  it('is about what the preview says, and never more than its bounds', async () => {
    const { given } = await dtaoChain()
    const line = 'stake -w alice -H validator -n 5 -a 5000 --allow_partial -y'
    const result = await run(line, given)
    expect(rowsOf(result.stderr, ['price', 'you get', 'limit', 'after'])).toMatchInlineSnapshot(`
      "  price      τ0.05069238 per SN5
        you get    at most 78983.845422457 SN5, what all of it would give
        limit      τ0.050945841; ≈ τ50.282585885 of τ5000.000000000 go through before it is reached
        after      alice, free         τ100000.000000000 ➡    τ94999.999863039   at least
                   stake on validator    0.001731990 SN5 ➡ 78983.847154447 SN5   at most"
    `)
    const [, filled] = /Staked τ([\d.]+) of/.exec(result.stdout) ?? []
    const [, told] = /≈ τ([\d.]+) of/.exec(result.stderr) ?? []
    expect(Math.abs(Number(filled) / Number(told) - 1)).toBeLessThan(0.01)
    const back =
      'unstake -w alice -H validator -n 5 --amount_alpha 900 --allow_partial --tolerance 0.1% --dry_run'
    const { stderr } = await run(back, given)
    expect(rowsOf(stderr, ['price', 'you get', 'limit', 'after'])).toMatchInlineSnapshot(`
      "  price      τ0.05094584 per SN5
        you get    at most τ45.72437347, what all of it would give
        limit      τ0.050894895; ≈ 198.281983685 SN5 of 900.000000000 SN5 go through before it is reached
        after      alice, free          τ99949.692129449 ➡ τ99995.416367233   at most
                   stake on validator  989.443633935 SN5 ➡ 89.443633935 SN5   at least"
    `)
  })

  it('is told before a batch in which nothing would be left for the last', async () => {
    const { given } = await dtaoChain()
    const hotkeys = '--hotkeys miner1 validator -n 5 --batch --allow_partial --dry_run'
    const line = `stake -w alice ${hotkeys}`
    const { error } = documentOf(await run(`${line} -a 300 --json`, given))
    expect(error).toMatchObject({ code: 'SLIPPAGE', hint: expect.stringContaining('--batch') })
    // The first fits, the second goes through in part.
    expect(await run(`${line} -a 40`, given)).toMatchObject({ code: 0 })
  })

  it('is never a bound in τ for stake in alpha', async () => {
    const { given } = await dtaoChain()
    const line = 'stake -w alice -H validator --max_stake 90000 --dry_run --unsafe'
    expect(await run(`${line} -n 0`, given)).toMatchObject({ code: 0 })
    const { error } = documentOf(await run(`${line} -n 5 --json`, given))
    expect(error).toMatchObject({ code: 'USAGE', hint: 'use --amount, the τ to stake' })
  })
})
