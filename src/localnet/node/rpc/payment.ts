/** `payment_*`: what a transaction would cost. */
import type { Runtime } from '../../runtime/runtime.js'
import type { Extrinsic } from '../extrinsic/codec.js'
import { FormatError } from '../extrinsic/reader.js'
import { feeDetails, feeInfo } from '../fees.js'
import type { Node } from '../node.js'
import { blockParam } from './blocks.js'
import { RpcError } from './errors.js'
import type { Namespace } from './methods.js'
import { bytesParam, type Params } from './params.js'

type Asked = { readonly runtime: Runtime; readonly extrinsic: Extrinsic }

function extrinsicParam(node: Node, params: Params): Asked {
  const { decode, runtime } = node.chain.engineAt(blockParam(node, params, 1).number)
  try {
    return { runtime, extrinsic: decode(bytesParam(params, 0)) }
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    throw new RpcError(2, 'Unable to query dispatch info.', error.message)
  }
}

export const payment: Namespace = {
  methods: {
    payment_queryInfo(node, params) {
      const { runtime, extrinsic } = extrinsicParam(node, params)
      const info = feeInfo(runtime, extrinsic)
      const { ref_time, proof_size } = info.weight
      return {
        weight: { ref_time: Number(ref_time), proof_size: Number(proof_size) },
        class: info.class.type.toLowerCase(),
        partialFee: `${info.partial_fee}`,
      }
    },
    payment_queryFeeDetails(node, params) {
      const { runtime, extrinsic } = extrinsicParam(node, params)
      const { inclusion_fee } = feeDetails(runtime, extrinsic)
      const hex = (value: bigint) => `0x${value.toString(16)}`
      return {
        inclusionFee: inclusion_fee
          ? {
              baseFee: hex(inclusion_fee.base_fee),
              lenFee: hex(inclusion_fee.len_fee),
              adjustedWeightFee: hex(inclusion_fee.adjusted_weight_fee),
            }
          : null,
      }
    },
  },
}
