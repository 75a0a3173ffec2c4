/** Reads values of any type as people write them on a command line: plain words for simple types, JSON for the rest. */
import { BittensorError } from '../errors.js'
import { fromHex } from '../keys/hex.js'
import type { Ss58 } from '../keys/ss58.js'
import { parseTao } from '../units.js'
import { amountKind, type Place } from './amountKind.js'
import { callsOf, decode, resolve, ScaleError } from './decode.js'
import type { Field, TypeDef, TypeRef, VariantCase } from './typeDef.js'
import type { ChainEra } from './types.js'
import { typeText } from './typeText.js'

/** What reading needs besides the text. */
export type Reading = {
  readonly types: readonly TypeDef[]
  readonly era: ChainEra
  /** Turns `@name`, `wallet:alice`, ss58 or hex into an address. */
  readonly account: (text: string) => Promise<Ss58>
}

/**
 * The value of a type, ready to be encoded. Integers as digits; amounts with their unit (`1.5tao`, `1500rao`,
 * `2alpha`), since a number alone could be either; accounts as ss58, public key or name; bytes as `0x` hex or text;
 * `none` for an empty option; lists as `a,b` or JSON; structs and enums as JSON, an enum without content by its name; calls as JSON or as `0x` and
 * their bytes.
 * @throws {BittensorError} `USAGE`, `BAD_ADDRESS`, `BAD_AMOUNT`, naming the argument
 */
export async function parseValue(
  reading: Reading,
  type: TypeRef,
  text: string,
  at: Omit<Place, 'era'>,
): Promise<unknown> {
  try {
    return await read(reading, type, text, at)
  } catch (error) {
    if (!(error instanceof BittensorError)) throw error
    const { details, hint, data } = error
    throw new BittensorError(error.code, `${at.name}: ${error.message}`, { details, hint, data })
  }
}

/** Text of a command line, or a part of JSON. */
type Written = unknown

async function read(
  reading: Reading,
  type: TypeRef,
  written: Written,
  at: Omit<Place, 'era'>,
): Promise<unknown> {
  const { types } = reading
  const def = resolve(types, type)
  switch (def.kind) {
    case 'bool':
      return bool(written)
    case 'uint':
    case 'int':
    case 'compact':
      return integer(reading, def, written, at)
    case 'account':
      return account(reading, written)
    case 'address':
      return typeof written === 'string' && !written.startsWith('{')
        ? account(reading, written)
        : variant(reading, def.cases, json(written), at)
    case 'str':
      return text(written)
    case 'bytes':
    case 'fixedBytes':
      return bytes(written)
    case 'option':
      return isNone(written) ? undefined : read(reading, def.of, written, at)
    case 'vec':
    case 'array':
      return each(listOf(written), (one) => read(reading, def.of, one, at))
    case 'tuple':
      return tuple(reading, def.of, listOf(written), at)
    case 'struct':
      return struct(reading, def.fields, json(written), at)
    case 'variant':
      return variant(reading, def.cases, json(written), at)
    case 'call':
      return isHex(written)
        ? encodedCall(types, def, written)
        : call(reading, def.cases, json(written))
    default:
      throw usage(`a value of type ${typeText(types, type)} can not be written`)
  }
}

async function each<T>(all: readonly T[], one: (value: T) => Promise<unknown>): Promise<unknown[]> {
  const values: unknown[] = []
  for (const value of all) values.push(await one(value))
  return values
}

function bool(written: Written): boolean {
  if (typeof written === 'boolean') return written
  if (/^(true|yes|on|1)$/i.test(String(written))) return true
  if (/^(false|no|off|0)$/i.test(String(written))) return false
  throw usage('write true or false')
}

