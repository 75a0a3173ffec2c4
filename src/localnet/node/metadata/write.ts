/** Writes a runtime's metadata, V14 or V15, from the declarations of its pallets. */
import { bytesToHex } from '@noble/hashes/utils.js'
import { metadata as metadataCodec, type V14, type V15 } from '@polkadot-api/substrate-bindings'
import { palletErrorType } from '../../runtime/codecs.js'
import type { ConstantDef, Pallet, StorageItem } from '../../runtime/pallet.js'
import { type ScaleType, tuple, type VariantCase, variant } from '../../runtime/scale.js'
import type { RuntimeApi } from '../runtimeApis.js'
import { extraType, extrinsicType, MultiSignature, type SignedExtension } from './extensions.js'
import { type TypeRegistry, typeRegistry } from './registry.js'

/** All that metadata tells. */
export type MetadataSource = {
  readonly pallets: readonly Pallet[]
  /** `RuntimeCall`: one case per pallet with calls, each with the pallet's call type as its field. */
  readonly callType: ScaleType<unknown>
  /** `RuntimeEvent`, likewise. */
  readonly eventType: ScaleType<unknown>
  /** How a transaction names its sender. */
  readonly addressType: ScaleType<unknown>
  readonly extensions: readonly SignedExtension[]
  /** The type that stands for the runtime itself. */
  readonly runtimeType: ScaleType<unknown>
  /** Listed by V15 only. */
  readonly apis: readonly RuntimeApi[]
}

const MAGIC = 0x6174656d // "meta"

/** The encoded metadata, with the magic number and the version in front. */
export function writeMetadata(source: MetadataSource, version: 14 | 15): Uint8Array {
  const registry = typeRegistry()
  const pallets = palletsOf(source, registry)
  const metadata =
    version === 14
      ? { tag: 'v14' as const, value: v14(source, registry, pallets) }
      : { tag: 'v15' as const, value: v15(source, registry, pallets) }
  return metadataCodec.enc({ magicNumber: MAGIC, metadata })
}

type PalletEntry = V14['pallets'][number]

function v14(source: MetadataSource, registry: TypeRegistry, pallets: PalletEntry[]): V14 {
  return {
    pallets,
    extrinsic: {
      type: registry.id(extrinsicType(source.addressType, source.callType, source.extensions)),
      version: 4,
      signedExtensions: extensionsOf(source, registry),
    },
    type: registry.id(source.runtimeType),
    apis: [],
    lookup: registry.types,
  } as V14
}

function v15(source: MetadataSource, registry: TypeRegistry, pallets: PalletEntry[]): V15 {
  // Nothing here refers to it, but clients look it up by its path: real runtimes have it in their APIs.
  registry.id(extrinsicType(source.addressType, source.callType, source.extensions))
  return {
    pallets: pallets.map((pallet) => ({ ...pallet, docs: [] })),
    extrinsic: {
      version: 4,
      address: registry.id(source.addressType),
      call: registry.id(source.callType),
      signature: registry.id(MultiSignature),
      extra: registry.id(extraType(source.extensions)),
      signedExtensions: extensionsOf(source, registry),
    },
    type: registry.id(source.runtimeType),
    apis: source.apis.map((api) => apiEntry(api, registry)),
    outerEnums: {
      call: registry.id(source.callType),
      event: registry.id(source.eventType),
      error: registry.id(runtimeErrorType(source)),
    },
    custom: [],
    lookup: registry.types,
  } as unknown as V15
}

function apiEntry(api: RuntimeApi, registry: TypeRegistry) {
  const methods = Object.entries(api.methods).map(([name, method]) => ({
    name,
    inputs: Object.entries(method.inputs).map(([input, type]) => ({
      name: input,
      type: registry.id(type),
    })),
    output: registry.id(method.output),
    docs: [],
  }))
  return { name: api.name, methods, docs: [] }
}

function extensionsOf(source: MetadataSource, registry: TypeRegistry) {
  return source.extensions.map((extension) => ({
    identifier: extension.name,
    type: registry.id(extension.type),
    additionalSigned: registry.id(extension.additional),
  }))
}

function palletsOf(source: MetadataSource, registry: TypeRegistry): PalletEntry[] {
  const calls = partsOf(source.callType)
  const events = partsOf(source.eventType)
  return source.pallets.map((pallet) => {
    const callType = calls.get(pallet.name)
    const eventType = events.get(pallet.name)
    const errorType = palletErrorType(pallet)
    return {
      name: pallet.name,
      index: pallet.index,
      storage: storageEntry(pallet, registry),
      calls: callType && registry.id(callType),
      events: eventType && registry.id(eventType),
      constants: Object.entries(pallet.constants).map(([name, constant]) =>
        constantEntry(name, constant, registry),
      ),
      errors: errorType && registry.id(errorType),
    } as unknown as PalletEntry
  })
}

/** The pallets' own types inside `RuntimeCall` or `RuntimeEvent`, by pallet. */
function partsOf(outer: ScaleType<unknown>): Map<string, ScaleType<unknown>> {
  const def = outer.def()
  if (def.kind !== 'variant') throw new TypeError('the type of all calls or events is a variant')
  const parts = new Map<string, ScaleType<unknown>>()
  for (const one of def.variants) {
    const type = one.fields[0]?.type
    if (type) parts.set(one.name, type)
  }
  return parts
}

function storageEntry(pallet: Pallet, registry: TypeRegistry): PalletEntry['storage'] {
  const items = Object.values(pallet.storage)
  if (items.length === 0) return undefined
  const prefix = pallet.prefix ?? pallet.name
  return { prefix, items: items.map((item) => itemEntry(item, registry)) }
}

function itemEntry(item: StorageItem<readonly unknown[], unknown>, registry: TypeRegistry) {
  const value = registry.id(item.type)
  const keys = item.keys.map((key) => key.type)
  const [first] = keys
  const hashers = item.keys.map((key) => ({ tag: key.hasher, value: undefined }))
  const map = () => ({
    hashers,
    key: registry.id(keys.length === 1 && first ? first : tuple(...keys)),
    value,
  })
  return {
    name: item.name,
    modifier: item.optional ? 0 : 1,
    type:
      keys.length === 0 ? { tag: 'plain' as const, value } : { tag: 'map' as const, value: map() },
    fallback: item.optional ? '0x00' : hex(item.type.codec.enc(item.fallback)),
    docs: docsOf(item.docs),
  }
}

function constantEntry(name: string, constant: ConstantDef<unknown>, registry: TypeRegistry) {
  return {
    name,
    type: registry.id(constant.type),
    value: hex(constant.type.codec.enc(constant.value)),
    docs: docsOf(constant.docs),
  }
}

function runtimeErrorType(source: MetadataSource): ScaleType<unknown> {
  const cases: Record<string, VariantCase> = {}
  for (const pallet of source.pallets) {
    const type = palletErrorType(pallet)
    if (type) cases[pallet.name] = { index: pallet.index, fields: [type] }
  }
  const [root = 'runtime'] = source.runtimeType.path
  return variant(() => cases, { path: [root, 'RuntimeError'] })
}

function docsOf(docs: string | undefined): string[] {
  return docs ? [docs] : []
}

function hex(bytes: Uint8Array): string {
  return `0x${bytesToHex(bytes)}`
}
