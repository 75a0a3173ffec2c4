/** Reads SCALE values by their type definition. Malformed input throws {@link ScaleError}, never garbage. */
import { toHex } from '../keys/hex.js'
import { encodeAddress } from '../keys/ss58.js'
import type { Field, TypeDef, TypeRef, VariantCase } from './typeDef.js'
import type { ChainValue } from './types.js'

/** Bytes that are not what their type says. */
export class ScaleError extends Error {
  override readonly name = 'ScaleError'
}

/** A position in bytes being read. */
export type Reader = { readonly bytes: Uint8Array; readonly view: DataView; at: number }

export function reader(bytes: Uint8Array): Reader {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), at: 0 }
}

/**
 * Decodes a value that fills the bytes exactly.
 * @param types the runtime's type table, for definitions that refer to it
 * @throws {ScaleError} when bytes are missing, left over or impossible
 */
export function decode(types: readonly TypeDef[], type: TypeRef, bytes: Uint8Array): ChainValue {
  const from = reader(bytes)
  const value = decodeFrom(types, type, from)
  if (from.at !== bytes.length) {
    throw new ScaleError(`${bytes.length - from.at} of ${bytes.length} bytes are left over`)
  }
  return value
}

/** Decodes a value at the reader's position and moves past it. */
export function decodeFrom(types: readonly TypeDef[], type: TypeRef, from: Reader): ChainValue {
  const def = resolve(types, type)
  switch (def.kind) {
    case 'bool':
      return readBool(from)
    case 'uint':
      return readUint(from, def.bytes)
    case 'int':
      return readInt(from, def.bytes)
    case 'compact':
      return readCompact(from, def.bytes)
    case 'account':
      return address(take(from, 32))
    case 'fixedBytes':
      return toHex(take(from, def.length))
    case 'bytes':
      return toHex(take(from, readLength(from, 1)))
    case 'str':
      return new TextDecoder().decode(take(from, readLength(from, 1)))
    case 'char':
      return String.fromCodePoint(readUint(from, 4) as number)
    default:
      return decodeComposed(types, def, from)
  }
}

/** Addresses met lately: the same few thousand keys fill every table, and each costs a hash to write out. */
const addresses = new Map<string, string>()
const REMEMBERED = 16_384

function address(publicKey: Uint8Array): string {
  const key = String.fromCharCode(...publicKey)
  const known = addresses.get(key)
  if (known !== undefined) return known
  if (addresses.size >= REMEMBERED) addresses.clear()
  const text = encodeAddress(publicKey)
  addresses.set(key, text)
  return text
}

type Composed = Extract<
  TypeDef,
  {
    kind: 'vec' | 'option' | 'array' | 'tuple' | 'struct' | 'variant' | 'address' | 'call' | 'bits'
  }
>

function decodeComposed(types: readonly TypeDef[], def: TypeDef, from: Reader): ChainValue {
  const composed = def as Composed
  switch (composed.kind) {
    case 'vec':
      return repeat(types, composed.of, readLength(from, 0), from)
    case 'array':
      return repeat(types, composed.of, composed.length, from)
    case 'option':
      return readBool(from) ? decodeFrom(types, composed.of, from) : undefined
    case 'tuple':
      return composed.of.map((one) => decodeFrom(types, one, from))
    case 'struct':
      return readFields(types, composed.fields, from)
    case 'variant':
      return readVariant(types, composed.cases, from)
    case 'address':
      return readAddress(types, composed.cases, from)
    case 'call':
      return readCall(types, composed.cases, from)
    case 'bits':
      return toHex(take(from, Math.ceil(Number(readCompact(from, 4)) / 8)))
  }
}

/** Follows an index of the type table. */
export function resolve(types: readonly TypeDef[], type: TypeRef): TypeDef {
  const def = typeof type === 'number' ? types[type] : type
  if (!def) throw new ScaleError(`the metadata has no type ${String(type)}`)
  return def
}

function repeat(
  types: readonly TypeDef[],
  type: TypeRef,
  count: number,
  from: Reader,
): readonly ChainValue[] {
  const def = resolve(types, type)
  const list: ChainValue[] = []
  for (let i = 0; i < count; i++) list.push(decodeFrom(types, def, from))
  return list
}

function readFields(
  types: readonly TypeDef[],
  fields: readonly Field[],
  from: Reader,
): { [key: string]: ChainValue } {
  const object: { [key: string]: ChainValue } = {}
  for (const [name, type] of fields) object[name] = decodeFrom(types, type, from)
  return object
}

