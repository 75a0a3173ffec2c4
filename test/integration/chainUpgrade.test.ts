/** A client that is kept open while the chain is upgraded from classic to dtao. */
import type { ApiPromise } from '@polkadot/api'
import { Keyring } from '@polkadot/keyring'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Subtensor } from '../../src/api/subtensor/subtensor.js'
import { readBalances } from '../../src/core/chain/balances.js'
import { connect } from '../../src/core/chain/connect.js'
import { readEvents } from '../../src/core/chain/events.js'
import { newBlocks } from '../../src/core/chain/heads.js'
import type { ChainClient, ChainView } from '../../src/core/chain/types.js'
import { keypairFromUri } from '../../src/core/keys/keypair.js'
import { Localnet, type LocalnetOptions } from '../../src/localnet/index.js'
import { dev } from '../support/devAccounts.js'

const ALICE = dev('//Alice')
const VALIDATOR = dev('//Alice//validator')

async function opened(options: LocalnetOptions = {}) {
  const localnet = await Localnet.start({ blocks: 'manual', port: 0, ...options })
  onTestFinished(() => localnet.stop())
  const client = await connect({ network: 'local', endpoint: localnet.endpoint })
  onTestFinished(() => client.close())
  return { localnet, client }
}

const facts = async (view: ChainView) => {
  const [balance] = await readBalances(view, [ALICE])
  const { number } = view.block
  return { number, spec: view.specVersion, era: view.era, free: balance?.free }
}

const AT = { faults: [{ kind: 'runtime-upgrade', at: 3 }] } as const

test.each(['read before', 'opened before'])(
  'a client that was %s reads every block by the runtime that wrote it',
  async (how) => {
    const { localnet, client } = await opened(AT)
    if (how === 'read before') await client.at()
    await localnet.advance(2)
    const before = await facts(await client.at())
    expect(before).toMatchObject({ number: 2, spec: 143, era: 'classic' })
    // Brings the runtime, but what it keeps was written by the one before.
    await localnet.advance(1)
    expect(await facts(await client.at())).toEqual({ ...before, number: 3 })
    await localnet.advance(1)
    const after = await facts(await client.at())
    expect(after).toEqual({ ...before, number: 4, spec: 343, era: 'dtao', free: expect.anything() })
    expect(after.free).toBeGreaterThanOrEqual(before.free!)
    expect(client.specVersion).toBe(343)
    for (const [block, spec] of [143, 143, 143, 143, 343].entries()) {
      expect(await facts(await client.at(block))).toMatchObject({ number: block, spec })
    }
  },
)

test('views made at the same time agree, whoever learns of the upgrade first', async () => {
  const { localnet, client } = await opened()
  await client.at()
  await localnet.upgrade()
  const views = await Promise.all([client.at(), client.at(), client.refreshRuntime(), client.at()])
  for (const view of views) {
    if (typeof view !== 'boolean') expect(view.specVersion).toBe(343)
  }
})

test('in the block that brings the runtime no question is answered from tables to come', async () => {
  const { localnet, client } = await opened(AT)
  await client.at()
  await localnet.advance(3)
  const view = await client.at()
  expect(view.hasRuntimeApi('StakeInfoRuntimeApi')).toBe(false)
  expect(await view.entries('SubtensorModule', 'Stake', VALIDATOR)).not.toEqual([])
  await localnet.advance(1)
  expect((await client.at()).hasRuntimeApi('StakeInfoRuntimeApi')).toBe(true)
})

test('blocks and their events go on coming', async () => {
  const { localnet, client } = await opened(AT)
  const seen: (readonly [number, number, readonly string[]])[] = []
  const done = (async () => {
    for await (const block of newBlocks(client)) {
      const view = await client.at(block.hash)
      const events = await readEvents(view, view.runtime.description)
      seen.push([
        block.number,
        view.specVersion,
        events.map(({ pallet, name }) => `${pallet}.${name}`).filter((name) => /Code/.test(name)),
      ])
      if (block.number === 6) return
    }
  })()
  await expect.poll(() => seen.length).toBe(1)
  for (let i = 0; i < 6; i++) await localnet.advance(1)
  await done
  expect(seen).toEqual([
    [0, 143, []],
    [1, 143, []],
    [2, 143, []],
    [3, 143, ['System.CodeUpdated']],
    [4, 343, []],
    [5, 343, []],
    [6, 343, []],
  ])
})

