/** The gRPC service of bittensor 5.x, on connections that somebody else has accepted. */
import type { Socket } from 'node:net'
import type { ServerUnaryCall, sendUnaryData, UntypedHandleCall } from '@grpc/grpc-js'
import type { Route } from '../call.js'
import type { Clock } from '../clock.js'
import { createIncreasingNonces, type IncreasingNonces } from '../nonces.js'
import {
  type ActiveCall,
  asRequestError,
  checkBlacklist,
  openCall,
  type Pipeline,
  report,
  runHandler,
  secondsText,
} from '../pipeline.js'
import { HTTP_STATUS, RequestError } from '../requestError.js'
import type { Verifier } from '../signing/signer.js'
import { decodeFields } from '../synapse.js'
import {
  checkMetadata,
  claimedSender,
  claimedVersion,
  GrpcAuthError,
  type GrpcMetadata,
} from './auth.js'
import { GRPC_BINDINGS, type GrpcBinding, type ReturnState } from './bindings.js'
import { createConnectionGuard } from './connectionGuard.js'
import { ReturnCode } from './returnCodes.js'

export type GrpcServerOptions = {
  readonly pipeline: Pipeline
  readonly routeOf: (name: string) => Route | undefined
  readonly verifier: Verifier
  readonly clock: Clock
  /** own hotkey */
  readonly self: string
  readonly isStopping: () => boolean
}

export type GrpcService = {
  /** Serves a connection that begins with the HTTP/2 preface. */
  readonly accept: (socket: Socket) => void
  readonly idle: () => Promise<void>
  /** Lets written answers leave, then closes all connections. */
  readonly close: () => Promise<void>
}

/** How long answers that are written may take to leave when the axon stops. */
const FLUSH_MS = 500
/** Conversations are text; arrays travel by the other protocols. */
const MAX_MESSAGE_BYTES = 4 * 2 ** 20
/** Per connection; also the default of 5.3.1's server library. */
const MAX_STREAMS = 100

type Unary = ServerUnaryCall<Buffer, Buffer>

export async function createGrpcService(options: GrpcServerOptions): Promise<GrpcService> {
  const grpc = await import('@grpc/grpc-js')
  const { limits } = options.pipeline
  const nonces = createIncreasingNonces({ capacity: limits.maxNonces, floor: false })
  const server = new grpc.Server({
    'grpc.max_receive_message_length': Math.min(limits.maxBodyBytes, MAX_MESSAGE_BYTES),
    'grpc.max_concurrent_streams': MAX_STREAMS,
    'grpc.max_connection_idle_ms': limits.idleTimeoutMs,
    'grpc.keepalive_time_ms': 100_000,
  })
  const guard = createConnectionGuard(limits)
  let active = 0
  let waiting: (() => void)[] = []
  const leave = () => {
    active--
    if (active > 0) return
    for (const resolve of waiting) resolve()
    waiting = []
  }
  for (const [name, binding] of Object.entries(GRPC_BINDINGS)) {
    const handle = (call: Unary, callback: sendUnaryData<Buffer>) => {
      const route = options.routeOf(name)
      if (!route) {
        callback({ code: grpc.status.UNIMPLEMENTED, details: 'no such synapse' })
        return
      }
      active++
      guard.received(call.getPeer())
      const work = { options, nonces, status: grpc.status, route, binding, call, callback }
      void serveUnary(work).finally(leave)
    }
    server.addService(serviceOf(binding), { [methodOf(binding)]: handle as UntypedHandleCall })
  }
  const injector = server.createConnectionInjector(grpc.ServerCredentials.createInsecure())
  return {
    accept(socket) {
      guard.watch(socket)
      injector.injectConnection(socket)
    },
    idle: () =>
      active === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve)),
    async close() {
      injector.drain(FLUSH_MS)
      for (let waited = 0; guard.size > 0 && waited < FLUSH_MS; waited += 10) await delay(10)
      guard.close()
      injector.destroy()
      server.forceShutdown()
    },
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function methodOf(binding: GrpcBinding): string {
  return binding.path.slice(binding.path.lastIndexOf('/') + 1)
}

/** Bytes in, bytes out: messages are read after the sender has been checked. */
function serviceOf(binding: GrpcBinding) {
  const same = (bytes: Buffer) => bytes
  return {
    [methodOf(binding)]: {
      path: binding.path,
      requestStream: false,
      responseStream: false,
      requestSerialize: same,
      requestDeserialize: same,
      responseSerialize: same,
      responseDeserialize: same,
    },
  }
}

