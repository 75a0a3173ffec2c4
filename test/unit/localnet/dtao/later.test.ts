import { describe, expect, test } from 'vitest'
import { stakeOf } from '../../../../src/localnet/runtime/dtao/subtensor/shares.js'
import { S } from '../../../../src/localnet/runtime/dtao/subtensor/storage.js'
import { books, dtaoWorld } from '../../../support/dtaoWorld.js'
import { account, call } from '../../../support/localWorld.js'

describe('register_limit', () => {
  const alice = account('//Alice')
  const hotkey = account('//Two')
  const register = (netuid: number, limit_price: bigint) =>
    call('SubtensorModule.register_limit', { netuid, hotkey, limit_price })

  test('registers for as much as burning costs, if that is not above the limit', () => {
    const world = dtaoWorld()
    world.advance()
    const price = world.state.get(S.Burn, 1)
    const refused = world.apply(alice, register(1, price - 1n))
    expect(refused.outcome).toMatchObject({ error: { error: 'RegistrationPriceLimitExceeded' } })
    expect(world.state.has(S.Uids, 1, hotkey)).toBe(false)

    const before = world.free(alice)
    const done = world.apply(alice, register(1, price))
    expect(done.outcome.ok).toBe(true)
    expect(world.state.has(S.Uids, 1, hotkey)).toBe(true)
    expect(world.names(done.events)).toContain('SubtensorModule.NeuronRegistered')
    expect(before - world.free(alice) - done.feePaid).toBe(price)
    books(world)
  })

  test.each([
    [0, 'RegistrationNotPermittedOnRootSubnet'],
    [77, 'SubnetNotExists'],
  ])('subnet %i: %s', (netuid, error) => {
    expect(dtaoWorld().submit(alice, register(netuid, 10n ** 18n)).outcome).toMatchObject({
      error: { error },
    })
  })
})

describe('move_stake_limit', () => {
  const alice = account('//Alice')
  const from = account('//Alice//validator')
  const to = account('//Bob//validator')
  const TAO = 1_000_000_000n
  const move = (netuids: [number, number], limit_price: bigint, allow_partial = false) =>
    call('SubtensorModule.move_stake_limit', {
      origin_hotkey: from,
      destination_hotkey: to,
      origin_netuid: netuids[0],
      destination_netuid: netuids[1],
      alpha_amount: 100n * TAO,
      limit_price,
      allow_partial,
    })

  test.each([
    ['as move_stake does, when the price holds', [3, 1] as [number, number], 390_000_000n],
    ['within a subnet at any limit', [3, 3] as [number, number], 10n ** 18n],
  ])('moves %s', (_, netuids, limit) => {
    const [free, limited] = [dtaoWorld(), dtaoWorld()]
    const { limit_price: _limit, allow_partial: _partial, ...args } = move(netuids, 0n).args
    expect(free.submit(alice, call('SubtensorModule.move_stake', args)).outcome.ok).toBe(true)
    const done = limited.submit(alice, move(netuids, limit))
    expect(done.outcome.ok).toBe(true)
    expect(limited.names(done.events)).toContain('SubtensorModule.StakeMoved')
    const held = [free, limited].map(({ state }) => stakeOf(state, to, alice, netuids[1]))
    expect(held[0]).toBeGreaterThan(0n)
    expect(held[1]).toBe(held[0])
    books(limited)
  })

  test('stops at the limit: refused whole, or moved in part', () => {
    const world = dtaoWorld()
    const price = 397_700_000n
    const refused = world.submit(alice, move([3, 1], price))
    expect(refused.outcome).toMatchObject({ error: { error: 'SlippageTooHigh' } })
    const before = stakeOf(world.state, from, alice, 3)
    expect(world.submit(alice, move([3, 1], price, true)).outcome.ok).toBe(true)
    const moved = before - stakeOf(world.state, from, alice, 3)
    expect(moved).toBeGreaterThan(0n)
    expect(moved).toBeLessThan(100n * TAO)
    books(world)
  })
})
