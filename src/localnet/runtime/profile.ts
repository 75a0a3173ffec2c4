/** What the runtime profiles have in common: which pallets there are, how transactions are paid, and what they start with. */
import type { BuildGenesis } from '../genesis/spec.js'
import type { CallBook } from './callBook.js'
import type { Transaction } from './executor.js'
import type { Call, Pallet, RuntimeContext, RuntimeEvent } from './pallet.js'
import type { EventRecord } from './pallets/system.js'
import type { ScaleType, Variant } from './scale.js'
import type { State } from './state.js'
import type { WeightValue } from './types.js'
import type { Verdict } from './validity.js'

/** Which runtime is modelled: `classic` is spec 143, `dtao` is spec 343. */
export type ProfileName = 'classic' | 'dtao'

/** Variations of a profile. */
export type RuntimeOptions = {
  /** Let `faucet` pay out instead of failing, as builds for development do. */
  readonly faucet?: boolean
  /** Classic only: add spec 127's `join_senate` and `leave_senate`, which the real spec 143 no longer has. */
  readonly senateCalls?: boolean
}

/** The parts of a fee in RAO, tip excluded. */
export type FeeParts = {
  /** For being a transaction at all. */
  readonly base: bigint
  /** For its bytes. */
  readonly length: bigint
  /** For the weight of its call. */
  readonly weight: bigint
}

/** Accounts and how they pay for transactions. */
export type Ledger = {
  /** Nonce and free balance (RAO). */
  account(state: State, who: string): { readonly nonce: number; readonly free: bigint }
  bumpNonce(state: State, who: string): void
  /** Adds new RAO to an account and to both issuances. */
  mint(context: Pick<RuntimeContext, 'state' | 'emit'>, who: string, amount: bigint): void
  /** What the pallet of subnets counts as issued, RAO. */
  issuance(state: State): bigint
  weightToFee(weight: WeightValue): bigint
  feeParts(book: CallBook, call: Call, length: number): FeeParts
  /** Whether {@link Ledger.charge} would succeed. */
  canPay(state: State, who: string, call: Call, amount: bigint): boolean
  /**
   * Takes an amount for a call that is about to run; returns what of it was taken in TAO. Throws when the account cannot
   * pay.
   */
  charge(context: RuntimeContext, who: string, call: Call, amount: bigint): bigint
  /** Gives back what is not kept; returns what was kept in the end. */
  settle(context: RuntimeContext, who: string, call: Call, taken: bigint, kept: bigint): bigint
}

/** What a pallet list is made from. */
export type PalletParts = {
  readonly callType: ScaleType<Call>
  readonly eventType: ScaleType<RuntimeEvent>
  readonly eventRecordType: ScaleType<EventRecord>
  readonly book: CallBook
  readonly options: RuntimeOptions
}

/** One of the runtimes that the embedded chain can be. */
export type Profile = {
  readonly name: ProfileName
  /** In the order of their indexes. */
  pallets(parts: PalletParts): Pallet[]
  readonly ledger: Ledger
  /** The error of a dispatch as events carry it. */
  readonly dispatchErrorType: ScaleType<Variant>
  /** `block`: the one that the transaction would be in. */
  validate(book: CallBook, state: State, transaction: Transaction, block: number): Verdict
  readonly buildGenesis: BuildGenesis
  /** Brings the state of the runtime before it into its own form; absent where there is none before. */
  migrate?(
    context: Pick<RuntimeContext, 'state' | 'block'>,
    before: readonly Pallet[],
    after: readonly Pallet[],
  ): void
}
