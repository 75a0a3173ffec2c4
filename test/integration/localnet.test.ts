import { ApiPromise, Keyring, WsProvider } from '@polkadot/api'
import type { SubmittableExtrinsic } from '@polkadot/api/types'
import type { KeyringPair } from '@polkadot/keyring/types'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { Localnet, type LocalnetOptions } from '../../src/localnet/index.js'
import { devPairs } from '../support/devPairs.js'

/** What @polkadot/api should know about extensions that carry nothing. */
const signedExtensions = {
  SubtensorSignedExtension: { extrinsic: {}, payload: {} },
  CommitmentsSignedExtension: { extrinsic: {}, payload: {} },
}
const faults: unknown[] = []
let alice: KeyringPair
let bob: KeyringPair

beforeAll(async () => {
  ;({ alice, bob } = await devPairs())
})
afterAll(() => expect(faults).toEqual([]))

async function connect(chain: Localnet): Promise<ApiPromise> {
  const provider = new WsProvider(chain.endpoint)
  const api = await ApiPromise.create({
    provider: provider as never,
    signedExtensions,
    noInitWarn: true,
  })
  onTestFinished(() => api.disconnect())
  return api
}

async function start(options: LocalnetOptions = {}) {
  const chain = await Localnet.start({
    genesis: 'empty',
    port: 0,
    onFault: (error) => faults.push(error),
    ...options,
  })
  onTestFinished(() => chain.stop())
  return { chain, api: await connect(chain) }
}

type Tx = SubmittableExtrinsic<'promise'>
const nobody = '5C62Ck4UrFPiBtoCmeSrgF7x9yv9mn38446dhCpsi2mLHiFT'

const transfer = (api: ApiPromise, amount: bigint, to = nobody): Tx =>
  api.tx['balances']!['transferKeepAlive']!(to, amount) as Tx

/** Signs and submits; resolves with all statuses and the events once a status ends it. */
function follow(tx: Tx, signer: KeyringPair, options = {}) {
  return new Promise<{
    statuses: string[]
    events: string[]
    error: string | undefined
    block: string | undefined
  }>((resolve, reject) => {
    const statuses: string[] = []
    tx.signAndSend(signer, options, ({ status, events, dispatchError }) => {
      statuses.push(status.type)
      if (status.isFinalized || status.isInvalid || status.isUsurped || status.isDropped) {
        resolve({
          statuses,
          events: events.map(({ event }) => `${event.section}.${event.method}`),
          error: dispatchError && nameOf(tx, dispatchError),
          block: status.isFinalized ? status.asFinalized.toHex() : undefined,
        })
      }
    }).catch(reject)
  })
}

function nameOf(tx: Tx, error: { isModule: boolean; asModule: object; type: string }): string {
  return error.isModule ? tx.registry.findMetaError(error.asModule as never).name : error.type
}

const free = async (api: ApiPromise, address: string): Promise<bigint> =>
  (
    (await api.query['system']!['account']!(address)) as unknown as {
      data: { free: { toBigInt(): bigint } }
    }
  ).data.free.toBigInt()

