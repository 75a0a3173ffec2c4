/** Synapses: named messages whose TypeScript type, validation, defaults and wire form come from one schema. */
import * as v from 'valibot'
import { BittensorError } from '../core/errors.js'
import { type JsonMap, type JsonNode, printJson } from './wire/json.js'
import {
  type AnySchema,
  checkFieldNames,
  checkKeys,
  emptyOf,
  fromValue,
  normalise,
  toValue,
  WireError,
  type WireKind,
  wireKindOf,
} from './wire/kind.js'

/** The schema of every field by its name here. */
export type Fields = Readonly<Record<string, AnySchema>>

/** What a handler gets and answers with: every field present. */
export type SynapseOutput<F extends Fields> = { -readonly [K in keyof F]: v.InferOutput<F[K]> }

type OptionalKeys<F extends Fields> = {
  [K in keyof F]: undefined extends v.InferInput<F[K]> ? K : never
}[keyof F]

/** What a caller gives: fields with a default may be left out. */
export type SynapseInput<F extends Fields> = {
  -readonly [K in Exclude<keyof F, OptionalKeys<F>>]: v.InferInput<F[K]>
} & { -readonly [K in OptionalKeys<F>]?: v.InferInput<F[K]> | undefined }

/** How a field travels. */
export type FieldPlan = {
  readonly name: string
  readonly wireName: string
  readonly kind: WireKind
  readonly schema: AnySchema
  /** undefined: the field is required */
  readonly fallback: JsonNode | undefined
}

/** A message type. Made by {@link defineSynapse}. */
export type Synapse<F extends Fields = Fields> = {
  /** The class name of Python peers, and the path of the request. */
  readonly name: string
  readonly fields: F
  readonly plan: readonly FieldPlan[]
  /** Wire names in the order in which they are hashed. */
  readonly hashFields: readonly string[]
  /** The answer is a stream of text pieces; the function makes the last fields of all the text. */
  readonly collect: ((text: string) => Partial<SynapseOutput<F>>) | undefined
}

export type SynapseOptions<F extends Fields> = {
  /**
   * The fields whose values the HTTP protocol of 6.x–10.x protects, in this order (Python: required_hash_fields as a class
   * variable). Others can be changed on the way. Default: none. btauth/1 always protects the whole body.
   */
  readonly hashFields?: readonly (keyof F & string)[] | undefined
  /** Names on the wire where they differ, such as `{ maxTokens: 'max_tokens' }`. */
  readonly wireNames?: Readonly<Partial<Record<keyof F & string, string>>> | undefined
  /** Makes it a streaming synapse: turns the whole streamed text into the last fields. */
  readonly collect?: ((text: string) => Partial<SynapseOutput<F>>) | undefined
}

/** Names that the HTTP protocol puts beside the fields. */
const RESERVED = new Set([
  'name',
  'timeout',
  'total_size',
  'header_size',
  'dendrite',
  'axon',
  'computed_body_hash',
  'required_hash_fields',
])
const WIRE_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/

/**
 * Defines a message type.
 * @throws {BittensorError} `USAGE` for a name that cannot travel or a schema without a counterpart on the wire.
 * @example
 * const TextEcho = defineSynapse('TextEcho', { prompt: v.string(), reply: optional(v.string()) }, { hashFields: ['prompt'] })
 */
export function defineSynapse<const F extends Fields>(
  name: string,
  fields: F,
  options: SynapseOptions<F> = {},
): Synapse<F> {
  if (!WIRE_NAME.test(name)) {
    throw new BittensorError('USAGE', `\`${name}\` cannot be the name of a synapse`)
  }
  checkFieldNames(Object.keys(fields))
  const plan = Object.entries(fields).map(([key, schema]) => {
    return planField(key, schema, options.wireNames?.[key as keyof F & string] ?? key)
  })
  if (new Set(plan.map((field) => field.wireName)).size !== plan.length) {
    throw new BittensorError('USAGE', `two fields of ${name} have the same name on the wire`)
  }
  const hashFields = (options.hashFields ?? []).map((key) => options.wireNames?.[key] ?? key)
  return { name, fields, plan, hashFields, collect: options.collect }
}

function planField(name: string, schema: AnySchema, wireName: string): FieldPlan {
  if (!WIRE_NAME.test(wireName) || RESERVED.has(wireName)) {
    throw new BittensorError('USAGE', `\`${wireName}\` cannot be the name of a field on the wire`)
  }
  const kind = wireKindOf(schema)
  const isOptional = v.safeParse(schema, undefined).success
  const fallback = isOptional ? fromValue(kind, v.getDefault(schema) ?? null, wireName) : undefined
  return { name, wireName, kind, schema, fallback }
}

