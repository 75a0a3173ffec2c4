import { describe, expect, test } from 'vitest'
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
