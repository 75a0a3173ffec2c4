import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  addName,
  bookAddresses,
  findAddress,
  findLookalikes,
  findName,
  isKnownDestination,
  knownDestination,
  paidAddresses,
  readAddressBook,
  removeName,
  resolveName,
} from '../../src/core/addressBook.js'
import { looksLikeAddress } from '../../src/core/addressText.js'
import type { JournalEntry, OutcomeKind } from '../../src/core/journal.js'
import { encodeAddress, type Ss58 } from '../../src/core/keys/ss58.js'
import { tempFolder } from '../support/tempFolder.js'

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY' as Ss58
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty' as Ss58
const ALICE_HEX = '0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d'

let directory: string
let path: string
beforeEach(() => {
  directory = tempFolder()
  path = join(directory, 'state', 'addresses.json')
})

const refusal = (code: string, words: string) => ({ code, message: expect.stringContaining(words) })

describe('the book', () => {
  test('is empty where there is no file', async () => {
    expect(await readAddressBook(path)).toEqual([])
  })

  test('keeps names in order, private, with notes', async () => {
    await addName(path, { name: 'exchange', address: BOB, note: ' withdrawals ' })
    await addName(path, { name: '@cold2', address: ALICE_HEX })
    expect(await readAddressBook(path)).toEqual([
      { name: 'cold2', address: ALICE, note: undefined },
      { name: 'exchange', address: BOB, note: 'withdrawals' },
    ])
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({
      cold2: { address: ALICE },
      exchange: { address: BOB, note: 'withdrawals' },
    })
  })

  test('gives a name another address only when told to', async () => {
    await addName(path, { name: 'exchange', address: BOB })
    await expect(addName(path, { name: 'Exchange', address: ALICE })).rejects.toMatchObject({
      code: 'USAGE',
      message: 'the name exchange is taken',
      details: `it stands for ${BOB}`,
    })
    const { replaced } = await addName(path, { name: 'Exchange', address: ALICE, replace: true })
    expect(replaced?.address).toBe(BOB)
    expect((await readAddressBook(path)).map(({ name, address }) => [name, address])).toEqual([
      ['Exchange', ALICE],
    ])
  })

  test('forgets a name', async () => {
    await addName(path, { name: 'exchange', address: BOB })
    await expect(removeName(path, 'other')).rejects.toMatchObject(refusal('USAGE', 'no name other'))
    expect(await removeName(path, '@EXCHANGE')).toMatchObject({ address: BOB })
    expect(await readAddressBook(path)).toEqual([])
  })

  test.each([
    [ALICE, 'looks like an address'],
    [ALICE.slice(0, -1), 'looks like an address'],
    [`${ALICE.slice(0, -1)}0`, 'looks like an address'],
    ['0xabc', 'looks like an address'],
    ['a-b'.repeat(11), 'more than 32 characters'],
    ['', 'a letter first'],
    ['1st', 'a letter first'],
    ['-y', 'a letter first'],
    ['two words', 'letters, digits'],
    ['alice/miner', 'letters, digits'],
    ['exchаnge', 'letters, digits'],
    ['a\u001b[2J', 'letters, digits'],
  ])('refuses the name %j', async (name, words) => {
    await expect(addName(path, { name, address: BOB })).rejects.toMatchObject(
      refusal('USAGE', words),
    )
  })

  test('refuses bad addresses and notes', async () => {
    await expect(addName(path, { name: 'a', address: 'bob' })).rejects.toMatchObject({
      code: 'BAD_ADDRESS',
    })
    const note = 'two\nlines'
    await expect(addName(path, { name: 'a', address: BOB, note })).rejects.toMatchObject({
      code: 'USAGE',
    })
    await expect(
      addName(path, { name: 'a', address: BOB, note: 'x'.repeat(201) }),
    ).rejects.toMatchObject({ code: 'USAGE' })
  })

  test.each([
    '',
    '[]',
    'null',
    '{"a": 1}',
    '{"a": {"address": "5Grw"}}',
    `{"a b": {"address": "${BOB}"}}`,
    `{"${ALICE}": {"address": "${BOB}"}}`,
    `{"a": {"address": "${BOB}"}, "A": {"address": "${ALICE}"}}`,
  ])('a damaged file is an error and is not overwritten: %j', async (text) => {
    const file = join(directory, 'addresses.json')
    await writeFile(file, text)
    await expect(readAddressBook(file)).rejects.toMatchObject(refusal('USAGE', 'cannot be used'))
    await expect(addName(file, { name: 'b', address: BOB })).rejects.toMatchObject({
      code: 'USAGE',
    })
    expect(await readFile(file, 'utf8')).toBe(text)
  })

  test('a folder in its place is an error', async () => {
    await expect(readAddressBook(directory)).rejects.toMatchObject({ code: 'USAGE' })
  })
})