describe('a client of @polkadot/api', () => {
  test('reads versions, properties, constants and storage', async () => {
    const { api, chain } = await start()
    expect(api.runtimeVersion.specName.toString()).toBe('node-subtensor')
    expect(api.runtimeVersion.specVersion.toNumber()).toBe(143)
    expect(api.genesisHash.toHex()).toBe(chain.genesisHash)
    expect(api.consts['balances']!['existentialDeposit']!.toString()).toBe('500')
    expect(api.registry.chainSS58).toBe(42)
    expect(api.registry.chainDecimals).toEqual([9])
    expect((await api.query['sudo']!['key']!()).toString()).toBe(alice.address)
    expect(await free(api, alice.address)).toBe(100_000n * 10n ** 9n)
    expect((await api.query['system']!['account']!.entries()).length).toBe(6)
    expect(
      (await api.query['subtensorModule']!['networksAdded']!.keys()).map((key) =>
        key.args[0]!.toString(),
      ),
    ).toEqual(['0'])
    expect((await api.rpc.system.health()).peers.toNumber()).toBe(0)
    expect((await api.rpc.system.chainType()).type).toBe('Development')
    expect((await api.rpc.rpc.methods()).methods.map(String)).toContain('state_getStorage')
  })

  test('sends a transfer and sees it included and final, with its events and its fee', async () => {
    const { api, chain } = await start()
    const tx = transfer(api, 1_000_000n)
    expect((await tx.paymentInfo(alice)).partialFee.toBigInt()).toBe(144n)
    const before = await free(api, alice.address)
    const { statuses, events, error, block } = await follow(tx, alice)
    expect(statuses).toEqual(['Ready', 'InBlock', 'Finalized'])
    expect(error).toBeUndefined()
    expect(events).toEqual([
      'balances.Withdraw',
      'system.NewAccount',
      'balances.Endowed',
      'balances.Transfer',
      'transactionPayment.TransactionFeePaid',
      'system.ExtrinsicSuccess',
    ])
    expect(block).toBe(chain.head.hash)
    expect(await free(api, alice.address)).toBe(before - 1_000_000n - 144n)
    expect(await free(api, nobody)).toBe(1_000_000n)
    const found = await api.rpc.chain.getBlock(block!)
    expect(found.block.hash.toHex()).toBe(block)
    expect(
      found.block.extrinsics.map(({ method }) => `${method.section}.${method.method}`),
    ).toEqual(['timestamp.set', 'balances.transferKeepAlive'])
    expect(found.block.extrinsics[1]!.signer.toString()).toBe(alice.address)
    expect(found.block.extrinsics[1]!.hash.toHex()).toBe(tx.hash.toHex())
    expect(found.block.header.extrinsicsRoot.isEmpty).toBe(false)
  })

  test('reports the dispatch error of a failed transaction, whose fee is kept', async () => {
    const { api } = await start()
    const before = await free(api, alice.address)
    const tx = transfer(api, 10n ** 18n)
    const { events, error } = await follow(tx, alice)
    expect(error).toBe('InsufficientBalance')
    expect(events).toEqual([
      'balances.Withdraw',
      'transactionPayment.TransactionFeePaid',
      'system.ExtrinsicFailed',
    ])
    expect(before - (await free(api, alice.address))).toBe(BigInt(tx.encodedLength))
    const notRoot = api.tx['adminUtils']!['sudoSetTempo']!(0, 5) as Tx
    expect((await follow(notRoot, bob)).error).toBe('BadOrigin')
  })

  test('subscribes to heads, finalized heads and storage', async () => {
    const { api, chain } = await start({ blocks: 'manual', finalityLag: 2 })
    const seen = { heads: [] as number[], finalized: [] as number[], balances: [] as string[] }
    const stops = [
      await api.rpc.chain.subscribeNewHeads((head) => void seen.heads.push(head.number.toNumber())),
      await api.rpc.chain.subscribeFinalizedHeads(
        (head) => void seen.finalized.push(head.number.toNumber()),
      ),
      await api.query['system']!['account']!(
        nobody,
        (account: { data: { free: object } }) => void seen.balances.push(String(account.data.free)),
      ),
    ]
    await chain.advance(3)
    await chain.fund(nobody, 700n)
    await expect.poll(() => seen.balances).toEqual(['0', '700'])
    await expect.poll(() => seen.heads).toEqual([0, 1, 2, 3, 4])
    await expect.poll(() => seen.finalized).toEqual([0, 1, 2])
    expect((await api.rpc.chain.getFinalizedHead()).toHex()).toBe(
      (await api.rpc.chain.getBlockHash(2)).toHex(),
    )
    for (const stop of stops as unknown as (() => void)[]) stop()
  })

  test('reads every past block', async () => {
    const { api, chain } = await start({ blocks: 'manual' })
    const balances: bigint[] = [0n]
    for (let i = 1; i <= 20; i++) {
      await chain.fund(nobody, BigInt(500 + i))
      balances.push(balances.at(-1)! + BigInt(500 + i))
    }
    for (const block of [0, 1, 7, 13, 20]) {
      const at = await api.at(await api.rpc.chain.getBlockHash(block))
      const account = (await at.query['system']!['account']!(nobody)) as unknown as {
        data: { free: { toBigInt(): bigint } }
      }
      expect(account.data.free.toBigInt()).toBe(balances[block])
      expect((await at.query['system']!['number']!()).toString()).toBe(`${block}`)
    }
    const times = await Promise.all(
      [5, 6].map(async (block) =>
        (await api.at(await api.rpc.chain.getBlockHash(block))).query['timestamp']!['now']!(),
      ),
    )
    expect(Number(times[1]) - Number(times[0])).toBe(12_000)
  })
})

