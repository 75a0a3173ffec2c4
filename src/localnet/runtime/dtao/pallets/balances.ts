/** Balances of spec 343: free, reserved and frozen RAO by the rules of fungible tokens. */
import { checksOf, DispatchFailure } from '../../failure.js'
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
} from '../../pallet.js'
import { EXISTENTIAL_DEPOSIT } from '../../pallets/balances.js'
import { ensureRoot, lookup, signedBy } from '../../pallets/system.js'
import {
  AccountId,
  bool,
  compact,
  fixedBytes,
  type ScaleType,
  struct,
  u32,
  u64,
  type Variant,
  variant,
  vec,
} from '../../scale.js'
import type { State } from '../../state.js'
import { boundedVec, MultiAddress, weakBoundedVec } from '../../types.js'
import {
  AccountData,
  type AccountDataValue,
  canDropProvider,
  NO_DATA,
  System,
  storeAccount,
} from './system.js'

/** What the functions here need of a running call. */
type Context = Pick<RuntimeContext, 'state' | 'emit'>

const plain = (path: string[], ...names: string[]) =>
  variant(() => Object.fromEntries(names.map((name, index) => [name, { index }])), { path })
const balanceParam = { name: 'Balance', type: u64 }
const types = (name: string) => ['pallet_balances', 'types', name]

const BalanceLock = struct(
  { id: fixedBytes(8), amount: u64, reasons: plain(types('Reasons'), 'Fee', 'Misc', 'All') },
  { path: types('BalanceLock'), params: [balanceParam] },
)
const ReserveData = struct(
  { id: fixedBytes(8), amount: u64 },
  {
    path: types('ReserveData'),
    params: [{ name: 'ReserveIdentifier', type: fixedBytes(8) }, balanceParam],
  },
)
const BalanceStatus = plain(
  ['frame_support', 'traits', 'tokens', 'misc', 'BalanceStatus'],
  'Free',
  'Reserved',
)
const AdjustmentDirection = plain(types('AdjustmentDirection'), 'Increase', 'Decrease')

/** Why an amount is held, by pallet. */
const HoldReason = variant(
  () => {
    const reason = (crate: string, ...names: string[]) => [
      plain([crate, 'pallet', 'HoldReason'], ...names),
    ]
    return {
      Preimage: { index: 14, fields: reason('pallet_preimage', 'Preimage') },
      Registry: { index: 17, fields: reason('pallet_registry', 'RegistryIdentity') },
      SafeMode: { index: 20, fields: reason('pallet_safe_mode', 'EnterOrExtend') },
      Contracts: {
        index: 29,
        fields: reason('pallet_contracts', 'CodeUploadDepositReserve', 'StorageDepositReserve'),
      },
    }
  },
  { path: ['node_subtensor_runtime', 'RuntimeHoldReason'] },
)
const FreezeReason: ScaleType<Variant> = variant(() => ({}), {
  path: ['node_subtensor_runtime', 'RuntimeFreezeReason'],
})
const idAmount = (id: ScaleType<Variant>) =>
  struct(
    { id, amount: u64 },
    {
      path: ['frame_support', 'traits', 'tokens', 'misc', 'IdAmount'],
      params: [{ name: 'Id', type: id }, balanceParam],
    },
  )

export const Balances = storageOf('Balances', {
  TotalIssuance: value(u64, 0n),
  InactiveIssuance: value(u64, 0n),
  Account: map([blake(AccountId)], AccountData, NO_DATA),
  Locks: map([blake(AccountId)], weakBoundedVec(BalanceLock), []),
  Reserves: map([blake(AccountId)], boundedVec(ReserveData), []),
  Holds: map([blake(AccountId)], boundedVec(idAmount(HoldReason)), []),
  Freezes: map([blake(AccountId)], boundedVec(idAmount(FreezeReason)), []),
})

