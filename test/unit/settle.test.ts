import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { type Journal, type JournalEntry, openJournal } from '../../src/core/journal.js'
import {
  type ChainLookup,
  duplicateError,
  type FoundExtrinsic,
  findDuplicates,
  outcomeOf,
  remember,
  settle,
  undecided,
} from '../../src/core/settle.js'
import { tempFolder } from '../support/tempFolder.js'

const ENTRY: JournalEntry = {
  id: '0123456789ab',
  time: '2025-06-01T10:00:00.000Z',
  network: 'finney',
  genesisHash: '0xge',
  specVersion: 143,
  command: 'transfer',
  account: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
  call: { name: 'Balances.transfer', args: {} },
  intent: 'a'.repeat(32),
  nonce: 7,
  era: { birth: 100, death: 163 },
  hash: '0x9c',
  spendRao: 1n,
  feeRao: 1n,
  destinations: [],
  outcome: undefined,
}

/** A chain of given heights that holds transactions in blocks. */
function chainWith(
  best: number,
  blocks: Record<number, { hash: string } & Omit<FoundExtrinsic, 'block'>> = {},
  finalized?: number,
): ChainLookup & { searched: (readonly [number, number])[] } {
  const searched: (readonly [number, number])[] = []
  return {
    searched,
    genesisHash: '0xge',
    bestBlock: async () => best,
    ...(finalized === undefined ? {} : { finalizedBlock: async () => finalized }),
    async findExtrinsic(hash, from, to) {
      searched.push([from, to])
      for (const [number, found] of Object.entries(blocks)) {
        const block = Number(number)
        if (found.hash !== hash || block < from || block > to) continue
        const { ok, error } = found
        return { block, ok, ...(error === undefined ? {} : { error }) }
      }
      return undefined
    },
  }
}

describe('settle', () => {
  test('finds an included transaction', async () => {
    const chain = chainWith(120, { 110: { hash: '0x9c', ok: true } })
    expect(await settle(ENTRY, chain)).toEqual({ state: 'included', block: 110, certain: true })
    expect(chain.searched).toEqual([[100, 120]])
  })

  test.each([100, 163])('finds it at the edge of its era, block %i', async (block) => {
    const chain = chainWith(500, { [block]: { hash: '0x9c', ok: true } })
    expect(await settle(ENTRY, chain)).toMatchObject({ state: 'included', block })
  })

  test('included is not the same as succeeded', async () => {
    const chain = chainWith(120, { 110: { hash: '0x9c', ok: false, error: 'Balances.X' } })
    expect(await settle(ENTRY, chain)).toEqual({ state: 'failed', block: 110, error: 'Balances.X' })
  })

  test('says when the events of the block are gone', async () => {
    const chain = chainWith(120, { 110: { hash: '0x9c', ok: undefined } })
    expect(await settle(ENTRY, chain)).toEqual({ state: 'included', block: 110, certain: false })
  })

  test.each([
    [120, { state: 'open', lastBlock: 163, blocksLeft: 43 }],
    [162, { state: 'open', lastBlock: 163, blocksLeft: 1 }],
    [163, { state: 'not-included', lastBlock: 163 }],
    [9000, { state: 'not-included', lastBlock: 163 }],
  ])('not found with best block %i', async (best, expected) => {
    expect(await settle(ENTRY, chainWith(best))).toEqual(expected)
  })

  test('an era is over when no fork can bring it back', async () => {
    expect(await settle(ENTRY, chainWith(170, {}, 162))).toEqual({
      state: 'open',
      lastBlock: 163,
      blocksLeft: 0,
    })
    expect(await settle(ENTRY, chainWith(170, {}, 163))).toMatchObject({ state: 'not-included' })
  })

  test('a node that is behind decides nothing', async () => {
    const chain = chainWith(40)
    expect(await settle(ENTRY, chain)).toMatchObject({ state: 'open', blocksLeft: 123 })
    expect(chain.searched).toEqual([])
  })

  test('an immortal transaction stays open until found', async () => {
    const entry = { ...ENTRY, era: 'immortal' } as const
    expect(await settle(entry, chainWith(9000))).toEqual({
      state: 'open',
      lastBlock: undefined,
      blocksLeft: undefined,
    })
    const chain = chainWith(9000, { 8999: { hash: '0x9c', ok: true } })
    expect(await settle(entry, chain)).toMatchObject({ state: 'included', block: 8999 })
  })

  test('does not ask the chain about what is certain', async () => {
    const chain = chainWith(500)
    const outcome = { time: '', block: 110 }
    const settled = (kind: 'finalized' | 'failed' | 'not-included') =>
      settle({ ...ENTRY, outcome: { ...outcome, outcome: kind } }, chain)
    expect(await settled('finalized')).toMatchObject({ state: 'included', block: 110 })
    expect(await settled('failed')).toMatchObject({ state: 'failed' })
    expect(await settled('not-included')).toMatchObject({ state: 'not-included' })
    expect(chain.searched).toEqual([])
  })

  test('another chain cannot decide it', async () => {
    const chain = { ...chainWith(500), genesisHash: '0xother' }
    await expect(settle(ENTRY, chain)).rejects.toMatchObject({ code: 'USAGE' })
  })

  test('a failing lookup decides nothing', async () => {
    const chain = { ...chainWith(500), findExtrinsic: () => Promise.reject(new Error('pruned')) }
    await expect(settle(ENTRY, chain)).rejects.toThrow('pruned')
  })

  test('"safe to try again" is never said of a transaction that is, or can still come, in a block', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 300 }),
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 100, max: 163 }),
        async (best, behind, block) => {
          const finalized = Math.max(0, best - behind)
          const chain = chainWith(best, { [block]: { hash: '0x9c', ok: true } }, finalized)
          const { state } = await settle(ENTRY, chain)
          expect(state).toBe(block <= best ? 'included' : 'open')
        },
      ),
    )
  })
})

