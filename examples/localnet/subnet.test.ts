/**
 * Testing a subnet against a chain of its own, with vitest: one chain for the file, and every test begins where the
 * first one did.
 */
import { Localnet, type Snapshot } from 'bittensor/localnet'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

const NOBODY = '5C62Ck4UrFPiBtoCmeSrgF7x9yv9mn38446dhCpsi2mLHiFT'

let chain: Localnet
let clean: Snapshot

beforeAll(async () => {
  // Nothing happens but what a test asks for; `port: 0` lets other programs connect to `chain.endpoint`.
  chain = await Localnet.start({ profile: 'classic', blocks: 'manual', port: 0 })
  clean = chain.snapshot()
})
beforeEach(() => chain.restore(clean))
afterAll(() => chain.stop())

test('an account gets money out of nowhere', async () => {
  expect(await chain.fund(NOBODY, 2_000_000_000n)).toBe(2_000_000_000n)
})

test('an epoch pays the neurons of the subnet', async () => {
  await chain.setHyperparameter(1, 'tempo', 5)
  const stakeOf = () => chain.request<string>('state_getStorage', [TOTAL_STAKE])
  const before = await stakeOf()
  await chain.advance(12)
  expect(await stakeOf()).not.toBe(before)
})

test('what a test does is gone in the next one', () => {
  expect(chain.head).toEqual(clean)
})

/** twox128('SubtensorModule') ++ twox128('TotalStake') */
const TOTAL_STAKE = '0x658faa385070e074c85bf6b568cf05554f85a3603259384a5fa5494b7d7fdb8c'
