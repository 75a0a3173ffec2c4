import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { blake2b } from '@noble/hashes/blake2.js'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ChainClient } from '../../src/core/chain/types.js'
import { BittensorError } from '../../src/core/errors.js'
import { type Journal, type NewEntry, openJournal } from '../../src/core/journal.js'
import { toHex } from '../../src/core/keys/hex.js'
import { documentOf, run as runLine } from '../support/run.js'
import { tempFolder } from '../support/tempFolder.js'

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'
const CHARLIE = '5FLSigC9HGRKVhB9FiEo4Y3koPsNmBmLJbpXg2mp1hXcS59Y'
const NOON = Date.UTC(2023, 6, 1, 12)
const DAY = 86_400_000

let home: string
let now: number
let journal: Journal
beforeEach(() => {
  home = tempFolder()
  now = NOON
  const directory = join(home, '.bittensor', 'history')
  journal = openJournal({ directory, now: () => new Date(now) })
})

/** IDs are random; the first entries become ID1, ID2, … */
async function run(line: string, options: Parameters<typeof runLine>[1] = {}) {
  const result = await runLine(line, { home, ...options })
  const { entries } = await journal.read()
  const named = (text: string) =>
    entries.reduce((all, { id }, i) => all.replaceAll(id, `ID${i + 1}`.padEnd(12, '.')), text)
  return { ...result, stdout: named(result.stdout), stderr: named(result.stderr) }
}

async function record(change: Partial<NewEntry> = {}): Promise<string> {
  const { id } = await journal.record({
    network: 'finney',
    genesisHash: '0x2f',
    specVersion: 143,
    command: 'transfer',
    account: ALICE,
    call: { name: 'Balances.transfer', args: { dest: BOB, value: 10_500_000_000n } },
    intent: 'a',
    nonce: 7,
    era: { birth: 100, death: 163 },
    hash: `0x${'9c'.repeat(32)}`,
    spendRao: 10_500_000_000n,
    feeRao: 125_000n,
    destinations: [{ address: BOB, amountRao: 10_500_000_000n }],
    ...change,
  })
  return id
}

