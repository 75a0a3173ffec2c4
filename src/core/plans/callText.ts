/** Calls of proposals as people read them: amounts with their unit, long bytes shortened, calls inside calls on lines of their own. */
import { amountKind } from '../chain/amountKind.js'
import { readable } from '../chain/humanValue.js'
import type { ChainEra, ChainValue, DecodedCall } from '../chain/types.js'
import { fromHex } from '../keys/hex.js'
import { formatTao } from '../units.js'

type Fields = { readonly [name: string]: ChainValue }

/** Hex longer than a hash is shortened. */
const LONG_HEX = 66

/** Letters of a text that are shown. */
const LONG_TEXT = 64

/** How calls are written; the era of the chain tells what token their amounts are in. */
type Form = { readonly era: ChainEra; readonly lines: boolean }

/**
 * A call on one line.
 * @example
 * callLine(call, 'classic') // 'SubtensorModule.sudo(call: AdminUtils.sudo_set_tempo(netuid: 3, tempo: 15))'
 */
export function callLine(call: DecodedCall, era: ChainEra): string {
  return callText(call, { era, lines: false })
}

/** A call on several lines if there are calls in it, each indented below the one that makes it. */
export function callLines(call: DecodedCall, era: ChainEra): string {
  return callText(call, { era, lines: true })
}

/** A value that a call holds, for programs. */
export type ValueJson =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly ValueJson[]
  | { readonly [name: string]: ValueJson }

/** A call for programs. */
export type CallJson = {
  readonly section: string
  readonly method: string
  readonly args: { readonly [name: string]: ValueJson }
}

/** A call for programs: `{ section, method, args }`, calls inside it as well. */
export function callJson(call: DecodedCall): CallJson {
  return { section: call.pallet, method: call.name, args: fieldsJson(call.args) }
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ')
}

function callText(call: DecodedCall, form: Form): string {
  const { pallet } = call
  const texts = Object.entries(call.args).map(
    ([name, value]) =>
      `${name}: ${priceText(call, name, value) ?? amountText(value, { ...form, pallet, name })}`,
  )
  if (!form.lines || !Object.values(call.args).some(hasCall)) {
    return `${pallet}.${call.name}(${texts.join(', ')})`
  }
  return `${pallet}.${call.name}(\n${texts.map(indented).join(',\n')}\n)`
}

/** A limit on a price is in RAO; for swap_stake_limit it is a ratio of two prices, which has no unit. */
function priceText(call: DecodedCall, name: string, value: ChainValue): string | undefined {
  if (name !== 'limit_price' || call.name === 'swap_stake_limit') return undefined
  return typeof value === 'bigint' ? `τ${formatTao(value)}` : undefined
}

function amountText(value: ChainValue, at: Form & { pallet: string; name: string }): string {
  const kind = typeof value === 'bigint' ? amountKind(at) : undefined
  if (kind === 'tao') return `τ${formatTao(value as bigint)}`
  if (kind === 'alpha') return `${formatTao(value as bigint)} α`
  return valueText(value, at)
}

function valueText(value: ChainValue, form: Form): string {
  if (value === undefined) return 'none'
  if (typeof value === 'string') return bytesText(value)
  if (isList(value)) return listText(value, form)
  if (typeof value !== 'object') return `${value}`
  if (isCall(value)) return callText(value, form)
  const { type, value: content } = value
  if (typeof type === 'string') {
    return content === undefined ? type : `${type}(${valueText(content, form)})`
  }
  const fields = Object.entries(value).map(([name, one]) => `${name}: ${valueText(one, form)}`)
  return `{${fields.join(', ')}}`
}

function listText(values: readonly ChainValue[], form: Form): string {
  const texts = values.map((one) => valueText(one, form))
  if (!form.lines || !values.some(hasCall)) return `[${texts.join(', ')}]`
  return `[\n${texts.map(indented).join(',\n')}\n]`
}

/** Bytes that are text are shown as such, in quotes; long ones shortened. */
function bytesText(text: string): string {
  if (!/^0x[0-9a-f]*$/.test(text)) return text
  const readableText = readable(fromHex(text) ?? new Uint8Array())
  if (readableText !== undefined) return shortText(readableText)
  if (text === '0x') return '""'
  if (text.length <= LONG_HEX) return text
  return `${text.slice(0, 18)}…${text.slice(-8)} (${(text.length - 2) / 2} bytes)`
}

function shortText(text: string): string {
  const letters = [...text]
  if (letters.length <= LONG_TEXT) return JSON.stringify(text)
  return `${JSON.stringify(letters.slice(0, LONG_TEXT).join(''))}… (${letters.length} characters)`
}

function hasCall(value: ChainValue): boolean {
  if (isList(value)) return value.some(hasCall)
  if (typeof value !== 'object') return false
  return isCall(value) || Object.values(value).some(hasCall)
}

function fieldsJson(fields: Fields): CallJson['args'] {
  return Object.fromEntries(Object.entries(fields).map(([name, one]) => [name, valueJson(one)]))
}

function valueJson(value: ChainValue): ValueJson {
  if (value === undefined) return null
  if (isList(value)) return value.map(valueJson)
  if (typeof value !== 'object') return value
  return isCall(value) ? callJson(value) : fieldsJson(value)
}

function isList(value: ChainValue): value is readonly ChainValue[] {
  return Array.isArray(value)
}

function isCall(value: Fields): value is DecodedCall {
  const { pallet, name, args } = value
  return typeof pallet === 'string' && typeof name === 'string' && typeof args === 'object'
}