/**
 * The message that peers' liveness checks send: no fields, answered unchanged (Python: the base class Synapse).
 * @example
 * const [result] = await dendrite.query([axon], Ping, {})
 * result.ok // it lives
 */
export const Ping = defineSynapse('Synapse', {})

/**
 * The wire form of values that a caller gives; what is left out gets its default.
 * @throws {BittensorError} `USAGE` when a value does not fit its schema; names the field, never the value.
 */
export function encodeInput<F extends Fields>(
  synapse: Synapse<F>,
  input: SynapseInput<F>,
): JsonMap {
  return encode(synapse, input as Readonly<Record<string, unknown>>)
}

/** The wire form of a handler's answer. Throws like {@link encodeInput}. */
export function encodeOutput<F extends Fields>(
  synapse: Synapse<F>,
  output: SynapseOutput<F>,
): JsonMap {
  return encode(synapse, output)
}

function encode(synapse: Synapse, values: Readonly<Record<string, unknown>>): JsonMap {
  const result: JsonMap = new Map()
  for (const { name, wireName, kind, schema } of synapse.plan) {
    try {
      checkKeys(kind, values[name], name)
      const parsed = v.safeParse(schema, values[name])
      if (!parsed.success) throw badField(synapse.name, name, parsed.issues[0])
      result.set(wireName, fromValue(kind, parsed.output ?? null, name))
    } catch (error) {
      if (!(error instanceof WireError)) throw error
      throw new BittensorError('USAGE', `${synapse.name}: ${error.message}`)
    }
  }
  return result
}

function badField(synapse: string, field: string, issue: v.BaseIssue<unknown>): BittensorError {
  // valibot's own text quotes the received value, which may be anything.
  return new BittensorError('USAGE', `${synapse}: \`${field}\` is not ${issue.expected ?? 'valid'}`)
}

/** A received message: its typed values, and the nodes of its fields after they took their declared type. */
export type Decoded<F extends Fields> = {
  readonly values: SynapseOutput<F>
  readonly nodes: JsonMap
}

/**
 * Reads a received message. Unknown keys are ignored, missing ones take their default.
 * @throws {WireError} with the place and no value, when a field is missing or does not fit.
 */
export function decodeFields<F extends Fields>(synapse: Synapse<F>, body: JsonNode): Decoded<F> {
  if (!(body instanceof Map)) throw new WireError('the body is not an object')
  const nodes: JsonMap = new Map()
  const values: Record<string, unknown> = {}
  for (const { name, wireName, kind, schema, fallback } of synapse.plan) {
    const node = body.get(wireName) ?? (body.has(wireName) ? null : fallback)
    if (node === undefined) throw new WireError(`\`${wireName}\` is missing`)
    const normal = node === fallback ? node : normalise(kind, node, wireName)
    nodes.set(wireName, normal)
    const value = readValue(kind, normal, wireName)
    checkKeys(kind, value, wireName)
    values[name] = checked(schema, value, wireName)
  }
  return { values: values as SynapseOutput<F>, nodes }
}

function readValue(kind: WireKind, node: JsonNode, place: string): unknown {
  try {
    return toValue(kind, node)
  } catch (error) {
    if (!(error instanceof BittensorError)) throw error
    throw new WireError(`\`${place}\`: ${error.message}`)
  }
}

function checked(schema: AnySchema, value: unknown, place: string): unknown {
  const parsed = v.safeParse(schema, value)
  if (!parsed.success)
    throw new WireError(`\`${place}\` is not ${parsed.issues[0].expected ?? 'valid'}`)
  return parsed.output
}

/** The message that the request headers alone stand for: empty values for required fields, defaults for the others. */
export function dummyNodes(synapse: Synapse): JsonMap {
  return new Map(
    synapse.plan.map((field) => [field.wireName, field.fallback ?? emptyOf(field.kind)]),
  )
}

/** Wire name and base64 of the JSON of an empty value, for every required field: the `input_obj` headers. */
export function inputObjects(synapse: Synapse): [string, string][] {
  return synapse.plan
    .filter((field) => field.fallback === undefined)
    .map((field) => [
      field.wireName,
      Buffer.from(printJson(emptyOf(field.kind), 'python')).toString('base64'),
    ])
}
