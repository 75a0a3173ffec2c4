/** Decoded values as people read them: amounts with their unit, texts as text, fixed-point numbers as numbers. */
import { fromHex } from '../keys/hex.js'
import { formatTao } from '../units.js'
import { amountKind } from './amountKind.js'
import { callsOf, resolve } from './decode.js'
import type { Description } from './description.js'
import type { Field, TypeDef, TypeRef, VariantCase } from './typeDef.js'
import type { ChainEra, ChainValue } from './types.js'

/** A value of plain JSON in which every number has its meaning. */
export type HumanValue =
  | null
  | boolean
  | number
  | string
  | readonly HumanValue[]
  | { readonly [key: string]: HumanValue }

/** Where a value stands: names tell which integers are amounts. */
export type Standing = {
  readonly era: ChainEra
  readonly pallet: string
  readonly name: string
  readonly label?: string | undefined
}

/** Digits shown behind the point of a fixed-point number. */
const DIGITS = 12

/**
 * The value of a type for people.
 * @example
 * humanValue(description, type, 1_500_000_000n, { era: 'classic', pallet: 'SubtensorModule', name: 'Burn' }) // 'τ1.5'
 */
export function humanValue(
  description: Pick<Description, 'types'>,
  type: TypeRef,
  value: ChainValue,
  at: Standing,
): HumanValue {
  const { types } = description
  const def = resolve(types, type)
  const inside = (of: TypeRef, one: ChainValue, below: Partial<Standing> = {}) =>
    humanValue(description, of, one, { ...at, ...below })
  switch (def.kind) {
    case 'uint':
    case 'compact':
    case 'int':
      return integer(def.bytes, value, at)
    case 'bytes':
      return bytesText(String(value))
    case 'option':
      return value === undefined ? null : inside(def.of, value)
    case 'vec':
      return textOfCompacts(types, def.of, value) ?? list(value).map((one) => inside(def.of, one))
    case 'array':
      return list(value).map((one) => inside(def.of, one))
    case 'tuple':
      return list(value).map((one, i) => inside(def.of[i] ?? 0, one))
    case 'struct':
      return def.fraction === undefined
        ? fields(def.fields, value, inside)
        : fixedText(value, def.fraction)
    case 'variant':
      return variant(def.cases, value, inside)
    case 'address':
      return typeof value === 'string' ? value : variant(def.cases, value, inside)
    case 'call':
      return call(types, def.cases, value, inside)
    default:
      return value === undefined ? null : (value as HumanValue)
  }
}

type Inside = (of: TypeRef, one: ChainValue, below?: Partial<Standing>) => HumanValue

function integer(bytes: number, value: ChainValue, at: Standing): HumanValue {
  const kind = bytes >= 8 && typeof value === 'bigint' ? amountKind(at) : undefined
  if (kind === 'tao') return `τ${formatTao(value as bigint)}`
  if (kind === 'alpha') return `${formatTao(value as bigint)} α`
  return typeof value === 'bigint' ? value.toString() : (value as number)
}

/** Bytes that are readable text are shown as text. */
function bytesText(hex: string): string {
  const bytes = fromHex(hex)
  return (bytes && readable(bytes)) ?? hex
}

/** Bytes as the text that they are; undefined for others and for none. */
export function readable(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return undefined
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return /^[\P{C}\n]*$/u.test(text) ? text : undefined
  } catch {
    return undefined
  }
}

/** Runtime APIs hand out texts as a list of compact bytes. */
function textOfCompacts(
  types: readonly TypeDef[],
  of: TypeRef,
  value: ChainValue,
): string | undefined {
  const def = resolve(types, of)
  if (def.kind !== 'compact' || def.bytes !== 1) return undefined
  const numbers = list(value).map(Number)
  return numbers.length === 0 ? '' : readable(Uint8Array.from(numbers))
}

/** Bits of a fixed-point number as a decimal number, rounded towards zero. */
function fixedText(value: ChainValue, fraction: number): string {
  const { bits } = value as { readonly bits?: bigint | number }
  const whole = BigInt(bits ?? 0)
  const size = whole < 0n ? -whole : whole
  const scaled = (size * 10n ** BigInt(DIGITS)) >> BigInt(fraction)
  const digits = scaled.toString().padStart(DIGITS + 1, '0')
  const tail = digits.slice(-DIGITS).replace(/0+$/, '')
  const text = `${digits.slice(0, -DIGITS)}${tail === '' ? '' : `.${tail}`}`
  if (scaled === 0n && size > 0n) return `${whole < 0n ? '-' : ''}<0.${'0'.repeat(DIGITS - 1)}1`
  return whole < 0n ? `-${text}` : text
}

function list(value: ChainValue): readonly ChainValue[] {
  return Array.isArray(value) ? (value as readonly ChainValue[]) : []
}

function fields(
  all: readonly Field[],
  value: ChainValue,
  inside: Inside,
): { readonly [key: string]: HumanValue } {
  const record = (value ?? {}) as { readonly [key: string]: ChainValue }
  return Object.fromEntries(
    all.map(([name, type, label]) => [name, inside(type, record[name], { name, label })]),
  )
}

/** A case without content is its name, others are `{ Name: content }`. */
function variant(cases: readonly VariantCase[], value: ChainValue, inside: Inside): HumanValue {
  const { type, value: content } = value as { readonly type: string; readonly value?: ChainValue }
  const one = cases.find(({ name }) => name === type)
  if (!one || one.fields.length === 0) return type
  return { [type]: caseFields(one, content, inside) }
}

function caseFields(one: VariantCase, content: ChainValue, inside: Inside): HumanValue {
  if (one.named) return fields(one.fields, content, inside)
  const [first] = one.fields
  if (one.fields.length === 1 && first) return inside(first[1], content, { label: first[2] })
  return list(content).map((each, i) => {
    const field = one.fields[i]
    return field ? inside(field[1], each, { label: field[2] }) : null
  })
}

function call(
  types: readonly TypeDef[],
  cases: readonly VariantCase[],
  value: ChainValue,
  inside: Inside,
): HumanValue {
  const { pallet, name, args } = value as {
    readonly pallet: string
    readonly name: string
    readonly args: ChainValue
  }
  const found = cases.find((one) => one.name === pallet)
  const calls = found ? callsOf(types, found) : []
  const one = calls.find((candidate) => candidate.name === name)
  const within: Inside = (of, each, below) => inside(of, each, { pallet, ...below })
  return { call: `${pallet}.${name}`, args: one ? fields(one.fields, args, within) : {} }
}
