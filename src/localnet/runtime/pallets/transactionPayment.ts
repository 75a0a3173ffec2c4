/** Fees: one RAO per byte; the weight costs nothing, since the multiplier is 0 from block 1 on. */
import { type EventDef, type Pallet, storageOf, value } from '../pallet.js'
import { AccountId, u8, u64, u128, type Variant, variant, wrapper } from '../scale.js'

const FixedU128 = wrapper(u128, {
  path: ['sp_arithmetic', 'fixed_point', 'FixedU128'],
  typeName: 'u128',
})
const Releases = variant(() => ({ V1Ancient: { index: 0 }, V2: { index: 1 } }), {
  path: ['pallet_transaction_payment', 'Releases'],
})
const FIRST: Variant = { type: 'V1Ancient' }

export const TransactionPayment = storageOf('TransactionPayment', {
  NextFeeMultiplier: value(FixedU128, 1_000_000_000_000_000_000n),
  StorageVersion: value(Releases, FIRST),
})

const events: Record<string, EventDef> = {
  TransactionFeePaid: { index: 0, fields: { who: AccountId, actual_fee: u64, tip: u64 } },
}

export const transactionPaymentPallet: Pallet = {
  name: 'TransactionPayment',
  index: 6,
  crate: 'pallet_transaction_payment',
  generics: { call: ['T'], event: ['T'], error: ['T'] },
  storage: TransactionPayment,
  calls: {},
  events,
  errors: {},
  constants: { OperationalFeeMultiplier: { type: u8, value: 1 } },
}