const whoAmount = { who: AccountId, amount: u64 }
const fieldsByEvent: Record<string, EventDef['fields']> = {
  Endowed: { account: AccountId, free_balance: u64 },
  DustLost: { account: AccountId, amount: u64 },
  Transfer: { from: AccountId, to: AccountId, amount: u64 },
  BalanceSet: { who: AccountId, free: u64 },
  Reserved: whoAmount,
  Unreserved: whoAmount,
  ReserveRepatriated: {
    from: AccountId,
    to: AccountId,
    amount: u64,
    destination_status: BalanceStatus,
  },
  Deposit: whoAmount,
  Withdraw: whoAmount,
  Slashed: whoAmount,
  Minted: whoAmount,
  Burned: whoAmount,
  Suspended: whoAmount,
  Restored: whoAmount,
  Upgraded: { who: AccountId },
  Issued: { amount: u64 },
  Rescinded: { amount: u64 },
  Locked: whoAmount,
  Unlocked: whoAmount,
  Frozen: whoAmount,
  Thawed: whoAmount,
  TotalIssuanceForced: { old: u64, new: u64 },
}
const events = Object.fromEntries(
  Object.entries(fieldsByEvent).map(([name, fields], index) => [name, { index, fields }]),
)

const ERRORS = [
  'VestingBalance',
  'LiquidityRestrictions',
  'InsufficientBalance',
  'ExistentialDeposit',
  'Expendability',
  'ExistingVestingSchedule',
  'DeadAccount',
  'TooManyReserves',
  'TooManyHolds',
  'TooManyFreezes',
  'IssuanceDeactivated',
  'DeltaZero',
] as const
const { ensure } = checksOf<(typeof ERRORS)[number]>('Balances')

const U64_MAX = (1n << 64n) - 1n

type TokenErrorName =
  | 'FundsUnavailable'
  | 'OnlyProvider'
  | 'BelowMinimum'
  | 'Frozen'
  | 'NotExpendable'

function failToken(error: TokenErrorName): never {
  throw new DispatchFailure({ kind: 'token', error })
}

/** Whether an account may vanish by what is taken from it. */
export type Preservation = 'expendable' | 'preserve'

/** Free and reserved balance of an account in RAO. */
export const balanceOf = (state: State, who: string): AccountDataValue =>
  state.get(System.Account, who).data

function addIssuance(state: State, change: bigint): void {
  state.set(Balances.TotalIssuance, [], state.get(Balances.TotalIssuance) + change)
}

/**
 * Stores a balance with what follows from it: the account's references, its announcement when it is new, its end when
 * nothing of the deposit is left. What is lost by that leaves the supply.
 */
function store(context: Context, who: string, data: AccountDataValue): void {
  const account = context.state.get(System.Account, who)
  const provided = account.data.free >= EXISTENTIAL_DEPOSIT
  const provides = data.free >= EXISTENTIAL_DEPOSIT
  const consumed = account.data.reserved > 0n || account.data.frozen > 0n
  const consumes = data.reserved > 0n || data.frozen > 0n
  const isDust = !provides && data.reserved === 0n
  storeAccount(context, who, {
    ...account,
    providers: account.providers + Number(provides) - Number(provided),
    consumers: account.consumers + Number(consumes) - Number(consumed),
    data: isDust ? NO_DATA : data,
  })
  if (!provided && provides && account.data.reserved === 0n) {
    context.emit('Balances', 'Endowed', { account: who, free_balance: data.free })
  }
  if (isDust && data.free > 0n) {
    context.emit('Balances', 'DustLost', { account: who, amount: data.free })
    addIssuance(context.state, -data.free)
  }
}

const addFree = (context: Context, who: string, change: bigint): void => {
  const data = balanceOf(context.state, who)
  store(context, who, { ...data, free: data.free + change })
}