describe('the same intent again', () => {
  let directory: string
  let journal: Journal
  beforeEach(() => {
    directory = tempFolder()
    journal = openJournal({ directory, now: () => new Date(0) })
  })

  async function sent(hash = '0x9c') {
    const { id: _id, time: _time, outcome: _outcome, ...entry } = ENTRY
    return journal.record({ ...entry, hash })
  }

  test('is clear when there was none', async () => {
    expect(await findDuplicates(journal, ENTRY.intent, chainWith(1))).toEqual({
      verdict: 'clear',
      earlier: [],
    })
  })

  test('is refused while an earlier one can still come', async () => {
    await sent()
    const duplicates = await findDuplicates(journal, ENTRY.intent, chainWith(120))
    expect(duplicates.verdict).toBe('open')
    expect(duplicateError(duplicates)).toMatchObject({
      code: 'DUPLICATE',
      message: 'the same transfer was sent before and can still be included for 43 more blocks',
      details: expect.stringContaining('nothing was sent now'),
      hint: expect.stringContaining('--allow_duplicate'),
      data: { verdict: 'open', hash: '0x9c', settlement: { blocksLeft: 43 } },
    })
    await remember(journal, duplicates.earlier)
    expect(await undecided(journal, ENTRY.intent, undefined)).toHaveLength(1)
  })

  test.each([
    [0, 'until its last block is final'],
    [1, 'for 1 more block'],
  ])('tells the wait, %i blocks', async (blocksLeft, words) => {
    const entry = await sent()
    const settlement = { state: 'open', lastBlock: 163, blocksLeft } as const
    const error = duplicateError({
      verdict: 'open',
      earlier: [{ entry, settlement, meanwhile: false }],
    })
    expect(error.message.endsWith(words)).toBe(true)
  })

  test('is already done when the earlier one turns out to be included', async () => {
    await sent()
    const chain = chainWith(170, { 110: { hash: '0x9c', ok: true } })
    const duplicates = await findDuplicates(journal, ENTRY.intent, chain)
    expect(duplicates.verdict).toBe('already')
    expect(duplicateError(duplicates)).toMatchObject({
      message: 'the same transfer, whose outcome was unknown until now, was included in block 110',
      data: { verdict: 'already', settlement: { block: 110 } },
    })
    // A crash before this line is told again, not paid again.
    expect((await findDuplicates(journal, ENTRY.intent, chain)).verdict).toBe('already')
    await remember(journal, duplicates.earlier)
    expect((await findDuplicates(journal, ENTRY.intent, chain)).verdict).toBe('clear')
    expect((await journal.read()).entries[0]?.outcome).toMatchObject({ block: 110 })
  })

  test('is clear when the earlier one failed or never came', async () => {
    await sent('0x01')
    await sent('0x02')
    const chain = chainWith(170, { 110: { hash: '0x01', ok: false, error: 'Balances.X' } })
    const duplicates = await findDuplicates(journal, ENTRY.intent, chain)
    expect(duplicates.verdict).toBe('clear')
    expect(duplicates.earlier.map(({ settlement }) => settlement.state)).toEqual([
      'failed',
      'not-included',
    ])
    await remember(journal, duplicates.earlier)
    const outcomes = (await journal.read()).entries.map((entry) => entry.outcome?.outcome)
    expect(outcomes).toEqual(['failed', 'not-included'])
  })

  test('one that is open outweighs one that is included', async () => {
    await sent('0x01')
    await sent('0x02')
    const chain = chainWith(120, { 110: { hash: '0x01', ok: true } })
    expect((await findDuplicates(journal, ENTRY.intent, chain)).verdict).toBe('open')
  })

  test('is already done when another process did it since the person asked', async () => {
    const seen = await journal.read()
    const { id } = await sent()
    await journal.decide(id, { outcome: 'included', block: 110 })
    expect((await findDuplicates(journal, ENTRY.intent, chainWith(170))).verdict).toBe('clear')
    const duplicates = await findDuplicates(journal, ENTRY.intent, chainWith(170), seen)
    expect(duplicateError(duplicates)).toMatchObject({
      message: 'the same transfer was sent by another btcli meanwhile, and is in block 110',
      hint: 'what you asked for is done; --allow_duplicate sends a second one now',
      data: { verdict: 'already' },
    })
    const again = await findDuplicates(journal, ENTRY.intent, chainWith(170), await journal.read())
    expect(again.verdict).toBe('clear')
  })

  test('one of another process that failed stands against nothing', async () => {
    const seen = await journal.read()
    const { id } = await sent()
    await journal.decide(id, { outcome: 'failed', block: 110, error: 'Balances.X' })
    expect((await findDuplicates(journal, ENTRY.intent, chainWith(170), seen)).verdict).toBe(
      'clear',
    )
  })

  test('is not decided without the chain', async () => {
    await sent()
    const chain = { ...chainWith(1), bestBlock: () => Promise.reject(new Error('offline')) }
    await expect(findDuplicates(journal, ENTRY.intent, chain)).rejects.toThrow('offline')
  })

  test('notes when success could not be verified', () => {
    expect(outcomeOf({ state: 'included', block: 5, certain: false })).toMatchObject({
      outcome: 'included',
      error: 'events of the block are not available any more',
    })
  })
})
