/** Several nodes of one network, the way through proxies, and old blocks from an archive. */
import { type AddressInfo, connect as connectTcp, createServer, type Server } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type ConnectOptions, connect } from '../../src/core/chain/connect.js'
import { proxyFor } from '../../src/core/chain/proxyAgent.js'
import { RpcError } from '../../src/core/chain/rpc.js'
import type { ChainClient } from '../../src/core/chain/types.js'
import { Localnet } from '../../src/localnet/index.js'
import { recordedChain } from '../unit/chain/recordedChain.js'
import { type ChainProxy, startProxy } from './chainProxy.js'

const NOWHERE = 'ws://127.0.0.1:9'
let net: Localnet
let other: Localnet
const open: ChainClient[] = []
const proxies: ChainProxy[] = []

beforeAll(async () => {
  net = await Localnet.start({ port: 0 })
  other = await Localnet.start({ port: 0, genesis: 'empty' })
})
afterAll(async () => {
  await net.stop()
  await other.stop()
})
afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.close()))
  await Promise.all(proxies.splice(0).map((proxy) => proxy.stop()))
})

async function front(target = net): Promise<ChainProxy> {
  const proxy = await startProxy(target.endpoint)
  proxies.push(proxy)
  return proxy
}

async function opened(options: Partial<ConnectOptions>) {
  const notices: string[] = []
  const onNotice = (text: string) => notices.push(text)
  const client = await connect({ network: 'local', timeoutMs: 5_000, onNotice, ...options })
  open.push(client)
  return { client, notices }
}

describe('several nodes', () => {
  test('the next one is used when the first is not there, and that is said', async () => {
    const { client, notices } = await opened({ endpoint: NOWHERE, fallbacks: [net.endpoint] })
    expect(client.endpoint).toBe(net.endpoint)
    expect(notices).toEqual([`cannot connect to 127.0.0.1:9: using ${new URL(net.endpoint).host}`])
  })

  test('one of another chain is passed over', async () => {
    const [first, wrong] = [await front(), await front(other)]
    const { client, notices } = await opened({
      endpoint: first.endpoint,
      fallbacks: [wrong.endpoint, net.endpoint],
    })
    await first.stop()
    expect((await client.at()).specVersion).toBe(143)
    expect(client.endpoint).toBe(net.endpoint)
    expect(notices.join()).toContain('serves another chain')
  })

  test('reads go on elsewhere when a node goes away, from the block that they began at', async () => {
    const first = await front()
    const { client } = await opened({ endpoint: first.endpoint, fallbacks: [net.endpoint] })
    const view = await client.at()
    await first.stop()
    expect(await view.read('SubtensorModule', 'Burn', 1)).toBe(500_000_000n)
    expect(client.endpoint).toBe(net.endpoint)
  })

  test('a transaction is never sent to another node', async () => {
    const [first, second] = [await front(), await front()]
    const { client } = await opened({ endpoint: first.endpoint, fallbacks: [second.endpoint] })
    await first.stop()
    await expect(client.requestOnce('author_submitExtrinsic', ['0x00'])).rejects.toMatchObject({
      code: 'CONNECTION',
    })
    expect(second.requests.filter((method) => method.startsWith('author_'))).toEqual([])
  })

  test('one that lags is used only when there is no other', async () => {
    const [slow, good] = [await front(), await front()]
    const old = (milliseconds: number) => {
      const bytes = Buffer.alloc(8)
      bytes.writeBigUInt64LE(BigInt(Date.now() - milliseconds))
      return `0x${bytes.toString('hex')}`
    }
    const lag = (proxy: ChainProxy, milliseconds: number) => {
      proxy.decide = ({ id, method }) =>
        method === 'state_getStorage'
          ? { answer: JSON.stringify({ jsonrpc: '2.0', id, result: old(milliseconds) }) }
          : 'pass'
    }
    lag(slow, 600_000)
    lag(good, 12_000)
    const options = { endpoint: slow.endpoint, fallbacks: [good.endpoint] }
    const first = await opened(options)
    expect(first.client.endpoint).toBe(good.endpoint)
    expect(first.notices.join()).toContain('is 10 min behind')
    lag(good, 3_600_000)
    expect((await opened(options)).client.endpoint).toBe(slow.endpoint)
  })

  test('when none can be reached, each is named', async () => {
    const failure = opened({ endpoint: NOWHERE, fallbacks: ['ws://127.0.0.1:10'] })
    await expect(failure).rejects.toMatchObject({
      code: 'CONNECTION',
      message: 'none of the nodes can be used',
      details: expect.stringContaining('127.0.0.1:10'),
    })
  })
})