function integer(
  { era }: Reading,
  def: Extract<TypeDef, { kind: 'uint' | 'int' | 'compact' }>,
  written: Written,
  at: Omit<Place, 'era'>,
): bigint {
  if (typeof written === 'number' && !Number.isSafeInteger(written)) {
    throw usage('is too large for a number of JSON: write it as text')
  }
  const digits = String(written).trim()
  const kind = def.bytes >= 8 ? amountKind({ ...at, era }) : undefined
  const unit = /^(?:τ\s*[\d._]+|[\d._]+\s*(?:τ|tao|rao|α|alpha))$/iu.test(digits)
  if (unit && def.bytes >= 8) return amount(digits, kind)
  // A bare number could be either unit, a billion apart; nought is nought.
  const isWhole = /^-?\d+$/.test(digits)
  if (isWhole && (kind === undefined || BigInt(digits) === 0n)) return BigInt(digits)
  throw notAnInteger(digits, kind, def.bytes)
}

function notAnInteger(
  digits: string,
  kind: 'tao' | 'alpha' | undefined,
  bytes: number,
): BittensorError {
  if (kind === undefined) {
    return new BittensorError(bytes >= 8 ? 'BAD_AMOUNT' : 'USAGE', 'must be a whole number')
  }
  if (!/^[\d._]+$/.test(digits)) {
    return new BittensorError('BAD_AMOUNT', `\`${digits}\` is no amount`)
  }
  const inRao = /\./.test(digits) ? '' : `, or ${digits}rao for the smallest unit`
  return new BittensorError('BAD_AMOUNT', `\`${digits}\` needs a unit`, {
    hint: `write ${digits}${kind}${inRao}`,
  })
}

function amount(digits: string, kind: 'tao' | 'alpha' | undefined): bigint {
  const isAlpha = /α|alpha/iu.test(digits)
  const isTao = /τ|tao/iu.test(digits)
  if ((kind === 'tao' && isAlpha) || (kind === 'alpha' && isTao)) {
    throw new BittensorError(
      'BAD_AMOUNT',
      kind === 'tao' ? 'this amount is τ, not alpha' : 'this amount is alpha, not τ',
    )
  }
  return parseTao(digits.replace(/\s*(alpha|α|tao)$/iu, ''))
}

async function account({ account: resolved }: Reading, written: Written): Promise<Ss58> {
  if (typeof written === 'string') return resolved(written.trim())
  throw usage('must be an address')
}

function text(written: Written): string {
  if (typeof written === 'string') return written
  throw usage('must be text')
}

function bytes(written: Written): Uint8Array | string {
  if (typeof written !== 'string') throw usage('must be 0x and hex digits, or text')
  if (/^0x/i.test(written)) return written.toLowerCase()
  return new TextEncoder().encode(written)
}

function isNone(written: Written): boolean {
  return written === null || (typeof written === 'string' && /^(none|null|)$/i.test(written.trim()))
}

