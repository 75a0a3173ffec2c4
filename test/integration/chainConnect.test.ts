/** Connecting to nodes good and bad, and what is kept between runs. */

import { chmod, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ApiPromise } from '@polkadot/api'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { readBalances, readTotalIssuance } from '../../src/core/chain/balances.js'
import { type ConnectOptions, connect } from '../../src/core/chain/connect.js'
import { readNeurons, readNeuronsOfHotkeys } from '../../src/core/chain/neurons.js'
import { readNetuids, readSubnets } from '../../src/core/chain/subnets.js'
import type { ChainClient } from '../../src/core/chain/types.js'
import type { Ss58 } from '../../src/core/keys/ss58.js'
import { Localnet } from '../../src/localnet/index.js'
import { tempFolder } from '../support/tempFolder.js'
import { type ChainProxy, startProxy, startTcp } from './chainProxy.js'

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY' as Ss58
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty' as Ss58

let net: Localnet
let proxy: ChainProxy
let cacheDir: string
const open: ChainClient[] = []

beforeAll(async () => {
  net = await Localnet.start({ port: 0 })
  proxy = await startProxy(net.endpoint)
})
afterAll(async () => {
  await proxy.stop()
  await net.stop()
})
beforeEach(() => {
  cacheDir = tempFolder()
})
afterEach(async () => {
  vi.useRealTimers()
  proxy.decide = () => 'pass'
  proxy.requests.length = 0
  await Promise.all(open.splice(0).map((client) => client.close()))
  await rm(cacheDir, { recursive: true, force: true })
})

async function client(options: Partial<ConnectOptions> = {}): Promise<ChainClient> {
  const made = await connect({ network: 'local', endpoint: proxy.endpoint, ...options })
  open.push(made)
  return made
}

describe('a bad endpoint', () => {
  // Longer than a test may take: what is told before is told at once.
  const attempt = (endpoint: string, options: Partial<ConnectOptions> = {}) =>
    connect({ network: 'local', endpoint, timeoutMs: 600_000, ...options })

  test('that refuses is named with the reason, at once', async () => {
    const tcp = await startTcp(() => undefined)
    await tcp.stop()
    await expect(attempt(tcp.endpoint)).rejects.toMatchObject({
      code: 'CONNECTION',
      message: `cannot connect to ${new URL(tcp.endpoint).host}`,
      details: 'nothing listens there (connection refused)',
      hint: expect.stringContaining('--subtensor.chain_endpoint'),
    })
  })

  test('that is silent times out', async () => {
    const tcp = await startTcp(() => undefined)
    await expect(attempt(tcp.endpoint, { timeoutMs: 400 })).rejects.toMatchObject({
      code: 'TIMEOUT',
      message: expect.stringContaining('did not accept a connection within 0.4 s'),
    })
    await tcp.stop()
  })

  test('that is a web server says so', async () => {
    const tcp = await startTcp((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'))
    })
    await expect(attempt(tcp.endpoint)).rejects.toMatchObject({
      code: 'CONNECTION',
      details: 'it answered with HTTP status 404 instead of opening a WebSocket',
    })
    await tcp.stop()
  })

  test('that closes at once says so', async () => {
    const tcp = await startTcp((socket) => socket.destroy())
    await expect(attempt(tcp.endpoint)).rejects.toMatchObject({ code: 'CONNECTION' })
    await tcp.stop()
  })

  test.each([
    ['text that is no JSON', 'hello', 'answered something that is not JSON-RPC'],
    ['JSON that is no JSON-RPC', '[1,2]', 'answered something that is not JSON-RPC'],
    ['a number for a hash', '{"jsonrpc":"2.0","id":ID,"result":5}', 'does not name its genesis'],
  ])('that answers %s', async (_, answer, message) => {
    proxy.decide = ({ id }) => ({ answer: answer.replace('ID', `${id}`) })
    await expect(attempt(proxy.endpoint)).rejects.toMatchObject({
      code: 'CONNECTION',
      message: expect.stringContaining(message),
    })
  })

  test('that answers a runtime that is none, or metadata that is none', async () => {
    proxy.decide = ({ id, method }) =>
      method === 'state_getRuntimeVersion'
        ? { answer: JSON.stringify({ jsonrpc: '2.0', id, result: { specName: 'x' } }) }
        : 'pass'
    await expect(attempt(proxy.endpoint)).rejects.toMatchObject({
      code: 'CONNECTION',
      message: expect.stringContaining('does not describe its runtime'),
    })
    proxy.decide = ({ id, method }) =>
      method === 'state_getMetadata'
        ? { answer: JSON.stringify({ jsonrpc: '2.0', id, result: '0x6d6574610e00' }) }
        : 'pass'
    await expect(attempt(proxy.endpoint)).rejects.toMatchObject({
      code: 'CONNECTION',
      message: expect.stringContaining('metadata that does not decode'),
    })
  })

  test('that never answers a request is named with the request', async () => {
    // The clock stands until the request has arrived: before, it would be the connection that is late.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    proxy.decide = () => {
      vi.advanceTimersByTime(400)
      return 'ignore'
    }
    await expect(attempt(proxy.endpoint, { timeoutMs: 400 })).rejects.toMatchObject({
      code: 'TIMEOUT',
      message: expect.stringMatching(/did not answer \w+ within 0.4 s/),
    })
  })

  test('of another network than named is refused', async () => {
    await expect(attempt(proxy.endpoint, { network: 'finney' })).rejects.toMatchObject({
      code: 'CONNECTION',
      message: 'this node does not serve the network finney',
    })
  })

  test('does not outlive Ctrl-C', async () => {
    const abort = new AbortController()
    proxy.decide = () => {
      abort.abort()
      return 'ignore'
    }
    const attempted = attempt(proxy.endpoint, { signal: abort.signal })
    await expect(attempted).rejects.toMatchObject({ code: 'INTERRUPTED' })
  })
})

