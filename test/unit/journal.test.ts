import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  intentDigest,
  isOpen,
  type Journal,
  mayHavePaid,
  type NewEntry,
  openJournal,
  parseJournal,
  toJson,
} from '../../src/core/journal.js'
import { undecided } from '../../src/core/settle.js'
import { tempFolder } from '../support/tempFolder.js'

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'
const GENESIS = `0x${'2f'.repeat(32)}`

const ENTRY: NewEntry = {
  network: 'finney',
  genesisHash: GENESIS,
  specVersion: 143,
  command: 'transfer',
  account: ALICE,
  call: { name: 'Balances.transfer', args: { dest: BOB, value: 10_500_000_000n } },
  intent: 'a'.repeat(32),
  nonce: 7,
  era: { birth: 100, death: 163 },
  hash: `0x${'9c'.repeat(32)}`,
  spendRao: 10_500_000_000n,
  feeRao: 125_000n,
  destinations: [{ address: BOB, amountRao: 10_500_000_000n }],
}

let directory: string
let journal: Journal
beforeEach(() => {
  directory = tempFolder()
  journal = openJournal({ directory: join(directory, 'history'), now: () => new Date(0) })
})

describe('the journal', () => {
  test('is empty where there is no file', async () => {
    expect(await journal.read()).toEqual({ entries: [], torn: 0, foreign: 0 })
  })

  test('gives back what was recorded, amounts as bigints', async () => {
    const recorded = await journal.record(ENTRY)
    const { entries } = await journal.read()
    expect(entries).toEqual([recorded])
    expect(recorded).toMatchObject({
      time: '1970-01-01T00:00:00.000Z',
      spendRao: 10_500_000_000n,
      feeRao: 125_000n,
      destinations: [{ address: BOB, amountRao: 10_500_000_000n }],
      call: { name: 'Balances.transfer', args: { dest: BOB, value: '10500000000' } },
      outcome: undefined,
    })
    expect(recorded.id).toMatch(/^[0-9a-f]{12}$/)
  })

  test('is readable by its owner alone', async () => {
    await journal.record(ENTRY)
    expect((await stat(journal.path)).mode & 0o777).toBe(0o600)
    expect((await stat(join(directory, 'history'))).mode & 0o777).toBe(0o700)
  })

  test('keeps the last certain outcome', async () => {
    const { id } = await journal.record(ENTRY)
    const outcome = async () => (await journal.read()).entries[0]?.outcome
    await journal.decide(id, { outcome: 'unknown' })
    expect(await outcome()).toEqual({ outcome: 'unknown', time: '1970-01-01T00:00:00.000Z' })
    await journal.decide(id, { outcome: 'included', block: 120 })
    await journal.decide(id, { outcome: 'unknown' })
    expect(await outcome()).toMatchObject({ outcome: 'included', block: 120 })
    await journal.decide(id, { outcome: 'finalized', block: 121 })
    expect(await outcome()).toMatchObject({ outcome: 'finalized', block: 121 })
  })

  test('lists the undecided entries of one intent', async () => {
    const first = await journal.record(ENTRY)
    const second = await journal.record({ ...ENTRY, nonce: 8 })
    await journal.record({ ...ENTRY, intent: 'b'.repeat(32) })
    await journal.decide(first.id, { outcome: 'unknown' })
    await journal.decide(second.id, { outcome: 'failed', block: 101, error: 'Balances.X' })
    const found = await undecided(journal, ENTRY.intent, undefined)
    expect(found.map(({ entry }) => entry.id)).toEqual([first.id])
  })

  test('knows what may have moved money', async () => {
    for (const [outcome, expected] of [
      ['unknown', true],
      ['sent', true],
      ['included', true],
      ['finalized', true],
      ['failed', false],
      ['not-included', false],
    ] as const) {
      const { id } = await journal.record(ENTRY)
      const open = (await journal.read()).entries.at(-1)
      expect(open && mayHavePaid(open) && isOpen(open)).toBe(true)
      await journal.decide(id, { outcome })
      const entry = (await journal.read()).entries.at(-1)
      expect(entry && mayHavePaid(entry)).toBe(expected)
    }
  })

  test('an entry may have no amount, no fee and no end', async () => {
    const entry = await journal.record({
      ...ENTRY,
      era: 'immortal',
      spendRao: null,
      feeRao: null,
      destinations: [{ address: BOB, amountRao: null }],
    })
    expect((await journal.read()).entries).toEqual([entry])
    expect(entry).toMatchObject({ era: 'immortal', spendRao: null, feeRao: null })
  })

  test('a torn last line is no entry and does not spoil the next one', async () => {
    const first = await journal.record(ENTRY)
    const whole = await readFile(journal.path, 'utf8')
    for (let cut = 1; cut < whole.length - 1; cut += 37) {
      await writeFile(journal.path, whole + whole.slice(0, cut))
      expect(await journal.read()).toMatchObject({ entries: [{ id: first.id }], torn: 1 })
      const next = await journal.record({ ...ENTRY, nonce: 8 })
      const { entries, torn } = await journal.read()
      expect(entries.map(({ id }) => id)).toEqual([first.id, next.id])
      expect(torn).toBe(1)
    }
  })

  test('an outcome that lost its line break still counts', async () => {
    const { id } = await journal.record(ENTRY)
    await appendFile(journal.path, JSON.stringify({ id, time: 'x', outcome: 'included', block: 5 }))
    expect((await journal.read()).entries[0]?.outcome?.block).toBe(5)
    await journal.record(ENTRY)
    expect(await journal.read()).toMatchObject({ entries: [{ id }, {}], torn: 0, foreign: 0 })
  })

  test.each([
    '{}',
    '[]',
    'null',
    '7',
    '{"id":"x","outcome":"paid","time":"t"}',
    '{"id":"x","outcome":"included","time":"t","block":"12"}',
    JSON.stringify({ ...(toJson(ENTRY) as object), id: 'x', time: 't', spendRao: 1.5 }),
    JSON.stringify({ ...(toJson(ENTRY) as object), id: 'x', time: 't', spendRao: '-1' }),
    JSON.stringify({ ...(toJson(ENTRY) as object), id: 'x', time: 't', era: {} }),
    JSON.stringify({ ...(toJson(ENTRY) as object), id: 'x', time: 't', destinations: [1] }),
  ])('counts a line that is not its own: %s', (line) => {
    expect(parseJournal(`${line}\n`)).toEqual({ entries: [], torn: 0, foreign: 1 })
  })

  test('reading survives any text', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.json())), (lines) => {
        expect(parseJournal(lines.join('\n')).entries).toEqual([])
      }),
    )
  })

  test('a folder that cannot be written stops before sending', async () => {
    await writeFile(join(directory, 'history'), 'a file in the way')
    await expect(journal.record(ENTRY)).rejects.toMatchObject({
      code: 'INTERNAL',
      message: expect.stringContaining('cannot be written'),
    })
  })

  test('a file that cannot be read is an error, not an empty journal', async () => {
    const other = openJournal({ directory: journal.path, now: () => new Date(0) })
    await journal.record(ENTRY)
    await expect(other.read()).rejects.toMatchObject({ code: 'INTERNAL' })
  })
})

