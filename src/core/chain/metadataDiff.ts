/** What changed between two runtimes, by their descriptions. */
import { fromHex } from '../keys/hex.js'
import { decode } from './decode.js'
import { type Description, eraOfDescription, type PalletDescription } from './description.js'
import { type HumanValue, humanValue } from './humanValue.js'
import type { Field, TypeRef } from './typeDef.js'
import { shapeText, typeText } from './typeText.js'

/** One difference. `before` or `after` is undefined where the thing came or went. */
export type Difference = {
  readonly kind:
    | 'pallet'
    | 'storage'
    | 'call'
    | 'event'
    | 'error'
    | 'constant'
    | 'api'
    | 'extension'
  /** `SubtensorModule.add_stake`. */
  readonly name: string
  readonly before: string | undefined
  readonly after: string | undefined
}

/** A thing of a runtime: what must be equal, and how it is shown. */
type Thing = { readonly shape: string; readonly text: string }
type Things = ReadonlyMap<string, Thing>

/** All differences, pallet by pallet in the order of the later runtime. */
export function diffDescriptions(a: Description, b: Description): Difference[] {
  const names = [...new Set([...Object.keys(b.pallets), ...Object.keys(a.pallets)])]
  const found: Difference[] = []
  for (const name of names) {
    const [before, after] = [a.pallets[name], b.pallets[name]]
    if (!before || !after || before.index !== after.index) {
      const text = (one: PalletDescription | undefined) => one && `pallet ${one.index}`
      found.push({ kind: 'pallet', name, before: text(before), after: text(after) })
    }
    if (!before || !after) continue
    for (const kind of KINDS) {
      found.push(...compare(kind.kind, name, kind.of(a, before, name), kind.of(b, after, name)))
    }
  }
  const traits = [...new Set([...Object.keys(b.apis), ...Object.keys(a.apis)])]
  for (const trait of traits) found.push(...compare('api', trait, apis(a, trait), apis(b, trait)))
  found.push(...compare('extension', '', extensions(a), extensions(b)))
  return found
}

function compare(
  kind: Difference['kind'],
  owner: string,
  before: Things,
  after: Things,
): Difference[] {
  const found: Difference[] = []
  for (const name of new Set([...after.keys(), ...before.keys()])) {
    const [old, now] = [before.get(name), after.get(name)]
    if (old?.shape === now?.shape) continue
    const full = owner === '' ? name : `${owner}.${name}`
    // Where only the insides of a named type changed, the short texts are the same.
    const same = old !== undefined && old.text === now?.text
    found.push({
      kind,
      name: full,
      before: same ? old?.shape : old?.text,
      after: same ? now?.shape : now?.text,
    })
  }
  return found
}

type KindOf = {
  readonly kind: Difference['kind']
  readonly of: (description: Description, pallet: PalletDescription, owner: string) => Things
}

const KINDS: readonly KindOf[] = [
  { kind: 'storage', of: storage },
  { kind: 'call', of: (one, { calls }) => variants(one, calls) },
  { kind: 'event', of: (one, { events }) => variants(one, events) },
  {
    kind: 'error',
    of: (_, { errors }) =>
      new Map(
        Object.entries(errors).map(([index, { name }]) => [name, both(`error ${index}`)] as const),
      ),
  },
  { kind: 'constant', of: constants },
]

function both(text: string): Thing {
  return { shape: text, text }
}

function storage(one: Description, pallet: PalletDescription): Things {
  return new Map(
    Object.entries(pallet.storage).map(([name, item]) => {
      const write = (type: (ref: TypeRef) => string) => {
        const keys = item.keys.map((key) => `${type(key.type)}:${key.hasher}`).join(', ')
        return `${keys === '' ? '' : `[${keys}] `}${type(item.value)}${item.optional ? '?' : ''}`
      }
      return [name, written(one, write)] as const
    }),
  )
}

function variants(one: Description, cases: PalletDescription['calls']): Things {
  return new Map(
    cases.map(({ name, index, fields }) => {
      const write = (type: (ref: TypeRef) => string) => `${index}(${fieldTexts(fields, type)})`
      return [name, written(one, write)] as const
    }),
  )
}

function fieldTexts(fields: readonly Field[], type: (ref: TypeRef) => string): string {
  return fields.map(([name, ref]) => `${name}: ${type(ref)}`).join(', ')
}

/** Constants with their values as people read them; what has fields is compared field by field. */
function constants(one: Description, pallet: PalletDescription, owner: string): Things {
  const era = eraOfDescription(one)
  const entries = Object.entries(pallet.constants).flatMap(
    ([name, { type, value: raw }]): [string, Thing][] => {
      const value = decode(one.types, type, fromHex(raw) ?? new Uint8Array())
      const human = humanValue(one, type, value, { era, pallet: owner, name })
      const named = typeText(one.types, type)
      if (typeof human !== 'object' || human === null || Array.isArray(human)) {
        const text = `${named} ${plain(human)}`
        return [[name, { shape: `${shapeText(one.types, type)} ${raw}`, text }]]
      }
      return Object.entries(human).map(([field, inside]) => {
        return [`${name}.${field}`, both(plain(inside))]
      })
    },
  )
  return new Map(entries)
}

function plain(value: HumanValue): string {
  return typeof value === 'object' ? JSON.stringify(value) : `${value}`
}

function apis(one: Description, trait: string): Things {
  return new Map(
    Object.entries(one.apis[trait] ?? {}).map(([name, { inputs, output }]) => {
      const write = (type: (ref: TypeRef) => string) =>
        `(${fieldTexts(inputs, type)}) → ${type(output)}`
      return [name, written(one, write)] as const
    }),
  )
}

function extensions(one: Description): Things {
  return new Map(
    one.extensions.map(({ name, extra, additional }) => {
      const write = (type: (ref: TypeRef) => string) => `${type(extra)} | ${type(additional)}`
      return [name, written(one, write)] as const
    }),
  )
}

function written(one: Description, write: (type: (ref: TypeRef) => string) => string): Thing {
  return {
    shape: write((ref) => shapeText(one.types, ref)),
    text: write((ref) => typeText(one.types, ref)),
  }
}
