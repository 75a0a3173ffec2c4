import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ChainClient, ChainView, Head, Hex } from '../../../src/core/chain/types.js'
import { BittensorError } from '../../../src/core/errors.js'
import { followHeads } from '../../../src/core/plans/powHeads.js'
import { NOBODY } from '../../support/devAccounts.js'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const hashOf = (number: number) => `0x${number.toString(16).padStart(64, '0')}` as Hex
const headOf = (number: number): Head => ({
  number,
  hash: hashOf(number),
  parentHash: hashOf(number - 1),
  bringsRuntime: false,
})

/** A chain whose difficulty is ten times the block's number, and a way to be its node. */
function fakeChain(refusals = 0) {
  let best = 1
  let subscriptions = 0
  let left = refusals
  let subscriber: {
    onHead: (head: Head) => void
    onLost?: ((error: Error) => void) | undefined
  }
  let broken: Error | undefined
  let specVersion = 143
  const viewOf = ({ number, hash }: Head) => ({
    block: { number, hash },
    specVersion,
    hasCall: (_: string, call: string) => call === 'register',
    hasStorage: () => false,
    read: async (_: string, item: string) =>
      item === 'Difficulty' ? BigInt(number * 10) : undefined,
  })
  const client = {
    head: async () => headOf(best),
    readHead: async (head, read) => {
      if (broken) throw broken
      return read(viewOf(head) as unknown as ChainView)
    },
    subscribeHeads: async (
      onHead: (head: Head) => void,
      onLost?: (error: Error) => void,
    ): Promise<() => void> => {
      if (subscriptions > 0 && left-- > 0) throw new BittensorError('CONNECTION', 'still away')
      subscriptions++
      subscriber = { onHead, onLost }
      return () => {}
    },
  } as Pick<ChainClient, 'head' | 'readHead' | 'subscribeHeads'> as ChainClient
  return {
    client,
    subscriptions: () => subscriptions,
    head(number: number): void {
      best = number
      subscriber.onHead(headOf(number))
    },
    break(error: Error | undefined): void {
      broken = error
    },
    upgrade(version: number): void {
      specVersion = version
    },
    lose: () => subscriber.onLost?.(new Error('gone')),
  }
}

const TARGET = { netuid: 1, hotkey: NOBODY, scheme: 'register-be', specVersion: 143 } as const

describe('the heads of a race', () => {
  it('carry the difficulty of their own state, also when the head jumps back', async () => {
    const chain = fakeChain()
    const { heads, stop } = await followHeads(chain.client, TARGET)
    const seen: (readonly [number, bigint])[] = []
    const reading = (async () => {
      for await (const { blockNumber, difficulty } of heads) seen.push([blockNumber, difficulty])
    })()
    for (const number of [5, 6, 4]) {
      chain.head(number)
      await vi.advanceTimersByTimeAsync(1)
    }
    stop()
    heads.end()
    await reading
    expect(seen).toEqual([
      [1, 10n],
      [5, 50n],
      [6, 60n],
      [4, 40n],
    ])
  })

  it('come again after the connection was lost', async () => {
    const chain = fakeChain(3)
    const told: string[] = []
    const { heads, stop } = await followHeads(chain.client, TARGET, (text) => told.push(text))
    const iterator = heads[Symbol.asyncIterator]()
    expect((await iterator.next()).value.blockNumber).toBe(1)
    chain.lose()
    await vi.advanceTimersByTimeAsync(500 + 1000 + 2000 + 4000)
    expect(chain.subscriptions()).toBe(2)
    expect(told).toEqual([
      'the connection to the node is lost; it is tried again while the search goes on',
      'the node is there again',
    ])
    chain.head(9)
    expect((await iterator.next()).value.blockNumber).toBe(9)
    stop()
  })

  it('come again within seconds of a node that was away for minutes', async () => {
    const chain = fakeChain(100)
    const { stop } = await followHeads(chain.client, TARGET)
    chain.lose()
    await vi.advanceTimersByTimeAsync(380_000)
    expect(chain.subscriptions()).toBe(1)
    await vi.advanceTimersByTimeAsync(24_000)
    expect(chain.subscriptions()).toBe(2)
    stop()
  })

  it('go on when a block could not be read because the connection broke', async () => {
    const chain = fakeChain()
    const told: string[] = []
    const { heads, stop } = await followHeads(chain.client, TARGET, (text) => told.push(text))
    const iterator = heads[Symbol.asyncIterator]()
    await iterator.next()
    chain.break(new BittensorError('CONNECTION', 'it broke'))
    chain.head(2)
    await vi.advanceTimersByTimeAsync(1)
    chain.break(undefined)
    chain.head(3)
    expect((await iterator.next()).value.blockNumber).toBe(3)
    expect(told).toEqual(['it broke'])
    stop()
  })

  it('go on after an upgrade that keeps the rule, and end with an error after one that changes it', async () => {
    const chain = fakeChain()
    const { heads } = await followHeads(chain.client, TARGET)
    const iterator = heads[Symbol.asyncIterator]()
    await iterator.next()
    chain.upgrade(144)
    chain.head(2)
    expect((await iterator.next()).value.blockNumber).toBe(2)
    chain.upgrade(283)
    chain.head(3)
    await expect(iterator.next()).rejects.toMatchObject({
      code: 'RUNTIME_UNSUPPORTED',
      message: 'the chain was upgraded from spec 143 to 283, which reads proofs by another rule',
    })
  })

  it('end with an error when it stays lost', async () => {
    const chain = fakeChain(999)
    const { heads } = await followHeads(chain.client, TARGET)
    const iterator = heads[Symbol.asyncIterator]()
    await iterator.next()
    chain.lose()
    const failure = expect(iterator.next()).rejects.toMatchObject({
      code: 'CONNECTION',
      message: 'the connection to the node is lost',
    })
    await vi.advanceTimersByTimeAsync(620_000)
    await failure
  })
})
