import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { Localnet, openMock } from '../../src/localnet/index.js'
import { EMPTY_ROOT, nextStateRoot } from '../../src/localnet/node/stateRoot.js'
import { tempFolder } from '../support/tempFolder.js'

function temporaryDirectory(): string {
  const directory = tempFolder()
  return directory
}

/** Runs localnetChild.ts; `line` waits for its next line. */
function child(...args: string[]): { process: ChildProcess; line(): Promise<string> } {
  const script = fileURLToPath(new URL('./localnetChild.ts', import.meta.url))
  const process_ = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: process_.stdout! })[Symbol.asyncIterator]()
  onTestFinished(() => void process_.kill('SIGKILL'))
  return { process: process_, line: async () => (await lines.next()).value as string }
}

/** The root that the whole state adds up to, read through the RPC. */
async function rootOf(chain: Localnet): Promise<string> {
  const pairs = await chain.request<[string, string][]>('state_getPairs', ['0x'])
  const bytes = (hex: string) => new Uint8Array(Buffer.from(hex.slice(2), 'hex'))
  const state = new Map(pairs.map(([key, value]) => [key.slice(2), bytes(value)]))
  return nextStateRoot(EMPTY_ROOT, state, () => undefined)
}

async function expectConsistent(chain: Localnet): Promise<void> {
  const header = await chain.request<{ stateRoot: string; number: string }>('chain_getHeader')
  expect(Number(header.number)).toBe(chain.head.number)
  expect(header.stateRoot).toBe(await rootOf(chain))
}

test('a chain that is killed at any moment keeps all it called final', async () => {
  const directory = temporaryDirectory()
  const seen = new Map<number, string>()
  for (const lines of [1, 4, 9]) {
    const { process: running, line } = child(directory, 'blocks')
    await line()
    for (let i = 0; i < lines; i++) {
      const [, number, hash] = (await line()).split(' ')
      seen.set(Number(number), hash!)
    }
    running.kill('SIGKILL')
    await once(running, 'exit')
    const chain = await Localnet.start({ directory, blocks: 'manual' })
    expect(chain.head.number).toBeGreaterThanOrEqual(Math.max(...seen.keys()))
    for (const [number, hash] of seen) {
      expect(await chain.request('chain_getBlockHash', [number])).toBe(hash)
    }
    await expectConsistent(chain)
    await chain.advance(2)
    await expectConsistent(chain)
    seen.set(chain.head.number, chain.head.hash)
    await chain.stop()
  }
})

test('a chain goes on where it was stopped, with its genesis and all its past', async () => {
  const directory = temporaryDirectory()
  const nobody = '5C62Ck4UrFPiBtoCmeSrgF7x9yv9mn38446dhCpsi2mLHiFT'
  const first = await Localnet.start({ directory, genesis: 'empty', blocks: 'manual' })
  const { genesisHash } = first
  await first.advance(5)
  await first.fund(nobody, 1234n)
  const { head } = first
  await first.stop()

  const second = await Localnet.start({ directory, blocks: 'manual' })
  expect(second.genesisHash).toBe(genesisHash)
  expect(second.head).toEqual(head)
  expect(await second.fund(nobody, 1n)).toBe(1235n)
  const block = await second.request('chain_getBlockHash', [5])
  expect(await second.request('state_getStorage', [`0x${SYSTEM_NUMBER}`, block])).toBe('0x05000000')
  await expectConsistent(second)
  await second.stop()

  await expect(Localnet.start({ directory, genesis: 'dev' })).rejects.toMatchObject({
    code: 'LOCALNET',
    message: 'the directory holds a local chain with genesis empty, not dev',
  })
  const again = await Localnet.start({ directory, genesis: 'empty' })
  expect(again.genesisHash).toBe(genesisHash)
  await again.stop()
})

const SYSTEM_NUMBER = '26aa394eea5630e07c48ae0c9558cef702a5c1b19ab7a04f536c519aca4983ac'

test('a second process is told who has the directory, and can use the chain there', async () => {
  const directory = temporaryDirectory()
  const { process: running, line } = child(directory, 'idle')
  const endpoint = (await line()).split(' ')[1]
  await expect(Localnet.start({ directory })).rejects.toMatchObject({
    code: 'LOCALNET',
    message: `another process has the local chain in ${directory} open: it listens on ${endpoint}`,
    data: { endpoint, locked: true },
  })
  const mock = await openMock({ directory })
  expect(mock).toMatchObject({ endpoint, provider: undefined })
  await mock.close()
  running.kill('SIGKILL')
  await once(running, 'exit')
  // The note of the dead process is still there; the chain is free.
  const own = await openMock({ directory })
  expect(own.endpoint).toBeUndefined()
  expect(await own.provider?.send('system_chain', [])).toBe('Bittensor')
  await own.close()
})

test('a command waits for another that has the chain open for a moment', async () => {
  const directory = temporaryDirectory()
  const first = await openMock({ directory })
  const second = openMock({ directory })
  setTimeout(() => void first.close(), 200)
  const mock = await second
  expect(mock.provider).toBeDefined()
  await expect(openMock({ directory, patience: 100 })).rejects.toMatchObject({ code: 'LOCALNET' })
  await mock.close()
})

test('an address in use is named', async () => {
  const first = await Localnet.start({ genesis: 'empty', port: 0 })
  onTestFinished(() => first.stop())
  const port = Number(new URL(first.endpoint).port)
  await expect(Localnet.start({ genesis: 'empty', port })).rejects.toMatchObject({
    code: 'LOCALNET',
    message: `port ${port} of 127.0.0.1 is in use`,
  })
})
