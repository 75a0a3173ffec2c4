/** What the transaction pool asks the runtime. */
import type { CallBook } from './callBook.js'
import type { Transaction } from './executor.js'
import type { Ledger } from './profile.js'
import type { State } from './state.js'
import { U64_MAX } from './subtensor/fixed.js'
import { S } from './subtensor/storage.js'
import { ZERO_ACCOUNT } from './types.js'

/** Why a transaction is refused; NODE's JSON-RPC turns it into the text of error 1010. */
export type InvalidReason =
  /** The call is not expected: too little stake to set weights. */
  | 'Call'
  /** Too heavy or too long for any block. */
  | 'ExhaustsResources'
  /** The author's own to make, as the time of the block is. */
  | 'MandatoryValidation'
  /** Inability to pay the fee. */
  | 'Payment'
  /** Nonce already used. */
  | 'Stale'
  /** The sender is the zero account. */
  | 'BadSigner'
  /** A number of the runtime's own: `Custom error: N`. */
  | number

/** The pool's answer. */
export type Verdict =
  | { readonly valid: false; readonly reason: InvalidReason }
  | {
      readonly valid: true
      readonly priority: bigint
      /** For how many blocks. */
      readonly longevity: bigint
      /** The nonce is ahead of the account's: keep it until the ones before have come. */
      readonly future: boolean
    }

/** Checks in the order of the runtime's signed extensions. */
export function validateTransaction(
  book: CallBook,
  ledger: Ledger,
  state: State,
  transaction: Transaction,
): Verdict {
  const { call } = transaction
  const payment = checkPayment(book, ledger, state, transaction)
  if (!payment.valid) return payment
  const { signer, future } = payment
  if (call.pallet !== 'SubtensorModule' || call.name !== 'set_weights') {
    return { valid: true, priority: U64_MAX, longevity: U64_MAX, future }
  }
  const enough = state.get(S.TotalHotkeyStake, signer) >= state.get(S.WeightsMinStake)
  if (!enough) return { valid: false, reason: 'Call' }
  return { valid: true, priority: U64_MAX, longevity: 1n, future }
}

/** The checks that come first in every profile: the class, the sender, the nonce, the size and the fee. */
export function checkPayment(
  book: CallBook,
  ledger: Ledger,
  state: State,
  { signer, nonce, call, length, tip }: Transaction,
):
  | { readonly valid: false; readonly reason: InvalidReason }
  | { readonly valid: true; readonly signer: string; readonly future: boolean } {
  const isMandatory = book.dispatchInfo(call).class.type === 'Mandatory'
  if (isMandatory) return { valid: false, reason: 'MandatoryValidation' }
  if (signer === undefined || signer === ZERO_ACCOUNT) return { valid: false, reason: 'BadSigner' }
  const next = ledger.account(state, signer).nonce
  if (nonce < next) return { valid: false, reason: 'Stale' }
  if (!book.fits(call, length)) return { valid: false, reason: 'ExhaustsResources' }
  const { base, length: bytes, weight } = ledger.feeParts(book, call, length)
  if (!ledger.canPay(state, signer, call, base + bytes + weight + tip)) {
    return { valid: false, reason: 'Payment' }
  }
  return { valid: true, signer, future: nonce > next }
}