describe('the pool', () => {
  const rejects = async (work: Promise<unknown>, message: string) =>
    expect(work).rejects.toMatchObject({ message })

  test('refuses a bad signature, another genesis and another version', async () => {
    const { api } = await start()
    const bad = '1010: Invalid Transaction: Transaction has a bad signature'
    const tx = await transfer(api, 1000n).signAsync(alice)
    const bytes = tx.toU8a()
    bytes[60]! ^= 1
    await rejects(api.rpc.author.submitExtrinsic(api.createType('Extrinsic', bytes) as never), bad)
    const genesisHash = `0x${'11'.repeat(32)}` as const
    await rejects(
      transfer(api, 1001n).signAndSend(alice, {
        genesisHash,
        era: 0,
        blockHash: genesisHash,
      } as never),
      bad,
    )
    // The API puts its own version in; the type below it signs what it is told.
    const other = api.createType('Extrinsic', transfer(api, 1002n).method, { version: 4 })
    const runtimeVersion = { specVersion: 144, transactionVersion: 1 }
    const { genesisHash: blockHash } = api
    const options = { blockHash, genesisHash: blockHash, era: '0x00', nonce: 0, runtimeVersion }
    other.sign(alice, options as never)
    await rejects(api.rpc.author.submitExtrinsic(other as never), bad)
    await rejects(
      api.rpc.author.submitExtrinsic(api.createType('Extrinsic', bytes) as never),
      '1012: Transaction is temporarily banned',
    )
  })

  test('refuses old nonces and those who cannot pay', async () => {
    const { api, chain } = await start()
    await follow(transfer(api, 1000n), alice)
    await rejects(
      transfer(api, 1001n).signAndSend(alice, { nonce: 0 }),
      '1010: Invalid Transaction: Transaction is outdated',
    )
    const poor = new Keyring({ type: 'sr25519' }).addFromUri('//Poor')
    const payment =
      '1010: Invalid Transaction: Inability to pay some fees , e.g. account balance too low'
    await rejects(transfer(api, 500n).signAndSend(poor), payment)
    // Enough for the fee, but not for staying alive besides.
    await chain.fund(poor.address, 600n)
    await rejects(transfer(api, 501n).signAndSend(poor), payment)
    await rejects(transfer(api, 1000n).signAndSend(alice, { nonce: 1, tip: 10n ** 15n }), payment)
  })

  test('what stands behind a transaction that has become invalid in the same block waits for its turn', async () => {
    const { api, chain } = await start({ blocks: 'manual' })
    const tao = 1_000_000_000n
    const poor = api.tx['balances']!['setBalance']!(bob.address, tao, 0) as Tx
    const first = await (api.tx['sudo']!['sudo']!(poor) as Tx).signAsync(alice, { tip: 100n * tao })
    const [dear, cheap] = await Promise.all([
      transfer(api, 1000n).signAsync(bob, { nonce: 0, tip: 10n * tao }),
      transfer(api, 1001n).signAsync(bob, { nonce: 1 }),
    ])
    for (const one of [first, dear, cheap])
      await chain.request('author_submitExtrinsic', [one.toHex()])
    await chain.advance(2)
    const nonce = await api.rpc.system.accountNextIndex(bob.address)
    expect(nonce.toNumber()).toBe(0)
    expect(await free(api, bob.address)).toBe(tao)
    expect(await chain.request('dev_status')).toMatchObject({ pending: 1 })
    // Filled, the gap lets it through.
    await chain.request('author_submitExtrinsic', [
      (await transfer(api, 1002n).signAsync(bob, { nonce: 0 })).toHex(),
    ])
    await chain.advance()
    expect((await api.rpc.system.accountNextIndex(bob.address)).toNumber()).toBe(2)
  })

  test('keeps nonce gaps waiting and counts what waits in the next nonce', async () => {
    const { api, chain } = await start({ blocks: 'manual' })
    const next = async () => (await api.rpc.system.accountNextIndex(alice.address)).toNumber()
    const late = follow(transfer(api, 1002n), alice, { nonce: 2 })
    await expect.poll(() => chain.request('dev_status')).toMatchObject({ pending: 1 })
    expect(await next()).toBe(0)
    await transfer(api, 1000n).signAndSend(alice, { nonce: 0 })
    expect(await next()).toBe(1)
    await transfer(api, 1001n).signAndSend(alice, { nonce: 1 })
    expect(await next()).toBe(3)
    expect((await api.rpc.author.pendingExtrinsics()).length).toBe(3)
    await chain.advance(1)
    expect((await late).statuses).toEqual(['Future', 'Ready', 'InBlock', 'Finalized'])
    expect((await api.rpc.chain.getBlock()).block.extrinsics.length).toBe(4)
    expect(await free(api, nobody)).toBe(3003n)
  })

  test('tells of finality only when the client has read the block, however slowly', async () => {
    const { api, chain } = await start()
    const tx = await transfer(api, 1000n).signAsync(alice)
    const seen: string[] = []
    const provider = chain.provider()
    const read = (block: string) => provider.send('chain_getBlock', [block])
    const pause = () => new Promise((resolve) => setTimeout(resolve, 40))
    await provider.subscribe(
      'author_extrinsicUpdate',
      'author_submitAndWatchExtrinsic',
      [tx.toHex()],
      async (_error, result) => {
        const status = result as { inBlock?: string; finalized?: string }
        if (status.finalized !== undefined) seen.push('finalized')
        if (status.inBlock === undefined) return
        for (let i = 0; i < 8; i++) {
          await read(status.inBlock)
          await pause()
        }
        seen.push('read')
      },
    )
    await expect.poll(() => seen).toEqual(['read', 'finalized'])
  })

  test('does not replace a transaction by one of the same priority, nor take one twice', async () => {
    const { api } = await start({ blocks: 'manual' })
    const tx = await transfer(api, 1000n).signAsync(alice, { nonce: 0 })
    await tx.send()
    await rejects(
      api.rpc.author.submitExtrinsic(tx),
      `1013: Transaction Already Imported: ${tx.hash.toHex()}`,
    )
    await expect(transfer(api, 1001n).signAndSend(alice, { nonce: 0, tip: 5 })).rejects.toThrow(
      '1014: Priority is too low',
    )
  })

  test('takes mortal transactions while their era lasts', async () => {
    const { api, chain } = await start({ blocks: 'manual' })
    await chain.advance(10)
    const early = await transfer(api, 1000n).signAsync(alice, { era: 4, nonce: 0 })
    const waits = follow(transfer(api, 1001n), bob, { era: 4, nonce: 1 })
    await expect.poll(() => chain.request('dev_status')).toMatchObject({ pending: 1 })
    await chain.advance(4)
    expect((await waits).statuses).toEqual(['Future', 'Invalid'])
    // The same era bytes now mean another period, whose first block nobody has signed.
    await rejects(
      api.rpc.author.submitExtrinsic(early),
      '1010: Invalid Transaction: Transaction has a bad signature',
    )
    const good = follow(transfer(api, 1002n), alice, { era: 4 })
    await expect.poll(() => chain.request('dev_status')).toMatchObject({ pending: 1 })
    await chain.advance(1)
    expect((await good).statuses.at(-1)).toBe('Finalized')
  })

  test('forgets the birth of very old eras', async () => {
    const { api, chain } = await start({ blocks: 'manual' })
    await chain.advance(1)
    const old = await transfer(api, 1000n).signAsync(alice, { era: 4096, nonce: 0 })
    await chain.advance(2403)
    await rejects(
      api.rpc.author.submitExtrinsic(old),
      '1010: Invalid Transaction: Transaction has an ancient birth block',
    )
  })

  test('refuses what only authors may put into a block', async () => {
    const { api } = await start()
    const set = api.createType('Extrinsic', api.tx['timestamp']!['set']!(5).method)
    await rejects(
      api.rpc.author.submitExtrinsic(set as never),
      '1010: Invalid Transaction: Transaction dispatch is mandatory; transactions must not be validated.',
    )
    const remark = api.createType('Extrinsic', api.tx['system']!['remark']!('0x00').method)
    await rejects(
      api.rpc.author.submitExtrinsic(remark as never),
      '1011: Unknown Transaction Validity: NoUnsignedValidator',
    )
  })
})

