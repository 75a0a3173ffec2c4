/** The server of a neuron: answers synapses over up to three wire protocols, on one port or several. */

import type { Server, ServerResponse } from 'node:http'
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
import { listen, openPortOf, type PortPlan, type ProtocolOption, planPorts } from './ports.js'
import { createPriorityQueue } from './priorityQueue.js'
import { type Identity, type Signer, signerSource, type Verifier } from './signing/signer.js'
import { createVerifier } from './signing/verify.js'
import { type Fields, Ping, type Synapse } from './synapse.js'
import { NETWORK_VERSION } from './version.js'

/** The port of bittensor's axons unless told otherwise. */
const DEFAULT_PORT = 8091

/** Who serves, where, over which protocols, and how much it takes on. */
export type AxonOptions = Identity & {
  /** Where {@link Axon.serve} publishes. */
  readonly subtensor?: AxonPublisher | undefined
  /** The subnet that {@link Axon.serve} publishes on. */
  readonly netuid?: number | undefined
  /** Checks callers' signatures; default: the library's own. */
  readonly verifier?: Verifier | undefined
  /** Default: `btauth` and `http`, together on the axon's port. `{ name: 'grpc', port: 8092 }` opens another one. */
  readonly protocols?: readonly ProtocolOption[] | undefined
  /** Default 8091; 0 takes any free port. */
  readonly port?: number | undefined
  /** Default `0.0.0.0`: all IPv4 addresses of the machine. */
  readonly host?: string | undefined
  /**
   * The address that others reach the axon at, for publishing it; default: the host. `detect` asks public services for it
   * when the axon starts (see `detectExternalIp`); nobody is asked otherwise.
   */
  readonly externalIp?: string | undefined
  /** The port that others reach the axon at; default: the open one. */
  readonly externalPort?: number | undefined
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

/** What can put an axon on chain; `Subtensor` is one. */
export type AxonPublisher = {
  serveAxon(options: { readonly netuid: number; readonly axon: Axon }): Promise<unknown>
}

type State = 'stopped' | 'started' | 'stopping'

/** One open port. */
type Door = { readonly server: Server; readonly closeSilent: () => void }

/** How long a graceful stop waits for running requests by default. */
const DEFAULT_GRACE_MS = 10_000

/**
 * Serves synapses.
 * @example
 * const axon = new Axon({ wallet, subtensor, netuid: 1, externalIp: '203.0.113.9' })
 * axon.attach(TextEcho, { forward: (synapse) => ({ reply: synapse.prompt }) })
 * await axon.start()
 * await axon.serve()
 */
export class Axon {
  readonly #options: AxonOptions
  readonly #limits: AxonLimits
  readonly #plans: readonly PortPlan[]
  readonly #routes = new Map<string, Route>()
  readonly #pipeline: Pipeline
  readonly #openSigner: () => Promise<Signer>
  #state: State = 'stopped'
  #signer: Signer | undefined
  #externalIp: string | undefined
  #doors: readonly Door[] = []
  #http: HttpService | undefined
  #grpc: GrpcService | undefined

  /** @throws {BittensorError} `USAGE` without key or wallet, without protocol, or for a port that is none */
  constructor(options: AxonOptions) {
    this.#options = options
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits }
    this.#plans = planPorts(options.protocols ?? ['btauth', 'http'], options.port ?? DEFAULT_PORT)
    this.#openSigner = signerSource(options)
    this.#signer = options.signer
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

  /** Answers a synapse with these functions, before or after the start; the last ones attached for a name count. */
  attach<F extends Fields>(synapse: Synapse<F>, handlers: Handlers<F>): this {
    this.#routes.set(synapse.name, { synapse, handlers } as unknown as Route)
    return this
  }

  /**
   * Opens the ports.
   * @throws {BittensorError} `CONNECTION` when a port cannot be had or the external address not be found out; what opening
   * the wallet's hotkey throws
   */
  async start(): Promise<void> {
    if (this.#state !== 'stopped') throw new BittensorError('USAGE', 'the axon is already started')
    const signer = await this.#openSigner()
    this.#signer = signer
    if (this.#options.externalIp === 'detect') {
      const { detectExternalIp } = await import('./externalIp.js')
      this.#externalIp = await detectExternalIp()
    }
    const verifier = this.#options.verifier ?? (await createVerifier())
    const clock = this.#options.clock ?? systemClock
    const tools = { signer, verifier, clock }
    this.#http = this.#createHttp()
    this.#grpc = this.#speaks('grpc') ? await this.#createGrpc(tools) : undefined
    const protocols = this.#createProtocols(tools)
    this.#doors = await this.#openDoors(this.#http, this.#grpc, protocols)
    this.#state = 'started'
    const addresses = this.#doors.map(({ server }) => hostPort(this.host, openPortOf(server) ?? 0))
    this.#pipeline.log({ level: 'info', event: 'axon.started', addresses })
  }

  #speaks(name: ProtocolName): boolean {
    return this.#plans.some(({ protocols }) => protocols.has(name))
  }

  #createHttp(): HttpService {
    return createHttpService({
      pipeline: this.#pipeline,
      routeOf: (name) => this.#routes.get(name),
      isStopping: () => this.#state === 'stopping',
      intercept: (head, response) => this.#answerMetrics(head, response),
    })
  }

  async #createGrpc({ signer, verifier, clock }: Tools): Promise<GrpcService> {
    const { createGrpcService } = await import('./grpc/grpcServer.js')
    return createGrpcService({
      pipeline: this.#pipeline,
      routeOf: (name) => this.#routes.get(name),
      verifier,
      clock,
      self: signer.address,
      isStopping: () => this.#state === 'stopping',
    })
  }

  #createProtocols({ signer, verifier, clock }: Tools): {
    readonly http: Protocol
    readonly btauth: Protocol
  } {
    const increasing = createIncreasingNonces({
      capacity: this.#limits.maxNonces,
      floor: !this.#options.nonceRules?.legacy,
    })
    const seen = createSeenNonces({ capacity: this.#limits.maxNonces, keepNs: 60_000_000_000n })
    this.#pipeline.metrics.gauge(
      'bittensor_axon_nonces',
      'Nonces remembered.',
      () => increasing.size + seen.size,
    )
    const http = createHttpProtocol({
      signer,
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
      self: signer.address,
      requireReceiver: !this.#options.allowUnboundBtauth,
    }
    return { http, btauth: createBtauthProtocol({ verifier, clock, seen, rules }) }
  }

  async #openDoors(
    http: HttpService,
    grpc: GrpcService | undefined,
    protocols: { readonly http: Protocol; readonly btauth: Protocol },
  ): Promise<Door[]> {
    const doors: Door[] = []
    try {
      for (const plan of this.#plans) {
        const server = http.createServer((head) => pickProtocol(plan, head, protocols))
        const hasHttp1 = plan.protocols.has('btauth') || plan.protocols.has('http')
        const closeSilent =
          grpc && plan.protocols.has('grpc')
            ? sniffConnections(server, {
                http2: grpc.accept,
                hasHttp1,
                timeoutMs: this.#limits.headTimeoutMs,
              })
            : () => {}
        await listen(server, plan.port, this.host)
        doors.push({ server, closeSilent })
      }
      return doors
    } catch (error) {
      for (const { server } of doors) server.close()
      await grpc?.close()
      throw error
    }
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
    const closed = this.#doors.map(
      ({ server }) => new Promise<void>((resolve) => void server.close(() => resolve())),
    )
    await this.#grpc?.close()
    // Idle connections first, then, in the next turn, whatever the grace was too short for.
    for (const { server, closeSilent } of this.#doors) {
      closeSilent()
      server.closeIdleConnections()
    }
    await new Promise((resolve) => setImmediate(resolve))
    for (const { server } of this.#doors) server.closeAllConnections()
    await Promise.all(closed)
    this.#state = 'stopped'
    this.#pipeline.log({ level: 'info', event: 'axon.stopped' })
  }

  /**
   * Publishes the axon on its subnet (SubtensorModule.serve_axon).
   * @throws {BittensorError} `USAGE` without subtensor or netuid, or before the start; what `serveAxon` of the subtensor throws
   */
  async serve(
    options: { netuid?: number | undefined; subtensor?: AxonPublisher | undefined } = {},
  ): Promise<void> {
    const netuid = options.netuid ?? this.#options.netuid
    const subtensor = options.subtensor ?? this.#options.subtensor
    if (netuid === undefined || !subtensor) {
      throw new BittensorError('USAGE', 'publishing an axon needs a netuid and a subtensor')
    }
    if (this.#state !== 'started') {
      throw new BittensorError('USAGE', 'start the axon before it is published')
    }
    await subtensor.serveAxon({ netuid, axon: this })
  }

  /** The port that is open; the configured one while it is not. */
  get port(): number {
    return this.#portAt(0)
  }

  /** The port of one protocol, like {@link Axon.port}; undefined for a protocol that the axon does not speak. */
  portOf(protocol: ProtocolName): number | undefined {
    const index = this.#plans.findIndex(({ protocols }) => protocols.has(protocol))
    return index < 0 ? undefined : this.#portAt(index)
  }

  #portAt(index: number): number {
    const door = this.#doors[index]
    return (door && openPortOf(door.server)) ?? this.#plans[index]?.port ?? DEFAULT_PORT
  }

  /**
   * The hotkey.
   * @throws {BittensorError} `USAGE` before the first start of an axon that was given a wallet
   */
  get signer(): Signer {
    if (this.#signer) return this.#signer
    throw new BittensorError('USAGE', 'the hotkey is opened when the axon starts')
  }

  /** The address that is bound. */
  get host(): string {
    return this.#options.host ?? '0.0.0.0'
  }

  /**
   * What serve_axon publishes of this axon.
   * @throws {BittensorError} `USAGE` like {@link Axon.signer}
   */
  info(): AxonInfo {
    const { externalIp } = this.#options
    const given = externalIp === 'detect' ? this.#externalIp : externalIp
    const ip = given ?? this.host
    return {
      version: NETWORK_VERSION,
      ip,
      port: this.#options.externalPort ?? this.port,
      ipType: ip.includes(':') ? 6 : 4,
      hotkey: this.signer.address,
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
    const address = this.#signer?.address ?? 'hotkey not opened'
    return `Axon(${this.host}, ${this.port}, ${address}, ${this.#state})`
  }
}

/** What talking to peers needs. */
type Tools = { readonly signer: Signer; readonly verifier: Verifier; readonly clock: Clock }

function pickProtocol(
  { protocols }: PortPlan,
  head: RequestHead,
  spoken: { readonly http: Protocol; readonly btauth: Protocol },
): Protocol {
  if (!protocols.has('btauth')) return spoken.http
  if (!protocols.has('http')) return spoken.btauth
  const isBtauth = Object.keys(head.headers).some((name) => name.startsWith('x-bittensor-'))
  return isBtauth ? spoken.btauth : spoken.http
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
