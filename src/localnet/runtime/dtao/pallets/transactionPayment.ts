/** Fees of spec 343: a RAO per byte, and 0.00005 RAO per picosecond of weight. */
import type { Pallet } from '../../pallet.js'
import { transactionPaymentPallet as classic } from '../../pallets/transactionPayment.js'
import { u8 } from '../../scale.js'
import type { WeightValue } from '../../types.js'

export const transactionPaymentPallet: Pallet = {
  ...classic,
  constants: { OperationalFeeMultiplier: { type: u8, value: 5 } },
}

/** RAO per 10^9 picoseconds. */
const RAO_PER_MILLISECOND = 50_000n

/** What a weight costs, RAO. */
export const weightToFee = ({ ref_time }: WeightValue): bigint =>
  (ref_time * RAO_PER_MILLISECOND) / 1_000_000_000n
