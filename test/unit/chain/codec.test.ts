/** Our SCALE codec against @polkadot/types over real metadata, and against malformed bytes. */
import { TypeRegistry } from '@polkadot/types'
import { Metadata } from '@polkadot/types/metadata'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode, ScaleError } from '../../../src/core/chain/decode.js'
import { compact, encode } from '../../../src/core/chain/encode.js'
import { keysOf, storageKey } from '../../../src/core/chain/storageKey.js'
import { twox } from '../../../src/core/chain/twox.js'
import {
  bytes,
  c8,
  c16,
  c64,
  c128,
  type TypeDef,
  u16,
  u64,
  u128,
  vec,
} from '../../../src/core/chain/typeDef.js'
import { fromHex, toHex } from '../../../src/core/keys/hex.js'
import { encodeAddress } from '../../../src/core/keys/ss58.js'
import { descriptionOf, metadataHex } from './recordedChain.js'

const SPECS = ['spec-103.v14', 'spec-143.v14', 'spec-218.v15', 'spec-343.v15'] as const

function oracle(name: string) {
  const registry = new TypeRegistry()
  const metadata = new Metadata(registry, metadataHex(name))
  const none = { extrinsic: {}, payload: {} }
  registry.setMetadata(metadata, undefined, {
    SubtensorSignedExtension: none,
    CommitmentsSignedExtension: none,
    SubtensorTransactionExtension: none,
    DrandPriority: none,
  })
  return { registry, metadata }
}

describe.each(SPECS)('%s', (name) => {
  const description = descriptionOf(name)
  const { registry, metadata } = oracle(name)

  test('every call has the name, index and arguments that @polkadot/types sees', () => {
    const theirs = metadata.asLatest.pallets
      .filter((pallet) => pallet.calls.isSome)
      .map((pallet) => [
        pallet.name.toString(),
        pallet.index.toNumber(),
        registry.lookup
          .getSiType(pallet.calls.unwrap().type)
          .def.asVariant.variants.map((variant) => [
            variant.name.toString(),
            variant.index.toNumber(),
            variant.fields.map((field) => field.name.unwrap().toString()),
          ]),
      ])
    const ours = Object.entries(description.pallets)
      .filter(([pallet]) => theirs.some(([other]) => other === pallet))
      .map(([pallet, { index, calls }]) => [
        pallet,
        index,
        calls.map((call) => [call.name, call.index, call.fields.map(([field]) => field)]),
      ])
    expect(ours).toEqual(theirs)
  })

  test('every storage item falls back to a value that decodes and encodes again', () => {
    for (const { storage } of Object.values(description.pallets)) {
      for (const item of Object.values(storage)) {
        if (item.optional) continue
        const raw = fromHex(item.fallback)!
        const value = decode(description.types, item.value, raw)
        expect(toHex(encode(description.types, item.value, value, 'value'))).toBe(item.fallback)
      }
    }
  })

  test('every constant decodes', () => {
    for (const { constants } of Object.values(description.pallets)) {
      for (const { type, value } of Object.values(constants)) {
        expect(() => decode(description.types, type, fromHex(value)!)).not.toThrow()
      }
    }
  })

  test('errors have their names and texts', () => {
    for (const pallet of metadata.asLatest.pallets) {
      const type = pallet.errors.isSome ? pallet.errors.unwrap().type : undefined
      if (!type) continue
      for (const variant of registry.lookup.getSiType(type).def.asVariant.variants) {
        expect(
          description.pallets[pallet.name.toString()]?.errors[variant.index.toNumber()],
        ).toEqual({
          name: variant.name.toString(),
          docs: variant.docs.map(String).join(' ').trim(),
        })
      }
    }
  })

  test('transactions have the extensions that @polkadot/types sees', () => {
    expect(description.extensions.map((extension) => extension.name)).toEqual(
      registry.signedExtensions,
    )
  })
})

test('metadata of version 16 is described too', () => {
  const description = descriptionOf('spec-365.v16')
  expect(Object.keys(description.pallets)).toHaveLength(27)
  expect(description.pallets['SubtensorModule']?.calls).toHaveLength(59)
  expect(description.extensions.map(({ name }) => name)).toContain('CheckMetadataHash')
})

