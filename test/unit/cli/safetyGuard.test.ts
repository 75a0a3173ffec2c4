import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { blake2b } from '@noble/hashes/blake2.js'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Ending, Guard, Intended } from '../../../src/cli/guard.js'
import { safetyGuard } from '../../../src/cli/safetyGuard.js'
import type { ChainClient, Receipt, SignedTransaction } from '../../../src/core/chain/types.js'
import { BittensorError } from '../../../src/core/errors.js'
import { type Journal, openJournal } from '../../../src/core/journal.js'
import { toHex } from '../../../src/core/keys/hex.js'
import type { Ss58 } from '../../../src/core/keys/ss58.js'
import type { ProcessProbe } from '../../../src/core/processProbe.js'
import { testContext, type WorldOptions } from '../../support/context.js'
import { tempFolder } from '../../support/tempFolder.js'

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY' as Ss58
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'
const CHARLIE = '5FLSigC9HGRKVhB9FiEo4Y3koPsNmBmLJbpXg2mp1hXcS59Y' as Ss58
const TAO = 1_000_000_000n
const EXTRINSIC = '0x0102'
const HASH = toHex(blake2b(Uint8Array.of(1, 2), { dkLen: 32 })) as `0x${string}`

let home: string
let journal: Journal
beforeEach(() => {
  home = tempFolder()
  journal = openJournal({ directory: join(home, '.bittensor', 'history'), now: () => new Date() })
})
const outcomes = async () =>
  (await journal.read()).entries.map((entry) => entry.outcome?.outcome ?? 'open')

function policy(text: string): void {
  mkdirSync(join(home, '.bittensor'), { recursive: true })
  writeFileSync(join(home, '.bittensor', 'policy.yml'), text)
}

function transfer(change: Partial<Intended> = {}): Intended {
  const value = change.spendRao ?? TAO
  return {
    network: 'finney',
    genesisHash: '0x2f',
    value: 'unknown',
    specVersion: 143,
    command: 'transfer',
    account: ALICE,
    call: {
      pallet: 'Balances',
      name: 'transfer_keep_alive',
      args: { dest: BOB, value },
      data: '0x00',
      specVersion: 143,
    },
    asked: { dest: BOB, value },
    netuids: [],
    destinations: [{ address: BOB, amountRao: value }],
    spendRao: TAO,
    feeRao: 1n,
    ...change,
  }
}

const SIGNED: SignedTransaction = {
  hash: HASH,
  bytes: EXTRINSIC,
  nonce: 7,
  era: { period: 64, birth: 100, death: 163 },
  from: ALICE,
  genesisHash: '0x2f',
  specVersion: 143,
}

const receipt = (outcome: 'included' | 'finalized') =>
  ({ ok: true, receipt: { outcome, blockNumber: 120 } as Receipt }) as const

const SENT = { ok: true, receipt: { outcome: 'sent' } } as Ending

/** A node at some height; `holds` is the block with the transaction. Its events are gone. */
function node(best: number, holds?: number): ChainClient {
  const block = (number: number) => ({ number, hash: `0x${number}` as const })
  const stub: Partial<ChainClient> = {
    genesisHash: '0x2f',
    specVersion: 143,
    head: async () => ({ ...block(best), parentHash: '0x', bringsRuntime: false }),
    finalizedHead: async () => block(best),
    at: async () => {
      throw new BittensorError('CONNECTION', 'the state of this block is pruned')
    },
    async request(method, params = []) {
      const number = Number(`${params[0]}`.replace('0x', ''))
      if (method === 'chain_getBlockHash') return number > best ? null : block(number).hash
      return { block: { extrinsics: number === holds ? [EXTRINSIC] : [] } }
    },
    close: async () => undefined,
  }
  return stub as ChainClient
}

type Made = Required<Guard> & { stderr(): string; verify(): void }

async function guard(
  options: WorldOptions & {
    readonly settings?: Record<string, unknown>
    readonly allowDuplicate?: boolean
    readonly self?: ProcessProbe
  } = {},
): Promise<Made> {
  const { allowDuplicate = false, self, ...rest } = options
  const made = await testContext({ home, now: Date.now(), ...rest })
  const probe = self ?? { pid: process.pid, identify: async () => 'alive' }
  const built = safetyGuard(made.ctx, { self: probe, allowDuplicate: () => allowDuplicate })
  return { ...(built as Required<Guard>), stderr: made.stderr, verify: made.verify }
}