function readVariant(
  types: readonly TypeDef[],
  cases: readonly VariantCase[],
  from: Reader,
): { readonly type: string; readonly value?: ChainValue } {
  const one = readCase(cases, from)
  if (one.named) return { type: one.name, value: readFields(types, one.fields, from) }
  if (one.fields.length === 0) return { type: one.name }
  const values = one.fields.map(([, type]) => decodeFrom(types, type, from))
  return { type: one.name, value: values.length === 1 ? values[0] : values }
}

function readCase(cases: readonly VariantCase[], from: Reader): VariantCase {
  const index = readUint(from, 1)
  const one = cases.find((candidate) => candidate.index === index)
  if (!one) throw new ScaleError(`there is no variant ${index}`)
  return one
}

function readAddress(
  types: readonly TypeDef[],
  cases: readonly VariantCase[],
  from: Reader,
): ChainValue {
  const variant = readVariant(types, cases, from)
  return variant.type === 'Id' ? variant.value : variant
}

function readCall(
  types: readonly TypeDef[],
  cases: readonly VariantCase[],
  from: Reader,
): { [key: string]: ChainValue } {
  const pallet = readCase(cases, from)
  const calls = callsOf(types, pallet)
  const call = readCase(calls, from)
  const args = readFields(types, call.fields, from)
  return { pallet: pallet.name, name: call.name, args }
}

/** The calls behind one case of RuntimeCall. */
export function callsOf(types: readonly TypeDef[], pallet: VariantCase): readonly VariantCase[] {
  const [field] = pallet.fields
  const def = field && resolve(types, field[1])
  return def?.kind === 'variant' ? def.cases : []
}

function readBool(from: Reader): boolean {
  const byte = readUint(from, 1)
  if (byte !== 0 && byte !== 1) throw new ScaleError(`${byte} is neither true nor false`)
  return byte === 1
}

/** An unsigned integer: a number up to 4 bytes, a bigint above. */
function readUint(from: Reader, width: number): number | bigint {
  const at = advance(from, width)
  if (width === 1) return from.view.getUint8(at)
  if (width === 2) return from.view.getUint16(at, true)
  if (width === 4) return from.view.getUint32(at, true)
  let value = 0n
  for (let i = width - 8; i >= 0; i -= 8) {
    value = (value << 64n) | from.view.getBigUint64(at + i, true)
  }
  return value
}

function readInt(from: Reader, width: number): number | bigint {
  const value = readUint(from, width)
  if (typeof value === 'bigint') return BigInt.asIntN(width * 8, value)
  return (value << (32 - width * 8)) >> (32 - width * 8)
}

/** A compact integer: a number when the integer inside has up to 4 bytes, a bigint above. */
function readCompact(from: Reader, width: number): number | bigint {
  const first = readUint(from, 1) as number
  const value = (first & 3) === 3 ? compactTail(from, (first >> 2) + 4) : compactHead(from, first)
  const tooWide = typeof value === 'bigint' || width < 4 ? value >= 2n ** BigInt(width * 8) : false
  if (tooWide) throw new ScaleError(`a compact exceeds ${width} bytes`)
  return width > 4 ? BigInt(value) : Number(value)
}

/** One, two or four bytes: 6, 14 or 30 bits. */
function compactHead(from: Reader, first: number): number {
  const mode = first & 3
  if (mode === 0) return first >> 2
  from.at -= 1
  return ((mode === 1 ? readUint(from, 2) : readUint(from, 4)) as number) >>> 2
}

function compactTail(from: Reader, length: number): bigint {
  const digits = take(from, length)
  let value = 0n
  for (let i = digits.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(digits[i] ?? 0)
  return value
}

/** A length prefix; refuses what can not fit, so that garbage does not allocate memory. */
function readLength(from: Reader, smallest: 0 | 1): number {
  const length = Number(readCompact(from, 4))
  const left = from.bytes.length - from.at
  if (length * smallest > left || length > Math.max(left, 1) * 8) {
    throw new ScaleError(`a length of ${length} with ${left} bytes left`)
  }
  return length
}

function take(from: Reader, length: number): Uint8Array {
  const at = advance(from, length)
  return from.bytes.subarray(at, at + length)
}

function advance(from: Reader, length: number): number {
  const at = from.at
  if (at + length > from.bytes.length) {
    throw new ScaleError(`${length} bytes wanted at ${at}, ${from.bytes.length - at} left`)
  }
  from.at = at + length
  return at
}
