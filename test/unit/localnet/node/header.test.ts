import { TypeRegistry } from '@polkadot/types'
import { Blake2256, validateProofs } from '@polkadot-api/substrate-bindings'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { blake256, compactBytes, toHex } from '../../../../src/localnet/node/bytes.js'
import {
  auraSlot,
  decodeHeader,
  encodeHeader,
  headerHash,
  headerJson,
  RUNTIME_UPDATED,
} from '../../../../src/localnet/node/header.js'
import { nextStateRoot } from '../../../../src/localnet/node/stateRoot.js'
import { orderedTrieRoot } from '../../../../src/localnet/node/trieRoot.js'

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toHex)
const header = fc.record({
  parentHash: hash,
  number: fc.nat(2 ** 29),
  stateRoot: hash,
  extrinsicsRoot: hash,
  digest: fc.array(fc.oneof(fc.nat(2 ** 41).map(auraSlot), fc.constant(RUNTIME_UPDATED)), {
    maxLength: 2,
  }),
})

test('headers hash to what @polkadot/types computes from their JSON', () => {
  const registry = new TypeRegistry()
  fc.assert(
    fc.property(header, (one) => {
      const theirs = registry.createType('Header', headerJson(one))
      expect(theirs.hash.toHex()).toBe(headerHash(one))
      expect(decodeHeader(encodeHeader(one))).toEqual(one)
    }),
    { numRuns: 50 },
  )
})

/** Root of no entries on every Substrate chain. */
const EMPTY = '0x03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314'

test('the extrinsics root is the trie root over the list', () => {
  expect(toHex(orderedTrieRoot([]))).toBe(EMPTY)
  // One short value: a leaf with the key 00, checked by an independent decoder of trie nodes.
  const leaf = Uint8Array.of(0x42, 0x00, ...compactBytes(3), 1, 2, 3)
  expect(toHex(orderedTrieRoot([Uint8Array.of(1, 2, 3)]))).toBe(toHex(blake256(leaf)))
  const proof = validateProofs([leaf], Blake2256)
  expect(proof?.rootHash).toBe(toHex(blake256(leaf)))
})

test('the extrinsics root depends on every value and on their order', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.uint8Array({ minLength: 1, maxLength: 80 }), {
        minLength: 2,
        maxLength: 90,
        selector: toHex,
      }),
      fc.nat(),
      (values, pick) => {
        const root = toHex(orderedTrieRoot(values))
        const i = pick % (values.length - 1)
        expect(toHex(orderedTrieRoot(values.toSpliced(i, 2, values[i + 1]!, values[i]!)))).not.toBe(
          root,
        )
        expect(toHex(orderedTrieRoot(values.toSpliced(i, 1)))).not.toBe(root)
      },
    ),
    { numRuns: 30 },
  )
})

test('the state root follows from the state alone, whatever the way there', () => {
  const changes = fc.array(
    fc.tuple(
      fc.constantFrom('aa', 'bb', 'cc00', 'cc'),
      fc.option(fc.uint8Array({ maxLength: 3 }), { nil: null }),
    ),
  )
  fc.assert(
    fc.property(changes, (list) => {
      const state = new Map<string, Uint8Array>()
      let root = `0x${'00'.repeat(32)}` as const as `0x${string}`
      for (const [key, value] of list) {
        root = nextStateRoot(root, new Map([[key, value]]), (name) => state.get(name))
        if (value) state.set(key, value)
        else state.delete(key)
      }
      const empty = `0x${'00'.repeat(32)}` as const
      expect(nextStateRoot(empty, state, () => undefined)).toBe(root)
      if (state.size === 0) expect(root).toBe(empty)
      else expect(root).not.toBe(empty)
    }),
  )
})
