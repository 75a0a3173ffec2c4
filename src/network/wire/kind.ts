/** What a schema means on the wire: read off the valibot schema, so that types, validation and wire come from one definition. */
import type * as v from 'valibot'
import { BittensorError } from '../../core/errors.js'
import type { JsonMap, JsonNode } from './json.js'
import { isTensor, tensorFromJson, tensorToJson } from './tensor.js'

/** A type as Python peers declare it. It decides how a value is converted and how it prints for the body hash. */
export type WireKind =
  | { readonly kind: 'str' | 'int' | 'bigint' | 'float' | 'bool' | 'any' | 'tensor' }
  | { readonly kind: 'list'; readonly item: WireKind }
  | { readonly kind: 'dict'; readonly value: WireKind; readonly loses?: ReadonlySet<string> }
  | { readonly kind: 'nullable'; readonly inner: WireKind }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [string, WireKind])[] }

/** A value of the wrong type somewhere in a message; the message says where, never what. */
export class WireError extends Error {
  override readonly name = 'WireError'
}

export type AnySchema = v.GenericSchema

/** The mark of a schema whose values travel as numpy arrays. */
export const TENSOR_MARK = { wire: 'tensor' } as const

/** The mark of a dictionary that keeps all keys. */
export type DictMark = { readonly wire: 'dict'; readonly value: AnySchema }

/** What valibot's record leaves out without a word. */
const LOST_KEYS: ReadonlySet<string> = new Set(['__proto__', 'prototype', 'constructor'])

/** The parts of a valibot schema that are looked at; valibot keeps them as plain properties. */
type Inspected = {
  readonly type: string
  readonly pipe?: readonly { readonly type: string; readonly metadata?: unknown }[]
  readonly wrapped?: AnySchema
  readonly item?: AnySchema
  readonly key?: AnySchema
  readonly value?: AnySchema
  readonly entries?: Readonly<Record<string, AnySchema>>
  readonly options?: readonly unknown[]
  readonly literal?: unknown
}

/**
 * The wire kind of a schema.
 * @throws {BittensorError} `USAGE` for a schema that has no counterpart in the peers' types.
 */
export function wireKindOf(schema: AnySchema): WireKind {
  const seen = schema as unknown as Inspected
  const kind = markedKind(seen) ?? simpleKind(seen) ?? nestedKind(seen)
  if (!kind) {
    throw new BittensorError(
      'USAGE',
      `a synapse field cannot be of the schema type \`${seen.type}\``,
      {
        hint: 'use string, number (with integer() for whole numbers), bigint, boolean, array, record, object, nullable, optional, any, or the helpers of fields',
      },
    )
  }
  return kind
}

function markedKind({ pipe = [] }: Inspected): WireKind | undefined {
  for (const { metadata } of pipe) {
    const mark = metadata as typeof TENSOR_MARK | DictMark | undefined
    if (mark?.wire === 'tensor') return { kind: 'tensor' }
    if (mark?.wire === 'dict') return { kind: 'dict', value: wireKindOf(mark.value) }
  }
  return undefined
}

function simpleKind(seen: Inspected): WireKind | undefined {
  switch (seen.type) {
    case 'string':
      return { kind: 'str' }
    case 'number':
      return {
        kind: seen.pipe?.some((step) => /^(safe_)?integer$/.test(step.type)) ? 'int' : 'float',
      }
    case 'bigint':
      return { kind: 'bigint' }
    case 'boolean':
      return { kind: 'bool' }
    case 'any':
    case 'unknown':
      return { kind: 'any' }
    case 'picklist':
      return seen.options?.every((option) => typeof option === 'string')
        ? { kind: 'str' }
        : undefined
    case 'literal':
      return typeof seen.literal === 'string' ? { kind: 'str' } : undefined
    default:
      return undefined
  }
}

