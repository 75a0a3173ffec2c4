/** A chain that keeps the state of its last blocks only, and what changed between blocks. */
import { expect, onTestFinished, test } from 'vitest'
import { connect } from '../../src/core/chain/connect.js'
import { Localnet, type LocalnetOptions } from '../../src/localnet/index.js'
import { NOBODY } from '../support/devAccounts.js'
import { run } from '../support/run.js'
import { openSocket } from '../support/socket.js'
import { tempFolder } from '../support/tempFolder.js'

/** System.Number, u32. */
const NUMBER = '0x26aa394eea5630e07c48ae0c9558cef702a5c1b19ab7a04f536c519aca4983ac'
const number = (block: number) => `0x${Buffer.from(Uint32Array.of(block).buffer).toString('hex')}`

async function start(options: LocalnetOptions = {}) {
  const chain = await Localnet.start({ genesis: 'empty', blocks: 'manual', port: 0, ...options })
  onTestFinished(() => chain.stop())
  return chain
}

const hashOf = (chain: Localnet, block: number) =>
  chain.request<string>('chain_getBlockHash', [block])
const numberAt = async (chain: Localnet, block: number) =>
  chain.request('state_getStorage', [NUMBER, await hashOf(chain, block)])

test('reads as far back as it keeps, and says of older blocks what a real node says', async () => {
  const chain = await start({ history: 4 })
  for (let block = 1; block <= 12; block++) await chain.advance()
  for (let block = 8; block <= 12; block++) expect(await numberAt(chain, block)).toBe(number(block))
  const hash = await hashOf(chain, 7)
  const gone = {
    code: 4003,
    message: expect.stringContaining(`State already discarded for ${hash}`),
  }
  await expect(numberAt(chain, 7)).rejects.toMatchObject(gone)
  for (const [method, params] of [
    ['state_call', ['Core_version', '0x', hash]],
    ['state_getMetadata', [hash]],
    ['state_getRuntimeVersion', [hash]],
    ['state_getKeysPaged', ['0x', 10, null, hash]],
    ['state_queryStorageAt', [[NUMBER], hash]],
  ] as const) {
    await expect(chain.request(method, [...params])).rejects.toMatchObject(gone)
  }
  // Blocks and headers stay.
  expect(await chain.request('chain_getHeader', [hash])).toMatchObject({ number: '0x7' })
  expect(await chain.request('chain_getBlock', [hash])).toMatchObject({
    block: { extrinsics: [expect.any(String)] },
  })
})

test('btcli explains it', async () => {
  const chain = await start({ history: 4, genesis: 'dev' })
  await chain.advance(12)
  const given = { chain: () => connect({ network: 'local', endpoint: chain.endpoint }) }
  const { code, stderr } = await run('list_subnets --block 3', given)
  expect(code).toBe(3)
  expect(stderr).toContain('no longer keeps the state of this block')
  expect(stderr).toContain(
    '`btcli localnet` keeps all its past when it is started without --history',
  )
  // The oldest that is kept: its parent cannot be asked for its version.
  expect((await run('list_subnets --block 8', given)).code).toBe(0)
  expect((await run('list_subnets --block 7', given)).code).toBe(3)
})

test('a snapshot holds as long as its state', async () => {
  const chain = await start({ history: 4 })
  await chain.advance(3)
  const early = chain.snapshot()
  await chain.advance(4)
  await chain.restore(early)
  expect(chain.head).toEqual(early)
  await chain.advance(9)
  await expect(chain.restore(early)).rejects.toThrow('is no longer kept')
  expect(await numberAt(chain, 12)).toBe(number(12))
})

