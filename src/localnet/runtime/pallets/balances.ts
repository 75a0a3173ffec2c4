/** Balances: free and reserved RAO, existential deposit, reaping. */
import { checksOf, DispatchFailure } from '../failure.js'
import {
  blake,
  call,
  cost,
  type EventDef,
  errorsInOrder,
  map,
  type Pallet,
  type RuntimeContext,
  storageOf,
  value,
} from '../pallet.js'
import {
  AccountId,
  bool,
  compact,
  fixedBytes,
  struct,
  u32,
  u64,
  type Variant,
  variant,
} from '../scale.js'
import type { State } from '../state.js'
import { addU64, maxBig, subU64, U64_MAX } from '../subtensor/fixed.js'
import { boundedVec, MultiAddress, weakBoundedVec } from '../types.js'
import {
  AccountData,
  type AccountDataValue,
  ensureRoot,
  isEmpty,
  lookup,
  NO_ACCOUNT,
  System,
  signedBy,
  storeAccountData,
} from './system.js'

/** The least an account may hold, in RAO. */
export const EXISTENTIAL_DEPOSIT = 500n

/** What the functions here need of a running call. */
type Context = Pick<RuntimeContext, 'state' | 'emit'>

const Reasons = variant(() => ({ Fee: { index: 0 }, Misc: { index: 1 }, All: { index: 2 } }), {
  path: ['pallet_balances', 'Reasons'],
})
const balanceParam = { name: 'Balance', type: u64 }
const BalanceLock = struct(
  { id: fixedBytes(8), amount: u64, reasons: Reasons },
  { path: ['pallet_balances', 'BalanceLock'], params: [balanceParam] },
)
const ReserveData = struct(
  { id: fixedBytes(8), amount: u64 },
  {
    path: ['pallet_balances', 'ReserveData'],
    params: [{ name: 'ReserveIdentifier', type: fixedBytes(8) }, balanceParam],
  },
)
const BalanceStatus = variant(() => ({ Free: { index: 0 }, Reserved: { index: 1 } }), {
  path: ['frame_support', 'traits', 'tokens', 'misc', 'BalanceStatus'],
})

export const Balances = storageOf('Balances', {
  TotalIssuance: value(u64, 0n),
  InactiveIssuance: value(u64, 0n),
  Account: map([blake(AccountId)], AccountData, NO_ACCOUNT.data),
  Locks: map([blake(AccountId)], weakBoundedVec(BalanceLock), []),
  Reserves: map([blake(AccountId)], boundedVec(ReserveData), []),
})

const whoAmount = { who: AccountId, amount: u64 }
const events: Record<string, EventDef> = {
  Endowed: { index: 0, fields: { account: AccountId, free_balance: u64 } },
  DustLost: { index: 1, fields: { account: AccountId, amount: u64 } },
  Transfer: { index: 2, fields: { from: AccountId, to: AccountId, amount: u64 } },
  BalanceSet: { index: 3, fields: { who: AccountId, free: u64, reserved: u64 } },
  Reserved: { index: 4, fields: whoAmount },
  Unreserved: { index: 5, fields: whoAmount },
  ReserveRepatriated: {
    index: 6,
    fields: { from: AccountId, to: AccountId, amount: u64, destination_status: BalanceStatus },
  },
  Deposit: { index: 7, fields: whoAmount },
  Withdraw: { index: 8, fields: whoAmount },
  Slashed: { index: 9, fields: whoAmount },
}

const ERRORS = [
  'VestingBalance',
  'LiquidityRestrictions',
  'InsufficientBalance',
  'ExistentialDeposit',
  'KeepAlive',
  'ExistingVestingSchedule',
  'DeadAccount',
  'TooManyReserves',
] as const
const { ensure } = checksOf<(typeof ERRORS)[number]>('Balances')

/** Whether an account may vanish by what is taken from it. */
type Liveness = 'keep-alive' | 'allow-death'

/** Free, reserved and frozen balance in RAO. */
export function accountBalance(state: State, who: string): AccountDataValue {
  return state.get(System.Account, who).data
}

const total = (data: AccountDataValue) => addU64(data.free, data.reserved)

/** Changes the supply that Balances counts, within 0 and 2^64 − 1. */
function addIssuance(state: State, change: bigint): void {
  if (change === 0n) return
  const before = state.get(Balances.TotalIssuance)
  const after = change < 0n ? subU64(before, -change) : addU64(before, change)
  state.set(Balances.TotalIssuance, [], after)
}

/** The sum, if 64 bits hold it. */
function checkedSum(a: bigint, b: bigint): bigint {
  if (a + b > U64_MAX) throw new DispatchFailure({ kind: 'arithmetic', error: 'Overflow' })
  return a + b
}

