/** Requests over a provider with a deadline, quiet retries of reads, and failures in words of this domain. */
import { onAbort } from '../abort.js'
import { BittensorError } from '../errors.js'
import { explainRpcError, hostOf, type JsonRpcProvider, RpcError } from './rpc.js'
import type { Request } from './runtime.js'

/** A provider with manners. */
export type Link = {
  /** A request whose failures are {@link BittensorError}s; reads are repeated when the connection breaks. */
  readonly request: Request
  /** A request made once; a node's refusal arrives as {@link RpcError}. */
  readonly once: Request
  readonly subscribe: (
    method: string,
    params: readonly unknown[],
    unsubscribe: string,
    onMessage: (message: unknown) => void,
    onLost?: (error: Error) => void,
  ) => Promise<() => void>
}

type LinkOptions = {
  readonly provider: JsonRpcProvider
  /** The node in use, which may change. */
  readonly endpoint: string
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
}

/** Waits before a read is tried again on a connection that broke. */
const RETRY_AFTER_MS = [250, 1_000]

export function createLink(options: LinkOptions): Link {
  const { provider } = options
  const once: Request = async (method, params = []) => {
    const started = provider.send(method, [...params])
    return limited(started, method, options).catch((error: unknown) => {
      throw asKnown(error, options.endpoint)
    })
  }
  return {
    once,
    request: (method, params = []) => {
      // What the user should read about is the function that was called, not the request that carried it.
      const what = method === 'state_call' ? String(params[0]) : method
      return persistent(() => once(method, params), what, options)
    },
    async subscribe(method, params, unsubscribe, onMessage, onLost) {
      const started = provider.subscribe(method, method, [...params], (error, message) => {
        if (error) onLost?.(error)
        else onMessage(message)
      })
      const id = await limited(started, method, options).catch((error: unknown) => {
        throw asKnown(error, options.endpoint)
      })
      return () => {
        // Nobody waits for it: the answer changes nothing, and the connection may be gone.
        provider.unsubscribe(method, unsubscribe, id).catch(() => undefined)
      }
    },
  }
}

async function persistent(
  attempt: () => Promise<unknown>,
  method: string,
  options: LinkOptions,
): Promise<unknown> {
  const waits = method.startsWith('author_') ? [] : RETRY_AFTER_MS
  for (let tries = 0; ; tries++) {
    try {
      return await attempt()
    } catch (error) {
      const wait = waits[tries]
      if (error instanceof RpcError) throw explainRpcError(error, method, options.endpoint)
      const broken = error instanceof BittensorError && error.code === 'CONNECTION'
      if (!broken || wait === undefined || options.signal?.aborted) throw error
      await new Promise((resolve) => setTimeout(resolve, wait))
    }
  }
}

function asKnown(error: unknown, endpoint: string): unknown {
  if (error instanceof BittensorError || error instanceof RpcError) return error
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const message = error instanceof Error ? error.message : String(error)
  if (typeof code === 'number') {
    const data = error instanceof Error && 'data' in error ? error.data : undefined
    return new RpcError(code, bareMessage(message, code, data), data)
  }
  return new BittensorError('CONNECTION', `the request to ${hostOf(endpoint)} failed`, {
    details: message,
    cause: error,
  })
}

/** @polkadot/api's providers write code and data into the message too. */
function bareMessage(message: string, code: number, data: unknown): string {
  const start = `${code}: `
  const end = typeof data === 'string' ? `: ${data}` : ''
  const rest = message.startsWith(start) ? message.slice(start.length) : message
  return end !== '' && rest.endsWith(end) ? rest.slice(0, -end.length) : rest
}

/** Races a request against its deadline and the user's Ctrl-C. */
async function limited<T>(
  work: Promise<T>,
  method: string,
  options: Omit<LinkOptions, 'provider'>,
): Promise<T> {
  const { signal, timeoutMs, endpoint } = options
  let stop: () => void = () => undefined
  const ended = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => {
      const what = `${hostOf(endpoint)} did not answer ${method} within ${timeoutMs / 1000} s`
      reject(new BittensorError('TIMEOUT', what, { data: { endpoint, method } }))
    }, timeoutMs)
    const unhear = onAbort(signal, () => reject(new BittensorError('INTERRUPTED', 'interrupted')))
    stop = () => {
      clearTimeout(timer)
      unhear()
    }
  })
  // Whichever loses the race must not count as an unhandled rejection.
  work.catch(() => undefined)
  try {
    return await Promise.race([work, ended])
  } finally {
    stop()
  }
}
