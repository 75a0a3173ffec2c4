/** Fees as the runtime API and the RPC tell them. */
import type { Call } from '../runtime/pallet.js'
import type { Runtime } from '../runtime/runtime.js'
import type { Extrinsic } from './extrinsic/codec.js'

/** `RuntimeDispatchInfo` with the chain's field names; tip and refunds excluded. */
export type FeeInfo = ReturnType<typeof callFeeInfo>

/** What a call costs in a transaction of so many bytes. */
export function callFeeInfo(runtime: Runtime, call: Call, length: number) {
  const { weight, class: dispatchClass } = runtime.dispatchInfo(call)
  return { weight, class: dispatchClass, partial_fee: runtime.feeOf(call, length) }
}

/** The same in parts. Free calls have no inclusion fee. */
export function callFeeDetails(runtime: Runtime, call: Call, length: number) {
  const pays = runtime.dispatchInfo(call).pays_fee.type === 'Yes'
  const fee = runtime.feeParts(call, length)
  const parts = { base_fee: fee.base, len_fee: fee.length, adjusted_weight_fee: fee.weight }
  return { inclusion_fee: pays ? parts : undefined, tip: 0n }
}

/** What an extrinsic costs; inherents cost nothing. */
export function feeInfo(runtime: Runtime, { call, bytes, signed }: Extrinsic): FeeInfo {
  const info = callFeeInfo(runtime, call, bytes.length)
  return signed ? info : { ...info, partial_fee: 0n }
}

/** {@link callFeeDetails} of an extrinsic. */
export function feeDetails(runtime: Runtime, { call, bytes, signed }: Extrinsic) {
  const details = callFeeDetails(runtime, call, bytes.length)
  return signed ? details : { ...details, inclusion_fee: undefined }
}
