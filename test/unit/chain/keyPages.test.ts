/** Walking a map gives every key once and in order, however they lie, in few rounds. */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allKeys } from '../../../src/core/chain/keyPages.js'
import type { Hex } from '../../../src/core/chain/types.js'

const PREFIX = '0x658faa385070e074c85bf6b568cf0555' as Hex
const hash = (text: string) => createHash('sha256').update(text).digest('hex')

/** A node with keys below the prefix and beside it; counts requests and rounds. */
function node(keys: readonly string[]) {
  const all = [...keys, '0x11aa', '0xff00', `${PREFIX.slice(0, -1)}6aa`].sort()
  const counts = { requests: 0, rounds: 0 }
  let asked = 0
  const request = async (_: string, params: readonly unknown[] = []) => {
    const [prefix, count, start] = params as [string, number, string | null]
    expect(`${start ?? '0x'}`).toMatch(/^0x([0-9a-f]{2})*$/)
    counts.requests++
    if (asked++ === 0) counts.rounds++
    await new Promise(setImmediate)
    asked = 0
    const after = start ?? ''
    return all.filter((key) => key.startsWith(prefix) && key > after).slice(0, count)
  }
  return { request, counts }
}

async function walked(keys: readonly string[]) {
  const { request, counts } = node(keys)
  const found = await allKeys(request, PREFIX, '0x00')
  expect(found.length).toBe(keys.length)
  expect(found.join() === [...keys].sort().join()).toBe(true)
  return counts
}

describe('all keys', () => {
  test('of a small map come with one request', async () => {
    expect(await walked([`${PREFIX}00`, `${PREFIX}ff`])).toEqual({ requests: 1, rounds: 1 })
    expect(await walked([])).toEqual({ requests: 1, rounds: 1 })
  })

  test('of a large map come in two rounds', async () => {
    const keys = Array.from({ length: 20_000 }, (_, i) => `${PREFIX}${hash(`${i}`)}`)
    const { requests, rounds } = await walked(keys)
    expect(rounds).toBe(2)
    expect(requests).toBeLessThan(30)
  })

  test('that stand close together below some hashes come in few rounds too', async () => {
    const keys = Array.from({ length: 40 }, (_, i) => {
      const size = i === 7 ? 9_000 : 150
      return Array.from(
        { length: size },
        (_, k) => `${PREFIX}${hash(`hot ${i}`)}${hash(`${i} ${k}`)}`,
      )
    }).flat()
    expect((await walked(keys)).rounds).toBeLessThanOrEqual(6)
  })

  test('are complete wherever they lie', async () => {
    const tail = fc.stringMatching(/^[0-9a-f]{8}$/)
    const property = fc.asyncProperty(
      fc.uniqueArray(tail, { minLength: 0, maxLength: 4000 }),
      fc.constantFrom('', '00', 'ff', '7f7f7f'),
      async (tails, more) => {
        await walked(tails.map((one) => `${PREFIX}${more}${one}`))
      },
    )
    await fc.assert(property, { numRuns: 30 })
  })

  test('of a node that repeats itself end', async () => {
    const page = Array.from(
      { length: 1000 },
      (_, i) => `${PREFIX}${i.toString(16).padStart(8, '0')}`,
    )
    let asked = 0
    const request = async () => {
      asked++
      return page
    }
    expect((await allKeys(request, PREFIX, '0x00')).length).toBe(1000)
    expect(asked).toBeLessThan(70)
  })
})