describe('intentDigest', () => {
  const intent = {
    genesisHash: GENESIS,
    account: ALICE,
    call: 'Balances.transfer',
    args: { dest: BOB, value: 1n },
  }

  test('is stable', () => {
    expect(intentDigest(intent)).toMatchInlineSnapshot(`"2407358e5916ae4249a18e3462d74f5d"`)
  })

  test('does not depend on the order of arguments or on how an amount is held', () => {
    expect(intentDigest({ ...intent, args: { value: '1', dest: BOB } })).toBe(intentDigest(intent))
  })

  test.each([
    ['chain', { genesisHash: `0x${'00'.repeat(32)}` }],
    ['account', { account: BOB }],
    ['call', { call: 'Balances.transfer_keep_alive' }],
    ['amount', { args: { dest: BOB, value: 2n } }],
    ['destination', { args: { dest: ALICE, value: 1n } }],
    ['further argument', { args: { dest: BOB, value: 1n, more: null } }],
    ['nesting', { args: { nested: { dest: BOB, value: 1n } } }],
  ])('differs for another %s', (_, change) => {
    expect(intentDigest({ ...intent, ...change })).not.toBe(intentDigest(intent))
  })

  test('shuffled keys at any depth give the same digest', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (args) => {
        const shuffled = reversedKeys(args) as Record<string, unknown>
        expect(intentDigest({ ...intent, args: shuffled })).toBe(intentDigest({ ...intent, args }))
      }),
    )
  })
})

function reversedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversedKeys)
  if (typeof value !== 'object' || value === null) return value
  const pairs = Object.entries(value).reverse()
  return Object.fromEntries(pairs.map(([key, item]) => [key, reversedKeys(item)]))
}

/** Runs journalChild.ts, whose lines say how far it has come. */
function child(...args: string[]): ChildProcess {
  const script = fileURLToPath(new URL('./journalChild.ts', import.meta.url))
  return spawn(process.execPath, ['--import', 'tsx', script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

describe('a process that is killed', () => {
  test('between line and send leaves an open intent', async () => {
    const writer = child('once', join(directory, 'history'))
    const [line] = (await once(createInterface({ input: writer.stdout! }), 'line')) as [string]
    writer.kill('SIGKILL')
    await once(writer, 'close')
    const [open] = await undecided(journal, ENTRY.intent, undefined)
    expect(open?.entry).toMatchObject({ id: line, nonce: 1, outcome: undefined })
  })

  test('at any moment loses no line that it had reported, and spoils none', async () => {
    const known: string[] = []
    for (const delay of [0, 3, 11, 29]) {
      const writer = child('forever', join(directory, 'history'))
      const lines = createInterface({ input: writer.stdout! })
      lines.on('line', (line) => known.push(line))
      await once(lines, 'line')
      await new Promise((resolve) => setTimeout(resolve, delay))
      writer.kill('SIGKILL')
      await once(writer, 'close')
    }
    known.push((await journal.record(ENTRY)).id)
    const { entries, foreign } = await journal.read()
    const ids = entries.map(({ id }) => id)
    expect(ids).toEqual(expect.arrayContaining(known))
    expect(new Set(ids).size).toBe(ids.length)
    expect(foreign).toBe(0)
  })
})

test('writers at the same time do not mix their lines', async () => {
  const writers = [1, 2, 3].map(() => child('fifty', join(directory, 'history')))
  await Promise.all(writers.map((writer) => once(writer, 'close')))
  expect(await journal.read()).toMatchObject({ entries: { length: 150 }, torn: 0, foreign: 0 })
})
