/**
 * SCALE types of the embedded chain, each a codec together with its description for the metadata.
 *
 * One declaration serves three readers: the runtime (encode and decode values), the extrinsic decoder, and the
 * metadata writer. Values in memory: u8/u16/u32 are numbers, wider integers bigints; account ids, hashes and fixed
 * byte arrays are lower-case `0x` hex strings; `Vec<u8>` is a Uint8Array; structs are objects with the chain's own
 * field names; `Option` is the value or undefined; variants are `{ type, value }`.
 */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import * as sc from 'scale-ts'

/** What the metadata says about a type. */
export type TypeDef =
  | { readonly kind: 'primitive'; readonly name: PrimitiveName }
  | { readonly kind: 'compact'; readonly of: ScaleType<unknown> }
  | { readonly kind: 'sequence'; readonly of: ScaleType<unknown> }
  | { readonly kind: 'array'; readonly length: number; readonly of: ScaleType<unknown> }
  | { readonly kind: 'tuple'; readonly of: readonly ScaleType<unknown>[] }
  | { readonly kind: 'composite'; readonly fields: readonly FieldDef[] }
  | { readonly kind: 'variant'; readonly variants: readonly VariantDef[] }

export type PrimitiveName =
  | 'bool'
  | 'char'
  | 'str'
  | 'u8'
  | 'u16'
  | 'u32'
  | 'u64'
  | 'u128'
  | 'u256'
  | 'i8'
  | 'i16'
  | 'i32'
  | 'i64'
  | 'i128'
  | 'i256'

export type FieldDef = {
  readonly name?: string | undefined
  readonly type: ScaleType<unknown>
  readonly typeName?: string | undefined
}
export type VariantDef = {
  readonly name: string
  readonly index: number
  readonly fields: readonly FieldDef[]
  readonly docs?: readonly string[]
}

/** Encoder and decoder; method syntax, so that a type of T also passes as a type of unknown. */
export type ScaleCodec<T> = {
  enc(value: T): Uint8Array
  dec(source: Uint8Array | ArrayBuffer | string): T
}

/** A type: how it is written, and how the metadata describes it. `def` and `codec` are lazy so that calls can nest. */
export type ScaleType<T> = {
  readonly codec: ScaleCodec<T>
  readonly def: () => TypeDef
  /** Rust path, `['sp_core', 'crypto', 'AccountId32']`; empty for anonymous types. */
  readonly path: readonly string[]
  /** Generic parameters in order: name and type (undefined = phantom). */
  readonly params: readonly {
    readonly name: string
    readonly type: ScaleType<unknown> | undefined
  }[]
  /** The type this one only stands for (see {@link later}), so that a reader of declarations meets each type once. */
  readonly target?: () => ScaleType<unknown>
}

/** The in-memory type of a {@link ScaleType}. */
export type ValueOf<S> = S extends ScaleType<infer T> ? T : never

type Hex = string
type Meta = Partial<Pick<ScaleType<unknown>, 'path' | 'params'>>

/** The library's codec behind a type. */
function codecOf<T>(type: ScaleType<T>): sc.Codec<T> {
  return type.codec as unknown as sc.Codec<T>
}

function make<T>(codec: sc.Codec<T>, def: () => TypeDef, meta: Meta = {}): ScaleType<T> {
  return { codec, def, path: meta.path ?? [], params: meta.params ?? [] }
}

function primitive<T>(name: PrimitiveName, codec: sc.Codec<T>): ScaleType<T> {
  return make(codec, () => ({ kind: 'primitive', name }))
}

export const bool = primitive('bool', sc.bool)
export const str = primitive('str', sc.str)
export const u8 = primitive('u8', sc.u8)
export const u16 = primitive('u16', sc.u16)
export const u32 = primitive('u32', sc.u32)
export const u64 = primitive('u64', sc.u64)
export const u128 = primitive('u128', sc.u128)
export const i16 = primitive('i16', sc.i16)
export const i32 = primitive('i32', sc.i32)
export const i64 = primitive('i64', sc.i64)
export const i128 = primitive('i128', sc.i128)

