/** What happens to a request between authentication and answer, the same for all protocols. */
import { randomUUID } from 'node:crypto'
import type { Call, Pieces, ProtocolName, Route } from './call.js'
import type { AxonLimits } from './limits.js'
import type { Log } from './log.js'
import type { Metrics } from './metrics.js'
import type { PriorityQueue } from './priorityQueue.js'
import { RequestError } from './requestError.js'
import { encodeOutput, type SynapseOutput } from './synapse.js'
import type { JsonMap } from './wire/json.js'

/** What serving one request needs. */
export type Pipeline = {
  readonly limits: AxonLimits
  readonly queue: PriorityQueue
  readonly metrics: Metrics
  readonly log: Log
}

/** A call while it is served. */
export type ActiveCall = Call & {
  readonly status: { code: number; message: string }
  /** whether the caller has proven to be who it claims to be */
  isVerified: boolean
  readonly startedMs: number
  /** Ends the time of the call: the caller has gone. */
  abandon(): void
  /** Frees the timer. */
  end(): void
}

/** Who asks, as far as the protocol knows. */
export type Origin = {
  readonly protocol: ProtocolName
  readonly synapse: string
  readonly caller: string
  readonly remote: string
  readonly version?: number | undefined
  /** undefined: the protocol carried none */
  readonly timeoutMs?: number | undefined
}

export function openCall(origin: Origin, limits: AxonLimits): ActiveCall {
  const wish = origin.timeoutMs ?? limits.defaultTimeoutMs
  const timeoutMs = Math.min(
    Math.max(wish > 0 ? wish : limits.defaultTimeoutMs, 1),
    limits.maxTimeoutMs,
  )
  const controller = new AbortController()
  const timer = setTimeout(() => {
    controller.abort(
      new RequestError('timeout', `Response timeout after: ${secondsText(timeoutMs)}s`),
    )
  }, timeoutMs)
  const status = { code: 200, message: 'Success' }
  let isOver = false
  return {
    ...origin,
    id: randomUUID(),
    version: origin.version,
    timeoutMs,
    signal: controller.signal,
    status,
    isVerified: false,
    startedMs: performance.now(),
    setStatus(code, message) {
      status.code = code
      status.message = message
    },
    abandon() {
      // Every connection closes at some time; only while the call runs does it mean anything.
      if (!isOver) controller.abort(new RequestError('timeout', 'the caller has gone'))
    },
    end() {
      isOver = true
      clearTimeout(timer)
    },
  }
}

/** @throws {RequestError} `blacklisted` */
export async function checkBlacklist(route: Route, call: Call): Promise<void> {
  const { blacklist } = route.handlers
  if (!blacklist) return
  const verdict = await guarded(call, async () => blacklist(call))
  const [isRefused, reason] = typeof verdict === 'boolean' ? [verdict, undefined] : verdict
  if (isRefused) throw new RequestError('blacklisted', reason ?? 'no reason specified')
}

/** What a handler made. */
export type Outcome = { readonly nodes: JsonMap } | { readonly pieces: Pieces }

/**
 * Waits for a turn and runs the handler until the time of the call is up.
 * @returns the outcome, and a function that gives the turn back: right away, or after the last piece of a stream.
 * @throws {RequestError}
 */
export async function runHandler(
  pipeline: Pipeline,
  route: Route,
  call: ActiveCall,
  values: SynapseOutput<Route['synapse']['fields']>,
): Promise<{ outcome: Outcome; release: () => void }> {
  const priority = await readPriority(route, call)
  const release = await pipeline.queue.enter(priority, call.signal)
  try {
    const answer = await untilAborted(
      call.signal,
      guarded(call, async () => route.handlers.forward(values, call)),
    )
    if (isPieces(answer)) return { outcome: { pieces: answer }, release }
    const nodes = await guarded(call, async () =>
      encodeOutput(route.synapse, { ...values, ...answer }),
    )
    return { outcome: { nodes }, release }
  } catch (error) {
    release()
    throw error
  }
}

async function readPriority(route: Route, call: ActiveCall): Promise<number> {
  const { priority } = route.handlers
  if (!priority) return 0
  try {
    const value = await priority(call)
    return Number.isNaN(value) ? 0 : value
  } catch (error) {
    if (isTimeout(error)) {
      throw new RequestError(
        'timeout',
        `Response timeout after: ${secondsText(call.timeoutMs)}s`,
        error,
      )
    }
    throw new RequestError('overloaded', failureText(call), error)
  }
}

/** Seconds as Python prints a float: `12.0`. */
export function secondsText(ms: number): string {
  const seconds = ms / 1000
  return Number.isInteger(seconds) ? `${seconds}.0` : String(seconds)
}

function isTimeout(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return error.name === 'TimeoutError' || (error as { code?: unknown }).code === 'TIMEOUT'
}

/** Turns whatever user code throws into an answer that tells nothing but the id under which the log has it. */
async function guarded<T>(call: Call, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof RequestError) throw error
    throw new RequestError('failed', failureText(call), error)
  }
}

export function failureText(call: Pick<Call, 'id'>): string {
  return `Internal Server Error #${call.id}`
}

async function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted()
  let stop = () => {}
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

function isPieces(answer: unknown): answer is Pieces {
  return typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer
}

/** One line per request in the log, one count in the metrics. */
export function report(
  pipeline: Pipeline,
  call: ActiveCall,
  route: Route | undefined,
  result: { status: number; error?: unknown },
): void {
  const seconds = (performance.now() - call.startedMs) / 1000
  // Names that peers make up must not become series of their own.
  const synapse = route?.synapse.name ?? 'unknown'
  const labels = { protocol: call.protocol, synapse }
  pipeline.metrics.count('bittensor_axon_requests_total', 'Requests answered, by HTTP status.', {
    ...labels,
    status: String(result.status),
  })
  pipeline.metrics.observe(
    'bittensor_axon_request_seconds',
    'Time from the head of a request to its answer.',
    labels,
    seconds,
  )
  const { error } = result
  const kind = error instanceof RequestError ? error.kind : undefined
  const cause = error instanceof RequestError ? error.cause : error
  pipeline.log({
    level:
      kind === 'failed' || (error !== undefined && kind === undefined)
        ? 'error'
        : kind
          ? 'warn'
          : 'info',
    event: 'axon.request',
    id: call.id,
    protocol: call.protocol,
    synapse,
    [call.isVerified ? 'caller' : 'claimedCaller']: call.caller,
    remote: call.remote,
    status: result.status,
    seconds: Math.round(seconds * 1e6) / 1e6,
    ...(kind ? { refused: kind } : {}),
    ...(cause === undefined ? {} : { cause }),
  })
}

/** Any failure as a refusal; what is not one becomes `failed`. */
export function asRequestError(error: unknown, call: Pick<Call, 'id'>): RequestError {
  if (error instanceof RequestError) return error
  return new RequestError('failed', failureText(call), error)
}