describe('dry runs and runtime calls', () => {
  test('tell the outcome without changing anything', async () => {
    const { api, chain } = await start()
    const run = async (tx: Tx, nonce = 0) => {
      const signed = await tx.signAsync(alice, { nonce })
      return chain.request('system_dryRun', [signed.toHex()])
    }
    expect(await run(transfer(api, 1000n))).toBe('0x0000')
    // Balances (5), InsufficientBalance (2)
    expect(await run(transfer(api, 10n ** 18n))).toBe('0x0001030502000000')
    expect(await run(transfer(api, 1000n), 1)).toBe('0x010002')
    expect(chain.head.number).toBe(0)
    expect(await free(api, nobody)).toBe(0n)
  })

  test('answer with SCALE', async () => {
    const { api, chain } = await start()
    const call = (name: string, args = '0x') => chain.request<string>('state_call', [name, args])
    await follow(transfer(api, 1000n), alice)
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
    expect(await call('AccountNonceApi_account_nonce', `0x${hex(alice.publicKey)}`)).toBe(
      '0x01000000',
    )
    expect(await call('AuraApi_slot_duration')).toBe('0xe02e000000000000')
    const version = api.createType('RuntimeVersion', await call('Core_version'))
    expect(version.toJSON()).toEqual((await api.rpc.state.getRuntimeVersion()).toJSON())
    const opaque = await call('Metadata_metadata')
    expect(
      api.createType('Bytes', Buffer.from(opaque.slice(2), 'hex')).toHex() ===
        (await chain.request('state_getMetadata')),
    ).toBe(true)
    await expect(call('Metadata_metadata_versions')).rejects.toThrow(
      'Exported method Metadata_metadata_versions is not found',
    )
    const tx = await transfer(api, 1000n).signAsync(alice)
    const info = api.createType(
      'RuntimeDispatchInfo',
      await call(
        'TransactionPaymentApi_query_info',
        `${tx.toHex()}${hex(Uint8Array.of(0x8e, 0, 0, 0))}`,
      ),
    )
    expect(String((info as unknown as { partialFee: object }).partialFee)).toBe(
      `${tx.encodedLength}`,
    )
    await expect(call('AccountNonceApi_account_nonce', '0x01')).rejects.toThrow(
      '4003: Client error: Execution failed',
    )
  })
})

