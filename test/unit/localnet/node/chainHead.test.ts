import { Keyring } from '@polkadot/keyring'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Localnet } from '../../../../src/localnet/index.js'
import { hashOf } from '../../../../src/localnet/node/bytes.js'
import { signTransfer } from '../../../support/signed.js'
import { type Client, openSocket } from '../../../support/socket.js'

let chain: Localnet
let client: Client
const faults: unknown[] = []

beforeEach(async () => {
  const onFault = (error: unknown) => void faults.push(error)
  chain = await Localnet.start({
    genesis: 'empty',
    blocks: 'manual',
    port: 0,
    now: () => 0,
    onFault,
  })
  client = await openSocket(chain.endpoint)
})
afterEach(async () => {
  client.socket.close()
  await chain.stop()
  expect(faults.splice(0)).toEqual([])
})

/** System.Number, u32. */
const NUMBER = '0x26aa394eea5630e07c48ae0c9558cef702a5c1b19ab7a04f536c519aca4983ac'
const CODE = '0x3a636f6465'
const value = (block: number) => `0x${Buffer.from(Uint32Array.of(block).buffer).toString('hex')}`

async function follow(withRuntime = true) {
  const id = await client.ask<string>('chainHead_v1_follow', [withRuntime])
  return { id, first: await client.event() }
}

describe('chainHead_v1', () => {
  test('tells where the chain is, then of each block and its finality', async () => {
    await chain.advance(2)
    const { first } = await follow()
    expect(first).toMatchObject({
      event: 'initialized',
      finalizedBlockHashes: [chain.genesisHash, expect.any(String), chain.head.hash],
      finalizedBlockRuntime: {
        type: 'valid',
        spec: { specVersion: 143, apis: { '0xdf6acb689907609b': 4 } },
      },
    })
    const parent = chain.head.hash
    await chain.advance(1)
    const { hash } = chain.head
    expect(await client.event()).toEqual({
      event: 'newBlock',
      blockHash: hash,
      parentBlockHash: parent,
      newRuntime: null,
    })
    expect(await client.event()).toEqual({ event: 'bestBlockChanged', bestBlockHash: hash })
    expect(await client.event()).toEqual({
      event: 'finalized',
      finalizedBlockHashes: [hash],
      prunedBlockHashes: [],
    })
  })

  test('names no runtime where none is asked for, and blocks that are not final yet', async () => {
    const lagging = await Localnet.start({
      genesis: 'empty',
      blocks: 'manual',
      port: 0,
      finalityLag: 2,
    })
    const other = await openSocket(lagging.endpoint)
    await lagging.advance(3)
    await other.ask('chainHead_v1_follow', [false])
    const first = await other.event()
    expect(first).toEqual({ event: 'initialized', finalizedBlockHashes: expect.any(Array) })
    expect(first['finalizedBlockHashes']).toHaveLength(2)
    expect(await other.event()).toMatchObject({ event: 'newBlock' })
    expect(await other.event()).toMatchObject({ event: 'newBlock', blockHash: lagging.head.hash })
    expect(await other.event()).toMatchObject({ bestBlockHash: lagging.head.hash })
    other.socket.close()
    await lagging.stop()
  })

  test('answers header, body, storage and calls of a pinned block', async () => {
    await chain.advance(1)
    const { id } = await follow()
    const { hash } = chain.head
    const header = await client.ask<string>('chainHead_v1_header', [id, hash])
    expect(hashOf(Buffer.from(header.slice(2), 'hex'))).toBe(hash)

    expect(await client.ask('chainHead_v1_body', [id, hash])).toEqual({
      result: 'started',
      operationId: '0',
    })
    const [body] = await client.until('operationBodyDone')
    expect(body).toEqual({
      event: 'operationBodyDone',
      operationId: '0',
      value: [expect.stringMatching(/^0x1404020[0-9a-f]+$/)],
    })

    const queries = [
      { key: NUMBER, type: 'value' },
      { key: CODE, type: 'hash' },
      { key: NUMBER.slice(0, 34), type: 'closestDescendantMerkleValue' },
      { key: '0x1234', type: 'value' },
    ]
    expect(await client.ask('chainHead_v1_storage', [id, hash, queries, null])).toEqual({
      result: 'started',
      operationId: '1',
      discardedItems: 0,
    })
    const [items, done] = await client.until('operationStorageDone')
    const text = expect.stringMatching(/^0x[0-9a-f]{64}$/)
    expect(items?.['items']).toEqual([
      { key: NUMBER, value: value(1) },
      { key: CODE, hash: text },
      { key: NUMBER.slice(0, 34), closestDescendantMerkleValue: text },
    ])
    expect(done).toEqual({ event: 'operationStorageDone', operationId: '1' })

    // Without 0x, as polkadot-api sends a call without arguments.
    await client.ask('chainHead_v1_call', [id, hash, 'AuraApi_slot_duration', ''])
    expect((await client.until('operationCallDone'))[0]).toMatchObject({
      output: '0xe02e000000000000',
    })
    await client.ask('chainHead_v1_call', [id, hash, 'No_such', '0x'])
    expect((await client.until('operationError'))[0]).toMatchObject({
      error: 'Execution failed: Other: Exported method No_such is not found',
    })
  })

  test('walks whole maps', async () => {
    const { id } = await follow()
    const key = '0x26aa394eea5630e07c48ae0c9558cef7b99d880ec681799c0cf30e8886371da9' // System.Account
    const query = [{ key, type: 'descendantsValues' }]
    await client.ask('chainHead_v1_storage', [id, chain.genesisHash, query, null])
    const [page] = await client.until('operationStorageDone')
    expect(page?.['items']).toHaveLength(6)
  })

  test('knows only pinned blocks of the subscription', async () => {
    const { id } = await follow()
    const genesis = chain.genesisHash
    const never = `0x${'12'.repeat(32)}`
    const invalid = { code: -32801 }
    await expect(client.ask('chainHead_v1_header', [id, never])).rejects.toMatchObject(invalid)
    await expect(client.ask('chainHead_v1_unpin', [id, [genesis, genesis]])).rejects.toMatchObject({
      code: -32804,
    })
    expect(await client.ask('chainHead_v1_unpin', [id, genesis])).toBeNull()
    await expect(client.ask('chainHead_v1_body', [id, genesis])).rejects.toMatchObject(invalid)
    expect(await client.ask('chainHead_v1_header', ['gone', genesis])).toBeNull()
    expect(await client.ask('chainHead_v1_body', ['gone', genesis])).toEqual({
      result: 'limitReached',
    })
  })

  test('ends when the client says so, and has limits', async () => {
    const { id } = await follow()
    for (let i = 0; i < 3; i++) await follow()
    await expect(client.ask('chainHead_v1_follow', [true])).rejects.toMatchObject({ code: -32800 })
    await client.ask('chainHead_v1_unfollow', [id])
    await follow()
    await expect(follow()).rejects.toMatchObject({ code: -32800 })
  })

  test('gives up a client that pins without end', async () => {
    const { id } = await follow()
    await chain.advance(1030)
    const events = await client.until('stop')
    expect(events.filter(({ event }) => event === 'newBlock')).toHaveLength(1023)
    expect(
      await client.ask('chainHead_v1_header', [id, chain.genesisHash]).catch((e) => e.code),
    ).toBe(-32801)
  })
})

