/** SubtensorModule: subnets, neurons, stake, weights, emission. */
import { DispatchFailure, failWith } from '../failure.js'
import { type Call, call, cost, type Pallet, type RuntimeContext, statedWeight } from '../pallet.js'
import type { RuntimeOptions } from '../profile.js'
import {
  AccountId,
  bool,
  bytes,
  compact,
  H256,
  type ScaleType,
  u8,
  u16,
  u32,
  u64,
  u128,
  vec,
} from '../scale.js'
import { Weight } from '../types.js'
import { blockStep } from './blockStep.js'
import { constants, errors, events } from './declarations.js'
import { dissolveNetwork, registerNetwork } from './networks.js'
import { burnedRegister, faucet, register } from './registration.js'
import { joinSenate, leaveSenate, rootRegister, vote } from './root.js'
import { serveAxon, servePrometheus } from './serving.js'
import { addStake, becomeDelegate, removeStake } from './staking.js'
import { S } from './storage.js'
import { swapHotkey } from './swap.js'
import { setWeights } from './weights.js'

/** The pallet over the calls of the runtime. */
export function subtensorPallet(runtimeCall: ScaleType<Call>, options: RuntimeOptions): Pallet {
  return {
    name: 'SubtensorModule',
    index: 7,
    crate: 'pallet_subtensor',
    generics: { call: ['T'], event: ['T'], error: ['T'] },
    storage: S,
    calls: {
      ...neuronCalls,
      ...stakeCalls,
      ...networkCalls,
      faucet: faucetCall(options.faucet ?? false),
      ...councilCalls(runtimeCall),
      ...(options.senateCalls ? senateCalls : {}),
    },
    events,
    errors,
    constants,
    onInitialize: blockStep,
  }
}

const endpoint = { netuid: u16, version: u32, ip: u128, port: u16, ip_type: u8 }
/** Calls that pay nothing. */
const free = { pays: false } as const

const neuronCalls = {
  set_weights: call({
    ...free,
    index: 0,
    args: { netuid: u16, dests: vec(u16), weights: vec(u16), version_key: u64 },
    weight: cost(10_151_000_000, 0, 4104, 2),
    run: setWeights,
  }),
  serve_axon: call({
    ...free,
    index: 4,
    args: { ...endpoint, protocol: u8, placeholder1: u8, placeholder2: u8 },
    weight: cost(19_000_000, 0, 2, 1),
    run: serveAxon,
  }),
  serve_prometheus: call({
    ...free,
    index: 5,
    args: endpoint,
    weight: cost(17_000_000, 0, 2, 1),
    run: servePrometheus,
  }),
  register: call({
    ...free,
    index: 6,
    args: {
      netuid: u16,
      block_number: u64,
      nonce: u64,
      work: bytes,
      hotkey: AccountId,
      coldkey: AccountId,
    },
    weight: cost(91_000_000, 0, 27, 22),
    run: register,
  }),
  burned_register: call({
    ...free,
    index: 7,
    args: { netuid: u16, hotkey: AccountId },
    weight: cost(89_000_000, 0, 27, 22),
    run: burnedRegister,
  }),
  root_register: call({
    ...free,
    index: 62,
    args: { hotkey: AccountId },
    weight: cost(120_000_000, 0, 23, 20),
    run: rootRegister,
  }),
  swap_hotkey: call({
    ...free,
    index: 70,
    args: { hotkey: AccountId, new_hotkey: AccountId },
    class: 'Operational',
    run: swapHotkey,
  }),
}

const stakeCalls = {
  become_delegate: call({
    ...free,
    index: 1,
    args: { hotkey: AccountId },
    run: becomeDelegate,
  }),
  add_stake: call({
    ...free,
    index: 2,
    args: { hotkey: AccountId, amount_staked: u64 },
    weight: cost(65_000_000, 0, 8, 6),
    run: addStake,
  }),
  remove_stake: call({
    ...free,
    index: 3,
    args: { hotkey: AccountId, amount_unstaked: u64 },
    weight: cost(63_000_000, 43_991, 14, 9),
    run: removeStake,
  }),
}

const networkCalls = {
  register_network: call({
    ...free,
    index: 59,
    args: {},
    weight: cost(85_000_000, 0, 16, 28),
    class: 'Operational',
    run: registerNetwork,
  }),
  dissolve_network: call({
    ...free,
    index: 61,
    args: { netuid: u16 },
    weight: cost(70_000_000, 0, 5, 31),
    class: 'Operational',
    run: dissolveNetwork,
  }),
}

const faucetCall = (enabled: boolean) =>
  call({
    ...free,
    index: 60,
    args: { block_number: u64, nonce: u64, work: bytes },
    weight: cost(91_000_000, 0, 27, 22),
    run: faucet(enabled),
  })

const senateCalls = {
  join_senate: call({
    ...free,
    index: 53,
    args: { hotkey: AccountId },
    class: 'Operational',
    run: joinSenate,
  }),
  leave_senate: call({
    ...free,
    index: 54,
    args: { hotkey: AccountId },
    class: 'Operational',
    run: leaveSenate,
  }),
}

function councilCalls(runtimeCall: ScaleType<Call>) {
  return {
    sudo: call({
      ...free,
      index: 51,
      args: { call: runtimeCall },
      class: 'Operational',
      run: councilSudo,
    }),
    sudo_unchecked_weight: call({
      ...free,
      index: 52,
      args: { call: runtimeCall, weight: Weight },
      weight: statedWeight,
      class: 'of the call',
      run: councilSudo,
    }),
    vote: call({
      index: 55,
      args: { hotkey: AccountId, proposal: H256, index: compact(u32), approve: bool },
      class: 'Operational',
      run: vote,
    }),
  }
}

/** What an approved proposal wraps its call in: runs it as root. */
function councilSudo(context: RuntimeContext, args: { call: Call }): undefined {
  const { origin } = context
  if (origin.kind !== 'members' || origin.ayes * 2 <= origin.seats) failWith('BadOrigin')
  const outcome = context.dispatch(args.call, { kind: 'root' })
  if (!outcome.ok) throw new DispatchFailure(outcome.error)
  context.emit('SubtensorModule', 'Sudid', context.result(outcome))
}
