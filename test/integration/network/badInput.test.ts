/** What strangers can send: each gets the documented status, and the axon goes on. */
import { Agent } from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import { connect } from 'node:net'
import fc from 'fast-check'
import * as v from 'valibot'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Keypair, keypairFromUri } from '../../../src/core/keys/keypair.js'
import type { Axon, AxonOptions } from '../../../src/network/axon.js'
import { signRequest } from '../../../src/network/btauth/btauth.js'
import { createNonceSource, systemClock } from '../../../src/network/clock.js'
import { Dendrite } from '../../../src/network/dendrite.js'
import { buildHttpRequest } from '../../../src/network/http/httpClient.js'
import { defineSynapse, encodeInput } from '../../../src/network/synapse.js'
import { TextPrompting } from '../../../src/network/textPrompting.js'
import type { JsonMap } from '../../../src/network/wire/json.js'
import * as s from '../../unit/network/synapses.js'
import { send, sendRaw, startAxon, stoppedClock } from './support.js'

let alice: Keypair
let bob: Keypair
beforeAll(async () => {
  alice = await keypairFromUri('//Alice')
  bob = await keypairFromUri('//Bob')
})

const open: Axon[] = []
async function axonWith(
  options: Partial<AxonOptions> = {},
  attach?: (axon: Axon) => void,
): Promise<Axon> {
  const axon = await startAxon(bob, options, attach)
  open.push(axon)
  return axon
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((axon) => axon.stop({ graceMs: 0 })))
})

const nextNonce = createNonceSource(systemClock, 'wall')
const nowNs = () => nextNonce()

async function httpRequest(
  nonce: bigint,
  receiver = bob.address,
  nodes: JsonMap = encodeInput(s.TextEcho, { prompt: 'hi' }),
) {
  const { headers, body } = await buildHttpRequest(s.TextEcho, nodes, {
    signer: alice,
    axon: { ip: '127.0.0.1', port: 1, hotkey: receiver },
    ip: '127.0.0.1',
    version: 10_005_000,
    nonce,
    uuid: 'u1',
    timeoutMs: 12_000,
  })
  return { headers: headers.map(([name, value]): [string, string] => [name, value]), body }
}

async function btauthRequest(
  nonce: bigint,
  body: string | Uint8Array = '{"prompt":"hi"}',
  receiver: string | undefined = bob.address,
) {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  const signed = await signRequest({
    signer: alice,
    method: 'POST',
    target: '/TextEcho',
    body: bytes,
    nonce,
    receiver,
  })
  const headers: [string, string][] = [
    ...Object.entries(signed),
    ['Content-Length', String(bytes.length)],
  ]
  return { headers, body: bytes }
}

/** That the axon still answers properly after all of it. */
async function expectAlive(axon: Axon): Promise<void> {
  const answer = await send({
    port: axon.port,
    path: '/TextEcho',
    ...(await btauthRequest(nowNs())),
  })
  expect([answer.status, answer.body]).toEqual([
    200,
    '{"prompt":"hi","count":1,"tags":[],"reply":"hi|"}',
  ])
}

const without = (headers: [string, string][], name: string) =>
  headers.filter(([key]) => key.toLowerCase() !== name.toLowerCase())
const changed = (headers: [string, string][], name: string, value: string): [string, string][] =>
  headers.map(([key, old]) => [key, key.toLowerCase() === name.toLowerCase() ? value : old])

describe('HTTP requests of one sender that overtake each other', () => {
  it('pass between connections that are open together, and no replay does', async () => {
    const axon = await axonWith()
    const [first, second] = [0, 1].map(() => new Agent({ keepAlive: true, maxSockets: 1 }))
    const ask = async (request: Awaited<ReturnType<typeof httpRequest>>, agent?: Agent) =>
      (await send({ port: axon.port, path: '/TextEcho', ...request, ...(agent && { agent }) }))
        .status
    const start = nowNs()
    const [r0, r1, r2, r3] = await Promise.all([0n, 1n, 2n, 3n].map((i) => httpRequest(start + i)))
    try {
      expect(await ask(r1!, first)).toBe(200)
      // One after the other they cannot: the sender has no other connection.
      expect(await ask(r0!, first)).toBe(401)
      expect(await ask(r3!, second)).toBe(200)
      expect(await ask(r2!, first)).toBe(200)
      for (const replay of [r1!, r2!, r3!]) {
        expect(await ask(replay, first)).toBe(401)
        expect(await ask(replay, second)).toBe(401)
        expect(await ask(replay)).toBe(401)
      }
    } finally {
      first?.destroy()
      second?.destroy()
    }
  })
})