function nestedKind(seen: Inspected): WireKind | undefined {
  const { wrapped, item, value, entries } = seen
  if (wrapped && /^(optional|exact_optional)$/.test(seen.type)) return wireKindOf(wrapped)
  if (wrapped && /^(nullable|nullish)$/.test(seen.type)) {
    return { kind: 'nullable', inner: wireKindOf(wrapped) }
  }
  if (seen.type === 'array' && item) return { kind: 'list', item: wireKindOf(item) }
  if (seen.type === 'record' && value) {
    return { kind: 'dict', value: wireKindOf(value), loses: LOST_KEYS }
  }
  if (/^(loose_|strict_)?object$/.test(seen.type) && entries) {
    checkFieldNames(Object.keys(entries))
    return {
      kind: 'object',
      entries: Object.entries(entries).map(([name, schema]) => [name, wireKindOf(schema)] as const),
    }
  }
  return undefined
}

/**
 * Every object has something by such a name, so that a field which is left out would not seem to be.
 * @throws {BittensorError} `USAGE`
 */
export function checkFieldNames(names: readonly string[]): void {
  const inherited = names.find((name) => name in Object.prototype)
  if (inherited !== undefined) {
    throw new BittensorError('USAGE', `\`${inherited}\` cannot be the name of a field`)
  }
}

/**
 * Brings a received value to its declared type, as the peers' models do: whole numbers for floats and the other way round
 * are accepted, text for numbers is not.
 * @throws {WireError} with the place, when it does not fit.
 */
export function normalise(kind: WireKind, node: JsonNode, place: string): JsonNode {
  switch (kind.kind) {
    case 'any':
      return node
    case 'str':
      return fits(typeof node === 'string', node, place, 'a string')
    case 'bool':
      return fits(typeof node === 'boolean', node, place, 'a boolean')
    case 'int':
    case 'bigint':
      return wholeNumber(node, place)
    case 'float':
      return typeof node === 'bigint'
        ? Number(node)
        : fits(typeof node === 'number', node, place, 'a number')
    case 'nullable':
      return node === null ? null : normalise(kind.inner, node, place)
    case 'tensor':
      return normaliseTensor(node, place)
    case 'list':
      fits(Array.isArray(node), node, place, 'a list')
      return (node as JsonNode[]).map((item, i) => normalise(kind.item, item, `${place}.${i}`))
    case 'dict':
      return mapEntries(node, place, (key, value) =>
        normalise(kind.value, value, `${place}.${key}`),
      )
    case 'object':
      return normaliseObject(kind.entries, node, place)
  }
}

function wholeNumber(node: JsonNode, place: string): JsonNode {
  if (typeof node === 'number' && Number.isInteger(node)) return BigInt(node)
  return fits(typeof node === 'bigint', node, place, 'a whole number')
}

/** Only the three known keys, in the order in which peers print them. */
function normaliseTensor(node: JsonNode, place: string): JsonNode {
  const map = fits(node instanceof Map, node, place, 'a tensor') as JsonMap
  return new Map(['buffer', 'dtype', 'shape'].map((key) => [key, map.get(key) ?? null]))
}

function normaliseObject(
  entries: readonly (readonly [string, WireKind])[],
  node: JsonNode,
  place: string,
): JsonNode {
  const map = fits(node instanceof Map, node, place, 'an object') as JsonMap
  const result: JsonMap = new Map()
  for (const [name, kind] of entries) {
    const value = map.get(name)
    if (value !== undefined) result.set(name, normalise(kind, value, `${place}.${name}`))
  }
  return result
}

function mapEntries(
  node: JsonNode,
  place: string,
  convert: (key: string, value: JsonNode) => JsonNode,
): JsonMap {
  const map = fits(node instanceof Map, node, place, 'an object') as JsonMap
  return new Map(Array.from(map, ([key, value]) => [key, convert(key, value)]))
}

function fits(condition: boolean, node: JsonNode, place: string, expected: string): JsonNode {
  if (!condition) throw new WireError(`\`${place.slice(0, 80)}\` is not ${expected}`)
  return node
}

