import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Keypair, keypairFromUri } from '../../../src/core/keys/keypair.js'
import type { Axon } from '../../../src/network/axon.js'
import type { ProtocolName } from '../../../src/network/call.js'
import { type AxonTarget, Dendrite } from '../../../src/network/dendrite.js'
import type { LogEvent } from '../../../src/network/log.js'
import { defineSynapse, Ping } from '../../../src/network/synapse.js'
import {
  TextPrompting,
  TextPromptingBackward,
  TextPromptingMulti,
} from '../../../src/network/textPrompting.js'
import { tensor } from '../../../src/network/wire/tensor.js'
import * as s from '../../unit/network/synapses.js'
import { vectors } from '../../unit/network/vectors.js'
import { startAxon, stoppedClock } from './support.js'

let alice: Keypair
let bob: Keypair
beforeAll(async () => {
  alice = await keypairFromUri('//Alice')
  bob = await keypairFromUri('//Bob')
})

const targetOf = (axon: Axon): AxonTarget => ({
  hotkey: bob.address,
  ip: '127.0.0.1',
  port: axon.port,
})

describe.each(['btauth', 'http'] as const)('a dendrite and an axon over %s', (protocol) => {
  let axon: Axon
  let dendrite: Dendrite
  const events: LogEvent[] = []
  beforeAll(async () => {
    axon = await startAxon(bob, {
      protocols: ['btauth', 'http', 'grpc'],
      log: (event) => events.push(event),
    })
    dendrite = new Dendrite({ signer: alice, protocol })
  })
  afterAll(async () => {
    dendrite.close()
    await axon.stop({ graceMs: 0 })
  })

  it('exchange a synapse', async () => {
    const result = await dendrite.call(targetOf(axon), s.TextEcho, {
      prompt: 'it’s "ü"\\ 😀',
      count: 2,
      tags: ['a'],
    })
    expect(result).toMatchObject({
      ok: true,
      status: 200,
      message: 'Success',
      protocol,
      values: {
        prompt: 'it’s "ü"\\ 😀',
        count: 2,
        tags: ['a'],
        reply: 'it’s "ü"\\ 😀|it’s "ü"\\ 😀|a',
      },
    })
    expect(events.at(-1)).toMatchObject({
      event: 'axon.request',
      level: 'info',
      caller: alice.address,
      status: 200,
      synapse: 'TextEcho',
      protocol,
    })
    expect(JSON.stringify(events)).not.toMatch(/0x[0-9a-f]{64}/)
  })

  it('exchange one field of every kind', async () => {
    const input = {
      s: 'x',
      i: -3,
      f: 1,
      b: true,
      l: [1, 2, 3],
      d: { k: null, n: [1.5, 'q'], '10': 1, a: { b: [] } },
    }
    expect(await dendrite.call(targetOf(axon), s.AllTypes, input)).toMatchObject({
      ok: true,
      values: { ...input, o: 2 },
    })
    const x = tensor('float32', [1, 2, 3, 4], [2, 2])
    expect(await dendrite.call(targetOf(axon), s.VecSum, { x })).toMatchObject({
      ok: true,
      values: { x, y: tensor('float32', [2, 4, 6, 8], [2, 2]) },
    })
    expect(await dendrite.call(targetOf(axon), Ping, {})).toMatchObject({ ok: true, values: {} })
  })

  it('tell how it went when it did not go well', async () => {
    const ask = async (synapse: typeof s.Blocked, timeoutMs = 30_000) => {
      const { status, message, ok } = await dendrite.call(
        targetOf(axon),
        synapse,
        {},
        { timeoutMs },
      )
      return [ok, status, message.replace(/#[0-9a-f-]{36}/, '#id')]
    }
    const blacklisted =
      protocol === 'http' ? 'Forbidden. Key is blacklisted: not on the list.' : 'not on the list'
    expect(await ask(s.Blocked)).toEqual([false, 403, blacklisted])
    expect(await ask(s.Failing)).toEqual([false, 500, 'Internal Server Error #id'])
    expect(await ask(s.Custom)).toEqual([false, 429, 'Too many'])
    expect(await ask(s.Prio)).toEqual([false, 408, 'Response timeout after: 30.0s'])
    const [ok, status, message] = await ask(s.Slow, 200)
    expect([ok, status]).toEqual([false, 408])
    expect(message).toMatch(/^(Request timeout after 0.2 seconds|Response timeout after: 0.2s)$/)
    const Nope = defineSynapse('Nope', {})
    expect(await dendrite.call(targetOf(axon), Nope, {})).toMatchObject({ ok: false, status: 404 })
    const wrong = { ...targetOf(axon), hotkey: alice.address }
    expect(await dendrite.call(wrong, s.Custom, {})).toMatchObject({
      ok: false,
      status: protocol === 'http' ? 401 : 403,
    })
  })

  it('stream', async () => {
    const { pieces, result } = dendrite.stream(targetOf(axon), s.Words, { text: 'one two three' })
    const got: string[] = []
    for await (const piece of pieces) got.push(piece)
    expect(got.join('')).toBe('one two three ')
    expect(await result).toMatchObject({
      ok: true,
      status: 200,
      values: { text: 'one two three', out: 'one two three ' },
    })
    expect(() => dendrite.stream(targetOf(axon), s.TextEcho, { prompt: '' })).toThrow(
      'TextEcho is not a streaming synapse',
    )
  })

  it('end a stream that nobody reads on, and report streams that fail', async () => {
    const Endless = defineSynapse('Endless', {}, { collect: () => ({}) })
    let isStopped = false
    const other = await startAxon(
      bob,
      {},
      (server) =>
        void server.attach(Endless, {
          async *forward() {
            try {
              for (;;) yield 'x'.repeat(1000)
            } finally {
              isStopped = true
            }
          },
        }),
    )
    const stream = dendrite.stream(targetOf(other), Endless, {})
    for await (const piece of stream.pieces) {
      expect(piece).toMatch(/^x+$/)
      break
    }
    expect(await stream.result).toMatchObject({ ok: false, status: 499 })
    await expect.poll(() => isStopped).toBe(true)
    const refused = dendrite.stream(
      targetOf(axon),
      defineSynapse('Gone', {}, { collect: () => ({}) }),
      {},
    )
    for await (const piece of refused.pieces) throw new Error(piece)
    expect(await refused.result).toMatchObject({ ok: false, status: 404 })
    await other.stop({ graceMs: 0 })
  })

  it('keep connections and send many requests at once without losing one to the order of nonces', async () => {
    const results = await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        dendrite.call(targetOf(axon), s.TextEcho, { prompt: `p${i}` }),
      ),
    )
    expect(results.map((result) => result.ok && result.values.reply)).toEqual(
      results.map((_, i) => `p${i}|`),
    )
  })
})

