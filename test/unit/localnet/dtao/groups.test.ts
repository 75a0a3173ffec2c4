import { bytesToHex } from '@noble/hashes/utils.js'
import { describe, expect, test } from 'vitest'
import { S } from '../../../../src/localnet/runtime/dtao/subtensor/storage.js'
import type { Call, RuntimeEvent } from '../../../../src/localnet/runtime/pallet.js'
import { blake256 } from '../../../../src/localnet/runtime/pallets/system.js'
import { books, dtaoWorld } from '../../../support/dtaoWorld.js'
import { account, call, errorOf } from '../../../support/localWorld.js'

const TAO = 1_000_000_000n
const [alice, bob, charlie, dave] = (['//Alice', '//Bob', '//Charlie', '//Dave'] as const).map(
  account,
) as [string, string, string, string]
const id = (value: string) => ({ type: 'Id', value })
const named = (type: string) => ({ type, value: undefined })
const pay = (to: string, value: bigint) =>
  call('Balances.transfer_keep_alive', { dest: id(to), value })
const fieldsOf = (events: readonly RuntimeEvent[], name: string) =>
  events.find((one) => one.name === name)?.value as Record<string, unknown>

describe('proxies', () => {
  const add = (delegate: string, type: string, delay = 0) =>
    call('Proxy.add_proxy', { delegate: id(delegate), proxy_type: named(type), delay })
  const act = (real: string, inner: Call) =>
    call('Proxy.proxy', { real: id(real), force_proxy_type: undefined, call: inner })

  test('act for an account within their type', () => {
    const world = dtaoWorld()
    expect(errorOf(world.submit(alice, add(bob, 'Transfer')))).toBeUndefined()
    const before = world.free(dave)
    const paid = world.submit(bob, act(alice, pay(dave, 5n * TAO)))
    expect(fieldsOf(paid.events, 'ProxyExecuted')).toEqual({ result: { type: 'Ok' } })
    expect(world.free(dave)).toBe(before + 5n * TAO)
    const hotkey = account('//Alice//validator')
    const stake = call('SubtensorModule.add_stake', { hotkey, netuid: 1, amount_staked: TAO })
    const refused = world.submit(bob, act(alice, stake))
    expect(fieldsOf(refused.events, 'ProxyExecuted')['result']).toMatchObject({ type: 'Err' })
    const nested = world.submit(bob, act(alice, call('Utility.batch', { calls: [stake] })))
    expect(fieldsOf(nested.events, 'ProxyExecuted')['result']).toMatchObject({ type: 'Err' })
    expect(errorOf(world.submit(charlie, act(alice, stake)))).toBe('Proxy.NotProxy')
    const { accounts, balances } = books(world)
    expect(accounts).toBe(balances)
  })

  test('a nested call is held to the type too', () => {
    const world = dtaoWorld()
    world.submit(alice, add(bob, 'NonTransfer'))
    const before = world.free(dave)
    const batch = call('Utility.batch', { calls: [pay(dave, TAO)] })
    const done = world.submit(bob, act(alice, batch))
    expect(world.names(done.events)).toContain('Utility.BatchInterrupted')
    expect(world.free(dave)).toBe(before)
  })

  test('with a delay announce first', () => {
    const world = dtaoWorld()
    world.submit(alice, add(bob, 'Any', 3))
    const inner = pay(dave, TAO)
    expect(errorOf(world.submit(bob, act(alice, inner)))).toBe('Proxy.Unannounced')
    const call_hash = blake256(world.runtime.callType.codec.enc(inner))
    world.submit(bob, call('Proxy.announce', { real: id(alice), call_hash }))
    const run = call('Proxy.proxy_announced', {
      delegate: id(bob),
      real: id(alice),
      force_proxy_type: undefined,
      call: inner,
    })
    expect(errorOf(world.submit(charlie, run))).toBe('Proxy.Unannounced')
    world.advance(3)
    const before = world.free(dave)
    expect(errorOf(world.submit(charlie, run))).toBeUndefined()
    expect(world.free(dave)).toBe(before + TAO)
  })

  test('pure accounts are made, used and ended', () => {
    const world = dtaoWorld()
    const create = call('Proxy.create_pure', { proxy_type: named('Any'), delay: 0, index: 0 })
    const made = world.submit(alice, create)
    const pure = fieldsOf(made.events, 'PureCreated')['pure'] as string
    world.submit(alice, pay(pure, 10n * TAO))
    expect(errorOf(world.submit(alice, act(pure, pay(dave, TAO))))).toBeUndefined()
    expect(world.free(pure)).toBe(9n * TAO)
  })
})

