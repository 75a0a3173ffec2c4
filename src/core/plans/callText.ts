/** Calls of proposals as people read them: amounts in τ, long bytes shortened, calls inside calls on lines of their own. */
import type { ChainValue, DecodedCall } from '../chain/types.js'
import { formatTao } from '../units.js'

type Fields = { readonly [name: string]: ChainValue }

/** Arguments that hold RAO in every runtime. `value` is one in Balances only. */
const AMOUNT =
  /^(amount|.*_amount|amount_.*|.*lock_cost|.*_?burn|.*_?stake|.*_price|.*_?issuance|rao_recycled|new_free|tip)$/

/** Hex longer than a hash is shortened. */
const LONG_HEX = 66

/**
 * A call on one line.
 * @example
 * callLine(call) // 'SubtensorModule.sudo(call: AdminUtils.sudo_set_tempo(netuid: 3, tempo: 15))'
 */
export function callLine(call: DecodedCall): string {
  return `${call.pallet}.${call.name}(${argumentTexts(call, callLine).join(', ')})`
}

/** A call on several lines if there are calls in it, each indented below the one that makes it. */
export function callLines(call: DecodedCall): string {
  if (!Object.values(call.args).some(hasCall)) return callLine(call)
  const lines = argumentTexts(call, callLines).map((text) => indented(text))
  return `${call.pallet}.${call.name}(\n${lines.join(',\n')}\n)`
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

function argumentTexts(call: DecodedCall, inner: (call: DecodedCall) => string): string[] {
  return Object.entries(call.args).map(([name, value]) => {
    const isAmount = AMOUNT.test(name) || (call.pallet === 'Balances' && name === 'value')
    return `${name}: ${isAmount && typeof value === 'bigint' ? `τ${formatTao(value)}` : valueText(value, inner)}`
  })
}

function valueText(value: ChainValue, inner: (call: DecodedCall) => string): string {
  if (value === undefined) return 'none'
  if (typeof value === 'string') return shortHex(value)
  if (isList(value)) return listText(value, inner)
  if (typeof value !== 'object') return `${value}`
  if (isCall(value)) return inner(value)
  const { type, value: content } = value
  if (typeof type === 'string') {
    return content === undefined ? type : `${type}(${valueText(content, inner)})`
  }
  const fields = Object.entries(value).map(([name, one]) => `${name}: ${valueText(one, inner)}`)
  return `{${fields.join(', ')}}`
}

function listText(values: readonly ChainValue[], inner: (call: DecodedCall) => string): string {
  const texts = values.map((one) => valueText(one, inner))
  if (!values.some(hasCall) || inner === callLine) return `[${texts.join(', ')}]`
  return `[\n${texts.map((text) => indented(text)).join(',\n')}\n]`
}

function shortHex(text: string): string {
  if (!/^0x[0-9a-f]*$/.test(text) || text.length <= LONG_HEX) return text
  return `${text.slice(0, 18)}…${text.slice(-8)} (${(text.length - 2) / 2} bytes)`
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
