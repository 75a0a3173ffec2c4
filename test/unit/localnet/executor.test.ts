import { describe, expect, test } from 'vitest'
import { Balances } from '../../../src/localnet/runtime/pallets/balances.js'
import { senate, triumvirateMembers } from '../../../src/localnet/runtime/pallets/seats.js'
import { NO_ACCOUNT, System } from '../../../src/localnet/runtime/pallets/system.js'
import { derivativeAccount } from '../../../src/localnet/runtime/pallets/utility.js'
import { bytes } from '../../../src/localnet/runtime/scale.js'
import { createSeal, sealMeets } from '../../../src/localnet/runtime/subtensor/seal.js'
import { S } from '../../../src/localnet/runtime/subtensor/storage.js'
import { account, call, errorOf, ledger, localWorld, TAO } from '../../support/localWorld.js'

const [alice, bob, charlie] = ['//Alice', '//Bob', '//Charlie'].map((path) =>
  account(path as '//Alice'),
) as [string, string, string]
const [hot, other] = [account('//Alice//miner1'), account('//Bob//miner1')]
const id = (value: string) => ({ type: 'Id', value })
const remark = call('System.remark', { remark: new Uint8Array(3) })
const transfer = (dest: string, value: bigint, name = 'transfer') =>
  call(`Balances.${name}`, { dest: id(dest), value })

describe('fees', () => {
  test('a RAO per byte and the tip leave the balance and the supply', () => {
    const world = localWorld()
    const { events, feePaid } = world.submit(alice, remark, 7n)
    expect(feePaid).toBe(157n)
    expect(world.free(alice)).toBe(100_000n * TAO - 157n)
    expect(world.names(events)).toEqual([
      'Balances.Withdraw',
      'TransactionPayment.TransactionFeePaid',
      'System.ExtrinsicSuccess',
    ])
    expect(ledger(world).accounts).toBe(ledger(world).balances)
  })

  test('free calls cost nothing and need no account, failed ones count the nonce', () => {
    const world = localWorld()
    const applied = world.submit(
      hot,
      call('SubtensorModule.faucet', {
        block_number: 0n,
        nonce: 0n,
        work: new Uint8Array(32),
      }),
    )
    expect(errorOf(applied)).toBe('SubtensorModule.FaucetDisabled')
    expect(applied.feePaid).toBe(0n)
    expect(world.state.get(System.Account, hot)).toEqual({ ...NO_ACCOUNT, nonce: 1 })
  })

  test('sudo gets its fee back, also when the inner call fails', () => {
    const world = localWorld()
    const failing = transfer(bob, 1n)
    const { events, feePaid, outcome } = world.sudo(failing)
    expect(outcome.ok).toBe(true)
    expect(feePaid).toBe(0n)
    expect(world.names(events)).toEqual([
      'Balances.Withdraw',
      'Sudo.Sudid',
      'Balances.Deposit',
      'TransactionPayment.TransactionFeePaid',
      'System.ExtrinsicSuccess',
    ])
    expect(events[1]?.value).toEqual({ sudo_result: { type: 'Err', value: { type: 'BadOrigin' } } })
    expect(errorOf(world.submit(bob, call('Sudo.sudo', { call: remark })))).toBe('Sudo.RequireSudo')
  })
})

describe('accounts', () => {
  test('the last of a balance takes the account with it, dust and nonce included', () => {
    const world = localWorld()
    const rest = 100_000n * TAO - 150n - 499n
    const { events } = world.submit(bob, transfer(alice, rest))
    expect(world.names(events).slice(1, 4)).toEqual([
      'System.KilledAccount',
      'Balances.DustLost',
      'Balances.Transfer',
    ])
    expect(world.state.has(System.Account, bob)).toBe(false)
    expect(ledger(world).accounts).toBe(ledger(world).balances)
  })

  test.each([
    [499n, 'transfer', 'Balances.ExistentialDeposit'],
    [100_000n * TAO, 'transfer', 'Balances.InsufficientBalance'],
    [100_000n * TAO - 150n - 499n, 'transfer_keep_alive', 'Balances.KeepAlive'],
    [500n, 'transfer_keep_alive', undefined],
    [0n, 'transfer', undefined],
  ])('%s RAO to a new account by %s: %s', (value, name, error) => {
    expect(errorOf(localWorld().submit(bob, transfer(hot, value, name)))).toBe(error)
  })

  test('only plain ids name an account', () => {
    const args = { dest: { type: 'Index', value: undefined }, value: 1n }
    expect(errorOf(localWorld().submit(bob, call('Balances.transfer', args)))).toBe('CannotLookup')
  })

  test('reserved balance cannot be spent but keeps the account alive', () => {
    const world = localWorld()
    world.sudo(call('Balances.set_balance', { who: id(hot), new_free: 700n, new_reserved: 900n }))
    expect(errorOf(world.submit(hot, transfer(bob, 600n)))).toBe('Balances.InsufficientBalance')
    world.sudo(call('Balances.force_unreserve', { who: id(hot), amount: 5000n }))
    expect(world.free(hot)).toBe(700n - 150n + 900n)
  })
})

