import { describe, expect, it } from 'vitest'
import { readTakeOf } from '../../src/core/chain/delegates.js'
import { readUid } from '../../src/core/chain/neurons.js'
import { readOwner, readTotalStake } from '../../src/core/chain/stake.js'
import { devAccount } from '../../src/localnet/genesis/devKeys.js'
import { S } from '../../src/localnet/runtime/subtensor/storage.js'
import { dev, devWorld } from '../support/devAccounts.js'
import { dtaoNode } from '../support/dtaoNode.js'
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
    expect(result.stderr).toContain('the registrations on 0, 1, 3, 5')
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
    const { given } = await dtaoNode('343')
    const line = 'swap_hotkey -w alice -H validator --new_hotkey miner1 -n 2 --dry_run'
    const result = await run(line, given)
    expect(result.stderr).toContain('the registration on 2, and 40.000000000 SN2 of stake')
    const { data } = documentOf(await run(`${line} --json`, given))
    expect(data.preview).toMatchObject({ spendRao: '1000000', calls: [{ args: { netuid: 2 } }] })
    const old = await dtaoNode('218')
    const refused = documentOf(await run(`${line} --json`, old.given))
    expect(refused.error).toMatchObject({ code: 'RUNTIME_UNSUPPORTED' })
    expect(refused.error.message).toContain('takes no netuid')
  })
})