describe('block modes', () => {
  test('instant: a block per transaction, none by itself', async () => {
    const { api, chain } = await start()
    const results = await Promise.all(
      [0, 1, 2].map((nonce) => follow(transfer(api, 1000n + BigInt(nonce)), alice, { nonce })),
    )
    expect(chain.head.number).toBe(3)
    expect(new Set(results.map(({ block }) => block)).size).toBe(3)
  })

  test('interval: by the clock', async () => {
    const { api, chain } = await start({ blocks: 50 })
    const { statuses } = await follow(transfer(api, 1000n), alice)
    expect(statuses).toEqual(['Ready', 'InBlock', 'Finalized'])
    await expect.poll(() => chain.head.number).toBeGreaterThan(4)
    expect(chain.head.number - chain.finalized.number).toBe(2)
  })

  test('time passes twelve seconds a block at least, and travels', async () => {
    const day = 24 * 3600 * 1000
    const { chain } = await start({ blocks: 'manual', now: () => day })
    await chain.advance(2)
    expect(await chain.request('dev_status')).toMatchObject({ time: day + 12_000 })
    expect(await chain.request('dev_timeTravel', [10 * day])).toBe(10 * day)
    expect(await chain.request('dev_timeTravel', [0])).toBe(10 * day + 12_000)
  })

  test('raw storage can be set', async () => {
    const { api, chain } = await start({ blocks: 'manual' })
    const key = api.query['subtensorModule']!['tempo']!.key(5)
    await chain.request('dev_setStorage', [[[key, '0x2a00']]])
    expect((await api.query['subtensorModule']!['tempo']!(5)).toString()).toBe('42')
    await chain.request('dev_setStorage', [[[key, null]]])
    expect(await chain.request('state_getStorage', [key])).toBeNull()
  })
})

test('without a socket the same client works in process', async () => {
  const chain = await Localnet.start({ genesis: 'empty' })
  onTestFinished(() => chain.stop())
  const api = await ApiPromise.create({
    provider: chain.provider() as never,
    signedExtensions,
    noInitWarn: true,
  })
  const { statuses, events } = await follow(transfer(api, 1000n), alice)
  expect(statuses).toEqual(['Ready', 'InBlock', 'Finalized'])
  expect(events.at(-1)).toBe('system.ExtrinsicSuccess')
  await rejectsCode(transfer(api, 1000n).signAndSend(alice, { nonce: 0 }), 1010)
  await api.disconnect()
  expect(() => chain.endpoint).toThrow('does not listen')
})

async function rejectsCode(work: Promise<unknown>, code: number): Promise<void> {
  await expect(work).rejects.toMatchObject({ code })
}
