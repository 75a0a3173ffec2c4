/** The client of a neuron: asks axons, many at once, over the wire protocol that each of them speaks. */
import { randomUUID } from 'node:crypto'
import { onAbort } from '../core/abort.js'
import { BittensorError } from '../core/errors.js'
import { hostPort } from './address.js'
import { signRequest } from './btauth/btauth.js'
import type { ProtocolName } from './call.js'
import { ABORTED, CallError } from './callError.js'
import { type Clock, createNonceSource, systemClock } from './clock.js'
import { signMetadata } from './grpc/auth.js'
import { GRPC_BINDINGS } from './grpc/bindings.js'
import { GrpcCallError, type GrpcTransport } from './grpc/grpcClient.js'
import { HTTP_OF_RETURN_CODE, ReturnCode } from './grpc/returnCodes.js'
import { type AxonStatus, axonStatusOf, buildHttpRequest } from './http/httpClient.js'
import {
  boundedChunks,
  createTransport,
  type IncomingAnswer,
  readAnswer,
  type Transport,
} from './http/transport.js'
import { type Log, silent } from './log.js'
import { createLru } from './lru.js'
import { createMetrics } from './metrics.js'
import { secondsText } from './pipeline.js'
import { createSemaphore, type Semaphore } from './semaphore.js'
import { type Identity, type Signer, signerSource } from './signing/signer.js'
import {
  decodeFields,
  encodeInput,
  type Fields,
  type Synapse,
  type SynapseInput,
  type SynapseOutput,
} from './synapse.js'
import { createTurns } from './turns.js'
import { NETWORK_VERSION } from './version.js'
import { JsonError, type JsonMap, type JsonNode, parseJson, printJson } from './wire/json.js'
import { WireError } from './wire/kind.js'

/** An axon to ask; `AxonInfo` and the rows of a metagraph are such. */
export type AxonTarget = {
  readonly hotkey: string
  /** IPv4 or IPv6 text */
  readonly ip: string
  readonly port: number
  /** The protocol it speaks, where that is known; else the dendrite's. */
  readonly wire?: ProtocolName | undefined
  /** The version integer that it published; with `auto` those of 5.x are asked with `grpc`. */
  readonly version?: number | undefined
}

/** How one call ended. Statuses have the meaning of HTTP in all protocols. */
export type DendriteResult<F extends Fields = Fields> = {
  readonly target: AxonTarget
  readonly protocol: ProtocolName
  /** 200, or why not: 401, 403, 404, 408, 422, 429, 499 (aborted here), 500, 503, … */
  readonly status: number
  readonly message: string
  readonly elapsedMs: number
  /** the axon's own measure, where it tells */
  readonly processTimeMs?: number | undefined
  /** gRPC only: the return code, and the gRPC status where there was no answer */
  readonly returnCode?: number | undefined
  readonly grpcStatus?: number | undefined
} & (
  | { readonly ok: true; readonly values: SynapseOutput<F> }
  | { readonly ok: false; readonly values?: undefined }
)

/** How long a call may take, and what ends it. */
export type QueryOptions = {
  /** Time for one axon, from asking for a connection to the last byte; default 12 s. */
  readonly timeoutMs?: number | ((target: AxonTarget) => number) | undefined
  /** Ends the calls that still run. */
  readonly signal?: AbortSignal | undefined
}

/** Who asks, and how. */
export type DendriteOptions = Identity & {
  /**
   * The protocol for axons that name none; default `btauth`. `auto` asks with `grpc` where the axon
   * published a version of 5.x, else with btauth and, where a bittensor 6–10 axon refuses that, once more with `http`, and
   * remembers it.
   */
  readonly protocol?: ProtocolName | 'auto' | undefined
  /** Own address as others see it; axons at the same one are reached through this machine. */
  readonly externalIp?: string | undefined
  /** Calls under way at the same time; further ones wait, on their own time. Default 1024. */
  readonly maxInFlight?: number | undefined
  /** Default 32. */
  readonly maxConnectionsPerAxon?: number | undefined
  /** Longest answer taken, in bytes; default 32 MiB. */
  readonly maxResponseBytes?: number | undefined
  /** Extra tries after 503 (no connection, disconnected); each is signed anew. Default 0. */
  readonly retries?: number | undefined
  readonly log?: Log | undefined
  readonly clock?: Clock | undefined
}