/**
 * Stores a new balance with what follows from it: the announcement of a new account, or the end of one below the
 * existential deposit. Returns the dust, which the caller burns once all accounts are stored.
 */
function store(context: Context, who: string, before: AccountDataValue, after: AccountDataValue) {
  const isNew = isEmpty(before)
  const survives = total(after) >= EXISTENTIAL_DEPOSIT
  storeAccountData(context, who, survives ? after : undefined)
  if (isNew) {
    context.emit('Balances', 'Endowed', { account: who, free_balance: after.free })
  }
  return survives ? 0n : total(after)
}

function burnDust(context: Context, who: string, dust: bigint): void {
  if (dust === 0n) return
  addIssuance(context.state, -dust)
  context.emit('Balances', 'DustLost', { account: who, amount: dust })
}

/**
 * Takes an amount from a free balance and from the supply, as stake and burns do. Raises Withdraw.
 * Reports false, without any change, when the account has too little or may not fall below the deposit.
 */
export function tryWithdraw(context: Context, who: string, amount: bigint): boolean {
  const taken = takeFee(context, who, amount)
  if (taken) addIssuance(context.state, -amount)
  return taken
}

/** As {@link tryWithdraw}, but the amount leaves the supply only when {@link settleFee} says what is kept of it. */
export function takeFee(context: Context, who: string, amount: bigint): boolean {
  if (amount === 0n) return true
  const { data } = context.state.get(System.Account, who)
  const free = data.free - amount
  const wouldDie = free + data.reserved < EXISTENTIAL_DEPOSIT && total(data) >= EXISTENTIAL_DEPOSIT
  const frozen = maxBig(data.misc_frozen, data.fee_frozen)
  if (free < 0n || wouldDie || free < frozen) return false
  context.emit('Balances', 'Withdraw', { who, amount })
  burnDust(context, who, store(context, who, data, { ...data, free }))
  return true
}

/** Gives back what is not kept of a fee, if the account still has a balance, and burns the rest. Returns the rest. */
export function settleFee(context: Context, who: string, taken: bigint, kept: bigint): bigint {
  const back = taken - kept
  const returned = back > 0n && give(context, who, back, 'existing')
  const burned = returned ? kept : taken
  addIssuance(context.state, -burned)
  return burned
}

/** Whether {@link tryWithdraw} would succeed. */
export function canWithdraw(state: State, who: string, amount: bigint): boolean {
  if (amount === 0n) return true
  const data = accountBalance(state, who)
  const left = total(data) - amount
  const aliveNow = total(data) >= EXISTENTIAL_DEPOSIT
  return data.free >= amount && (left >= EXISTENTIAL_DEPOSIT || !aliveNow)
}

/**
 * Adds new money to an account, created if needed. A new account gets nothing below the deposit, and a full one nothing
 * that 64 bits do not hold. Raises Deposit.
 */
export function deposit(context: Context, who: string, amount: bigint): void {
  if (amount > 0n && give(context, who, amount, 'any')) addIssuance(context.state, amount)
}

/** Adds to a free balance; false if the account cannot take it. */
function give(context: Context, who: string, amount: bigint, account: 'any' | 'existing'): boolean {
  const { data } = context.state.get(System.Account, who)
  if (isEmpty(data) && (account === 'existing' || amount < EXISTENTIAL_DEPOSIT)) return false
  if (data.free + amount > U64_MAX) return false
  context.emit('Balances', 'Deposit', { who, amount })
  store(context, who, data, { ...data, free: data.free + amount })
  return true
}

/** Moves free balance; fails in the order of the real pallet's checks. Raises Transfer. */
export function transfer(
  context: Context,
  from: string,
  to: string,
  amount: bigint,
  liveness: Liveness,
): void {
  if (amount === 0n || from === to) return
  const { state } = context
  const source = state.get(System.Account, from)
  const target = state.get(System.Account, to).data
  const left = { ...source.data, free: source.data.free - amount }
  ensure(left.free >= 0n, 'InsufficientBalance')
  const gained = { ...target, free: checkedSum(target.free, amount) }
  ensure(total(gained) >= EXISTENTIAL_DEPOSIT, 'ExistentialDeposit')
  ensure(left.free >= left.misc_frozen, 'LiquidityRestrictions')
  const mayDie = liveness === 'allow-death' && source.consumers === 0
  ensure(mayDie || total(left) >= EXISTENTIAL_DEPOSIT, 'KeepAlive')
  const dust = store(context, from, source.data, left)
  store(context, to, target, gained)
  burnDust(context, from, dust)
  context.emit('Balances', 'Transfer', { from, to, amount })
}