describe('integers', () => {
  const registry = new TypeRegistry()
  const roundTrip = (type: TypeDef, value: bigint) =>
    decode([], type, encode([], type, value, 'value'))

  test('keep every value of their width', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (value) => {
        expect(roundTrip(u64, value)).toBe(value)
        expect(roundTrip(c64, value)).toBe(value)
        expect(compact(value)).toEqual(registry.createType('Compact<u64>', value).toU8a())
      }),
      { numRuns: 60 },
    )
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), (value) => {
        expect(roundTrip(u128, value)).toBe(value)
        expect(roundTrip(c128, value)).toBe(value)
      }),
    )
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        expect(roundTrip({ kind: 'int', bytes: 8 }, value)).toBe(value)
      }),
    )
  })

  test.each([0n, 63n, 64n, 16383n, 16384n, 2n ** 30n - 1n, 2n ** 30n, 2n ** 32n, 2n ** 64n - 1n])(
    'compact %d at the edges of its forms',
    (value) => {
      expect(roundTrip(c64, value)).toBe(value)
    },
  )

  test('refuse what does not fit', () => {
    expect(() => encode([], u16, 65_536, 'netuid')).toThrowError(
      'argument netuid is 65536; the chain takes 0 to 65535',
    )
    expect(() => encode([], u64, -1n, 'amount')).toThrowError(/takes 0 to 18446744073709551615/)
    expect(() => encode([], u64, 1.5, 'amount')).toThrowError(
      expect.objectContaining({ code: 'BAD_AMOUNT' }),
    )
    expect(() => encode([], u64, '5', 'amount')).toThrowError(/not a whole number/)
    expect(() => encode([], u64, 2 ** 53, 'amount')).toThrowError(/not a whole number/)
    expect(() => decode([], c8, compact(256n))).toThrowError(ScaleError)
    expect(() => decode([], c16, compact(65_536n))).toThrowError(ScaleError)
    expect(() => decode([], c64, compact(2n ** 64n))).toThrowError(ScaleError)
  })
})

describe('bytes', () => {
  test('go in as they are, whether as Uint8Array or as hex: none is taken for a length', () => {
    const seal = new Uint8Array(32).fill(0x04)
    const encoded = toHex(encode([], bytes, seal, 'work'))
    expect(encoded).toBe(`0x80${'04'.repeat(32)}`)
    expect(toHex(encode([], bytes, toHex(seal), 'work'))).toBe(encoded)
    expect(decode([], bytes, fromHex(encoded)!)).toBe(toHex(seal))
  })

  test('text that is not hex is refused', () => {
    expect(() => encode([], bytes, 'abc', 'work')).toThrowError(/is not bytes/)
    expect(() => encode([], bytes, '0xabc', 'work')).toThrowError(/is not bytes/)
  })
})

describe('malformed bytes', () => {
  test('throw, whatever they are', () => {
    const { types, pallets, call } = descriptionOf('spec-143.v14')
    const events = pallets['System']!.storage['Events']!.value
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        for (const type of [call, events]) {
          try {
            const value = decode(types, type, noise)
            expect(toHex(encode(types, type, value, 'value')).length).toBeGreaterThan(0)
          } catch (error) {
            expect(error).toBeInstanceOf(ScaleError)
          }
        }
      }),
    )
  })

  test('a huge length does not allocate', () => {
    expect(() => decode([], vec(u16), compact(2n ** 30n - 1n))).toThrowError(/a length of/)
    expect(() => decode([], bytes, compact(100n))).toThrowError(/a length of 100 with 0 bytes left/)
  })

  test('bytes left over are an error', () => {
    expect(() => decode([], u16, new Uint8Array(3))).toThrowError('1 of 3 bytes are left over')
  })
})

describe('storage keys', () => {
  const { types, pallets } = descriptionOf('spec-343.v15')

  test('of maps with every hasher read back', () => {
    const alice = encodeAddress(new Uint8Array(32).fill(7))
    const samples: [string, string, unknown[]][] = [
      ['System', 'Account', [alice]],
      ['SubtensorModule', 'Alpha', [alice, alice, 300]],
      ['SubtensorModule', 'Keys', [1, 258]],
      ['Commitments', 'CommitmentOf', [5, alice]],
    ]
    for (const [pallet, name, keys] of samples) {
      const item = pallets[pallet]!.storage[name]!
      expect(keysOf(types, item, storageKey(types, item, keys))).toEqual(keys)
    }
  })

  test('begin with the hash of pallet and item', () => {
    expect(pallets['System']?.storage['Account']?.prefix).toBe(
      '0x26aa394eea5630e07c48ae0c9558cef7b99d880ec681799c0cf30e8886371da9',
    )
    expect(toHex(twox(new TextEncoder().encode('System'), 2))).toBe(
      '0x26aa394eea5630e07c48ae0c9558cef7',
    )
  })
})