/** A streamed answer. */
export type DendriteStream<F extends Fields> = {
  /** Text as it comes; ends with the stream and never throws, see `result`. */
  readonly pieces: AsyncIterable<string>
  /** Resolves after the last piece was taken. */
  readonly result: Promise<DendriteResult<F>>
}

const DEFAULT_TIMEOUT_MS = 12_000
/** Senders' ids kept for reuse: one axon sees one id per request that is under way. */
const MAX_TARGETS = 8192

/**
 * Asks axons. Results never throw: each says how its call ended.
 * @example
 * const dendrite = new Dendrite({ wallet })
 * const results = await dendrite.query(axons, TextEcho, { prompt: 'hello' }, { timeoutMs: 5000 })
 * for (const result of results) if (result.ok) use(result.values.reply)
 * dendrite.close()
 */
export class Dendrite {
  readonly #options: DendriteOptions
  readonly #openSigner: () => Promise<Signer>
  readonly #metrics = createMetrics()
  readonly #transport: Transport
  readonly #places: Semaphore
  readonly #turn = createTurns()
  readonly #wallNonce: () => bigint
  readonly #monotonicNonce: () => bigint
  readonly #uuids = createLru<string, string[]>(MAX_TARGETS)
  readonly #learned = createLru<string, ProtocolName>(MAX_TARGETS)
  readonly #maxBytes: number
  #grpc: Promise<GrpcTransport> | undefined

