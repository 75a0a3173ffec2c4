/**
 * Runtime APIs that metadata does not describe: before spec 233 the results arrive as bytes inside a byte vector, and
 * accounts go in as byte vectors (opentensor/subtensor, pallets/subtensor/runtime-api).
 */
import {
  delegateInfo,
  dynamicInfoPreview,
  hyperparameterLayouts,
  neuron,
  neuronLite,
  stakeInfoClassic,
  stakeInfoPreview,
  subnetInfoLayouts,
  subnetInfoV2Preview,
  subnetStatePreview,
} from './layouts.js'
import {
  account,
  bytes,
  c64,
  type Field,
  option,
  type TypeRef,
  tuple,
  u16,
  u32,
  u64,
  vec,
} from './typeDef.js'
import type { ChainEra } from './types.js'

/** A method whose answer is in a byte vector (`wrapped`) or as it is. */
export type UndescribedMethod = {
  readonly inputs: readonly Field[]
  readonly wrapped: boolean
  /** Layouts of the answer, of which one fills the bytes exactly. */
  readonly layouts: (specVersion: number, era: ChainEra) => readonly TypeRef[]
}

const netuid: Field = ['netuid', u16]
const uid: Field = ['uid', u16]
/** An account as the bytes of its public key. */
const key = (name: string): Field => [name, bytes, 'account']

function wrapped(inputs: readonly Field[], ...layouts: readonly TypeRef[]): UndescribedMethod {
  return { inputs, wrapped: true, layouts: () => layouts }
}

const stakeInfo = (era: ChainEra) => (era === 'classic' ? stakeInfoClassic : stakeInfoPreview)

const METHODS: Readonly<Record<string, UndescribedMethod>> = {
  'DelegateInfoRuntimeApi.get_delegates': wrapped([], vec(delegateInfo)),
  'DelegateInfoRuntimeApi.get_delegate': wrapped([key('delegate')], delegateInfo),
  'DelegateInfoRuntimeApi.get_delegated': wrapped(
    [key('delegatee')],
    vec(tuple(delegateInfo, c64)),
  ),
  'NeuronInfoRuntimeApi.get_neurons_lite': wrapped([netuid], vec(neuronLite)),
  'NeuronInfoRuntimeApi.get_neuron_lite': wrapped([netuid, uid], neuronLite),
  'NeuronInfoRuntimeApi.get_neurons': wrapped([netuid], vec(neuron)),
  'NeuronInfoRuntimeApi.get_neuron': wrapped([netuid, uid], neuron),
  'SubnetInfoRuntimeApi.get_subnet_info': {
    inputs: [netuid],
    wrapped: true,
    layouts: subnetInfoLayouts,
  },
  'SubnetInfoRuntimeApi.get_subnets_info': {
    inputs: [],
    wrapped: true,
    layouts: (spec) => subnetInfoLayouts(spec).map((layout) => vec(option(layout))),
  },
  'SubnetInfoRuntimeApi.get_subnet_info_v2': {
    inputs: [netuid],
    wrapped: true,
    layouts: (spec) => [subnetInfoV2Preview, ...subnetInfoLayouts(spec)],
  },
  'SubnetInfoRuntimeApi.get_subnets_info_v2': {
    inputs: [],
    wrapped: true,
    layouts: (spec) => subnetInfoLayouts(spec).map((layout) => vec(option(layout))),
  },
  'SubnetInfoRuntimeApi.get_subnet_hyperparams': wrapped([netuid], ...hyperparameterLayouts),
  'SubnetInfoRuntimeApi.get_dynamic_info': wrapped([netuid], option(dynamicInfoPreview)),
  'SubnetInfoRuntimeApi.get_all_dynamic_info': wrapped([], vec(option(dynamicInfoPreview))),
  'SubnetInfoRuntimeApi.get_subnet_state': wrapped([netuid], option(subnetStatePreview)),
  'StakeInfoRuntimeApi.get_stake_info_for_coldkey': {
    inputs: [key('coldkey')],
    wrapped: true,
    layouts: (_, era) => [vec(stakeInfo(era))],
  },
  'StakeInfoRuntimeApi.get_stake_info_for_coldkeys': {
    inputs: [['coldkeys', vec(bytes), 'account']],
    wrapped: true,
    layouts: (_, era) => [vec(tuple(account, vec(stakeInfo(era))))],
  },
  'SubnetRegistrationRuntimeApi.get_network_registration_cost': {
    inputs: [],
    wrapped: false,
    layouts: () => [u64],
  },
  'AccountNonceApi.account_nonce': {
    inputs: [['account', account]],
    wrapped: false,
    layouts: () => [u32],
  },
}

/** How to call a method that metadata does not describe or describes as bytes only; undefined if that is not known. */
export function undescribedMethod(trait: string, method: string): UndescribedMethod | undefined {
  return METHODS[`${trait}.${method}`]
}

/** All names, by trait. */
export function undescribedNames(): readonly (readonly [trait: string, method: string])[] {
  return Object.keys(METHODS).map((name) => {
    const [trait = '', method = ''] = name.split('.')
    return [trait, method] as const
  })
}
