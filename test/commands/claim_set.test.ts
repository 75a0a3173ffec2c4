/** Root claims, auto-stake and association of hotkeys, on the metadata of real runtimes. */
import { describe, expect, it } from 'vitest'
import { ALICE, dtaoNode, FOREIGN, HOT, TAO } from '../support/dtaoNode.js'
import { documentOf, run } from '../support/run.js'

/** 0.25 alpha of subnet 1 per τ on root, of which 1 alpha was claimed: 4 of the 20 τ earn are left. */
async function setUp(spec: '343' | '365' = '343') {
  const world = await dtaoNode(spec)
  world.set('RootClaimable', [HOT], [[1, { bits: `${1n << 30n}` }]])
  world.set('RootClaimed', [1, HOT, ALICE], TAO)
  return world
}

describe('root claims', () => {
  it('are shown with what becomes of them', async () => {
    const { given } = await setUp()
    const result = await run('claim_get -w alice', given)
    expect(result.stdout).toMatchInlineSnapshot(`
      "Root dividends of 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY are sold for τ that is staked on root.
      NETUID  HOTKEY                                            CLAIMABLE(α)     LEAST(α)
           1  5HavK3WjXJvq2m6quTLBpd7NutX97nhpkBU2QraTFsSmBhCB   4.000000000  0.000500000
      local · block 100
      "
    `)
    const { data } = documentOf(await run(`claim_get --ss58 ${ALICE} --json`, given))
    expect(data).toMatchObject({
      claimType: 'Swap',
      claims: [
        { hotkey: HOT, netuid: 1, claimableAlphaRao: '4000000000', thresholdAlphaRao: '500000' },
      ],
    })
  })

  it('are processed where something is due', async () => {
    const { given, set } = await setUp()
    const { data } = documentOf(await run('st process-claim -w alice --dry_run --json', given))
    expect(data.preview.calls).toMatchObject([{ name: 'claim_root', args: { subnets: [1] } }])
    expect(data.claims).toEqual([{ hotkey: HOT, netuid: 1, alphaRao: '4000000000' }])
    set('RootClaimed', [1, HOT, ALICE], 5n * TAO)
    const none = await run('claim_process -w alice -y', given)
    expect(none).toMatchObject({ code: 2 })
    expect(none.stderr).toContain('alice has no root dividends to claim\n')
    // What is due elsewhere is not too little.
    set('RootClaimed', [1, HOT, ALICE], TAO)
    const elsewhere = await run('claim_process -w alice -n 2 -y --json', given)
    expect(documentOf(elsewhere).error).toMatchObject({
      message: 'alice has no root dividends to claim on 2',
      details: { reason: 'nothing was sent' },
    })
    const wrong = await run('claim_process -w alice -n 77 -y --json', given)
    expect(documentOf(wrong).error).toMatchObject({ code: 'SUBNET_NOT_FOUND' })
  })

  it('change their type, with subnets since spec 365', async () => {
    const old = await setUp('343')
    const keep = await run('st set-claim --type keep -w alice --dry_run --json', old.given)
    expect(documentOf(keep).data.preview.calls[0].args).toEqual({
      new_root_claim_type: { type: 'Keep' },
    })
    const same = await run('claim_set --type swap -w alice -y --json', old.given)
    expect(documentOf(same).data).toMatchObject({ unchanged: true })
    const some = 'claim_set --type keep_subnets --keep_netuids 1 -w alice -y --json'
    expect(documentOf(await run(some, old.given)).error).toMatchObject({
      code: 'RUNTIME_UNSUPPORTED',
      message: 'this chain (spec 343) keeps alpha of all subnets or of none',
    })
    const subnets = 'claim_set --type keep-subnets --keep_netuids 7 3 -w alice --dry_run --json'
    const { given, set } = await setUp('365')
    expect(documentOf(await run(subnets, given)).data.preview.calls[0].args).toEqual({
      new_root_claim_type: { type: 'KeepSubnets', value: { subnets: [3, 7] } },
    })
    set('RootClaimType', [ALICE], { type: 'KeepSubnets', value: { subnets: [3, 7] } })
    const shown = await run('claim_get -w alice', given)
    expect(shown.stdout).toContain('kept as alpha on 3, 7, sold for τ elsewhere')
  })

  it('are unknown to the preview', async () => {
    const { given } = await dtaoNode('218')
    const result = await run('claim_set --type keep -w alice -y', given)
    expect(result).toMatchObject({ code: 1 })
    expect(result.stderr).toContain('before they were paid as τ by themselves')
  })
})

describe('auto-stake', () => {
  it('sends mining rewards to a hotkey of the subnet', async () => {
    const { given, set } = await dtaoNode('343')
    const line = 'auto_stake_set -w alice -H validator -n 2'
    const { data } = documentOf(await run(`${line} --dry_run --json`, given))
    expect(data.preview.calls[0]).toMatchObject({
      name: 'set_coldkey_auto_stake_hotkey',
      args: { netuid: 2, hotkey: HOT },
    })
    expect((await run('stake auto -w alice', given)).stdout).toBe(
      'Mining rewards stay on the hotkeys that earn them.\n',
    )
    set('AutoStakeDestination', [ALICE, 2], HOT)
    const { data: shown } = documentOf(await run('auto_stake_get -w alice --json', given))
    for (const line of [
      'auto_stake_get -w alice -n 77',
      'children_get -w alice -H validator -n 77',
    ]) {
      expect(documentOf(await run(`${line} --json`, given)).error).toMatchObject({
        code: 'SUBNET_NOT_FOUND',
      })
    }
    expect(shown.destinations).toEqual([{ netuid: 2, hotkey: HOT }])
    expect(documentOf(await run(`${line} -y --json`, given)).data.unchanged).toBe(true)
    const unregistered = await run('auto_stake_set -w alice -H validator -n 1 -y --json', given)
    expect(documentOf(unregistered).error.code).toBe('NOT_REGISTERED')
  })
})

describe('associate_hotkey', () => {
  it('takes hotkeys that nobody owns', async () => {
    const { given } = await dtaoNode('343')
    const line = 'wallet associate-hotkey -w alice'
    const { data } = documentOf(await run(`${line} -H ${FOREIGN} --dry_run --json`, given))
    expect(data.preview.calls[0]).toMatchObject({
      name: 'try_associate_hotkey',
      args: { hotkey: FOREIGN },
    })
    const owned = await run(`${line} -H validator -y --json`, given)
    expect(documentOf(owned).data).toMatchObject({ unchanged: true })
    const others = await run(`associate_hotkey -w bob -H ${HOT} -y --json`, given)
    expect(documentOf(others).error).toMatchObject({ code: 'KEYFILE' })
  })
})