type UnaryWork = {
  readonly options: GrpcServerOptions
  readonly nonces: IncreasingNonces
  readonly status: typeof import('@grpc/grpc-js').status
  readonly route: Route
  readonly binding: GrpcBinding
  readonly call: Unary
  readonly callback: sendUnaryData<Buffer>
}

async function serveUnary(work: UnaryWork): Promise<void> {
  const { options, route, binding, call, callback, status } = work
  const metadata = readMetadata(call)
  const request = readRequest(binding, call.request)
  const active = openCall(
    {
      protocol: 'grpc',
      synapse: route.synapse.name,
      caller: claimedSender(metadata),
      version: claimedVersion(metadata),
      remote: call.getPeer(),
      timeoutMs: request instanceof Error ? undefined : request.timeoutMs,
    },
    options.pipeline.limits,
  )
  call.once('cancelled', () => active.abandon())
  try {
    if (options.isStopping()) throw new RequestError('stopping', 'this axon is stopping')
    await authenticate(work, metadata, active)
    const state = await answer(work, request, active)
    report(options.pipeline, active, route, { status: state.httpStatus, error: state.error })
  } catch (error) {
    const refusal = asRequestError(error, active)
    const code = refusal.kind === 'stopping' ? status.UNAVAILABLE : status.UNAUTHENTICATED
    callback({ code, details: refusal.message })
    report(options.pipeline, active, route, { status: HTTP_STATUS[refusal.kind], error: refusal })
  } finally {
    active.end()
  }
}

function readMetadata(call: Unary): GrpcMetadata {
  const map = call.metadata.getMap()
  return Object.fromEntries(
    Object.entries(map).map(([key, value]) => [key, typeof value === 'string' ? value : undefined]),
  )
}

type Read = ReturnType<GrpcBinding['decodeRequest']>

function readRequest(binding: GrpcBinding, bytes: Buffer): Read | Error {
  try {
    return binding.decodeRequest(bytes)
  } catch (error) {
    return error instanceof Error ? error : new Error('the request is malformed')
  }
}

async function authenticate(
  work: UnaryWork,
  metadata: GrpcMetadata,
  active: ActiveCall,
): Promise<void> {
  const { options, nonces, route } = work
  const standard = async () => {
    await checkMetadata(metadata, { self: options.self, nonces, verifier: options.verifier })
  }
  try {
    await (route.handlers.verify ? route.handlers.verify(active, standard) : standard())
    active.isVerified = true
  } catch (error) {
    const message = error instanceof Error ? error.message : 'refused'
    throw new RequestError(
      'unauthorized',
      message,
      error instanceof GrpcAuthError ? undefined : error,
    )
  }
}

/** From here on refusals are answers: a return code and a text in the message. */
async function answer(
  work: UnaryWork,
  request: Read | Error,
  active: ActiveCall,
): Promise<{ httpStatus: number; error?: RequestError }> {
  const { options, route, binding, callback } = work
  try {
    await checkBlacklist(route, active)
    if (request instanceof Error) throw new RequestError('malformed', request.message, request)
    const { values } = decodeFields(route.synapse, request.nodes)
    const { outcome, release } = await runHandler(options.pipeline, route, active, values)
    release()
    if (!('nodes' in outcome)) throw new RequestError('failed', 'this protocol has no streams')
    callback(null, binding.encodeResponse(outcome.nodes, stateOf(active.status)))
    return { httpStatus: active.status.code }
  } catch (error) {
    const refusal = asRequestError(error, active)
    callback(null, binding.encodeResponse(undefined, refusalState(refusal, active)))
    return { httpStatus: HTTP_STATUS[refusal.kind], error: refusal }
  }
}

function stateOf(status: { code: number; message: string }): ReturnState {
  if (status.code === 200) return { code: ReturnCode.success, message: status.message }
  return { code: ReturnCode.unknownException, message: status.message }
}

function refusalState(refusal: RequestError, active: ActiveCall): ReturnState {
  if (refusal.kind === 'blacklisted')
    return { code: ReturnCode.blacklisted, message: refusal.message }
  if (refusal.kind === 'timeout') {
    return {
      code: ReturnCode.timeout,
      message: `GRPC request timeout after: ${secondsText(active.timeoutMs)}s`,
    }
  }
  return { code: ReturnCode.unknownException, message: refusal.message }
}
