/** Writes values as SCALE by their type definition, refusing whatever the type can not hold. */
import { BittensorError, type ErrorCode } from '../errors.js'
import { fromHex } from '../keys/hex.js'
import { parseAccount } from '../keys/ss58.js'
import { callsOf, resolve } from './decode.js'
import type { Field, TypeDef, TypeRef, VariantCase } from './typeDef.js'

/** Where a value stands, for messages: `amount_staked`, `call.args.netuid`. */
type Path = string

/**
 * Encodes a value. Integers are numbers or bigints; accounts `Ss58` or `0x` and 64 digits; bytes a Uint8Array or `0x`
 * hex, both taken as the bytes themselves; an empty Option is undefined or null; a variant is `{ type, value }` or its
 * bare name.
 * @param what the value's name in error messages
 * @throws {BittensorError} `BAD_ADDRESS`, `BAD_AMOUNT` (64 bits and more), `USAGE`
 */
export function encode(
  types: readonly TypeDef[],
  type: TypeRef,
  value: unknown,
  what: Path,
): Uint8Array {
  const parts: Uint8Array[] = []
  encodeTo(parts, types, type, value, what)
  return concat(parts)
}

/** Joins byte arrays. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function encodeTo(
  out: Uint8Array[],
  types: readonly TypeDef[],
  type: TypeRef,
  value: unknown,
  what: Path,
): void {
  const def = resolve(types, type)
  switch (def.kind) {
    case 'bool':
      out.push(Uint8Array.of(expectBool(value, what) ? 1 : 0))
      return
    case 'uint':
      out.push(littleEndian(integer(value, 0n, 1n << BigInt(def.bytes * 8), what), def.bytes))
      return
    case 'int':
      out.push(signed(value, def.bytes, what))
      return
    case 'compact':
      out.push(compact(integer(value, 0n, 1n << BigInt(def.bytes * 8), what)))
      return
    case 'account':
      out.push(accountBytes(value, what))
      return
    case 'bytes':
    case 'fixedBytes':
    case 'str':
      encodeBytes(out, def, value, what)
      return
    default:
      encodeComposed(out, types, def, value, what)
  }
}

function encodeBytes(out: Uint8Array[], def: TypeDef, value: unknown, what: Path): void {
  const text = def.kind === 'str' && typeof value === 'string'
  const bytes = text ? new TextEncoder().encode(value) : expectBytes(value, what)
  if (def.kind === 'fixedBytes') {
    if (bytes.length !== def.length) {
      throw bad(what, `has ${bytes.length} bytes, ${def.length} are needed`)
    }
  } else {
    out.push(compact(BigInt(bytes.length)))
  }
  out.push(bytes)
}

function encodeComposed(
  out: Uint8Array[],
  types: readonly TypeDef[],
  def: TypeDef,
  value: unknown,
  what: Path,
): void {
  switch (def.kind) {
    case 'vec':
    case 'array':
    case 'tuple':
      encodeList(out, types, def, value, what)
      return
    case 'option':
      encodeOption(out, types, def.of, value, what)
      return
    case 'struct':
      encodeFields(out, types, def.fields, value, what)
      return
    case 'variant':
      encodeVariant(out, types, def.cases, value, what)
      return
    case 'address':
      encodeVariant(out, types, def.cases, asIdVariant(value), what)
      return
    case 'call':
      encodeCall(out, types, def.cases, value, what)
      return
    default:
      throw bad(what, `is of a type (${def.kind}) that can not be written`)
  }
}

function encodeOption(
  out: Uint8Array[],
  types: readonly TypeDef[],
  of: TypeRef,
  value: unknown,
  what: Path,
): void {
  const some = value !== undefined && value !== null
  out.push(Uint8Array.of(some ? 1 : 0))
  if (some) encodeTo(out, types, of, value, what)
}

function encodeList(
  out: Uint8Array[],
  types: readonly TypeDef[],
  def: Extract<TypeDef, { kind: 'vec' | 'array' | 'tuple' }>,
  value: unknown,
  what: Path,
): void {
  const list: unknown = ArrayBuffer.isView(value) ? Array.from(value as Uint8Array) : value
  if (!Array.isArray(list)) throw bad(what, 'is not a list')
  const wanted =
    def.kind === 'tuple' ? def.of.length : def.kind === 'array' ? def.length : list.length
  if (list.length !== wanted) throw bad(what, `has ${list.length} elements, ${wanted} are needed`)
  if (def.kind === 'vec') out.push(compact(BigInt(list.length)))
  list.forEach((one: unknown, i) => {
    const type = def.kind === 'tuple' ? (def.of[i] as TypeRef) : def.of
    encodeTo(out, types, type, one, `${what}[${i}]`)
  })
}

function encodeFields(
  out: Uint8Array[],
  types: readonly TypeDef[],
  fields: readonly Field[],
  value: unknown,
  what: Path,
): void {
  const object = expectObject(value, what)
  for (const name of Object.keys(object)) {
    if (!fields.some(([known]) => known === name)) throw bad(join(what, name), 'is not a field')
  }
  for (const [name, type] of fields) encodeTo(out, types, type, object[name], join(what, name))
}

function encodeVariant(
  out: Uint8Array[],
  types: readonly TypeDef[],
  cases: readonly VariantCase[],
  value: unknown,
  what: Path,
): void {
  const name = typeof value === 'string' ? value : expectObject(value, what)['type']
  const inner = typeof value === 'string' ? undefined : expectObject(value, what)['value']
  const one = cases.find((candidate) => candidate.name === name)
  if (!one) {
    const known = cases.map((candidate) => candidate.name)
    throw bad(what, `is not one of ${known.slice(0, 12).join(', ')}`)
  }
  out.push(Uint8Array.of(one.index))
  if (one.named) {
    encodeFields(out, types, one.fields, inner, join(what, one.name))
    return
  }
  const of = one.fields.map(([, type]) => type)
  const list = of.length === 1 ? [inner] : of.length === 0 ? [] : inner
  encodeList(out, types, { kind: 'tuple', of }, list, join(what, one.name))
}

function asIdVariant(value: unknown): unknown {
  const plain = typeof value === 'string' || value instanceof Uint8Array
  return plain ? { type: 'Id', value } : value
}

/** A nested call: one that was built already, or `{ pallet, name, args }`. */
function encodeCall(
  out: Uint8Array[],
  types: readonly TypeDef[],
  cases: readonly VariantCase[],
  value: unknown,
  what: Path,
): void {
  const call = expectObject(value, what)
  const pallet = cases.find((candidate) => candidate.name === call['pallet'])
  const calls = pallet && callsOf(types, pallet)
  if (!pallet || !calls) {
    throw bad(what, `names a pallet without calls: ${String(call['pallet'])}`)
  }
  out.push(Uint8Array.of(pallet.index))
  encodeVariant(out, types, calls, { type: call['name'], value: call['args'] }, what)
}