describe('history', () => {
  it('is empty at first', async () => {
    expect(await run('history')).toMatchInlineSnapshot(`
      {
        "code": 0,
        "questions": [],
        "stderr": "",
        "stdout": "No transaction was sent from this machine, or none fits.
      ",
      }
    `)
    expect(documentOf(await run('history --json')).data).toEqual({ entries: [], total: 0 })
    expect((await run('history --csv')).stdout.split('\n')).toHaveLength(2)
  })

  it('shows newest first, what became of each, and what is open', async () => {
    const first = await record()
    await journal.decide(first, { outcome: 'finalized', block: 4_100_203 })
    now += 1000
    const second = await record({
      command: 'stake',
      destinations: [],
      spendRao: null,
      feeRao: null,
    })
    await journal.decide(second, {
      outcome: 'failed',
      block: 4_100_204,
      error: 'SubtensorModule.X',
    })
    now += 1000
    await record({ network: 'test', genesisHash: '0x8f', account: CHARLIE })
    const wide = await run('history', { tty: true, columns: 200 })
    expect(wide.stdout).toMatchInlineSnapshot(`
      "TIME (UTC)           COMMAND   FROM                                              TO                                                   SPENT (τ)      FEE (τ)  OUTCOME    BLOCK  NETWORK  ID
      2023-07-01 12:00:02  transfer  5FLSigC9HGRKVhB9FiEo4Y3koPsNmBmLJbpXg2mp1hXcS59Y  5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty  10.500000000  0.000125000  open              test     ID3.........
      2023-07-01 12:00:01  stake     5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY                                                               ?            ?  failed   4100204  finney   ID2.........
      2023-07-01 12:00:00  transfer  5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY  5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty  10.500000000  0.000125000  final    4100203  finney   ID1.........
      3 transactions, newest first · 1 open: btcli history settle
      "
    `)
    for (const columns of [100, 80, 60]) {
      const { stdout } = await run('history', { tty: true, columns })
      expect(stdout).toMatchSnapshot(`${columns} columns`)
      for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
    }
    expect((await run('history --csv')).stdout).toMatchInlineSnapshot(`
      "time,id,command,network,account,destinations,call,spend_rao,spend_tao,fee_rao,fee_tao,outcome,block,error,hash,nonce
      2023-07-01T12:00:02.000Z,ID3.........,transfer,test,5FLSigC9HGRKVhB9FiEo4Y3koPsNmBmLJbpXg2mp1hXcS59Y,5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty,Balances.transfer,10500000000,10.5,125000,0.000125,open,,,[HASH],7
      2023-07-01T12:00:01.000Z,ID2.........,stake,finney,5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY,,Balances.transfer,,,,,failed,4100204,SubtensorModule.X,[HASH],7
      2023-07-01T12:00:00.000Z,ID1.........,transfer,finney,5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY,5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty,Balances.transfer,10500000000,10.5,125000,0.000125,finalized,4100203,,[HASH],7
      "
    `)
    expect(documentOf(await run('history --json --limit 1')).data).toMatchObject({
      total: 3,
      entries: [
        { network: 'test', open: true, outcome: null, spendRao: '10500000000', feeRao: '125000' },
      ],
    })
  })

  it('filters', async () => {
    await record()
    await journal.decide(await record({ command: 'recycle_register' }), {
      outcome: 'included',
      block: 5,
    })
    now += 3 * DAY
    await record({ network: 'test', destinations: [{ address: CHARLIE, amountRao: 1n }] })
    const count = async (flags: string) =>
      documentOf(await run(`history --json ${flags}`, { now: NOON + 4 * DAY })).data.total
    expect(await count('')).toBe(3)
    expect(await count('--open')).toBe(2)
    expect(await count('--only recycle-register')).toBe(1)
    expect(await count('--only stake')).toBe(0)
    expect(await run('history --only trasnfer')).toMatchInlineSnapshot(`
      {
        "code": 2,
        "questions": [],
        "stderr": "error: --only: unknown command \`trasnfer\`
        the journal has recycle_register, transfer

      hint: did you mean \`transfer\`?
      ",
        "stdout": "",
      }
    `)
    const words = documentOf(
      await runLine(['history', '--only', 'wallet transfer', '--json'], { home }),
    )
    expect(words.data.total).toBe(2)
    expect((await runLine(['history', '--only', 'stake adt'], { home })).stderr).toContain(
      'did you mean `stake add`?',
    )
    expect(await count(`--account ${CHARLIE}`)).toBe(1)
    expect(await count(`--account ${ALICE}`)).toBe(3)
    expect(await count('--network test')).toBe(1)
    expect(await count('--since 2d')).toBe(1)
    expect(await count('--since 2023-07-02')).toBe(1)
    expect(await count('--since 30d')).toBe(3)
    await record({ command: 'older' })
    expect(await count('--only older')).toBe(1)
  })

  it('shows one in full, by the beginning of its ID or hash', async () => {
    const id = await record()
    await journal.decide(id, {
      outcome: 'failed',
      block: 120,
      error: 'Balances.InsufficientBalance',
    })
    expect((await run(`history show ${id.slice(0, 5)}`)).stdout).toMatchInlineSnapshot(`
      "id        ID1.........
      time      2023-07-01T12:00:00.000Z
      command   transfer
      network   finney, spec 143
      genesis   0x2f
      from      5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY
      to        5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty τ10.500000000
      call      Balances.transfer
        dest    5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty
        value   τ10.5
      spent     τ10.500000000
      fee       τ0.000125000 (estimate)
      hash      [HASH]
      nonce     7
      valid     blocks 100 to 163
      outcome   failed
      block     120
      reason    Balances.InsufficientBalance
      "
    `)
    expect(documentOf(await run('history show 0x9c9c --json')).data.entry).toMatchObject({
      call: { name: 'Balances.transfer', args: { dest: BOB, value: '10500000000' } },
      era: { birth: 100, death: 163 },
    })
    expect((await run('history show 0x9c')).code).toBe(0)
  })

  it.each([
    ['history show', 'the ID of a transaction is missing'],
    ['history show zz', 'there is no transaction zz'],
    ['history show 0x9c', 'several transactions begin with 0x9c'],
    ['history settle zz', 'there is no transaction zz'],
    ['history --since yesterday', 'write a date such as'],
    ['history --limit -1', 'must be'],
    ['history --account bob', 'no name of the address book'],
    ['history --csv --json', 'cannot be used with'],
    ['history --mark included', '--mark needs `settle`'],
    ['history settle --mark included', '--mark needs the ID'],
    ['history settle --mark lost', 'must be one of'],
    ['history forget', 'the action must be one of'],
  ])('%s is refused', async (line, words) => {
    await record()
    await record()
    const result = await run(line)
    expect(result.code).toBe(2)
    expect(`${result.stdout}${result.stderr}`).toContain(words)
  })

  it('tells of lines it cannot use', async () => {
    await record()
    appendFileSync(journal.path, '{"later":1}\n{"id":"x","ti')
    const result = await run('history')
    expect(result.code).toBe(0)
    expect(result.stderr).toMatchInlineSnapshot(`
      "warning: 1 line of the journal cut off by a crash: nothing was sent for them
      warning: 1 line of the journal not understood: [HOME]/.bittensor/history/transactions.jsonl
      "
    `)
  })

  it('shows hostile text harmlessly', async () => {
    const id = await record({
      call: { name: 'System.remark', args: { remark: '\u001b[2J\u202e' } },
    })
    const { stdout } = await run(`history show ${id}`)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that there is none is the point
    expect(stdout).not.toMatch(/[\u001b\u202e]/)
  })
})