describe('resolveName', () => {
  const book = [{ name: 'exchange', address: BOB, note: undefined }]

  test('takes names with and without @, in any case', () => {
    expect(resolveName(book, '@exchange')).toBe(BOB)
    expect(resolveName(book, 'Exchange')).toBe(BOB)
    expect(findName(book, '@EXCHANGE')?.address).toBe(BOB)
    expect(findAddress(book, BOB)?.name).toBe('exchange')
  })

  test('leaves other words to others, but not @words', () => {
    expect(resolveName(book, 'alice')).toBeUndefined()
    expect(() => resolveName(book, '@alice')).toThrow(
      expect.objectContaining({ code: 'BAD_ADDRESS', hint: 'names are @exchange' }),
    )
    expect(() => resolveName([], '@alice')).toThrow(
      expect.objectContaining({ hint: 'add it: btcli address add alice <ss58>' }),
    )
    const many = Array.from({ length: 12 }, (_, i) => ({
      name: `n${i}`,
      address: BOB,
      note: undefined,
    }))
    expect(() => resolveName(many, '@alice')).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/@n9 …$/) }),
    )
  })

  test('no address, whole or mistyped, is ever a name', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.nat({ max: 46 }),
        async (key, cut) => {
          const address = encodeAddress(key)
          const typed = address.slice(0, cut) + address.slice(cut + 1)
          for (const text of [address, typed]) {
            expect(looksLikeAddress(text)).toBe(true)
            expect(resolveName(book, text)).toBeUndefined()
            await expect(addName(path, { name: text, address: BOB })).rejects.toMatchObject({
              code: 'USAGE',
            })
          }
        },
      ),
      { numRuns: 30 },
    )
  })
})

describe('lookalikes', () => {
  const fake = `${BOB.slice(0, 4)}${ALICE.slice(4, -4)}${BOB.slice(-4)}`

  test('share both ends and differ between', () => {
    const known = [{ address: BOB, name: '@exchange' }, { address: BOB }, { address: ALICE }]
    expect(findLookalikes(fake, known)).toEqual([{ address: BOB, name: '@exchange' }])
    expect(findLookalikes(BOB, known)).toEqual([])
    expect(findLookalikes(`${BOB.slice(0, 4)}${ALICE.slice(4)}`, known)).toEqual([])
  })

  test('come from the book and from past payments', () => {
    const book = [{ name: 'exchange', address: BOB, note: undefined }]
    expect(findLookalikes(fake, bookAddresses(book))).toEqual([{ address: BOB, name: '@exchange' }])
    expect(findLookalikes(fake, paidAddresses([paid(ALICE), paid(BOB)]))).toEqual([
      { address: BOB },
    ])
  })
})

function paid(address: string, kind?: OutcomeKind, genesisHash = '0x2f'): JournalEntry {
  return {
    id: '',
    time: '2025-06-01T10:00:00.000Z',
    network: 'finney',
    genesisHash,
    specVersion: 143,
    command: 'transfer',
    account: ALICE,
    call: { name: 'Balances.transfer', args: {} },
    intent: '',
    nonce: 1,
    era: 'immortal',
    hash: '',
    spendRao: 1n,
    feeRao: 1n,
    destinations: [{ address, amountRao: 1n }],
    outcome: kind && { outcome: kind, time: '' },
  }
}

describe('knownDestination', () => {
  const book = [{ name: 'exchange', address: BOB, note: undefined }]
  const known = (address: string, ...entries: JournalEntry[]) =>
    knownDestination(address, { book, entries, genesisHash: '0x2f' })

  test('knows the book and payments of this chain that may have happened', () => {
    expect(known(ALICE)).toBeUndefined()
    expect(known(BOB)).toEqual({ name: '@exchange', lastPaid: undefined })
    expect(known(ALICE, paid(ALICE, 'included'))).toEqual({
      name: undefined,
      lastPaid: '2025-06-01T10:00:00.000Z',
    })
    expect(known(ALICE, paid(ALICE))).toBeDefined()
    expect(known(ALICE, paid(ALICE, 'failed'))).toBeUndefined()
    expect(known(ALICE, paid(ALICE, 'included', '0x8f'))).toBeUndefined()
  })

  test('as a yes or no', () => {
    const from = { book, entries: [], genesisHash: '0x2f' }
    expect([BOB, ALICE].map((one) => isKnownDestination(one, from))).toEqual([true, false])
  })
})
