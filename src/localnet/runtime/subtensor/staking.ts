/** Hotkeys, their owners, delegates and stake. */
import type { RuntimeContext } from '../pallet.js'
import { accountBalance, deposit, tryWithdraw } from '../pallets/balances.js'
import { signedBy } from '../pallets/system.js'
import type { State } from '../state.js'
import { ensure } from './declarations.js'
import { addU64, subU64 } from './fixed.js'
import { S } from './storage.js'

type Context = Pick<RuntimeContext, 'state' | 'emit'>

/** Whether a coldkey has claimed the hotkey. */
export const hotkeyExists = (state: State, hotkey: string): boolean => state.has(S.Owner, hotkey)

/** Whether others may stake to the hotkey. */
export const isDelegate = (state: State, hotkey: string): boolean => state.has(S.Delegates, hotkey)

export function ownsHotkey(state: State, coldkey: string, hotkey: string): boolean {
  return hotkeyExists(state, hotkey) && state.get(S.Owner, hotkey) === coldkey
}

/** Gives a new hotkey to the coldkey; an existing one keeps its owner. */
export function createHotkey(state: State, coldkey: string, hotkey: string): void {
  if (hotkeyExists(state, hotkey)) return
  state.set(S.Stake, [hotkey, coldkey], 0n)
  state.set(S.Owner, [hotkey], coldkey)
}

/** Adds to the supply that the pallet counts, never below 0 nor above 2^64 − 1. */
export function addIssuance(state: State, amount: bigint): void {
  state.set(S.TotalIssuance, [], addU64(state.get(S.TotalIssuance), amount))
}

/** Takes burned RAO out of the supply that the pallet counts. */
export function burn(state: State, amount: bigint): void {
  state.set(S.TotalIssuance, [], subU64(state.get(S.TotalIssuance), amount))
}

/** Adds stake to one entry and to every total, the supply included; 0 creates the entries. */
export function increaseStake(state: State, hotkey: string, coldkey: string, amount: bigint): void {
  moveStake(state, hotkey, coldkey, (old) => addU64(old, amount))
}

/** Takes stake from one entry and from every total, the supply included. */
export function decreaseStake(state: State, hotkey: string, coldkey: string, amount: bigint): void {
  moveStake(state, hotkey, coldkey, (old) => subU64(old, amount))
}

function moveStake(
  state: State,
  hotkey: string,
  coldkey: string,
  change: (old: bigint) => bigint,
): void {
  const { TotalColdkeyStake, TotalHotkeyStake, TotalStake, TotalIssuance } = S
  state.set(TotalColdkeyStake, [coldkey], change(state.get(TotalColdkeyStake, coldkey)))
  state.set(TotalHotkeyStake, [hotkey], change(state.get(TotalHotkeyStake, hotkey)))
  state.set(S.Stake, [hotkey, coldkey], change(state.get(S.Stake, hotkey, coldkey)))
  state.set(TotalStake, [], change(state.get(TotalStake)))
  state.set(TotalIssuance, [], change(state.get(TotalIssuance)))
}

/** Gives all stake on a hotkey back to its coldkeys; the entries stay, at 0. */
export function returnAllStake(context: Context, hotkey: string): void {
  const { state } = context
  for (const [[, coldkey], amount] of state.entries(S.Stake, hotkey)) {
    decreaseStake(state, hotkey, coldkey, amount)
    deposit(context, coldkey, amount)
  }
}

/** One clock per coldkey for staking, delegating and swapping. */
export function ensureTxRate({ state, block }: RuntimeContext, coldkey: string): void {
  const limit = state.get(S.TxRateLimit)
  const last = state.get(S.LastTxBlock, coldkey)
  ensure(limit === 0n || last === 0n || BigInt(block) - last > limit, 'TxRateLimitExceeded')
}

/** Starts the clock of {@link ensureTxRate} anew. */
export function noteTx({ state, block }: RuntimeContext, coldkey: string): void {
  state.set(S.LastTxBlock, [coldkey], BigInt(block))
}

/** Whether the free balance covers the amount, the existential deposit not counted. */
export function canPay(state: State, coldkey: string, amount: bigint): boolean {
  const { free, misc_frozen, fee_frozen } = accountBalance(state, coldkey)
  return amount <= free && free - amount >= misc_frozen && free - amount >= fee_frozen
}

/** Takes an amount from a coldkey that must stay alive. */
export function withdraw(context: Context, coldkey: string, amount: bigint): void {
  ensure(tryWithdraw(context, coldkey, amount), 'BalanceWithdrawalError')
}

export function becomeDelegate(context: RuntimeContext, { hotkey }: { hotkey: string }): undefined {
  const { state } = context
  const coldkey = signedBy(context.origin)
  ensure(hotkeyExists(state, hotkey), 'NotRegistered')
  ensure(ownsHotkey(state, coldkey, hotkey), 'NonAssociatedColdKey')
  ensure(!isDelegate(state, hotkey), 'AlreadyDelegate')
  ensureTxRate(context, coldkey)
  const take = state.get(S.DefaultTake)
  state.set(S.Delegates, [hotkey], take)
  noteTx(context, coldkey)
  context.emit('SubtensorModule', 'DelegateAdded', [coldkey, hotkey, take])
}

export function addStake(
  context: RuntimeContext,
  { hotkey, amount_staked }: { hotkey: string; amount_staked: bigint },
): undefined {
  const { state } = context
  const coldkey = signedBy(context.origin)
  ensure(canPay(state, coldkey, amount_staked), 'NotEnoughBalanceToStake')
  ensureStakable(state, coldkey, hotkey)
  ensureTxRate(context, coldkey)
  withdraw(context, coldkey, amount_staked)
  increaseStake(state, hotkey, coldkey, amount_staked)
  noteTx(context, coldkey)
  context.emit('SubtensorModule', 'StakeAdded', [hotkey, amount_staked])
}

export function removeStake(
  context: RuntimeContext,
  { hotkey, amount_unstaked }: { hotkey: string; amount_unstaked: bigint },
): undefined {
  const { state } = context
  const coldkey = signedBy(context.origin)
  ensureStakable(state, coldkey, hotkey)
  const staked = state.get(S.Stake, hotkey, coldkey)
  ensure(amount_unstaked > 0n && staked >= amount_unstaked, 'NotEnoughStaketoWithdraw')
  ensureTxRate(context, coldkey)
  decreaseStake(state, hotkey, coldkey, amount_unstaked)
  deposit(context, coldkey, amount_unstaked)
  noteTx(context, coldkey)
  context.emit('SubtensorModule', 'StakeRemoved', [hotkey, amount_unstaked])
}

/** The hotkey exists and is either a delegate or the coldkey's own. */
function ensureStakable(state: State, coldkey: string, hotkey: string): void {
  ensure(hotkeyExists(state, hotkey), 'NotRegistered')
  const allowed = isDelegate(state, hotkey) || ownsHotkey(state, coldkey, hotkey)
  ensure(allowed, 'NonAssociatedColdKey')
}