/** The JavaScript value of a normalised node: whole numbers as `number` while they are exact, else (or where declared) as `bigint`. */
export function toValue(kind: WireKind, node: JsonNode): unknown {
  if (kind.kind === 'tensor' && node !== null) return tensorFromJson(node)
  if (kind.kind === 'nullable') return node === null ? null : toValue(kind.inner, node)
  if (typeof node === 'bigint') return kind.kind === 'bigint' ? node : exactNumber(node)
  if (Array.isArray(node)) {
    const item: WireKind = kind.kind === 'list' ? kind.item : { kind: 'any' }
    return node.map((entry) => toValue(item, entry))
  }
  if (node instanceof Map) {
    // fromEntries defines own properties, so a key such as __proto__ is only a key.
    return Object.fromEntries(
      Array.from(node, ([key, value]) => [key, toValue(entryKind(kind, key), value)]),
    )
  }
  return node
}

function entryKind(kind: WireKind, key: string): WireKind {
  if (kind.kind === 'dict') return kind.value
  if (kind.kind !== 'object') return { kind: 'any' }
  return kind.entries.find(([name]) => name === key)?.[1] ?? { kind: 'any' }
}

function exactNumber(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

/**
 * The node of a JavaScript value under its declared kind. Where nothing is declared (`any`), a whole `number` becomes an
 * integer, as JSON writers do.
 * @throws {WireError} when the value does not fit the kind.
 */
export function fromValue(kind: WireKind, value: unknown, place: string): JsonNode {
  switch (kind.kind) {
    case 'tensor':
      if (!isTensor(value)) throw new WireError(`\`${place}\` is not a tensor`)
      return tensorToJson(value)
    case 'nullable':
      return value === null || value === undefined ? null : fromValue(kind.inner, value, place)
    case 'float':
      return typeof value === 'number' ? value : normalise(kind, undeclared(value, place), place)
    case 'list':
      if (!Array.isArray(value)) throw new WireError(`\`${place}\` is not a list`)
      return value.map((item, i) => fromValue(kind.item, item, `${place}.${i}`))
    case 'dict':
    case 'object':
      return fromEntries(value, place, (key) => entryKind(kind, key))
    default:
      return normalise(kind, undeclared(value, place), place)
  }
}

function undeclared(value: unknown, place: string): JsonNode {
  if (value === null || value === undefined) return null
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint')
    return value
  if (typeof value === 'number')
    return Number.isSafeInteger(value) && !Object.is(value, -0) ? BigInt(value) : value
  if (Array.isArray(value)) return value.map((item, i) => undeclared(item, `${place}.${i}`))
  return fromEntries(value, place, () => ({ kind: 'any' }))
}

function fromEntries(value: unknown, place: string, kindOf: (key: string) => WireKind): JsonMap {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new WireError(`\`${place}\` cannot be sent as JSON`)
  }
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined)
  return new Map(
    entries.map(([key, entry]) => [key, fromValue(kindOf(key), entry, `${place}.${key}`)]),
  )
}

/**
 * Refuses what the schema would drop from a value without a word.
 * @throws {WireError} with the place and the key
 */
export function checkKeys(kind: WireKind, value: unknown, place: string): void {
  if (typeof value !== 'object' || value === null || kind.kind === 'tensor') return
  if (kind.kind === 'nullable') checkKeys(kind.inner, value, place)
  if (kind.kind === 'list' && Array.isArray(value)) {
    for (const item of value) checkKeys(kind.item, item, place)
  }
  if (kind.kind !== 'dict' && kind.kind !== 'object') return
  for (const [key, item] of Object.entries(value)) {
    if (kind.kind === 'dict' && kind.loses?.has(key)) {
      throw new WireError(`\`${place}\` has the key \`${key}\`, which only t.record() keeps`)
    }
    checkKeys(entryKind(kind, key), item, place)
  }
}

/** The empty value of a kind: what a Python client puts into the `input_obj` header of a required field. */
export function emptyOf(kind: WireKind): JsonNode {
  switch (kind.kind) {
    case 'str':
      return ''
    case 'int':
    case 'bigint':
      return 0n
    case 'float':
      return 0
    case 'bool':
      return false
    case 'list':
      return []
    case 'nullable':
      return emptyOf(kind.inner)
    default:
      return new Map()
  }
}
