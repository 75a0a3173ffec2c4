/** New TAO: the owner's cut, what waits for the next epoch, and the payout of the last one. */
import type { RuntimeContext } from '../pallet.js'
import { deposit } from '../pallets/balances.js'
import type { State } from '../state.js'
import { runEpoch } from './epochStore.js'
import { div64, mul64 } from './fixed.js'
import { ROOT } from './registration.js'
import { isEpochBlock } from './schedule.js'
import { addIssuance, increaseStake, isDelegate } from './staking.js'
import { S } from './storage.js'

/** Pays what the epochs of the block before have loaded. */
export function payLoadedEmission(state: State): void {
  for (const [[netuid]] of state.entries(S.Tempo)) {
    const loaded = state.get(S.LoadedEmission, netuid)
    if (!loaded) continue
    let paid = 0n
    for (const [hotkey, server, validator] of loaded) {
      payHotkey(state, hotkey, server, validator)
      paid += server + validator
    }
    state.remove(S.LoadedEmission, netuid)
    addIssuance(state, paid)
  }
}

/** A part of 65535 of an amount, with 64 fractional bits in between. */
export function takeOf(take: number, amount: bigint): bigint {
  return mul64(div64(BigInt(take), 65_535n), amount)
}

/**
 * Splits what a hotkey earned: a delegate's dividends, less its take, go to its nominators by stake. More may be handed
 * out than there is, for a hotkey with fewer RAO in total than in its entries (see swap_hotkey); then the remainder is
 * what an unsigned 64-bit difference is.
 */
function payHotkey(state: State, hotkey: string, server: bigint, validator: bigint): void {
  const owner = state.get(S.Owner, hotkey)
  if (!isDelegate(state, hotkey)) {
    increaseStake(state, hotkey, owner, server + validator)
    return
  }
  const total = state.get(S.TotalHotkeyStake, hotkey)
  const take = takeOf(state.get(S.Delegates, hotkey), validator)
  const shared = validator - take
  let rest = shared
  for (const [[, coldkey], stake] of state.entries(S.Stake, hotkey)) {
    const part = total === 0n ? 0n : mul64(shared, div64(stake, total))
    increaseStake(state, hotkey, coldkey, part)
    rest -= part
  }
  increaseStake(state, hotkey, owner, BigInt.asUintN(64, take + rest))
  increaseStake(state, hotkey, owner, server)
}

/** Queues this block's emission of every subnet but root, and runs the epochs that are due. */
export function generateEmission(context: RuntimeContext): void {
  const { state, block } = context
  for (const [[netuid], tempo] of state.entries(S.Tempo)) {
    if (netuid === ROOT) continue
    const rest = payOwner(context, netuid, state.get(S.EmissionValues, netuid))
    const pending = state.get(S.PendingEmission, netuid) + rest
    state.set(S.PendingEmission, [netuid], pending)
    if (isEpochBlock(netuid, tempo, block)) loadEpoch(state, netuid, block, pending)
    else {
      const since = state.get(S.BlocksSinceLastStep, netuid)
      state.set(S.BlocksSinceLastStep, [netuid], since + 1n)
    }
  }
}

/** Pays the owner's cut of the emission; returns the rest. Both are cut to whole RAO, so one may vanish. */
function payOwner(context: RuntimeContext, netuid: number, emission: bigint): bigint {
  const { state } = context
  if (!state.has(S.SubnetOwner, netuid)) return emission
  const cut = ((emission * BigInt(state.get(S.SubnetOwnerCut))) << 32n) / 65_535n
  deposit(context, state.get(S.SubnetOwner, netuid), cut >> 32n)
  addIssuance(state, cut >> 32n)
  return ((emission << 32n) - cut) >> 32n
}

function loadEpoch(state: State, netuid: number, block: number, emission: bigint): void {
  state.set(S.PendingEmission, [netuid], 0n)
  const tuples = runEpoch(state, netuid, block, emission)
  const sum = tuples.reduce((all, [, server, validator]) => all + server + validator, 0n)
  if (sum > emission) return
  const left = state.get(S.LoadedEmission, netuid) ?? []
  state.set(S.LoadedEmission, [netuid], [...tuples, ...left])
  state.set(S.BlocksSinceLastStep, [netuid], 0n)
  state.set(S.LastMechansimStepBlock, [netuid], BigInt(block))
}