  /** @throws {BittensorError} `USAGE` without key or wallet */
  constructor(options: DendriteOptions) {
    const clock = options.clock ?? systemClock
    this.#options = options
    this.#openSigner = signerSource(options)
    this.#maxBytes = options.maxResponseBytes ?? 32 * 2 ** 20
    this.#places = createSemaphore(options.maxInFlight ?? 1024)
    this.#transport = createTransport({
      maxConnectionsPerAxon: options.maxConnectionsPerAxon ?? 32,
      maxConnections: options.maxInFlight ?? 1024,
      idleMs: 4000,
      maxHeaderBytes: 64 * 2 ** 10,
    })
    this.#wallNonce = createNonceSource(clock, 'wall')
    this.#monotonicNonce = createNonceSource(clock, 'monotonic')
  }

  /**
   * Asks all axons at once.
   * @returns one result per axon, in their order
   * @throws {BittensorError} `USAGE` when the input does not fit the synapse, and what opening the wallet's hotkey throws:
   * nothing was sent then.
   */
  async query<F extends Fields>(
    targets: readonly AxonTarget[],
    synapse: Synapse<F>,
    input: SynapseInput<F>,
    options: QueryOptions = {},
  ): Promise<DendriteResult<F>[]> {
    const nodes = encodeInput(synapse, input)
    await this.#openSigner()
    return Promise.all(targets.map((target) => this.#callOne({ target, synapse, nodes, options })))
  }

  /** Asks one axon; else like {@link query}. */
  async call<F extends Fields>(
    target: AxonTarget,
    synapse: Synapse<F>,
    input: SynapseInput<F>,
    options: QueryOptions = {},
  ): Promise<DendriteResult<F>> {
    const nodes = encodeInput(synapse, input)
    await this.#openSigner()
    return this.#callOne({ target, synapse, nodes, options })
  }

  /**
   * Asks one axon for a stream.
   * @throws {BittensorError} `USAGE` when the input does not fit, or the synapse is not a streaming one.
   */
  stream<F extends Fields>(
    target: AxonTarget,
    synapse: Synapse<F>,
    input: SynapseInput<F>,
    options: QueryOptions = {},
  ): DendriteStream<F> {
    if (!synapse.collect)
      throw new BittensorError('USAGE', `${synapse.name} is not a streaming synapse`)
    const nodes = encodeInput(synapse, input)
    let settle: (result: DendriteResult<F>) => void = () => {}
    const result = new Promise<DendriteResult<F>>((resolve) => {
      settle = resolve
    })
    return { pieces: this.#streamPieces({ target, synapse, nodes, options }, settle), result }
  }

  /** Closes all connections; the dendrite can still be used and opens new ones. */
  close(): void {
    this.#transport.close()
    void this.#grpc?.then((grpc) => grpc.close())
    this.#grpc = undefined
  }

  /** Counters and timings in Prometheus' text format. */
  metricsText(): string {
    return this.#metrics.text()
  }

  #count(synapse: string, protocol: ProtocolName, status: number, seconds: number): void {
    const labels = { protocol, synapse }
    this.#metrics.count('bittensor_dendrite_calls_total', 'Calls ended, by status.', {
      ...labels,
      status: String(status),
    })
    this.#metrics.observe(
      'bittensor_dendrite_call_seconds',
      'Time from asking for a connection to the last byte.',
      labels,
      seconds,
    )
  }

  async #callOne<F extends Fields>(asked: Asked<F>): Promise<DendriteResult<F>> {
    let result = await this.#tryOne(asked)
    for (let left = this.#options.retries ?? 0; left > 0 && result.status === 503; left--) {
      result = await this.#tryOne(asked)
    }
    return result
  }

  async #tryOne<F extends Fields>(asked: Asked<F>): Promise<DendriteResult<F>> {
    const attempt = this.#begin(asked)
    let leave = () => {}
    try {
      leave = await this.#places.enter(attempt.signal)
      const answer = await this.#ask(asked, attempt)
      return this.#finish(asked, attempt, answer)
    } catch (error) {
      return this.#finish(asked, attempt, failureOf(error, attempt))
    } finally {
      leave()
      attempt.end()
    }
  }

  #begin<F extends Fields>({ target, options }: Asked<F>): Attempt {
    const wish =
      typeof options.timeoutMs === 'function' ? options.timeoutMs(target) : options.timeoutMs
    const timeoutMs = wish ?? DEFAULT_TIMEOUT_MS
    const controller = new AbortController()
    const timer = setTimeout(() => {
      controller.abort(
        new CallError(408, `Request timeout after ${secondsText(timeoutMs)} seconds`),
      )
    }, timeoutMs)
    const unhear = onAbort(options.signal, () =>
      controller.abort(new CallError(ABORTED, 'the call was aborted', options.signal?.reason)),
    )
    return {
      startedMs: performance.now(),
      timeoutMs,
      signal: controller.signal,
      protocol: this.#protocolOf(target),
      end() {
        clearTimeout(timer)
        unhear()
      },
    }
  }

  #protocolOf(target: AxonTarget): ProtocolName {
    const configured = this.#options.protocol ?? 'btauth'
    if (target.wire) return target.wire
    if (configured !== 'auto') return configured
    return this.#learned.get(keyOf(target)) ?? (isGrpcVersion(target.version) ? 'grpc' : 'btauth')
  }

  async #ask<F extends Fields>(asked: Asked<F>, attempt: Attempt): Promise<Answered<F>> {
    if (attempt.protocol === 'grpc') return this.#askGrpc(asked, attempt)
    const { answer, done } = await this.#open(asked, attempt)
    try {
      const raw = await readAnswer(answer.body, this.#maxBytes, attempt.signal)
      return readHttpAnswer(asked, answer, raw)
    } finally {
      done()
    }
  }

  /** Sends; where an axon of bittensor 6–10 refuses btauth, once more in its own protocol. */
  async #open<F extends Fields>(
    asked: Asked<F>,
    attempt: Attempt,
  ): Promise<{ answer: IncomingAnswer; done: () => void }> {
    const sent = await this.#send(asked, attempt)
    const { status, headers, body } = sent.answer
    const isLegacy = headers['bt_header_axon_status_code'] !== undefined
    if (status === 200 || !isLegacy || !this.#shouldLearn(asked.target, attempt)) return sent
    try {
      // To its end, so that the connection can be used again.
      await readAnswer(body, this.#maxBytes, attempt.signal)
    } finally {
      sent.done()
    }
    attempt.protocol = 'http'
    this.#learned.set(keyOf(asked.target), 'http')
    return this.#send(asked, attempt)
  }

  #shouldLearn(target: AxonTarget, attempt: Attempt): boolean {
    return this.#options.protocol === 'auto' && !target.wire && attempt.protocol === 'btauth'
  }

  /** Signs and sends over HTTP/1.1; `done` gives the sender's id back for the next request to this axon. */
  async #send<F extends Fields>(
    { target, synapse, nodes }: Asked<F>,
    attempt: Attempt,
  ): Promise<{ answer: IncomingAnswer; done: () => void }> {
    const uuid = this.#takeUuid(target)
    const done = () => this.#giveUuid(target, uuid)
    try {
      const signer = await this.#openSigner()
      const path = `/${synapse.name}`
      const request = await this.#turn(() =>
        attempt.protocol === 'http'
          ? this.#httpRequest(synapse, nodes, signer, target, attempt, uuid)
          : this.#btauthRequest(nodes, path, signer, target, attempt),
      )
      attempt.signal.throwIfAborted()
      const ip = target.ip === this.#options.externalIp ? '127.0.0.1' : target.ip
      const answer = await this.#transport.send({
        ip,
        port: target.port,
        path,
        ...request,
        signal: attempt.signal,
      })
      return { answer, done }
    } catch (error) {
      done()
      throw error
    }
  }

  #httpRequest(
    synapse: Synapse,
    nodes: JsonMap,
    signer: Signer,
    target: AxonTarget,
    attempt: Attempt,
    uuid: string,
  ) {
    return buildHttpRequest(synapse, nodes, {
      signer,
      axon: { ip: target.ip, port: target.port, hotkey: target.hotkey },
      ip: this.#options.externalIp ?? '0.0.0.0',
      version: NETWORK_VERSION,
      nonce: this.#wallNonce(),
      uuid,
      timeoutMs: attempt.timeoutMs,
    })
  }

  async #btauthRequest(
    nodes: JsonMap,
    path: string,
    signer: Signer,
    target: AxonTarget,
    attempt: Attempt,
  ) {
    const body = printJson(nodes, 'compact')
    const bytes = Buffer.from(body, 'utf8')
    const signed = await signRequest({
      signer,
      method: 'POST',
      target: path,
      body: bytes,
      nonce: this.#wallNonce(),
      receiver: target.hotkey,
    })
    const headers: [string, string][] = [
      ...Object.entries(signed),
      ['Timeout', secondsText(attempt.timeoutMs)],
      ['Accept', '*/*'],
      ['User-Agent', 'bittensor-js'],
      ['Content-Length', String(bytes.length)],
      ['Content-Type', 'application/json'],
    ]
    return { headers, body }
  }

  async #askGrpc<F extends Fields>(
    { target, synapse, nodes }: Asked<F>,
    attempt: Attempt,
  ): Promise<Answered<F>> {
    const binding = GRPC_BINDINGS[synapse.name]
    if (!binding) throw new CallError(400, `${synapse.name} has no form in the gRPC protocol`)
    this.#grpc ??= import('./grpc/grpcClient.js').then((module) =>
      module.createGrpcTransport({ maxResponseBytes: this.#maxBytes }),
    )
    const transport = await this.#grpc
    const signer = await this.#openSigner()
    const uuid = this.#takeUuid(target)
    try {
      const metadata = await this.#turn(() =>
        signMetadata({
          signer,
          receiver: target.hotkey,
          nonce: this.#monotonicNonce(),
          uuid,
        }),
      )
      const bytes = await transport.send({
        ip: target.ip === this.#options.externalIp ? '127.0.0.1' : target.ip,
        port: target.port,
        path: binding.path,
        metadata,
        request: binding.encodeRequest(nodes, attempt.timeoutMs),
        timeoutMs: attempt.timeoutMs,
        signal: attempt.signal,
      })
      const { nodes: answer, state } = binding.decodeResponse(bytes)
      const ok = state.code === ReturnCode.success
      return {
        status: HTTP_OF_RETURN_CODE[state.code] ?? 500,
        message: state.message,
        returnCode: state.code,
        values: ok ? decodeFields(synapse, new Map([...nodes, ...answer])).values : undefined,
      }
    } finally {
      this.#giveUuid(target, uuid)
    }
  }

  /**
   * Axons take only growing nonces of one id, and requests sent together may arrive in any order: so each request that is
   * under way has an id of its own, and ids are reused, because Python's axons never forget one.
   */
  #takeUuid(target: AxonTarget): string {
    return this.#uuids.get(keyOf(target))?.pop() ?? randomUUID()
  }

  #giveUuid(target: AxonTarget, uuid: string): void {
    const free = this.#uuids.get(keyOf(target)) ?? []
    free.push(uuid)
    this.#uuids.set(keyOf(target), free)
  }

  async *#streamPieces<F extends Fields>(
    asked: Asked<F>,
    settle: (result: DendriteResult<F>) => void,
  ): AsyncGenerator<string> {
    const attempt = this.#begin(asked)
    let leave = () => {}
    let end: Answered<F> = { status: ABORTED, message: 'the stream was not read to its end' }
    try {
      leave = await this.#places.enter(attempt.signal)
      const { answer, done } = await this.#open(asked, attempt)
      try {
        if (answer.status !== 200) {
          end = readHttpAnswer(
            asked,
            answer,
            await readAnswer(answer.body, this.#maxBytes, attempt.signal),
          )
          return
        }
        let text = ''
        for await (const piece of this.#decodedPieces(answer, attempt)) {
          text += piece
          yield piece
        }
        end = streamEnd(asked, answer, text)
      } finally {
        done()
      }
    } catch (error) {
      end = failureOf(error, attempt)
    } finally {
      leave()
      attempt.end()
      settle(this.#finish(asked, attempt, end))
    }
  }

  async *#decodedPieces(answer: IncomingAnswer, attempt: Attempt): AsyncGenerator<string> {
    const decoder = new TextDecoder()
    for await (const chunk of boundedChunks(answer.body, this.#maxBytes, attempt.signal)) {
      const piece = decoder.decode(chunk, { stream: true })
      if (piece !== '') yield piece
    }
    const rest = decoder.decode()
    if (rest !== '') yield rest
  }

  #finish<F extends Fields>(
    { target, synapse }: Asked<F>,
    attempt: Attempt,
    end: Answered<F>,
  ): DendriteResult<F> {
    const { values, ...rest } = end
    const elapsedMs = performance.now() - attempt.startedMs
    const common = { target, protocol: attempt.protocol, elapsedMs, ...rest }
    this.#count(synapse.name, attempt.protocol, end.status, elapsedMs / 1000)
    ;(this.#options.log ?? silent)({
      level: end.status === 200 ? 'debug' : 'warn',
      event: 'dendrite.call',
      synapse: synapse.name,
      peer: target.hotkey,
      address: keyOf(target),
      protocol: attempt.protocol,
      status: end.status,
      message: end.message,
      seconds: Math.round(elapsedMs * 1000) / 1e6,
    })
    return values === undefined ? { ...common, ok: false } : { ...common, ok: true, values }
  }
}

