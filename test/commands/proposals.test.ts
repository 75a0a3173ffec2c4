import { describe, expect, it } from 'vitest'
import type { ChainEra, DecodedCall } from '../../src/core/chain/types.js'
import { callJson, callLine, callLines } from '../../src/core/plans/callText.js'
import { Collective } from '../../src/localnet/runtime/pallets/collective.js'
import { storageKey, twox128 } from '../../src/localnet/runtime/storageKey.js'
import { dev, devWorld } from '../support/devAccounts.js'
import { documentOf, run } from '../support/run.js'
import { proposalHashes } from '../support/senate.js'

describe('btcli proposals', () => {
  it('shows calls, votes and ends', async () => {
    const { given } = await devWorld()
    const result = await run('proposals', { ...given, filters: false })
    expect(result.code).toBe(0)
    expect(result.stdout).toMatchSnapshot()
    expect(result.stdout).toContain('AdminUtils.sudo_set_tempo(netuid: 3, tempo: 15)')
    expect(result.stdout).toContain('sudo_set_network_min_lock_cost(lock_cost: τ20)')
    expect(result.stdout).toContain('100800 (in 100800 blocks, ≈ 14d)')
    expect((await run('root proposals', { ...given, filters: false })).stdout).toBe(result.stdout)
    expect((await run('sudo proposals', { ...given, filters: false })).stdout).toBe(result.stdout)
  })

  it('is a table in a pipe, with whole hashes', async () => {
    const { given } = await devWorld()
    const { stdout } = await run('proposals --wide', { ...given, filters: false })
    expect(stdout).toMatch(/^INDEX +HASH +THRESHOLD +AYES +NAYS +VOTES +END +CALLDATA$/m)
    expect(stdout).toMatch(/^ +0 +0x[0-9a-f]{64} +3 +2 +1 +Aurora: Aye/m)
  })

  it('is one JSON document with the call in parts', async () => {
    const { given } = await devWorld()
    const { data } = documentOf(await run('proposals --json', { ...given, filters: false }))
    expect(data.senateSize).toBe(5)
    expect(data.proposals).toMatchObject([
      {
        index: 0,
        threshold: 3,
        ayes: [dev('//Alice//validator'), dev('//Bob//validator')],
        nays: [dev('//Dave//validator')],
        end: 100_800,
        call: {
          section: 'SubtensorModule',
          method: 'sudo',
          args: {
            call: {
              section: 'AdminUtils',
              method: 'sudo_set_tempo',
              args: { netuid: 3, tempo: 15 },
            },
          },
        },
      },
      { index: 1, call: { args: { call: { args: { lock_cost: '20000000000' } } } } },
    ])
    expect(data.proposals[0].hash).toMatch(/^0x[0-9a-f]{64}$/)
  })

  it('copes without votes, without names and with a call that does not decode', async () => {
    const { given, localnet, set, head } = await devWorld()
    const [hash] = await proposalHashes(await head())
    await set(Collective.Voting, [hash as string], {
      index: 0,
      threshold: 3,
      ayes: [],
      nays: [],
      end: 1,
    })
    const voting = storageKey(Collective.Voting, hash)
    const ofCalls = `${voting.slice(0, 32)}${twox128('ProposalOf')}`
    await localnet.request('dev_setStorage', [[[`0x${ofCalls}${hash.slice(2)}`, '0xffffff']]])
    const found = documentOf(await run('proposals --json --no_names', { ...given, filters: false }))
    expect(found.data.proposals[0]).toMatchObject({ hash, ayes: [], nays: [], call: null })
    const { code, stdout } = await run('proposals --no_names', given)
    expect(code).toBe(0)
    expect(stdout).toContain('not readable with this runtime: only the hash is known')
    expect(stdout).toContain('1 (over)')
    expect(stdout).toContain(`${dev('//Charlie//validator')}: Aye`)
  })

  it('says so when none are open', async () => {
    const { given, set } = await devWorld()
    await set(Collective.Proposals, [], [])
    expect((await run('proposals', given)).stdout).toBe('No proposals are open.\n')
    expect(documentOf(await run('proposals --json', given))).toMatchObject({
      data: { proposals: [] },
    })
  })
})

describe('the text of a call', () => {
  const remark = { pallet: 'System', name: 'remark', args: { remark: `0x${'ab'.repeat(100)}` } }
  const send = { pallet: 'Balances', name: 'transfer', args: { dest: '5F', value: 1_500_000_000n } }
  const batch = { pallet: 'Utility', name: 'batch', args: { calls: [remark, send] } }

  it('shortens bytes, writes amounts in τ and indents calls in calls', () => {
    expect(callLine(send, 'classic')).toBe('Balances.transfer(dest: 5F, value: τ1.5)')
    expect(
      callLines({ pallet: 'SubtensorModule', name: 'sudo', args: { call: batch } }, 'dtao'),
    ).toBe(
      [
        'SubtensorModule.sudo(',
        '  call: Utility.batch(',
        '    calls: [',
        '      System.remark(remark: 0xabababababababab…abababab (100 bytes)),',
        '      Balances.transfer(dest: 5F, value: τ1.5)',
        '    ]',
        '  )',
        ')',
      ].join('\n'),
    )
    expect(callLine(batch, 'dtao')).toContain('calls: [System.remark(')
  })

  it('names the token of an amount, and leaves a number plain whose token the name does not tell', () => {
    const text = (name: string, args: DecodedCall['args'], era: ChainEra) =>
      callLine({ pallet: 'SubtensorModule', name, args }, era)
    const amount = 2_500_000_000n
    expect(text('recycle_alpha', { alpha_amount: amount }, 'dtao')).toContain(
      'alpha_amount: 2.5 α)',
    )
    expect(text('burn_alpha', { amount }, 'dtao')).toContain('(amount: 2500000000)')
    expect(text('add_stake', { amount_staked: amount }, 'dtao')).toContain('τ2.5)')
    expect(text('remove_stake', { amount_unstaked: amount }, 'dtao')).toContain('2.5 α)')
    expect(text('remove_stake', { amount_unstaked: amount }, 'classic')).toContain('τ2.5)')
    expect(text('add_stake_limit', { limit_price: amount }, 'dtao')).toContain('limit_price: τ2.5)')
    expect(text('swap_stake_limit', { limit_price: amount }, 'dtao')).toContain('2500000000)')
  })

  it('writes variants, records and nothing', () => {
    const args = { who: { type: 'Id', value: '5F' }, of: { a: 1, b: [true] }, none: undefined }
    expect(callLine({ pallet: 'P', name: 'c', args }, 'dtao')).toBe(
      'P.c(who: Id(5F), of: {a: 1, b: [true]}, none: none)',
    )
    expect(callJson({ pallet: 'P', name: 'c', args })).toEqual({
      section: 'P',
      method: 'c',
      args: { who: { type: 'Id', value: '5F' }, of: { a: 1, b: [true] }, none: null },
    })
  })
})