/** Enters, sends and leaves, as a command does. */
async function send(made: Made, intended: Intended, ending?: Ending): Promise<void> {
  const leave = await made.enter([intended])
  try {
    await made.beforeSend(intended, SIGNED)
    if (ending) await made.ended(intended, ending)
  } finally {
    await leave()
  }
}

describe('the journal', () => {
  it('has the line before the transaction is sent', async () => {
    const made = await guard()
    const intended = transfer()
    const leave = await made.enter([intended])
    expect(await outcomes()).toEqual([])
    await made.beforeSend(intended, SIGNED)
    expect((await journal.read()).entries).toMatchObject([
      {
        network: 'finney',
        account: ALICE,
        call: { name: 'Balances.transfer_keep_alive', args: { dest: BOB, value: '1000000000' } },
        nonce: 7,
        era: { birth: 100, death: 163 },
        hash: HASH,
        spendRao: TAO,
        feeRao: 1n,
        destinations: [{ address: BOB, amountRao: TAO }],
        outcome: undefined,
      },
    ])
    await leave()
  })

  const failure = (code: ConstructorParameters<typeof BittensorError>[0], data = {}): Ending => ({
    ok: false,
    error: new BittensorError(code, 'why', { data }),
  })
  it.each([
    ['included', receipt('included'), { outcome: 'included', block: 120 }],
    ['final', receipt('finalized'), { outcome: 'finalized', block: 120 }],
    ['not waited for', SENT, { outcome: 'sent' }],
    [
      'failed on chain',
      failure('EXTRINSIC_FAILED', { pallet: 'Balances', name: 'X', blockNumber: 120, hash: HASH }),
      { outcome: 'failed', block: 120, error: 'Balances.X' },
    ],
    [
      'refused by the pool',
      failure('EXTRINSIC_FAILED', { sent: false }),
      { outcome: 'not-included', error: 'why' },
    ],
    [
      'stopped before sending',
      failure('INTERRUPTED', { sent: false }),
      { outcome: 'not-included' },
    ],
    ['expired', failure('TIMEOUT', { sent: true, included: false }), { outcome: 'not-included' }],
    [
      'not final',
      failure('TIMEOUT', { sent: true, included: true, blockNumber: 120 }),
      { outcome: 'included', block: 120 },
    ],
    ['lost', failure('UNKNOWN_OUTCOME', { sent: true }), { outcome: 'unknown' }],
    ['interrupted after sending', failure('INTERRUPTED', { sent: true }), { outcome: 'unknown' }],
    ['a failure without words', failure('CONNECTION'), { outcome: 'unknown' }],
    ['a bug', { ok: false, error: new TypeError('x') } as Ending, { outcome: 'unknown' }],
  ])('knows what became of a transaction that is %s', async (_, ending, expected) => {
    await send(await guard(), transfer(), ending)
    const [entry] = (await journal.read()).entries
    expect(entry?.outcome).toMatchObject(expected)
  })

  it('that cannot be written stops the transaction', async () => {
    mkdirSync(join(home, '.bittensor', 'history', 'transactions.jsonl'), { recursive: true })
    await expect(send(await guard(), transfer())).rejects.toMatchObject({ code: 'INTERNAL' })
  })

  it('that cannot take the outcome does not hide the outcome', async () => {
    const made = await guard()
    const intended = transfer()
    await made.enter([intended])
    await made.beforeSend(intended, SIGNED)
    await made.ended(transfer(), receipt('included'))
    expect(await outcomes()).toEqual(['open'])
    await expect(made.ended(intended, receipt('included'))).resolves.toBeUndefined()
    expect(await outcomes()).toEqual(['included'])
  })
})