function accountBytes(value: unknown, what: Path): Uint8Array {
  if (value instanceof Uint8Array && value.length === 32) return value
  if (typeof value !== 'string') throw bad(what, 'is not an account', 'BAD_ADDRESS')
  return parseAccount(value).publicKey
}

function expectBool(value: unknown, what: Path): boolean {
  if (typeof value !== 'boolean') throw bad(what, 'is neither true nor false')
  return value
}

function expectObject(value: unknown, what: Path): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw bad(what, 'is missing or not an object')
  }
  return value as Readonly<Record<string, unknown>>
}

function expectBytes(value: unknown, what: Path): Uint8Array {
  if (value instanceof Uint8Array) return value
  const bytes = typeof value === 'string' && value.startsWith('0x') ? fromHex(value) : undefined
  if (!bytes) throw bad(what, 'is not bytes: pass a Uint8Array or 0x and hex digits')
  return bytes
}

function integer(value: unknown, least: bigint, limit: bigint, what: Path): bigint {
  const code = limit > 1n << 32n ? 'BAD_AMOUNT' : 'USAGE'
  if (typeof value !== 'bigint' && !(typeof value === 'number' && Number.isSafeInteger(value))) {
    throw bad(what, 'is not a whole number', code)
  }
  const whole = BigInt(value)
  if (whole < least || whole >= limit) {
    throw bad(what, `is ${whole}; the chain takes ${least} to ${limit - 1n}`, code)
  }
  return whole
}

function signed(value: unknown, width: number, what: Path): Uint8Array {
  const half = 1n << BigInt(width * 8 - 1)
  return littleEndian(BigInt.asUintN(width * 8, integer(value, -half, half, what)), width)
}

/** Little-endian bytes of a number that is known to fit. */
export function littleEndian(value: bigint, width: number): Uint8Array {
  const bytes = new Uint8Array(width)
  let rest = value
  for (let i = 0; i < width; i++) {
    bytes[i] = Number(rest & 0xffn)
    rest >>= 8n
  }
  return bytes
}

/** SCALE's compact form of a non-negative integer. */
export function compact(value: bigint): Uint8Array {
  if (value < 1n << 6n) return littleEndian(value << 2n, 1)
  if (value < 1n << 14n) return littleEndian((value << 2n) | 1n, 2)
  if (value < 1n << 30n) return littleEndian((value << 2n) | 2n, 4)
  const width = Math.max(4, Math.ceil(value.toString(16).length / 2))
  return concat([Uint8Array.of(((width - 4) << 2) | 3), littleEndian(value, width)])
}

function join(what: Path, name: string): Path {
  return what === '' ? name : `${what}.${name}`
}

function bad(what: Path, why: string, code: ErrorCode = 'USAGE'): BittensorError {
  return new BittensorError(code, `argument ${what} ${why}`, { data: { argument: what } })
}
