/** What becomes of transactions: on a good line, a bad one, and none. Money must never move twice or unnoticed. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { readFreeBalance } from '../../src/core/chain/balances.js'
import {
  buildCall,
  burnedRegisterCall,
  registerNetworkCall,
  stakeCall,
  transferCall,
} from '../../src/core/chain/calls.js'
import { connect } from '../../src/core/chain/connect.js'
import { findTransaction } from '../../src/core/chain/findTransaction.js'
import { estimateFee, readNextNonce, signTransaction } from '../../src/core/chain/sign.js'
import { submit } from '../../src/core/chain/submit.js'
import type {
  Call,
  ChainClient,
  SignedTransaction,
  SubmitOptions,
  SubmitPhase,
} from '../../src/core/chain/types.js'
import { type Keypair, keypairFromUri } from '../../src/core/keys/keypair.js'
import { type Rao, rao } from '../../src/core/units.js'
import { Localnet } from '../../src/localnet/index.js'
import { type ChainProxy, startProxy } from './chainProxy.js'

let net: Localnet
let proxy: ChainProxy
let chain: ChainClient
let sender: Keypair
let receiver: Keypair
let count = 0

beforeAll(async () => {
  net = await Localnet.start({ port: 0, blocks: 'manual' })
  proxy = await startProxy(net.endpoint)
  chain = await connect({ network: 'local', endpoint: proxy.endpoint })
  // Loaded in the middle of a submission, blocks as fast as these would outrun it.
  await chain.encoder()
  receiver = await keypairFromUri('//Receiver')
  await net.fund(receiver.address, 10n ** 9n)
})
afterAll(async () => {
  await chain.close()
  await proxy.stop()
  await net.stop()
})
afterEach(() => {
  proxy.decide = () => 'pass'
  proxy.requests.length = 0
})

/** A sender of its own for each test, so that nonces do not meet. */
async function freshSender(tao = 10n): Promise<void> {
  count += 1
  sender = await keypairFromUri(`//Sender${count}`)
  if (tao > 0n) await net.fund(sender.address, tao * 10n ** 9n)
}

const payment = (amount = 1_000_000n): Call =>
  transferCall(chain, { dest: receiver.address, amount: rao(amount) })

const balanceOf = async (key: Keypair): Promise<Rao> =>
  readFreeBalance(await chain.at(), key.address)

type Run = Partial<SubmitOptions> & { readonly call?: Call }

/** Submits while a background loop makes blocks. */
async function run(options: Run = {}, everyMs = 40) {
  const timer = setInterval(() => void net.advance(1), everyMs)
  try {
    return await submit(chain, { call: payment(), signer: sender, ...options })
  } finally {
    clearInterval(timer)
  }
}

describe('on a good line', () => {
  test('a transfer is included, with its fee and its events', async () => {
    await freshSender()
    const before = await balanceOf(receiver)
    const fee = await estimateFee(chain, payment(), sender.address)
    const phases: SubmitPhase['phase'][] = []
    let journal: SignedTransaction | undefined
    const receipt = await run({
      onPhase: ({ phase }) => phases.push(phase),
      beforeSend: async (transaction) => {
        journal = transaction
        expect(proxy.requests).not.toContain('author_submitAndWatchExtrinsic')
      },
    })
    expect(receipt).toMatchObject({ outcome: 'included', fee, hash: journal?.hash })
    expect(receipt.events.map(({ pallet, name }) => `${pallet}.${name}`)).toEqual([
      'Balances.Withdraw',
      'Balances.Transfer',
      'TransactionPayment.TransactionFeePaid',
      'System.ExtrinsicSuccess',
    ])
    expect(receipt.events[1]?.data).toEqual({
      from: sender.address,
      to: receiver.address,
      amount: 1_000_000n,
    })
    expect(await balanceOf(receiver)).toBe(before + 1_000_000n)
    expect(await balanceOf(sender)).toBe(10n ** 10n - 1_000_000n - fee)
    expect(phases).toEqual(expect.arrayContaining(['signing', 'sending', 'included']))
    const block = await chain.at(receipt.blockHash)
    expect(block.block).toEqual({ number: receipt.blockNumber, hash: receipt.blockHash })
    expect(journal?.era).toEqual({
      period: 64,
      birth: expect.any(Number),
      death: expect.any(Number),
    })
    expect(proxy.requests.filter((one) => one.startsWith('author_submit'))).toHaveLength(1)
  })

  test('finality is waited for on request', async () => {
    await freshSender()
    const phases: SubmitPhase['phase'][] = []
    const receipt = await run({
      wait: 'finalization',
      onPhase: ({ phase }) => phases.push(phase),
    })
    expect(receipt.outcome).toBe('finalized')
    expect(phases.slice(-2)).toEqual(['included', 'finalized'])
    expect((await chain.finalizedHead()).number).toBeGreaterThanOrEqual(receipt.blockNumber)
  })

  test('without waiting the hash comes back, and the fate can be asked later', async () => {
    await freshSender()
    const sent = await submit(chain, { call: payment(), signer: sender, wait: 'none' })
    expect(sent).toMatchObject({ outcome: 'sent', hash: expect.stringMatching(/^0x[0-9a-f]{64}$/) })
    expect(await findTransaction(chain, sent.transaction)).toMatchObject({ fate: 'unknown' })
    expect(await readNextNonce(chain, sender.address)).toBe(1)
    await net.advance(1)
    expect(await findTransaction(chain, sent.transaction)).toMatchObject({
      fate: 'included',
      receipt: { hash: sent.hash },
    })
  })

  test('two transactions of one account get numbers of their own', async () => {
    await freshSender()
    const first = await submit(chain, { call: payment(), signer: sender, wait: 'none' })
    const second = await run()
    expect([first.transaction.nonce, second.transaction.nonce]).toEqual([0, 1])
  })
})

