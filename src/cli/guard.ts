/** Places around every transaction where limits, a journal and locks can stand. */
import type { Call, Receipt, Sent, SignedTransaction } from '../core/chain/types.js'
import type { Payment } from '../core/journal.js'
import type { Ss58 } from '../core/keys/ss58.js'

/** What one transaction would do, as far as it is known before signing. */
export type Intended = {
  readonly network: string
  readonly genesisHash: string
  readonly value: 'real' | 'worthless' | 'unknown'
  readonly specVersion: number
  readonly command: string
  /** Who signs. */
  readonly account: Ss58
  readonly call: Call
  /** The call that a hash in this one stands for, where it is known. */
  readonly hashed?: Call | undefined
  /** Arguments of the call as they were asked for: the same for a second run of the same command. */
  readonly asked: Readonly<Record<string, unknown>>
  /** Subnets concerned. */
  readonly netuids: readonly number[]
  /** Who gets RAO. */
  readonly destinations: readonly Payment[]
  /** RAO that leave, without the fee; null if not bounded before signing. */
  readonly spendRao: bigint | null
  /** null if the fee could not be estimated. */
  readonly feeRao: bigint | null
}

/** How a transaction ended: its receipt, or the error. */
export type Ending =
  | { readonly ok: true; readonly receipt: Receipt | Sent }
  | { readonly ok: false; readonly error: unknown }

/**
 * Something that stands around transactions. Throwing from any of these stops the transaction; after `beforeSend` has
 * returned it is sent.
 */
export type Guard = {
  /** Sentences why it may not be done; they are shown by --dry_run and refuse the rest. */
  readonly review?: (intended: readonly Intended[]) => Promise<readonly string[]>
  /** After the confirmation, before signing; returns what to do at the end whatever happens, such as giving back a lock. */
  readonly enter?: (intended: readonly Intended[]) => Promise<() => Promise<void>>
  /** With everything that is needed to find the transaction again. */
  readonly beforeSend?: (intended: Intended, transaction: SignedTransaction) => Promise<void>
  readonly ended?: (intended: Intended, ending: Ending) => Promise<void>
}
