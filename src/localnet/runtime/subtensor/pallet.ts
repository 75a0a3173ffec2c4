/** SubtensorModule: subnets, neurons, stake, weights, emission. */
import type { Call, Pallet } from '../pallet.js'
import { call } from '../pallet.js'
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
import { constants, errors, events } from './declarations.js'
import { S } from './storage.js'

/** Variations of the pallet. */
export type SubtensorOptions = {
  /** Let `faucet` pay out instead of failing, as builds for development do. */
  readonly faucet?: boolean
  /** Add spec 127's `join_senate` and `leave_senate`, which the real spec 143 no longer has. */
  readonly senateCalls?: boolean
}

const pending = (): never => {
  throw new Error('not written yet')
}

/** The pallet over the calls of the runtime. */
export function subtensorPallet(runtimeCall: ScaleType<Call>, options: SubtensorOptions): Pallet {
  return {
    name: 'SubtensorModule',
    index: 7,
    crate: 'pallet_subtensor',
    generics: { call: ['T'], event: ['T'], error: ['T'] },
    storage: S,
    calls: calls(runtimeCall, options),
    events,
    errors,
    constants,
  }
}

function calls(runtimeCall: ScaleType<Call>, options: SubtensorOptions) {
  const table = {
    set_weights: call({
      index: 0,
      args: { netuid: u16, dests: vec(u16), weights: vec(u16), version_key: u64 },
      pays: false,
      run: pending,
    }),
    become_delegate: call({
      index: 1,
      args: { hotkey: AccountId },
      pays: false,
      run: pending,
    }),
    add_stake: call({
      index: 2,
      args: { hotkey: AccountId, amount_staked: u64 },
      pays: false,
      run: pending,
    }),
    remove_stake: call({
      index: 3,
      args: { hotkey: AccountId, amount_unstaked: u64 },
      pays: false,
      run: pending,
    }),
    serve_axon: call({
      index: 4,
      args: {
        netuid: u16,
        version: u32,
        ip: u128,
        port: u16,
        ip_type: u8,
        protocol: u8,
        placeholder1: u8,
        placeholder2: u8,
      },
      pays: false,
      run: pending,
    }),
    serve_prometheus: call({
      index: 5,
      args: { netuid: u16, version: u32, ip: u128, port: u16, ip_type: u8 },
      pays: false,
      run: pending,
    }),
    register: call({
      index: 6,
      args: {
        netuid: u16,
        block_number: u64,
        nonce: u64,
        work: bytes,
        hotkey: AccountId,
        coldkey: AccountId,
      },
      pays: false,
      run: pending,
    }),
    root_register: call({
      index: 62,
      args: { hotkey: AccountId },
      pays: false,
      run: pending,
    }),
    burned_register: call({
      index: 7,
      args: { netuid: u16, hotkey: AccountId },
      pays: false,
      run: pending,
    }),
    swap_hotkey: call({
      index: 70,
      args: { hotkey: AccountId, new_hotkey: AccountId },
      pays: false,
      run: pending,
    }),
    sudo: call({
      index: 51,
      args: { call: runtimeCall },
      pays: false,
      run: pending,
    }),
    sudo_unchecked_weight: call({
      index: 52,
      args: { call: runtimeCall, weight: Weight },
      pays: false,
      run: pending,
    }),
    vote: call({
      index: 55,
      args: { hotkey: AccountId, proposal: H256, index: compact(u32), approve: bool },
      run: pending,
    }),
    register_network: call({
      index: 59,
      args: {},
      pays: false,
      run: pending,
    }),
    faucet: call({
      index: 60,
      args: { block_number: u64, nonce: u64, work: bytes },
      pays: false,
      run: pending,
    }),
    dissolve_network: call({
      index: 61,
      args: { netuid: u16 },
      pays: false,
      run: pending,
    }),
  }
  const senateCalls = {
    join_senate: call({ index: 53, args: { hotkey: AccountId }, pays: false, run: pending }),
    leave_senate: call({ index: 54, args: { hotkey: AccountId }, pays: false, run: pending }),
  }
  return options.senateCalls ? { ...table, ...senateCalls } : table
}