describe('text prompting over gRPC', () => {
  let axon: Axon
  let dendrite: Dendrite
  const rewards: number[][] = []
  const conversation = {
    roles: ['system', 'user'],
    messages: ['you are my financial advisor', 'should I buy a boat? ü'],
  }
  beforeAll(async () => {
    dendrite = new Dendrite({ signer: alice, protocol: 'grpc' })
    axon = await startAxon(
      bob,
      { protocols: ['grpc', 'http'] },
      (server) =>
        void server
          .attach(TextPrompting, {
            forward: async ({ messages }, call) => {
              if (messages.at(-1) === 'fail') throw new Error('boom')
              if (messages.at(-1) === 'sleep')
                await new Promise((resolve) => call.signal.addEventListener('abort', resolve))
              return { completion: messages.join('|') }
            },
            blacklist: (call) => [call.caller !== alice.address, 'pubkey not registered'],
          })
          .attach(TextPromptingBackward, {
            forward: (synapse) => void rewards.push(synapse.rewards),
          })
          .attach(TextPromptingMulti, {
            forward: ({ messages }) => ({
              completions: messages.map((text) => text.toUpperCase()),
            }),
          }),
    )
  })
  afterAll(async () => {
    dendrite.close()
    await axon.stop({ graceMs: 0 })
  })

  it('goes forward and backward', async () => {
    expect(await dendrite.call(targetOf(axon), TextPrompting, conversation)).toMatchObject({
      ok: true,
      status: 200,
      returnCode: 1,
      message: 'Success',
      values: { ...conversation, completion: conversation.messages.join('|') },
    })
    const backward = await dendrite.call(targetOf(axon), TextPromptingBackward, {
      ...conversation,
      completion: 'x',
      rewards: [0.5, 1],
    })
    expect(backward).toMatchObject({ ok: true, returnCode: 1 })
    expect(rewards).toEqual([[0.5, 1]])
    expect(
      await dendrite.call(targetOf(axon), TextPromptingMulti, { roles: ['user'], messages: ['a'] }),
    ).toMatchObject({
      ok: true,
      values: { completions: ['A'] },
    })
  })

  it('shares its port with HTTP', async () => {
    const http = new Dendrite({ signer: alice, protocol: 'http' })
    expect(await http.call(targetOf(axon), TextPrompting, conversation)).toMatchObject({
      ok: true,
      protocol: 'http',
      values: { completion: conversation.messages.join('|') },
    })
    http.close()
  })

  it('answers with the return codes of 5.3.1', async () => {
    const stranger = new Dendrite({ signer: await keypairFromUri('//Charlie'), protocol: 'grpc' })
    expect(await stranger.call(targetOf(axon), TextPrompting, conversation)).toMatchObject({
      ok: false,
      status: 403,
      returnCode: 25,
      message: 'pubkey not registered',
    })
    stranger.close()
    const failing = await dendrite.call(targetOf(axon), TextPrompting, {
      roles: ['user'],
      messages: ['fail'],
    })
    expect(failing).toMatchObject({ ok: false, status: 500, returnCode: 22 })
    expect(failing.message).not.toContain('boom')
    const slow = await dendrite.call(
      targetOf(axon),
      TextPrompting,
      { roles: ['user'], messages: ['sleep'] },
      { timeoutMs: 300 },
    )
    expect(slow).toMatchObject({ ok: false, status: 408, returnCode: 2 })
    const wrong = await dendrite.call(
      { ...targetOf(axon), hotkey: alice.address },
      TextPrompting,
      conversation,
    )
    expect(wrong).toMatchObject({
      ok: false,
      status: 401,
      returnCode: 23,
      grpcStatus: 16,
      message: 'GRPC error code: 16, details: Signature mismatch',
    })
    expect(await dendrite.call(targetOf(axon), s.TextEcho, { prompt: '' })).toMatchObject({
      ok: false,
      status: 400,
    })
    const nobody = await dendrite.call(
      { ...targetOf(axon), port: 1 },
      TextPrompting,
      conversation,
      { timeoutMs: 30_000 },
    )
    expect(nobody).toMatchObject({ ok: false, status: 503, returnCode: 4 })
    const other = await startAxon(bob, { protocols: ['grpc'] }, () => {})
    expect(await dendrite.call(targetOf(other), TextPrompting, conversation)).toMatchObject({
      ok: false,
      status: 404,
      returnCode: 5,
    })
    other.attach(TextPrompting, { forward: () => ({ completion: 'attached while it runs' }) })
    expect(await dendrite.call(targetOf(other), TextPrompting, conversation)).toMatchObject({
      values: { completion: 'attached while it runs' },
    })
    await other.stop({ graceMs: 0 })
  })
})