describe('HTTP requests that must not pass', () => {
  it('replayed, from the future, too old, for another receiver, unsigned, altered', async () => {
    const axon = await axonWith()
    const ask = async (request: { headers: [string, string][]; body: string | Uint8Array }) => {
      const { status, body } = await send({ port: axon.port, path: '/TextEcho', ...request })
      return [status, (JSON.parse(body) as { message?: string }).message?.replace(/#.*/, '#id')]
    }
    const good = await httpRequest(nowNs())
    expect((await ask(good))[0]).toBe(200)
    expect(await ask(good)).toEqual([
      401,
      'Not Verified with error: Nonce is too old, a newer one was last processed',
    ])
    expect(await ask(await httpRequest(nowNs() + 60_000_000_000n))).toEqual([
      401,
      'Not Verified with error: Nonce is too far in the future',
    ])
    expect((await ask(await httpRequest(nowNs() - 17_000_000_000n)))[1]).toMatch(
      /^Not Verified with error: Nonce is too old: acceptable delta is 16.00 seconds/,
    )
    expect(await ask(await httpRequest(nowNs(), alice.address))).toEqual([
      401,
      'Not Verified with error: Signature mismatch',
    ])
    const fresh = await httpRequest(nowNs())
    const head = (headers: [string, string][]) => ask({ headers, body: fresh.body })
    const no = (text: string) => [401, `Not Verified with error: ${text}`]
    expect(await head(without(fresh.headers, 'bt_header_dendrite_signature'))).toEqual(
      no('Missing Signature'),
    )
    expect(await head(without(fresh.headers, 'bt_header_dendrite_nonce'))).toEqual(
      no('Missing Nonce'),
    )
    expect(await head(changed(fresh.headers, 'bt_header_dendrite_signature', '0x00'))).toEqual(
      no('Invalid SR25519 signature.'),
    )
    expect(await head(changed(fresh.headers, 'bt_header_dendrite_hotkey', 'x'))).toEqual(
      no('Invalid SS58 address'),
    )
    expect(await head(changed(fresh.headers, 'bt_header_dendrite_uuid', 'x'.repeat(65)))).toEqual(
      no('Unknown uuid format'),
    )
    expect(await head(changed(fresh.headers, 'timeout', '1e9999'))).toEqual([
      500,
      'Internal Server Error #id',
    ])
    expect(await head(changed(fresh.headers, 'bt_header_dendrite_version', 'new'))).toEqual([
      500,
      'Internal Server Error #id',
    ])
    expect(
      await ask({
        headers: changed(fresh.headers, 'Content-Length', '2'),
        body: Buffer.from('{}'),
      }),
    ).toEqual([422, undefined])
    expect(axon.metricsText()).toMatch(
      /requests_total\{protocol="http",synapse="TextEcho",status="401"\} 9\n/,
    )
    await expectAlive(axon)
  })

  it('a wish for a long timeout does not widen the window without end', async () => {
    const axon = await axonWith({ limits: { maxTimeoutMs: 20_000 } })
    const old = await httpRequest(nowNs() - 30_000_000_000n)
    const answer = await send({
      port: axon.port,
      path: '/TextEcho',
      headers: changed(old.headers, 'timeout', '999999999'),
      body: old.body,
    })
    expect(answer.status).toBe(401)
    expect(answer.body).toContain('acceptable delta is 24.00 seconds')
  })

  it('two copies at the same moment: one passes', async () => {
    const axon = await axonWith({
      verifier: async () => new Promise((resolve) => setTimeout(() => resolve(true), 50)),
    })
    const request = await httpRequest(nowNs())
    const twins = await Promise.all(
      [1, 2].map(() => send({ port: axon.port, path: '/TextEcho', ...request })),
    )
    expect(twins.map((answer) => answer.status).sort()).toEqual([200, 401])
    const signed = await btauthRequest(nowNs())
    const others = await Promise.all(
      [1, 2].map(() => send({ port: axon.port, path: '/TextEcho', ...signed })),
    )
    expect(others.map((answer) => answer.status).sort()).toEqual([200, 401])
  })

  it('bodies that are not UTF-8, not JSON, or do not fit', async () => {
    const axon = await axonWith()
    const statuses: [string, number][] = []
    const bodies: [string, Uint8Array][] = [
      ['not UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22])],
      ['not JSON', Buffer.from('{')],
      ['a list', Buffer.from('[]')],
      ['deep', Buffer.from('['.repeat(100_000))],
      ['huge integer', Buffer.from(`{"prompt":"x","count":${'9'.repeat(10_000)}}`)],
      ['wrong type', Buffer.from('{"prompt": 1}')],
      ['empty', Buffer.alloc(0)],
    ]
    for (const [name, body] of bodies) {
      const { headers } = await httpRequest(nowNs())
      const length = changed(headers, 'Content-Length', String(body.length))
      const http = await send({ port: axon.port, path: '/TextEcho', headers: length, body })
      const btauth = await send({
        port: axon.port,
        path: '/TextEcho',
        ...(await btauthRequest(nowNs(), body)),
      })
      expect([name, btauth.status]).toEqual([name, http.status])
      statuses.push([name, http.status])
    }
    expect(statuses).toEqual(bodies.map(([name]) => [name, name === 'not UTF-8' ? 400 : 422]))
    await expectAlive(axon)
  })

  it('malformed tensors', async () => {
    const axon = await axonWith()
    const bad = [
      '{}',
      '"x"',
      '{"buffer":"AAAA","dtype":"float32","shape":[1]}',
      '{"buffer":"!","dtype":"float32","shape":[1]}',
      '{"buffer":"","dtype":"object","shape":[1]}',
    ]
    for (const tensor of bad) {
      const body = Buffer.from(`{"x":${tensor}}`)
      const signed = await signRequest({
        signer: alice,
        method: 'POST',
        target: '/VecSum',
        body,
        nonce: nowNs(),
        receiver: bob.address,
      })
      const answer = await send({ port: axon.port, path: '/VecSum', headers: signed, body })
      expect([tensor, answer.status]).toEqual([tensor, 422])
    }
    await expectAlive(axon)
  })
})

describe('btauth requests that must not pass', () => {
  it('replayed, stale, ahead, altered, unbound, for another receiver', async () => {
    // Its clock stands: what is fresh stays so.
    const clock = stoppedClock(nowNs())
    let last = clock.wallNs()
    const fromNow = (seconds: number) => ++last + BigInt(seconds) * 1_000_000_000n
    const axon = await axonWith({ clock })
    const ask = async (
      request: { headers: [string, string][]; body: Uint8Array },
      path = '/TextEcho',
    ) => {
      const { status, body } = await send({ port: axon.port, path, ...request })
      return [status, body]
    }
    const message = (problem: string) => expect.stringContaining(problem)
    const good = await btauthRequest(fromNow(0))
    expect((await ask(good))[0]).toBe(200)
    expect(await ask(good)).toEqual([401, message('ReplayedRequest')])
    expect(await ask(await btauthRequest(fromNow(-11)))).toEqual([401, message('StaleRequest')])
    expect(await ask(await btauthRequest(fromNow(4)))).toEqual([401, message('StaleRequest')])
    const fresh = await btauthRequest(fromNow(0))
    expect(await ask({ ...fresh, body: Buffer.from('{"prompt":"ho"}') })).toEqual([
      401,
      message('BadSignature'),
    ])
    expect(await ask(fresh, '/Words')).toEqual([401, message('BadSignature')])
    expect(await ask(fresh, '/TextEcho?x=1')).toEqual([401, message('BadSignature')])
    expect(
      await ask({ ...fresh, headers: without(fresh.headers, 'X-Bittensor-Receiver') }),
    ).toEqual([403, message('WrongReceiver')])
    expect(await ask({ ...fresh, headers: without(fresh.headers, 'X-Bittensor-Version') })).toEqual(
      [401, message('MalformedAuth')],
    )
    expect(
      await ask({ ...fresh, headers: [...fresh.headers, ['X-Bittensor-Nonce', '1']] }),
    ).toEqual([401, message('more than once')])
    expect(await ask(await btauthRequest(fromNow(0), '{}', alice.address))).toEqual([
      403,
      message('WrongReceiver'),
    ])
    expect(await ask(fresh)).toEqual([200, message('hi|')])
    const unbound = await axonWith({ allowUnboundBtauth: true })
    const loose = await btauthRequest(nowNs())
    const bytes = Buffer.from('{"prompt":"hi"}')
    const free = await signRequest({
      signer: alice,
      method: 'POST',
      target: '/TextEcho',
      body: bytes,
      nonce: nowNs(),
    })
    expect(
      (await send({ port: unbound.port, path: '/TextEcho', headers: free, body: bytes })).status,
    ).toBe(200)
    expect((await send({ port: unbound.port, path: '/TextEcho', ...loose })).status).toBe(200)
  })

  it('unknown routes and methods', async () => {
    const axon = await axonWith({ protocols: ['btauth'] })
    expect(await send({ port: axon.port, path: '/Nope', headers: {} })).toMatchObject({
      status: 404,
      body: '{"message":"no such synapse"}',
    })
    expect(
      (await send({ port: axon.port, path: '/TextEcho', method: 'DELETE', headers: {} })).status,
    ).toBe(405)
    expect((await send({ port: axon.port, path: '/TextEcho', headers: {} })).status).toBe(401)
  })
})

describe('limits', () => {
  it('bodies: declared or not, over the limit they are refused without being kept', async () => {
    const axon = await axonWith({ limits: { maxBodyBytes: 1000 } })
    const { headers } = await httpRequest(nowNs())
    const declared = await send({
      port: axon.port,
      path: '/TextEcho',
      headers: changed(headers, 'Content-Length', '5000'),
      body: Buffer.alloc(5000, 0x20),
    })
    expect([declared.status, declared.headers.connection]).toEqual([413, 'close'])
    const again = await httpRequest(nowNs())
    const chunked: [string, string][] = [
      ...without(again.headers, 'Content-Length'),
      ['Transfer-Encoding', 'chunked'],
    ]
    const streamed = await send({
      port: axon.port,
      path: '/TextEcho',
      headers: chunked,
      body: Buffer.alloc(5000, 0x20),
    })
    expect(streamed.status).toBe(413)
    expect(axon.metricsText()).toContain('bittensor_axon_buffered_bytes 0\n')
    await expectAlive(axon)
  })

  it('a peer that reads only after it has sent everything still hears why it was refused', async () => {
    const axon = await axonWith({ limits: { maxBodyBytes: 1000 } })
    const size = 20_000_000
    const { headers } = await httpRequest(nowNs())
    const lines = changed(headers, 'Content-Length', String(size)).map(
      ([name, value]) => `${name}: ${value}`,
    )
    const head = `POST /TextEcho HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`
    const socket = connect(axon.port, '127.0.0.1')
    socket.pause()
    const sent = new Promise((resolve, reject) => {
      socket.once('error', reject)
      socket.write(head)
      socket.write(Buffer.alloc(size, 0x20), resolve)
    })
    await sent
    const answer = await new Promise<string>((resolve, reject) => {
      const chunks: Buffer[] = []
      socket.on('data', (chunk) => chunks.push(chunk))
      socket.on('error', reject)
      socket.on('close', () => resolve(Buffer.concat(chunks).toString()))
      socket.resume()
    })
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
    expect(axon.metricsText()).toContain('bittensor_axon_buffered_bytes 0\n')
  })

  it('all bodies together', async () => {
    const axon = await axonWith({ limits: { maxBufferedBytes: 10 } })
    const answer = await send({
      port: axon.port,
      path: '/TextEcho',
      ...(await btauthRequest(nowNs())),
    })
    expect([answer.status, answer.body]).toEqual([503, '{"message":"too many bodies at once"}'])
    expect(axon.metricsText()).toContain('bittensor_axon_buffered_bytes 0\n')
  })

  it('heads', async () => {
    const axon = await axonWith({ limits: { maxHeaderBytes: 8192 } })
    expect(
      await sendRaw(axon.port, `POST /TextEcho HTTP/1.1\r\nX: ${'x'.repeat(10_000)}\r\n\r\n`),
    ).toMatch(/^HTTP\/1.1 431 /)
    expect(await sendRaw(axon.port, '\0\x01\x02 not http\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /)
    expect(axon.metricsText()).toContain(
      'bittensor_axon_broken_requests_total{reason="head-too-large"} 1\n',
    )
    await expectAlive(axon)
  })

  it('peers that dribble: slow heads, slow bodies, silence before the first byte', async () => {
    const axon = await axonWith({
      protocols: ['btauth', 'http', 'grpc'],
      limits: { headTimeoutMs: 800, requestTimeoutMs: 1600 },
    })
    const [head, body, silence] = await Promise.all([
      sendRaw(axon.port, 'POST /TextEcho HTTP/1.1\r\nHost: a\r\nX-A: '),
      (async () => {
        const { headers } = await httpRequest(nowNs())
        const lines = changed(headers, 'Content-Length', '100').map(
          ([name, value]) => `${name}: ${value}`,
        )
        return sendRaw(axon.port, `POST /TextEcho HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n{"pro`)
      })(),
      sendRaw(axon.port, ''),
    ])
    expect(head).toMatch(/^HTTP\/1.1 408 /)
    expect(body).toMatch(/^HTTP\/1.1 408 /)
    expect(silence).toBe('')
    await expectAlive(axon)
  })

  it('connections', async () => {
    const axon = await axonWith({ limits: { maxConnections: 2 } })
    const sockets = [1, 2].map(() => connect(axon.port, '127.0.0.1'))
    await Promise.all(
      sockets.map((socket) => new Promise((resolve) => socket.once('connect', resolve))),
    )
    expect(await sendRaw(axon.port, 'GET / HTTP/1.1\r\n\r\n')).toBe('')
    for (const socket of sockets) socket.destroy()
    await expect
      .poll(() => axon.metricsText())
      .toContain('bittensor_axon_dropped_connections_total 1\n')
  })

  it('waiting requests: the queue is bounded, the more important go first, and time runs while they wait', async () => {
    const order: string[] = []
    const waits: (() => void)[] = []
    const Job = defineSynapse('Job', { title: v.string(), weight: v.number() })
    const axon = await axonWith({ limits: { maxRunning: 1, maxWaiting: 3 } }, (server) => {
      server.attach(Job, {
        priority: () => priorities.shift() ?? 0,
        forward: async ({ title }) => {
          order.push(title)
          await new Promise<void>((resolve) => waits.push(resolve))
        },
      })
    })
    const priorities = [0, 1, 5, 1]
    const dendrite = new Dendrite({ signer: alice })
    const target = { hotkey: bob.address, ip: '127.0.0.1', port: axon.port }
    const ask = (name: string, timeoutMs = 50_000) =>
      dendrite.call(target, Job, { title: name, weight: 1 }, { timeoutMs })
    const results = []
    for (const name of ['running', 'low', 'high', 'low too']) {
      results.push(ask(name))
      await expect
        .poll(() => axon.metricsText())
        .toContain(`bittensor_axon_active_requests ${results.length}\n`)
      await expect
        .poll(() => order.length + Number(/axon_waiting (\d+)/.exec(axon.metricsText())?.[1]))
        .toBe(results.length)
    }
    expect(await ask('refused')).toMatchObject({
      status: 503,
      message: 'the queue of requests is full',
    })
    for (let i = 0; i < 4; i++) {
      await expect.poll(() => waits.length).toBe(i + 1)
      waits[i]!()
    }
    expect((await Promise.all(results)).map((result) => result.status)).toEqual([
      200, 200, 200, 200,
    ])
    expect(order).toEqual(['running', 'high', 'low', 'low too'])
    const blocking = ask('blocking')
    await expect.poll(() => waits.length).toBe(5)
    expect((await ask('late', 200)).status).toBe(408)
    await expect.poll(() => axon.metricsText()).toContain('bittensor_axon_waiting 0\n')
    waits[4]!()
    await blocking
    expect(order).not.toContain('late')
    dendrite.close()
  })
})

describe('gRPC connections', () => {
  /** Sends the beginning of a message and returns when the axon has closed the connection. */
  async function unfinished(axon: Axon, bytes: number): Promise<void> {
    const session = connectHttp2(`http://127.0.0.1:${axon.port}`)
    session.on('error', () => {})
    const closed = new Promise<void>((resolve) => session.once('close', resolve))
    const stream = session.request({
      ':method': 'POST',
      ':path': '/TextPrompting/Forward',
      'content-type': 'application/grpc',
      te: 'trailers',
    })
    stream.on('error', () => {})
    const head = Buffer.alloc(5)
    head.writeUInt32BE(4 * 2 ** 20 - 1, 1)
    stream.write(Buffer.concat([head, Buffer.alloc(bytes)]))
    await closed
  }

  const attachPrompting = (server: Axon, waits: (() => void)[] = []) =>
    void server.attach(TextPrompting, {
      forward: async ({ messages }) => {
        if (messages[0] === 'wait') await new Promise<void>((resolve) => waits.push(resolve))
        return { completion: 'done' }
      },
    })

  it('are closed when they hold too much, or too slowly', async () => {
    const crowded = await axonWith(
      { protocols: ['grpc'], limits: { maxBufferedBytes: 100_000 } },
      attachPrompting,
    )
    await unfinished(crowded, 300_000)
    const slow = await axonWith(
      { protocols: ['grpc'], limits: { requestTimeoutMs: 300 } },
      attachPrompting,
    )
    await unfinished(slow, 5000)
  })

  it('get UNAVAILABLE while the axon stops, and their running calls finish', async () => {
    const waits: (() => void)[] = []
    const axon = await axonWith({ protocols: ['grpc'] }, (server) => attachPrompting(server, waits))
    const dendrite = new Dendrite({ signer: alice, protocol: 'grpc' })
    const target = { hotkey: bob.address, ip: '127.0.0.1', port: axon.port }
    const ask = (text: string) =>
      dendrite.call(target, TextPrompting, { roles: ['user'], messages: [text] })
    const running = ask('wait')
    await expect.poll(() => waits.length).toBe(1)
    const stopped = axon.stop()
    expect(await ask('no')).toMatchObject({
      ok: false,
      status: 503,
      grpcStatus: 14,
      message: 'GRPC error code: 14, details: this axon is stopping',
    })
    waits[0]!()
    expect(await running).toMatchObject({ ok: true, values: { completion: 'done' } })
    await stopped
    dendrite.close()
  })
})

describe('stopping', () => {
  it('lets running requests finish and refuses new ones clearly', async () => {
    const waits: (() => void)[] = []
    const axon = await axonWith({ protocols: ['btauth', 'http', 'grpc'] }, (server) => {
      server.attach(s.TextEcho, {
        forward: async ({ prompt }) => {
          await new Promise<void>((resolve) => waits.push(resolve))
          return { reply: prompt }
        },
      })
    })
    const dendrite = new Dendrite({ signer: alice })
    const target = { hotkey: bob.address, ip: '127.0.0.1', port: axon.port }
    const running = dendrite.call(target, s.TextEcho, { prompt: 'a' })
    await expect.poll(() => waits.length).toBe(1)
    const stopped = axon.stop()
    expect(await dendrite.call(target, s.TextEcho, { prompt: 'b' })).toMatchObject({
      status: 503,
      message: 'this axon is stopping',
    })
    waits[0]!()
    expect(await running).toMatchObject({ ok: true, values: { reply: 'a' } })
    await stopped
    expect(await dendrite.call(target, s.TextEcho, { prompt: 'c' })).toMatchObject({
      status: 503,
      message: `Service unavailable at 127.0.0.1:${target.port}/TextEcho`,
    })
    expect(String(axon)).toContain('stopped')
    dendrite.close()
  })

  it('does not wait longer than its grace', async () => {
    // This handler never ends, so a stop that waited for it would not either.
    const axon = await axonWith({}, (server) => {
      server.attach(s.Slow, { forward: () => new Promise(() => {}) })
    })
    const dendrite = new Dendrite({ signer: alice })
    const running = dendrite.call(
      { hotkey: bob.address, ip: '127.0.0.1', port: axon.port },
      s.Slow,
      {},
      { timeoutMs: 50_000 },
    )
    await expect.poll(() => axon.metricsText()).toContain('bittensor_axon_running 1\n')
    await axon.stop({ graceMs: 50 })
    expect(await running).toMatchObject({ ok: false, status: 503 })
    dendrite.close()
  })

  it('can start again, and says why it cannot', async () => {
    const axon = await axonWith()
    await expect(axon.start()).rejects.toMatchObject({ code: 'USAGE' })
    await expect(startAxon(bob, { port: axon.port })).rejects.toMatchObject({
      code: 'CONNECTION',
      details: 'EADDRINUSE',
    })
    await axon.stop({ graceMs: 0 })
    await axon.start()
    await expectAlive(axon)
    expect(axon.info()).toMatchObject({
      version: 10_005_000,
      ip: '127.0.0.1',
      ipType: 4,
      port: axon.port,
      hotkey: bob.address,
      protocol: 4,
    })
  })
})

describe('what an axon tells', () => {
  it('has metrics for this machine only where asked for', async () => {
    const axon = await axonWith({ metricsPath: '/metrics' })
    await expectAlive(axon)
    const answer = await send({ port: axon.port, path: '/metrics', method: 'GET', headers: {} })
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4')
    expect(answer.body).toContain('# TYPE bittensor_axon_request_seconds histogram\n')
    expect(answer.body).toMatch(
      /bittensor_axon_request_seconds_bucket\{protocol="btauth",synapse="TextEcho",le="\+Inf"\} 1\n/,
    )
    const quiet = await axonWith()
    expect(
      (await send({ port: quiet.port, path: '/metrics', method: 'GET', headers: {} })).status,
    ).toBe(404)
  })

  it('logs the peer and the cause of a failure under the id that the peer got', async () => {
    const events: Record<string, unknown>[] = []
    const axon = await axonWith({ log: (event) => events.push(event) })
    const dendrite = new Dendrite({ signer: alice, log: (event) => events.push(event) })
    const result = await dendrite.call(
      { hotkey: bob.address, ip: '127.0.0.1', port: axon.port },
      s.Failing,
      {},
    )
    const logged = events.find((event) => event['event'] === 'axon.request')!
    expect(result.message).toBe(`Internal Server Error #${logged['id']}`)
    expect(logged).toMatchObject({
      level: 'error',
      caller: alice.address,
      refused: 'failed',
      status: 500,
    })
    expect((logged['cause'] as Error).message).toBe('boom')
    expect(events.find((event) => event['event'] === 'dendrite.call')).toMatchObject({
      level: 'warn',
      peer: bob.address,
      status: 500,
    })
    await send({
      port: axon.port,
      path: '/TextEcho',
      headers: { bt_header_input_obj_prompt: 'IiI=', bt_header_dendrite_hotkey: 'somebody' },
    })
    expect(events.at(-1)).toMatchObject({
      level: 'warn',
      claimedCaller: 'somebody',
      refused: 'unauthorized',
    })
    expect(events.at(-1)).not.toHaveProperty('caller')
    dendrite.close()
  })

  it('runs a check of its own in the place of the usual one', async () => {
    const axon = await axonWith({}, (server) => {
      server.attach(s.Custom, { forward: () => undefined, verify: () => {} }).attach(s.Blocked, {
        forward: () => undefined,
        verify: async (_claim, standard) => {
          await standard()
          throw new Error('not today')
        },
      })
    })
    expect(
      (
        await send({
          port: axon.port,
          path: '/Custom',
          headers: {
            computed_body_hash: 'a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a',
          },
          body: '{}',
        })
      ).status,
    ).toBe(200)
    const dendrite = new Dendrite({ signer: alice, protocol: 'http' })
    expect(
      await dendrite.call({ hotkey: bob.address, ip: '127.0.0.1', port: axon.port }, s.Blocked, {}),
    ).toMatchObject({ status: 401, message: 'Not Verified with error: not today' })
    dendrite.close()
  })
})

describe('anything at all', () => {
  it('gets an answer or a closed connection, never a crash', async () => {
    const axon = await axonWith({
      protocols: ['btauth', 'http', 'grpc'],
      limits: { headTimeoutMs: 800, requestTimeoutMs: 1600, idleTimeoutMs: 800 },
    })
    const { headers, body } = await httpRequest(nowNs())
    const lines = headers.map(([name, value]) => `${name}: ${value}`).join('\r\n')
    const good = Buffer.from(
      `POST /TextEcho HTTP/1.1\r\n${lines}\r\nConnection: close\r\n\r\n${body}`,
    )
    const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
    const damaged = fc
      .tuple(fc.nat(good.length - 1), fc.uint8Array({ minLength: 1, maxLength: 8 }))
      .map(([at, bytes]) => {
        const copy = Buffer.from(good)
        copy.set(bytes.subarray(0, copy.length - at), at)
        return copy
      })
    const bytes = fc.oneof(
      damaged,
      fc.uint8Array({ maxLength: 200 }).map((tail) => Buffer.concat([preface, tail])),
      fc.uint8Array({ maxLength: 200 }).map((any) => Buffer.from(any)),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(bytes, { minLength: 20, maxLength: 20 }), async (all) => {
        const answers = await Promise.all(all.map((one) => sendRaw(axon.port, one)))
        for (const answer of answers) expect(answer).toMatch(/^(HTTP\/1\.1 \d{3} |$|[^H])/)
      }),
      { numRuns: 10 },
    )
    await expectAlive(axon)
  })
})
