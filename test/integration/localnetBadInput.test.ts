import { Keyring } from '@polkadot/keyring'
import type { KeyringPair } from '@polkadot/keyring/types'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import fc from 'fast-check'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Localnet } from '../../src/localnet/index.js'
import { compactBytes, concat, fromHex, toHex } from '../../src/localnet/node/bytes.js'
import { signTransfer } from '../support/signed.js'
import { openSocket } from '../support/socket.js'

let chain: Localnet
let alice: KeyringPair
const faults: unknown[] = []

beforeAll(() => cryptoWaitReady())
beforeEach(async () => {
  alice = new Keyring({ type: 'sr25519' }).addFromUri('//Alice')
  chain = await Localnet.start({
    genesis: 'empty',
    blocks: 'manual',
    port: 0,
    now: () => 0,
    onFault: (error) => faults.push(error),
  })
})
afterEach(async () => {
  await chain.stop()
  expect(faults.splice(0)).toEqual([])
})

type Failure = { code: number; message: string; data?: string }

/** How the node refuses a transaction. */
const refusal = (bytes: string) =>
  chain.request<string>('author_submitExtrinsic', [bytes]).then(
    (hash) => `taken as ${hash}`,
    ({ code, data, message }: Failure) => `${code} ${data ?? message.replace(/^\d+: /, '')}`,
  )
const flip = (at: number) => (bytes: Uint8Array) =>
  bytes.map((byte, i) => (i === at ? byte ^ 1 : byte))
const BAD_PROOF = '1010 Transaction has a bad signature'

describe('transactions that are not good', () => {
  test('of another chain, another runtime, or another format of transactions', async () => {
    const genesisHash = `0x${'11'.repeat(32)}`
    expect(await refusal(await signTransfer(chain, alice, { genesisHash }))).toBe(BAD_PROOF)
    expect(await refusal(await signTransfer(chain, alice, { specVersion: 142 }))).toBe(BAD_PROOF)
    expect(await refusal(await signTransfer(chain, alice, { transactionVersion: 2 }))).toBe(
      BAD_PROOF,
    )
    expect(await refusal(await signTransfer(chain, alice))).toMatch(/^taken/)
  })

  test.each(['sr25519', 'ed25519', 'ecdsa'] as const)('with a bad %s signature', async (type) => {
    const pair = new Keyring({ type }).addFromUri('//Alice//kinds')
    const signer = type === 'ecdsa' ? pair.addressRaw : pair.publicKey
    await chain.fund(toHex(signer), 10_000_000_000n)
    for (const spoil of [flip(0), flip(40), flip(63), (bytes: Uint8Array) => bytes.fill(0)]) {
      const bytes = await signTransfer(chain, pair, { spoil, signer })
      expect(await refusal(bytes)).toBe(BAD_PROOF)
    }
    const stranger = alice.publicKey
    expect(await refusal(await signTransfer(chain, pair, { signer: stranger }))).toBe(BAD_PROOF)
    const good = await signTransfer(chain, pair, { signer })
    expect(await refusal(good)).toMatch(/^taken/)
  })

  test('sent twice: while it waits, when it is in a block, and after a restore of the pool', async () => {
    const first = await signTransfer(chain, alice)
    expect(await refusal(first)).toMatch(/^taken/)
    expect(await refusal(first)).toMatch(/^1013 /)
    await chain.advance(1)
    expect(await refusal(first)).toBe('1012 Transaction is temporarily banned')
    const again = await signTransfer(chain, alice, { nonce: 0, amount: 7n })
    expect(await refusal(again)).toBe('1010 Transaction is outdated')
    expect(await refusal(again)).toBe('1012 Transaction is temporarily banned')
  })

  test('with the nonce of one that waits, or with a gap before it', async () => {
    await refusal(await signTransfer(chain, alice, { nonce: 0 }))
    expect(await refusal(await signTransfer(chain, alice, { nonce: 0, amount: 5n }))).toMatch(
      /^1014 .*too low priority/,
    )
    expect(await refusal(await signTransfer(chain, alice, { nonce: 2 }))).toMatch(/^taken/)
    await chain.advance(1)
    expect(await chain.request('author_pendingExtrinsics')).toEqual([])
    await refusal(await signTransfer(chain, alice, { nonce: 1 }))
    expect(await chain.request<string[]>('author_pendingExtrinsics')).toHaveLength(2)
    await chain.advance(1)
    expect(await chain.request('system_accountNextIndex', [alice.address])).toBe(3)
  })

  test('whose era is over, or begins at a block that is not known', async () => {
    await chain.advance(4)
    // Period 4, phase 0: valid in blocks 4 to 7.
    const era = Uint8Array.of(1, 0)
    const eraHash = await chain.request<string>('chain_getBlockHash', [4])
    const bytes = await signTransfer(chain, alice, { era, eraHash })
    await chain.advance(6)
    expect(await refusal(bytes)).toBe(BAD_PROOF)
    // One that waits with a gap before it is dropped when its time is over.
    const late = { era, eraHash: await chain.request<string>('chain_getBlockHash', [8]), nonce: 1 }
    expect(await refusal(await signTransfer(chain, alice, late))).toMatch(/^taken/)
    await chain.advance(4)
    await refusal(await signTransfer(chain, alice, { nonce: 0 }))
    await chain.advance(2)
    expect(await chain.request('system_accountNextIndex', [alice.address])).toBe(1)
    // Period 2^16, phase 0x8000: it would begin at a block that is yet to come.
    const far = Uint8Array.of(0x0f, 0x80)
    expect(await refusal(await signTransfer(chain, alice, { era: far }))).toMatch(
      /^1010 Transaction has an? (ancient birth block|bad signature)/,
    )
  })

  test('that cannot be paid, are too long, or are no transactions', async () => {
    const poor = new Keyring({ type: 'sr25519' }).addFromUri('//nobody')
    expect(await refusal(await signTransfer(chain, poor))).toMatch(
      /^1010 Inability to pay some fees/,
    )
    // System.remark
    const text = new Uint8Array(8_000_000)
    const long = concat(Uint8Array.of(0, 0), compactBytes(text.length), text)
    expect(await refusal(await signTransfer(chain, alice, { call: long }))).toBe(
      '1010 Transaction would exhaust the block limits',
    )
    for (const call of [[], [200, 0], [5, 200], [5, 3], [5, 3, 9], [5, 3, 0, 1, 2, 3]]) {
      const bytes = await signTransfer(chain, alice, { call: Uint8Array.from(call) })
      expect(await refusal(bytes)).toMatch(/^1002 Verification Error/)
    }
    // Timestamp.set is for authors only.
    await chain.advance(1)
    const { block } = await chain.request<{ block: { extrinsics: string[] } }>('chain_getBlock')
    expect(await refusal(block.extrinsics[0]!)).toMatch(/^1010 Transaction dispatch is mandatory/)
    expect(await refusal('0x')).toMatch(/^1001 /)
    expect(await refusal('0x04')).toMatch(/^100[12] /)
  })

  test('no bytes take it down', async () => {
    const good = fromHex(await signTransfer(chain, alice))
    const spoiled = fc
      .array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 })
      .map((changes) => {
        const bytes = Uint8Array.from(good)
        for (const [at, byte] of changes) bytes[at] = byte
        return bytes
      })
    const cut = fc.nat(good.length).map((length) => good.slice(0, length))
    const any = fc.oneof(fc.uint8Array({ maxLength: 300 }), spoiled, cut)
    await fc.assert(
      fc.asyncProperty(any, async (bytes) => {
        const hex = toHex(bytes)
        expect(await refusal(hex)).toMatch(/^(taken|10\d\d )/)
        for (const [method, params] of [
          ['system_dryRun', [hex]],
          ['payment_queryInfo', [hex]],
          ['state_call', ['TaggedTransactionQueue_validate_transaction', hex]],
          ['state_call', ['TransactionPaymentApi_query_info', hex]],
          ['state_call', ['DelegateInfoRuntimeApi_get_delegate', hex]],
          ['state_call', ['NeuronInfoRuntimeApi_get_neuron', hex]],
        ] as const) {
          const code = await chain.request(method, params).then(
            () => undefined,
            (error: Failure) => error.code,
          )
          expect([undefined, 1001, 1002, 2, 4003]).toContain(code)
        }
      }),
      { numRuns: 200 },
    )
    await chain.advance(2)
  })
})

