/** The server of a neuron: answers synapses over up to three wire protocols on one port. */
import type { ServerResponse } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { BittensorError } from '../core/errors.js'
import { hostPort } from './address.js'
import type { AxonInfo } from './axonInfo.js'
import { BTAUTH_DEFAULTS } from './btauth/btauth.js'
import { createBtauthProtocol } from './btauth/btauthProtocol.js'
import type { Handlers, ProtocolName, Route } from './call.js'
import { type Clock, systemClock } from './clock.js'
import type { GrpcService } from './grpc/grpcServer.js'
import type { Protocol, RequestHead } from './http/exchange.js'
import { createHttpProtocol } from './http/httpProtocol.js'
import { createHttpService, type HttpService } from './http/httpServer.js'
import { type NonceRules, STRICT_NONCES } from './http/nonceRules.js'
import { sniffConnections } from './http/sniff.js'
import { type AxonLimits, DEFAULT_LIMITS } from './limits.js'
import { type Log, silent } from './log.js'
import { createMetrics } from './metrics.js'
import { createIncreasingNonces, createSeenNonces } from './nonces.js'
import type { Pipeline } from './pipeline.js'
import { createPriorityQueue } from './priorityQueue.js'
import type { Signer, Verifier } from './signing/signer.js'
import { createVerifier } from './signing/verify.js'
import { type Fields, Ping, type Synapse } from './synapse.js'
import { NETWORK_VERSION } from './version.js'

export type AxonOptions = {
  /** The hotkey of the neuron. */
  readonly signer: Signer
  /** Checks callers' signatures; default: the library's own. */
  readonly verifier?: Verifier | undefined
  /** Default: `btauth` and `http`. All of them share the port. */
  readonly protocols?: readonly ProtocolName[] | undefined
  /** Default 8091; 0 takes any free port. */
  readonly port?: number | undefined
  /** Default `0.0.0.0`: all IPv4 addresses of the machine. */
  readonly host?: string | undefined
  /** The address that others reach the axon at, for publishing it; default: host and port. */
  readonly external?: { readonly ip: string; readonly port?: number | undefined } | undefined
  /** ss58 address, for publishing. */
  readonly coldkey?: string | undefined
  readonly limits?: Partial<AxonLimits> | undefined
  /** Rules of the HTTP protocol; `{ legacy: true }` lets clients of bittensor 6.0–7.1 in. */
  readonly nonceRules?: Partial<NonceRules> | undefined
  /** Takes btauth requests that are not bound to this hotkey; default: refused. */
  readonly allowUnboundBtauth?: boolean | undefined
  /** Path of the metrics, such as `/metrics`; answered to callers on this machine only. Default: none. */
  readonly metricsPath?: string | undefined
  readonly log?: Log | undefined
  readonly clock?: Clock | undefined
}

type State = 'stopped' | 'started' | 'stopping'

/** How long a graceful stop waits for running requests by default. */
const DEFAULT_GRACE_MS = 10_000

/**
 * Serves synapses.
 * @example
 * const axon = new Axon({ signer: hotkey, port: 8091 })
 * axon.attach(TextEcho, { forward: (synapse) => ({ reply: synapse.prompt }) })
 * await axon.start()
 */
export class Axon {
  readonly #options: AxonOptions
  readonly #limits: AxonLimits
  readonly #protocols: ReadonlySet<ProtocolName>
  readonly #routes = new Map<string, Route>()
  readonly #pipeline: Pipeline
  #state: State = 'stopped'
  #server: Server | undefined
  #http: HttpService | undefined
  #grpc: GrpcService | undefined
  #closeSilent: (() => void) | undefined

  constructor(options: AxonOptions) {
    this.#options = options
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits }
    this.#protocols = new Set(options.protocols ?? ['btauth', 'http'])
    if (this.#protocols.size === 0) {
      throw new BittensorError('USAGE', 'an axon needs at least one protocol')
    }
    const metrics = createMetrics()
    const queue = createPriorityQueue(this.#limits)
    metrics.gauge('bittensor_axon_running', 'Handlers that run.', () => queue.running)
    metrics.gauge(
      'bittensor_axon_waiting',
      'Requests that wait for a handler.',
      () => queue.waiting,
    )
    this.#pipeline = { limits: this.#limits, queue, metrics, log: options.log ?? silent }
    this.#routes.set(Ping.name, { synapse: Ping, handlers: { forward: () => undefined } })
  }

  /**
   * Answers a synapse with these functions; the last ones attached for a name count.
   * @throws {BittensorError} `USAGE` when the axon speaks gRPC and is already started: that protocol fixes its calls then.
   */
  attach<F extends Fields>(synapse: Synapse<F>, handlers: Handlers<F>): this {
    if (this.#state !== 'stopped' && this.#protocols.has('grpc')) {
      throw new BittensorError('USAGE', 'attach synapses before an axon with gRPC is started')
    }
    this.#routes.set(synapse.name, { synapse, handlers } as unknown as Route)
    return this
  }

