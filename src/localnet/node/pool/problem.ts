/** Why a transaction is not taken, in the words and numbers of a real node. */

/** Reasons of the runtime, with their numbers on the wire. */
const INVALID = {
  Call: [0, 'Transaction call is not expected'],
  Payment: [1, 'Inability to pay some fees (e.g. account balance too low)'],
  Future: [2, 'Transaction will be valid in the future'],
  Stale: [3, 'Transaction is outdated'],
  BadProof: [4, 'Transaction has a bad signature'],
  AncientBirthBlock: [5, 'Transaction has an ancient birth block'],
  ExhaustsResources: [6, 'Transaction would exhaust the block limits'],
  MandatoryValidation: [
    9,
    'Transaction dispatch is mandatory; transactions must not be validated.',
  ],
  BadSigner: [10, 'Invalid signing address'],
} as const

const UNKNOWN = { CannotLookup: 0, NoUnsignedValidator: 1 } as const

/** What is wrong with a transaction. */
export type Problem =
  | { readonly kind: 'invalid'; readonly reason: keyof typeof INVALID }
  | { readonly kind: 'custom'; readonly code: number }
  | { readonly kind: 'unknown'; readonly reason: keyof typeof UNKNOWN }

/** A transaction is refused because the runtime finds it invalid. */
export function invalid(reason: keyof typeof INVALID): Problem {
  return { kind: 'invalid', reason }
}

/** The problem as `TransactionValidityError`, SCALE-encoded. */
export function problemBytes(problem: Problem): Uint8Array {
  if (problem.kind === 'custom') return Uint8Array.of(0, 7, problem.code)
  if (problem.kind === 'unknown') return Uint8Array.of(1, UNKNOWN[problem.reason])
  return Uint8Array.of(0, INVALID[problem.reason][0])
}

/** The text a node puts into `data` of error 1010 or 1011. */
export function problemText(problem: Problem): string {
  if (problem.kind === 'custom') return `Custom error: ${problem.code}`
  return problem.kind === 'unknown' ? problem.reason : INVALID[problem.reason][1]
}

/** The pool, or the runtime through it, refuses a transaction. */
export type Refusal =
  | Problem
  | { readonly kind: 'banned' }
  | { readonly kind: 'known'; readonly hash: string }
  | { readonly kind: 'priority'; readonly old: bigint; readonly new: bigint }
  | { readonly kind: 'full' }

/** Thrown by a submission; the RPC turns it into the error of a real node. */
export class TransactionRefused extends Error {
  override readonly name = 'TransactionRefused'
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(`the transaction is refused: ${refusal.kind}`)
    this.refusal = refusal
  }
}
