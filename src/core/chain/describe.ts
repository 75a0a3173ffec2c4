/** Turns SCALE metadata (V14 to V16) into a {@link Description}. Loaded only when the cache has none. */
import {
  decAnyMetadata,
  type UnifiedMetadata,
  unifyMetadata,
} from '@polkadot-api/substrate-bindings'
import { toHex } from '../keys/hex.js'
import type {
  ApiMethod,
  Description,
  ErrorDescription,
  Hasher,
  PalletDescription,
  StorageDescription,
} from './description.js'
import { concat } from './encode.js'
import { twox } from './twox.js'
import type { Field, TypeDef, VariantCase } from './typeDef.js'
import type { Hex } from './types.js'

type Lookup = UnifiedMetadata['lookup']
type Entry = Lookup[number]
type Pallet = UnifiedMetadata['pallets'][number]
type StorageItems = NonNullable<Pallet['storage']>

/**
 * Describes the runtime that answered this metadata.
 * @throws {Error} of the metadata decoder for anything that is not metadata V14 to V16
 */
export function describe(metadata: Uint8Array): Description {
  const unified = unifyMetadata(decAnyMetadata(metadata))
  const { lookup } = unified
  const types = lookup.map((entry) => typeOf(lookup, entry))
  return {
    types,
    pallets: Object.fromEntries(
      unified.pallets.map((pallet) => [pallet.name, describePallet(lookup, types, pallet)]),
    ),
    call: lookup.findIndex((entry) => entry.path.at(-1) === 'RuntimeCall'),
    extensions:
      Object.values(unified.extrinsic.extensionsByVersion)[0]?.map((extension) => ({
        name: extension.identifier,
        extra: extension.type,
        additional: extension.additionalSigned,
      })) ?? [],
    apis: Object.fromEntries(unified.apis.map((api) => [api.name, describeMethods(api.methods)])),
  }
}

function describeMethods(
  methods: UnifiedMetadata['apis'][number]['methods'],
): Readonly<Record<string, ApiMethod>> {
  return Object.fromEntries(
    methods.map((method) => [
      method.name,
      {
        inputs: method.inputs.map((input): Field => [input.name, input.type]),
        output: method.output,
      },
    ]),
  )
}

function describePallet(
  lookup: Lookup,
  types: readonly TypeDef[],
  pallet: Pallet,
): PalletDescription {
  const cases = (type: number | undefined): readonly VariantCase[] => {
    const def = type === undefined ? undefined : types[type]
    return def?.kind === 'variant' ? def.cases : []
  }
  const { storage } = pallet
  return {
    index: pallet.index,
    storage: storage
      ? Object.fromEntries(
          storage.items.map((item) => [item.name, describeItem(lookup, storage.prefix, item)]),
        )
      : {},
    calls: cases(pallet.calls?.type),
    events: cases(pallet.events?.type),
    errors: describeErrors(lookup, pallet.errors?.type),
    constants: Object.fromEntries(
      pallet.constants.map((one) => [one.name, { type: one.type, value: one.value as Hex }]),
    ),
  }
}

function describeErrors(
  lookup: Lookup,
  type: number | undefined,
): Readonly<Record<number, ErrorDescription>> {
  const def = type === undefined ? undefined : lookup[type]?.def
  if (def?.tag !== 'variant') return {}
  return Object.fromEntries(
    def.value.map((one) => [one.index, { name: one.name, docs: one.docs.join(' ').trim() }]),
  )
}

function describeItem(
  lookup: Lookup,
  prefix: string,
  item: StorageItems['items'][number],
): StorageDescription {
  const text = new TextEncoder()
  const start = {
    prefix: toHex(concat([twox(text.encode(prefix), 2), twox(text.encode(item.name), 2)])) as Hex,
    optional: item.modifier === 0,
    fallback: item.fallback as Hex,
  }
  if (item.type.tag === 'plain') return { ...start, keys: [], value: item.type.value }
  const { hashers, key, value } = item.type.value
  const keyTypes = hashers.length === 1 ? [key] : tupleOf(lookup, key)
  return {
    ...start,
    value,
    keys: hashers.map((hasher, i) => ({
      hasher: hasher.tag satisfies Hasher,
      type: keyTypes[i] ?? key,
    })),
  }
}

function tupleOf(lookup: Lookup, type: number): readonly number[] {
  const def = lookup[type]?.def
  return def?.tag === 'tuple' ? def.value : []
}

/** Paths whose bytes have a meaning of their own. */
function namedType(lookup: Lookup, entry: Entry): TypeDef | undefined {
  const path = entry.path.join('::')
  if (path === 'sp_core::crypto::AccountId32') return { kind: 'account' }
  if (entry.def.tag !== 'variant') return undefined
  if (path === 'Option') return { kind: 'option', of: entry.params[0]?.type ?? 0 }
  const cases = casesOf(entry.def.value)
  if (path === 'sp_runtime::multiaddress::MultiAddress') return { kind: 'address', cases }
  // `Call` was the name of the outer enum before 2023.
  if (/_runtime::(RuntimeCall|Call)$/.test(path) && holdsCalls(lookup, cases)) {
    return { kind: 'call', cases }
  }
  return undefined
}