describe('refusals', () => {
  test('of the chain name pallet, error, meaning and block', async () => {
    await freshSender()
    const call = stakeCall(chain, { hotkey: receiver.address, amount: 1_000n })
    await expect(run({ call })).rejects.toMatchObject({
      code: 'EXTRINSIC_FAILED',
      message: expect.stringMatching(
        /^the chain refused: SubtensorModule\.NotRegistered — the hotkey/,
      ),
      hint: expect.stringContaining('register'),
      data: {
        pallet: 'SubtensorModule',
        name: 'NotRegistered',
        hash: expect.any(String),
        blockNumber: expect.any(Number),
      },
    })
  })

  test('inside a batch and inside sudo are refusals too', async () => {
    await freshSender()
    const batch = buildCall(chain, 'Utility', 'batch', {
      calls: [payment(500n), payment(10n ** 17n), payment(700n)],
    })
    await expect(run({ call: batch })).rejects.toMatchObject({
      code: 'EXTRINSIC_FAILED',
      data: { name: 'InsufficientBalance', wrapper: 'Utility.BatchInterrupted' },
    })
    const sudo = buildCall(chain, 'Sudo', 'sudo', {
      call: buildCall(chain, 'AdminUtils', 'sudo_set_tempo', { netuid: 999, tempo: 10 }),
    })
    await expect(
      run({ call: sudo, signer: await keypairFromUri('//Alice') }),
    ).rejects.toMatchObject({ code: 'EXTRINSIC_FAILED', data: { wrapper: 'Sudo.Sudid' } })
  })

  test('of the pool cost nothing and say so', async () => {
    await freshSender(0n)
    await expect(run()).rejects.toMatchObject({
      code: 'INSUFFICIENT_BALANCE',
      message: 'not accepted: the account can not pay the fee',
      data: { sent: false, rpcCode: 1010 },
    })
    await freshSender()
    await run()
    await expect(run({ nonce: 0 })).rejects.toMatchObject({
      code: 'EXTRINSIC_FAILED',
      message: expect.stringContaining('came first'),
      data: { sent: false },
    })
  })

  test('a transaction that the node has already is followed, not refused', async () => {
    await freshSender()
    const receipt = await run({
      beforeSend: async ({ bytes }) => {
        await net.request('author_submitExtrinsic', [bytes])
      },
    })
    expect(receipt.outcome).toBe('included')
  })

  test('a transaction that is in a block already is found there', async () => {
    await freshSender()
    const receipt = await run({
      beforeSend: async ({ bytes }) => {
        await net.request('author_submitExtrinsic', [bytes])
        await net.advance(1)
      },
    })
    expect(receipt.outcome).toBe('included')
  })
})

