import { join } from 'node:path'
import { expect, it } from 'vitest'
import { destinationFacts, lookalikeRisk } from '../../../src/cli/knownDestinations.js'
import { addName } from '../../../src/core/addressBook.js'
import { openJournal } from '../../../src/core/journal.js'
import { testContext } from '../../support/context.js'
import { tempFolder } from '../../support/tempFolder.js'

const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'
// The same first and last four characters.
const REAL = '5CUaGPS7mjAJ5JntB9NKBxLefesS4tmDC214oddNeGcGVJYK'
const FAKE = '5CUaGPS7mjAJ5JntB9NKBxLefesS4tmDC214oddNeGcMVJYK'

it('knows names, past payments and lookalikes', async () => {
  const home = tempFolder()
  const { ctx } = await testContext({ home })
  const facts = (address: string, genesisHash = '0x2f') =>
    destinationFacts(ctx, { address, genesisHash })
  expect(await facts(BOB)).toEqual({ note: 'new: never paid from this machine', lookalikes: [] })
  await addName(join(home, '.bittensor', 'addresses.json'), { name: 'exchange', address: REAL })
  expect((await facts(REAL)).note).toBe('@exchange · new: never paid from this machine')
  const journal = openJournal({
    directory: join(home, '.bittensor', 'history'),
    now: () => new Date('2025-06-01T10:00:00Z'),
  })
  await journal.record({
    network: 'finney',
    genesisHash: '0x2f',
    specVersion: 143,
    command: 'transfer',
    account: BOB,
    call: { name: 'Balances.transfer', args: {} },
    intent: '',
    nonce: 1,
    era: 'immortal',
    hash: '0x01',
    spendRao: 1n,
    feeRao: 1n,
    destinations: [{ address: REAL, amountRao: 1n }],
  })
  expect((await facts(REAL)).note).toBe('@exchange · last paid 2025-06-01')
  expect((await facts(REAL, '0x8f')).note).toBe('@exchange · new: never paid from this machine')
  expect((await facts(FAKE)).lookalikes).toEqual([{ address: REAL, name: '@exchange' }])
})

it('a lookalike is a question of its own', async () => {
  const { ctx } = await testContext()
  const destination = { address: FAKE, genesisHash: '0x2f' }
  const own = await destinationFacts(ctx, destination, [{ address: REAL, name: 'alice' }])
  expect(lookalikeRisk(own, false)).toEqual({
    message: expect.stringContaining(`begins and ends like alice (${REAL})`),
    option: '--allow_lookalike',
    accepted: false,
  })
  const paid = await destinationFacts(ctx, destination, [{ address: REAL }])
  expect(lookalikeRisk(paid, true)).toMatchObject({
    message: expect.stringContaining(`${REAL}, paid before`),
    accepted: true,
  })
  expect(lookalikeRisk(await destinationFacts(ctx, destination), false)).toBeUndefined()
})
