import { describe, expect, test } from 'vitest'
import { stakeOf } from '../../../../src/localnet/runtime/dtao/subtensor/shares.js'
import { S } from '../../../../src/localnet/runtime/dtao/subtensor/storage.js'
import { alphaPrice, feeOn } from '../../../../src/localnet/runtime/dtao/swap/engine.js'
import { books, type DtaoWorld, dtaoWorld } from '../../../support/dtaoWorld.js'
import { account, call, errorOf, TAO } from '../../../support/localWorld.js'

const alice = account('//Alice')
const hotkey = account('//Alice//validator')
const add = (amount: bigint, netuid = 1) =>
  call('SubtensorModule.add_stake', { hotkey, netuid, amount_staked: amount })
const remove = (amount: bigint, netuid = 1) =>
  call('SubtensorModule.remove_stake', { hotkey, netuid, amount_unstaked: amount })

const eventOf = (applied: ReturnType<DtaoWorld['submit']>, name: string) =>
  applied.events.find((one) => one.name === name)?.value as unknown[]

/** Every figure that must agree; `fees` is the TAO that pools hold besides their reserves. */
function expectBalanced(world: DtaoWorld, fees: bigint) {
  const { accounts, balances, pools, totalStake, issuance } = books(world)
  expect(accounts).toBe(balances)
  expect(totalStake).toBe(pools + fees)
  expect(issuance).toBe(balances + totalStake)
}

