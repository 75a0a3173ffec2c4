import { describe, expect, test } from 'vitest'
import { System } from '../../../../src/localnet/runtime/dtao/pallets/system.js'
import { commitHash } from '../../../../src/localnet/runtime/dtao/subtensor/commits.js'
import { indexOf } from '../../../../src/localnet/runtime/dtao/subtensor/mechanisms.js'
import { revealBlocks } from '../../../../src/localnet/runtime/dtao/subtensor/schedule.js'
import { S } from '../../../../src/localnet/runtime/dtao/subtensor/storage.js'
import { type DtaoWorld, dtaoWorld } from '../../../support/dtaoWorld.js'
import { account, call, errorOf } from '../../../support/localWorld.js'

const validator = account('//Bob//validator')
const netuid = 1
const row = {
  dests: [7, 8, 10, 12],
  weights: [30_000, 60_000, 60_000, 60_000],
  version_key: 10n ** 9n,
}
const set = call('SubtensorModule.set_weights', { netuid, ...row })
const reveal = { uids: [7, 8, 10, 12], values: [1, 3, 3, 3], salt: [5, 6], version_key: 10n ** 9n }

function hidden(world: DtaoWorld): void {
  world.state.set(S.CommitRevealWeightsEnabled, [netuid], true)
  world.state.set(S.WeightsSetRateLimit, [netuid], 0n)
}

describe('weights', () => {
  test('are stored scaled to the largest', () => {
    const world = dtaoWorld()
    world.state.set(S.WeightsSetRateLimit, [netuid], 0n)
    const uid = world.state.get(S.Uids, netuid, validator) as number
    expect(errorOf(world.submit(validator, set))).toBeUndefined()
    expect(world.state.get(S.Weights, netuid, uid)).toEqual([
      [7, 32_767],
      [8, 65_535],
      [10, 65_535],
      [12, 65_535],
    ])
    expect(world.state.get(S.LastUpdate, netuid)[uid]).toBe(BigInt(world.state.get(System.Number)))
  })

  test('cost no fee', () => {
    const world = dtaoWorld()
    world.state.set(S.WeightsSetRateLimit, [netuid], 0n)
    const before = world.free(validator)
    expect(errorOf(world.submit(validator, set))).toBeUndefined()
    expect(world.free(validator)).toBe(before)
  })

  test('are committed and revealed in the right epoch, where they are hidden', () => {
    const world = dtaoWorld()
    hidden(world)
    const { state } = world
    expect(errorOf(world.submit(validator, set))).toBe('SubtensorModule.CommitRevealEnabled')
    const commit_hash = commitHash(validator, netuid, reveal)
    const commit = call('SubtensorModule.commit_weights', { netuid, commit_hash })
    expect(errorOf(world.submit(validator, commit))).toBeUndefined()
    const [first, last] = revealBlocks(state, netuid, BigInt(state.get(System.Number)))
    const call1 = call('SubtensorModule.reveal_weights', { netuid, ...reveal })
    expect(errorOf(world.submit(validator, call1))).toBe('SubtensorModule.RevealTooEarly')
    expect(world.judge(validator, call1)).toEqual({ valid: false, reason: 17 })
    world.advance(Number(first) - state.get(System.Number) - 1)
    const other = call('SubtensorModule.reveal_weights', { netuid, ...reveal, salt: [1] })
    expect(errorOf(world.submit(validator, other))).toBe(
      'SubtensorModule.InvalidRevealCommitHashNotMatch',
    )
    expect(world.judge(validator, other)).toEqual({ valid: false, reason: 16 })
    expect(errorOf(world.apply(validator, call1))).toBeUndefined()
    const uid = state.get(S.Uids, netuid, validator) as number
    expect(state.get(S.Weights, netuid, uid)).toEqual([
      [7, 21_845],
      [8, 65_535],
      [10, 65_535],
      [12, 65_535],
    ])
    expect(last).toBeGreaterThan(first)
  })

  test('a commit that was not revealed in time is lost', () => {
    const world = dtaoWorld()
    hidden(world)
    const { state } = world
    const commit_hash = commitHash(validator, netuid, reveal)
    world.submit(validator, call('SubtensorModule.commit_weights', { netuid, commit_hash }))
    const [, last] = revealBlocks(state, netuid, BigInt(state.get(System.Number)))
    world.advance(Number(last) - state.get(System.Number))
    const late = world.submit(
      validator,
      call('SubtensorModule.reveal_weights', { netuid, ...reveal }),
    )
    expect(errorOf(late)).toBe('SubtensorModule.ExpiredWeightCommit')
  })

  test('timelocked ones are kept until their epoch is over', () => {
    const world = dtaoWorld()
    hidden(world)
    const { state } = world
    const commit = (commit_reveal_version: number) =>
      call('SubtensorModule.commit_timelocked_weights', {
        netuid,
        commit: new Uint8Array([1, 2, 3]),
        reveal_round: 1n,
        commit_reveal_version,
      })
    expect(errorOf(world.submit(validator, commit(3)))).toBe(
      'SubtensorModule.IncorrectCommitRevealVersion',
    )
    expect(errorOf(world.submit(validator, commit(4)))).toBeUndefined()
    expect(state.entries(S.TimelockedWeightCommits, netuid)).toHaveLength(1)
    world.advance(3 * (state.get(S.Tempo, netuid) + 1))
    expect(state.entries(S.TimelockedWeightCommits, netuid)).toHaveLength(0)
  })

  test('each mechanism has its own', () => {
    const world = dtaoWorld()
    const { state } = world
    const args = { netuid, mecid: 1, ...row }
    const other = call('SubtensorModule.set_mechanism_weights', args)
    expect(errorOf(world.submit(validator, other))).toBe('SubtensorModule.MechanismDoesNotExist')
    const count = { netuid, mechanism_count: 2 }
    const counted = world.sudo(call('AdminUtils.sudo_set_mechanism_count', count))
    expect(errorOf(counted)).toBeUndefined()
    expect(errorOf(world.submit(validator, other))).toBeUndefined()
    expect(errorOf(world.submit(account('//Alice//validator'), other))).toBeUndefined()
    expect(state.entries(S.Weights, indexOf(netuid, 1))).toHaveLength(2)
    world.advance(2 * (state.get(S.Tempo, netuid) + 1))
    expect(state.get(S.Incentive, indexOf(netuid, 1)).some((part) => part > 0)).toBe(true)
  })

  test('take a permit, a seat and stake', () => {
    const world = dtaoWorld()
    const miner = world.state.get(S.Keys, netuid, 12)
    world.state.set(S.StakeThreshold, [], 1_000_000_000_000n)
    expect(world.judge(miner, set)).toEqual({ valid: false, reason: 1 })
    expect(errorOf(world.submit(`0x${'77'.repeat(32)}`, set))).toBe(
      'SubtensorModule.HotKeyNotRegisteredInSubNet',
    )
  })
})
