/** Journal, duplicates and limits around real submissions: whatever happens in between, nothing is paid twice. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { chainLookup } from '../../src/cli/chainLookup.js'
import type { Guard, Intended } from '../../src/cli/guard.js'
import { safetyGuard } from '../../src/cli/safetyGuard.js'
import { readFreeBalance } from '../../src/core/chain/balances.js'
import { stakeCall, transferCall } from '../../src/core/chain/calls.js'
import { connect } from '../../src/core/chain/connect.js'
import { signTransaction } from '../../src/core/chain/sign.js'
import { submit } from '../../src/core/chain/submit.js'
import type { Call, ChainClient } from '../../src/core/chain/types.js'
import { openJournal } from '../../src/core/journal.js'
import { type Keypair, keypairFromUri } from '../../src/core/keys/keypair.js'
import { settle } from '../../src/core/settle.js'
import { rao } from '../../src/core/units.js'
import { Localnet } from '../../src/localnet/index.js'
import { testContext } from '../support/context.js'
import { tempFolder } from '../support/tempFolder.js'

const AMOUNT = 1_000_000n

let net: Localnet
let chain: ChainClient
let sender: Keypair
let receiver: Keypair
let home: string
let count = 0

beforeAll(async () => {
  net = await Localnet.start({ blocks: 'manual' })
  chain = await connect({ network: 'local', provider: net.provider() })
  // Loaded in the middle of a submission, blocks as fast as these would outrun it.
  await chain.encoder()
  receiver = await keypairFromUri('//Receiver')
  await net.fund(receiver.address, 10n ** 9n)
})
afterAll(async () => {
  await chain.close()
  await net.stop()
})
beforeEach(async () => {
  home = tempFolder()
  count += 1
  sender = await keypairFromUri(`//Safe${count}`)
  await net.fund(sender.address, 10n ** 10n)
})

const received = async () => readFreeBalance(await chain.at(), receiver.address)
const journal = () =>
  openJournal({ directory: join(home, '.bittensor', 'history'), now: () => new Date() })
const outcomes = async () =>
  (await journal().read()).entries.map(({ outcome }) => outcome?.outcome ?? 'open')

function payment(amount = AMOUNT): Intended {
  return intend(transferCall(chain, { dest: receiver.address, amount: rao(amount) }), amount)
}

function intend(call: Call, amount: bigint): Intended {
  return {
    network: chain.network,
    genesisHash: chain.genesisHash,
    value: chain.value,
    specVersion: chain.specVersion,
    command: 'transfer',
    account: sender.address,
    call,
    asked: call.args,
    netuids: [],
    destinations: [],
    spendRao: amount,
    feeRao: 200_000n,
  }
}

/** The connection serves all tests: a context that ends must not close it. */
const shared = () =>
  new Proxy(chain, {
    get(target, key) {
      if (key === 'close') return async () => undefined
      const value: unknown = Reflect.get(target, key)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })

async function guard(allowDuplicate = false): Promise<Required<Guard>> {
  const { ctx } = await testContext({ home, chain: shared(), now: Date.now() })
  const self = { pid: process.pid, identify: async () => 'me' }
  const made = safetyGuard(ctx, { self, allowDuplicate: () => allowDuplicate })
  return made as Required<Guard>
}

/** What transact does around a submission. `crash`: the process ends where it is, and nobody tells the guard. */
async function send(intended: Intended, made: Required<Guard>, crash?: 'before sending' | 'after') {
  const leave = await made.enter([intended])
  const blocks = setInterval(() => void net.advance(1), 20)
  try {
    const receipt = await submit(chain, {
      call: intended.call,
      signer: sender,
      beforeSend: async (transaction) => {
        await made.beforeSend(intended, transaction)
        if (crash === 'before sending') throw new Error('killed')
      },
    })
    if (crash !== 'after') await made.ended(intended, { ok: true, receipt })
    return receipt
  } catch (error) {
    if (!crash) await made.ended(intended, { ok: false, error })
    throw error
  } finally {
    clearInterval(blocks)
    await leave()
  }
}

describe('a transfer', () => {
  test('is written down with its block, and may be repeated', async () => {
    const before = await received()
    const first = await send(payment(), await guard())
    await send(payment(), await guard())
    expect(await received()).toBe(before + 2n * AMOUNT)
    const { entries } = await journal().read()
    expect(entries[0]).toMatchObject({
      hash: first.hash,
      account: sender.address,
      destinations: [{ address: receiver.address, amountRao: AMOUNT }],
      outcome: { outcome: 'included', block: first.blockNumber },
    })
    expect(await outcomes()).toEqual(['included', 'included'])
  })

  test('that was included before the crash is not paid again', async () => {
    const before = await received()
    await send(payment(), await guard(), 'after')
    expect(await outcomes()).toEqual(['open'])
    for (let round = 0; round < 3; round++) {
      await expect(send(payment(), await guard())).rejects.toMatchObject({
        code: 'DUPLICATE',
        data: { verdict: 'already', settlement: { state: 'included', certain: true } },
      })
    }
    expect(await received()).toBe(before + AMOUNT)
  })

  test('that waits in the pool after the crash is not paid again', async () => {
    const before = await received()
    const intended = payment()
    const made = await guard()
    const leave = await made.enter([intended])
    const transaction = await signTransaction(chain, { call: intended.call, signer: sender })
    await made.beforeSend(intended, transaction)
    await chain.request('author_submitExtrinsic', [transaction.bytes])
    await leave()
    await expect(send(payment(), await guard())).rejects.toMatchObject({
      code: 'DUPLICATE',
      data: { verdict: 'open' },
    })
    await net.advance(1)
    await expect(send(payment(), await guard())).rejects.toMatchObject({
      data: { verdict: 'already' },
    })
    expect(await received()).toBe(before + AMOUNT)
  })

  test('that was never sent is held back until its era is over, then paid once', async () => {
    const before = await received()
    await expect(send(payment(), await guard(), 'before sending')).rejects.toThrow('killed')
    await expect(send(payment(), await guard())).rejects.toMatchObject({
      code: 'DUPLICATE',
      data: { verdict: 'open' },
    })
    expect(await received()).toBe(before)
    await net.advance(70)
    await send(payment(), await guard())
    expect(await received()).toBe(before + AMOUNT)
    expect(await outcomes()).toEqual(['not-included', 'included'])
  })

  test('that two processes were asked for at once is paid once', async () => {
    const before = await received()
    const [first, second] = await Promise.all([guard(), guard()])
    for (const one of [first, second]) await one.review([payment()])
    await send(payment(), first)
    await expect(send(payment(), second)).rejects.toMatchObject({
      code: 'DUPLICATE',
      message: expect.stringMatching(
        /^the same transfer was sent by another btcli meanwhile, and is in block \d+$/,
      ),
    })
    expect(await received()).toBe(before + AMOUNT)
    // Asked for once more, with the first one known, it is a second payment.
    const third = await guard()
    await third.review([payment()])
    await send(payment(), third)
    expect(await received()).toBe(before + 2n * AMOUNT)
  })

  test('is not decided by a node that does not have the blocks', async () => {
    const before = await received()
    await send(payment(), await guard(), 'after')
    await net.advance(70)
    const gap = new Proxy(chain, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key)
        if (key === 'request') {
          return (method: string, params: readonly unknown[] = []) =>
            method === 'chain_getBlockHash' && params.length > 0
              ? Promise.resolve(null)
              : target.request(method, params)
        }
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const [entry] = (await journal().read()).entries
    await expect(settle(entry!, chainLookup(gap))).rejects.toMatchObject({
      code: 'CONNECTION',
      message: expect.stringMatching(/^the node does not show block \d+$/),
    })
    await expect(send(payment(), await guard())).rejects.toMatchObject({ code: 'DUPLICATE' })
    expect(await received()).toBe(before + AMOUNT)
  })

  test('with --allow_duplicate is paid twice, because that was asked for', async () => {
    const before = await received()
    await send(payment(), await guard(), 'after')
    await send(payment(), await guard(true))
    expect(await received()).toBe(before + 2n * AMOUNT)
  })

  test('over the limit of a day is not sent', async () => {
    mkdirSync(join(home, '.bittensor'), { recursive: true })
    writeFileSync(join(home, '.bittensor', 'policy.yml'), 'max_per_day: 0.0025\n')
    const before = await received()
    await send(payment(), await guard())
    await send(payment(), await guard())
    expect(await (await guard()).review([payment()])).toHaveLength(1)
    await expect(send(payment(), await guard())).rejects.toMatchObject({ code: 'POLICY' })
    expect(await received()).toBe(before + 2n * AMOUNT)
    expect(await outcomes()).toEqual(['included', 'included', 'not-included'])
  })
})

test('a call that fails on chain is known as failed, live and when settled later', async () => {
  const hotkey = (await keypairFromUri('//NobodysHotkey')).address
  const bad = () => intend(stakeCall(chain, { hotkey, amount: rao(AMOUNT) }), AMOUNT)
  await expect(send(bad(), await guard())).rejects.toMatchObject({ code: 'EXTRINSIC_FAILED' })
  await expect(send(bad(), await guard(), 'after')).rejects.toThrow()
  const [live, open] = (await journal().read()).entries
  expect(live?.outcome).toMatchObject({
    outcome: 'failed',
    block: expect.any(Number),
    error: expect.stringMatching(/^SubtensorModule\./),
  })
  expect(open?.outcome).toBeUndefined()
  if (!open) return
  const settlement = await settle(open, chainLookup(chain))
  expect(settlement).toMatchObject({ state: 'failed', error: live?.outcome?.error })
})
