/** crowdloan_list, crowdloan_contribute and crowdloan_withdraw on the metadata of real runtimes. */
import { describe, expect, it } from 'vitest'
import { devWorld } from '../support/devAccounts.js'
import { ALICE, BOB, type DtaoSpec, dtaoNode, TAO } from '../support/dtaoNode.js'
import { documentOf, run } from '../support/run.js'

/** Crowdloan 3 of Bob, τ10 of τ100 raised, ends in block 500; `fields` change it. */
async function world(
  fields: Readonly<Record<string, unknown>> = {},
  gifts: Readonly<Record<string, bigint>> = {},
  spec: DtaoSpec = '343',
) {
  const { chain, given } = await dtaoNode(spec)
  const all = { [BOB]: 10n * TAO, ...gifts }
  chain.set('Crowdloan', 'Crowdloans', [3], {
    creator: BOB,
    deposit: 10n * TAO,
    min_contribution: TAO,
    end: 500,
    cap: 100n * TAO,
    funds_account: BOB,
    raised: 10n * TAO,
    target_address: ALICE,
    call: undefined,
    finalized: false,
    contributors_count: Object.keys(all).length,
    ...fields,
  })
  for (const [account, amount] of Object.entries(all)) {
    chain.set('Crowdloan', 'Contributions', [3, account], amount)
  }
  return given
}

const GIVE = 'crowdloan_contribute --id 3 -w alice --amount'
const BACK = 'crowdloan_withdraw --id 3 -w alice'

describe('btcli crowdloan_list', () => {
  it('lists all, and who gave to one', async () => {
    const given = await world({}, { [ALICE]: 2n * TAO })
    expect((await run('crowd list', given)).stdout).toMatchInlineSnapshot(`
      "ID  STATE  RAISED (τ)  CAP (τ)  MINIMUM (τ)  GIVERS  ENDS IN BLOCK  MONEY GOES TO
       3  open       10.000  100.000        1.000       2            500  5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY
      1 crowdloan
      "
    `)
    const one = await run('crowdloan info --id 3', given)
    expect(one.stdout).toMatch(new RegExp(`${BOB} +10\\.000000000\n${ALICE} +2\\.000000000`))
    const { data } = documentOf(await run('crowdloan_list --id 3 --json', given))
    expect(data).toMatchObject({
      crowdloans: [{ id: 3, state: 'open', raisedRao: '10000000000', target: ALICE }],
      contributions: [{ account: BOB, amountRao: '10000000000' }, { account: ALICE }],
    })
    const csv = await run('crowdloan_list --csv', given)
    expect(csv.stdout).toContain('3,open,10000000000,10,100000000000,100,1000000000,1,2,500')
  })

  it('says where there are none', async () => {
    const { given } = await dtaoNode('343')
    expect((await run('crowdloan_list', given)).stdout).toBe(
      'There are no crowdloans on this chain.\n',
    )
    const unknown = await run('crowdloan_list --id 4', given)
    expect(unknown.stderr).toContain('there is no crowdloan 4')
    const { given: old } = await devWorld()
    for (const line of ['crowdloan_list', `${GIVE} 1 -y`, `${BACK} -y`]) {
      const result = await run(line, old)
      expect(result.code).toBe(1)
      expect(result.stderr).toContain('this chain (spec 143) has no crowdloans')
    }
  })
})

