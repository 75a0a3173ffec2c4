/** Schemas for synapse fields: valibot, with the few types that need a word about the wire. */
import * as v from 'valibot'
import { type DictMark, TENSOR_MARK } from './wire/kind.js'
import { isTensor, type Tensor } from './wire/tensor.js'

/**
 * A whole number (Python `int`).
 * @example
 * defineSynapse('Count', { upTo: int() })
 */
export const int = () => v.pipe(v.number(), v.safeInteger())

/** A floating-point number (Python `float`): `1` travels as `1.0`. */
export const float = () => v.number()

/** An array of numbers (`bt.Tensor`). Make such fields optional: Python peers cannot receive a required one. */
export const tensorField = () => v.pipe(v.custom<Tensor>(isTensor), v.metadata(TENSOR_MARK))

/**
 * A dictionary by text (Python `dict[str, T]`). Unlike valibot's own record it keeps keys such as `constructor`, which words
 * of a text can be.
 */
export const record = <S extends v.GenericSchema>(value: S) =>
  v.pipe(
    v.custom<{ [name: string]: v.InferInput<S> }>(() => true),
    v.metadata({ wire: 'dict', value } satisfies DictMark),
    v.rawTransform(({ dataset, addIssue, NEVER }): { [name: string]: v.InferOutput<S> } => {
      const { value: input } = dataset
      const isDict = typeof input === 'object' && input !== null && !Array.isArray(input)
      if (!isDict) {
        addIssue({ expected: 'Object' })
        return NEVER
      }
      const entries: [string, v.InferOutput<S>][] = []
      for (const [key, item] of Object.entries(input)) {
        const parsed = v.safeParse(value, item)
        if (!parsed.success) {
          addIssue({ expected: parsed.issues[0].expected ?? 'valid' })
          return NEVER
        }
        entries.push([key, parsed.output])
      }
      return Object.fromEntries(entries)
    }),
  )

/** A value or null, null when left out: Python's `Optional[T] = None`. */
export const optional = <S extends v.GenericSchema>(schema: S) =>
  v.optional(v.nullable(schema), null)

/** A value that a default stands in for: Python's `field: T = value`. */
export const withDefault = <S extends v.GenericSchema, const D extends v.InferInput<S>>(
  schema: S,
  value: D,
): v.OptionalSchema<S, D> => v.optional(schema, value)

/**
 * The types of synapse fields under one name; any other valibot schema with a counterpart on the wire will do as well.
 * @example
 * defineSynapse('TextEcho', { prompt: t.string(), count: t.withDefault(t.int(), 1), reply: t.optional(t.string()) })
 */
export const t = {
  string: v.string,
  boolean: v.boolean,
  int,
  float,
  tensor: tensorField,
  list: v.array,
  record,
  /** Whatever JSON can say. */
  any: v.unknown,
  optional,
  withDefault,
}
