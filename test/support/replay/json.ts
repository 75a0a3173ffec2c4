/** Values of the runtime as the recordings write them, and back. */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import type { Call, EventDef, Pallet } from '../../../src/localnet/runtime/pallet.js'
import {
  AccountId,
  H256,
  type ScaleType,
  type Variant,
} from '../../../src/localnet/runtime/scale.js'
import type { Names } from './names.js'

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** What the conversions need to know: names of accounts, and the calls there are. */
export type Format = { readonly names: Names; readonly pallets: readonly Pallet[] }

const camel = (name: string) => name.replace(/_+(.)/g, (_, letter: string) => letter.toUpperCase())

/** Small first letter, as errors and events are named in the recordings. */
export const small = (name: string) => name.charAt(0).toLowerCase() + name.slice(1)

const isAccount = (type: ScaleType<unknown>) => type === AccountId
const isCallType = (type: ScaleType<unknown>) => type.path.at(-1) === 'RuntimeCall'
const isAddress = (type: ScaleType<unknown>) => type.path.at(-1) === 'MultiAddress'
const isOption = (type: ScaleType<unknown>) => type.path[0] === 'Option'

const BITS: Record<string, number> = { u8: 8, u16: 16, u32: 32, u64: 64, u128: 128 }

/** An integer within a list or struct: a number while that is exact, else big-endian hex of its full width. */
function integerJson(value: number | bigint, name: string): Json {
  if (value <= Number.MAX_SAFE_INTEGER) return Number(value)
  return `0x${value.toString(16).padStart((BITS[name] ?? 64) / 4, '0')}`
}

/** A stored value: integers as decimal text where they stand alone. */
export function storedJson(type: ScaleType<unknown>, value: unknown, format: Format): Json {
  const def = type.def()
  if (def.kind === 'primitive' && /^u\d/.test(def.name)) return String(value)
  return toJson(type, value, format)
}

/** A value within a list, a struct or an event. */
export function toJson(type: ScaleType<unknown>, value: unknown, format: Format): Json {
  if (isAccount(type)) return format.names.nameOf(value as string)
  if (type === H256) return value as string
  if (isCallType(type)) return callJson(value as Call, format)
  if (isOption(type)) {
    const inner = type.params[0]?.type
    return value === undefined || !inner ? null : toJson(inner, value, format)
  }
  if (value instanceof Uint8Array) return `0x${bytesToHex(value)}`
  const def = type.def()
  switch (def.kind) {
    case 'primitive':
      return typeof value === 'number' || typeof value === 'bigint'
        ? integerJson(value, def.name)
        : (value as Json)
    case 'compact':
      return toJson(def.of, value, format)
    case 'sequence':
    case 'array':
      return typeof value === 'string'
        ? value
        : (value as unknown[]).map((one) => toJson(def.of, one, format))
    case 'tuple':
      return def.of.length === 0
        ? null
        : def.of.map((one, i) => toJson(one, (value as unknown[])[i], format))
    case 'composite': {
      const [only] = def.fields
      if (only && only.name === undefined) return toJson(only.type, value, format)
      const object = value as Record<string, unknown>
      return Object.fromEntries(
        def.fields.map(({ name = '', type: inner }) => [
          camel(name),
          toJson(inner, object[name], format),
        ]),
      )
    }
    case 'variant':
      return variantJson(type, value as Variant, format)
  }
}

function variantJson(type: ScaleType<unknown>, value: Variant, format: Format): Json {
  const def = type.def()
  const found = def.kind === 'variant' && def.variants.find((one) => one.name === value.type)
  if (!found) throw new Error(`no variant ${value.type}`)
  const name = small(value.type)
  const plain = def.variants.every((one) => one.fields.length === 0)
  if (plain) return value.type
  if (found.fields.length === 0) return { [name]: null }
  const [only] = found.fields
  if (found.fields.length === 1 && only && only.name === undefined) {
    return { [name]: toJson(only.type, value.value, format) }
  }
  const inner = found.fields.map((field, i): [string, Json] => {
    const values = value.value as Record<string, unknown>
    return [field.name ?? String(i), toJson(field.type, values[field.name ?? i], format)]
  })
  return { [name]: Object.fromEntries(inner) }
}

