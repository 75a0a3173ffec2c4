/** Errors of JSON-RPC and of a real node's methods. */
import { problemText, type Refusal } from '../pool/problem.js'

/** What a method answers instead of a result. */
export class RpcError extends Error {
  override readonly name = 'RpcError'
  readonly code: number
  readonly data: string | undefined

  constructor(code: number, message: string, data?: string) {
    super(message)
    this.code = code
    this.data = data
  }
}

export const parseError = () => new RpcError(-32700, 'Parse error')
export const invalidRequest = () => new RpcError(-32600, 'Invalid request')
export const methodNotFound = () => new RpcError(-32601, 'Method not found')
export const invalidParams = (why: string) => new RpcError(-32602, 'Invalid params', why)
export const internalError = (why: string) => new RpcError(-32603, 'Internal error', why)
export const unsafeMethod = () => new RpcError(-32601, 'RPC call is unsafe to be called externally')

/** A question about state that the node cannot answer. */
export const stateError = (message: string) => new RpcError(4003, `Client error: ${message}`)

/** A block hash that names no block of this chain. */
export const unknownBlock = (hash: string) =>
  stateError(`UnknownBlock: Header was not found in the database: ${hash}`)

/** A block whose state is no longer kept. */
export const discardedState = (hash: string) =>
  stateError(`UnknownBlock: State already discarded for ${hash}`)

/** A transaction that is not taken, with the codes 1010 to 1016 of a real node. */
export function refusalError(refusal: Refusal): RpcError {
  switch (refusal.kind) {
    case 'banned':
      return new RpcError(1012, 'Transaction is temporarily banned')
    case 'known':
      return new RpcError(1013, 'Transaction Already Imported', refusal.hash)
    case 'priority':
      return new RpcError(
        1014,
        `Priority is too low: (${refusal.old} vs ${refusal.new})`,
        'The transaction has too low priority to replace another transaction already in the pool.',
      )
    case 'full':
      return new RpcError(
        1016,
        'Immediately Dropped',
        "The transaction couldn't enter the pool because of the limit",
      )
    case 'unknown':
      return new RpcError(1011, 'Unknown Transaction Validity', problemText(refusal))
    default:
      return new RpcError(1010, 'Invalid Transaction', problemText(refusal))
  }
}

/** Bytes that are no extrinsic of this runtime. */
export function formatError(message: string, envelope: boolean): RpcError {
  return envelope
    ? new RpcError(1001, `Extrinsic has invalid format: ${message}`)
    : new RpcError(1002, `Verification Error: Runtime error: Execution failed: ${message}`)
}
