import { describe, expect, test } from 'vitest'
import { ROOT } from '../../../../src/localnet/runtime/dtao/subtensor/pool.js'
import { stakeOf } from '../../../../src/localnet/runtime/dtao/subtensor/shares.js'
import { S } from '../../../../src/localnet/runtime/dtao/subtensor/storage.js'
import { alphaPrice } from '../../../../src/localnet/runtime/dtao/swap/engine.js'
import { alphaBooks, books, type DtaoWorld, dtaoWorld } from '../../../support/dtaoWorld.js'
import { account, call, errorOf } from '../../../support/localWorld.js'

const TAO = 1_000_000_000n
const alice = account('//Alice')
const bob = account('//Bob')
const hotkey = account('//Alice//validator')

function expectBalanced(world: DtaoWorld, fees = 0n): void {
  const { accounts, balances, pools, totalStake, issuance } = books(world)
  expect(accounts).toBe(balances)
  expect(pools + fees).toBe(totalStake)
  expect(issuance).toBe(balances + totalStake)
}

describe('emission', () => {
  test('every block makes a TAO at most, all of it in pools', () => {
    const world = dtaoWorld()
    for (let i = 0; i < 60; i++) {
      const before = books(world).issuance
      world.advance()
      expectBalanced(world)
      const made = books(world).issuance - before
      expect(made).toBeLessThanOrEqual(TAO)
      expect(made).toBeGreaterThan(TAO - 10n)
    }
  })

  test('pools grow by the price, so that the price stays', () => {
    const world = dtaoWorld()
    const before = [1, 3, 5].map((netuid) => Number(alphaPrice(world.state, netuid)))
    world.advance(20)
    for (const [i, netuid] of [1, 3, 5].entries()) {
      const after = Number(alphaPrice(world.state, netuid))
      expect(after / (before[i] ?? 1)).toBeCloseTo(1, 2)
    }
  })

  test('the alpha that waits is paid at the epoch, but for what is burned', () => {
    const world = dtaoWorld()
    const { state } = world
    const netuid = 1
    state.set(S.RecycleOrBurn, [netuid], { type: 'Recycle', value: undefined })
    const waits = () =>
      [
        S.PendingOwnerCut,
        S.PendingRootAlphaDivs,
        S.PendingServerEmission,
        S.PendingValidatorEmission,
      ].reduce((sum, item) => sum + state.get(item, netuid), 0n)
    const unpaid = () => {
      const { out, held } = alphaBooks(world, netuid)
      return out - held - waits() - claimable()
    }
    // Alpha promised to stakers on root stays out of every hotkey's pool until it is claimed.
    const claimable = () => {
      const rates = state.entries(S.RootClaimable)
      return rates.reduce((sum, [[who], list]) => {
        const rate = list.find(([one]) => one === netuid)?.[1] ?? 0n
        const stakers = state.entries(S.Alpha, who).filter(([[, , on]]) => on === ROOT)
        const claimed = stakers.reduce(
          (s, [[, c]]) => s + state.get(S.RootClaimed, netuid, who, c),
          0n,
        )
        const stake = stakers.reduce((s, [[, c]]) => s + stakeOf(state, who, c, ROOT), 0n)
        return sum + ((rate * stake) >> 32n) - claimed
      }, 0n)
    }
    const before = unpaid()
    const own = waits()
    world.advance(40)
    expect(waits()).toBeLessThan(own + 40n * TAO)
    const lost = Number(unpaid() - before)
    expect(Math.abs(lost)).toBeLessThan(200_000)
  })

  test('root dividends wait to be claimed: kept as alpha or sold for TAO', () => {
    const world = dtaoWorld()
    const { state } = world
    const keep = { type: 'Keep', value: undefined }
    const set = call('SubtensorModule.set_root_claim_type', { new_root_claim_type: keep })
    expect(errorOf(world.submit(alice, set))).toBeUndefined()
    world.advance(200)
    const alpha = stakeOf(state, hotkey, alice, 3)
    const tao = stakeOf(state, hotkey, alice, ROOT)
    const claim = (subnets: number[]) => call('SubtensorModule.claim_root', { subnets })
    expect(errorOf(world.submit(alice, claim([3])))).toBeUndefined()
    expect(stakeOf(state, hotkey, alice, ROOT)).toBe(tao)
    expect(stakeOf(state, hotkey, alice, 3)).toBeGreaterThanOrEqual(alpha)
    expect(errorOf(world.submit(alice, claim([])))).toBe('SubtensorModule.InvalidSubnetNumber')
    expectBalanced(world)
    // Bob sells, in his turn or now: his TAO on root grows.
    world.submit(bob, claim([1]))
    expect(stakeOf(state, account('//Bob//validator'), bob, ROOT)).toBeGreaterThan(27_500n * TAO)
    expectBalanced(world)
  })

  test('the owner gets the cut, the delegate its take, the child its part', () => {
    const world = dtaoWorld()
    const { state } = world
    const dave = account('//Dave')
    const owned = stakeOf(state, account('//Dave//validator'), dave, 3)
    world.advance(60)
    expect(stakeOf(state, account('//Dave//validator'), dave, 3)).toBeGreaterThan(owned + 6n * TAO)
    expect(state.get(S.AlphaDividendsPerSubnet, 3, hotkey)).toBeGreaterThan(0n)
  })

  test('a subnet that has not started gets nothing', () => {
    const world = dtaoWorld()
    const { state } = world
    const fresh = `0x${'77'.repeat(32)}`
    const applied = world.submit(alice, call('SubtensorModule.register_network', { hotkey: fresh }))
    expect(errorOf(applied)).toBeUndefined()
    const reserve = state.get(S.SubnetTAO, 6)
    world.advance(9)
    expect(state.get(S.SubnetTAO, 6)).toBe(reserve)
    const start = call('SubtensorModule.start_call', { netuid: 6 })
    expect(errorOf(world.submit(alice, start))).toBeUndefined()
    world.advance(20)
    expect(state.get(S.SubnetMovingPrice, 6)).toBeGreaterThan(0n)
    expectBalanced(world)
  })
})
