/** JSON-RPC as this client sees it: the connection it needs, and what a node's refusals mean. */
import { BittensorError } from '../errors.js'

/** The part of @polkadot/api's ProviderInterface that is used; an in-process chain offers the same. */
export type JsonRpcProvider = {
  readonly isConnected: boolean
  connect(): Promise<void>
  disconnect(): Promise<void>
  send(method: string, params: unknown[]): Promise<unknown>
  subscribe(
    type: string,
    method: string,
    params: unknown[],
    callback: (error: Error | null, result: unknown) => void,
  ): Promise<number | string>
  unsubscribe(type: string, method: string, id: number | string): Promise<boolean>
  on(event: 'connected' | 'disconnected' | 'error', listener: (value?: unknown) => void): () => void
}

/** A node's answer `{ error }` to a request that reached it. */
export class RpcError extends Error {
  override readonly name = 'RpcError'
  readonly code: number
  readonly data: unknown

  constructor(code: number, message: string, data?: unknown) {
    super(message)
    this.code = code
    this.data = data
  }

  /** Message and data as one text, the way nodes split them varies. */
  get text(): string {
    const data = typeof this.data === 'string' ? this.data : JSON.stringify(this.data ?? '')
    return data === '""' || data === '' ? this.message : `${this.message}: ${data}`
  }
}

/** Whether a failed request never got an answer. */
export function isConnectionFailure(error: unknown): error is BittensorError {
  return (
    error instanceof BittensorError && (error.code === 'CONNECTION' || error.code === 'TIMEOUT')
  )
}

const METHOD_NOT_FOUND = -32601

/** Whether the node does not know the method. */
export function isMethodMissing(error: unknown): boolean {
  return error instanceof RpcError && error.code === METHOD_NOT_FOUND
}

/** Whether the runtime does not export the function that `state_call` named. */
function isFunctionMissing(error: unknown): boolean {
  return (
    error instanceof RpcError &&
    /exported method .* is not found|function to start was not found|method not found: \w+_\w+/i.test(
      error.text,
    )
  )
}

/** Whether a node has failed because it keeps less of the past than was asked for. */
export function isPruned(error: unknown): error is BittensorError {
  return error instanceof BittensorError && error.data?.['pruned'] === true
}

/** Where older blocks are to be had than this node keeps. */
export function olderHint(endpoint: string): string {
  const archive = 'ask an archive node: --subtensor.network archive'
  const local = '`btcli localnet` keeps all its past when it is started without --history'
  return isThisMachine(endpoint) ? `${archive}; ${local}` : archive
}

/**
 * The failure to show for a request that was answered with an error.
 * @param endpoint the node, for the message
 */
export function explainRpcError(error: RpcError, method: string, endpoint: string): BittensorError {
  const host = hostOf(endpoint)
  const data = { endpoint, method, rpcCode: error.code }
  if (/state already discarded|unknown ?block|state not available|pruned/i.test(error.text)) {
    return new BittensorError('CONNECTION', `${host} no longer keeps the state of this block`, {
      details: error.text,
      hint: olderHint(endpoint),
      data: { ...data, pruned: true },
    })
  }
  if (isMethodMissing(error) || isFunctionMissing(error)) {
    return new BittensorError('RUNTIME_UNSUPPORTED', `${host} does not offer ${method}`, {
      details: error.text,
      data,
    })
  }
  if (error.code === 429 || /too many|rate limit|limit exceeded/i.test(error.text)) {
    return new BittensorError('CONNECTION', `${host} refuses more requests for now`, {
      details: error.text,
      hint: 'wait a minute, or use another node: --subtensor.chain_endpoint',
      data,
    })
  }
  return new BittensorError('CONNECTION', `${host} answered ${method} with an error`, {
    details: `${error.code}: ${error.text}`,
    data,
  })
}

/** Whether an endpoint is on this machine, or a chain in this process. */
export function isThisMachine(endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return true
  const bare = new URL(endpoint).hostname.replace(/^\[|\]$/g, '')
  return /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(bare)
}

/** The host of an endpoint, for people. */
export function hostOf(endpoint: string): string {
  return URL.canParse(endpoint) ? new URL(endpoint).host : endpoint
}