describe('the same again while an earlier one is undecided', () => {
  beforeEach(async () => {
    await send(await guard(), transfer())
  })

  it.each([
    ['in a script', {}],
    ['with -y at a terminal', { tty: true, settings: { no_prompt: true } }],
    ['with JSON at a terminal', { tty: true, settings: { json_output: true } }],
  ])('is refused %s, each time, and nothing is sent', async (_, options) => {
    for (let round = 0; round < 2; round++) {
      await expect(
        send(await guard({ chain: node(120), ...options }), transfer()),
      ).rejects.toMatchObject({
        code: 'DUPLICATE',
        message: 'the same transfer was sent before and can still be included for 43 more blocks',
      })
    }
    expect(await outcomes()).toEqual(['open'])
    expect(readdirSync(join(home, '.bittensor', 'history'))).toEqual(['transactions.jsonl'])
  })

  it('is refused when the earlier one was included after all, however often a script tries', async () => {
    for (let round = 0; round < 3; round++) {
      await expect(send(await guard({ chain: node(170, 110) }), transfer())).rejects.toMatchObject({
        code: 'DUPLICATE',
        message: expect.stringContaining('was included in block 110'),
        hint: expect.stringContaining('what you asked for is done'),
      })
    }
    expect(await outcomes()).toEqual(['open'])
  })

  it('goes on when the earlier one can not come any more', async () => {
    const made = await guard({ chain: node(163) })
    await send(made, transfer(), receipt('included'))
    expect(made.stderr()).toContain('was not included and can not be any more.')
    expect(await outcomes()).toEqual(['not-included', 'included'])
  })

  it('with --allow_duplicate sends another', async () => {
    await send(await guard({ chain: node(120), allowDuplicate: true }), transfer())
    expect(await outcomes()).toEqual(['open', 'open'])
  })

  it('asks a person, and the default is No', async () => {
    const no = await guard({
      chain: node(120),
      prompts: [[/for 43 more blocks. Send another\?/, false]],
    })
    await expect(send(no, transfer())).rejects.toMatchObject({ code: 'DECLINED' })
    no.verify()
    const yes = await guard({ chain: node(120), prompts: [['Send another?', true]] })
    await send(yes, transfer())
    expect(await outcomes()).toEqual(['open', 'open'])
  })

  it('a person who was told that it is done is not asked again', async () => {
    const told = await guard({
      chain: node(170, 110),
      prompts: [['was included in block 110', false]],
    })
    await expect(send(told, transfer())).rejects.toMatchObject({ code: 'DECLINED' })
    expect(await outcomes()).toEqual(['included'])
    await send(await guard(), transfer())
  })

  it('sends nothing while the chain does not answer', async () => {
    const chain = async () => {
      throw new BittensorError('CONNECTION', 'cannot reach the node')
    }
    await expect(send(await guard({ chain }), transfer())).rejects.toMatchObject({
      code: 'CONNECTION',
    })
    expect(await outcomes()).toEqual(['open'])
  })

  it.each([
    ['another amount', { spendRao: 2n * TAO }],
    ['another account', { account: CHARLIE }],
    ['another chain', { genesisHash: '0x8f' }],
  ])('does not concern %s', async (_, change) => {
    await send(await guard(), transfer(change))
    expect(await outcomes()).toEqual(['open', 'open'])
  })

  it('is the same however the amount came about, if the same was asked', async () => {
    const all = (value: bigint) => transfer({ spendRao: value, asked: { dest: BOB, value: 'all' } })
    await send(await guard(), all(5n))
    const again = send(await guard({ chain: node(120) }), all(6n))
    await expect(again).rejects.toMatchObject({ code: 'DUPLICATE' })
  })

  it('after --no_wait means a second one, as soon as the first is in a block', async () => {
    const again = transfer({ asked: { dest: BOB, value: 7n } })
    await send(await guard(), again, SENT)
    await expect(send(await guard({ chain: node(109, 110) }), again)).rejects.toMatchObject({
      code: 'DUPLICATE',
    })
    await send(await guard({ chain: node(110, 110) }), again, SENT)
    expect(await outcomes()).toEqual(['open', 'included', 'sent'])
  })

  it('of several transactions only the one in question is held back', async () => {
    const made = await guard({ chain: node(120) })
    const [same, other] = [transfer(), transfer({ spendRao: 3n * TAO })]
    const leave = await made.enter([same, other])
    await expect(made.beforeSend(same, SIGNED)).rejects.toMatchObject({ code: 'DUPLICATE' })
    await made.ended(same, { ok: false, error: new Error('refused') })
    await made.beforeSend(other, SIGNED)
    await made.ended(other, receipt('included'))
    await leave()
    expect(await outcomes()).toEqual(['open', 'included'])
  })
})