describe('btcli crowdloan_contribute', () => {
  it('shows what it is for and what is given', async () => {
    const result = await run(`${GIVE} 5 --dry_run`, await world())
    expect(result).toMatchObject({ code: 0 })
    expect(result.stderr).toMatchInlineSnapshot(`
      "Give to a crowdloan
        network        local (worthless) · spec 343 · genesis [HASH] · in-process
        from           alice   5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY
        crowdloan      3
        created by             5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty
        money goes to          5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY
        raised         τ10 of τ100
        ends           in block 500   ≈ 1h 20min
        you give       τ5.000000000
        call           Crowdloan.contribute(crowdloan_id: 3, amount: τ5)
        fee            τ0.000125000   paid by alice
        after          alice, free   τ1000.000000000 ➡ τ994.999875000
                       given by you     τ0.000000000 ➡   τ5.000000000
        valid for      64 blocks (≈ 13 min)
        note           until it is finalized you can withdraw; afterwards the money is gone for its purpose
      "
    `)
  })

  it.each<DtaoSpec>(['343', '365'])('is encoded for spec %s', async (spec) => {
    const given = await world({}, { [ALICE]: 2n * TAO }, spec)
    const { data } = documentOf(await run(`${GIVE} 5 --dry_run --json`, given))
    expect(data.preview.calls).toMatchObject([
      { pallet: 'Crowdloan', name: 'contribute', args: { crowdloan_id: 3, amount: '5000000000' } },
    ])
    const back = documentOf(await run(`${BACK} --dry_run --json`, given))
    expect(back.data.preview.calls).toMatchObject([
      { pallet: 'Crowdloan', name: 'withdraw', args: { crowdloan_id: 3 } },
    ])
  })

  it('counts only what is still missing', async () => {
    const given = await world({ raised: 97n * TAO })
    const { data } = documentOf(await run(`${GIVE} 5 --dry_run --json`, given))
    expect(data).toMatchObject({
      amountRao: '3000000000',
      preview: { spendRao: '3000000000', calls: [{ args: { amount: '3000000000' } }] },
    })
    const last = await world({ raised: 99_500_000_000n })
    const little = documentOf(await run(`${GIVE} 5 --dry_run --json`, last))
    // The chain wants its minimum offered, and takes what is missing.
    expect(little.data).toMatchObject({
      amountRao: '500000000',
      preview: { calls: [{ args: { amount: '1000000000' } }] },
    })
  })

  it.each([
    ['5', { finalized: true }, 'takes nothing any more', 'USAGE'],
    ['5', { raised: 100n * TAO }, 'takes nothing any more', 'USAGE'],
    ['5', { end: 101 }, 'takes nothing any more', 'USAGE'],
    ['0.5', {}, 'takes τ1 or more at a time', 'BAD_AMOUNT'],
    ['5', { contributors_count: 500 }, 'no more can join', 'USAGE'],
    ['1001', { cap: 5000n * TAO }, 'not enough free balance', 'INSUFFICIENT_BALANCE'],
  ])('τ%s is refused with %o', async (amount, fields, message, code) => {
    const { error } = documentOf(await run(`${GIVE} ${amount} -y --json`, await world(fields)))
    expect(error.code).toBe(code)
    expect(error.message).toContain(message)
  })
})

describe('btcli crowdloan_withdraw', () => {
  it('takes all back', async () => {
    const given = await world({ end: 50 }, { [ALICE]: 2n * TAO })
    const { data } = documentOf(await run(`${BACK} --dry_run --json`, given))
    expect(data.amountRao).toBe('2000000000')
    expect(data.preview.effects).toMatchObject([
      { afterRao: `${1002n * TAO - 125_000n}` },
      { label: 'given by you', beforeRao: '2000000000', afterRao: '0' },
    ])
  })

  it('leaves the deposit of the creator', async () => {
    const given = await world({ creator: ALICE }, { [ALICE]: 12n * TAO })
    const { data } = documentOf(await run(`${BACK} --dry_run --json`, given))
    expect(data.amountRao).toBe('2000000000')
    const only = await world({ creator: ALICE }, { [ALICE]: 10n * TAO })
    const { error } = documentOf(await run(`${BACK} -y --json`, only))
    expect(error.message).toBe('alice has nothing to withdraw from crowdloan 3')
  })

  it('is refused when nothing was given, or all is over', async () => {
    const none = documentOf(await run(`${BACK} -y --json`, await world()))
    expect(none.error.message).toBe('alice has nothing to withdraw from crowdloan 3')
    const over = await world({ finalized: true }, { [ALICE]: TAO })
    const { error } = documentOf(await run(`${BACK} -y --json`, over))
    expect(error.message).toBe('nothing comes back from crowdloan 3')
  })
})
