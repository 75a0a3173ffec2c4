/** Calls as text for people. */
import type { ChainValue, DecodedCall } from './types.js'

/**
 * One line such as `add_stake(hotkey: 5F…, amount_staked: 1000)`, nested calls expanded.
 * @example
 * describeCall({ pallet: 'System', name: 'remark', args: { remark: '0x00' } }) // 'remark(remark: 0x00)'
 */
export function describeCall(call: DecodedCall): string {
  const args = Object.entries(call.args).map(([name, value]) => `${name}: ${valueText(value)}`)
  return `${call.name}(${args.join(', ')})`
}

function valueText(value: ChainValue): string {
  if (value === undefined) return 'none'
  if (Array.isArray(value)) return `[${(value as readonly ChainValue[]).map(valueText).join(', ')}]`
  if (typeof value !== 'object') return `${value}`
  const record = value as { readonly [name: string]: ChainValue }
  if (isCall(record)) return describeCall(record)
  if (typeof record['type'] === 'string') {
    const inner = record['value']
    return inner === undefined ? record['type'] : `${record['type']}(${valueText(inner)})`
  }
  const fields = Object.entries(record).map(([name, inner]) => `${name}: ${valueText(inner)}`)
  return `{${fields.join(', ')}}`
}

function isCall(record: { readonly [name: string]: ChainValue }): record is DecodedCall {
  return (
    typeof record['pallet'] === 'string' &&
    typeof record['name'] === 'string' &&
    typeof record['args'] === 'object'
  )
}