describe('history settle', () => {
  it('connects to nothing when nothing is open', async () => {
    await journal.decide(await record(), { outcome: 'included', block: 5 })
    expect(await run('history settle')).toMatchInlineSnapshot(`
      {
        "code": 0,
        "questions": [],
        "stderr": "",
        "stdout": "No transaction is open.
      ",
      }
    `)
  })

  it('asks the chain, and writes down what is certain', async () => {
    const extrinsic = '0x0102'
    const hash = toHex(blake2b(Uint8Array.of(1, 2), { dkLen: 32 }))
    await record({ hash })
    await record({ era: { birth: 130, death: 140 } })
    await record({ era: { birth: 140, death: 203 } })
    await record({ era: { birth: 140, death: 199 } })
    await record({ network: 'test', genesisHash: '0x8f' })
    await record({ network: '127.0.0.1:9973', genesisHash: '0x90' })
    const chain = stubChain({ best: 200, finalized: 198, blocks: { 150: [extrinsic] } })
    expect(await run('history settle', { chain, tty: true })).toMatchInlineSnapshot(`
      {
        "code": 0,
        "questions": [],
        "stderr": "Looking for 4 transactions
      ",
        "stdout": "✔ ID1......... transfer of 2023-07-01 12:00:00: in block 150, success not verified
      ! ID2......... transfer of 2023-07-01 12:00:00: not included, and can not be any more; it is safe to
      try again
      ! ID3......... transfer of 2023-07-01 12:00:00: still open for 3 blocks, until block 203
      ! ID4......... transfer of 2023-07-01 12:00:00: still open until block 199 is final
      1 open on test: btcli history settle --subtensor.network test
      1 open on 127.0.0.1:9973: btcli history settle --subtensor.chain_endpoint ws://127.0.0.1:9973
      ",
      }
    `)
    const outcomes = (await journal.read()).entries.map((entry) => entry.outcome?.outcome)
    expect(outcomes).toEqual([
      'included',
      'not-included',
      ...[undefined, undefined, undefined, undefined],
    ])
    const again = documentOf(await run('history --check --json', { chain })).data
    expect(again.settled).toMatchObject([
      { settlement: { state: 'open', lastBlock: 203, blocksLeft: 3 } },
      { settlement: { state: 'open', lastBlock: 199, blocksLeft: 0 } },
    ])
    expect(again.otherChains).toMatchObject([{ network: 'test' }, { network: '127.0.0.1:9973' }])
  })

  it('settles one', async () => {
    const id = await record()
    await record({ hash: `0x${'11'.repeat(32)}` })
    const chain = stubChain({ best: 900, finalized: 900, blocks: {} })
    expect((await run(`history settle ${id}`, { chain })).stdout).toContain(
      'it is safe to try again',
    )
    expect((await journal.read()).entries.map((entry) => entry.outcome?.outcome)).toEqual([
      'not-included',
      undefined,
    ])
  })

  it('decides nothing when the chain cannot be reached', async () => {
    await record()
    const chain = async () => {
      throw new BittensorError('CONNECTION', 'cannot reach the node')
    }
    expect(await run('history settle', { chain })).toMatchObject({ code: 3, stdout: '' })
    expect((await journal.read()).entries[0]?.outcome).toBeUndefined()
  })

  it('takes the word of a person for chains that are gone', async () => {
    const id = await record()
    const line = `history settle ${id} --mark not-included`
    expect(await run(line)).toMatchObject({ code: 2 })
    expect(await run(line, { prompts: [['can pay twice', false]] })).toMatchObject({ code: 4 })
    expect((await journal.read()).entries[0]?.outcome).toBeUndefined()
    expect((await run(line, { prompts: [['can pay twice', true]] })).code).toBe(0)
    expect((await journal.read()).entries[0]?.outcome).toMatchObject({
      outcome: 'not-included',
      error: 'marked by hand',
    })
    expect(await run(`history settle ${id} --mark failed -y`)).toMatchObject({ code: 2 })
  })

  it.each(['included', 'failed'])('with -y marks as %s', async (kind) => {
    const id = await record()
    expect((await run(`history settle ${id} --mark ${kind} -y`)).code).toBe(0)
    expect(readFileSync(journal.path, 'utf8')).toContain(`"outcome":"${kind}"`)
  })
})

/** A node that has blocks but not their events any more. */
function stubChain(about: {
  readonly best: number
  readonly finalized: number
  readonly blocks: Readonly<Record<number, readonly string[]>>
}): ChainClient {
  const block = (number: number) => ({ number, hash: `0x${number}` as const })
  const stub: Partial<ChainClient> = {
    network: 'finney',
    endpoint: 'wss://node',
    genesisHash: '0x2f',
    specVersion: 143,
    head: async () => ({ ...block(about.best), parentHash: '0x', bringsRuntime: false }),
    finalizedHead: async () => block(about.finalized),
    at: async () => {
      throw new BittensorError('CONNECTION', 'the state of this block is pruned')
    },
    async request(method, params = []) {
      const number = Number(`${params[0]}`.replace('0x', ''))
      if (method === 'chain_getBlockHash') return number > about.best ? null : block(number).hash
      if (method === 'chain_getBlock') return { block: { extrinsics: about.blocks[number] ?? [] } }
      throw new Error(`unexpected request ${method}`)
    },
    close: async () => undefined,
  }
  return stub as ChainClient
}