describe('batches', () => {
  const good = transfer(bob, 1000n)
  const bad = transfer(hot, 1n)
  const run = (name: string, calls: unknown[]) => {
    const world = localWorld()
    const applied = world.submit(alice, call(`Utility.${name}`, { calls }))
    const events = world.names(applied.events).filter((one) => one.startsWith('Utility'))
    return { error: errorOf(applied), events, gained: world.free(bob) - 100_000n * TAO }
  }

  test('batch stops at the first failure and keeps what went before', () => {
    expect(run('batch', [good, bad, good])).toEqual({
      error: undefined,
      events: ['Utility.ItemCompleted', 'Utility.BatchInterrupted'],
      gained: 1000n,
    })
  })

  test('batch_all undoes everything', () => {
    const { error, events, gained } = run('batch_all', [good, bad])
    expect([error, events, gained]).toEqual(['Balances.ExistentialDeposit', [], 0n])
    expect(run('batch_all', [good, good]).gained).toBe(2000n)
  })

  test('batch_all inside batch_all is filtered', () => {
    const nested = call('Utility.batch_all', { calls: [good] })
    expect(run('batch_all', [nested]).error).toBe('System.CallFiltered')
    expect(run('batch', [nested]).gained).toBe(1000n)
    const deeper = call('Utility.force_batch', { calls: [nested, good] })
    expect(run('batch_all', [deeper]).events).toEqual([
      'Utility.ItemFailed',
      'Utility.ItemCompleted',
      'Utility.BatchCompletedWithErrors',
      'Utility.ItemCompleted',
      'Utility.BatchCompleted',
    ])
  })

  test('force_batch goes on after failures', () => {
    expect(run('force_batch', [bad, good])).toEqual({
      error: undefined,
      events: ['Utility.ItemFailed', 'Utility.ItemCompleted', 'Utility.BatchCompletedWithErrors'],
      gained: 1000n,
    })
  })

  test('as_derivative signs for an account of its own', () => {
    const world = localWorld()
    const derived = derivativeAccount(alice, 3)
    world.submit(alice, transfer(derived, TAO))
    const inner = transfer(bob, 1000n)
    const applied = world.submit(alice, call('Utility.as_derivative', { index: 3, call: inner }))
    expect(errorOf(applied)).toBeUndefined()
    expect(world.free(derived)).toBe(TAO - 1000n)
  })
})