/** Sets free and reserved balance, as root may; both become 0 when together below the deposit. */
export function setBalance(context: Context, who: string, free: bigint, reserved: bigint): void {
  const { data } = context.state.get(System.Account, who)
  const wiped = BigInt.asUintN(64, free + reserved) < EXISTENTIAL_DEPOSIT
  const after = { ...data, free: wiped ? 0n : free, reserved: wiped ? 0n : reserved }
  store(context, who, data, after)
  addIssuance(context.state, after.free - data.free)
  addIssuance(context.state, after.reserved - data.reserved)
  context.emit('Balances', 'BalanceSet', { who, free: after.free, reserved: after.reserved })
}

/** Sets part of the free balance aside. */
export function reserve(context: Context, who: string, amount: bigint): void {
  if (amount === 0n) return
  const { data } = context.state.get(System.Account, who)
  const free = data.free - amount
  ensure(free >= 0n, 'InsufficientBalance')
  ensure(free >= data.misc_frozen, 'LiquidityRestrictions')
  store(context, who, data, { ...data, free, reserved: checkedSum(data.reserved, amount) })
  context.emit('Balances', 'Reserved', { who, amount })
}

/** Frees up to the amount of what was set aside. */
export function unreserve(context: Context, who: string, amount: bigint): void {
  const { data } = context.state.get(System.Account, who)
  if (amount === 0n || isEmpty(data)) return
  const actual = amount < data.reserved ? amount : data.reserved
  const after = { ...data, free: addU64(data.free, actual), reserved: data.reserved - actual }
  store(context, who, data, after)
  context.emit('Balances', 'Unreserved', { who, amount: actual })
}

/** All that `transfer_all` may move. */
function reducible(state: State, who: string, keepAlive: boolean): bigint {
  const { data, consumers } = state.get(System.Account, who)
  const frozen = maxBig(data.misc_frozen, data.fee_frozen)
  const liquid = data.free > frozen ? data.free - frozen : 0n
  if (!keepAlive && consumers === 0) return liquid
  const others = total(data) - liquid
  const stays = EXISTENTIAL_DEPOSIT > others ? EXISTENTIAL_DEPOSIT - others : 0n
  return liquid > stays ? liquid - stays : 0n
}

type TransferArgs = { dest: Variant; value: bigint }

function signedTransfer(context: RuntimeContext, args: TransferArgs, liveness: Liveness) {
  const from = signedBy(context.origin)
  transfer(context, from, lookup(args.dest), args.value, liveness)
  return undefined
}

const calls = {
  transfer: call({
    index: 0,
    args: { dest: MultiAddress, value: compact(u64) },
    weight: cost(48_314_000, 2603, 1, 1),
    run: (context, args) => signedTransfer(context, args, 'allow-death'),
  }),
  set_balance: call({
    index: 1,
    args: { who: MultiAddress, new_free: compact(u64), new_reserved: compact(u64) },
    weight: cost(30_615_000, 2603, 1, 1),
    run(context, args) {
      ensureRoot(context.origin)
      setBalance(context, lookup(args.who), args.new_free, args.new_reserved)
      return undefined
    },
  }),
  force_transfer: call({
    index: 2,
    args: { source: MultiAddress, dest: MultiAddress, value: compact(u64) },
    weight: cost(48_496_000, 5206, 2, 2),
    run(context, args) {
      ensureRoot(context.origin)
      const from = lookup(args.source)
      transfer(context, from, lookup(args.dest), args.value, 'allow-death')
      return undefined
    },
  }),
  transfer_keep_alive: call({
    index: 3,
    args: { dest: MultiAddress, value: compact(u64) },
    weight: cost(37_432_000, 2603, 1, 1),
    run: (context, args) => signedTransfer(context, args, 'keep-alive'),
  }),
  transfer_all: call({
    index: 4,
    args: { dest: MultiAddress, keep_alive: bool },
    weight: cost(42_950_000, 2603, 1, 1),
    run(context, { dest, keep_alive }) {
      const from = signedBy(context.origin)
      const amount = reducible(context.state, from, keep_alive)
      transfer(context, from, lookup(dest), amount, keep_alive ? 'keep-alive' : 'allow-death')
      return undefined
    },
  }),
  force_unreserve: call({
    index: 5,
    args: { who: MultiAddress, amount: u64 },
    weight: cost(23_951_000, 2603, 1, 1),
    run(context, { who, amount }) {
      ensureRoot(context.origin)
      unreserve(context, lookup(who), amount)
      return undefined
    },
  }),
}

export const balancesPallet: Pallet = {
  name: 'Balances',
  index: 5,
  crate: 'pallet_balances',
  generics: { call: ['T', 'I'], event: ['T', 'I'], error: ['T', 'I'] },
  storage: Balances,
  calls,
  events,
  errors: errorsInOrder(ERRORS),
  constants: {
    ExistentialDeposit: { type: u64, value: EXISTENTIAL_DEPOSIT },
    MaxLocks: { type: u32, value: 50 },
    MaxReserves: { type: u32, value: 0 },
  },
}