  /**
   * Opens the port.
   * @throws {BittensorError} `CONNECTION` when the port cannot be had.
   */
  async start(): Promise<void> {
    if (this.#state !== 'stopped') throw new BittensorError('USAGE', 'the axon is already started')
    const verifier = this.#options.verifier ?? (await createVerifier())
    const clock = this.#options.clock ?? systemClock
    this.#http = this.#createHttp(verifier, clock)
    const { server } = this.#http
    if (this.#protocols.has('grpc')) {
      const { createGrpcService } = await import('./grpc/grpcServer.js')
      this.#grpc = await createGrpcService({
        pipeline: this.#pipeline,
        routes: this.#routes,
        verifier,
        clock,
        self: this.#options.signer.address,
        isStopping: () => this.#state === 'stopping',
      })
      this.#closeSilent = sniffConnections(server, {
        http2: this.#grpc.accept,
        hasHttp1: this.#protocols.has('btauth') || this.#protocols.has('http'),
        timeoutMs: this.#limits.headTimeoutMs,
      })
    }
    this.#server = server
    await listen(this.#server, this.#options.port ?? 8091, this.#options.host ?? '0.0.0.0')
    this.#state = 'started'
    this.#pipeline.log({
      level: 'info',
      event: 'axon.started',
      address: hostPort(this.host, this.port),
    })
  }

  #createHttp(verifier: Verifier, clock: Clock): HttpService {
    const { metrics } = this.#pipeline
    const increasing = createIncreasingNonces({
      capacity: this.#limits.maxNonces,
      floor: !this.#options.nonceRules?.legacy,
    })
    const seen = createSeenNonces({ capacity: this.#limits.maxNonces, keepNs: 60_000_000_000n })
    metrics.gauge('bittensor_axon_nonces', 'Nonces remembered.', () => increasing.size + seen.size)
    const http = createHttpProtocol({
      signer: this.#options.signer,
      verifier,
      clock,
      nonces: increasing,
      nonceRules: { ...STRICT_NONCES, ...this.#options.nonceRules },
      maxTimeoutS: this.#limits.maxTimeoutMs / 1000,
      version: NETWORK_VERSION,
      routes: () => [...this.#routes.keys()],
    })
    const rules = {
      ...BTAUTH_DEFAULTS,
      self: this.#options.signer.address,
      requireReceiver: !this.#options.allowUnboundBtauth,
    }
    const btauth = createBtauthProtocol({ verifier, clock, seen, rules })
    return createHttpService({
      pipeline: this.#pipeline,
      routeOf: (name) => this.#routes.get(name),
      protocolOf: (head) => this.#pickProtocol(head, http, btauth),
      isStopping: () => this.#state === 'stopping',
      intercept: (head, response) => this.#answerMetrics(head, response),
    })
  }

  #pickProtocol(head: RequestHead, http: Protocol, btauth: Protocol): Protocol {
    if (!this.#protocols.has('btauth')) return http
    if (!this.#protocols.has('http')) return btauth
    const isBtauth = Object.keys(head.headers).some((name) => name.startsWith('x-bittensor-'))
    return isBtauth ? btauth : http
  }

  #answerMetrics(head: RequestHead, response: ServerResponse): boolean {
    const path = this.#options.metricsPath
    if (path === undefined || head.method !== 'GET' || head.target !== path) return false
    if (head.remoteIp !== '::1' && !head.remoteIp.startsWith('127.')) return false
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' })
    response.end(this.metricsText())
    return true
  }

  /**
   * Stops: new requests are refused with a clear answer (503, UNAVAILABLE) while running ones finish; after `graceMs`
   * what still runs is cut off.
   */
  async stop(options: { graceMs?: number | undefined } = {}): Promise<void> {
    if (this.#state !== 'started') return
    this.#state = 'stopping'
    const grace = options.graceMs ?? DEFAULT_GRACE_MS
    await within(grace, Promise.all([this.#http?.idle(), this.#grpc?.idle()]))
    const closed = new Promise<void>((resolve) => void this.#server?.close(() => resolve()))
    await this.#grpc?.close()
    this.#closeSilent?.()
    // Idle connections first, then, in the next turn, whatever the grace was too short for.
    this.#http?.server.closeIdleConnections()
    await new Promise((resolve) => setImmediate(resolve))
    this.#http?.server.closeAllConnections()
    await closed
    this.#state = 'stopped'
    this.#pipeline.log({ level: 'info', event: 'axon.stopped' })
  }

  /** The port that is open; the configured one while it is not. */
  get port(): number {
    const address = this.#server?.address()
    return isAddress(address) ? address.port : (this.#options.port ?? 8091)
  }

  /** The address that is bound. */
  get host(): string {
    return this.#options.host ?? '0.0.0.0'
  }

  /** What serve_axon publishes of this axon. */
  info(): AxonInfo {
    const ip = this.#options.external?.ip ?? this.host
    return {
      version: NETWORK_VERSION,
      ip,
      port: this.#options.external?.port ?? this.port,
      ipType: ip.includes(':') ? 6 : 4,
      hotkey: this.#options.signer.address,
      coldkey: this.#options.coldkey ?? '',
      protocol: 4,
      placeholder1: 0,
      placeholder2: 0,
    }
  }

  /** Counters and timings in Prometheus' text format. */
  metricsText(): string {
    return this.#pipeline.metrics.text()
  }

  toString(): string {
    const { address } = this.#options.signer
    return `Axon(${this.host}, ${this.port}, ${address}, ${this.#state})`
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause: NodeJS.ErrnoException) => {
      reject(
        new BittensorError('CONNECTION', `cannot listen on ${hostPort(host, port)}`, {
          details: cause.code,
          hint: cause.code === 'EADDRINUSE' ? 'another program uses this port' : undefined,
          cause,
        }),
      )
    }
    server.once('error', fail)
    server.listen(port, host, () => {
      server.removeListener('error', fail)
      resolve()
    })
  })
}

function isAddress(address: AddressInfo | string | null | undefined): address is AddressInfo {
  return typeof address === 'object' && address !== null
}

/** Waits for the work, but no longer than this. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work, late])
  clearTimeout(timer)
}
