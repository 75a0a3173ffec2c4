import { describe, expect, it } from 'vitest'
import { readTakeOf } from '../../src/core/chain/delegates.js'
import { readUid } from '../../src/core/chain/neurons.js'
import { readOwner, readTotalStake } from '../../src/core/chain/stake.js'
import { devAccount } from '../../src/localnet/genesis/devKeys.js'
import { S } from '../../src/localnet/runtime/subtensor/storage.js'
import { dev, devWorld } from '../support/devAccounts.js'
import { ALICE, dtaoNode } from '../support/dtaoNode.js'
import { documentOf, run } from '../support/run.js'

const OLD = dev('//Alice//validator')

describe('btcli swap_hotkey', () => {
  it('shows what moves and what it costs, and moves it', async () => {
    const { given, head } = await devWorld()
    const before = await readTotalStake(await head(), OLD)
    const result = await run('wallet swap-hotkey', {
      ...given,
      prompts: [
        ['Enter wallet name', 'alice'],
        ['Enter hotkey name', 'validator'],
        ['Enter the name of the new hotkey', 'fresh'],
        ['Move everything of validator to fresh?', true],
      ],
    })
    expect(result.code).toBe(0)
    expect(result.stderr).toContain('the registrations on subnets 0, 1, 3, 5')
    expect(result.stderr).toContain('τ1.000000000   burned')
    expect(result.stdout).toContain('τ100000.000000000 ➡ τ99999.000000000')
    const view = await head()
    const { parseAccount } = await import('../../src/core/keys/ss58.js')
    const fresh = result.stderr.match(/to +fresh +((?:\w{1,4} ){11}\w+|\w{47,48})/)?.[1] ?? ''
    const { address } = parseAccount(fresh.replaceAll(' ', ''))
    expect(await readOwner(view, address)).toBe(dev('//Alice'))
    expect(await readUid(view, 1, address)).toBe(0)
    expect(await readTakeOf(view, address)).toBe(11_796)
    expect(await readTotalStake(view, address)).toBe(before)
    expect(await readOwner(view, OLD)).toBeUndefined()
  })

  it('is one JSON document; a dry run signs nothing', async () => {
    const { given, localnet } = await devWorld()
    const line = 'swap_hotkey -w alice -H validator --new_hotkey fresh --json'
    const dry = documentOf(await run(`${line} --dry_run`, given))
    expect(dry).toMatchObject({
      ok: true,
      data: { dryRun: true, preview: { spendRao: '1000000000' } },
    })
    expect(localnet.head.number).toBe(0)
    const done = documentOf(await run(`${line} -y`, given))
    expect(done).toMatchObject({
      ok: true,
      data: { hotkey: OLD, netuids: [0, 1, 3, 5], blockNumber: 1 },
    })
  })

  it.each([
    ['-w alice -H validator --new_hotkey validator', 2, 'USAGE'],
    ['-w alice -H validator --new_hotkey miner1', 1, 'ALREADY_REGISTERED'],
    ['-w alice -H fresh --new_hotkey miner1', 1, 'NOT_REGISTERED'],
    [
      '-w thief -H stolen --new_hotkey 5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty',
      1,
      'KEYFILE',
    ],
    ['-w alice -H validator --new_hotkey nothere', 1, 'WALLET_NOT_FOUND'],
    [
      '-w alice -H validator --new_hotkey 5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694tx',
      2,
      'BAD_ADDRESS',
    ],
  ])('refuses %s before anything is signed', async (words, code, error) => {
    const { given, localnet } = await devWorld()
    const result = await run(`swap_hotkey ${words} -y --json`, given)
    expect(result.code).toBe(code)
    expect(documentOf(result)).toMatchObject({ ok: false, error: { code: error } })
    expect(localnet.head.number).toBe(0)
  })

  it('knows the rate limit, and asks', async () => {
    const { given, set, localnet } = await devWorld()
    const line = 'swap_hotkey -w alice -H validator --new_hotkey fresh'
    const prompts = [['Move everything', false]] as const
    expect(await run(line, { ...given, prompts })).toMatchObject({ code: 4 })
    expect(localnet.head.number).toBe(0)
    await set(S.TxRateLimit, [], 100n)
    await set(S.LastTxBlock, [devAccount('//Alice')], 1n)
    const limited = documentOf(await run(`${line} -y --json`, given))
    expect(limited).toMatchObject({ ok: false, error: { code: 'RATE_LIMITED' } })
  })
})