describe('a connection that breaks', () => {
  test('while a read is answered: it is read again over a new one', async () => {
    const chain = await client()
    const view = await chain.at()
    let cuts = 1
    proxy.decide = ({ method }) => {
      if (method !== 'state_queryStorageAt' || cuts === 0) return 'pass'
      cuts -= 1
      return 'forward-then-cut'
    }
    expect(await readTotalIssuance(view)).toBeGreaterThan(0n)
    expect(cuts).toBe(0)
  })

  test('every time ends in an error that names the node', async () => {
    const chain = await client()
    const view = await chain.at()
    proxy.decide = ({ method }) => (method === 'state_queryStorageAt' ? 'cut' : 'pass')
    await expect(readTotalIssuance(view)).rejects.toMatchObject({
      code: 'CONNECTION',
      message: expect.stringContaining(new URL(proxy.endpoint).host),
    })
  })
})

describe('the cache of described runtimes', () => {
  const files = async () => (await readdir(cacheDir)).sort()
  const file = async () =>
    join(cacheDir, (await files()).find((name) => name.startsWith('runtime-')) ?? '')

  test('saves the metadata of the second run', async () => {
    await client({ cacheDir })
    expect(proxy.requests).toEqual([
      'chain_getBlockHash',
      'state_getRuntimeVersion',
      'state_getMetadata',
    ])
    // The description for reads, and the metadata behind it for @polkadot/api.
    expect(await files()).toEqual([
      expect.stringMatching(/^metadata-[0-9a-f]{64}-143\.scale$/),
      expect.stringMatching(/^runtime-[0-9a-f]{64}-143\.json$/),
    ])
    for (const name of await files()) {
      expect((await stat(join(cacheDir, name))).mode & 0o777).toBe(0o600)
    }
    proxy.requests.length = 0
    const again = await client({ cacheDir })
    expect(proxy.requests).toEqual(['chain_getBlockHash', 'state_getRuntimeVersion'])
    expect(again.callArgs('SubtensorModule', 'add_stake')).toEqual(['hotkey', 'amount_staked'])
    expect(await files()).toHaveLength(2)
  })

  test.each([
    ['is cut short', (text: string) => text.slice(0, text.length / 2)],
    ['is empty', () => ''],
    ['is of another shape', () => '{"format":1,"version":{},"description":{"types":[]}}'],
    ['is of another format', (text: string) => text.replace('"format":2', '"format":0')],
    ['is of another build', (text: string) => text.replace('"implVersion":1', '"implVersion":7')],
  ])('that %s is replaced', async (_, spoil) => {
    await client({ cacheDir })
    const good = await readFile(await file(), 'utf8')
    const spoiled = spoil(good)
    expect(spoiled).not.toBe(good)
    await writeFile(await file(), spoiled)
    proxy.requests.length = 0
    await client({ cacheDir })
    expect(proxy.requests).toContain('state_getMetadata')
    expect(await readFile(await file(), 'utf8')).toBe(good)
  })

  test('that can not be written is no failure', async () => {
    await chmod(cacheDir, 0o500)
    const blocked = join(cacheDir, 'file')
    await chmod(cacheDir, 0o700)
    await writeFile(blocked, '')
    const chain = await client({ cacheDir: join(blocked, 'below') })
    expect(chain.specVersion).toBe(143)
  })
})