/** What may be taken at most, RAO. */
export function reducible(state: State, who: string, preservation: Preservation): bigint {
  const account = state.get(System.Account, who)
  const { free, reserved, frozen } = account.data
  const locked = frozen > reserved ? frozen - reserved : 0n
  const mayDie = preservation === 'expendable' && canDropProvider(account)
  const stays = mayDie || locked > EXISTENTIAL_DEPOSIT ? locked : EXISTENTIAL_DEPOSIT
  return free > stays ? free - stays : 0n
}

/** Why an amount may not be taken, undefined when it may. */
function withdrawProblem(
  state: State,
  who: string,
  amount: bigint,
  preservation: Preservation,
): TokenErrorName | undefined {
  if (amount === 0n) return undefined
  const account = state.get(System.Account, who)
  if (account.data.free < amount) return 'FundsUnavailable'
  const { frozen, reserved, free } = account.data
  const locked = frozen > reserved ? frozen - reserved : 0n
  if (free - amount < locked) return 'Frozen'
  if (free - amount >= EXISTENTIAL_DEPOSIT) return undefined
  if (!canDropProvider(account)) return 'OnlyProvider'
  return preservation === 'preserve' ? 'NotExpendable' : undefined
}

/** Whether {@link tryWithdraw} would succeed. */
export function canWithdraw(state: State, who: string, amount: bigint): boolean {
  return withdrawProblem(state, who, amount, 'preserve') === undefined
}

/**
 * Takes an amount from an account that must stay alive, and from the supply. Raises Withdraw. Reports false, without
 * any change, when it cannot.
 */
export function tryWithdraw(
  context: Context,
  who: string,
  amount: bigint,
  preservation: Preservation = 'preserve',
): boolean {
  if (amount === 0n) return true
  if (withdrawProblem(context.state, who, amount, preservation)) return false
  addFree(context, who, -amount)
  addIssuance(context.state, -amount)
  context.emit('Balances', 'Withdraw', { who, amount })
  return true
}

/** Adds new money to an account, created if needed; below the deposit a new account gets nothing. Raises Deposit. */
export function deposit(context: Context, who: string, amount: bigint): void {
  const { free } = balanceOf(context.state, who)
  if (amount === 0n || free + amount < EXISTENTIAL_DEPOSIT) return
  addFree(context, who, amount)
  addIssuance(context.state, amount)
  context.emit('Balances', 'Deposit', { who, amount })
}

/** Moves free balance; fails in the order of the real pallet's checks. Raises Transfer. */
export function transfer(
  context: Context,
  from: string,
  to: string,
  amount: bigint,
  preservation: Preservation,
): void {
  const { state } = context
  const problem = withdrawProblem(state, from, amount, preservation)
  if (problem) failToken(problem)
  const arrives = balanceOf(state, to).free + amount
  if (amount > 0n && arrives < EXISTENTIAL_DEPOSIT) failToken('BelowMinimum')
  if (from === to) return
  if (amount > 0n) {
    addFree(context, from, -amount)
    addFree(context, to, amount)
  }
  context.emit('Balances', 'Transfer', { from, to, amount })
}

/** Sets part of the free balance aside. */
export function reserve(context: Context, who: string, amount: bigint): void {
  if (amount === 0n) return
  const data = balanceOf(context.state, who)
  const free = data.free - amount
  ensure(free >= 0n, 'InsufficientBalance')
  ensure(free >= EXISTENTIAL_DEPOSIT, 'LiquidityRestrictions')
  store(context, who, { ...data, free, reserved: data.reserved + amount })
  context.emit('Balances', 'Reserved', { who, amount })
}

/** Frees up to the amount of what was set aside. */
export function unreserve(context: Context, who: string, amount: bigint): void {
  const data = balanceOf(context.state, who)
  const actual = amount < data.reserved ? amount : data.reserved
  if (actual === 0n) return
  store(context, who, { ...data, free: data.free + actual, reserved: data.reserved - actual })
  context.emit('Balances', 'Unreserved', { who, amount: actual })
}

