import { bytesToHex } from '@noble/hashes/utils.js'
import { Keyring } from '@polkadot/keyring'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { describe, expect, test } from 'vitest'
import { DEV_DELEGATES, devDelegateNames } from '../../../src/localnet/genesis/devDelegates.js'
import { DEV_PATHS, devAccount } from '../../../src/localnet/genesis/devKeys.js'
import { genesisSpec, presetNames } from '../../../src/localnet/genesis/presets.js'
import { Collective } from '../../../src/localnet/runtime/pallets/collective.js'
import { senate, triumvirateMembers } from '../../../src/localnet/runtime/pallets/seats.js'
import { Sudo } from '../../../src/localnet/runtime/pallets/sudo.js'
import { S } from '../../../src/localnet/runtime/subtensor/storage.js'
import { call, errorOf, ledger, localWorld, TAO } from '../../support/localWorld.js'

test('the table of development keys holds what the phrase derives', async () => {
  await cryptoWaitReady()
  const keyring = new Keyring({ type: 'sr25519' })
  const derived = DEV_PATHS.map((path) => `0x${bytesToHex(keyring.createFromUri(path).publicKey)}`)
  expect(derived).toEqual(DEV_PATHS.map(devAccount))
  expect(new Set(derived).size).toBe(DEV_PATHS.length)
})

test('presets have names, and an unknown one is a usage error that lists them', () => {
  expect(presetNames('classic')).toEqual(['dev', 'empty', 'large'])
  expect(presetNames('dtao')).toEqual(['dev', 'empty', 'large'])
  expect(() => genesisSpec('nothing')).toThrow(expect.objectContaining({ code: 'USAGE' }))
  expect(() => genesisSpec('toString')).toThrow(expect.objectContaining({ code: 'USAGE' }))
  expect(genesisSpec().name).toBe('dev')
})

test.each(['dev', 'empty'])('%s: the books balance, at block 0 and after 60 blocks', (name) => {
  const world = localWorld(name)
  const start = ledger(world)
  expect(start.accounts).toBe(start.balances)
  expect(start.stakes).toBe(start.totalStake)
  expect(start.byHotkey).toBe(start.totalStake)
  expect(start.byColdkey).toBe(start.totalStake)
  expect(start.issuance).toBe(start.balances + start.totalStake)
  world.advance(60)
  const end = ledger(world)
  expect(end.accounts).toBe(end.balances)
  expect([end.stakes, end.byHotkey, end.byColdkey]).toEqual([
    end.totalStake,
    end.totalStake,
    end.totalStake,
  ])
})

test('empty: funded accounts, the sudo key, root and nothing else', () => {
  const { state, free } = localWorld('empty')
  expect(free(devAccount('//Ferdie'))).toBe(100_000n * TAO)
  expect(state.get(Sudo.Key)).toBe(devAccount('//Alice'))
  expect(state.entries(S.NetworksAdded)).toEqual([[[0], true]])
  expect(state.get(S.TotalNetworks)).toBe(1)
  expect(state.entries(S.Owner)).toEqual([])
})

describe('dev', () => {
  const world = localWorld('dev')
  const { state } = world
  const netuids = [1, 3, 5]

  test('three subnets with neurons that have earned their values', () => {
    expect(state.entries(S.NetworksAdded).map(([[netuid]]) => netuid)).toEqual([0, ...netuids])
    const neurons = netuids.reduce((sum, netuid) => sum + state.get(S.SubnetworkN, netuid), 0)
    expect(neurons).toBe(64)
    for (const netuid of netuids) {
      const some = (values: readonly number[]) => values.filter((one) => one > 0).length
      expect(some(state.get(S.Rank, netuid))).toBeGreaterThan(6)
      expect(some(state.get(S.Dividends, netuid))).toBeGreaterThan(3)
      expect(some(state.get(S.Trust, netuid))).toBeGreaterThan(6)
      expect(state.entries(S.Bonds, netuid).length).toBeGreaterThan(3)
      expect(state.entries(S.Axons, netuid).length).toBeGreaterThan(8)
      expect(state.get(S.ValidatorPermit, netuid)[0]).toBe(true)
      expect(state.get(S.EmissionValues, netuid)).toBeGreaterThan(10_000_000n)
      expect(state.get(S.NetworkPowRegistrationAllowed, netuid)).toBe(true)
      expect(state.get(S.Difficulty, netuid)).toBeLessThanOrEqual(100_000n)
    }
  })

  test('delegates with names and several nominators', () => {
    expect(state.entries(S.Delegates).length).toBe(DEV_DELEGATES.length)
    const names = devDelegateNames()
    for (const [[hotkey]] of state.entries(S.Delegates)) {
      expect(names.get(hotkey)?.name).toBeTruthy()
      expect(state.entries(S.Stake, hotkey).length).toBeGreaterThan(1)
    }
  })

  test('a triumvirate, a senate and two open proposals', () => {
    expect(triumvirateMembers.members(world).length).toBe(3)
    expect(senate.members(world).length).toBe(5)
    const [first, second] = state.get(Collective.Proposals)
    expect(state.get(Collective.Voting, first ?? '')).toMatchObject({ threshold: 3, index: 0 })
    expect(state.get(Collective.Voting, second ?? '')?.ayes.length).toBe(1)
  })

  test('goes on earning: ranks and emission do not die with the next epochs', () => {
    const before = state.get(S.TotalStake)
    world.advance(100)
    for (const netuid of netuids) {
      expect(Math.max(...state.get(S.Rank, netuid))).toBeGreaterThan(3000)
      expect(state.get(S.EmissionValues, netuid)).toBeGreaterThan(10_000_000n)
    }
    expect(state.get(S.TotalStake) - before).toBeGreaterThan(50n * TAO)
  })

  test('anybody can register by burning, again and again', () => {
    for (const path of ['//One', '//Two', '//Judy//miner4'] as const) {
      const args = { netuid: 5, hotkey: devAccount(path) }
      const applied = world.submit(
        devAccount('//Judy'),
        call('SubtensorModule.burned_register', args),
      )
      expect(errorOf(applied)).toBeUndefined()
    }
    expect(state.get(S.SubnetworkN, 5)).toBe(16)
  })
})

test('a spec that breaks a rule is refused with the rule it breaks', () => {
  const spec = genesisSpec('dev')
  const [subnet] = spec.subnets ?? []
  const weights = [{ hotkey: devAccount('//Ivan//miner4'), weights: [[0, 1]] as const }]
  const broken = { ...spec, subnets: subnet ? [{ ...subnet, weights }] : [] }
  expect(() => localWorld(broken)).toThrow(/set_weights: InvalidUid|set_weights: N/)
  expect(() => localWorld({ ...spec, settings: { Nothing: 1 } as object })).toThrow(/Nothing/)
})
