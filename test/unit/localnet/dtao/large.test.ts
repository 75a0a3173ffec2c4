import { expect, test } from 'vitest'
import { genesisSpec } from '../../../../src/localnet/genesis/presets.js'
import { S } from '../../../../src/localnet/runtime/dtao/subtensor/storage.js'
import { alphaBooks, books, dtaoWorld } from '../../../support/dtaoWorld.js'

test('preset large has 32 subnets of 256 neurons and one of 4096, whose validators have set weights', () => {
  const world = dtaoWorld(genesisSpec('large', 'dtao'))
  const { state } = world
  const sizes = state.entries(S.SubnetworkN).map(([[netuid], n]) => [netuid, n])
  expect(sizes.sort(([a = 0], [b = 0]) => a - b)).toEqual([
    [0, 0],
    ...Array.from({ length: 32 }, (_, i) => [i + 1, 256]),
    [33, 4096],
  ])
  expect(state.get(S.ValidatorPermit, 33).filter(Boolean).length).toBe(64)
  expect(state.get(S.Weights, 33, 63).length).toBe(4096 - 64)
  // Its epoch comes at once.
  state.set(S.Tempo, [33], 1)
  world.advance(2)
  expect(state.get(S.Incentive, 33).filter((one) => one > 0).length).toBeGreaterThan(2000)
  const { accounts, balances, pools, totalStake, issuance } = books(world)
  expect([accounts, issuance]).toEqual([balances, balances + totalStake])
  expect(pools).toBe(totalStake)
  const { out, held } = alphaBooks(world, 33)
  expect(held).toBeLessThanOrEqual(out)
}, 60_000)