/** One question to one axon. */
type Asked<F extends Fields> = {
  readonly target: AxonTarget
  readonly synapse: Synapse<F>
  readonly nodes: JsonMap
  readonly options: QueryOptions
}

type Attempt = {
  readonly startedMs: number
  readonly timeoutMs: number
  readonly signal: AbortSignal
  protocol: ProtocolName
  end(): void
}

type Answered<F extends Fields> = {
  readonly status: number
  readonly message: string
  readonly processTimeMs?: number | undefined
  readonly returnCode?: number | undefined
  readonly grpcStatus?: number | undefined
  readonly values?: SynapseOutput<F> | undefined
}

/** Releases 5.0 to 5.x; from 6.0 on axons speak HTTP. */
function isGrpcVersion(version: number | undefined): boolean {
  return version !== undefined && version >= 500 && version < 600
}

function keyOf(target: AxonTarget): string {
  return hostPort(target.ip, target.port)
}

function failureOf<F extends Fields>(error: unknown, attempt: Attempt): Answered<F> {
  const cause = attempt.signal.aborted ? attempt.signal.reason : error
  if (cause instanceof GrpcCallError) {
    return {
      status: cause.status,
      message: cause.message,
      returnCode: cause.returnCode,
      grpcStatus: cause.grpcStatus,
    }
  }
  if (cause instanceof CallError) {
    const isGrpcTimeout = cause.status === 408 && attempt.protocol === 'grpc'
    return {
      status: cause.status,
      message: cause.message,
      ...(isGrpcTimeout ? { returnCode: ReturnCode.timeout } : {}),
    }
  }
  if (cause instanceof BittensorError) return { status: 400, message: cause.message }
  const reason = cause instanceof Error ? cause.message : 'unknown reason'
  return { status: 422, message: `Failed to parse response: ${reason}` }
}

