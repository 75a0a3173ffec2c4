/** Registration by proof of work or by burning, and the faucet. */
import { bytesToHex } from '@noble/hashes/utils.js'
import type { RuntimeContext } from '../pallet.js'
import { deposit } from '../pallets/balances.js'
import { System, signedBy } from '../pallets/system.js'
import type { State } from '../state.js'
import { ensure, fail } from './declarations.js'
import { addU64, wrapU16 } from './fixed.js'
import { placeNeuron } from './neurons.js'
import { createSeal, sealMeets } from './seal.js'
import { addIssuance, burn, canPay, createHotkey, ownsHotkey, withdraw } from './staking.js'
import { S } from './storage.js'

/** The subnet whose weights share out the emission. */
export const ROOT = 0
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
  ensure(signedBy(context.origin) === hotkey, 'HotkeyOriginMismatch')
  ensure(netuid !== ROOT, 'OperationNotPermittedonRootSubnet')
  ensure(state.get(S.NetworksAdded, netuid), 'NetworkDoesNotExist')
  ensure(state.get(S.NetworkPowRegistrationAllowed, netuid), 'RegistrationDisabled')
  ensureSpace(state, netuid, hotkey)
  useWork(context, args, hotkey, state.get(S.Difficulty, netuid))
  createHotkey(state, coldkey, hotkey)
  ensure(ownsHotkey(state, coldkey, hotkey), 'NonAssociatedColdKey')
  ensure(state.get(S.MaxAllowedUids, netuid) !== 0, 'NetworkDoesNotExist')
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
  ensure(netuid !== ROOT, 'OperationNotPermittedonRootSubnet')
  ensure(state.get(S.NetworksAdded, netuid), 'NetworkDoesNotExist')
  ensure(state.get(S.NetworkRegistrationAllowed, netuid), 'RegistrationDisabled')
  ensureSpace(state, netuid, hotkey)
  const price = state.get(S.Burn, netuid)
  ensure(canPay(state, coldkey, price), 'NotEnoughBalanceToStake')
  withdraw(context, coldkey, price)
  burn(state, price)
  createHotkey(state, coldkey, hotkey)
  ensure(ownsHotkey(state, coldkey, hotkey), 'NonAssociatedColdKey')
  ensure(state.get(S.MaxAllowedUids, netuid) !== 0, 'NetworkDoesNotExist')
  const uid = placeNeuron(context, netuid, hotkey)
  const burned = S.BurnRegistrationsThisInterval
  state.set(burned, [netuid], state.get(burned, netuid) + 1)
  countRegistration(state, netuid)
  const recycled = addU64(state.get(S.RAORecycledForRegistration, netuid), price)
  state.set(S.RAORecycledForRegistration, [netuid], recycled)
  context.emit('SubtensorModule', 'RAORecycledForRegistrationSet', [netuid, recycled])
  context.emit('SubtensorModule', 'NeuronRegistered', [netuid, uid, hotkey])
}

/** The limits per block and per interval, and that the hotkey is new to the subnet. */
export function ensureSpace(state: State, netuid: number, hotkey: string): void {
  const thisBlock = state.get(S.RegistrationsThisBlock, netuid)
  const perBlock = state.get(S.MaxRegistrationsPerBlock, netuid)
  ensure(thisBlock < perBlock, 'TooManyRegistrationsThisBlock')
  const thisInterval = state.get(S.RegistrationsThisInterval, netuid)
  const target = state.get(S.TargetRegistrationsPerInterval, netuid)
  ensure(thisInterval < wrapU16(3 * target), 'TooManyRegistrationsThisInterval')
  ensure(!state.has(S.Uids, netuid, hotkey), 'AlreadyRegistered')
}

/** Counts a registration of any kind. */
export function countRegistration(state: State, netuid: number): void {
  for (const item of [S.RegistrationsThisInterval, S.RegistrationsThisBlock]) {
    state.set(item, [netuid], state.get(item, netuid) + 1)
  }
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
  const given = `0x${bytesToHex(work)}`
  ensure(work.length === 32 && sealMeets(given, difficulty), 'InvalidDifficulty')
  const blockHash = state.get(System.BlockHash, Number(block_number))
  ensure(createSeal(blockHash, account, nonce) === given, 'InvalidSeal')
  state.set(S.UsedWork, [work], BigInt(block))
}

const FAUCET_DIFFICULTY = 1_000_000n
const FAUCET_AMOUNT = 100_000_000_000n

/** 100 TAO for work on the coldkey itself, on chains that have a faucet. */
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