test('an upgrade is read on both sides of it, and forgotten with its state', async () => {
  const faults = [{ kind: 'runtime-upgrade', at: 6 }] as const
  const chain = await start({ history: 3, faults })
  const spec = async (block: number) => {
    const [hash] = [await hashOf(chain, block)]
    const version = await chain.request<{ specVersion: number }>('state_getRuntimeVersion', [hash])
    return version.specVersion
  }
  await chain.advance(7)
  expect(await Promise.all([4, 5, 6, 7].map(spec))).toEqual([143, 143, 343, 343])
  await chain.advance(2)
  // The oldest block that is kept is the one that brought the runtime.
  const version = await chain.request('state_call', ['Core_version', '0x', await hashOf(chain, 6)])
  expect(version).toMatch(/^0x/)
  await expect(spec(5)).rejects.toMatchObject({ code: 4003 })
  await chain.advance(3)
  expect(await spec(9)).toBe(343)
  await expect(spec(6)).rejects.toMatchObject({ code: 4003 })
})

test('a directory that kept all is pruned by a run that does not, and stays so', async () => {
  const directory = tempFolder()
  const open = (history: LocalnetOptions['history']) =>
    Localnet.start({ directory, genesis: 'empty', blocks: 'manual', history })
  const first = await open('all')
  await first.advance(10)
  expect(await numberAt(first, 1)).toBe(number(1))
  await first.stop()
  const second = await open(2)
  expect(await numberAt(second, 1)).toBe(number(1))
  await second.advance()
  expect(await numberAt(second, 9)).toBe(number(9))
  await expect(numberAt(second, 8)).rejects.toMatchObject({ code: 4003 })
  await second.stop()
  const third = await open('all')
  onTestFinished(() => third.stop())
  await third.advance(20)
  expect(await numberAt(third, 9)).toBe(number(9))
  await expect(numberAt(third, 8)).rejects.toMatchObject({ code: 4003 })
})

test('a history that is none is refused', async () => {
  for (const history of [0, -1, 1.5]) {
    await expect(start({ history })).rejects.toMatchObject({ code: 'USAGE' })
  }
})

test('archive_v1 tells what changed since a block, and what it no longer has', async () => {
  const chain = await start({ history: 4 })
  await chain.fund(NOBODY, 7_000n)
  const client = await openSocket(chain.endpoint)
  onTestFinished(() => client.socket.close())
  const diff = async (...params: unknown[]) => {
    await client.ask('archive_v1_storageDiff', params)
    const events: { event: string; key?: string; type?: string; value?: string; hash?: string }[] =
      []
    for (;;) {
      const event = await client.event<(typeof events)[number]>()
      events.push(event)
      if (event.event !== 'storageDiff') return events
    }
  }
  const head = chain.head.hash
  const all = await diff(head, [])
  expect(all.at(-1)).toEqual({ event: 'storageDiffDone' })
  const keys = all.slice(0, -1).map(({ key }) => key)
  expect(keys).toEqual([...keys].sort())
  expect(all).toContainEqual({
    event: 'storageDiff',
    key: NUMBER,
    value: number(1),
    type: 'added',
  })
  const account = '0x26aa394eea5630e07c48ae0c9558cef7b99d880ec681799c0cf30e8886371da9'
  const [added] = await diff(head, [{ key: account, returnType: 'hash' }], chain.genesisHash)
  expect(added).toMatchObject({ type: 'added', hash: expect.stringMatching(/^0x[0-9a-f]{64}$/) })
  expect(added).not.toHaveProperty('value')
  // Backwards it is gone, with what it was.
  const [gone] = await diff(chain.genesisHash, [{ key: account, returnType: 'value' }], head)
  expect(gone).toMatchObject({ type: 'deleted', value: expect.stringContaining('581b') })
  expect(await diff(chain.genesisHash, [])).toMatchObject([{ event: 'storageDiffError' }])
  await chain.advance(12)
  expect(await diff(head, [])).toMatchObject([
    { event: 'storageDiffError', error: expect.stringContaining('already discarded') },
  ])
  await expect(
    chain.request('archive_v1_call', [head, 'Core_version', '0x']),
  ).resolves.toMatchObject({
    success: false,
  })
})