/** @throws {CallError} 422 when the answer cannot be read */
function readHttpAnswer<F extends Fields>(
  asked: Asked<F>,
  answer: IncomingAnswer,
  raw: Buffer,
): Answered<F> {
  const body = readJson(answer, raw)
  const state: AxonStatus = axonStatusOf(answer.status, answer.headers, body)
  const status = answer.status === 200 ? state.code : answer.status
  const common = {
    status,
    message: status === 200 ? 'Success' : state.message,
    processTimeMs: state.processTimeMs,
  }
  if (status !== 200) return common
  try {
    // Fields that the axon leaves out keep what was asked.
    const merged = body instanceof Map ? new Map([...asked.nodes, ...body]) : body
    return { ...common, values: decodeFields(asked.synapse, merged).values }
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    throw new CallError(422, `Failed to parse response: ${error.message}`)
  }
}

function readJson(answer: IncomingAnswer, raw: Buffer): JsonNode {
  const type = String(answer.headers['content-type'] ?? '')
  if (!/^application\/([\w.+-]+\+)?json\b/.test(type)) {
    throw new CallError(
      422,
      `Failed to parse response: ${answer.status}, unexpected content type ${type.slice(0, 60) || 'none'}`,
    )
  }
  try {
    return parseJson(new TextDecoder('utf-8', { fatal: true }).decode(raw))
  } catch (error) {
    const reason = error instanceof JsonError ? error.message : 'it is not UTF-8'
    throw new CallError(422, `Failed to parse response: ${reason}`)
  }
}

function streamEnd<F extends Fields>(
  { synapse, nodes }: Asked<F>,
  answer: IncomingAnswer,
  text: string,
): Answered<F> {
  const state = axonStatusOf(answer.status, answer.headers, undefined)
  const values = { ...decodeFields(synapse, nodes).values, ...synapse.collect?.(text) }
  return { status: 200, message: 'Success', processTimeMs: state.processTimeMs, values }
}