describe('staking', () => {
  test('buys alpha along the curve, less the fee', () => {
    const world = dtaoWorld()
    const { state } = world
    world.advance()
    const before = stakeOf(state, hotkey, alice, 1)
    const [tao, alpha] = [state.get(S.SubnetTAO, 1), state.get(S.SubnetAlphaIn, 1)]
    expectBalanced(world, 0n)
    const applied = world.apply(alice, add(100n * TAO))
    expect(errorOf(applied)).toBeUndefined()
    const [coldkey, hot, paid, bought, netuid, fee] = eventOf(applied, 'StakeAdded')
    expect([coldkey, hot, paid, netuid]).toEqual([alice, hotkey, 100n * TAO, 1])
    expect(fee).toBe((100n * TAO * 33n) / 65_535n)
    // x·y stays the same: 64 fractional bits of the price are exact to some RAO here.
    const put = 100n * TAO - (fee as bigint)
    const exact = alpha - (alpha * tao) / (tao + put)
    expect(Math.abs(Number((bought as bigint) - exact))).toBeLessThan(100)
    expect(state.get(S.SubnetTAO, 1)).toBe(tao + put)
    expect(state.get(S.SubnetAlphaIn, 1)).toBe(alpha - (bought as bigint))
    expect(stakeOf(state, hotkey, alice, 1)).toBe(before + (bought as bigint))
    expectBalanced(world, fee as bigint)
  })

  test('what comes back is what went in less two fees', () => {
    const world = dtaoWorld()
    const [, , , bought] = eventOf(world.submit(alice, add(50n * TAO)), 'StakeAdded')
    const removed = world.submit(alice, remove(bought as bigint))
    const [, , back] = eventOf(removed, 'StakeRemoved') as [string, string, bigint]
    const lost = Number(50n * TAO - back) / Number(50n * TAO)
    expect(lost).toBeGreaterThan(0.0009)
    expect(lost).toBeLessThan(0.0011)
  })

  test('root takes TAO one to one, without a fee', () => {
    const world = dtaoWorld()
    const before = stakeOf(world.state, hotkey, alice, 0)
    const applied = world.submit(alice, add(10n * TAO, 0))
    expect(eventOf(applied, 'StakeAdded').slice(2)).toEqual([10n * TAO, 10n * TAO, 0, 0n])
    expect(stakeOf(world.state, hotkey, alice, 0)).toBe(before + 10n * TAO)
    expectBalanced(world, 0n)
  })

  test('a limit stops the trade where it would be passed', () => {
    const world = dtaoWorld()
    const price = alphaPrice(world.state, 1)
    const limit = ((price * 1_000_000_000n) >> 32n) * 101n
    const stake = (allow_partial: boolean) =>
      world.submit(
        alice,
        call('SubtensorModule.add_stake_limit', {
          hotkey,
          netuid: 1,
          amount_staked: 5_000n * TAO,
          limit_price: limit / 100n,
          allow_partial,
        }),
      )
    expect(errorOf(stake(false))).toBe('SubtensorModule.SlippageTooHigh')
    const applied = stake(true)
    expect(errorOf(applied)).toBeUndefined()
    const [, , paid] = eventOf(applied, 'StakeAdded') as [string, string, bigint]
    expect(paid).toBeLessThan(1_000n * TAO)
    const now = (alphaPrice(world.state, 1) * 1_000_000_000n) >> 32n
    expect(Number(now - limit / 100n)).toBeLessThanOrEqual(1)
  })

  test.each([
    ['below the minimum', () => add(2_000_000n), 'SubtensorModule.AmountTooLow'],
    ['on no subnet', () => add(TAO, 9), 'SubtensorModule.SubtokenDisabled'],
    ['more than there is', () => add(200_000n * TAO), 'SubtensorModule.NotEnoughBalanceToStake'],
    [
      'to nobody',
      () =>
        call('SubtensorModule.add_stake', {
          hotkey: alice,
          netuid: 1,
          amount_staked: TAO,
        }),
      'SubtensorModule.HotKeyAccountNotExists',
    ],
  ])('%s fails', (_name, make, error) => {
    const world = dtaoWorld()
    expect(errorOf(world.submit(alice, make()))).toBe(error)
    expectBalanced(world, 0n)
  })

  test('a second call in the same block has to wait', () => {
    const world = dtaoWorld()
    world.submit(alice, add(TAO))
    expect(errorOf(world.apply(alice, remove(TAO)))).toBe(
      'SubtensorModule.StakingOperationRateLimitExceeded',
    )
    expect(errorOf(world.submit(alice, remove(TAO)))).toBeUndefined()
  })

  test('who has no TAO pays the fee with the alpha that is sold', () => {
    const world = dtaoWorld()
    const judy = account('//Judy')
    const theirs = account('//Bob//validator')
    const drain = call('Balances.transfer_all', {
      dest: { type: 'Id', value: alice },
      keep_alive: false,
    })
    expect(errorOf(world.submit(judy, drain))).toBeUndefined()
    const before = stakeOf(world.state, theirs, judy, 3)
    const sell = call('SubtensorModule.remove_stake', {
      hotkey: theirs,
      netuid: 3,
      amount_unstaked: before / 2n,
    })
    expect(world.judge(judy, sell)).toMatchObject({ valid: true })
    expect(world.judge(judy, add(TAO))).toEqual({ valid: false, reason: 'Payment' })
    const applied = world.submit(judy, sell)
    expect(errorOf(applied)).toBeUndefined()
    expect(stakeOf(world.state, theirs, judy, 3)).toBeLessThan(before - before / 2n)
    expect(world.free(judy)).toBeGreaterThan(0n)
  })

  test('unstake_all takes everything off a hotkey', () => {
    const world = dtaoWorld()
    const applied = world.submit(alice, call('SubtensorModule.unstake_all', { hotkey }))
    expect(errorOf(applied)).toBeUndefined()
    expect([0, 1, 3].map((netuid) => stakeOf(world.state, hotkey, alice, netuid))).toEqual([
      0n,
      0n,
      0n,
    ])
  })

  test('the fee of a trade is that of its rate', () => {
    const { state } = dtaoWorld()
    expect(feeOn(state, 1, 65_535n * TAO)).toBe(33n * TAO - 1n)
    expect(feeOn(state, 0, TAO)).toBe(0n)
  })
})
