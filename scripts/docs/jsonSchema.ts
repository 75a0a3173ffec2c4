/** JSON Schemas of types as TypeScript's checker sees them, written down as `jsonText` prints their values. */
import ts from 'typescript'

/** A schema, or a part of one. */
export type Schema = { [key: string]: unknown }

const WHOLE = '-?\\d+'

/**
 * The schema of a type; types with a name of their own stand under `$defs`.
 * @param named further types with the names to give them
 * @throws {TypeError} for what JSON cannot hold, and for `unknown` where it was not expected; the message names the way to it
 */
export function schemaOfType(
  type: ts.Type,
  checker: ts.TypeChecker,
  named: ReadonlyMap<ts.Type, string> = new Map(),
): Schema {
  const defs = new Map<string, Schema>()
  const walker = new Walker(checker, defs, named)
  const schema = walker.compound(type, [])
  return defs.size === 0 ? schema : { ...schema, $defs: Object.fromEntries(defs) }
}

class Walker {
  readonly #checker: ts.TypeChecker
  readonly #defs: Map<string, Schema>
  readonly #names: Map<ts.Type, string>

  constructor(
    checker: ts.TypeChecker,
    defs: Map<string, Schema>,
    named: ReadonlyMap<ts.Type, string>,
  ) {
    this.#checker = checker
    this.#defs = defs
    this.#names = new Map(named)
  }

  schema(type: ts.Type, path: readonly string[]): Schema {
    const simple = this.#simple(type, path)
    if (simple) return simple
    const name = this.#nameOf(type)
    if (name === undefined) return this.compound(type, path)
    if (!this.#defs.has(name)) {
      // In place before its content is known: it may contain itself.
      this.#defs.set(name, {})
      this.#defs.set(name, this.compound(type, path))
    }
    return { $ref: `#/$defs/${name}` }
  }

  compound(type: ts.Type, path: readonly string[]): Schema {
    return type.isUnion() ? this.#union(type.types, path) : this.#object(type, path)
  }

  /** The name of a type alias, made different from that of another type. */
  #nameOf(type: ts.Type): string | undefined {
    const known = this.#names.get(type)
    const alias = type.aliasSymbol?.name
    const isPlain = alias === undefined || type.aliasTypeArguments !== undefined
    if (known !== undefined || isPlain) return known
    const taken = [...this.#names.values()].filter((name) => name.replace(/\d+$/, '') === alias)
    const name = taken.length === 0 ? alias : `${alias}${taken.length + 1}`
    this.#names.set(type, name)
    return name
  }