describe('the pool', () => {
  const world = localWorld()
  const transaction = { call: remark, signer: alice, nonce: 0, tip: 0n, length: 150 }
  const judge = (changes: object) =>
    world.runtime.validate(world.state, { ...transaction, ...changes })
  world.submit(alice, remark)

  test('refuses old nonces and keeps future ones', () => {
    expect(judge({})).toEqual({ valid: false, reason: 'Stale' })
    expect(judge({ nonce: 1 })).toMatchObject({ valid: true, future: false })
    expect(judge({ nonce: 4 })).toMatchObject({ valid: true, future: true })
  })

  test('refuses who cannot pay and keep 500 RAO', () => {
    expect(judge({ signer: hot })).toEqual({ valid: false, reason: 'Payment' })
    const all = world.free(alice) - 150n
    expect(judge({ nonce: 1, tip: all - 499n })).toEqual({ valid: false, reason: 'Payment' })
    expect(judge({ nonce: 1, tip: all - 500n })).toMatchObject({ valid: true })
  })

  test('refuses a call too heavy for any block, by its class', () => {
    const heavy = (ref_time: bigint) =>
      judge({
        call: call('Sudo.sudo_unchecked_weight', {
          call: remark,
          weight: { ref_time, proof_size: 0n },
        }),
        nonce: 1,
      })
    expect(heavy(2_599_900_160_000n)).toMatchObject({ valid: true })
    expect(heavy(2_599_900_160_001n)).toEqual({ valid: false, reason: 'ExhaustsResources' })
  })

  test('refuses what only the author of a block may say', () => {
    const verdict = judge({ call: call('Timestamp.set', { now: 5n }), nonce: 1 })
    expect(verdict).toEqual({ valid: false, reason: 'MandatoryValidation' })
  })

  test('refuses the zero account', () => {
    const reason = judge({ signer: `0x${'00'.repeat(32)}` })
    expect(reason).toEqual({ valid: false, reason: 'BadSigner' })
  })

  test('lets set_weights wait and refuses it below the minimal stake', () => {
    const args = { netuid: 1, dests: [0], weights: [1], version_key: 0n }
    const weights = call('SubtensorModule.set_weights', args)
    expect(judge({ call: weights, nonce: 1 })).toEqual({
      valid: true,
      priority: 2n ** 64n - 1n,
      longevity: 1n,
      future: false,
    })
    world.sudo(call('AdminUtils.sudo_set_weights_min_stake', { min_stake: 1n }))
    const verdict = judge({ call: weights, nonce: 2 })
    expect(verdict).toEqual({ valid: false, reason: 'Call' })
  })
})

test('a target that no price can be adjusted to does not stop the chain', () => {
  const world = localWorld('dev')
  const set = (name: string, args: Record<string, unknown>) =>
    world.sudo(call(`AdminUtils.sudo_set_${name}`, { netuid: 1, ...args }))
  set('adjustment_interval', { adjustment_interval: 1 })
  set('target_registrations_per_interval', { target_registrations_per_interval: 0 })
  const price = world.state.get(S.Burn, 1)
  world.advance(3)
  expect(world.state.get(S.Burn, 1)).toBe(price)
})

describe('registration by work', () => {
  const solve = (world: ReturnType<typeof localWorld>, key: string, difficulty: bigint) => {
    const block = world.state.get(System.Number)
    const hash = world.state.get(System.BlockHash, block)
    let nonce = 0n
    while (!sealMeets(createSeal(hash, key, nonce), difficulty)) nonce++
    const work = bytes.codec.dec(`0x80${createSeal(hash, key, nonce).slice(2)}`)
    return { block_number: BigInt(block), nonce, work }
  }
  /** The hash of the newest block is known only inside the next one: name the one before. */
  const known = (world: ReturnType<typeof localWorld>) => {
    const block = world.state.get(System.Number)
    world.state.set(System.BlockHash, [block], world.state.get(System.ParentHash))
  }

  test('the faucet pays for work on the coldkey where it is enabled', { timeout: 60_000 }, () => {
    const work = { block_number: 0n, nonce: 0n, work: new Uint8Array(32).fill(255) }
    const world = localWorld('empty', { faucet: true })
    expect(errorOf(world.submit(alice, call('SubtensorModule.faucet', work)))).toBe(
      'SubtensorModule.InvalidDifficulty',
    )
    const later = { ...work, block_number: 9n }
    expect(errorOf(world.submit(alice, call('SubtensorModule.faucet', later)))).toBe(
      'SubtensorModule.InvalidWorkBlock',
    )
  })

  test('work is good for the block it names and two more, at the difficulty of the subnet', () => {
    const world = localWorld('dev')
    world.advance(3)
    world.state.set(S.Difficulty, [1], 500n)
    world.state.set(S.MinDifficulty, [1], 500n)
    const fresh = account('//Two')
    known(world)
    const hash = world.state.get(System.BlockHash, world.state.get(System.Number))
    const work = solve(world, fresh, 500n)
    const args = { netuid: 1, ...work, hotkey: fresh, coldkey: alice }
    expect(errorOf(world.submit(alice, call('SubtensorModule.register', args)))).toBe(
      'SubtensorModule.HotkeyOriginMismatch',
    )
    world.state.set(System.BlockHash, [Number(work.block_number)], hash)
    const wrong = { ...args, nonce: work.nonce + 1n }
    expect(errorOf(world.submit(fresh, call('SubtensorModule.register', wrong)))).toBe(
      'SubtensorModule.InvalidSeal',
    )
    world.advance(1)
    expect(errorOf(world.submit(fresh, call('SubtensorModule.register', args)))).toBe(
      'SubtensorModule.InvalidWorkBlock',
    )
  })

  test('a seal as the chain computes it', () => {
    const hash = `0x${Array.from({ length: 32 }, (_, i) => i.toString(16).padStart(2, '0')).join('')}`
    expect(createSeal(hash, bob, 0n)).toBe(
      '0x2104b27b9a0a4f5cb32e85cfeff7852f6b36dca04ec99d29d0183b3acdc84dbb',
    )
    expect(createSeal(hash, bob, (1n << 64n) - 1n)).toBe(
      '0xe5709b11e735866fd3fffeb87adbfa60fa56da54304ea8d62e284bddcb5cee8e',
    )
    const first = Array.from({ length: 5000 }, (_, i) => BigInt(i)).find((nonce) =>
      sealMeets(createSeal(hash, bob, nonce), 1000n),
    )
    expect(first).toBe(4077n)
  })
})

