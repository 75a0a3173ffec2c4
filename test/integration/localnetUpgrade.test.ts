/** A chain that changes from classic to dtao while clients are connected, as they see it over a socket. */
import { Keyring } from '@polkadot/keyring'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { Localnet, type LocalnetOptions } from '../../src/localnet/index.js'
import { signTransfer } from '../support/signed.js'
import { openSocket } from '../support/socket.js'
import { tempFolder } from '../support/tempFolder.js'

beforeAll(() => cryptoWaitReady())

const alice = () => new Keyring({ type: 'sr25519' }).addFromUri('//Alice')

async function start(options: LocalnetOptions = {}) {
  const faults: unknown[] = []
  const onFault = (error: unknown) => void faults.push(error)
  const chain = await Localnet.start({ blocks: 'manual', port: 0, onFault, ...options })
  onTestFinished(async () => {
    await chain.stop()
    expect(faults).toEqual([])
  })
  return chain
}

async function follower(chain: Localnet) {
  const client = await openSocket(chain.endpoint)
  onTestFinished(() => client.socket.close())
  return client
}

const versionAt = async (chain: Localnet, block: number) => {
  const hash = await chain.request('chain_getBlockHash', [block])
  const { specVersion } = await chain.request<{ specVersion: number }>('state_getRuntimeVersion', [
    hash,
  ])
  return specVersion
}

test('the block that brings the runtime names it, and still has the old storage', async () => {
  const chain = await start({ faults: [{ kind: 'runtime-upgrade', at: 3 }] })
  await chain.advance(4)
  expect(await Promise.all([0, 1, 2, 3, 4].map((block) => versionAt(chain, block)))).toEqual([
    143, 143, 143, 343, 343,
  ])
  const hashes = await chain.request<string[]>('chain_getBlockHash', [[2, 3, 4]])
  const header = await chain.request<{ digest: { logs: string[] } }>('chain_getHeader', [hashes[1]])
  expect(header.digest.logs).toEqual([expect.stringMatching(/^0x06/), '0x08'])
  // System.LastRuntimeUpgrade: compact 143 or 343, and the name.
  const last = '0x26aa394eea5630e07c48ae0c9558cef7f9cce9c888469bb1a0dceaa129672ef8'
  const upgrades = hashes.map((hash) => chain.request<string>('state_getStorage', [last, hash]))
  expect((await Promise.all(upgrades)).map((raw) => raw.slice(0, 6))).toEqual([
    '0x3d02',
    '0x3d02',
    '0x5d05',
  ])
  const metadata = hashes.map((hash) => chain.request<string>('state_getMetadata', [hash]))
  const [before, during, after] = await Promise.all(metadata)
  expect(before).not.toBe(during)
  expect(during).toBe(after)
  const call = (hash: string | undefined) =>
    chain.request('state_call', ['Metadata_metadata_versions', '0x', hash])
  await expect(call(hashes[0])).rejects.toThrow('not found')
  expect(await call(hashes[1])).toBe('0x080e0000000f000000')
})

test('subscribers hear of it with the block', async () => {
  const chain = await start()
  const [versions, blocks] = [await follower(chain), await follower(chain)]
  await versions.ask('state_subscribeRuntimeVersion')
  expect(await versions.event()).toMatchObject({ specVersion: 143 })
  await blocks.ask('chainHead_v1_follow', [true])
  await blocks.event()
  const end = await chain.upgrade()
  expect(end).toEqual(chain.head)
  expect(await versions.event()).toMatchObject({ specVersion: 343 })
  const news: unknown[] = []
  while (news.length < 2) {
    const event = await blocks.event<{ event: string; newRuntime: unknown }>()
    if (event.event === 'newBlock') news.push(event.newRuntime)
  }
  expect(news).toEqual([
    { type: 'valid', spec: expect.objectContaining({ specVersion: 343 }) },
    null,
  ])
})

