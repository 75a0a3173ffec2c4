/** A crowdloan from its creation to its end, on the embedded chain. */
import { describe, expect, it } from 'vitest'
import { readFreeBalance } from '../../src/core/chain/balances.js'
import { storageKey } from '../../src/core/chain/storageKey.js'
import { fromHex, toHex } from '../../src/core/keys/hex.js'
import type { Ss58 } from '../../src/core/keys/ss58.js'
import { dev } from '../support/devAccounts.js'
import { dtaoChain } from '../support/dtaoChain.js'
import { documentOf, run, splitWords } from '../support/run.js'

const TAO = 1_000_000_000n
const TARGET = dev('//Ferdie')

/** A chain on which dave has made crowdloan 0: τ10 of τ100 are there, τ1 is the least, Ferdie gets the money. */
async function setUp() {
  const world = await dtaoChain()
  const given = { ...world.given, safe: true, filters: false }
  const ask = async (line: string | readonly string[]) => {
    const words = typeof line === 'string' ? splitWords(line) : line
    return documentOf(await run([...words, '-y', '--json'], given))
  }
  const terms = {
    deposit: '10tao',
    min_contribution: '1tao',
    cap: '100tao',
    end: 60_000,
    call: null,
    target_address: TARGET,
  }
  const made = await ask(['tx', 'Crowdloan.create', '-w', 'dave', '--args', JSON.stringify(terms)])
  expect(made.ok, JSON.stringify(made.error)).toBe(true)
  const free = async (uri: string) => readFreeBalance(await world.head(), dev(uri) as Ss58)
  const loan = async () => (await ask('crowdloan_list --id 0')).data
  return { ...world, given, ask, free, loan }
}

const GIVE = 'crowdloan_contribute --id 0'
const BACK = 'crowdloan_withdraw --id 0'

/** The time of the crowdloan is over at once: `end` stands behind creator, deposit and minimum. */
async function endNow(world: Awaited<ReturnType<typeof setUp>>): Promise<void> {
  const client = await world.given.chain()
  const { types, pallets } = client.runtime.description
  const item = pallets['Crowdloan']?.storage['Crowdloans']
  if (!item) throw new Error('no Crowdloan.Crowdloans')
  const key = storageKey(types, item, [0])
  const bytes = fromHex(String(await client.request('state_getStorage', [key])))
  if (!bytes) throw new Error('no crowdloan 0')
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(48, 3, true)
  await client.request('dev_setStorage', [[[key, toHex(bytes)]]])
  await client.close()
}

