import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toHex } from '../../../../src/localnet/node/bytes.js'
import {
  type KeyValue,
  levelKeyValue,
  memoryKeyValue,
} from '../../../../src/localnet/node/store/keyValue.js'
import { sortedKeys } from '../../../../src/localnet/node/store/sortedKeys.js'
import { openVersions } from '../../../../src/localnet/node/store/versions.js'
import { tempFolder } from '../../../support/tempFolder.js'

const root = tempFolder()
let directories = 0
const freshDirectory = () => join(root, `${directories++}`)

type Change = { readonly key: string; readonly value: Uint8Array | null }

const change = fc.record({
  key: fc.constantFrom('00', '0011', '0012', 'ff', 'ff00', 'a0'),
  value: fc.option(fc.uint8Array({ minLength: 0, maxLength: 4 }), { nil: null, freq: 4 }),
})
/** What changes in each block; a key at most once. */
const history = fc.array(fc.uniqueArray(change, { selector: (one) => one.key, maxLength: 4 }), {
  minLength: 1,
  maxLength: 60,
})

/** State after every block, the plain way. */
function replay(blocks: readonly (readonly Change[])[]): Map<string, string>[] {
  const states: Map<string, string>[] = []
  let state = new Map<string, string>()
  for (const changes of blocks) {
    state = new Map(state)
    for (const { key, value } of changes) {
      if (value) state.set(key, toHex(value))
      else state.delete(key)
    }
    states.push(state)
  }
  return states
}

async function check(kv: KeyValue, blocks: readonly (readonly Change[])[]): Promise<void> {
  const versions = await openVersions(kv)
  replay(blocks).forEach((state, block) => {
    for (const key of ['00', '0011', '0012', 'ff', 'ff00', 'a0', 'bb']) {
      const value = versions.at(key, block)
      expect(value && toHex(value)).toBe(state.get(key))
    }
    for (const prefix of ['', '00', 'ff', 'a0', 'b']) {
      const expected = [...state.keys()].filter((key) => key.startsWith(prefix)).sort()
      expect([...versions.keys(prefix, block)]).toEqual(expected)
      const behind = expected.filter((key) => key > '0011')
      expect([...versions.keys(prefix, block, '0011')]).toEqual(behind)
    }
  })
}

async function fill(kv: KeyValue, blocks: readonly (readonly Change[])[]) {
  const versions = await openVersions(kv)
  blocks.forEach((changes, block) => {
    versions.put(block, new Map(changes.map(({ key, value }) => [key, value])))
  })
  return versions
}

describe('every state of the past can be read', () => {
  test('in memory', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (blocks) => {
        const kv = memoryKeyValue()
        const versions = await fill(kv, blocks)
        replay(blocks).forEach((state, block) => {
          for (const key of ['00', '0011', '0012', 'ff', 'ff00', 'a0', 'bb']) {
            const value = versions.at(key, block)
            expect(value && toHex(value)).toBe(state.get(key))
          }
        })
      }),
    )
  })

  test('in a directory, also after it was closed and opened again', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (blocks) => {
        const directory = freshDirectory()
        const kv = await levelKeyValue(directory)
        await fill(kv, blocks)
        await kv.flush()
        await kv.close()
        const again = await levelKeyValue(directory)
        await check(again, blocks)
        await again.close()
      }),
      { numRuns: 8 },
    )
  })
})

