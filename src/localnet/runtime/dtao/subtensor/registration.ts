/** Registration by proof of work or by burning, on subnets and on root, and the faucet. */
import { bytesToHex } from '@noble/hashes/utils.js'
import type { RuntimeContext } from '../../pallet.js'
import { System, signedBy } from '../../pallets/system.js'
import type { State } from '../../state.js'
import { createSeal } from '../../subtensor/seal.js'
import { deposit } from '../pallets/balances.js'
import { ensure, fail } from './errors.js'
import { createHotkey, ownsHotkey } from './keys.js'
import { appendNeuron, placeNeuron, replaceNeuron } from './neurons.js'
import { addIssuance, buyAlpha, canPay, ROOT, recycleAlpha, withdraw } from './pool.js'
import { hotkeyStake } from './shares.js'
import { S } from './storage.js'

/** For how many blocks work is good, the block it names being the first. */
const WORK_LIFETIME = 3n

type RegisterArgs = {
  netuid: number
  block_number: bigint
  nonce: bigint
  work: Uint8Array
  hotkey: string
  coldkey: string
}

export function register(context: RuntimeContext, args: RegisterArgs): undefined {
  const { state } = context
  const { netuid, hotkey, coldkey } = args
  ensure(signedBy(context.origin) === hotkey, 'TransactorAccountShouldBeHotKey')
  ensureOpen(state, netuid, S.NetworkPowRegistrationAllowed)
  ensureSpace(state, netuid, hotkey)
  useWork(context, args, hotkey, state.get(S.Difficulty, netuid))
  claim(state, netuid, coldkey, hotkey)
  const uid = placeNeuron(context, netuid, hotkey)
  const pow = S.POWRegistrationsThisInterval
  state.set(pow, [netuid], state.get(pow, netuid) + 1)
  countRegistration(state, netuid)
  context.emit('SubtensorModule', 'NeuronRegistered', [netuid, uid, hotkey])
}

export function burnedRegister(
  context: RuntimeContext,
  { netuid, hotkey }: { netuid: number; hotkey: string },
): undefined {
  const { state } = context
  const coldkey = signedBy(context.origin)
  ensureOpen(state, netuid, S.NetworkRegistrationAllowed)
  ensureSpace(state, netuid, hotkey)
  const price = state.get(S.Burn, netuid)
  ensure(canPay(state, coldkey, price), 'NotEnoughBalanceToStake')
  claim(state, netuid, coldkey, hotkey)
  const paid = withdraw(context, coldkey, price)
  recycleAlpha(state, netuid, buyAlpha(state, netuid, paid).paidOut)
  const uid = placeNeuron(context, netuid, hotkey)
  const burned = S.BurnRegistrationsThisInterval
  state.set(burned, [netuid], state.get(burned, netuid) + 1)
  countRegistration(state, netuid)
  const recycled = state.get(S.RAORecycledForRegistration, netuid) + price
  state.set(S.RAORecycledForRegistration, [netuid], recycled)
  context.emit('SubtensorModule', 'RAORecycledForRegistrationSet', [netuid, recycled])
  context.emit('SubtensorModule', 'NeuronRegistered', [netuid, uid, hotkey])
}

/** As {@link burnedRegister}, unless that costs more than `limit_price` RAO by now. */
export function registerLimit(
  context: RuntimeContext,
  args: { netuid: number; hotkey: string; limit_price: bigint },
): undefined {
  const { state } = context
  ensure(args.netuid !== ROOT, 'RegistrationNotPermittedOnRootSubnet')
  ensure(state.get(S.NetworksAdded, args.netuid), 'SubnetNotExists')
  ensure(state.get(S.Burn, args.netuid) <= args.limit_price, 'RegistrationPriceLimitExceeded')
  burnedRegister(context, args)
}

function ensureOpen(
  state: State,
  netuid: number,
  allowed: typeof S.NetworkRegistrationAllowed,
): void {
  ensure(netuid !== ROOT, 'RegistrationNotPermittedOnRootSubnet')
  ensure(state.get(S.NetworksAdded, netuid), 'SubnetNotExists')
  ensure(state.get(allowed, netuid), 'SubNetRegistrationDisabled')
}

/** The limits per block and per interval, and that the hotkey is new to the subnet. */
function ensureSpace(state: State, netuid: number, hotkey: string): void {
  const thisBlock = state.get(S.RegistrationsThisBlock, netuid)
  const perBlock = state.get(S.MaxRegistrationsPerBlock, netuid)
  ensure(thisBlock < perBlock, 'TooManyRegistrationsThisBlock')
  ensure(!intervalIsFull(state, netuid), 'TooManyRegistrationsThisInterval')
  ensure(!state.has(S.Uids, netuid, hotkey), 'HotKeyAlreadyRegisteredInSubNet')
}