/** JSON as it is; text that is no JSON stays text. */
function json(written: Written): Written {
  if (typeof written !== 'string' || !/^\s*[[{"]/.test(written)) return written
  try {
    return JSON.parse(written) as Written
  } catch {
    throw usage('is not valid JSON')
  }
}

function listOf(written: Written): readonly Written[] {
  const value = json(written)
  if (Array.isArray(value)) return value
  if (typeof value === 'string') {
    return value.trim() === '' ? [] : value.split(',').map((one) => one.trim())
  }
  throw usage('must be a list: a,b,c or JSON')
}

async function tuple(
  reading: Reading,
  of: readonly TypeRef[],
  values: readonly Written[],
  at: Omit<Place, 'era'>,
): Promise<unknown[]> {
  if (values.length !== of.length) {
    throw usage(`has ${values.length} elements, ${of.length} are needed`)
  }
  const result: unknown[] = []
  for (const [i, type] of of.entries()) result.push(await read(reading, type, values[i], at))
  return result
}

async function struct(
  reading: Reading,
  fields: readonly Field[],
  written: Written,
  at: Omit<Place, 'era'>,
): Promise<Readonly<Record<string, unknown>>> {
  const record = recordOf(written, fields)
  const entries: [string, unknown][] = []
  for (const [name, type, label] of fields) {
    const isOption = resolve(reading.types, type).kind === 'option'
    if (!Object.hasOwn(record, name) && !isOption) throw usage(`lacks ${name}`)
    const value = await read(reading, type, record[name] ?? null, { ...at, name, label })
    entries.push([name, value])
  }
  return Object.fromEntries(entries)
}

function recordOf(written: Written, fields: readonly Field[]): Readonly<Record<string, Written>> {
  const names = fields.map(([name]) => name).join(', ')
  if (typeof written !== 'object' || written === null || Array.isArray(written)) {
    throw usage(`must be JSON with ${names}`)
  }
  const extra = Object.keys(written).find((key) => !fields.some(([name]) => name === key))
  if (extra !== undefined) throw usage(`has no field ${extra}; it has ${names}`)
  return written as Readonly<Record<string, Written>>
}

/** `Name`, `{ "Name": content }`, or `{ "type": "Name", "value": content }`. */
async function variant(
  reading: Reading,
  cases: readonly VariantCase[],
  written: Written,
  at: Omit<Place, 'era'>,
): Promise<unknown> {
  const [name, content] = caseOf(written)
  const same = (candidate: string) => candidate.toLowerCase() === name.toLowerCase()
  const one = cases.find((candidate) => candidate.name === name) ?? cases.find((c) => same(c.name))
  if (!one) {
    const names = cases.map((candidate) => candidate.name)
    const more = names.length > 16 ? ', …' : ''
    throw usage(`\`${name}\` is not one of ${names.slice(0, 16).join(', ')}${more}`)
  }
  if (one.fields.length === 0) return { type: one.name }
  if (one.named) {
    return { type: one.name, value: await struct(reading, one.fields, json(content), at) }
  }
  const [first] = one.fields
  if (one.fields.length === 1 && first) {
    return { type: one.name, value: await read(reading, first[1], content, at) }
  }
  const of = one.fields.map(([, type]) => type)
  return { type: one.name, value: await tuple(reading, of, listOf(content), at) }
}

function caseOf(written: Written): [name: string, content: Written] {
  if (typeof written === 'string') return [written.trim(), undefined]
  if (typeof written === 'object' && written !== null && !Array.isArray(written)) {
    const record = written as Readonly<Record<string, Written>>
    const keys = Object.keys(record)
    if (typeof record['type'] === 'string') return [record['type'], record['value']]
    const [only] = keys
    if (keys.length === 1 && only !== undefined) return [only, record[only]]
  }
  throw usage('must be a name, or JSON {"Name": content}')
}

/** `{ "call": "Pallet.name", "args": { … } }`, as calls are shown. */
async function call(
  reading: Reading,
  cases: readonly VariantCase[],
  written: Written,
): Promise<unknown> {
  const record = written as { readonly call?: unknown; readonly args?: unknown } | null
  const [pallet = '', name = ''] = String(record?.call ?? '').split('.')
  const found = cases.find((one) => one.name === pallet)
  const one = found && callsOf(reading.types, found).find((candidate) => candidate.name === name)
  if (!one) {
    throw usage(
      'must be JSON {"call": "Pallet.name", "args": {…}} of a call that exists, or its bytes',
    )
  }
  const args = await struct(reading, one.fields, record?.args ?? {}, { pallet, name })
  return { pallet, name, args }
}

const isHex = (written: Written): written is string =>
  typeof written === 'string' && /^0x/i.test(written.trim())

/** The bytes of a call, as `decode` reads and multisigs pass them on. */
function encodedCall(types: readonly TypeDef[], def: TypeDef, written: string): unknown {
  const content = fromHex(written.trim())
  if (!content) throw usage('is no hex')
  try {
    return decode(types, def, content)
  } catch (error) {
    if (!(error instanceof ScaleError)) throw error
    throw usage(`these bytes are no call of this chain: ${error.message}`)
  }
}

function usage(message: string): BittensorError {
  return new BittensorError('USAGE', message)
}
