/** Types as people write them, for help pages, messages and comparisons. */
import { resolve } from './decode.js'
import type { Field, TypeDef, TypeRef } from './typeDef.js'

/**
 * A type in a few words; structs and enums by their names.
 * @example
 * typeText(types, { kind: 'vec', of: { kind: 'account' } }) // 'Vec<AccountId>'
 */
export function typeText(types: readonly TypeDef[], type: TypeRef): string {
  const def = resolve(types, type)
  const inner = (one: TypeRef) => typeText(types, one)
  switch (def.kind) {
    case 'uint':
      return `u${def.bytes * 8}`
    case 'int':
      return `i${def.bytes * 8}`
    case 'compact':
      return `Compact<u${def.bytes * 8}>`
    case 'account':
      return 'AccountId'
    case 'address':
      return 'Address'
    case 'bytes':
      return 'Bytes'
    case 'fixedBytes':
      return def.length === 32 ? 'H256' : `[u8; ${def.length}]`
    case 'bits':
      return 'Bits'
    case 'call':
      return 'Call'
    case 'vec':
      return `Vec<${inner(def.of)}>`
    case 'option':
      return `Option<${inner(def.of)}>`
    case 'array':
      return `[${inner(def.of)}; ${def.length}]`
    case 'tuple':
      return `(${def.of.map(inner).join(', ')})`
    case 'struct':
      return def.name ?? `{${def.fields.map(([name, one]) => `${name}: ${inner(one)}`).join(', ')}}`
    case 'variant':
      return def.name ?? def.cases.map(({ name }) => name).join(' | ')
    default:
      return def.kind
  }
}

/**
 * A type with the parts of structs and enums spelled out: what has to be equal for the bytes to be equal. A type that
 * contains itself ends at its name.
 */
export function shapeText(
  types: readonly TypeDef[],
  type: TypeRef,
  above: readonly TypeRef[] = [],
): string {
  const def = resolve(types, type)
  if (above.includes(type)) return typeText(types, type)
  const inner = (one: TypeRef) => shapeText(types, one, [...above, type])
  const fieldTexts = (fields: readonly Field[]) =>
    fields.map(([name, one]) => `${name}: ${inner(one)}`).join(', ')
  switch (def.kind) {
    case 'vec':
      return `Vec<${inner(def.of)}>`
    case 'option':
      return `Option<${inner(def.of)}>`
    case 'array':
      return `[${inner(def.of)}; ${def.length}]`
    case 'tuple':
      return `(${def.of.map(inner).join(', ')})`
    case 'struct':
      return `${def.name ?? ''}{${fieldTexts(def.fields)}}`
    case 'variant':
      return `${def.name ?? ''}[${def.cases
        .map(({ name, index, fields }) => `${index}:${name}(${fieldTexts(fields)})`)
        .join(', ')}]`
    default:
      return typeText(types, type)
  }
}