describe('views', () => {
  test('read one block, whatever comes after', async () => {
    const chain = await client()
    const view = await chain.at()
    const [before] = await readBalances(view, [ALICE])
    await net.fund(ALICE, 5_000n)
    expect((await readBalances(view, [ALICE]))[0]).toEqual(before)
    const later = await chain.at()
    expect(later.block.number).toBe(view.block.number + 1)
    expect((await readBalances(later, [ALICE]))[0]?.free).toBe((before?.free ?? 0n) + 5_000n)
    const old = await chain.at(view.block.number)
    expect(old.block).toEqual(view.block)
    expect((await readBalances(old, [ALICE]))[0]).toEqual(before)
    expect((await chain.at(view.block.hash)).block).toEqual(view.block)
    expect(await chain.head()).toMatchObject(net.head)
  })

  test('of a block that does not exist fail', async () => {
    const chain = await client()
    await expect(chain.at(1_000_000)).rejects.toMatchObject({
      code: 'USAGE',
      message: 'there is no block 1000000 yet',
      data: { newest: (await chain.head()).number },
    })
    await expect(chain.at(`0x${'ab'.repeat(32)}`)).rejects.toMatchObject({ code: 'CONNECTION' })
  })

  test('send reads of one turn in one request', async () => {
    const view = await (await client()).at()
    proxy.requests.length = 0
    await Promise.all([readBalances(view, [ALICE, BOB, ALICE]), readTotalIssuance(view)])
    expect(proxy.requests).toEqual(['state_queryStorageAt'])
  })

  test('fill the large tables with at most six requests, connection included', async () => {
    await client({ cacheDir })
    const count = async (work: (chain: ChainClient) => Promise<unknown>) => {
      proxy.requests.length = 0
      await work(await client({ cacheDir }))
      return proxy.requests.length
    }
    const hotkeys = (await readNeurons(await (await client({ cacheDir })).at(), 1)).map(
      ({ hotkey }) => hotkey,
    )
    expect(hotkeys.length).toBeGreaterThan(2)
    const counts = {
      subnets: await count(async (chain) => readSubnets(await chain.at())),
      metagraph: await count(async (chain) => readNeurons(await chain.at(), 1)),
      overview: await count(async (chain) => readNeuronsOfHotkeys(await chain.at(), hotkeys)),
    }
    expect(counts).toEqual({ subnets: 5, metagraph: 6, overview: 6 })
  })

  test('name an item that the runtime does not keep', async () => {
    const view = await (await client()).at()
    await expect(view.read('SubtensorModule', 'Alpha')).rejects.toMatchObject({
      code: 'RUNTIME_UNSUPPORTED',
      message: 'this chain (spec 143) does not keep SubtensorModule.Alpha',
    })
  })

  test('walk maps that are longer than a page', async () => {
    const chain = await client()
    const view = await chain.at()
    const all = await view.entries('SubtensorModule', 'Keys')
    const bySubnet = await Promise.all(
      (await readNetuids(view)).map((netuid) => view.keys('SubtensorModule', 'Keys', netuid)),
    )
    expect(all.map(({ keys }) => keys)).toEqual(bySubnet.flat())
  })
})

describe('new heads', () => {
  test('are told as they come', async () => {
    const chain = await client()
    const seen: number[] = []
    const stop = await chain.subscribeHeads(({ number }) => seen.push(number))
    const head = await net.advance(2)
    await expect.poll(() => seen.slice(-2)).toEqual([head.number - 1, head.number])
    stop()
  })
})

describe('@polkadot/api over the same connection', () => {
  test('is loaded on request, and prints nothing', async () => {
    const printed = ['log', 'warn', 'error', 'info'].map((name) =>
      vi.spyOn(console, name as 'log').mockImplementation(() => undefined),
    )
    const chain = await client()
    const api = (await chain.api()) as ApiPromise
    expect(await chain.api()).toBe(api)
    expect(api.runtimeVersion.specVersion.toNumber()).toBe(143)
    const account = (await api.query['system']?.['account']?.(ALICE)) as unknown as {
      data: { free: { toBigInt(): bigint } }
    }
    const [balance] = await readBalances(await chain.at(), [ALICE])
    expect(account.data.free.toBigInt()).toBe(balance?.free)
    await chain.close()
    for (const spy of printed) {
      expect(spy).not.toHaveBeenCalled()
      spy.mockRestore()
    }
  })
})

test('closing leaves nothing behind that keeps the process alive', async () => {
  const count = () =>
    process.getActiveResourcesInfo().filter((one) => /TCP|Timeout/.test(one)).length
  const before = count()
  const chain = await connect({ network: 'local', endpoint: net.endpoint })
  await chain.at()
  await chain.subscribeHeads(() => undefined)
  await chain.close()
  await expect(chain.head()).rejects.toMatchObject({ code: 'CONNECTION' })
  // Not `expect.poll`, whose own timers would be counted.
  while (count() > before) await new Promise((resolve) => setTimeout(resolve, 5))
})