describe('multisig', () => {
  test('executes once enough have approved, and gives the deposit back', () => {
    const world = dtaoWorld()
    const others = (...left: string[]) => [...left].sort()
    const max_weight = { ref_time: 10n ** 10n, proof_size: 10n ** 6n }
    const inner = call('System.remark_with_event', { remark: new Uint8Array([1]) })
    const call_hash = blake256(world.runtime.callType.codec.enc(inner))
    const base = { threshold: 2, max_weight }
    const begin = call('Multisig.approve_as_multi', {
      ...base,
      other_signatories: others(bob, charlie),
      maybe_timepoint: undefined,
      call_hash,
    })
    const begun = world.submit(alice, begin)
    expect(errorOf(begun)).toBeUndefined()
    const multisig = fieldsOf(begun.events, 'NewMultisig')['multisig']
    const timepoint = { height: 1, index: 0 }
    const finish = call('Multisig.as_multi', {
      ...base,
      other_signatories: others(alice, charlie),
      maybe_timepoint: timepoint,
      call: inner,
    })
    const done = world.submit(bob, finish)
    expect(errorOf(done)).toBeUndefined()
    expect(fieldsOf(done.events, 'MultisigExecuted')).toMatchObject({ multisig, approving: bob })
    expect(fieldsOf(done.events, 'Remarked')['sender']).toBe(multisig)
    const { accounts, balances } = books(world)
    expect(accounts).toBe(balances)
    expect(errorOf(world.submit(bob, finish))).toBe('Multisig.UnexpectedTimepoint')
  })
})

describe('crowdloans', () => {
  test('raise to a cap and pay it out', () => {
    const world = dtaoWorld()
    const loan = (name: string, args: object = {}) =>
      call(`Crowdloan.${name}`, { crowdloan_id: 0, ...args })
    const create = call('Crowdloan.create', {
      deposit: 10n * TAO,
      min_contribution: TAO,
      cap: 30n * TAO,
      end: 60_000,
      call: call('System.remark_with_event', { remark: new Uint8Array([7]) }),
      target_address: dave,
    })
    expect(errorOf(world.submit(alice, create))).toBeUndefined()
    expect(errorOf(world.submit(alice, loan('finalize')))).toBe('Crowdloan.CapNotRaised')
    expect(errorOf(world.submit(charlie, loan('contribute', { amount: 5n * TAO })))).toBeUndefined()
    expect(errorOf(world.submit(charlie, loan('withdraw')))).toBeUndefined()
    expect(errorOf(world.submit(bob, loan('contribute', { amount: 50n * TAO })))).toBeUndefined()
    const before = world.free(dave)
    const done = world.submit(alice, loan('finalize'))
    expect(errorOf(done)).toBeUndefined()
    expect(world.free(dave)).toBe(before + 30n * TAO)
    expect(world.names(done.events)).toContain('System.Remarked')
    const { accounts, balances } = books(world)
    expect(accounts).toBe(balances)
  })

  test('give everything back', () => {
    const world = dtaoWorld()
    const create = call('Crowdloan.create', {
      deposit: 10n * TAO,
      min_contribution: TAO,
      cap: 30n * TAO,
      end: 60_000,
      call: undefined,
      target_address: undefined,
    })
    world.submit(alice, create)
    const [one, two] = [world.free(bob), world.free(alice)]
    world.submit(bob, call('Crowdloan.contribute', { crowdloan_id: 0, amount: 2n * TAO }))
    world.submit(alice, call('Crowdloan.refund', { crowdloan_id: 0 }))
    expect(one - world.free(bob)).toBeLessThan(TAO)
    const done = world.submit(alice, call('Crowdloan.dissolve', { crowdloan_id: 0 }))
    expect(world.names(done.events)).toContain('Crowdloan.Dissolved')
    expect(world.free(alice)).toBeGreaterThan(two + 9n * TAO)
  })
})

describe('commitments', () => {
  test('are for neurons, up to so many bytes per epoch', () => {
    const world = dtaoWorld()
    const hotkey = world.state.get(S.Keys, 1, 9)
    const field = { type: 'Raw5', value: `0x${bytesToHex(new Uint8Array([1, 2, 3, 4, 5]))}` }
    const set = call('Commitments.set_commitment', { netuid: 1, info: { fields: [field] } })
    const done = world.submit(hotkey, set)
    expect(errorOf(done)).toBeUndefined()
    expect(fieldsOf(done.events, 'Commitment')).toEqual({ netuid: 1, who: hotkey })
    expect(errorOf(world.submit(alice, set))).toBe('Commitments.AccountNotAllowedCommit')
  })
})
