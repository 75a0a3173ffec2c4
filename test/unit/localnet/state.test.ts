import { blake2AsHex, xxhashAsHex } from '@polkadot/util-crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createState, memoryBackend } from '../../../src/localnet/runtime/overlay.js'
import { System } from '../../../src/localnet/runtime/pallets/system.js'
import { decodeKeys, storageKey, twox128 } from '../../../src/localnet/runtime/storageKey.js'
import { S } from '../../../src/localnet/runtime/subtensor/storage.js'
import { twoxHex } from '../../../src/localnet/runtime/xxhash.js'
import { account } from '../../support/localWorld.js'

const alice = account('//Alice')

describe('raw keys', () => {
  test('hashes equal those of the real chain', () => {
    expect(twox128('System') + twox128('Account')).toBe(
      '26aa394eea5630e07c48ae0c9558cef7b99d880ec681799c0cf30e8886371da9',
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(`0x${twoxHex(bytes, 2)}`).toBe(xxhashAsHex(bytes, 128))
      }),
    )
  })

  test('hashed keys carry the key, identity keys are the key', () => {
    const key = storageKey(System.Account, alice)
    expect(key.slice(64)).toBe(blake2AsHex(alice, 128).slice(2) + alice.slice(2))
    expect(storageKey(S.Keys, 258, 7).slice(64)).toBe('02010700')
  })

  test('keys are read back from raw keys', () => {
    expect(decodeKeys(S.Stake, storageKey(S.Stake, alice, account('//Bob')))).toEqual([
      alice,
      account('//Bob'),
    ])
    expect(decodeKeys(S.BlockAtRegistration, storageKey(S.BlockAtRegistration, 9, 300))).toEqual([
      9, 300,
    ])
    expect(decodeKeys(System.BlockHash, storageKey(System.BlockHash, 77))).toEqual([77])
    const work = Uint8Array.of(1, 2, 3)
    expect(decodeKeys(S.UsedWork, storageKey(S.UsedWork, work))).toEqual([work])
  })
})

describe('layers', () => {
  const make = () => {
    const backend = memoryBackend()
    return { backend, state: createState(backend) }
  }

  test('an absent entry reads as its default but is not there', () => {
    const { state } = make()
    expect(state.get(S.Tempo, 1)).toBe(99)
    expect(state.has(S.Tempo, 1)).toBe(false)
    expect(state.get(S.Uids, 1, alice)).toBeUndefined()
  })

  test('a dropped layer leaves nothing, a committed one everything', () => {
    const { state } = make()
    state.set(S.Tempo, [1], 5)
    state.begin()
    state.set(S.Tempo, [1], 6)
    state.remove(S.Tempo, 2)
    state.begin()
    state.set(S.Tempo, [3], 7)
    state.commit()
    expect(state.entries(S.Tempo)).toEqual([
      [[1], 6],
      [[3], 7],
    ])
    state.rollback()
    expect(state.entries(S.Tempo)).toEqual([[[1], 5]])
    expect(() => state.rollback()).toThrow()
  })

  test('changes list removals, and settling keeps the values', () => {
    const { backend, state } = make()
    state.set(S.Tempo, [1], 5)
    state.set(S.Tempo, [2], 6)
    backend.apply(state.changes())
    state.settle()
    expect(state.changes().size).toBe(0)
    state.remove(S.Tempo, 1)
    expect([...state.changes().values()]).toEqual([null])
    backend.apply(state.changes())
    state.settle()
    expect(createState(backend).entries(S.Tempo)).toEqual([[[2], 6]])
  })

  test('clear forgets what was read, because the backend may have moved', () => {
    const { backend, state } = make()
    expect(state.get(S.Tempo, 1)).toBe(99)
    backend.apply(new Map([[storageKey(S.Tempo, 1), Uint8Array.of(4, 0)]]))
    expect(state.get(S.Tempo, 1)).toBe(99)
    state.clear()
    expect(state.get(S.Tempo, 1)).toBe(4)
  })

  test('raw values and typed ones are the same entries', () => {
    const { state } = make()
    state.setRaw(storageKey(S.BlockAtRegistration, 1, 2), Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0))
    expect(state.entries(S.BlockAtRegistration, 1)).toEqual([[[1, 2], 9n]])
    state.set(S.Tempo, [1], 258)
    expect(state.getRaw(storageKey(S.Tempo, 1))).toEqual(Uint8Array.of(2, 1))
    state.setRaw(storageKey(S.Tempo, 1), undefined)
    expect(state.has(S.Tempo, 1)).toBe(false)
  })

  test('any sequence of operations reads like a plain map', () => {
    const uid = fc.integer({ min: 0, max: 3 })
    const step = fc.oneof(
      fc.record({ do: fc.constant('set' as const), net: uid, uid, value: fc.bigInt(0n, 9n) }),
      fc.record({ do: fc.constant('remove' as const), net: uid, uid }),
      fc.constant({ do: 'begin' as const }),
      fc.constant({ do: 'commit' as const }),
      fc.constant({ do: 'rollback' as const }),
      fc.constant({ do: 'settle' as const }),
    )
    const copy = (map: Map<string, bigint>) => new Map(map)
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { backend, state } = make()
        const models = [new Map<string, bigint>()]
        const top = () => models.at(-1)!
        for (const one of steps) {
          if (one.do === 'set') {
            state.set(S.BlockAtRegistration, [one.net, one.uid], one.value)
            top().set(`${one.net} ${one.uid}`, one.value)
          } else if (one.do === 'remove') {
            state.remove(S.BlockAtRegistration, one.net, one.uid)
            top().delete(`${one.net} ${one.uid}`)
          } else if (one.do === 'begin') {
            state.begin()
            models.push(copy(top()))
          } else if (one.do === 'settle' && models.length === 1) {
            backend.apply(state.changes())
            state.settle()
          } else if (one.do !== 'settle' && models.length > 1) {
            const layer = models.pop()!
            if (one.do === 'commit') {
              state.commit()
              models[models.length - 1] = layer
            } else state.rollback()
          }
          for (let net = 0; net < 4; net++) {
            const expected = [...top()].filter(([key]) => key.startsWith(`${net} `)).sort()
            const found = state
              .entries(S.BlockAtRegistration, net)
              .map(([keys, value]) => [keys.join(' '), value])
            expect(found).toEqual(expected)
          }
          expect(state.entries(S.BlockAtRegistration).length).toBe(top().size)
        }
      }),
    )
  })
})
