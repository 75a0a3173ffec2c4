/**
 * The methods that Subtensor's nodes add: `neuronInfo_*`, `subnetInfo_*`, `delegateInfo_*`. Each calls a runtime API
 * and answers its bytes as a list of numbers.
 */
import { bytes, type ScaleType, u64 } from '../../runtime/scale.js'
import { concat } from '../bytes.js'
import type { Node } from '../node.js'
import { findApiMethod, runtimeCall } from '../runtimeApis.js'
import { blockParam } from './blocks.js'
import { invalidParams, methodNotFound } from './errors.js'
import type { Handler, Namespace } from './methods.js'
import type { Params } from './params.js'

/** Method, API function, number of arguments. */
const METHODS: readonly (readonly [rpc: string, api: string, args: number])[] = [
  ['neuronInfo_getNeuronsLite', 'NeuronInfoRuntimeApi_get_neurons_lite', 1],
  ['neuronInfo_getNeuronLite', 'NeuronInfoRuntimeApi_get_neuron_lite', 2],
  ['neuronInfo_getNeurons', 'NeuronInfoRuntimeApi_get_neurons', 1],
  ['neuronInfo_getNeuron', 'NeuronInfoRuntimeApi_get_neuron', 2],
  ['subnetInfo_getSubnetInfo', 'SubnetInfoRuntimeApi_get_subnet_info', 1],
  ['subnetInfo_getSubnetsInfo', 'SubnetInfoRuntimeApi_get_subnets_info', 0],
  ['subnetInfo_getSubnetInfo_v2', 'SubnetInfoRuntimeApi_get_subnet_info_v2', 1],
  ['subnetInfo_getSubnetsInf_v2', 'SubnetInfoRuntimeApi_get_subnets_info_v2', 0],
  ['subnetInfo_getSubnetHyperparams', 'SubnetInfoRuntimeApi_get_subnet_hyperparams', 1],
  ['subnetInfo_getDynamicInfo', 'SubnetInfoRuntimeApi_get_dynamic_info', 1],
  ['subnetInfo_getAllDynamicInfo', 'SubnetInfoRuntimeApi_get_all_dynamic_info', 0],
  ['subnetInfo_getSubnetState', 'SubnetInfoRuntimeApi_get_subnet_state', 1],
  ['subnetInfo_getMetagraph', 'SubnetInfoRuntimeApi_get_metagraph', 1],
  ['subnetInfo_getAllMetagraphs', 'SubnetInfoRuntimeApi_get_all_metagraphs', 0],
  ['delegateInfo_getDelegates', 'DelegateInfoRuntimeApi_get_delegates', 0],
  ['delegateInfo_getDelegate', 'DelegateInfoRuntimeApi_get_delegate', 1],
  ['delegateInfo_getDelegated', 'DelegateInfoRuntimeApi_get_delegated', 1],
]

type Answer = { readonly encoded: Uint8Array; readonly output: ScaleType<unknown> }

async function answer(node: Node, params: Params, api: string, count: number): Promise<Answer> {
  const { number } = blockParam(node, params, count)
  const method = findApiMethod(node.chain.engineAt(number).apis, api)
  if (!method) throw methodNotFound()
  const types = Object.values(method.inputs)
  const parts = types.map((type, i) => {
    const value = argument(params[i], i)
    // An account comes as its bytes, whatever the API takes it as.
    if (typeof value === 'number') return type.codec.enc(value)
    return type.def().kind === 'sequence' ? type.codec.enc(value) : value
  })
  const input = concat(...(parts as Uint8Array[]))
  const encoded = await runtimeCall(node, { name: api, input, block: number })
  return { encoded, output: method.output }
}

function argument(value: unknown, index: number): number | Uint8Array {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 65_536) {
    return value
  }
  const isByte = (one: unknown) => Number.isInteger(one) && Number(one) >= 0 && Number(one) < 256
  if (Array.isArray(value) && value.length === 32 && value.every(isByte)) {
    return Uint8Array.from(value as number[])
  }
  throw invalidParams(
    `parameter ${index + 1} must be a number up to 65535 or the 32 bytes of an account`,
  )
}

/** The bytes of an answer; those that an API wraps once more are unwrapped. */
const handler =
  (api: string, count: number): Handler =>
  async (node, params) => {
    const { encoded, output } = await answer(node, params, api, count)
    return [...(output === bytes ? bytes.codec.dec(encoded) : encoded)]
  }

export const info: Namespace = {
  methods: {
    ...Object.fromEntries(METHODS.map(([rpc, api, count]) => [rpc, handler(api, count)])),
    async subnetInfo_getLockCost(node, params) {
      const api = 'SubnetRegistrationRuntimeApi_get_network_registration_cost'
      return Number(u64.codec.dec((await answer(node, params, api, 0)).encoded))
    },
  },
}
