/** `NeuronInfoRuntimeApi` as runtimes of 2023 and 2024 have it. */
import {
  AccountId,
  bool,
  bytes,
  type ScaleType,
  struct,
  u16,
  type ValueOf,
  vec,
} from '../../runtime/scale.js'
import type { State } from '../../runtime/state.js'
import { AxonInfo, PrometheusInfo, S } from '../../runtime/subtensor/storage.js'
import { apiMethod, type RuntimeApi } from '../runtimeApis.js'
import { AccountAmounts, C16, C64, inBytes, Pairs } from './outer.js'

const head = {
  hotkey: AccountId,
  coldkey: AccountId,
  uid: C16,
  netuid: C16,
  active: bool,
  axon_info: AxonInfo,
  prometheus_info: PrometheusInfo,
  stake: AccountAmounts,
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
const NeuronInfoLite = struct({ ...head, pruning_score: C16 })
const NeuronInfo = struct({ ...head, weights: Pairs, bonds: Pairs, pruning_score: C16 })

const NO_PROMETHEUS = { block: 0n, version: 0, ip: 0n, port: 0, ip_type: 0 }
const NO_AXON = { ...NO_PROMETHEUS, protocol: 0, placeholder1: 0, placeholder2: 0 }

type Lite = ValueOf<typeof NeuronInfoLite>
type Full = ValueOf<typeof NeuronInfo>
/** Makes the description of the neuron with a uid. */
type Describe<N> = (uid: number) => N | undefined

function liteReader(state: State, netuid: number): Describe<Lite> {
  const n = state.get(S.SubnetworkN, netuid)
  const column = <V>(item: Parameters<typeof state.get<[number], V[]>>[0]) =>
    state.get(item, netuid)
  const active = column(S.Active)
  const numbers = {
    rank: column(S.Rank),
    incentive: column(S.Incentive),
    consensus: column(S.Consensus),
    trust: column(S.Trust),
    validator_trust: column(S.ValidatorTrust),
    dividends: column(S.Dividends),
    pruning_score: column(S.PruningScores),
  }
  const emission = column(S.Emission)
  const lastUpdate = column(S.LastUpdate)
  const permits = column(S.ValidatorPermit)
  return (uid) => {
    if (uid >= n) return undefined
    const hotkey = state.get(S.Keys, netuid, uid)
    const at = (name: keyof typeof numbers) => numbers[name][uid] ?? 0
    return {
      hotkey,
      coldkey: state.get(S.Owner, hotkey),
      uid,
      netuid,
      active: active[uid] ?? false,
      axon_info: state.get(S.Axons, netuid, hotkey) ?? NO_AXON,
      prometheus_info: state.get(S.Prometheus, netuid, hotkey) ?? NO_PROMETHEUS,
      stake: state.entries(S.Stake, hotkey).map(([[, coldkey], rao]) => [coldkey, rao]),
      rank: at('rank'),
      emission: emission[uid] ?? 0n,
      incentive: at('incentive'),
      consensus: at('consensus'),
      trust: at('trust'),
      validator_trust: at('validator_trust'),
      dividends: at('dividends'),
      last_update: lastUpdate[uid] ?? 0n,
      validator_permit: permits[uid] ?? false,
      pruning_score: at('pruning_score'),
    }
  }
}

function fullReader(state: State, netuid: number): Describe<Full> {
  const lite = liteReader(state, netuid)
  const above0 = (item: typeof S.Weights, uid: number) =>
    state.get(item, netuid, uid).filter(([, value]) => value > 0)
  return (uid) => {
    const neuron = lite(uid)
    return neuron && { ...neuron, weights: above0(S.Weights, uid), bonds: above0(S.Bonds, uid) }
  }
}

/** One neuron by uid, and all of a subnet: none where there is no subnet. */
function methods<N>(
  names: { readonly one: string; readonly all: string },
  type: ScaleType<N>,
  reader: (state: State, netuid: number) => Describe<N>,
): RuntimeApi['methods'] {
  return {
    [names.all]: apiMethod({
      inputs: { netuid: u16 },
      output: bytes,
      run({ state }, { netuid }) {
        const n = state.get(S.NetworksAdded, netuid) ? state.get(S.SubnetworkN, netuid) : 0
        const describe = reader(state, netuid)
        const neurons = Array.from({ length: n }, (_, uid) => describe(uid) as N)
        return inBytes(vec(type), neurons)
      },
    }),
    [names.one]: apiMethod({
      inputs: { netuid: u16, uid: u16 },
      output: bytes,
      run: ({ state }, { netuid, uid }) => inBytes(type, reader(state, netuid)(uid)),
    }),
  }
}

export const neuronInfoApi: RuntimeApi = {
  name: 'NeuronInfoRuntimeApi',
  methods: {
    ...methods({ one: 'get_neuron', all: 'get_neurons' }, NeuronInfo, fullReader),
    ...methods({ one: 'get_neuron_lite', all: 'get_neurons_lite' }, NeuronInfoLite, liteReader),
  },
}
