/** The portable type registry of a runtime's metadata: every type once, numbered, referring to each other by number. */
import type { V14Lookup } from '@polkadot-api/substrate-bindings'
import type { FieldDef, ScaleType, TypeDef, VariantDef } from '../../runtime/scale.js'

type Entry = V14Lookup[number]
type EntryDef = Entry['def']

/** Numbers types as they are met; types that are equal get one number. */
export type TypeRegistry = {
  /** The number of a type; it and all it refers to are added when new. */
  id(type: ScaleType<unknown>): number
  readonly types: V14Lookup
}

/** An empty {@link TypeRegistry}. */
export function typeRegistry(): TypeRegistry {
  const types: Entry[] = []
  const byObject = new Map<ScaleType<unknown>, number>()
  const byShape = new Map<string, number>()

  function id(type: ScaleType<unknown>): number {
    const real = resolve(type)
    const known = byObject.get(real)
    if (known !== undefined) return known
    const def = real.def()
    const named = real.path.length > 0 || def.kind === 'composite' || def.kind === 'variant'
    return named ? addNamed(real, def) : addAnonymous(real, def)
  }

  /** Takes the number before looking inside: a call holds calls. */
  function addNamed(type: ScaleType<unknown>, def: TypeDef): number {
    const params = type.params.map((param) => ({
      name: param.name,
      type: param.type && id(param.type),
    }))
    const shape = type.path.length > 0 ? JSON.stringify([type.path, params, outline(def)]) : ''
    const known = byObject.get(type) ?? byShape.get(shape)
    const number = known ?? types.length
    byObject.set(type, number)
    if (known !== undefined) return known
    if (shape !== '') byShape.set(shape, number)
    const entry: Entry = {
      id: number,
      path: [...type.path],
      params,
      def: { tag: 'tuple', value: [] },
      docs: [],
    }
    types.push(entry)
    entry.def = describe(def, id)
    return number
  }

  function addAnonymous(type: ScaleType<unknown>, def: TypeDef): number {
    const described = describe(def, id)
    const shape = JSON.stringify(described)
    const number = byShape.get(shape) ?? types.length
    byObject.set(type, number)
    if (number < types.length) return number
    byShape.set(shape, number)
    types.push({ id: number, path: [], params: [], def: described, docs: [] })
    return number
  }

  return { id, types }
}

type NumberOf = (type: ScaleType<unknown>) => number

function describe(def: TypeDef, id: NumberOf): EntryDef {
  switch (def.kind) {
    case 'primitive':
      return { tag: 'primitive', value: { tag: def.name, value: undefined } }
    case 'compact':
      return { tag: 'compact', value: id(def.of) }
    case 'sequence':
      return { tag: 'sequence', value: id(def.of) }
    case 'array':
      return { tag: 'array', value: { len: def.length, type: id(def.of) } }
    case 'tuple':
      return { tag: 'tuple', value: def.of.map(id) }
    case 'composite':
      return { tag: 'composite', value: def.fields.map((one) => field(one, id)) }
    case 'variant':
      return { tag: 'variant', value: def.variants.map((one) => variantCase(one, id)) }
  }
}

function variantCase(one: VariantDef, id: NumberOf) {
  const fields = one.fields.map((each) => field(each, id))
  return { name: one.name, index: one.index, fields, docs: [...(one.docs ?? [])] }
}

function field(def: FieldDef, id: NumberOf) {
  return { name: def.name, type: id(def.type), typeName: def.typeName, docs: [] }
}

/** The type that a deferred one stands for. */
function resolve(type: ScaleType<unknown>): ScaleType<unknown> {
  let real = type
  while (real.target) real = real.target()
  return real
}

/** What tells two types of one path apart without looking into them. */
function outline(def: TypeDef): unknown {
  if (def.kind === 'composite') return def.fields.map((field) => field.name ?? '')
  if (def.kind === 'variant') return def.variants.map((one) => [one.name, one.index])
  return def.kind
}