describe('a block that the node has pruned', () => {
  /** Discards all states but those of the newest block. */
  function pruned() {
    const chain = recordedChain({ spec: '143', metadata: 'spec-143.v14' })
    const version = chain.answers['state_getRuntimeVersion']
    chain.answers['state_getRuntimeVersion'] = (params) => {
      if (params.length > 0) throw new RpcError(4003, 'Client error: State already discarded')
      return version?.(params)
    }
    return chain
  }
  const archive = () => recordedChain({ spec: '143', metadata: 'spec-143.v14' }).connect()

  test('is read from an archive, and that is said', async () => {
    const notices: string[] = []
    const client = await connect({
      network: 'local',
      provider: pruned().provider,
      archive,
      onNotice: (text) => notices.push(text),
    })
    expect((await client.at(7)).block.number).toBe(7)
    expect(notices[0]).toContain('no longer keeps the state of this block: reading it from')
    await client.close()
  })

  test('is an error where there is none', async () => {
    const client = await connect({ network: 'local', provider: pruned().provider })
    await expect(client.at(7)).rejects.toMatchObject({ data: { pruned: true } })
  })
})

describe('proxies', () => {
  test('are chosen by the usual variables', () => {
    const settings = { https: 'http://p:1', http: 'http://q:2', all: 'socks5://r:3' }
    const finney = 'wss://entrypoint-finney.opentensor.ai:443'
    expect(proxyFor(finney, settings)).toBe('http://p:1')
    expect(proxyFor('ws://example.org', settings)).toBe('http://q:2')
    expect(proxyFor(finney, { all: 'socks5://r:3', https: ' ' })).toBe('socks5://r:3')
    for (const no of [
      'opentensor.ai',
      '.opentensor.ai',
      '*.opentensor.ai',
      'x, opentensor.ai:443',
      '*',
    ]) {
      expect(proxyFor(finney, { ...settings, no }), no).toBeUndefined()
    }
    expect(proxyFor(finney, { ...settings, no: 'tensor.ai' })).toBe('http://p:1')
    for (const own of ['ws://127.0.0.1:9944', 'ws://localhost:1', 'ws://[::1]:9944']) {
      expect(proxyFor(own, settings)).toBeUndefined()
    }
  })

  test('carry a connection', async () => {
    const asked: string[] = []
    const tunnel = await startTunnel(asked, new URL(net.endpoint))
    const { port } = tunnel.address() as AddressInfo
    // A name that does not exist: only the proxy can know where it is.
    const { client } = await opened({
      endpoint: 'ws://node.invalid:9944',
      proxies: { http: `http://127.0.0.1:${port}` },
    })
    expect(client.specVersion).toBe(143)
    expect(asked).toEqual(['CONNECT node.invalid:9944 HTTP/1.1'])
    await client.close()
    await new Promise((resolve) => tunnel.close(resolve))
  })
})

/** An HTTP proxy that takes every CONNECT to one node. */
async function startTunnel(asked: string[], { hostname, port }: URL): Promise<Server> {
  const server = createServer((client) => {
    client.once('data', (head) => {
      asked.push(head.toString().split('\r\n')[0] ?? '')
      const upstream = connectTcp(Number(port), hostname, () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n')
        upstream.pipe(client).pipe(upstream)
      })
      upstream.on('error', () => client.destroy())
      client.on('error', () => upstream.destroy())
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}
