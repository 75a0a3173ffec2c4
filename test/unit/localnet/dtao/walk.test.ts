/** Whatever is done at random: no TAO comes from nowhere, none is lost but fees. */
import { describe, expect, test } from 'vitest'
import { stakeOf } from '../../../../src/localnet/runtime/dtao/subtensor/shares.js'
import { S } from '../../../../src/localnet/runtime/dtao/subtensor/storage.js'
import type { Call } from '../../../../src/localnet/runtime/pallet.js'
import { books, type DtaoWorld, dtaoWorld } from '../../../support/dtaoWorld.js'
import { account, call } from '../../../support/localWorld.js'

/** Numbers from 0 to 1 that a seed decides. */
function dice(seed: number): () => number {
  let x = seed
  return () => {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    return (x >>> 0) / 2 ** 32
  }
}

const people = (['//Alice', '//Bob', '//Charlie', '//Dave', '//Eve', '//One'] as const).map(account)
const hotkeys = (['//Alice//validator', '//Bob//validator', '//Dave//validator'] as const).map(
  account,
)
const netuids = [0, 1, 3, 5]

function randomCall({ state }: DtaoWorld, roll: () => number, who: string): Call {
  const pick = <T>(list: readonly T[]) => list[Math.floor(roll() * list.length)] as T
  const sub = (name: string, args: Record<string, unknown>) => call(`SubtensorModule.${name}`, args)
  const [hotkey, netuid] = [pick(hotkeys), pick(netuids)]
  const amount = BigInt(Math.floor(10 ** (6 + 6 * roll())))
  const alpha = BigInt(Math.floor(Number(stakeOf(state, hotkey, who, netuid)) * roll() * 1.2))
  const limits = { limit_price: BigInt(Math.floor(roll() * 2e9)), allow_partial: roll() < 0.5 }
  const move = { origin_netuid: netuid, destination_netuid: pick(netuids), alpha_amount: alpha }
  const choices: (() => Call)[] = [
    () => sub('add_stake', { hotkey, netuid, amount_staked: amount }),
    () => sub('remove_stake', { hotkey, netuid, amount_unstaked: alpha }),
    () => sub('add_stake_limit', { hotkey, netuid, amount_staked: amount, ...limits }),
    () => sub('remove_stake_limit', { hotkey, netuid, amount_unstaked: alpha, ...limits }),
    () => sub('move_stake', { origin_hotkey: hotkey, destination_hotkey: pick(hotkeys), ...move }),
    () => sub('transfer_stake', { destination_coldkey: pick(people), hotkey, ...move }),
    () => sub('swap_stake', { hotkey, ...move }),
    () => sub('swap_stake_limit', { hotkey, ...move, ...limits }),
    () => sub('unstake_all_alpha', { hotkey }),
    () => sub('unstake_all', { hotkey }),
    () => sub('claim_root', { subnets: [1, 3] }),
    () => sub('recycle_alpha', { hotkey, amount: alpha, netuid }),
    () => call('Balances.transfer_all', { dest: to(pick(people)), keep_alive: roll() < 0.9 }),
    () => call('Balances.transfer_keep_alive', { dest: to(pick(people)), value: amount }),
  ]
  return pick(choices)()
}

const to = (who: string) => ({ type: 'Id', value: who })

describe.each([1, 7, 42, 2026])('a random walk (seed %i)', (seed) => {
  test('keeps the books', { timeout: 60_000 }, () => {
    const world = dtaoWorld()
    const roll = dice(seed)
    let done = 0
    let fees = 0n
    for (let i = 0; i < 120; i++) {
      world.advance()
      const who = people[Math.floor(roll() * people.length)] as string
      const one = randomCall(world, roll, who)
      if (!world.judge(who, one).valid) continue
      const { outcome, events } = world.apply(who, one)
      if (outcome.ok) done++
      for (const { pallet, name, value } of events) {
        if (pallet !== 'SubtensorModule' || name !== 'StakeAdded') continue
        const [, , , , , fee] = value as [string, string, bigint, bigint, number, bigint]
        fees += fee
      }
      const { accounts, balances, pools, totalStake, issuance } = books(world)
      expect(accounts, one.name).toBe(balances)
      expect(issuance, one.name).toBe(balances + totalStake)
      expect(pools + fees, one.name).toBe(totalStake)
    }
    expect(done).toBeGreaterThan(30)
    for (const [keys, alpha] of world.state.entries(S.TotalHotkeyAlpha)) {
      const [hotkey, netuid] = keys
      const stakers = world.state.entries(S.Alpha, hotkey).filter(([[, , on]]) => on === netuid)
      const held = stakers.reduce(
        (sum, [[, coldkey]]) => sum + stakeOf(world.state, hotkey, coldkey, netuid),
        0n,
      )
      expect(held <= alpha + 10n, `${hotkey} on ${netuid}`).toBe(true)
    }
  })
})
