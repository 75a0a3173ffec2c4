/** Whatever is done at random: no TAO comes from nowhere, none is lost but fees. */
import { describe, expect, test } from 'vitest'
import { stakeOf } from '../../../../src/localnet/runtime/dtao/subtensor/shares.js'
import { S } from '../../../../src/localnet/runtime/dtao/subtensor/storage.js'
import { feeOn } from '../../../../src/localnet/runtime/dtao/swap/engine.js'
import type { Call } from '../../../../src/localnet/runtime/pallet.js'
import { books, type DtaoWorld, dtaoWorld, upgradedWorld } from '../../../support/dtaoWorld.js'
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
/** Root and the subnets that most trades are on; they are seldom dissolved. */
const OLD: readonly number[] = [0, 1, 3, 5]

/** What a walk has to do with, besides people. */
type Steps = { readonly world: DtaoWorld; readonly roll: () => number; readonly step: number }

/** Whether a call needs the sudo key, and the call. */
type Choice = { readonly call: Call; readonly root?: true }

function randomCall({ world: { state }, roll, step }: Steps, who: string): Choice {
  const others = state.entries(S.NetworksAdded).flatMap(([[one]]) => (OLD.includes(one) ? [] : one))
  const pick = <T>(list: readonly T[]) => list[Math.floor(roll() * list.length)] as T
  const sub = (name: string, args: Record<string, unknown>): Choice => ({
    call: call(`SubtensorModule.${name}`, args),
  })
  const balances = (name: string, args: Record<string, unknown>): Choice => ({
    call: call(`Balances.${name}`, args),
  })
  const [hotkey, netuid] = [pick(hotkeys), pick(OLD)]
  const amount = BigInt(Math.floor(10 ** (6 + 6 * roll())))
  const alpha = BigInt(Math.floor(Number(stakeOf(state, hotkey, who, netuid)) * roll() * 1.2))
  const limits = { limit_price: BigInt(Math.floor(roll() * 2e9)), allow_partial: roll() < 0.5 }
  const move = { origin_netuid: netuid, destination_netuid: pick(OLD), alpha_amount: alpha }
  const fresh = `0x${step.toString(16).padStart(64, '7')}`
  const choices: (() => Choice)[] = [
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
    () => balances('transfer_all', { dest: to(pick(people)), keep_alive: roll() < 0.9 }),
    () => balances('transfer_keep_alive', { dest: to(pick(people)), value: amount }),
  ]
  const makers: (() => Choice)[] = [
    () => sub('burned_register', { netuid, hotkey: fresh }),
    () => sub('burned_register', { netuid, hotkey: fresh }),
    () => sub('register_network', { hotkey: fresh }),
    () => sub('start_call', { netuid: pick(others) ?? netuid }),
    () => sub('add_stake', { hotkey, netuid: pick(others) ?? netuid, amount_staked: amount }),
    () => {
      const target = roll() < 0.1 ? netuid : (pick(others) ?? netuid)
      return { ...sub('root_dissolve_network', { netuid: target }), root: true }
    },
  ]
  return pick(roll() < 0.25 ? makers : choices)()
}

/** TAO that nobody gets when a subnet without holders of its alpha ends: the real chain goes on counting it, too. */
function lostWith({ state }: DtaoWorld, netuid: number): bigint {
  const isHeld = state.entries(S.Alpha).some(([[, , one]]) => one === netuid)
  return isHeld ? 0n : state.get(S.SubnetTAO, netuid)
}

const to = (who: string) => ({ type: 'Id', value: who })

/** What of the price of a registration stays in the pool as the fee of the trade. */
const registrationFee = ({ state }: DtaoWorld, netuid: number) =>
  state.get(S.NetworksAdded, netuid) ? feeOn(state, netuid, state.get(S.Burn, netuid)) : 0n

/** How often each call has been carried out in all walks. */
const everDone = new Map<string, number>()

describe.each([
  [1, 'the genesis', () => dtaoWorld()],
  [7, 'the genesis', () => dtaoWorld()],
  [42, 'the genesis', () => dtaoWorld()],
  [2026, 'the genesis', () => dtaoWorld()],
  [3, 'an upgrade at once', () => upgradedWorld(0)],
  [11, 'an upgrade after some epochs', () => upgradedWorld(210)],
] as const)('a random walk (seed %i) from %s', (seed, _, start) => {
  test('keeps the books', { timeout: 60_000 }, () => {
    const world = start()
    const roll = dice(seed)
    const done = new Map<string, number>()
    let [fees, lost] = [0n, 0n]
    const check = (after: string) => {
      const { accounts, balances, pools, totalStake, issuance } = books(world)
      expect(accounts, after).toBe(balances)
      expect(issuance, after).toBe(balances + totalStake + lost)
      expect(pools + fees, after).toBe(totalStake)
    }
    for (let step = 0; step < 160; step++) {
      world.advance()
      check('a block')
      const who = people[Math.floor(roll() * people.length)] as string
      const { call: one, root } = randomCall({ world, roll, step }, who)
      const name = one.name
      const netuid = Number(one.args['netuid'])
      const atStake = name === 'root_dissolve_network' ? lostWith(world, netuid) : 0n
      const fee = name === 'burned_register' ? registrationFee(world, netuid) : 0n
      const signed = root ? call('Sudo.sudo', { call: one }) : one
      const signer = root ? account('//Alice') : who
      if (!world.judge(signer, signed).valid) continue
      const { outcome, events } = world.apply(signer, signed)
      const names = world.names(events)
      if (outcome.ok) done.set(name, (done.get(name) ?? 0) + 1)
      if (names.includes('SubtensorModule.NetworkRemoved')) lost += atStake
      if (names.includes('SubtensorModule.NeuronRegistered')) fees += fee
      for (const { pallet, name, value } of events) {
        if (pallet !== 'SubtensorModule' || name !== 'StakeAdded') continue
        const [, , , , , paid] = value as [string, string, bigint, bigint, number, bigint]
        fees += paid
      }
      check(name)
    }
    expect([...done.values()].reduce((a, b) => a + b, 0)).toBeGreaterThan(30)
    for (const [name, times] of done) everDone.set(name, (everDone.get(name) ?? 0) + times)
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

test('walks come by everything that makes and ends pools', () => {
  for (const name of ['burned_register', 'register_network', 'root_dissolve_network']) {
    expect(everDone.get(name) ?? 0, name).toBeGreaterThan(2)
  }
})
