/** `NeuronInfoRuntimeApi` of spec 343. */
import { hotkeyStake } from '../../runtime/dtao/subtensor/shares.js'
import { S } from '../../runtime/dtao/subtensor/storage.js'
import { AccountId, bool, option, struct, tuple, u16, vec } from '../../runtime/scale.js'
import type { State } from '../../runtime/state.js'
import { AxonInfo, PrometheusInfo } from '../../runtime/subtensor/storage.js'
import { apiMethod, type RuntimeApi } from '../runtimeApis.js'
import { C16, C64, exists, infoType, NO_AXON } from './fields.js'

const beginning = {
  hotkey: AccountId,
  coldkey: AccountId,
  uid: C16,
  netuid: C16,
  active: bool,
  axon_info: AxonInfo,
  prometheus_info: PrometheusInfo,
  stake: vec(tuple(AccountId, C64)),
  rank: C16,
  emission: C64,
  incentive: C16,
  consensus: C16,
  trust: C16,
  validator_trust: C16,
  dividends: C16,
  last_update: C64,
  validator_permit: bool,
}
const Pairs = vec(tuple(C16, C16))
const NeuronInfoLite = struct(
  { ...beginning, pruning_score: C16 },
  infoType('neuron_info', 'NeuronInfoLite'),
)
const NeuronInfo = struct(
  { ...beginning, weights: Pairs, bonds: Pairs, pruning_score: C16 },
  infoType('neuron_info', 'NeuronInfo'),
)

const NO_PROMETHEUS = { block: 0n, version: 0, ip: 0n, port: 0, ip_type: 0 }

function neuronLite(state: State, netuid: number, uid: number) {
  const hotkey = state.get(S.Keys, netuid, uid)
  const coldkey = state.get(S.Owner, hotkey)
  const at = <T>(list: readonly T[], none: T): T => list[uid] ?? none
  const stake: [string, bigint][] = [[coldkey, hotkeyStake(state, hotkey, netuid)]]
  return {
    hotkey,
    coldkey,
    uid,
    netuid,
    active: at(state.get(S.Active, netuid), false),
    axon_info: state.get(S.Axons, netuid, hotkey) ?? NO_AXON,
    prometheus_info: state.get(S.Prometheus, netuid, hotkey) ?? NO_PROMETHEUS,
    stake,
    rank: at(state.get(S.Rank, netuid), 0),
    emission: at(state.get(S.Emission, netuid), 0n),
    incentive: at(state.get(S.Incentive, netuid), 0),
    consensus: at(state.get(S.Consensus, netuid), 0),
    trust: at(state.get(S.Trust, netuid), 0),
    validator_trust: at(state.get(S.ValidatorTrust, netuid), 0),
    dividends: at(state.get(S.Dividends, netuid), 0),
    last_update: at(state.get(S.LastUpdate, netuid), 0n),
    validator_permit: at(state.get(S.ValidatorPermit, netuid), false),
    pruning_score: at(state.get(S.PruningScores, netuid), 65_535),
  }
}

const nonZero = (row: readonly [number, number][]) => row.filter(([, value]) => value > 0)

const neuron = (state: State, netuid: number, uid: number) => ({
  ...neuronLite(state, netuid, uid),
  weights: nonZero(state.get(S.Weights, netuid, uid)),
  bonds: nonZero(state.get(S.Bonds, netuid, uid)),
})

/** Reads all neurons of a subnet in the order of their uids. */
function all<T>(
  state: State,
  netuid: number,
  read: (state: State, netuid: number, uid: number) => T,
): T[] {
  const n = exists(state, netuid) ? state.get(S.SubnetworkN, netuid) : 0
  return Array.from({ length: n }, (_, uid) => read(state, netuid, uid))
}

const isNeuron = (state: State, netuid: number, uid: number): boolean =>
  exists(state, netuid) && state.has(S.Keys, netuid, uid)

const ofSubnet = { netuid: u16 }
const ofNeuron = { netuid: u16, uid: u16 }

export const neuronInfoApi: RuntimeApi = {
  name: 'NeuronInfoRuntimeApi',
  methods: {
    get_neurons: apiMethod({
      inputs: ofSubnet,
      output: vec(NeuronInfo),
      run: ({ state }, { netuid }) => all(state, netuid, neuron),
    }),
    get_neuron: apiMethod({
      inputs: ofNeuron,
      output: option(NeuronInfo),
      run: ({ state }, { netuid, uid }) =>
        isNeuron(state, netuid, uid) ? neuron(state, netuid, uid) : undefined,
    }),
    get_neurons_lite: apiMethod({
      inputs: ofSubnet,
      output: vec(NeuronInfoLite),
      run: ({ state }, { netuid }) => all(state, netuid, neuronLite),
    }),
    get_neuron_lite: apiMethod({
      inputs: ofNeuron,
      output: option(NeuronInfoLite),
      run: ({ state }, { netuid, uid }) =>
        isNeuron(state, netuid, uid) ? neuronLite(state, netuid, uid) : undefined,
    }),
  },
}