describe('seats', () => {
  test('the prime stays while it is a member, in the set and in the collective', () => {
    const world = localWorld('dev')
    const prime = () => world.state.get(triumvirateMembers.storage.Prime)
    world.sudo(call('TriumvirateMembers.set_prime', { who: id(bob) }))
    world.sudo(call('TriumvirateMembers.swap_member', { remove: id(charlie), add: id(hot) }))
    expect(prime()).toBe(bob)
    world.sudo(call('TriumvirateMembers.remove_member', { who: id(bob) }))
    expect(prime()).toBeUndefined()
    const key = call('TriumvirateMembers.change_key', { new: id(charlie) })
    expect(errorOf(world.submit(alice, key))).toBeUndefined()
    expect(triumvirateMembers.members(world)).toEqual([charlie, hot].sort())
    expect(errorOf(world.submit(bob, key))).toBe('TriumvirateMembers.NotMember')
  })

  test('spec 127: delegates join and leave the senate, and their votes go with them', () => {
    const world = localWorld('dev', { senateCalls: true })
    const ferdie = account('//Ferdie')
    const hotkey = account('//Ferdie//validator')
    const join = call('SubtensorModule.join_senate', { hotkey })
    const leave = call('SubtensorModule.leave_senate', { hotkey })
    expect(errorOf(world.submit(ferdie, leave))).toBe('SubtensorModule.NotSenateMember')
    expect(errorOf(world.submit(alice, join))).toBe('SubtensorModule.NonAssociatedColdKey')
    expect(errorOf(world.submit(ferdie, join))).toBeUndefined()
    expect(senate.members(world)).toContain(hotkey)
    expect(errorOf(world.submit(ferdie, join))).toBe('SubtensorModule.AlreadySenateMember')
    expect(errorOf(world.submit(ferdie, leave))).toBeUndefined()
    expect(senate.members(world)).not.toContain(hotkey)
    const miner = call('SubtensorModule.join_senate', { hotkey: other })
    expect(errorOf(world.submit(bob, miner))).toBe('SubtensorModule.NotDelegate')
  })

  test('spec 143 does not have those calls', () => {
    const { pallets } = localWorld().runtime
    const subtensor = pallets.find((one) => one.name === 'SubtensorModule')
    expect(subtensor?.calls['join_senate']).toBeUndefined()
  })
})