test('transactions that wait are thrown out, and those for the old runtime refused', async () => {
  const chain = await start()
  const client = await follower(chain)
  const waiting = await signTransfer(chain, alice(), { nonce: 1 })
  await client.ask('author_submitAndWatchExtrinsic', [waiting])
  expect(await client.event()).toBe('future')
  await chain.upgrade()
  expect(await client.event()).toBe('invalid')
  const { block } = await chain.request<{ block: { extrinsics: string[] } }>('chain_getBlock')
  expect(block.extrinsics).toHaveLength(1)
  await expect(chain.request('author_submitExtrinsic', [waiting])).rejects.toMatchObject({
    code: 1012,
  })
  const late = await signTransfer(chain, alice())
  await expect(chain.request('author_submitExtrinsic', [late])).rejects.toMatchObject({
    code: 1002,
  })
  // With the byte that the new runtime wants before the call, but for the version of the old one.
  const call = Uint8Array.of(0, 5, 3, 0, ...alice().publicKey, 4)
  const adapted = await signTransfer(chain, alice(), { call })
  await expect(chain.request('author_submitExtrinsic', [adapted])).rejects.toMatchObject({
    code: 1010,
    data: 'Transaction has a bad signature',
  })
})

test('blocks made in one go are no different', async () => {
  const chain = await start({ faults: [{ kind: 'runtime-upgrade', at: 2 }] })
  const client = await follower(chain)
  await client.ask('author_submitAndWatchExtrinsic', [
    await signTransfer(chain, alice(), { nonce: 0 }),
  ])
  await client.ask('author_submitAndWatchExtrinsic', [
    await signTransfer(chain, alice(), { nonce: 2 }),
  ])
  await chain.advance(30)
  expect(await versionAt(chain, 30)).toBe(343)
  expect(await chain.request('author_pendingExtrinsics')).toEqual([])
})

test('where blocks come with transactions, the first of the new runtime comes at once', async () => {
  const chain = await start({
    blocks: 'instant',
    faults: [{ kind: 'runtime-upgrade', at: 1 }],
  })
  const client = await follower(chain)
  await client.ask('author_submitAndWatchExtrinsic', [await signTransfer(chain, alice())])
  await expect.poll(() => chain.head.number).toBe(2)
  expect(await client.event()).toBe('ready')
  expect(await client.event()).toMatchObject({ inBlock: expect.any(String) })
})

test('a directory remembers, whenever the process ends', async () => {
  const directory = tempFolder()
  const first = await Localnet.start({
    directory,
    blocks: 'manual',
    faults: [{ kind: 'runtime-upgrade', at: 2 }],
  })
  await first.advance(2)
  await first.stop()
  await expect(Localnet.start({ directory, profile: 'classic' })).rejects.toThrow(
    'with profile dtao, not classic',
  )
  const again = await Localnet.start({ directory, blocks: 'manual', profile: 'dtao' })
  onTestFinished(() => again.stop())
  expect(await versionAt(again, 1)).toBe(143)
  await again.advance(3)
  const nonce = await again.request('system_accountNextIndex', [alice().address])
  expect(nonce).toBe(0)
  const issuance = await again.fund(alice().address, 5n)
  expect(issuance).toBeGreaterThan(5n)
  await expect(again.upgrade()).rejects.toThrow('newest runtime already')
})

test('a snapshot from before brings the old runtime back', async () => {
  const chain = await start()
  const client = await follower(chain)
  await client.ask('state_subscribeRuntimeVersion')
  await client.event()
  const before = chain.snapshot()
  await chain.upgrade()
  expect(await client.event()).toMatchObject({ specVersion: 343 })
  await chain.restore(before)
  expect(await client.event()).toMatchObject({ specVersion: 143 })
  const hash = await chain.request('author_submitExtrinsic', [await signTransfer(chain, alice())])
  await chain.advance()
  expect(hash).toMatch(/^0x/)
  expect(await chain.request('system_accountNextIndex', [alice().address])).toBe(1)
  await chain.upgrade()
  expect(await versionAt(chain, chain.head.number)).toBe(343)
})

test('an upgrade that cannot be is refused', async () => {
  const LOCALNET = { code: 'LOCALNET' }
  const faults = [{ kind: 'runtime-upgrade', at: 5 }] as const
  await expect(Localnet.start({ profile: 'dtao', faults })).rejects.toMatchObject(LOCALNET)
  const chain = await start()
  await chain.advance(9)
  await expect(chain.request('dev_upgrade', [9])).rejects.toThrow('block 9 can bring no upgrade')
  await chain.request('dev_upgrade', [12])
  await chain.advance(4)
  expect(await versionAt(chain, 12)).toBe(343)
})
