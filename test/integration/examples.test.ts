/** Every example runs, as it stands, on the embedded chain: the seed's snippets in TypeScript, and those of the README. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { createColdkey, createHotkey } from '../../src/core/wallet/create.js'
import { Axon, keypairFromUri, TextPromptingSynapse } from '../../src/index.js'
import { devAccount } from '../../src/localnet/genesis/devKeys.js'
import { type GenesisSpec, Localnet } from '../../src/localnet/index.js'
import { storageKey } from '../../src/localnet/runtime/storageKey.js'
import { S } from '../../src/localnet/runtime/subtensor/storage.js'
import { tempFolder } from '../support/tempFolder.js'

const examples = new URL('../../examples/', import.meta.url)
const TAO = 1_000_000_000n
const owners = ['//Alice', '//Bob', '//Charlie'] as const

/** Twelve neurons, so that there is an uid 10; proofs of work are easy. */
const genesis: GenesisSpec = {
  name: 'examples',
  sudo: devAccount('//Alice'),
  balances: owners.map((owner) => [devAccount(owner), 1_000n * TAO]),
  settings: { TxRateLimit: 0n },
  subnets: [
    {
      netuid: 1,
      owner: devAccount('//Bob'),
      lock: 0n,
      settings: { Difficulty: 1_000n, NetworkPowRegistrationAllowed: true },
      neurons: owners.flatMap((owner) =>
        ([1, 2, 3, 4] as const).map((i) => ({
          hotkey: devAccount(`${owner}//miner${i}`),
          coldkey: devAccount(owner),
        })),
      ),
      weights: [],
    },
  ],
  stakes: [[devAccount('//Charlie//miner3'), devAccount('//Charlie'), 25n * TAO]],
}

let localnet: Localnet
let home = ''
let lines: string[] = []
const feedback: unknown[] = []
let miner: Axon

beforeAll(async () => {
  localnet = await Localnet.start({ genesis, port: 0, blocks: 'instant' })
  home = tempFolder()
  const root = join(home, 'wallets')
  const wallet = { root, name: 'default', hotkey: 'default' }
  await createColdkey(wallet, await keypairFromUri('//Alice'), {})
  await createHotkey(wallet, await keypairFromUri('//Alice//new'))
  miner = new Axon({
    signer: await keypairFromUri('//Charlie//miner3'),
    host: '127.0.0.1',
    port: 0,
    protocols: ['grpc', 'http', 'btauth'],
  })
  new TextPromptingSynapse(miner, {
    forward: (messages) => `you asked: ${messages.at(-1)?.content}`,
    multiForward: () => ['You should buy a boat.', 'Mine bittensor.'],
    backward: ({ rewards }) => void feedback.push(rewards),
  })
  await miner.start()
  // The real chain takes no address of the own machine.
  const axon = {
    block: 1n,
    version: 531,
    ip: 0x7f00_0001n,
    port: miner.port,
    ip_type: 4,
    protocol: 4,
    placeholder1: 0,
    placeholder2: 0,
  }
  const key = `0x${storageKey(S.Axons, 1, devAccount('//Charlie//miner3'))}`
  const value = `0x${Buffer.from(S.Axons.type.codec.enc(axon)).toString('hex')}`
  await localnet.request('dev_setStorage', [[[key, value]]])
})
afterAll(async () => {
  await miner.stop()
  await localnet.stop()
})

beforeEach(() => {
  lines = []
  vi.stubEnv('HOME', home)
  vi.stubEnv('XDG_CACHE_HOME', join(home, 'cache'))
  vi.stubEnv('BT_WALLET_PATH', join(home, 'wallets'))
  vi.stubEnv('BT_SUBTENSOR_CHAIN_ENDPOINT', localnet.endpoint)
  vi.stubEnv('BT_AXON_PORT', '0')
  vi.spyOn(console, 'log').mockImplementation((...parts) => {
    lines.push(
      parts.map((part) => (typeof part === 'object' ? JSON.stringify(part) : part)).join(' '),
    )
  })
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

const run = async (name: string) => {
  await import(new URL(name, examples).pathname)
  return lines
}

test('wallet', async () => {
  expect(await run('wallet.ts')).toEqual([
    `Wallet (default, default, ${join(home, 'wallets')})`,
    `hotkey ${(await keypairFromUri('//Alice//new')).address}`,
    'signed true',
  ])
})

test('subtensor', async () => {
  const [block, transferred, registered] = await run('subtensor.ts')
  expect(block).toMatch(/^block \d+$/)
  expect(transferred).toMatch(/^transferred in block \d+$/)
  expect(registered).toBe('registered as uid 12')
})

test('metagraph', async () => {
  const shown = await run('metagraph.ts')
  expect(shown[0]).toMatch(/^Metagraph\(netuid:1, n:1[23], block:\d+, network:127\.0\.0\.1:\d+\)$/)
  expect(shown[1]).toContain('"10":25')
  expect(shown[2]).toMatch(/^1[23] axons$/)
  expect(shown[3]).toBe(`uid 10 ${(await keypairFromUri('//Charlie//miner3')).address}`)
  expect(shown[4]).toMatch(/^saved .*block-\d+\.json$/)
  expect(shown[5]).toMatch(/^loaded block \d+$/)
})

test('axon', async () => {
  expect(await run('axon.ts')).toEqual([expect.stringMatching(/^serving on port \d+$/)])
})

test('dendrite', async () => {
  expect(await run('dendrite.ts')).toEqual(['you asked: should I buy a boat?'])
  expect(feedback).toEqual([[1]])
})

test('prompt', async () => {
  expect(await run('prompt.ts')).toEqual([
    'you asked: Heraclitus was a ',
    'you asked: prompt me',
    JSON.stringify(['You should buy a boat.', 'Mine bittensor.']),
  ])
})

test('blocks', async () => {
  const running = run('blocks.ts')
  const hash = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'
  await expect.poll(() => lines.length).toBe(1)
  const { Subtensor, Wallet } = await import('../../src/index.js')
  const subtensor = await Subtensor.connect({ endpoint: localnet.endpoint })
  const wallet = new Wallet({ path: join(home, 'wallets') })
  const sending = setInterval(() => {
    subtensor.transfer({ wallet, dest: hash, amount: '1.5' }).catch(() => undefined)
  }, 300)
  try {
    expect((await running)[1]).toMatch(/^block \d+ moved τ1\.500000000$/)
  } finally {
    clearInterval(sending)
    await subtensor.close()
  }
})

test('localnet', async () => {
  expect(await run('localnet.ts')).toEqual([expect.stringMatching(/^true \d+ subnets$/)])
})

test('every example here has a test', () => {
  const source = readFileSync(new URL(import.meta.url), 'utf8')
  const names = readdirSync(examples).filter((name) => name.endsWith('.ts'))
  expect(names.filter((name) => !source.includes(`run('${name}')`))).toEqual([])
})

test('the snippets of the README are examples that ran', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const [, chapter = ''] = /\n## As a library\n([\s\S]*?)\n## /.exec(readme) ?? []
  const snippets = [...chapter.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, text]) => text)
  expect(snippets.length).toBeGreaterThan(0)
  const sources = readdirSync(examples)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(new URL(name, examples), 'utf8'))
  for (const snippet of snippets) {
    expect(sources.some((source) => source.endsWith(`${snippet}`))).toBe(true)
  }
})