function signedTransfer(
  context: RuntimeContext,
  args: { dest: Variant; value: bigint },
  preservation: Preservation,
): undefined {
  const from = signedBy(context.origin)
  transfer(context, from, lookup(args.dest), args.value, preservation)
}

const calls = {
  transfer_allow_death: call({
    index: 0,
    args: { dest: MultiAddress, value: compact(u64) },
    weight: cost(48_363_000, 3593, 1, 1),
    run: (context, args) => signedTransfer(context, args, 'expendable'),
  }),
  force_transfer: call({
    index: 2,
    args: { source: MultiAddress, dest: MultiAddress, value: compact(u64) },
    weight: cost(49_944_000, 6196, 2, 2),
    run(context, args): undefined {
      ensureRoot(context.origin)
      transfer(context, lookup(args.source), lookup(args.dest), args.value, 'expendable')
    },
  }),
  transfer_keep_alive: call({
    index: 3,
    args: { dest: MultiAddress, value: compact(u64) },
    weight: cost(38_159_000, 3593, 1, 1),
    run: (context, args) => signedTransfer(context, args, 'preserve'),
  }),
  transfer_all: call({
    index: 4,
    args: { dest: MultiAddress, keep_alive: bool },
    weight: cost(47_385_000, 3593, 1, 1),
    run(context, { dest, keep_alive }): undefined {
      const from = signedBy(context.origin)
      const preservation = keep_alive ? 'preserve' : 'expendable'
      const amount = reducible(context.state, from, preservation)
      transfer(context, from, lookup(dest), amount, preservation)
    },
  }),
  force_unreserve: call({
    index: 5,
    args: { who: MultiAddress, amount: u64 },
    weight: cost(17_233_000, 3593, 1, 1),
    run(context, { who, amount }): undefined {
      ensureRoot(context.origin)
      unreserve(context, lookup(who), amount)
    },
  }),
  upgrade_accounts: call({
    index: 6,
    args: { who: vec(AccountId) },
    weight: cost(16_588_000, 990),
    run({ origin }): undefined {
      signedBy(origin)
    },
  }),
  force_set_balance: call({
    index: 8,
    args: { who: MultiAddress, new_free: compact(u64) },
    weight: cost(19_929_000, 3593, 1, 1),
    run(context, args): undefined {
      ensureRoot(context.origin)
      const who = lookup(args.who)
      const data = balanceOf(context.state, who)
      const free = args.new_free < EXISTENTIAL_DEPOSIT ? 0n : args.new_free
      store(context, who, { ...data, free })
      addIssuance(context.state, free - data.free)
      context.emit('Balances', 'BalanceSet', { who, free })
    },
  }),
  force_adjust_total_issuance: call({
    index: 9,
    args: { direction: AdjustmentDirection, delta: compact(u64) },
    weight: cost(6_594_000),
    run(context, { direction, delta }): undefined {
      ensureRoot(context.origin)
      ensure(delta > 0n, 'DeltaZero')
      const old = context.state.get(Balances.TotalIssuance)
      const sum = direction.type === 'Increase' ? old + delta : old - delta
      const issuance = sum < 0n ? 0n : sum > U64_MAX ? U64_MAX : sum
      context.state.set(Balances.TotalIssuance, [], issuance)
      context.emit('Balances', 'TotalIssuanceForced', { old, new: issuance })
    },
  }),
  burn: call({
    index: 10,
    args: { value: compact(u64), keep_alive: bool },
    weight: cost(30_968_000),
    run(context, args): undefined {
      const who = signedBy(context.origin)
      const preservation = args.keep_alive ? 'preserve' : 'expendable'
      if (reducible(context.state, who, preservation) < args.value) failToken('FundsUnavailable')
      addFree(context, who, -args.value)
      addIssuance(context.state, -args.value)
      context.emit('Balances', 'Burned', { who, amount: args.value })
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
    MaxReserves: { type: u32, value: 50 },
    MaxFreezes: { type: u32, value: 50 },
  },
}
