/** Announcing an axon on the embedded chain. */
import { beforeAll, expect, test } from 'vitest'
import { readAxon } from '../../src/core/chain/neurons.js'
import { type AxonEndpoint, serveAxon } from '../../src/core/chain/serveAxon.js'
import type { ChainClient } from '../../src/core/chain/types.js'
import { type Keypair, keypairFromUri } from '../../src/core/keys/keypair.js'
import { S } from '../../src/localnet/runtime/subtensor/storage.js'
import { freshChain, roundGenesis } from '../support/chain.js'

let miner: Keypair
beforeAll(async () => {
  miner = await keypairFromUri('//Alice//miner1')
})

const endpoint: AxonEndpoint = { version: 531, ip: '203.0.113.9', port: 8091, protocol: 4 }

async function setUp(): Promise<{
  client: ChainClient
  serve: (changed?: Partial<AxonEndpoint>, netuid?: number, signer?: Keypair) => Promise<string>
  set: Awaited<ReturnType<typeof freshChain>>['set']
}> {
  const chain = await freshChain({ genesis: roundGenesis })
  const client = await chain.chain({} as never)
  return {
    client,
    set: chain.set,
    async serve(changed = {}, netuid = 1, signer = miner) {
      const served = await serveAxon(client, {
        netuid,
        signer,
        endpoint: { ...endpoint, ...changed },
      })
      return served.outcome
    },
  }
}

test('it is sent once, and read back as it was announced', async () => {
  const { client, serve } = await setUp()
  expect(await readAxon(await client.at(), 1, miner.address)).toBeUndefined()
  expect(await serve()).toBe('served')
  const view = await client.at()
  expect(await readAxon(view, 1, miner.address)).toEqual({
    ...endpoint,
    ipType: 4,
    block: view.block.number,
  })
  expect(await serve()).toBe('unchanged')
  await client.close()
})

test('an IPv6 address keeps its type', async () => {
  const { client, serve } = await setUp()
  await serve({ ip: '2001:DB8::1' })
  expect(await readAxon(await client.at(), 1, miner.address)).toMatchObject({
    ip: '2001:db8::1',
    ipType: 6,
  })
  expect(await serve({ ip: '2001:db8:0::1' })).toBe('unchanged')
  await client.close()
})

test('a change waits for the rate limit of the subnet', async () => {
  const { client, serve, set } = await setUp()
  await set(S.ServingRateLimit, [1], 3n)
  await serve()
  await expect(serve({ port: 8092 })).rejects.toMatchObject({
    code: 'RATE_LIMITED',
    message: 'the axon can be announced again in 2 blocks',
    data: { blocksLeft: 2 },
  })
  await set(S.ServingRateLimit, [1], 3n)
  await set(S.ServingRateLimit, [1], 3n)
  expect(await serve({ port: 8092 })).toBe('served')
  await client.close()
})

test.each([
  ['0.0.0.0', 'nobody else can reach'],
  ['127.0.0.1', 'nobody else can reach'],
  ['255.255.255.255', 'nobody else can reach'],
  ['::1', 'nobody else can reach'],
  ['localhost', 'is not an IP address'],
])('%s is refused before anything is signed', async (ip, message) => {
  const { client, serve } = await setUp()
  await expect(serve({ ip })).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining(message),
  })
  await client.close()
})

test('nothing is signed for a port, a subnet or a neuron that is none', async () => {
  const { client, serve } = await setUp()
  await expect(serve({ port: 0 })).rejects.toThrow('0 is not a port')
  await expect(serve({}, 9)).rejects.toMatchObject({ code: 'SUBNET_NOT_FOUND' })
  const stranger = await keypairFromUri('//Stranger')
  await expect(serve({}, 1, stranger)).rejects.toMatchObject({
    code: 'NOT_REGISTERED',
    message: `the hotkey ${stranger.address} is not registered on subnet 1`,
  })
  await client.close()
})
