/** Several nodes of one network, the way through proxies, and old blocks from an archive. */
import { type AddressInfo, connect as connectTcp, createServer, type Server } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { openChain } from '../../src/api/openChain.js'
import { type ConnectOptions, connect } from '../../src/core/chain/connect.js'
import { proxyFor } from '../../src/core/chain/proxyAgent.js'
import { RpcError } from '../../src/core/chain/rpc.js'
import type { ChainClient } from '../../src/core/chain/types.js'
import { Localnet } from '../../src/localnet/index.js'
import { recordedChain } from '../unit/chain/recordedChain.js'
import { type ChainProxy, startProxy } from './chainProxy.js'
import { type SocksServer, startSocks } from './socks.js'

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
  const archive = () => recordedChain({ spec: '143', metadata: 'spec-143.v14', block: 7 }).connect()

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
    // As curl takes them: a host and a port alone are an HTTP proxy.
    for (const bare of [`127.0.0.1:${port}`, `localhost:${port}`]) {
      const again = await opened({ endpoint: 'ws://node.invalid:9944', proxies: { http: bare } })
      await again.client.close()
    }
    expect(asked).toHaveLength(3)
    await client.close()
    await new Promise((resolve) => tunnel.close(resolve))
  })
})

describe('SOCKS', () => {
  const servers: SocksServer[] = []
  afterEach(async () => {
    vi.unstubAllEnvs()
    await Promise.all(servers.splice(0).map((server) => server.stop()))
  })
  async function socks(options: Parameters<typeof startSocks>[1] = {}): Promise<SocksServer> {
    const server = await startSocks(net.endpoint, options)
    servers.push(server)
    return server
  }

  test('socks5h leaves names to the proxy, and carries requests and subscriptions', async () => {
    const { port, asked } = await socks()
    const { client } = await opened({
      endpoint: 'ws://node.invalid:9944',
      proxies: { all: `socks5h://127.0.0.1:${port}` },
    })
    expect(client.specVersion).toBe(143)
    const seen: number[] = []
    const stop = await client.subscribeHeads(({ number }) => seen.push(number))
    const { number } = await net.advance(1)
    await expect.poll(() => seen).toContain(number)
    stop()
    expect(asked).toEqual(['node.invalid:9944'])
  })

  test('socks5 goes by address', async () => {
    const { port, asked } = await socks()
    const { client } = await opened({
      endpoint: 'ws://192.0.2.7:9944',
      proxies: { all: `socks5://127.0.0.1:${port}` },
    })
    expect(client.specVersion).toBe(143)
    expect(asked).toEqual(['192.0.2.7:9944'])
  })

  test('with a name and a password, which no error repeats', async () => {
    const { port } = await socks({ user: 'alice:open sesame' })
    const through = (user: string) => ({
      endpoint: 'ws://node.invalid:9944',
      proxies: { all: `socks5h://${user}@127.0.0.1:${port}` },
    })
    const { client } = await opened(through('alice:open%20sesame'))
    expect(client.specVersion).toBe(143)
    const failure = await opened(through('alice:wrong-secret')).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'CONNECTION' })
    expect(JSON.stringify([failure, (failure as Error).message, `${failure}`])).not.toMatch(
      /wrong-secret|sesame/,
    )
  })

  test('that refuses is told as a connection that failed, and another node is tried', async () => {
    const { port, asked } = await socks({ allows: (host) => host !== 'node.invalid' })
    const proxies = { all: `socks5h://127.0.0.1:${port}` }
    await expect(opened({ endpoint: 'ws://node.invalid:9944', proxies })).rejects.toMatchObject({
      code: 'CONNECTION',
    })
    const { client } = await opened({
      endpoint: 'ws://node.invalid:9944',
      fallbacks: ['ws://other.invalid:9944'],
      proxies,
    })
    expect(client.endpoint).toBe('ws://other.invalid:9944')
    expect(asked.at(-1)).toBe('other.invalid:9944')
  })

  test('is taken from the environment, except for hosts of NO_PROXY', async () => {
    const { port, asked } = await socks()
    vi.stubEnv('ALL_PROXY', `socks5h://127.0.0.1:${port}`)
    vi.stubEnv('NO_PROXY', 'direct.invalid')
    const client = await openChain({ endpoint: 'ws://node.invalid:9944', cacheDir: null })
    open.push(client)
    expect(client.specVersion).toBe(143)
    // Nobody knows that name, which a machine without a name server may take long to say.
    await expect(
      openChain({ endpoint: 'ws://direct.invalid:9944', cacheDir: null, timeoutMs: 5_000 }),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^(CONNECTION|TIMEOUT)$/) })
    expect(asked).toEqual(['node.invalid:9944'])
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