  #simple(type: ts.Type, path: readonly string[]): Schema | undefined {
    const { flags } = type
    if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) {
      // What an error tells besides its sentence depends on the error.
      if (path.includes('details')) return {}
      throw new TypeError(`${path.join('.')} is ${this.#checker.typeToString(type)}`)
    }
    if (flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined | ts.TypeFlags.Void)) {
      return { type: 'null' }
    }
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value }
    if (flags & ts.TypeFlags.BooleanLiteral) {
      return { const: this.#checker.typeToString(type) === 'true' }
    }
    if (flags & ts.TypeFlags.TemplateLiteral) return template(type as ts.TemplateLiteralType)
    return this.#primitive(type)
  }

  /** Brands are the primitive that they mark. */
  #primitive(type: ts.Type): Schema | undefined {
    const parts = type.isIntersection() ? type.types : [type]
    const has = (flag: ts.TypeFlags) => parts.some(({ flags }) => flags & flag)
    if (has(ts.TypeFlags.BigIntLike)) return { type: 'string', pattern: `^${WHOLE}$` }
    if (has(ts.TypeFlags.StringLike)) return { type: 'string' }
    if (has(ts.TypeFlags.NumberLike)) return { type: 'number' }
    if (type.flags & ts.TypeFlags.Boolean) return { type: 'boolean' }
    return undefined
  }

  #union(types: readonly ts.Type[], path: readonly string[]): Schema {
    // The checker's order of a union depends on all the rest of the program.
    const schemas = unique(types.map((type) => this.schema(type, path)))
    const literals = schemas.flatMap((schema) => ('const' in schema ? [schema['const']] : []))
    const others = schemas.filter((schema) => !('const' in schema))
    const isBoolean = literals.includes(true) && literals.includes(false)
    const values = isBoolean ? literals.filter((one) => typeof one !== 'boolean') : literals
    const all: Schema[] = [
      ...(isBoolean ? [{ type: 'boolean' }] : []),
      ...(values.length === 1 ? [{ const: values[0] }] : []),
      ...(values.length > 1 ? [{ enum: values }] : []),
      ...others,
    ]
    const [only] = all
    if (all.length === 1 && only) return only
    // `string | null` is short for a pair of alternatives.
    const names = all.map((schema) => (Object.keys(schema).join() === 'type' ? schema['type'] : ''))
    return names.every((one) => one !== '') ? { type: names } : { anyOf: all }
  }

  #object(type: ts.Type, path: readonly string[]): Schema {
    const checker = this.#checker
    if (checker.isTupleType(type)) {
      const items = checker.getTypeArguments(type as ts.TypeReference)
      return {
        type: 'array',
        prefixItems: items.map((item, i) => this.schema(item, [...path, `${i}`])),
        minItems: items.length,
        maxItems: items.length,
      }
    }
    if (checker.isArrayType(type)) {
      const [item] = checker.getTypeArguments(type as ts.TypeReference)
      return { type: 'array', items: item ? this.schema(item, [...path, '[]']) : {} }
    }
    if (type.getCallSignatures().length > 0 || !(type.flags & OBJECTS)) {
      throw new TypeError(`${path.join('.')} is ${checker.typeToString(type)}: no JSON`)
    }
    if (/^(Map|Set|ReadonlyMap|ReadonlySet|Date|Uint8Array)$/.test(type.symbol?.name ?? '')) {
      throw new TypeError(`${path.join('.')} is a ${type.symbol.name}: no JSON`)
    }
    return this.#record(type, path)
  }

  #record(type: ts.Type, path: readonly string[]): Schema {
    const checker = this.#checker
    const properties: Schema = {}
    const required: string[] = []
    for (const property of checker.getPropertiesOfType(type)) {
      const { name } = property
      const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0
      const inner = checker.getTypeOfSymbol(property)
      // The other side of a union of literals: it is never there.
      if (isOptional && inner.flags & ts.TypeFlags.Undefined) continue
      properties[name] = this.#property(property, inner, [...path, name])
      if (!isOptional) required.push(name)
    }
    const index = checker.getIndexInfoOfType(type, ts.IndexKind.String)
    return {
      type: 'object',
      ...(Object.keys(properties).length > 0 ? { properties } : {}),
      ...(required.length > 0 ? { required } : {}),
      additionalProperties: index ? this.schema(index.type, [...path, '*']) : false,
    }
  }

  #property(symbol: ts.Symbol, type: ts.Type, path: readonly string[]): Schema {
    const schema = this.schema(type, path)
    const text = ts.displayPartsToString(symbol.getDocumentationComment(this.#checker))
    return text === '' ? schema : { description: text, ...schema }
  }
}

const OBJECTS = ts.TypeFlags.Object | ts.TypeFlags.Intersection

function template({ texts, types }: ts.TemplateLiteralType): Schema {
  const holes = types.map(({ flags }) =>
    flags & ts.TypeFlags.BigIntLike
      ? WHOLE
      : flags & ts.TypeFlags.NumberLike
        ? '-?[\\d.e+-]+'
        : '.*',
  )
  const pattern = texts.map((text, i) => `${escaped(text)}${holes[i] ?? ''}`).join('')
  return pattern === '.*' ? { type: 'string' } : { type: 'string', pattern: `^${pattern}$` }
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

function unique(schemas: readonly Schema[]): Schema[] {
  const seen = new Map(schemas.map((schema) => [JSON.stringify(schema), schema]))
  return [...seen].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, schema]) => schema)
}
