import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { bytesToHex } from '@noble/hashes/utils.js'
import { Metadata, TypeRegistry } from '@polkadot/types'
import { metadata as codec, type V14, type V15 } from '@polkadot-api/substrate-bindings'
import { describe, expect, test } from 'vitest'
import { CLASSIC_EXTENSIONS, Runtime } from '../../../../src/localnet/node/metadata/extensions.js'
import { writeMetadata } from '../../../../src/localnet/node/metadata/write.js'
import { standardApis } from '../../../../src/localnet/node/standardApis.js'
import { createRuntime } from '../../../../src/localnet/runtime/runtime.js'
import { MultiAddress } from '../../../../src/localnet/runtime/types.js'

const runtime = createRuntime()
const source = {
  pallets: runtime.pallets,
  callType: runtime.callType,
  eventType: runtime.eventType,
  addressType: MultiAddress,
  runtimeType: Runtime,
  extensions: CLASSIC_EXTENSIONS,
  apis: standardApis(runtime),
}
const written = writeMetadata(source, 14)
const ours = codec.dec(written).metadata.value as V14
const real = codec.dec(
  gunzipSync(
    readFileSync(new URL('../../../vectors/metadata/spec-143.v14.hex.gz', import.meta.url)),
  )
    .toString()
    .trim(),
).metadata.value as V14

type Lookup = V14['lookup']

/** A type written out to its leaves; calls and events of pallets by name, since the sets served differ. */
function shape(lookup: Lookup, id: number, above: readonly number[] = []): string {
  const entry = lookup[id]!
  const path = entry.path.join('::')
  if (/::Runtime(Call|Event)$|::pallet::(Call|Event)$/.test(path)) return path
  if (above.includes(id)) return `^${path}`
  const inner = (type: number) => shape(lookup, type, [...above, id])
  const field = (one: { name: string | undefined; type: number }) =>
    `${one.name ?? ''}:${inner(one.type)}`
  const params = entry.params.map(
    ({ name, type }) => `${name}=${type === undefined ? '' : inner(type)}`,
  )
  const head = `${path}<${params.join()}>`
  const { def } = entry
  if (def.tag === 'primitive') return def.value.tag
  if (def.tag === 'compact') return `Compact(${inner(def.value)})`
  if (def.tag === 'sequence') return `Vec(${inner(def.value)})`
  if (def.tag === 'array') return `[${inner(def.value.type)};${def.value.len}]`
  if (def.tag === 'tuple') return `(${def.value.map(inner).join()})`
  if (def.tag === 'composite') return `${head}{${def.value.map(field).join()}}`
  if (def.tag !== 'variant') throw new Error(def.tag)
  return `${head}|${def.value.map((one) => `${one.name}#${one.index}(${one.fields.map(field).join()})`).join('|')}`
}

function storageOf({ lookup, pallets }: V14, name: string) {
  const storage = pallets.find((pallet) => pallet.name === name)?.storage
  const items = storage?.items.map((item) => ({
    name: item.name,
    modifier: item.modifier,
    fallback: item.fallback,
    type:
      item.type.tag === 'plain'
        ? shape(lookup, item.type.value)
        : {
            hashers: item.type.value.hashers.map((hasher) => hasher.tag),
            key: shape(lookup, item.type.value.key),
            value: shape(lookup, item.type.value.value),
          },
  }))
  return { prefix: storage?.prefix, items }
}

type Cases = Record<string, { index: number; fields: [string | undefined, string][] }>

function casesOf({ lookup }: V14, id: number | undefined): Cases {
  if (id === undefined) return {}
  const { def } = lookup[id]!
  if (def.tag !== 'variant') throw new Error(def.tag)
  return Object.fromEntries(
    def.value.map((one) => [
      one.name,
      {
        index: one.index,
        fields: one.fields.map((field) => [field.name, shape(lookup, field.type)]),
      },
    ]),
  )
}

describe.each(ours.pallets.map((pallet) => pallet.name))('%s', (name) => {
  const mine = ours.pallets.find((pallet) => pallet.name === name)!
  const theirs = real.pallets.find((pallet) => pallet.name === name)!

  test('has the index, the storage and the constants of the real runtime', () => {
    expect(mine.index).toBe(theirs.index)
    expect(storageOf(ours, name)).toEqual(storageOf(real, name))
    const constants = ({ lookup }: V14, pallet: typeof mine) =>
      pallet.constants.map(({ name: constant, type, value }) => [
        constant,
        shape(lookup, type),
        value,
      ])
    expect(constants(ours, mine)).toEqual(constants(real, theirs))
  })

  test('has calls, events and errors that the real runtime has too, with the same types', () => {
    for (const kind of ['calls', 'events', 'errors'] as const) {
      expect(casesOf(real, theirs[kind] as never)).toMatchObject(casesOf(ours, mine[kind] as never))
    }
    expect(casesOf(ours, mine.events as never)).toEqual(casesOf(real, theirs.events as never))
    expect(casesOf(ours, mine.errors as never)).toEqual(casesOf(real, theirs.errors as never))
  })
})

test('a transaction has the signed extensions of the real runtime', () => {
  const extensions = ({ lookup, extrinsic }: V14) =>
    extrinsic.signedExtensions.map((one) => [
      one.identifier,
      shape(lookup, one.type),
      shape(lookup, one.additionalSigned),
    ])
  expect(extensions(ours)).toEqual(extensions(real))
  expect(shape(ours.lookup, ours.extrinsic.type)).toBe(shape(real.lookup, real.extrinsic.type))
})

test('each type is listed once, at the place of its number', () => {
  expect(ours.lookup.map((entry) => entry.id)).toEqual(ours.lookup.map((_, i) => i))
  const written = ours.lookup.map(({ path, params, def }) => JSON.stringify([path, params, def]))
  expect(new Set(written).size).toBe(written.length)
})

test('@polkadot/api reads it and finds calls by name', () => {
  const registry = new TypeRegistry()
  const metadata = new Metadata(registry, `0x${bytesToHex(written)}`)
  registry.setMetadata(metadata)
  expect(metadata.version).toBe(14)
  expect(registry.signedExtensions).toEqual(CLASSIC_EXTENSIONS.map(({ name }) => name))
  const error = registry.findMetaError({
    index: registry.createType('u8', 7),
    error: registry.createType('u8', 10),
  } as never)
  expect(error.name).toBe('NotEnoughBalanceToStake')
})

test('V15 adds the runtime APIs and the outer types', () => {
  const v15 = codec.dec(writeMetadata(source, 15)).metadata.value as V15
  const nonce = v15.apis.find((api) => api.name === 'AccountNonceApi')
  expect(nonce?.methods.map((method) => method.name)).toEqual(['account_nonce'])
  const path = (id: number) => v15.lookup[id]?.path.at(-1)
  expect(path(v15.outerEnums.call)).toBe('RuntimeCall')
  expect(path(v15.outerEnums.event)).toBe('RuntimeEvent')
  expect(path(v15.outerEnums.error)).toBe('RuntimeError')
  expect(v15.extrinsic.signedExtensions).toHaveLength(CLASSIC_EXTENSIONS.length)
})