test('issuance: what each kind of call does to both supplies', () => {
  const world = localWorld('dev')
  const step = (signer: string, one: ReturnType<typeof call>) => {
    // The block step pays owners and delegates: only the call itself counts here.
    world.state.set(S.EmissionValues, [1], 0n)
    world.state.set(S.EmissionValues, [3], 0n)
    world.state.set(S.EmissionValues, [5], 0n)
    for (const netuid of [1, 3, 5]) world.state.set(S.Tempo, [netuid], 0)
    world.state.set(S.Tempo, [0], 0)
    for (const netuid of [1, 3, 5]) world.state.remove(S.LoadedEmission, netuid)
    const before = ledger(world)
    expect(errorOf(world.submit(signer, one))).toBeUndefined()
    const after = ledger(world)
    return [after.issuance - before.issuance, after.balances - before.balances]
  }
  const stake = { hotkey: account('//Alice//validator'), amount_staked: 5n * TAO }
  expect(step(alice, call('SubtensorModule.add_stake', stake))).toEqual([5n * TAO, -5n * TAO])
  const unstake = { hotkey: stake.hotkey, amount_unstaked: 2n * TAO }
  expect(step(alice, call('SubtensorModule.remove_stake', unstake))).toEqual([-2n * TAO, 2n * TAO])
  const burn = world.state.get(S.Burn, 1)
  const register = { netuid: 1, hotkey: account('//Two') }
  expect(step(alice, call('SubtensorModule.burned_register', register))).toEqual([-burn, -burn])
  const swap = { hotkey: account('//Two'), new_hotkey: account('//One') }
  expect(step(alice, call('SubtensorModule.swap_hotkey', swap))).toEqual([-TAO, -TAO])
  const [supply, locked] = step(alice, call('SubtensorModule.register_network'))
  expect(supply).toBe(0n)
  expect(locked).toBeLessThan(-90n * TAO)
  expect(step(alice, call('SubtensorModule.dissolve_network', { netuid: 2 }))).toEqual([
    0n,
    -locked!,
  ])
  expect(world.state.get(Balances.TotalIssuance)).toBe(ledger(world).accounts)
})

describe('identities and commitments', () => {
  const none = { type: 'None' }
  const info = {
    additional: [] as unknown[],
    display: { type: 'Raw6', value: '0x4175726f7261' },
    legal: none,
    web: none,
    riot: none,
    email: none,
    pgp_fingerprint: undefined,
    image: none,
    twitter: none,
  }
  const validator = account('//Alice//validator')
  const set = (identified: string, more: unknown[] = []) =>
    call('Registry.set_identity', { identified, info: { ...info, additional: more } })

  test('an identity costs a deposit per field, which comes back', () => {
    const world = localWorld('dev')
    const reserved = () => world.state.get(System.Account, alice).data.reserved
    expect(errorOf(world.submit(alice, set(validator, [[none, none]])))).toBeUndefined()
    expect(reserved()).toBe(200_000_000n)
    expect(errorOf(world.submit(alice, set(validator)))).toBeUndefined()
    expect(reserved()).toBe(100_000_000n)
    const clear = call('Registry.clear_identity', { identified: validator })
    expect(errorOf(world.submit(alice, clear))).toBeUndefined()
    expect(reserved()).toBe(0n)
    expect(errorOf(world.submit(alice, clear))).toBe('Registry.NotRegistered')
  })

  test('only for hotkeys on root by their coldkey, and by subnet owners for themselves', () => {
    const world = localWorld('dev')
    expect(errorOf(world.submit(bob, set(validator)))).toBe('Registry.CannotRegister')
    expect(errorOf(world.submit(alice, set(alice)))).toBe('Registry.CannotRegister')
    expect(errorOf(world.submit(bob, set(bob)))).toBeUndefined()
    const two = [none, none].map((one) => [one, one])
    expect(errorOf(world.submit(bob, set(bob, two)))).toBe('Registry.TooManyFields')
  })

  test('a neuron commits once in a hundred blocks', () => {
    const world = localWorld('dev')
    const commit = (fields: unknown[] = []) =>
      call('Commitments.set_commitment', { netuid: 1, info: { fields } })
    expect(errorOf(world.submit(alice, commit()))).toBe('Commitments.CannotCommit')
    expect(errorOf(world.submit(hot, commit([none, none])))).toBe('Commitments.TooManyFields')
    const { codec } = world.runtime.callType
    expect(codec.dec(codec.enc(commit([none])))).toEqual(commit([none]))
    expect(() => codec.dec(codec.enc(commit([none, none])))).toThrow('2 entries where 1 may be')
    expect(world.submit(hot, commit([none]))).toMatchObject({ outcome: { ok: true }, feePaid: 0n })
    world.advance(98)
    expect(errorOf(world.submit(hot, commit()))).toBe('Commitments.RateLimitExceeded')
    expect(errorOf(world.submit(hot, commit()))).toBeUndefined()
  })
})