describe('a crowdloan', () => {
  it('is given to, given to again, and gives all of it back', async () => {
    const { ask, free, loan, given } = await setUp()
    expect(await loan()).toMatchObject({
      crowdloans: [{ id: 0, state: 'open', raisedRao: `${10n * TAO}`, contributors: 1 }],
      contributions: [{ account: dev('//Dave'), amountRao: `${10n * TAO}` }],
    })
    const before = await free('//Alice')
    const first = await run(`${GIVE} -w alice --amount 5 -y`, given)
    expect(first.code).toBe(0)
    expect(first.stdout).toMatch(/Gave τ5 to crowdloan 0$/m)
    expect(first.stdout).toContain('given by alice       τ0.000000000 ➡     τ5.000000000')
    const second = await ask(`${GIVE} -w alice --amount 2.5`)
    expect(second).toMatchObject({
      ok: true,
      data: {
        amountRao: '2500000000',
        contributionBeforeRao: '5000000000',
        contributionAfterRao: '7500000000',
      },
    })
    expect((await loan()).crowdloans[0]).toMatchObject({
      raisedRao: `${17_500_000_000n}`,
      contributors: 2,
    })
    const back = await ask(`${BACK} -w alice`)
    expect(back).toMatchObject({
      ok: true,
      data: { amountRao: '7500000000', contributionAfterRao: '0' },
    })
    const fees = before - (await free('//Alice'))
    expect(fees > 0n && fees < TAO / 100n).toBe(true)
    const again = await ask(`${BACK} -w alice`)
    expect(again.error.message).toBe('alice has nothing to withdraw from crowdloan 0')
    const { data } = await ask('history')
    expect(
      data.entries.map(({ command, spendRao, outcome }: Record<string, { outcome?: string }>) => [
        command,
        spendRao,
        outcome?.outcome,
      ]),
    ).toEqual([
      ['crowdloan_withdraw', '0', 'included'],
      ['crowdloan_contribute', '2500000000', 'included'],
      ['crowdloan_contribute', '5000000000', 'included'],
      ['tx', null, 'included'],
    ])
  })

  it('takes no less than its minimum', async () => {
    const { ask, loan } = await setUp()
    const { error } = await ask(`${GIVE} -w alice --amount 0.999999999`)
    expect(error).toMatchObject({
      code: 'BAD_AMOUNT',
      message: 'crowdloan 0 takes τ1 or more at a time',
      details: { minContributionRao: `${TAO}` },
    })
    expect((await loan()).contributions).toHaveLength(1)
  })

  it('takes no more than is missing, then nothing, and pays out', async () => {
    const { ask, free, loan } = await setUp()
    const before = await free('//Bob')
    const last = await ask(`${GIVE} -w bob --amount 200`)
    expect(last).toMatchObject({ ok: true, data: { amountRao: `${90n * TAO}` } })
    const paid = before - (await free('//Bob'))
    expect(paid >= 90n * TAO && paid < 91n * TAO).toBe(true)
    expect((await loan()).crowdloans[0]).toMatchObject({ state: 'raised' })
    const full = await ask(`${GIVE} -w alice --amount 1`)
    expect(full.error).toMatchObject({
      code: 'USAGE',
      message: 'crowdloan 0 takes nothing any more',
      details: { reason: expect.stringContaining('all that it asked for is there') },
    })
    const target = await free('//Ferdie')
    expect(await ask('tx Crowdloan.finalize --crowdloan_id 0 -w dave')).toMatchObject({ ok: true })
    expect(await free('//Ferdie')).toBe(target + 100n * TAO)
    expect((await loan()).crowdloans[0]).toMatchObject({ state: 'finalized' })
    const late = await ask(`${BACK} -w bob`)
    expect(late.error).toMatchObject({
      code: 'USAGE',
      message: 'nothing comes back from crowdloan 0',
    })
  })

  it('leaves its creator the deposit only when it is dissolved', async () => {
    const { ask, free } = await setUp()
    expect((await ask(`${BACK} -w dave`)).error.message).toBe(
      'dave has nothing to withdraw from crowdloan 0',
    )
    await ask(`${GIVE} -w dave --amount 3`)
    expect(await ask(`${BACK} -w dave`)).toMatchObject({
      ok: true,
      data: { amountRao: `${3n * TAO}`, contributionAfterRao: `${10n * TAO}` },
    })
    const before = await free('//Dave')
    expect(await ask('tx Crowdloan.dissolve --crowdloan_id 0 -w dave')).toMatchObject({ ok: true })
    expect((await free('//Dave')) - before > 9n * TAO).toBe(true)
    expect((await ask('crowdloan_list')).data.crowdloans).toEqual([])
    expect((await ask(`${GIVE} -w alice --amount 5`)).error.message).toBe('there is no crowdloan 0')
  })

  it('takes nothing after its end, and gives everybody what is theirs', async () => {
    const world = await setUp()
    const { ask, loan } = world
    await ask(`${GIVE} -w alice --amount 5`)
    await endNow(world)
    expect((await loan()).crowdloans[0]).toMatchObject({ state: 'failed', endBlock: 3 })
    expect((await ask(`${GIVE} -w bob --amount 5`)).error).toMatchObject({
      code: 'USAGE',
      message: 'crowdloan 0 takes nothing any more',
      details: { reason: expect.stringContaining('its time is over') },
    })
    const raw = await ask('tx Crowdloan.contribute --crowdloan_id 0 --amount 5tao -w bob')
    expect(raw.error.message).toContain('Crowdloan.ContributionPeriodEnded')
    expect(await ask(`${BACK} -w alice`)).toMatchObject({
      ok: true,
      data: { amountRao: `${5n * TAO}` },
    })
  })

  it('is given nothing by who says No', async () => {
    const { given, loan } = await setUp()
    const prompts = [['Give τ5 to crowdloan 0?', false]] as const
    const no = await run(`${GIVE} -w alice --amount 5`, { ...given, prompts })
    expect(no.code).toBe(4)
    expect((await loan()).contributions).toHaveLength(1)
  })
})
