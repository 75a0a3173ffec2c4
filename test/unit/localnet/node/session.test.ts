import { once } from 'node:events'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Localnet } from '../../../../src/localnet/index.js'
import { type Client, openSocket } from '../../../support/socket.js'

let chain: Localnet
const faults: unknown[] = []

beforeAll(async () => {
  chain = await Localnet.start({
    genesis: 'empty',
    blocks: 'manual',
    port: 0,
    now: () => 0,
    maxConnections: 100,
    onFault: (error) => faults.push(error),
  })
})
afterAll(async () => {
  await chain.stop()
  expect(faults).toEqual([])
})

const url = () => chain.endpoint.replace('ws:', 'http:')

async function post(body: string, headers: Record<string, string> = {}) {
  const response = await fetch(url(), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    json: text === '' ? undefined : JSON.parse(text),
  }
}

const ask = (method: string, params: unknown = [], id: unknown = 1) =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params })

describe('JSON-RPC over HTTP', () => {
  test('answers a request with its id', async () => {
    expect((await post(ask('system_chain', [], 'x'))).json).toEqual({
      jsonrpc: '2.0',
      result: 'Bittensor',
      id: 'x',
    })
    expect((await post(ask('chain_getHeader', [`0x${'00'.repeat(32)}`]))).json.result).toBeNull()
  })

  test.each([
    ['{', -32700, 'Parse error'],
    ['[]', -32600, 'Invalid request'],
    ['1', -32600, 'Invalid request'],
    ['{"jsonrpc":"1.0","method":"system_name","id":1}', -32600, 'Invalid request'],
    ['{"jsonrpc":"2.0","method":5,"id":1}', -32600, 'Invalid request'],
    ['{"jsonrpc":"2.0","method":"system_name","id":{}}', -32600, 'Invalid request'],
    [ask('no_such'), -32601, 'Method not found'],
    [ask('chain_subscribeNewHeads'), -32601, 'Method not found'],
    [ask('constructor'), -32601, 'Method not found'],
    [ask('state_getStorage', {}), -32602, 'Invalid params'],
    [ask('state_getStorage', ['0x1']), -32602, 'Invalid params'],
    [ask('state_getStorage', []), -32602, 'Invalid params'],
    [ask('state_getStorage', ['0x', '0x12']), -32602, 'Invalid params'],
    [ask('chain_getBlockHash', [-1]), -32602, 'Invalid params'],
    [ask('system_accountNextIndex', ['5Grw']), -32602, 'Invalid params'],
    [
      ask('state_getKeysPaged', ['0x', 1001]),
      4002,
      'count exceeds maximum value. value: 1001, max: 1000',
    ],
    [ask('author_submitExtrinsic', ['0x00112233']), 1001, undefined],
    [ask('author_submitExtrinsic', ['0x08840']), -32602, 'Invalid params'],
    [ask('author_submitExtrinsic', ['0x088400']), 1002, undefined],
    [ask('payment_queryInfo', ['0x0800']), 2, 'Unable to query dispatch info.'],
    [
      ask('state_call', ['NoApi_no', '0x']),
      4003,
      'Client error: Execution failed: Other: Exported method NoApi_no is not found',
    ],
  ])('%s is error %i', async (body, code, message) => {
    const { json } = await post(body)
    expect(json.error.code).toBe(code)
    if (message !== undefined) expect(json.error.message).toBe(message)
  })

  test('names an unknown block', async () => {
    const hash = `0x${'ab'.repeat(32)}`
    const { json } = await post(ask('state_getMetadata', [hash]))
    expect(json.error).toEqual({
      code: 4003,
      message: `Client error: UnknownBlock: Header was not found in the database: ${hash}`,
    })
  })

  test('answers batches in one list, notifications not at all', async () => {
    const batch = `[${ask('system_name', [], 1)},${ask('no_such', [], 2)},3,{"jsonrpc":"2.0","method":"system_name"}]`
    expect((await post(batch)).json).toEqual([
      { jsonrpc: '2.0', result: 'btcli localnet', id: 1 },
      { jsonrpc: '2.0', error: { code: -32601, message: 'Method not found' }, id: 2 },
      { jsonrpc: '2.0', error: { code: -32600, message: 'Invalid request' }, id: null },
    ])
    expect((await post('{"jsonrpc":"2.0","method":"system_name"}')).status).toBe(204)
  })

  test('refuses other methods, types, sizes and foreign pages', async () => {
    expect((await fetch(url())).status).toBe(405)
    expect((await post(ask('system_name'), { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await post(ask('system_name'), { origin: 'https://example.com' })).status).toBe(403)
    const page = await post(ask('system_name'), { origin: 'http://localhost:3000' })
    expect(page.headers.get('access-control-allow-origin')).toBe('http://localhost:3000')
    const big = await post(ask('state_getStorage', [`0x${'00'.repeat(8 * 1024 * 1024)}`]))
    expect(big.json.error).toEqual({ code: -32007, message: 'Request is too big' })
  })

  test('no text makes it fail', async () => {
    const { json } = await post(ask('rpc_methods'))
    const names: string[] = json.result.methods.filter((name: string) => name !== 'dev_newBlock')
    const params = fc.array(
      fc.oneof(fc.jsonValue(), fc.constantFrom('0x', '0x00', `0x${'00'.repeat(32)}`)),
      { maxLength: 4 },
    )
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.tuple(fc.constantFrom(...names), params).map(([name, list]) => ask(name, list)),
        ),
        async (text) => {
          const answer = await post(text === '' ? ' ' : text)
          expect([200, 204]).toContain(answer.status)
          if (answer.json?.error) expect(answer.json.error.code).not.toBe(-32603)
        },
      ),
      { numRuns: 150 },
    )
  })
})