describe('swap_hotkey on one subnet', () => {
  it('moves what the hotkey has there, where the runtime can', async () => {
    const { given } = await dtaoNode('343', { block: 40_000 })
    const line = 'swap_hotkey -w alice -H validator --new_hotkey miner1 -n 2 --dry_run'
    const result = await run(line, given)
    expect(result.stderr).toContain('the registration on subnet 2, and 40.000000000 SN2 of stake')
    const { data } = documentOf(await run(`${line} --json`, given))
    expect(data.preview).toMatchObject({ spendRao: '1000000', calls: [{ args: { netuid: 2 } }] })
    const old = await dtaoNode('218')
    const refused = documentOf(await run(`${line} --json`, old.given))
    expect(refused.error).toMatchObject({ code: 'RUNTIME_UNSUPPORTED' })
    expect(refused.error.message).toContain('takes no netuid')
  })

  const line = 'swap_hotkey -w alice -H validator --new_hotkey miner1 -n 2'

  it('shows cost, what moves and what stays', async () => {
    const { given } = await dtaoNode('343', { block: 40_000 })
    const result = await run(`${line} --dry_run`, given)
    expect(result).toMatchObject({ code: 0 })
    expect(result.stderr).toMatchInlineSnapshot(`
      "Swap hotkey
        network    local (worthless) · spec 343 · genesis [HASH] · in-process
        from       alice       5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY
        hotkey     validator   5HavK3WjXJvq2m6quTLBpd7NutX97nhpkBU2QraTFsSmBhCB   the old one
        to         miner1      5HWVrf8tPjBzaTgeGD4YpjEdgLVzGoswqw7cW6FcXwwBevjk   the new one
        moves      the registration on subnet 2, and 40.000000000 SN2 of stake with all that belongs to it
        cost       τ0.001000000   burned: it is gone for good
        call       SubtensorModule.swap_hotkey(hotkey: 5HavK3WjXJvq2m6quTLBpd7NutX97nhpkBU2QraTFsSmBhCB, new_hotkey: 5HWVrf8tPjBzaTgeGD4YpjEdgLVzGoswqw7cW6FcXwwBevjk, netuid: 2)
        fee        τ0.000125000   paid by alice
        after      alice, free  τ1000.000000000 ➡ τ999.998875000
        valid for  64 blocks (≈ 13 min)
        note       what the old hotkey has on other subnets stays with it
        note       key files stay as they are; a neuron that runs must be started with the new hotkey
      "
    `)
  })

  it('waits for the interval on the subnet', async () => {
    const { given, set } = await dtaoNode('343', { block: 40_000 })
    set('LastHotkeySwapOnNetuid', [2, ALICE], 39_000)
    const { error } = documentOf(await run(`${line} -y --json`, given))
    expect(error).toMatchObject({
      code: 'RATE_LIMITED',
      message: 'the chain allows this in 35000 blocks (≈ 4.9 days)',
      details: { blocksLeft: 35_000 },
    })
    // On other subnets, and on all of them at once, it does not count there.
    const all = 'swap_hotkey -w alice -H validator --new_hotkey miner1 --all_netuids --dry_run'
    expect(await run(all, given)).toMatchObject({ code: 0 })
    set('LastHotkeySwapOnNetuid', [2, ALICE], 4_000)
    expect(await run(`${line} --dry_run`, given)).toMatchObject({ code: 0 })
    set('LastHotkeySwapOnNetuid', [2, ALICE], 4_001)
    expect(documentOf(await run(`${line} -y --json`, given)).error.details).toMatchObject({
      blocksLeft: 1,
    })
  })

  it('refuses a new hotkey that is registered on another subnet, as the chain does', async () => {
    const { given, set } = await dtaoNode('343', { block: 40_000 })
    set('Uids', [1, dev('//Alice//miner1')], 0)
    const { error } = documentOf(await run(`${line} -y --json`, given))
    expect(error.code).toBe('ALREADY_REGISTERED')
  })

  it.each([
    ['-n 99', 1, 'no subnet 99'],
    ['-n 0 --new_hotkey miner1 -H miner1', 1, 'the new hotkey is the old one'],
    ['-n 2 --all_netuids', 2, 'all_netuids'],
  ])('refuses %s', async (words, code, message) => {
    const { given } = await dtaoNode('343', { block: 40_000 })
    const base = words.includes('--new_hotkey') ? 'swap_hotkey -w alice' : line.replace(' -n 2', '')
    const result = await run(`${base} ${words} -y`, given)
    expect(result.stderr).toContain(message)
    expect(result.code).toBeGreaterThanOrEqual(code)
  })

  it('has nothing to move where the hotkey has nothing', async () => {
    const { given, set } = await dtaoNode('343', { block: 40_000 })
    set('NetworksAdded', [7], true)
    const words = line.replace('-n 2', '-n 7')
    const { error } = documentOf(await run(`${words} -y --json`, given))
    expect(error).toMatchObject({ code: 'NOT_REGISTERED' })
    expect(error.message).toContain('has nothing on subnet 7')
  })
})