test('what is asked of a new block before its runtime is known is asked again where an upgrade came', async () => {
  const { localnet, client } = await opened(AT)
  const read: number[] = []
  const seen: (readonly [block: number, spec: number, era: string, subnets: number])[] = []
  const look = async (view: ChainView) => {
    read.push(view.block.number)
    const subnets = await view.entries('SubtensorModule', 'NetworksAdded')
    return [view.block.number, view.specVersion, view.era, subnets.length] as const
  }
  await client.subscribeHeads((head) => {
    void client.readHead(head, look).then((answer) => seen.push(answer))
  })
  for (let block = 0; block <= 5; block++) {
    if (block > 0) await localnet.advance()
    await expect.poll(() => seen.length).toBe(block + 1)
  }
  const classic = [143, 'classic', 4] as const
  expect(seen).toEqual([
    [0, ...classic],
    [1, ...classic],
    [2, ...classic],
    [3, ...classic],
    [4, 343, 'dtao', 4],
    [5, 343, 'dtao', 4],
  ])
  // Block 3 tells itself that it brings a runtime, so that it waits for the right one; with it the client has learned of it.
  expect(read).toEqual([0, 1, 2, 3, 4, 5])
})

test('a client that has missed the block with the upgrade reads the next one by the new runtime', async () => {
  const { localnet, client } = await opened(AT)
  await localnet.advance(4)
  const specs: number[] = []
  const answer = await client.readHead(await client.head(), async (view) => {
    specs.push(view.specVersion)
    return view.read('SubtensorModule', 'TotalStake')
  })
  expect(specs).toEqual([143, 343])
  expect(answer).toBe(await (await client.at(4)).read('SubtensorModule', 'TotalStake'))
})

describe('one upgrade more', () => {
  const versions = async (client: ChainClient) => {
    const blocks = [0, 1, 2, 3, 4]
    return Promise.all(blocks.map(async (block) => (await client.at(block)).specVersion))
  }

  test('a client that is opened in the block that brings the runtime reads it rightly', async () => {
    const { localnet } = await opened(AT)
    await localnet.advance(3)
    const client = await connect({ network: 'local', endpoint: localnet.endpoint })
    onTestFinished(() => client.close())
    expect(client.specVersion).toBe(343)
    expect(await facts(await client.at())).toMatchObject({ number: 3, spec: 143, era: 'classic' })
    await localnet.advance(1)
    expect(await versions(client)).toEqual([143, 143, 143, 143, 343])
  })
})

describe('programs that follow the chain', () => {
  test('loops of the programmatic API go on, and read on', async () => {
    const { localnet, client } = await opened()
    const subtensor = new Subtensor(client)
    const numbers: number[] = []
    const names: string[] = []
    const blocks = (async () => {
      for await (const { number } of subtensor.blocks({ of: 'finalized' })) {
        numbers.push(number)
        if (number === 4) return
      }
    })()
    const events = (async () => {
      for await (const { pallet, name, block } of subtensor.events({ pallet: 'System' })) {
        names.push(`${block.number} ${pallet}.${name}`)
        if (block.number === 4) return
      }
    })()
    await expect.poll(() => numbers.length).toBe(1)
    expect((await subtensor.getAllSubnetsInfo()).map(({ netuid }) => netuid)).toContain(1)
    await localnet.advance()
    await localnet.upgrade()
    await localnet.advance()
    await Promise.all([blocks, events])
    expect(numbers).toEqual([0, 1, 2, 3, 4])
    expect(names).toContain('2 System.CodeUpdated')
    expect(names.at(-1)).toMatch(/^4 System.ExtrinsicSuccess/)
    expect((await subtensor.getAllSubnetsInfo()).map(({ netuid }) => netuid)).toContain(1)
  })

  test('@polkadot/api takes the new metadata and keeps its subscriptions', async () => {
    const { localnet, client } = await opened()
    const api = (await client.api()) as ApiPromise
    const versions: number[] = []
    const frees: bigint[] = []
    await api.rpc.state.subscribeRuntimeVersion(({ specVersion }) => {
      versions.push(specVersion.toNumber())
    })
    await api.query['system']!['account']!(ALICE, (info: unknown) => {
      frees.push((info as { data: { free: { toBigInt(): bigint } } }).data.free.toBigInt())
    })
    await expect.poll(() => frees.length).toBe(1)
    await localnet.upgrade()
    await expect.poll(() => versions).toEqual([143, 343])
    await expect.poll(() => api.runtimeVersion.specVersion.toNumber()).toBe(343)
    expect(api.tx['subtensorModule']!['addStakeLimit']).toBeDefined()
    expect(api.consts['subtensorModule']).toBeDefined()
    const free = async () => {
      const info = await api.query['system']!['account']!(ALICE)
      return (info as unknown as { data: { free: { toBigInt(): bigint } } }).data.free.toBigInt()
    }
    await expect.poll(free).toBeGreaterThanOrEqual(frees[0]!)
    const before = await free()
    await localnet.fund(ALICE, 5n)
    await expect.poll(free).toBe(before + 5n)
    const bob = await keypairFromUri('//Bob')
    const pair = new Keyring({ type: 'sr25519' }).addFromUri('//Alice')
    await api.tx['balances']!['transferKeepAlive']!(bob.address, 1_000_000_000n).signAndSend(pair)
    await localnet.advance()
    await expect.poll(free).toBeLessThan(before - 999_999_999n)
  })
})
