/** Calls by which hotkeys get uids. */
import { call, cost } from '../../../pallet.js'
import { AccountId, bytes, u8, u16, u32, u64, u128 } from '../../../scale.js'
import { burnedRegister, faucet, register, rootRegister } from '../registration.js'
import { serveAxon, serveAxonTls, servePrometheus } from '../serving.js'

const endpoint = { netuid: u16, version: u32, ip: u128, port: u16, ip_type: u8 }
const axon = { ...endpoint, protocol: u8, placeholder1: u8, placeholder2: u8 }
const work = { block_number: u64, nonce: u64, work: bytes }

export const neuronCalls = {
  serve_axon: call({
    pays: false,
    index: 4,
    args: axon,
    weight: cost(33_010_000, 0, 4, 1),
    run: serveAxon,
  }),
  serve_prometheus: call({
    pays: false,
    index: 5,
    args: endpoint,
    weight: cost(29_760_000, 0, 4, 1),
    run: servePrometheus,
  }),
  serve_axon_tls: call({
    pays: false,
    index: 40,
    args: { ...axon, certificate: bytes },
    weight: cost(32_510_000, 0, 4, 1),
    run: serveAxonTls,
  }),
  register: call({
    index: 6,
    args: { netuid: u16, ...work, hotkey: AccountId, coldkey: AccountId },
    weight: cost(197_900_000, 0, 27, 23),
    run: register,
  }),
  burned_register: call({
    index: 7,
    args: { netuid: u16, hotkey: AccountId },
    weight: cost(354_200_000, 0, 50, 43),
    run: burnedRegister,
  }),
  root_register: call({
    index: 62,
    args: { hotkey: AccountId },
    weight: cost(135_900_000, 0, 22, 19),
    run: rootRegister,
  }),
}

export const faucetCall = (enabled: boolean) =>
  call({
    pays: false,
    index: 60,
    args: work,
    weight: cost(91_000_000, 0, 27, 22),
    run: faucet(enabled),
  })