function callJson(value: Call, format: Format): Json {
  const pallet = format.pallets.find((one) => one.name === value.pallet)
  const call = pallet?.calls[value.name]
  if (!pallet || !call) throw new Error(`no call ${value.pallet}.${value.name}`)
  const hex = (byte: number) => byte.toString(16).padStart(2, '0')
  const args = Object.entries(call.args).map(([name, type]) => [
    name,
    toJson(type, value.args[name], format),
  ])
  return { callIndex: `0x${hex(pallet.index)}${hex(call.index)}`, args: Object.fromEntries(args) }
}

/** The fields of an event as a list. */
export function eventJson(def: EventDef, value: unknown, format: Format): Json[] {
  const types: [string | number, ScaleType<unknown>][] = Object.entries(def.fields)
  if (Array.isArray(def.fields) && types.length === 1) {
    return types.map(([, type]) => toJson(type, value, format))
  }
  const values = (value ?? {}) as Record<string | number, unknown>
  return types.map(([name, type]) => toJson(type, values[name], format))
}

/** Reads a value of the recordings: `@//X` and plain names are accounts. */
export function fromJson(type: ScaleType<unknown>, json: Json, format: Format): unknown {
  if (isAccount(type)) return format.names.accountOf(json as string)
  if (type === H256) return json
  if (isAddress(type) && typeof json === 'string') {
    return { type: 'Id', value: format.names.accountOf(json) }
  }
  if (isCallType(type)) return readCall(json as { call: string; args: Json[] }, format)
  if (isOption(type)) {
    const inner = type.params[0]?.type
    return json === null || !inner ? undefined : fromJson(inner, json, format)
  }
  const def = type.def()
  switch (def.kind) {
    case 'primitive':
      return readPrimitive(def.name, json)
    case 'compact':
      return fromJson(def.of, json, format)
    case 'sequence':
    case 'array':
      if (typeof json === 'string') return def.kind === 'array' ? json : readBytes(json)
      return (json as Json[]).map((one) => fromJson(def.of, one, format))
    case 'tuple':
      return def.of.map((one, i) => fromJson(one, (json as Json[])[i] ?? null, format))
    case 'composite': {
      const [only] = def.fields
      if (only && only.name === undefined) return fromJson(only.type, json, format)
      const object = json as Record<string, Json>
      const read = def.fields.map(({ name = '', type: inner }) => [
        name,
        fromJson(inner, object[camel(name)] ?? object[name] ?? null, format),
      ])
      return Object.fromEntries(read)
    }
    case 'variant':
      return readVariant(type, json, format)
  }
}

/** Bytes as hex, or as text. */
const readBytes = (text: string) =>
  text.startsWith('0x') ? hexToBytes(text.slice(2)) : new TextEncoder().encode(text)

/** `"Name"` or `{"name": fields}`; one unnamed field, a list of them, or an object of named ones. */
function readVariant(type: ScaleType<unknown>, json: Json, format: Format): Variant {
  const def = type.def()
  const [name, inner] =
    typeof json === 'string' ? [json, null] : (Object.entries(json as object)[0] ?? ['', null])
  const found =
    def.kind === 'variant' && def.variants.find((one) => small(one.name) === small(String(name)))
  if (!found) throw new Error(`a ${type.path.join('::')} has no case ${String(name)}`)
  const [only] = found.fields
  if (!only) return { type: found.name }
  if (found.fields.length === 1 && only.name === undefined) {
    return { type: found.name, value: fromJson(only.type, inner as Json, format) }
  }
  const values = found.fields.map((field, i) => {
    const given = (inner as Record<string, Json>)[field.name ?? i] ?? null
    return [field.name ?? i, fromJson(field.type, given, format)] as const
  })
  const value = only.name === undefined ? values.map(([, one]) => one) : Object.fromEntries(values)
  return { type: found.name, value }
}

function readPrimitive(name: string, json: Json): unknown {
  if (!/^u\d/.test(name)) return json
  const wide = (BITS[name] ?? 0) > 32
  return wide ? BigInt(json as string) : Number(json)
}

/** A call `{call: 'Pallet.name', args: […]}`, arguments by position (or by name). */
export function readCall(
  json: { readonly call: string; readonly args: Json[] | Record<string, Json> },
  format: Format,
): Call {
  const [palletName = '', name = ''] = json.call.split('.')
  const call = format.pallets.find((one) => one.name === palletName)?.calls[name]
  if (!call) throw new Error(`the runtime does not have the call ${json.call}`)
  const given = Array.isArray(json.args) ? json.args : Object.values(json.args)
  const args = Object.entries(call.args).map(([arg, type], i) => [
    arg,
    fromJson(type, given[i] ?? null, format),
  ])
  return { pallet: palletName, name, args: Object.fromEntries(args) }
}