/** `Compact<uN>`: a number for u8..u32, a bigint for the wider ones. */
export function compact<T extends number | bigint>(of: ScaleType<T>): ScaleType<T> {
  const def = of.def()
  const wide = def.kind === 'primitive' && /^u(64|128|256)$/.test(def.name)
  const codec = sc.enhanceCodec<number | bigint, T>(
    sc.compact,
    (value) => value,
    (value) => (wide ? BigInt(value) : Number(value)) as T,
  )
  return make(codec, () => ({ kind: 'compact', of }))
}

/** `Vec<T>` as an array. */
export function vec<T>(of: ScaleType<T>): ScaleType<T[]> {
  return make(list(lazy(() => codecOf(of))), () => ({ kind: 'sequence', of }))
}

/** Input with the library's reading position. */
type Positioned = Uint8Array & { readonly i: number }

/** A list whose claimed length is checked before it is believed: bytes come from anybody. */
function list<T>(of: sc.Codec<T>): sc.Codec<T[]> {
  const read = sc.createDecoder((source) => {
    const count = Number(sc.compact.dec(source))
    // Every element takes a byte at least.
    if (count > source.length - (source as Positioned).i) {
      throw new RangeError('the list is longer than the bytes that hold it')
    }
    return Array.from({ length: count }, () => of.dec(source))
  })
  return sc.createCodec(sc.Vector(of).enc, read)
}

/** `Vec<u8>` as a Uint8Array. */
export const bytes: ScaleType<Uint8Array> = make(byteString(), () => ({
  kind: 'sequence',
  of: u8,
}))

/** Bytes with their length in front. The library would hand out fewer at the end of the input. */
function byteString(): sc.Codec<Uint8Array> {
  const read = sc.createDecoder((source) => {
    const length = Number(sc.compact.dec(source))
    return exactly(length, sc.Bytes(length).dec(source))
  })
  return sc.createCodec(sc.Bytes().enc, read)
}

function exactly(length: number, read: Uint8Array): Uint8Array {
  if (read.length !== length) throw new RangeError('the bytes end too early')
  return read
}

/** `[u8; length]` as a hex string. */
export function fixedBytes(length: number, meta: Meta = {}): ScaleType<Hex> {
  return make(hexCodec(length), () => ({ kind: 'array', length, of: u8 }), meta)
}

/** `[T; length]` as a list. */
export function array<T>(of: ScaleType<T>, length: number): ScaleType<T[]> {
  const codec = sc.Vector(
    lazy(() => codecOf(of)),
    length,
  )
  return make(codec, () => ({ kind: 'array', length, of }))
}

/** A tuple as an array; the empty tuple is `()`. */
export function tuple<const T extends readonly ScaleType<unknown>[]>(
  ...of: T
): ScaleType<{ -readonly [I in keyof T]: ValueOf<T[I]> }> {
  const codec = sc.Tuple(...of.map((type) => lazy(() => codecOf(type))))
  return make(codec as never, () => ({ kind: 'tuple', of }))
}

export const unit: ScaleType<undefined> = make(sc._void, () => ({ kind: 'tuple', of: [] }))

/** A struct with named fields. */
export function struct<const F extends Record<string, ScaleType<unknown>>>(
  fields: F,
  meta: Meta & { readonly typeNames?: Partial<Record<keyof F, string>> } = {},
): ScaleType<{ -readonly [K in keyof F]: ValueOf<F[K]> }> {
  const codecs = Object.fromEntries(
    Object.entries(fields).map(([name, type]) => [name, lazy(() => codecOf(type))]),
  )
  const def = (): TypeDef => ({
    kind: 'composite',
    fields: Object.entries(fields).map(([name, type]) => ({
      name,
      type,
      typeName: meta.typeNames?.[name],
    })),
  })
  return make(sc.Struct(codecs as never) as never, def, meta)
}

/** A new-type around one unnamed field; in memory just the inner value. */
export function wrapper<T>(of: ScaleType<T>, meta: Meta & { typeName?: string }): ScaleType<T> {
  const def = (): TypeDef => ({
    kind: 'composite',
    fields: [{ type: of, typeName: meta.typeName }],
  })
  return make(
    lazy(() => codecOf(of)),
    def,
    meta,
  )
}

/** A value of a variant type. */
export type Variant = { readonly type: string; readonly value?: unknown }

/** One case of a {@link variant}: nothing, one or more unnamed types, or named fields. */
export type VariantCase = {
  readonly index: number
  readonly fields?: readonly ScaleType<unknown>[] | Readonly<Record<string, ScaleType<unknown>>>
  readonly typeNames?: readonly (string | undefined)[]
  /** What the metadata says about the case. */
  readonly docs?: string | undefined
}

