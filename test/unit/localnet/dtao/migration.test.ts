/** What an upgrade from classic makes of the state. */
import { expect, test } from 'vitest'
import { devAccount as account } from '../../../../src/localnet/genesis/devKeys.js'
import { System } from '../../../../src/localnet/runtime/dtao/pallets/system.js'
import { stakeOf } from '../../../../src/localnet/runtime/dtao/subtensor/shares.js'
import { S } from '../../../../src/localnet/runtime/dtao/subtensor/storage.js'
import { alphaPrice } from '../../../../src/localnet/runtime/dtao/swap/engine.js'
import { createState, memoryBackend } from '../../../../src/localnet/runtime/overlay.js'
import { System as ClassicSystem } from '../../../../src/localnet/runtime/pallets/system.js'
import { createRuntime } from '../../../../src/localnet/runtime/runtime.js'
import { itemPrefix } from '../../../../src/localnet/runtime/storageKey.js'
import { S as Classic } from '../../../../src/localnet/runtime/subtensor/storage.js'
import { books } from '../../../support/dtaoWorld.js'
import { call, localWorld, TAO } from '../../../support/localWorld.js'

const alice = account('//Alice')
const hotkey = account('//Alice//validator')

/** A classic chain that has lived a while, and what this runtime makes of it. */
function upgraded(blocks = 137) {
  const { runtime, state, advance, submit } = localWorld('dev')
  submit(alice, call('SubtensorModule.add_stake', { hotkey, amount_staked: 5n * TAO }))
  advance(blocks)
  const old = {
    accounts: state.entries(ClassicSystem.Account),
    stakes: state.entries(Classic.Stake),
    keys: state.entries(Classic.Keys),
    weights: state.entries(Classic.Weights, 1),
    incentive: state.get(Classic.Incentive, 1),
    locked: state.get(Classic.SubnetLocked, 3),
    burn: state.get(Classic.Burn, 1),
    nonce: state.get(ClassicSystem.Account, alice).nonce,
  }
  const next = createRuntime('dtao')
  const block = state.get(System.Number) + 1
  next.adopt(state, runtime, block)
  const backend = memoryBackend()
  backend.apply(state.changes())
  const step = (count: number) => {
    for (let i = 0; i < count; i++) next.initializeBlock(state, block + i, `0x${'00'.repeat(32)}`)
  }
  return { state, old, next, runtime, block, step }
}

test('nothing is lost: neurons, weights and settings stay, stake is root alpha of the same keys', () => {
  const { state, old } = upgraded()
  expect(state.entries(S.Keys)).toEqual(old.keys)
  expect(old.weights.length).toBeGreaterThan(0)
  expect(state.entries(S.Weights, 1)).toEqual(old.weights)
  expect(state.get(S.Incentive, 1)).toEqual(old.incentive)
  expect(state.get(S.Burn, 1)).toBe(old.burn)
  expect(old.stakes.length).toBeGreaterThan(0)
  for (const [[hot, cold], rao] of old.stakes) {
    // What the last epoch had still to pay was paid on top.
    expect(stakeOf(state, hot, cold, 0)).toBeGreaterThanOrEqual(rao)
  }
  expect(old.nonce).toBe(1)
  expect(state.get(System.Account, alice).nonce).toBe(1)
})

test('every subnet has a pool of 100 TAO each way, and its owner the rest of the lock', () => {
  const { state, old } = upgraded()
  for (const netuid of [1, 3, 5]) {
    expect(state.get(S.SubnetTAO, netuid)).toBe(100n * TAO)
    expect(alphaPrice(state, netuid)).toBe(1n << 32n)
    expect(state.get(S.SubnetLocked, netuid)).toBe(0n)
  }
  const owner = state.get(S.SubnetOwner, 3)
  const [, before] = old.accounts.find(([[who]]) => who === owner)!
  expect(old.locked).toBe(150n * TAO)
  expect(state.get(System.Account, owner).data.free - before.data.free).toBe(50n * TAO)
})

test.each([0, 1, 99, 100, 137])(
  'the books agree after %i classic blocks and go on agreeing',
  (blocks) => {
    const { state, step } = upgraded(blocks)
    for (const made of [0, 1, 25]) {
      step(made)
      const { accounts, balances, pools, totalStake, issuance } = books({ state })
      expect(accounts).toBe(balances)
      expect(pools).toBe(totalStake)
      expect(issuance).toBe(balances + totalStake)
    }
  },
)

test('nothing is left of what the runtime does not know, and all that is there decodes', () => {
  const { state, next, runtime } = upgraded()
  const backend = memoryBackend()
  backend.apply(state.changes())
  const known = new Set<string>()
  for (const { storage } of next.pallets) {
    for (const item of Object.values(storage)) known.add(itemPrefix(item))
  }
  const fresh = createState(backend)
  for (const { storage } of runtime.pallets) {
    for (const item of Object.values(storage)) {
      if (!known.has(itemPrefix(item))) expect(fresh.entries(item)).toEqual([])
    }
  }
  for (const { storage } of next.pallets) {
    for (const item of Object.values(storage)) expect(() => fresh.entries(item)).not.toThrow()
  }
  expect(state.get(System.LastRuntimeUpgrade)).toEqual({
    spec_name: 'node-subtensor',
    spec_version: 343,
  })
})

test('subnets emit and trade from the first block on', () => {
  const { state, step, next, block } = upgraded()
  step(30)
  for (const netuid of [1, 3, 5]) expect(state.get(S.SubnetAlphaOut, netuid)).toBeGreaterThan(0n)
  const args = { hotkey, netuid: 1, amount_staked: TAO }
  const one = call('SubtensorModule.add_stake', args)
  const nonce = state.get(System.Account, alice).nonce
  next.initializeBlock(state, block + 30, `0x${'00'.repeat(32)}`)
  const { outcome } = next.applyExtrinsic(state, {
    call: one,
    signer: alice,
    nonce,
    tip: 0n,
    length: 150,
  })
  expect(outcome).toMatchObject({ ok: true })
  expect(stakeOf(state, hotkey, alice, 1)).toBeGreaterThan(0n)
})
