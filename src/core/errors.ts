/** The one error type that the library throws on purpose, and its closed set of codes. */

/** Stable codes of failures: part of the public API and of the JSON output. */
export type ErrorCode =
  | 'USAGE'
  | 'MISSING_INPUT'
  | 'DECLINED'
  | 'INTERRUPTED'
  | 'CONNECTION'
  | 'TIMEOUT'
  | 'RUNTIME_UNSUPPORTED'
  | 'WALLET_NOT_FOUND'
  | 'KEYFILE'
  | 'BAD_PASSWORD'
  | 'BAD_ADDRESS'
  | 'BAD_SIGNATURE'
  | 'BAD_AMOUNT'
  | 'SUBNET_NOT_FOUND'
  | 'NOT_REGISTERED'
  | 'ALREADY_REGISTERED'
  | 'NOT_DELEGATE'
  | 'NOT_SENATE_MEMBER'
  | 'PROPOSAL_NOT_FOUND'
  | 'INSUFFICIENT_BALANCE'
  | 'INSUFFICIENT_STAKE'
  | 'RATE_LIMITED'
  | 'SLIPPAGE'
  | 'POW_DISABLED'
  | 'POW_STALE'
  | 'POW_NOT_FOUND'
  | 'EXTRINSIC_FAILED'
  | 'UNKNOWN_OUTCOME'
  | 'DUPLICATE'
  | 'POLICY'
  | 'LOCALNET'
  | 'INTERNAL'

/** What a {@link BittensorError} may carry besides its message. */
export type ErrorOptions = {
  /** Why it happened, in a readable sentence; never a secret. */
  readonly details?: string | undefined
  /** What to do next, a command to copy where there is one. */
  readonly hint?: string | undefined
  /** Fields for programs, shown under `error.details` in JSON (bigints as decimal strings). */
  readonly data?: Readonly<Record<string, unknown>> | undefined
  readonly cause?: unknown
}

/**
 * A failure that the program foresaw: a code, what happened, why, and what to do next.
 * Never holds a mnemonic, seed, password or decrypted key.
 * @example
 * try {
 *   await subtensor.transfer({ wallet, dest, amount: '10' })
 * } catch (error) {
 *   if (error instanceof BittensorError && error.code === 'INSUFFICIENT_BALANCE') console.log(error.hint)
 * }
 */
export class BittensorError extends Error {
  override readonly name = 'BittensorError'
  readonly code: ErrorCode
  readonly details: string | undefined
  readonly hint: string | undefined
  readonly data: Readonly<Record<string, unknown>> | undefined

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.details = options.details
    this.hint = options.hint
    this.data = options.data
  }
}

/** Why a file could not be opened, for the end of a sentence. */
export function fileReason(cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code
  if (code === 'ENOENT') return 'it does not exist'
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied'
  if (code === 'EISDIR') return 'it is a folder'
  return code ?? 'it cannot be opened'
}