describe('a dendrite', () => {
  type Recorded = {
    note: string
    request: { start_line: string; headers: [string, string][]; body: string }
  }
  const recorded = vectors<{ exchanges: Recorded[] }>('http-10.5.0.json').exchanges
  const cases = [
    [
      'success: two-way custom synapse',
      s.TextEcho,
      { prompt: 'hello "world" \\ it\'s ünïcode', count: 2, tags: ['a', 'b"c'] },
    ],
    ['success: the built-in ping route /Synapse (no hash fields)', Ping, {}],
    [
      'success: one field of every kind, all required, hash order differs from declaration order',
      s.AllTypes,
      { s: 'x', i: 3, f: 1, b: true, l: [1, 2, 3], d: { k: null, n: [1.5, 'q'], t: true } },
    ],
    ['success: optional Tensor field', s.VecSum, { x: tensor('float32', [1, 2, 3, 4], [2, 2]) }],
  ] as const

  it.each(cases)('sends what a Python dendrite sends: %s', async (note, synapse, input) => {
    const expected = recorded.find((exchange) => exchange.note === note)!.request
    const captured = await capture(async (target) => {
      const clock = stoppedClock(BigInt(headerOf(expected.headers, 'bt_header_dendrite_nonce')))
      const dendrite = new Dendrite({
        signer: alice,
        protocol: 'http',
        clock,
        externalIp: '203.0.113.9',
      })
      await dendrite.call({ ...target, hotkey: bob.address }, synapse as never, input as never)
      dendrite.close()
    })
    expect(`${captured.method} ${captured.path} HTTP/1.1`).toBe(expected.start_line)
    const names = (headers: [string, string][]) =>
      headers.map(([name]) => name).filter((name) => name !== 'Connection')
    expect(names(captured.headers)).toEqual(names(expected.headers))
    const settle = (text: string) =>
      text
        .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'UUID')
        .replace(/0x[0-9a-f]{128}/g, 'SIG')
        .replace(/"port": \d+/g, '"port": 0')
        .replace(/"total_size": \d+/, '"total_size": 0')
    expect(settle(captured.body)).toBe(settle(expected.body))
    const stable = [
      'name',
      'timeout',
      'bt_header_axon_ip',
      'bt_header_axon_hotkey',
      'bt_header_dendrite_ip',
      'bt_header_dendrite_version',
      'bt_header_dendrite_nonce',
      'bt_header_dendrite_hotkey',
      'computed_body_hash',
      'Content-Type',
    ]
    for (const name of [
      ...stable,
      ...expected.headers.map(([key]) => key).filter((key) => key.startsWith('bt_header_input')),
    ]) {
      expect([name, headerOf(captured.headers, name)]).toEqual([
        name,
        headerOf(expected.headers, name),
      ])
    }
  })

  it('reports what is wrong with a peer as Python does', async () => {
    const dendrite = new Dendrite({ signer: alice, protocol: 'http', maxResponseBytes: 10_000 })
    const ask = async (target: Pick<AxonTarget, 'ip' | 'port'>, timeoutMs = 30_000) => {
      const { ok, status, message } = await dendrite.call(
        { hotkey: bob.address, ...target },
        s.TextEcho,
        { prompt: 'x' },
        { timeoutMs },
      )
      return [ok, status, message]
    }
    expect(await ask({ ip: '127.0.0.1', port: 1 })).toEqual([
      false,
      503,
      'Service unavailable at 127.0.0.1:1/TextEcho',
    ])
    const answers: [
      string,
      (response: ServerResponse) => void,
      (string | number | boolean | RegExp)[],
    ][] = [
      [
        'text',
        (r) => r.writeHead(200, { 'content-type': 'text/plain' }).end('hi'),
        [false, 422, 'Failed to parse response: 200, unexpected content type text/plain'],
      ],
      ['closed', (r) => r.destroy(), [false, 503, 'Service disconnected: Server disconnected']],
      [
        '418',
        (r) => r.writeHead(418, { 'content-type': 'application/json' }).end('{"message":"nope"}'),
        [false, 418, 'nope'],
      ],
      [
        'not JSON',
        (r) => r.writeHead(200, { 'content-type': 'application/json' }).end('{'),
        [false, 422, 'Failed to parse response: unexpected text at position 1'],
      ],
      [
        'not UTF-8',
        (r) =>
          r
            .writeHead(200, { 'content-type': 'application/json' })
            .end(Buffer.from([0x22, 0xff, 0x22])),
        [false, 422, 'Failed to parse response: it is not UTF-8'],
      ],
      [
        'wrong type',
        (r) => r.writeHead(200, { 'content-type': 'application/json' }).end('{"count": "x"}'),
        [false, 422, 'Failed to parse response: `count` is not a whole number'],
      ],
      [
        'too long',
        (r) =>
          r.writeHead(200, { 'content-type': 'application/json' }).end(`"${'x'.repeat(20_000)}"`),
        [false, 422, 'Failed to parse response: it is longer than 10000 bytes'],
      ],
      [
        'broken off',
        (r) => {
          r.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' })
          r.write('{')
          setTimeout(() => r.destroy(), 50)
        },
        [false, 503, 'Service disconnected: Server disconnected'],
      ],
      [
        'status in the header',
        (r) =>
          r
            .writeHead(200, {
              'content-type': 'application/json',
              bt_header_axon_status_code: '429',
              bt_header_axon_status_message: 'later',
            })
            .end('{}'),
        [false, 429, 'later'],
      ],
      ['silent', () => {}, [false, 408, 'Request timeout after 1.0 seconds']],
    ]
    for (const [name, respond, expected] of answers) {
      const server = createServer((_request: IncomingMessage, response) => respond(response))
      await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as AddressInfo
      const got = await ask({ ip: '127.0.0.1', port }, name === 'silent' ? 1000 : undefined)
      expect([name, ...got]).toEqual([name, ...expected])
      server.closeAllConnections()
      server.close()
    }
    dendrite.close()
  })

  it('survives a peer that speaks no HTTP at all', async () => {
    const server = createTcpServer((socket) => socket.end('\0\xff garbage\r\n\r\n'))
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    const dendrite = new Dendrite({ signer: alice })
    const target = {
      hotkey: bob.address,
      ip: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
    }
    expect(await dendrite.call(target, s.TextEcho, { prompt: 'x' })).toMatchObject({
      ok: false,
      status: 500,
      message: 'Client error: HPE_INVALID_CONSTANT',
    })
    dendrite.close()
    server.close()
  })

  it('asks many axons at once, in their order', async () => {
    // Nobody answers before all have been asked.
    let open = () => {}
    const all = new Promise<void>((resolve) => {
      open = resolve
    })
    let asked = 0
    const axons = await Promise.all(
      [bob, bob, bob].map((key) =>
        startAxon(key, {}, (server) => {
          server.attach(s.Custom, {
            async forward() {
              asked++
              if (asked === 3) open()
              await all
            },
          })
        }),
      ),
    )
    const dendrite = new Dendrite({ signer: alice })
    const targets = [...axons.map(targetOf), { hotkey: bob.address, ip: '127.0.0.1', port: 1 }]
    const results = await dendrite.query(targets, s.Custom, {}, { timeoutMs: 30_000 })
    expect(results.map((result) => result.status)).toEqual([200, 200, 200, 503])
    expect(results.map((result) => result.target)).toEqual(targets)
    dendrite.close()
    await Promise.all(axons.map((axon) => axon.stop({ graceMs: 0 })))
  })

  it('gives each axon a time of its own', async () => {
    const axons = await Promise.all([bob, bob, bob].map((key) => startAxon(key)))
    const dendrite = new Dendrite({ signer: alice })
    const targets = axons.map(targetOf)
    const timeoutMs = (target: AxonTarget) => [300, 100, 30_000][targets.indexOf(target)] ?? 0
    const results = await dendrite.query(targets, s.Slow, {}, { timeoutMs })
    expect(results.map((result) => result.status)).toEqual([408, 408, 200])
    // Whoever is first, the dendrite or the axon.
    expect(results[0]?.message).toMatch(/(Request|Response) timeout after:? 0\.3/)
    expect(results[1]?.message).toMatch(/(Request|Response) timeout after:? 0\.1/)
    dendrite.close()
    await Promise.all(axons.map((axon) => axon.stop({ graceMs: 0 })))
  })

  it('waits for a place on the call’s own time, and ends when told to', async () => {
    const axon = await startAxon(bob)
    const dendrite = new Dendrite({ signer: alice, maxInFlight: 1 })
    const first = dendrite.call(targetOf(axon), s.Slow, {}, { timeoutMs: 600 })
    const second = dendrite.call(targetOf(axon), s.Custom, {}, { timeoutMs: 100 })
    expect(await second).toMatchObject({
      status: 408,
      message: 'Request timeout after 0.1 seconds',
    })
    const stop = new AbortController()
    const third = dendrite.call(targetOf(axon), s.Custom, {}, { signal: stop.signal })
    stop.abort()
    expect(await third).toMatchObject({ status: 499 })
    expect(
      await dendrite.call(targetOf(axon), s.Custom, {}, { signal: AbortSignal.abort() }),
    ).toMatchObject({ status: 499 })
    await first
    dendrite.close()
    await axon.stop({ graceMs: 0 })
  })

  it('learns which axons speak the older protocol, when told to', async () => {
    const old = await startAxon(bob, { protocols: ['http'] })
    const dendrite = new Dendrite({ signer: alice, protocol: 'auto' })
    const protocols: ProtocolName[] = []
    for (let i = 0; i < 2; i++) {
      const result = await dendrite.call(targetOf(old), s.TextEcho, { prompt: 'x' })
      expect(result.ok).toBe(true)
      protocols.push(result.protocol)
    }
    expect(protocols).toEqual(['http', 'http'])
    expect(old.metricsText()).toContain(
      'bittensor_axon_requests_total{protocol="http",synapse="TextEcho",status="500"} 1\n',
    )
    expect(old.metricsText()).toContain(
      'bittensor_axon_requests_total{protocol="http",synapse="TextEcho",status="200"} 2\n',
    )
    dendrite.close()
    await old.stop({ graceMs: 0 })
  })

  it('learns it from a stream as well', async () => {
    const old = await startAxon(bob, { protocols: ['http'] })
    const dendrite = new Dendrite({ signer: alice, protocol: 'auto' })
    const { pieces, result } = dendrite.stream(targetOf(old), s.Words, { text: 'one two' })
    let text = ''
    for await (const piece of pieces) text += piece
    expect([text, (await result).protocol]).toEqual(['one two ', 'http'])
    dendrite.close()
    await old.stop({ graceMs: 0 })
  })

  it('uses a connection again', async () => {
    let connections = 0
    const server = createServer((request, response) => {
      request.resume()
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
    server.on('connection', () => connections++)
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const target = { hotkey: bob.address, ip: '127.0.0.1', port }
    const dendrite = new Dendrite({ signer: alice, maxConnectionsPerAxon: 2 })
    for (let i = 0; i < 5; i++) expect((await dendrite.call(target, s.Custom, {})).ok).toBe(true)
    expect(connections).toBe(1)
    const many = Array.from({ length: 10 }, () => dendrite.call(target, s.Custom, {}))
    expect((await Promise.all(many)).every(({ ok }) => ok)).toBe(true)
    expect(connections).toBe(2)
    dendrite.close()
    server.close()
  })

  it('tries again only when told to', async () => {
    let connections = 0
    const server = createTcpServer((socket) => {
      connections++
      socket.destroy()
    })
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    const target = {
      hotkey: bob.address,
      ip: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
    }
    const once = new Dendrite({ signer: alice })
    expect((await once.call(target, s.Custom, {})).status).toBe(503)
    expect(connections).toBe(1)
    const thrice = new Dendrite({ signer: alice, retries: 2 })
    expect((await thrice.call(target, s.Custom, {})).status).toBe(503)
    expect(connections).toBe(4)
    server.close()
  })

  it('throws for input that does not fit, before anything is sent', async () => {
    const dendrite = new Dendrite({ signer: alice })
    await expect(
      dendrite.query([], s.TextEcho, { prompt: 5 as unknown as string }),
    ).rejects.toMatchObject({ code: 'USAGE' })
  })
})

function headerOf(headers: readonly [string, string][], name: string): string {
  return headers.find(([key]) => key === name)?.[1] ?? ''
}

type Captured = { method: string; path: string; headers: [string, string][]; body: string }

async function capture(
  act: (target: { ip: string; port: number }) => Promise<void>,
): Promise<Captured> {
  let captured: Captured | undefined
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const headers = request.rawHeaders.flatMap((name, i): [string, string][] =>
      i % 2 === 0 ? [[name, request.rawHeaders[i + 1] ?? '']] : [],
    )
    captured = { method: request.method ?? '', path: request.url ?? '', headers, body }
    response.end()
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  await act({ ip: '127.0.0.1', port: (server.address() as AddressInfo).port })
  server.closeAllConnections()
  server.close()
  return captured!
}