function holdsCalls(lookup: Lookup, cases: readonly VariantCase[]): boolean {
  return cases.every((one) => {
    const type = one.fields[0]?.[1]
    return typeof type === 'number' && lookup[type]?.def.tag === 'variant'
  })
}

function typeOf(lookup: Lookup, entry: Entry): TypeDef {
  const named = namedType(lookup, entry)
  if (named) return named
  const { def } = entry
  switch (def.tag) {
    case 'primitive':
      return primitive(def.value.tag)
    case 'compact':
      return { kind: 'compact', bytes: widthOf(lookup, def.value) }
    case 'sequence':
      return isByte(lookup, def.value) ? { kind: 'bytes' } : { kind: 'vec', of: def.value }
    case 'array':
      return isByte(lookup, def.value.type)
        ? { kind: 'fixedBytes', length: def.value.len }
        : { kind: 'array', of: def.value.type, length: def.value.len }
    case 'tuple':
      return { kind: 'tuple', of: def.value }
    case 'composite':
      return composite(lookup, def.value, entry)
    case 'variant':
      return { kind: 'variant', cases: casesOf(def.value), ...nameOf(entry) }
    case 'bitSequence':
      return { kind: 'bits' }
  }
}

function primitive(name: string): TypeDef {
  if (name === 'bool' || name === 'char' || name === 'str') return { kind: name }
  return { kind: name.startsWith('u') ? 'uint' : 'int', bytes: Number(name.slice(1)) / 8 }
}

/** A new-type (one unnamed field) is what it wraps. */
function composite(lookup: Lookup, fields: readonly NamedField[], entry: Entry): TypeDef {
  const [first] = fields
  if (fields.length === 1 && first && first.name === undefined) {
    const inner = lookup[first.type]
    if (inner) return typeOf(lookup, inner)
  }
  if (fields.every((field) => field.name !== undefined)) {
    const fraction = fractionOf(lookup, entry)
    return {
      kind: 'struct',
      fields: fields.map((field): Field => [field.name ?? '', field.type, ...labelOf(field)]),
      ...nameOf(entry),
      ...(fraction === undefined ? {} : { fraction }),
    }
  }
  return { kind: 'tuple', of: fields.map((field) => field.type) }
}

/** Only what the bytes do not tell: a label that repeats the type, or names it by a generic, is left out. */
function labelOf({ typeName }: NamedField): readonly [] | readonly [string] {
  return typeName === undefined || /^([ui]\d+|bool|Vec<u8>)$/.test(typeName) ? [] : [typeName]
}

function nameOf({ path }: Entry): { readonly name?: string } {
  const name = path.at(-1)
  return name === undefined ? {} : { name }
}

/**
 * Bits behind the point of substrate_fixed's numbers. Their parameter is a number written as a type (crate typenum):
 * `UTerm` is 0, `UInt<U, B>` is U followed by the binary digit B.
 */
function fractionOf(lookup: Lookup, { path, params }: Entry): number | undefined {
  if (path[0] !== 'substrate_fixed') return undefined
  const binary = (type: number | undefined): number => {
    const entry = type === undefined ? undefined : lookup[type]
    const [upper, digit] = entry?.params ?? []
    if (entry?.path.at(-1) !== 'UInt' || !upper || !digit) return 0
    return binary(upper.type) * 2 + (lookup[digit.type ?? 0]?.path.at(-1) === 'B1' ? 1 : 0)
  }
  return binary(params[0]?.type)
}

type NamedField = {
  readonly name: string | undefined
  readonly type: number
  readonly typeName: string | undefined
}

function casesOf(
  variants: readonly {
    readonly name: string
    readonly index: number
    readonly fields: readonly NamedField[]
  }[],
): readonly VariantCase[] {
  return variants.map(({ name, index, fields }) => {
    const named = fields.length > 0 && fields.every((field) => field.name !== undefined)
    return {
      name,
      index,
      named,
      fields: fields.map(
        (field, i): Field => [field.name ?? `${i}`, field.type, ...labelOf(field)],
      ),
    }
  })
}

function isByte(lookup: Lookup, type: number): boolean {
  const def = lookup[type]?.def
  return def?.tag === 'primitive' && def.value.tag === 'u8'
}

/** Width of the integer inside a compact, through new-types. */
function widthOf(lookup: Lookup, type: number): number {
  const def = lookup[type]?.def
  if (def?.tag === 'primitive') return Number(def.value.tag.slice(1)) / 8
  if (def?.tag === 'composite' && def.value[0]) return widthOf(lookup, def.value[0].type)
  return 0
}

/**
 * Unwraps the answer of `Metadata_metadata_at_version`: an Option of bytes.
 * @returns undefined when the runtime has no such version
 */
export function unwrapVersioned(answer: Uint8Array): Uint8Array | undefined {
  if (answer[0] !== 1) return undefined
  const mode = (answer[1] ?? 0) & 3
  const prefix = mode === 3 ? 1 + ((answer[1] ?? 0) >> 2) + 4 : [1, 2, 4][mode]
  return answer.subarray(1 + (prefix ?? 1))
}
