import { describe, expect, test } from 'vitest'
import { stakeOf } from '../../../../src/localnet/runtime/dtao/subtensor/shares.js'
import { S } from '../../../../src/localnet/runtime/dtao/subtensor/storage.js'
import { books, type DtaoWorld, dtaoWorld } from '../../../support/dtaoWorld.js'
import { account, call, errorOf } from '../../../support/localWorld.js'

const TAO = 1_000_000_000n
const alice = account('//Alice')
const bob = account('//Bob')
const hotkey = account('//Alice//validator')
const fresh = `0x${'77'.repeat(32)}`
const sub = (name: string, args: Record<string, unknown>) => call(`SubtensorModule.${name}`, args)

function ok(world: DtaoWorld, signer: string, name: string, args: Record<string, unknown>): void {
  expect(errorOf(world.submit(signer, sub(name, args)))).toBeUndefined()
}

describe('keys', () => {
  test('a hotkey swaps everything for a new one, for 0.1 TAO', () => {
    const world = dtaoWorld()
    const { state } = world
    const uid = state.get(S.Uids, 1, hotkey)
    const stake = stakeOf(state, hotkey, alice, 1)
    const supply = books(world).issuance
    ok(world, alice, 'swap_hotkey', { hotkey, new_hotkey: fresh, netuid: undefined })
    expect(state.get(S.Uids, 1, fresh)).toBe(uid)
    expect(state.has(S.Uids, 1, hotkey)).toBe(false)
    expect(state.has(S.Owner, hotkey)).toBe(false)
    expect(stakeOf(state, fresh, alice, 1)).toBeGreaterThanOrEqual(stake)
    expect(stakeOf(state, hotkey, alice, 1)).toBe(0n)
    expect(state.get(S.ParentKeys, account('//Dave//validator'), 3)[0]?.[1]).toBe(fresh)
    expect(books(world).issuance).toBeLessThan(supply + TAO - TAO / 10n)
    const again = { hotkey: fresh, new_hotkey: fresh, netuid: undefined }
    const error = errorOf(world.submit(alice, sub('swap_hotkey', again)))
    expect(error).toBe('SubtensorModule.NewHotKeyIsSameWithOld')
  })

  test('on one subnet the hotkey stays itself elsewhere, and the next swap has to wait', () => {
    const world = dtaoWorld()
    const { state } = world
    world.advance()
    state.set(S.LastHotkeySwapOnNetuid, [1, alice], 0n)
    const args = { hotkey, new_hotkey: fresh, netuid: 1 }
    const early = errorOf(world.submit(alice, sub('swap_hotkey', args)))
    expect(early).toBe('SubtensorModule.HotKeySwapOnSubnetIntervalNotPassed')
  })

  test('a coldkey swaps after the time for second thoughts', () => {
    const world = dtaoWorld()
    const { state } = world
    state.set(S.ColdkeySwapScheduleDuration, [], 5)
    const stake = stakeOf(state, account('//Bob//validator'), bob, 1)
    ok(world, bob, 'schedule_swap_coldkey', { new_coldkey: fresh })
    const other = sub('add_stake', { hotkey, netuid: 1, amount_staked: TAO })
    expect(world.judge(bob, other)).toEqual({ valid: false, reason: 0 })
    world.advance(5)
    expect(state.get(S.Owner, account('//Bob//validator'))).toBe(fresh)
    expect(state.get(S.SubnetOwner, 1)).toBe(fresh)
    expect(stakeOf(state, account('//Bob//validator'), fresh, 1)).toBeGreaterThanOrEqual(stake)
    expect(world.free(bob)).toBe(0n)
    expect(state.has(S.ColdkeySwapScheduled, bob)).toBe(false)
    const { accounts, balances, issuance, totalStake } = books(world)
    expect(accounts).toBe(balances)
    expect(issuance).toBe(balances + totalStake)
  })

  test('children take effect at the epoch after the wait', () => {
    const world = dtaoWorld()
    const { state } = world
    const child = account('//Bob//validator')
    const half = (1n << 63n) - 1n
    world.sudo(sub('set_pending_childkey_cooldown', { cooldown: 3n }))
    ok(world, alice, 'set_children', { hotkey, netuid: 1, children: [[half, child]] })
    expect(state.get(S.ChildKeys, hotkey, 1)).toEqual([])
    world.advance(2 * (state.get(S.Tempo, 1) + 1))
    expect(state.get(S.ChildKeys, hotkey, 1)).toEqual([[half, child]])
    expect(state.get(S.ParentKeys, child, 1)).toEqual([[half, hotkey]])
    const own = sub('set_children', { hotkey, netuid: 1, children: [[half, hotkey]] })
    expect(errorOf(world.submit(alice, own))).toBe('SubtensorModule.TxRateLimitExceeded')
  })

  test('takes go up by one call and down by the other', () => {
    const world = dtaoWorld()
    const { state } = world
    ok(world, alice, 'decrease_take', { hotkey, take: 100 })
    ok(world, alice, 'increase_take', { hotkey, take: 9000 })
    expect(state.get(S.Delegates, hotkey)).toBe(9000)
    const high = world.submit(alice, sub('increase_take', { hotkey, take: 20_000 }))
    expect(errorOf(high)).toBe('SubtensorModule.DelegateTakeTooHigh')
    ok(world, alice, 'set_childkey_take', { hotkey, netuid: 1, take: 500 })
    expect(state.get(S.ChildkeyTake, hotkey, 1)).toBe(500)
  })

  test('what is mined goes where its owner wants', () => {
    const world = dtaoWorld()
    const { state } = world
    const args = { netuid: 1, hotkey: account('//Bob//validator') }
    ok(world, alice, 'set_coldkey_auto_stake_hotkey', args)
    expect(state.get(S.AutoStakeDestination, alice, 1)).toBe(args.hotkey)
    const same = world.submit(alice, sub('set_coldkey_auto_stake_hotkey', args))
    expect(errorOf(same)).toBe('SubtensorModule.SameAutoStakeHotkeyAlreadySet')
  })

  test('an axon is served within its rules, which the pool checks too', () => {
    const world = dtaoWorld()
    const axon = { netuid: 1, version: 1, ip: 0x0102_0304n, port: 8091, ip_type: 4 }
    const args = { ...axon, protocol: 4, placeholder1: 0, placeholder2: 0 }
    ok(world, hotkey, 'serve_axon', args)
    expect(world.state.get(S.Axons, 1, hotkey)?.port).toBe(8091)
    const bad = sub('serve_axon', { ...args, port: 0 })
    expect(world.judge(hotkey, bad)).toEqual({ valid: false, reason: 13 })
    expect(world.judge(fresh, bad).valid).toBe(false)
  })

  test('the owner changes settings, but not before an epoch and not twice in a row', () => {
    const world = dtaoWorld()
    const { state } = world
    state.set(S.OwnerHyperparamRateLimit, [], 2)
    const set = (value: bigint) =>
      call('AdminUtils.sudo_set_serving_rate_limit', { netuid: 1, serving_rate_limit: value })
    expect(errorOf(world.submit(bob, set(7n)))).toBeUndefined()
    expect(state.get(S.ServingRateLimit, 1)).toBe(7n)
    expect(errorOf(world.submit(bob, set(8n)))).toBe('SubtensorModule.TxRateLimitExceeded')
    expect(errorOf(world.submit(alice, set(8n)))).toBe('BadOrigin')
    state.set(S.AdminFreezeWindow, [], 1000)
    const frozen = 'SubtensorModule.AdminActionProhibitedDuringWeightsWindow'
    expect(errorOf(world.submit(bob, set(8n)))).toBe(frozen)
  })
})