describe('connections', () => {
  test('a frame that is too big ends its connection and no other', async () => {
    const [big, other] = [await openSocket(chain.endpoint), await openSocket(chain.endpoint)]
    const closed = new Promise((resolve) => big.socket.once('close', resolve))
    big.socket.on('error', () => {})
    big.send(`"${'x'.repeat(33 * 1024 * 1024)}"`)
    expect(await closed).toBe(1009)
    expect(await other.ask('system_chain')).toBe('Bittensor')
    other.socket.close()
  })

  test('a thousand idle connections leave the chain at work', async () => {
    const idle = []
    for (let i = 0; i < 20; i++) {
      idle.push(
        ...(await Promise.all(Array.from({ length: 50 }, () => openSocket(chain.endpoint)))),
      )
    }
    const busy = await openSocket(chain.endpoint)
    await busy.ask('chain_subscribeNewHeads')
    await chain.advance(3)
    for (let i = 0; i < 4; i++) expect((await busy.next()).method).toBe('chain_newHead')
    expect(await idle[999]!.ask('system_chain')).toBe('Bittensor')
    for (const { socket } of [...idle, busy]) socket.terminate()
  })

  test('half a request, a vanished client and nonsense are nobody else’s matter', async () => {
    const { connect } = await import('node:net')
    const port = Number(new URL(chain.endpoint).port)
    for (const bytes of [
      'POST / HTTP/1.1\r\ncontent-length: 99\r\n\r\n{',
      '\x00\x01\x02',
      'GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
    ]) {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => {})
      await new Promise<void>((resolve) => socket.once('connect', () => resolve()))
      socket.write(bytes)
      socket.resetAndDestroy()
    }
    const gone = await openSocket(chain.endpoint)
    gone.send('{"jsonrpc":"2.0","id":1,"method":"chainHead_v1_follow","params":[true]}')
    gone.socket.terminate()
    const alive = await openSocket(chain.endpoint)
    await chain.advance(3)
    expect(await alive.ask('system_chain')).toBe('Bittensor')
    alive.socket.close()
  })
})