describe('a history that is pruned', () => {
  const KEYS = ['00', '0011', '0012', 'ff', 'ff00', 'a0']

  test('still has every state from the last pruning on, also after a way back', async () => {
    await fc.assert(
      fc.asyncProperty(
        history,
        fc.integer({ min: 0, max: 8 }),
        fc.nat(),
        async (blocks, kept, pick) => {
          const kv = memoryKeyValue()
          const versions = await openVersions(kv, true)
          const states = replay(blocks)
          const expectFrom = (first: number, last: number) => {
            for (let block = Math.max(0, first); block <= last; block++) {
              for (const key of KEYS) {
                const value = versions.at(key, block)
                expect(value && toHex(value)).toBe(states[block]?.get(key))
              }
            }
          }
          const put = (block: number) => {
            const changes = blocks[block] ?? []
            versions.put(block, new Map(changes.map(({ key, value }) => [key, value])))
            versions.prune(block - kept)
          }
          for (let block = 0; block < blocks.length; block++) {
            put(block)
            expectFrom(block - kept, block)
          }
          const last = blocks.length - 1
          const back = Math.max(0, last - (pick % (kept + 1)))
          versions.revert(back)
          expectFrom(last - kept, back)
          for (let block = back + 1; block <= last; block++) put(block)
          expectFrom(last - kept, last)
        },
      ),
    )
  })

  test('takes no more room than what is kept, also when an earlier run kept all', async () => {
    const directory = freshDirectory()
    const one = (block: number) => new Map([['00', Uint8Array.of(block)]])
    const first = await levelKeyValue(directory)
    const whole = await openVersions(first)
    for (let block = 0; block < 100; block++) whole.put(block, one(block))
    await first.flush()
    await first.close()
    const kv = await levelKeyValue(directory)
    const count = async () => {
      await kv.flush()
      let found = 0
      for await (const _ of kv.scan('v:')) found++
      return found
    }
    expect(await count()).toBe(99)
    const versions = await openVersions(kv, true)
    versions.prune(90)
    expect(await count()).toBe(9)
    for (let block = 100; block < 120; block++) {
      versions.put(block, one(block))
      versions.prune(block - 5)
    }
    expect(await count()).toBe(5)
    expect(versions.at('00', 114)).toEqual(Uint8Array.of(114))
    expect(() => versions.at('00', 3)).toThrow('is missing')
    await kv.close()
  })
})

test('reading far back takes steps in the logarithm of the number of versions', async () => {
  const inner = memoryKeyValue()
  let reads = 0
  const kv: KeyValue = {
    ...inner,
    get(key) {
      reads++
      return inner.get(key)
    },
  }
  const versions = await openVersions(kv)
  const blocks = 20_000
  for (let block = 0; block < blocks; block++) {
    versions.put(block, new Map([['00', Uint8Array.of(block & 0xff, block >> 8)]]))
  }
  for (const block of [0, 1, 777, 9_999, 16_384, blocks - 1]) {
    reads = 0
    expect(versions.at('00', block)).toEqual(Uint8Array.of(block & 0xff, block >> 8))
    expect(reads).toBeLessThan(4 * Math.log2(blocks))
  }
})

test('what is not flushed is read back, and gone after a crash', async () => {
  const directory = freshDirectory()
  const kv = await levelKeyValue(directory)
  kv.put('a', Uint8Array.of(1))
  await kv.flush()
  kv.put('a', Uint8Array.of(2))
  kv.put('b', Uint8Array.of(3))
  expect(kv.get('a')).toEqual(Uint8Array.of(2))
  expect(kv.get('b')).toEqual(Uint8Array.of(3))
  await kv.close()
  const again = await levelKeyValue(directory)
  expect(again.get('a')).toEqual(Uint8Array.of(1))
  expect(again.get('b')).toBeUndefined()
  await again.close()
})

test('a directory is open once only', async () => {
  const directory = freshDirectory()
  const kv = await levelKeyValue(directory)
  await expect(levelKeyValue(directory)).rejects.toMatchObject({
    code: 'LOCALNET',
    data: { locked: true },
  })
  await kv.close()
  await (await levelKeyValue(directory)).close()
})

test('a walk over keys goes on while keys are added', () => {
  const keys = sortedKeys()
  keys.addAll(['10', '20', '30'])
  const seen: string[] = []
  for (const key of keys.from('')) {
    seen.push(key)
    if (key === '20') {
      keys.add('05')
      keys.add('25')
      keys.add('25')
    }
  }
  expect(seen).toEqual(['10', '20', '25', '30'])
  expect([...keys.from('2')]).toEqual(['20', '25'])
  expect([...keys.from('', '28')]).toEqual(['30'])
})
