import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  DELEGATES_URL,
  type FetchText,
  readDelegateNames,
  readNames,
} from '../../src/core/delegateNames.js'
import { tempFolder } from '../support/tempFolder.js'

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'
const HOUR = 3_600_000

let directory: string
let cacheFile: string
let now: number
let asked: string[]
beforeEach(() => {
  directory = tempFolder()
  cacheFile = join(directory, 'cache', 'delegates.json')
  now = Date.parse('2025-06-01T10:00:00Z')
  asked = []
})

const answering = (name: string): FetchText => {
  return async (url) => {
    asked.push(url)
    return JSON.stringify({ [ALICE]: { name, url: 'https://a.example', description: 'says' } })
  }
}
const offline: FetchText = async (url) => {
  asked.push(url)
  throw new Error('offline')
}

async function read(
  fetchText?: FetchText,
  more: { timeoutMs?: number; signal?: AbortSignal } = {},
) {
  const names = await readDelegateNames({ cacheFile, now: () => new Date(now), fetchText, ...more })
  return names.get(ALICE)?.name
}

describe('readDelegateNames', () => {
  test('asks once a day', async () => {
    expect(await read(answering('first'))).toBe('first')
    expect(asked).toEqual([DELEGATES_URL])
    now += 24 * HOUR - 1
    expect(await read(answering('second'))).toBe('first')
    now += 1
    expect(await read(answering('third'))).toBe('third')
    expect(asked).toHaveLength(2)
  })

  test('offline it uses what it has, however old, and asks again an hour later', async () => {
    await read(answering('first'))
    now += 1000 * HOUR
    expect(await read(offline)).toBe('first')
    now += HOUR - 1
    expect(await read(answering('second'))).toBe('first')
    now += 1
    expect(await read(answering('second'))).toBe('second')
  })

  test('offline from the start there are no names, and no second wait', async () => {
    expect(await read(offline)).toBeUndefined()
    expect(await read(offline)).toBeUndefined()
    expect(asked).toHaveLength(1)
  })

  test('without a source only the cache is used', async () => {
    expect(await read()).toBeUndefined()
    await read(answering('first'))
    now += 1000 * HOUR
    expect(await read()).toBe('first')
  })

  test('a source that never answers costs the timeout, not more', async () => {
    const ended: string[] = []
    const silent: FetchText = (_, { signal }) => {
      signal.addEventListener('abort', () => ended.push('the timeout'))
      // Timers end in the order of their times, however late the machine is.
      setTimeout(() => ended.push('a second'), 1000)
      return new Promise(() => undefined)
    }
    expect(await read(silent, { timeoutMs: 30 })).toBeUndefined()
    expect(ended[0]).toBe('the timeout')
  })

  test('the signal ends waiting', async () => {
    const signal = AbortSignal.abort()
    expect(await read(() => new Promise(() => undefined), { signal })).toBeUndefined()
  })

  test.each(['', 'not json', '[]', 'null', '7', `"${'x'.repeat(2_000_001)}"`])(
    'an answer like %.10j is none',
    async (text) => {
      expect(await read(async () => text)).toBeUndefined()
    },
  )

  test.each([
    '',
    '{}',
    '{"fetchedMs":1,"askedMs":2}',
    '{"fetchedMs":"1","askedMs":2,"delegates":{}}',
  ])('a cache like %j is asked anew', async (text) => {
    await read(offline)
    await writeFile(cacheFile, text)
    expect(await read(answering('fresh'))).toBe('fresh')
    expect(JSON.parse(await readFile(cacheFile, 'utf8'))).toMatchObject({ fetchedMs: now })
  })

  test('a cache of the future is asked anew', async () => {
    await read(answering('future'))
    now -= 1000 * HOUR
    expect(await read(answering('now'))).toBe('now')
  })

  test('a cache that cannot be written hinders nothing', async () => {
    await writeFile(join(directory, 'cache'), 'a file in the way')
    expect(await read(answering('first'))).toBe('first')
  })

  test('names known otherwise win', async () => {
    const known = readNames({ [ALICE]: { name: 'on chain' }, [BOB]: { name: 'Bob' } })
    const names = await readDelegateNames({
      cacheFile,
      now: () => new Date(now),
      fetchText: answering('claimed'),
      known,
    })
    expect([...names].map(([hotkey, { name }]) => [hotkey, name])).toEqual([
      [ALICE, 'on chain'],
      [BOB, 'Bob'],
    ])
  })
})

describe('readNames', () => {
  test('makes the text of strangers harmless', () => {
    const names = readNames({
      [ALICE]: {
        name: ' \u001b[31mYuma\u202e\n Foundation ',
        url: 'javascript:alert(1)',
        description: `${'x'.repeat(600)}`,
      },
    })
    expect(names.get(ALICE)).toEqual({
      name: '[31mYuma Foundation',
      url: undefined,
      description: `${'x'.repeat(499)}…`,
    })
  })

  test('leaves out what is no address or has no name', () => {
    const fine = { name: 'x' }
    expect(
      readNames({ bob: fine, [BOB]: { name: '\u200b' }, [ALICE]: 7, [`${ALICE}x`]: fine }).size,
    ).toBe(0)
  })

  test('any object gives names without control characters', () => {
    fc.assert(
      fc.property(fc.anything(), fc.string({ unit: 'binary' }), (value, name) => {
        const names = readNames({ [ALICE]: value, [BOB]: { name } })
        for (const { name: shown } of names.values()) {
          expect(shown).toMatch(/^[^\p{Cc}\p{Cf}]{1,80}$/u)
        }
      }),
    )
  })
})