describe('the policy', () => {
  it('counts the transactions of one run together', async () => {
    policy('max_per_day: 2.5\n')
    const made = await guard()
    expect(await made.review([transfer(), transfer()])).toEqual([])
    expect(await made.review([transfer(), transfer(), transfer()])).toEqual([
      'τ1.000000001 on top of τ2.000000002 in the last 24 hours are more than τ2.5 (max_per_day)',
    ])
  })

  it('counts what was sent before', async () => {
    policy('max_per_day: 1.5\n')
    await send(await guard(), transfer(), receipt('included'))
    expect(await (await guard()).review([transfer()])).toHaveLength(1)
  })

  it('sees what the call does even if the command does not say it', async () => {
    policy(
      `allowed_destinations: [${CHARLIE}]\nallowed_netuids: [1]\nallowed_calls: [Utility.batch]\n`,
    )
    const inner = {
      pallet: 'SubtensorModule',
      name: 'burned_register',
      args: { netuid: 3, hotkey: BOB },
    }
    const pay = { pallet: 'Balances', name: 'transfer', args: { dest: BOB, value: 1n } }
    const call = {
      ...transfer().call,
      pallet: 'Utility',
      name: 'batch',
      args: { calls: [inner, pay] as never },
    }
    expect(await (await guard()).review([transfer({ call, destinations: [] })])).toEqual([
      `${BOB} is not in the list (allowed_destinations)`,
      'SubtensorModule.burned_register is not in the list (allowed_calls)',
      'Balances.transfer is not in the list (allowed_calls)',
      'netuid 3 is not in the list (allowed_netuids)',
    ])
  })

  it('that is not understood stops everything', async () => {
    policy('max_dya: 1\n')
    const made = await guard()
    await expect(made.review([transfer()])).rejects.toMatchObject({ code: 'POLICY' })
    await expect(send(made, transfer())).rejects.toMatchObject({ code: 'POLICY' })
    expect(await outcomes()).toEqual(['not-included'])
  })

  it('is checked again right before sending, with what others spent meanwhile', async () => {
    policy('max_per_day: 1.5\n')
    const made = await guard()
    expect(await made.review([transfer()])).toEqual([])
    await send(await guard(), transfer({ account: CHARLIE, asked: {} }), receipt('included'))
    await expect(send(made, transfer())).rejects.toMatchObject({
      code: 'POLICY',
      details: 'nothing was sent',
    })
    expect(await outcomes()).toEqual(['included', 'not-included'])
  })

  it('keeps two accounts that come at the same moment from passing the limit together', async () => {
    policy('max_per_day: 1.5\n')
    const both = [transfer(), transfer({ account: CHARLIE })]
    const results = await Promise.allSettled(
      both.map(async (intended) => send(await guard(), intended)),
    )
    const sent = results.filter(({ status }) => status === 'fulfilled')
    expect(sent.length).toBeLessThanOrEqual(1)
  })
})

describe('the lock', () => {
  const other: ProcessProbe = { pid: 2 ** 22, identify: async () => 'alive' }

  it('makes a second process wait, and says for whom', async () => {
    const first = await guard({ self: other })
    const leave = await first.enter([transfer()])
    const second = await guard()
    await expect(second.enter([transfer()])).rejects.toMatchObject({ code: 'TIMEOUT' })
    expect(second.stderr()).toContain(`Waiting for btcli test (process ${other.pid})`)
    await leave()
    const entered = await second.enter([transfer()])
    await entered()
  })

  it('that was taken away stops the transaction', async () => {
    const made = await guard({ self: other })
    const intended = transfer()
    await made.enter([intended])
    const dead: ProcessProbe = { pid: 1, identify: async () => undefined }
    const leave = await (await guard({ self: dead })).enter([transfer()])
    await expect(made.beforeSend(intended, SIGNED)).rejects.toMatchObject({
      details: 'nothing was sent',
    })
    expect(await outcomes()).toEqual(['not-included'])
    await leave()
  })
})

describe('a process that is killed between line and send', () => {
  it('leaves what the next run needs: the lock is free, the same again is refused', async () => {
    const script = fileURLToPath(new URL('./safetyChild.ts', import.meta.url))
    const child = spawn(process.execPath, ['--import', 'tsx', script, home, HASH], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    child.kill('SIGKILL')
    await once(child, 'close')
    expect(readdirSync(join(home, '.bittensor', 'history')).sort()).toEqual([
      `${ALICE}.lock`,
      'transactions.jsonl',
    ])
    const probe = {
      pid: process.pid,
      identify: async (pid: number) => (pid === process.pid ? 'me' : undefined),
    }
    const next = (chain: ChainClient) =>
      guard({ chain, self: probe }).then((made) => send(made, transfer({ asked: { dest: BOB } })))
    await expect(next(node(120))).rejects.toMatchObject({ code: 'DUPLICATE' })
    await expect(next(node(500, 120))).rejects.toMatchObject({ code: 'DUPLICATE' })
    await next(node(500))
    expect(await outcomes()).toEqual(['not-included', 'open'])
  })
})
