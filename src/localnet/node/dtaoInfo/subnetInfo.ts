/** `SubnetInfoRuntimeApi` of spec 343. */

import { indexOf } from '../../runtime/dtao/subtensor/mechanisms.js'
import { networkToPrune } from '../../runtime/dtao/subtensor/networks.js'
import { S } from '../../runtime/dtao/subtensor/storage.js'
import { AccountId, option, type ScaleType, struct, u8, u16, vec } from '../../runtime/scale.js'
import type { State } from '../../runtime/state.js'
import { type ApiContext, apiMethod, type RuntimeApi } from '../runtimeApis.js'
import { C16, C64, exists, infoType, netuidsInOrder } from './fields.js'
import {
  choose,
  keyFields,
  Metagraph,
  metagraph,
  SelectiveMetagraph,
  scoreFields,
} from './metagraph.js'
import {
  DynamicInfo,
  dynamicInfo,
  hyperparameters,
  hyperparameters2,
  SubnetHyperparams,
  SubnetHyperparams2,
  SubnetInfo,
  SubnetInfo2,
  subnetInfo,
  subnetInfo2,
} from './subnets.js'
import { type Fields, field, readAll, typesOf, viewOf } from './view.js'

type Answer = Record<string, unknown>
type Type = ScaleType<Answer>

const subnetState: Fields = {
  netuid: field(C16, ({ netuid }) => netuid),
  ...keyFields,
  ...scoreFields,
  emission_history: field(vec(vec(C64)), ({ state, hotkeys }) =>
    state
      .entries(S.NetworksAdded)
      .map(([[netuid]]) =>
        hotkeys().map((hotkey) => state.get(S.LastHotkeyEmissionOnNetuid, hotkey, netuid)),
      ),
  ),
}
const SubnetState = struct(typesOf(subnetState), infoType('show_subnet', 'SubnetState'))

const read = (fields: Fields, { state, block }: ApiContext, netuid: number): Answer | undefined =>
  exists(state, netuid) ? readAll(fields, viewOf(state, netuid, block)) : undefined

/** One description by netuid. */
const one = (type: Type, fields: Fields) =>
  apiMethod({
    inputs: { netuid: u16 },
    output: option(type),
    run: (context, { netuid }) => read(fields, context, netuid),
  })

/** The descriptions of all subnets. */
const all = (type: Type, fields: Fields, netuids: (state: State) => number[] = inMapOrder) =>
  apiMethod({
    inputs: {},
    output: vec(option(type)),
    run: (context) => netuids(context.state).map((netuid) => read(fields, context, netuid)),
  })

const inMapOrder = (state: State): number[] =>
  state.entries(S.NetworksAdded).map(([[netuid]]) => netuid)

function mechagraph({ state, block }: ApiContext, netuid: number, mechanism: number) {
  const known = exists(state, netuid) && mechanism < state.get(S.MechanismCountCurrent, netuid)
  if (!known) return undefined
  return readAll(metagraph, viewOf(state, netuid, block, indexOf(netuid, mechanism)))
}

const chosen = { metagraph_indexes: vec(u16) }

export const subnetInfoApi: RuntimeApi = {
  name: 'SubnetInfoRuntimeApi',
  methods: {
    get_subnet_info: one(SubnetInfo, subnetInfo),
    get_subnets_info: all(SubnetInfo, subnetInfo, netuidsInOrder),
    get_subnet_info_v2: one(SubnetInfo2, subnetInfo2),
    get_subnets_info_v2: all(SubnetInfo2, subnetInfo2, netuidsInOrder),
    get_subnet_hyperparams: one(SubnetHyperparams, hyperparameters),
    get_subnet_hyperparams_v2: one(SubnetHyperparams2, hyperparameters2),
    get_all_dynamic_info: all(DynamicInfo, dynamicInfo),
    get_all_metagraphs: all(Metagraph, metagraph),
    get_metagraph: one(Metagraph, metagraph),
    get_all_mechagraphs: apiMethod({
      inputs: {},
      output: vec(option(Metagraph)),
      run: (context) =>
        inMapOrder(context.state).flatMap((netuid) =>
          Array.from({ length: context.state.get(S.MechanismCountCurrent, netuid) }, (_, mecid) =>
            mechagraph(context, netuid, mecid),
          ),
        ),
    }),
    get_mechagraph: apiMethod({
      inputs: { netuid: u16, mecid: u8 },
      output: option(Metagraph),
      run: (context, { netuid, mecid }) => mechagraph(context, netuid, mecid),
    }),
    get_dynamic_info: one(DynamicInfo, dynamicInfo),
    get_subnet_state: one(SubnetState, subnetState),
    get_selective_metagraph: apiMethod({
      inputs: { netuid: u16, ...chosen },
      output: option(SelectiveMetagraph),
      run({ state, block }, { netuid, metagraph_indexes }) {
        if (!exists(state, netuid)) return undefined
        // Without the field of its number the netuid stays 0.
        const named = metagraph_indexes.includes(0) ? netuid : 0
        return choose(viewOf(state, netuid, block), metagraph_indexes, named)
      },
    }),
    get_coldkey_auto_stake_hotkey: apiMethod({
      inputs: { coldkey: AccountId, netuid: u16 },
      output: option(AccountId),
      run: ({ state }, { coldkey, netuid }) => state.get(S.AutoStakeDestination, coldkey, netuid),
    }),
    get_selective_mechagraph: apiMethod({
      inputs: { netuid: u16, subid: u8, ...chosen },
      output: option(SelectiveMetagraph),
      run({ state, block }, { netuid, subid, metagraph_indexes }) {
        if (!exists(state, netuid)) return undefined
        const view = viewOf(state, netuid, block, indexOf(netuid, subid))
        return choose(view, metagraph_indexes, netuid)
      },
    }),
    get_subnet_to_prune: apiMethod({
      inputs: {},
      output: option(u16),
      run: (context) => networkToPrune(context),
    }),
  },
}