/**
 * An enum. In memory `{ type: 'Name', value }`, where value is undefined (no fields), the field itself (one unnamed
 * field), an array (several unnamed fields) or an object (named fields).
 */
export function variant<T extends Variant = Variant>(
  cases: () => Readonly<Record<string, VariantCase>>,
  meta: Meta = {},
): ScaleType<T> {
  const codec = lazy(() => variantCodec(cases()))
  const def = (): TypeDef => ({
    kind: 'variant',
    variants: Object.entries(cases()).map(([name, one]) => ({
      name,
      index: one.index,
      fields: fieldDefs(one),
      docs: one.docs ? [one.docs] : [],
    })),
  })
  return make(codec, def, meta) as unknown as ScaleType<T>
}

function fieldDefs(one: VariantCase): FieldDef[] {
  const fields = one.fields ?? []
  if (Array.isArray(fields)) {
    return fields.map((type, i) => ({ type, typeName: one.typeNames?.[i] }))
  }
  return Object.entries(fields).map(([name, type], i) => ({
    name,
    type: type as ScaleType<unknown>,
    typeName: one.typeNames?.[i],
  }))
}

function variantCodec(cases: Readonly<Record<string, VariantCase>>): sc.Codec<Variant> {
  const codecs: Record<string, sc.Codec<unknown>> = {}
  const indexes: number[] = []
  for (const [name, one] of Object.entries(cases)) {
    codecs[name] = caseCodec(one)
    indexes.push(one.index)
  }
  const inner = sc.Enum(codecs as never, indexes as never) as unknown as sc.Codec<{
    tag: string
    value: unknown
  }>
  return sc.enhanceCodec(
    inner,
    (value: Variant) => ({ tag: value.type, value: value.value }),
    (value): Variant => ({ type: value.tag, value: value.value }),
  )
}

function caseCodec(one: VariantCase): sc.Codec<unknown> {
  const fields = one.fields ?? []
  if (!Array.isArray(fields)) {
    return codecOf(
      struct(fields as Record<string, ScaleType<unknown>>),
    ) as unknown as sc.Codec<unknown>
  }
  if (fields.length === 0) return sc._void as sc.Codec<unknown>
  const [first] = fields
  if (fields.length === 1 && first) return lazy(() => codecOf(first))
  return codecOf(tuple(...fields)) as unknown as sc.Codec<unknown>
}

/** `Option<T>`: the value or undefined. */
export function option<T>(of: ScaleType<T>): ScaleType<T | undefined> {
  const def = (): TypeDef => ({
    kind: 'variant',
    variants: [
      { name: 'None', index: 0, fields: [] },
      { name: 'Some', index: 1, fields: [{ type: of }] },
    ],
  })
  return make(sc.Option(lazy(() => codecOf(of))) as sc.Codec<T | undefined>, def, {
    path: ['Option'],
    params: [{ name: 'T', type: of }],
  })
}

/** Defers a codec that is not built yet (calls hold calls). */
function lazy<T>(get: () => sc.Codec<T>): sc.Codec<T> {
  let codec: sc.Codec<T> | undefined
  const resolve = () => {
    codec ??= get()
    return codec
  }
  return sc.createCodec<T>(
    (value) => resolve().enc(value),
    (source) => resolve().dec(source),
  )
}

/** A type whose codec and description are known only later. */
export function later<T>(get: () => ScaleType<T>, meta: Meta = {}): ScaleType<T> {
  const codec = lazy(() => codecOf(get()))
  return { ...make(codec, () => get().def(), meta), target: get }
}

function hexCodec(length: number): sc.Codec<Hex> {
  return sc.enhanceCodec(
    sc.Bytes(length),
    (hex: Hex) => hexToBytes(hex.slice(2)),
    (raw) => `0x${bytesToHex(exactly(length, raw))}`,
  )
}

/** A 32-byte account id as `0x` hex. */
export const AccountId = wrapper(fixedBytes(32), {
  path: ['sp_core', 'crypto', 'AccountId32'],
  typeName: '[u8; 32]',
})

/** A 32-byte hash as `0x` hex. */
export const H256 = wrapper(fixedBytes(32), {
  path: ['primitive_types', 'H256'],
  typeName: '[u8; 32]',
})