describe('a line that breaks', () => {
  const sending = (fate: 'forward-then-cut' | 'cut' | 'ignore') => {
    proxy.decide = ({ method }) => (method === 'author_submitAndWatchExtrinsic' ? fate : 'pass')
  }

  test('right after sending: the transaction is found in its block, sent once', async () => {
    await freshSender()
    const before = await balanceOf(receiver)
    sending('forward-then-cut')
    const phases: SubmitPhase['phase'][] = []
    const receipt = await run({ onPhase: ({ phase }) => phases.push(phase) }, 300)
    expect(receipt.outcome).toBe('included')
    expect(phases).toContain('reconnecting')
    expect(proxy.requests.filter((one) => one.startsWith('author_submit'))).toHaveLength(1)
    expect(await balanceOf(receiver)).toBe(before + 1_000_000n)
  })

  test('right after sending a call that fails: the refusal is found', async () => {
    await freshSender()
    sending('forward-then-cut')
    await expect(run({ call: payment(10n ** 17n) }, 300)).rejects.toMatchObject({
      code: 'EXTRINSIC_FAILED',
      data: { name: 'InsufficientBalance' },
    })
  })

  test('before the node read it: when the era is over it is safe to try again', async () => {
    await freshSender()
    sending('cut')
    const before = await balanceOf(receiver)
    await expect(run({ era: 4 }, 20)).rejects.toMatchObject({
      code: 'TIMEOUT',
      message: 'not included, and can not be any more',
      hint: 'it is safe to try again',
      data: { sent: true, included: false, reason: 'era', hash: expect.any(String) },
    })
    expect(proxy.requests.filter((one) => one.startsWith('author_submit'))).toHaveLength(1)
    expect(await balanceOf(receiver)).toBe(before)
  })

  test('and a chain that stands still leave the outcome open, with the hash', async () => {
    await freshSender()
    sending('cut')
    let hash = ''
    const attempt = submit(chain, {
      call: payment(),
      signer: sender,
      stallMs: 600,
      beforeSend: async (transaction) => {
        hash = transaction.hash
      },
    })
    await expect(attempt).rejects.toMatchObject({
      code: 'UNKNOWN_OUTCOME',
      message: expect.stringContaining('outcome unknown'),
      details: expect.stringMatching(/may still be included until block \d+/),
      data: { sent: true, lastBlock: expect.any(Number) },
    })
    await expect(attempt).rejects.toThrowError(hash)
  })

  test('and never comes back leaves the outcome open, with the hash', async () => {
    await freshSender()
    proxy.decide = ({ method }) => {
      if (method !== 'author_submitAndWatchExtrinsic') return 'pass'
      setTimeout(() => proxy.shut(), 20)
      return 'ignore'
    }
    await expect(
      submit(chain, { call: payment(), signer: sender, stallMs: 1_500 }),
    ).rejects.toMatchObject({ code: 'UNKNOWN_OUTCOME', data: { sent: true } })
    proxy.open()
  })

  test('before sending means that nothing was sent', async () => {
    await freshSender()
    const doomed = await startProxy(net.endpoint)
    const client = await connect({ network: 'local', endpoint: doomed.endpoint })
    const lost = new Promise((resolve) => void client.subscribeHeads(() => {}, resolve))
    await expect(
      submit(client, {
        call: payment(),
        signer: sender,
        beforeSend: async () => {
          await doomed.stop()
          await lost
        },
      }),
    ).rejects.toMatchObject({
      code: 'CONNECTION',
      details: expect.stringContaining('nothing was sent'),
      data: { sent: false },
    })
    await client.close()
  })
})

describe('a node that drops it', () => {
  test('after another transaction took its number: it can not be included any more', async () => {
    await freshSender()
    const rival = await signTransaction(chain, { call: payment(700n), signer: sender })
    proxy.decide = ({ id, method }) => {
      if (method !== 'author_submitAndWatchExtrinsic') return 'pass'
      const status = { subscription: 's', result: { usurped: rival.hash } }
      const notice = { jsonrpc: '2.0', method: 'author_extrinsicUpdate', params: status }
      const taken = net.request('author_submitExtrinsic', [rival.bytes])
      return {
        answer: JSON.stringify({ jsonrpc: '2.0', id, result: 's' }),
        later: taken.then(() => net.advance(1)).then(() => JSON.stringify(notice)),
      }
    }
    await expect(
      submit(chain, { call: payment(), signer: sender, nonce: rival.nonce }),
    ).rejects.toMatchObject({
      code: 'TIMEOUT',
      data: { included: false, reason: 'nonce' },
    })
  })
})

describe('Ctrl-C', () => {
  test('before sending: nothing was sent', async () => {
    await freshSender()
    const abort = new AbortController()
    await expect(
      run({ signal: abort.signal, beforeSend: async () => abort.abort() }),
    ).rejects.toMatchObject({ code: 'INTERRUPTED', data: { sent: false } })
    expect(proxy.requests).not.toContain('author_submitAndWatchExtrinsic')
  })

  test('after sending: says so, with the hash and the last block', async () => {
    await freshSender()
    const abort = new AbortController()
    let hash = ''
    const attempt = submit(chain, {
      call: payment(),
      signer: sender,
      signal: abort.signal,
      onPhase: (phase) => {
        if (phase.phase === 'sending') hash = phase.hash
        if (phase.phase === 'accepted') abort.abort()
      },
    })
    await expect(attempt).rejects.toMatchObject({
      code: 'INTERRUPTED',
      details: expect.stringMatching(/may still be included until block \d+/),
      data: { sent: true, lastBlock: expect.any(Number) },
    })
    await expect(attempt).rejects.toThrowError(hash)
    await net.advance(1)
  })
})

describe('registration and subnets', () => {
  test('work through the same path', async () => {
    const alice = await keypairFromUri('//Alice')
    const hotkey = await keypairFromUri('//Alice//fresh')
    await net.fund(alice.address, 5_000n * 10n ** 9n)
    const created = await run({ call: registerNetworkCall(chain, {}), signer: alice })
    const added = created.events.find(({ name }) => name === 'NetworkAdded')
    const [netuid] = (added?.data ?? []) as readonly number[]
    expect(netuid).toEqual(expect.any(Number))
    const receipt = await run({
      call: burnedRegisterCall(chain, { netuid: netuid ?? -1, hotkey: hotkey.address }),
      signer: alice,
    })
    expect(receipt.events.find(({ name }) => name === 'NeuronRegistered')?.data).toEqual([
      netuid,
      0,
      hotkey.address,
    ])
    expect(receipt.fee).toBe(0n)
  })
})
