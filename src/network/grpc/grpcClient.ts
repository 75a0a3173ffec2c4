/** The dendrite's side of the gRPC service of bittensor 5.x. */
import type { Client, ServiceError } from '@grpc/grpc-js'
import { hostPort } from '../address.js'
import { CallError } from '../callError.js'
import { createLru } from '../lru.js'
import { HTTP_OF_RETURN_CODE, ReturnCode } from './returnCodes.js'

export type GrpcCall = {
  readonly ip: string
  readonly port: number
  readonly path: string
  readonly metadata: Readonly<Record<string, string>>
  readonly request: Buffer
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

export type GrpcTransport = {
  /** @throws {CallError} with the gRPC status in `data` */
  send(call: GrpcCall): Promise<Buffer>
  close(): void
}

/** A gRPC status instead of a message. */
export class GrpcCallError extends CallError {
  readonly grpcStatus: number
  readonly returnCode: number

  constructor(grpcStatus: number, returnCode: number, message: string, cause: unknown) {
    super(HTTP_OF_RETURN_CODE[returnCode] ?? 500, message, cause)
    this.grpcStatus = grpcStatus
    this.returnCode = returnCode
  }
}

/** Channels kept open; each is one connection. */
const MAX_CHANNELS = 512

export async function createGrpcTransport(limits: {
  maxResponseBytes: number
}): Promise<GrpcTransport> {
  // The bundler gives a CommonJS package that is imported dynamically only a default export.
  const { default: grpc } = await import('@grpc/grpc-js')
  const channels = createLru<string, Client>(MAX_CHANNELS)
  const options = {
    'grpc.max_receive_message_length': limits.maxResponseBytes,
    'grpc.max_send_message_length': -1,
    'grpc.keepalive_time_ms': 100_000,
    'grpc.enable_retries': 0,
    'grpc.service_config_disable_resolution': 1,
  }
  const channelTo = (ip: string, port: number): Client => {
    const key = hostPort(ip, port)
    const known = channels.get(key)
    if (known) return known
    const client = new grpc.Client(key, grpc.credentials.createInsecure(), options)
    channels.set(key, client)?.[1].close()
    return client
  }
  const same = (bytes: Buffer) => bytes
  return {
    send: (call) =>
      new Promise((resolve, reject) => {
        const metadata = new grpc.Metadata()
        for (const [key, value] of Object.entries(call.metadata)) metadata.set(key, value)
        const deadline = Date.now() + call.timeoutMs
        const running = channelTo(call.ip, call.port).makeUnaryRequest(
          call.path,
          same,
          same,
          call.request,
          metadata,
          { deadline },
          (error, bytes) => {
            call.signal.removeEventListener('abort', cancel)
            if (bytes) resolve(bytes)
            else reject(call.signal.aborted ? call.signal.reason : failure(error))
          },
        )
        const cancel = () => running.cancel()
        call.signal.addEventListener('abort', cancel, { once: true })
      }),
    close() {
      for (const [, client] of channels.entries()) client.close()
    },
  }
}

/** gRPC statuses with a return code of their own (api of 5.3.1); all others are 22. */
const RETURN_CODE_OF_STATUS: Readonly<Record<number, number>> = {
  4: ReturnCode.timeout,
  12: ReturnCode.notImplemented,
  14: ReturnCode.unavailable,
  16: ReturnCode.unauthenticated,
}

function failure(error: ServiceError | null): GrpcCallError {
  const status = error?.code ?? 2
  const message = `GRPC error code: ${status}, details: ${error?.details ?? ''}`
  return new GrpcCallError(
    status,
    RETURN_CODE_OF_STATUS[status] ?? ReturnCode.unknownException,
    message,
    error,
  )
}