describe('chainSpec_v1 and archive_v1', () => {
  test('name the chain', async () => {
    expect(await client.ask('chainSpec_v1_chainName')).toBe('Bittensor')
    expect(await client.ask('chainSpec_v1_genesisHash')).toBe(chain.genesisHash)
    expect(await client.ask('chainSpec_v1_properties')).toMatchObject({ tokenDecimals: 9 })
    expect(await client.ask('archive_v1_genesisHash')).toBe(chain.genesisHash)
  })

  test('read any past block', async () => {
    await chain.advance(30)
    expect(await client.ask('archive_v1_finalizedHeight')).toBe(30)
    const [hash] = await client.ask<string[]>('archive_v1_hashByHeight', [7])
    expect(await client.ask('archive_v1_hashByHeight', [31])).toEqual([])
    const header = await client.ask<string>('archive_v1_header', [hash])
    expect(hashOf(Buffer.from(header.slice(2), 'hex'))).toBe(hash)
    expect(await client.ask('archive_v1_body', [hash])).toHaveLength(1)
    const never = `0x${'12'.repeat(32)}`
    for (const method of ['header', 'body']) {
      expect(await client.ask(`archive_v1_${method}`, [never])).toBeNull()
    }
    const call = (name: string, at = hash) => client.ask('archive_v1_call', [at, name, '0x'])
    expect(await call('AuraApi_slot_duration')).toEqual({
      success: true,
      value: '0xe02e000000000000',
    })
    expect(await call('No_such')).toMatchObject({ success: false })
    expect(await call('AuraApi_slot_duration', never)).toBeNull()
    await client.ask('archive_v1_storage', [hash, [{ key: NUMBER, type: 'value' }], null])
    expect(await client.until('storageDone')).toEqual([
      { event: 'storage', key: NUMBER, value: value(7) },
      { event: 'storageDone' },
    ])
    await client.ask('archive_v1_storage', [never, [{ key: NUMBER, type: 'value' }], null])
    expect(await client.until('storageError')).toEqual([
      { event: 'storageError', error: 'Block not found' },
    ])
  })
})

describe('transactions', () => {
  const alice = async () => {
    await cryptoWaitReady()
    return new Keyring({ type: 'sr25519' }).addFromUri('//Alice')
  }

  test('are watched to their finality', async () => {
    const bytes = await signTransfer(chain, await alice(), { amount: 1_000_000n })
    await client.ask('transactionWatch_v1_submitAndWatch', [bytes])
    expect(await client.event()).toEqual({ event: 'validated' })
    await chain.advance(1)
    const block = { hash: chain.head.hash, index: 1 }
    expect(await client.event()).toEqual({ event: 'bestChainBlockIncluded', block })
    expect(await client.event()).toEqual({ event: 'finalized', block })
    await client.ask('transactionWatch_v1_submitAndWatch', [bytes])
    expect(await client.event()).toEqual({
      event: 'invalid',
      error: 'Transaction is temporarily banned',
    })
    await client.ask('transactionWatch_v1_submitAndWatch', ['0x1234'])
    expect(await client.event()).toMatchObject({ event: 'invalid' })
  })

  test('are broadcast again and again until they are in a block', async () => {
    const pair = await alice()
    const later = await signTransfer(chain, pair, { amount: 2n, nonce: 1 })
    const id = await client.ask<string>('transaction_v1_broadcast', [later])
    expect(id).toMatch(/^[0-9a-f]{16}$/)
    await chain.advance(1)
    await client.ask('author_submitExtrinsic', [await signTransfer(chain, pair, { amount: 1n })])
    await chain.advance(1)
    expect(await chain.request('system_accountNextIndex', [pair.address])).toBe(2)
    expect(await client.ask('transaction_v1_stop', [id])).toBeNull()
    await expect(client.ask('transaction_v1_stop', [id])).rejects.toMatchObject({ code: -32602 })
    for (let i = 0; i < 16; i++) {
      expect(await client.ask('transaction_v1_broadcast', ['0x00'])).not.toBeNull()
    }
    expect(await client.ask('transaction_v1_broadcast', ['0x00'])).toBeNull()
  })
})
