/** An axon as a program uses it: with a wallet, on several ports, published through a subtensor. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { BittensorError } from '../../../src/core/errors.js'
import { type Keypair, keypairFromUri } from '../../../src/core/keys/keypair.js'
import { Axon } from '../../../src/network/axon.js'
import { Dendrite } from '../../../src/network/dendrite.js'
import { detectExternalIp } from '../../../src/network/externalIp.js'
import type { LogEvent } from '../../../src/network/log.js'
import { TextPrompting } from '../../../src/network/textPrompting.js'
import { startAxon } from './support.js'

let alice: Keypair
let bob: Keypair
beforeAll(async () => {
  alice = await keypairFromUri('//Alice')
  bob = await keypairFromUri('//Bob')
})

const conversation = { roles: ['user'], messages: ['hi'] }

function attachEcho(axon: Axon): void {
  axon.attach(TextPrompting, { forward: (_synapse, call) => ({ completion: call.protocol }) })
}

describe('a wallet', () => {
  it('is opened when the axon starts, and when the dendrite asks for the first time', async () => {
    let opened = 0
    const walletOf = (key: Keypair) => ({
      async unlockHotkey() {
        opened++
        return key
      },
    })
    const axon = new Axon({ wallet: walletOf(bob), port: 0, host: '127.0.0.1' })
    attachEcho(axon)
    const dendrite = new Dendrite({ wallet: walletOf(alice) })
    expect(opened).toBe(0)
    expect(() => axon.info()).toThrow('opened when the axon starts')
    expect(String(axon)).toBe('Axon(127.0.0.1, 0, hotkey not opened, stopped)')
    await axon.start()
    expect(axon.info().hotkey).toBe(bob.address)
    expect(await dendrite.call(axon.info(), TextPrompting, conversation)).toMatchObject({
      values: { completion: 'btauth' },
    })
    dendrite.close()
    await axon.stop({ graceMs: 0 })
  })

  it('that cannot be opened stops everything before a port is open or a byte is sent', async () => {
    const wallet = {
      unlockHotkey: () => Promise.reject(new BittensorError('WALLET_NOT_FOUND', 'no hotkey')),
    }
    const axon = new Axon({ wallet, port: 0, host: '127.0.0.1' })
    await expect(axon.start()).rejects.toThrow('no hotkey')
    const dendrite = new Dendrite({ wallet })
    const target = { hotkey: bob.address, ip: '127.0.0.1', port: 1 }
    await expect(dendrite.query([target], TextPrompting, conversation)).rejects.toThrow('no hotkey')
  })

  it('or a signer, not both and not neither', () => {
    expect(() => new Axon({})).toThrow('either a wallet or a signer')
    expect(() => new Dendrite({ signer: bob, wallet: { unlockHotkey: async () => bob } })).toThrow(
      'either a wallet or a signer',
    )
  })
})

it('two dendrites with one key never send the same nonce', async () => {
  const axon = await startAxon(bob, {}, attachEcho)
  const dendrites = [1, 2, 3].map(() => new Dendrite({ signer: alice }))
  const results = await Promise.all(
    Array.from({ length: 60 }, (_, i) =>
      dendrites[i % 3]!.call(axon.info(), TextPrompting, conversation),
    ),
  )
  expect(results.filter(({ ok }) => !ok)).toEqual([])
  for (const dendrite of dendrites) dendrite.close()
  await axon.stop({ graceMs: 0 })
})

describe('ports', () => {
  it('are one for all protocols, or one for each', async () => {
    const axon = await startAxon(
      bob,
      { protocols: ['btauth', { name: 'http', port: 0 }, { name: 'grpc', port: 0 }] },
      attachEcho,
    )
    const ports = (['btauth', 'http', 'grpc'] as const).map((name) => axon.portOf(name) ?? 0)
    expect(new Set(ports).size).toBe(3)
    expect(axon.port).toBe(ports[0])
    const dendrite = new Dendrite({ signer: alice })
    const statuses = await Promise.all(
      (['btauth', 'http', 'grpc'] as const).map((wire) =>
        Promise.all(
          ports.map(async (port) => {
            const target = { hotkey: bob.address, ip: '127.0.0.1', port, wire }
            return (await dendrite.call(target, TextPrompting, conversation)).status
          }),
        ),
      ),
    )
    // A protocol is refused where it is not spoken: without signature, without fields in the head, without HTTP/2.
    expect(statuses).toEqual([
      [200, 500, 503],
      [401, 200, 503],
      [503, 503, 200],
    ])
    dendrite.close()
    await axon.stop({ graceMs: 0 })
    const ended = await new Dendrite({ signer: alice }).query(
      ports.map((port) => ({ hotkey: bob.address, ip: '127.0.0.1', port })),
      TextPrompting,
      conversation,
    )
    expect(ended.map(({ status }) => status)).toEqual([503, 503, 503])
  })

  it.each([
    [[], 'at least one protocol'],
    [['http', { name: 'http', port: 1 }], 'on one port only'],
    [[{ name: 'http', port: 70_000 }], '70000 is not a port'],
  ] as const)('of %j are refused', (protocols, message) => {
    expect(() => new Axon({ signer: bob, protocols })).toThrow(message)
  })

  it('are all closed again when one cannot be had', async () => {
    const first = await startAxon(bob, {}, attachEcho)
    const second = new Axon({
      signer: bob,
      port: 0,
      host: '127.0.0.1',
      protocols: ['btauth', { name: 'http', port: first.port }],
    })
    await expect(second.start()).rejects.toThrow(`cannot listen on 127.0.0.1:${first.port}`)
    await first.stop({ graceMs: 0 })
    await second.start()
    expect(second.portOf('http')).not.toBe(second.port)
    await second.stop({ graceMs: 0 })
  })
})

describe('publishing', () => {
  it('hands the axon to the subtensor, once it is started', async () => {
    const published: unknown[] = []
    const subtensor = {
      async serveAxon({ netuid, axon }: { netuid: number; axon: Axon }) {
        published.push([netuid, axon.info()])
      },
    }
    const options = { signer: bob, port: 0, host: '127.0.0.1', externalIp: '203.0.113.9' }
    const axon = new Axon({ ...options, externalPort: 9000, subtensor, netuid: 3, coldkey: 'c' })
    await expect(axon.serve()).rejects.toThrow('start the axon')
    await axon.start()
    await axon.serve()
    await axon.serve({ netuid: 7 })
    const info = { ip: '203.0.113.9', port: 9000, ipType: 4, hotkey: bob.address, coldkey: 'c' }
    expect(published).toMatchObject([
      [3, info],
      [7, info],
    ])
    await axon.stop({ graceMs: 0 })
    const bare = await startAxon(bob)
    await expect(bare.serve()).rejects.toThrow('a netuid and a subtensor')
    await bare.stop({ graceMs: 0 })
  })
})

describe('the external address', () => {
  async function service(answer: string, status = 200): Promise<string> {
    const server = createServer((_request, response) => {
      response.writeHead(status, { 'x-client-ip': '2001:db8::7' }).end(answer)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  const text = ({ body }: { body: string }) => body.trim()

  it('comes from the first service that tells one', async () => {
    const services = [
      { url: 'http://127.0.0.1:1', read: text },
      { url: await service('<html>no</html>'), read: text },
      { url: await service('203.0.113.8', 500), read: text },
      { url: await service('{}'), read: ({ body }: { body: string }) => JSON.parse(body).ip },
      { url: await service('x'.repeat(10_000_000)), read: text },
      { url: await service('203.0.113.9\n'), read: text },
    ]
    expect(await detectExternalIp({ services })).toBe('203.0.113.9')
    const inHeader = {
      url: await service('anything'),
      read: ({ headers }: { headers: Headers }) => headers.get('x-client-ip'),
    }
    expect(await detectExternalIp({ services: [inHeader] })).toBe('2001:db8::7')
  })

  it('is not made up when no service tells it', async () => {
    const services = [{ url: 'http://127.0.0.1:1', read: text }]
    await expect(detectExternalIp({ services })).rejects.toThrow('no service told this machine')
  })
})

describe('metrics and logs', () => {
  it('of both ends count calls by protocol, synapse and status, and name the peer', async () => {
    const events: LogEvent[] = []
    const log = (event: LogEvent) => void events.push(event)
    const axon = await startAxon(bob, { log }, attachEcho)
    const dendrite = new Dendrite({ signer: alice, log })
    await dendrite.call(axon.info(), TextPrompting, conversation)
    await axon.stop()
    dendrite.close()
    const labels = 'protocol="btauth",synapse="TextPrompting"'
    expect(dendrite.metricsText()).toContain(
      `bittensor_dendrite_calls_total{${labels},status="200"} 1`,
    )
    expect(dendrite.metricsText()).toContain(`bittensor_dendrite_call_seconds_count{${labels}} 1`)
    expect(axon.metricsText()).toContain(`bittensor_axon_requests_total{${labels},status="200"} 1`)
    expect(events.find(({ event }) => event === 'dendrite.call')).toMatchObject({
      peer: bob.address,
      status: 200,
    })
    expect(events.find(({ event }) => event === 'axon.request')).toMatchObject({
      caller: alice.address,
      status: 200,
    })
    expect(JSON.stringify(events)).not.toMatch(/0x[0-9a-f]{128}|"hi"/)
  })
})