/** Whether three times as many as wanted have registered since the last adjustment. */
export function intervalIsFull(state: State, netuid: number): boolean {
  const target = state.get(S.TargetRegistrationsPerInterval, netuid)
  return state.get(S.RegistrationsThisInterval, netuid) >= 3 * target
}

/** Gives the hotkey to the coldkey, or makes sure that it has it. */
function claim(state: State, netuid: number, coldkey: string, hotkey: string): void {
  createHotkey(state, coldkey, hotkey)
  ensure(ownsHotkey(state, coldkey, hotkey), 'NonAssociatedColdKey')
  ensure(state.get(S.MaxAllowedUids, netuid) !== 0, 'NoNeuronIdAvailable')
}

/** Counts a registration of any kind. */
function countRegistration(state: State, netuid: number): void {
  for (const item of [S.RegistrationsThisInterval, S.RegistrationsThisBlock]) {
    state.set(item, [netuid], state.get(item, netuid) + 1)
  }
}

/** Takes a seat on root, if need be that of the member with the least stake. */
export function rootRegister(context: RuntimeContext, { hotkey }: { hotkey: string }): undefined {
  const { state } = context
  ensure(state.get(S.NetworksAdded, ROOT), 'RootNetworkDoesNotExist')
  const coldkey = signedBy(context.origin)
  ensureSpace(state, ROOT, hotkey)
  createHotkey(state, coldkey, hotkey)
  const uid = takeRootSeat(context, hotkey)
  countRegistration(state, ROOT)
  context.emit('SubtensorModule', 'NeuronRegistered', [ROOT, uid, hotkey])
}

/** Take of a hotkey that becomes a delegate by joining root: 18 %. */
const ROOT_TAKE = 11_796

/** Seats a hotkey on root and makes it a delegate; returns the uid. */
export function takeRootSeat(
  context: Pick<RuntimeContext, 'state' | 'block'>,
  hotkey: string,
): number {
  const { state } = context
  const uid = freeRootSeat(context, hotkey)
  if (!state.has(S.Delegates, hotkey)) state.set(S.Delegates, [hotkey], ROOT_TAKE)
  return uid
}

function freeRootSeat(context: Pick<RuntimeContext, 'state' | 'block'>, hotkey: string): number {
  const { state } = context
  const n = state.get(S.SubnetworkN, ROOT)
  if (n < state.get(S.MaxAllowedUids, ROOT)) {
    appendNeuron(context, ROOT, hotkey)
    return n
  }
  const members = state
    .entries(S.Keys, ROOT)
    .map(([[, uid], key]) => ({ uid, stake: hotkeyStake(state, key, ROOT) }))
  const poorest = members.reduce((a, b) => (b.stake < a.stake ? b : a))
  ensure(poorest.stake < hotkeyStake(state, hotkey, ROOT), 'StakeTooLowForRoot')
  replaceNeuron(context, ROOT, poorest.uid, hotkey)
  return poorest.uid
}

type Work = Pick<RegisterArgs, 'block_number' | 'nonce' | 'work'>

/** Checks a seal for an account and notes it as used. */
function useWork(
  { state, block }: RuntimeContext,
  { block_number, nonce, work }: Work,
  account: string,
  difficulty: bigint,
): void {
  const age = BigInt(block) - block_number
  ensure(age >= 0n && age < WORK_LIFETIME, 'InvalidWorkBlock')
  ensure(work.length === 32 && meetsDifficulty(work, difficulty), 'InvalidDifficulty')
  const blockHash = state.get(System.BlockHash, Number(block_number))
  const given = `0x${bytesToHex(work)}`
  ensure(createSeal(blockHash, account, nonce) === given, 'InvalidSeal')
  state.set(S.UsedWork, [work], BigInt(block))
}

/** Whether a seal, read as a little-endian integer since spec 2xx, times the difficulty stays below 2^256. */
export function meetsDifficulty(seal: Uint8Array, difficulty: bigint): boolean {
  const value = BigInt(`0x${bytesToHex(seal.toReversed())}`)
  return (value * difficulty) >> 256n === 0n
}

const FAUCET_DIFFICULTY = 1_000_000n
const FAUCET_AMOUNT = 1_000_000_000_000n

/** 1000 TAO for work on the coldkey itself, on chains that have a faucet. */
export function faucet(enabled: boolean) {
  return (context: RuntimeContext, work: Work): undefined => {
    if (!enabled) fail('FaucetDisabled')
    const coldkey = signedBy(context.origin)
    useWork(context, work, coldkey, FAUCET_DIFFICULTY)
    deposit(context, coldkey, FAUCET_AMOUNT)
    addIssuance(context.state, FAUCET_AMOUNT)
    context.emit('SubtensorModule', 'Faucet', [coldkey, FAUCET_AMOUNT])
  }
}
