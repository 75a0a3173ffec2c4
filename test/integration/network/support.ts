/** A served axon with the recorded synapses, and requests to it byte by byte. */
import { type Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import type { Keypair } from '../../../src/core/keys/keypair.js'
import { Axon, type AxonOptions } from '../../../src/network/axon.js'
import type { Clock } from '../../../src/network/clock.js'
import { tensor } from '../../../src/network/wire/tensor.js'
import * as s from '../../unit/network/synapses.js'

/** An axon on a free port of this machine. */
export async function startAxon(
  signer: Keypair,
  options: Partial<AxonOptions> = {},
  attach: (axon: Axon) => void = attachRecorded,
): Promise<Axon> {
  const axon = new Axon({ signer, port: 0, host: '127.0.0.1', ...options })
  attach(axon)
  await axon.start()
  return axon
}

/** The handlers behind the recorded exchanges (test/vectors/neuron/README.md). */
export function attachRecorded(axon: Axon): void {
  axon
    .attach(s.TextEcho, {
      forward: ({ prompt, count, tags }) => ({
        reply: `${prompt}|`.repeat(count) + tags.join(','),
      }),
    })
    .attach(s.AllTypes, { forward: ({ f }) => ({ o: 2 * f }) })
    .attach(s.VecSum, {
      forward: ({ x }) => ({
        y:
          x &&
          tensor(
            x.dtype,
            Array.from(x.data as Float32Array, (value) => value * 2),
            x.shape,
          ),
      }),
    })
    .attach(s.ReqTensor, { forward: () => undefined })
    .attach(s.Blocked, { forward: () => undefined, blacklist: () => [true, 'not on the list'] })
    .attach(s.Failing, {
      forward: () => {
        throw new Error('boom')
      },
    })
    .attach(s.Slow, {
      forward: async (_synapse, call) => {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, 3000)
          call.signal.addEventListener('abort', () => {
            clearTimeout(timer)
            resolve()
          })
        })
      },
    })
    .attach(s.Prio, {
      forward: () => undefined,
      priority: () => {
        throw new DOMException('slow', 'TimeoutError')
      },
    })
    .attach(s.Custom, {
      forward: (_synapse, call) => call.setStatus(429, 'Too many'),
    })
    .attach(s.Words, {
      async *forward({ text }) {
        for (const word of text.split(' ')) yield `${word} `
      },
    })
}

export type Answer = {
  status: number
  headers: IncomingHttpHeaders
  raw: string[]
  body: string
  chunks: string[]
}

/** Sends one HTTP request with exactly these headers. */
export function send(options: {
  port: number
  method?: string
  path: string
  headers: readonly (readonly [string, string])[] | Record<string, string>
  body?: string | Uint8Array
  /** default: a connection of its own, closed afterwards */
  agent?: Agent
}): Promise<Answer> {
  const headers = Array.isArray(options.headers) ? options.headers : Object.entries(options.headers)
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        port: options.port,
        host: '127.0.0.1',
        method: options.method ?? 'POST',
        path: options.path,
        headers: headers.flat(),
        setHost: false,
        agent: options.agent ?? false,
      },
      (response) => {
        const chunks: string[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk.toString()))
        response.on('error', reject)
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            raw: response.rawHeaders.filter((_, i) => i % 2 === 0),
            body: chunks.join(''),
            chunks,
          }),
        )
      },
    )
    request.on('error', reject)
    request.end(options.body)
  })
}

/** Sends raw bytes and collects whatever comes back until the connection closes. */
export function sendRaw(port: number, bytes: string | Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', () => {})
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')))
  })
}

/** A clock that stands where it is put. */
export function stoppedClock(startNs: bigint): Clock & { set(ns: bigint): void } {
  let now = startNs
  return {
    wallNs: () => now,
    monotonicMs: () => performance.now(),
    set(ns) {
      now = ns
    },
  }
}