const open = (path = '', options = {}) => openSocket(chain.endpoint + path, options)

/** Returns when it is closed: connections are counted below. */
async function close({ socket }: Pick<Client, 'socket'>): Promise<void> {
  socket.close()
  await once(socket, 'close')
}

describe('JSON-RPC over WebSocket', () => {
  test('a subscription answers with its id before its first message, and ends', async () => {
    const { socket, next, send } = await open()
    send(ask('chain_subscribeNewHeads', [], 7))
    const { id, result } = await next()
    expect(id).toBe(7)
    const first = await next()
    expect(first).toMatchObject({
      method: 'chain_newHead',
      params: { subscription: result, result: { number: `0x${chain.head.number.toString(16)}` } },
    })
    await chain.advance(1)
    const second = await next()
    expect(second.params?.result).toMatchObject({
      number: `0x${chain.head.number.toString(16)}`,
      parentHash: expect.any(String),
    })
    send(ask('chain_unsubscribeNewHeads', [result], 8))
    expect(await next()).toEqual({ jsonrpc: '2.0', result: true, id: 8 })
    send(ask('chain_unsubscribeNewHeads', [result], 9))
    expect(await next()).toEqual({ jsonrpc: '2.0', result: false, id: 9 })
    await chain.advance(1)
    send(ask('system_name', [], 10))
    expect(await next()).toMatchObject({ id: 10 })
    await close({ socket })
  })

  test('storage subscriptions tell the values and then their changes', async () => {
    const { socket, next, send } = await open()
    // System.Number
    const key = '0x26aa394eea5630e07c48ae0c9558cef702a5c1b19ab7a04f536c519aca4983ac'
    send(ask('state_subscribeStorage', [[key]], 1))
    await next()
    const before = chain.head.number
    const le = (number: number) => `0x${Buffer.from(Uint32Array.of(number).buffer).toString('hex')}`
    expect((await next()).params?.result).toMatchObject({
      block: chain.head.hash,
      changes: [[key, le(before)]],
    })
    await chain.advance(2)
    expect((await next()).params?.result).toMatchObject({ changes: [[key, le(before + 1)]] })
    expect((await next()).params?.result).toEqual({
      block: chain.head.hash,
      changes: [[key, le(before + 2)]],
    })
    await close({ socket })
  })

  test('binary garbage, foreign pages and too many connections are turned away', async () => {
    const { socket, next } = await open()
    socket.send(Buffer.from([0xff, 0xfe, 0x00]))
    expect(await next()).toMatchObject({ error: { code: -32700 } })
    await expect(open('', { origin: 'https://example.com' })).rejects.toThrow('403')
    const many = await Promise.all(Array.from({ length: 99 }, () => open()))
    await expect(open()).rejects.toThrow('429')
    for (const one of [...many, { socket }]) one.socket.close()
  })
})

test('other machines may not use unsafe methods', async () => {
  const open = await Localnet.start({ genesis: 'empty', port: 0, host: '0.0.0.0' })
  const ask = async (method: string) => {
    const response = await fetch(open.endpoint.replace('ws:', 'http:'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: [] }),
    })
    return response.json()
  }
  const refused = { code: -32601, message: 'RPC call is unsafe to be called externally' }
  for (const method of [
    'dev_newBlock',
    'system_dryRun',
    'author_removeExtrinsic',
    'state_getPairs',
    'dev_stop',
  ]) {
    expect(await ask(method)).toMatchObject({ error: refused })
  }
  expect(await ask('system_health')).toMatchObject({ result: { peers: 0 } })
  expect(open.endpoint).toMatch(/^ws:\/\/127\.0\.0\.1:/)
  await open.stop()
})
