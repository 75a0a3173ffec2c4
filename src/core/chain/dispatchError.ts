/** Dispatch errors in words: which pallet refused, what that means, what to do. */
import { fromHex } from '../keys/hex.js'
import type { Description } from './description.js'
import { ERROR_TEXTS } from './errorTexts.js'
import type { ChainEvent, ChainValue, DispatchFailure } from './types.js'
import { asNumber, asRecord } from './values.js'

/**
 * Decodes a dispatch error value, `{ type: 'Module', value: { index, error } }` and its siblings.
 * @example
 * explainDispatchError(description, { type: 'BadOrigin' }).docs // 'this key may not make the call'
 */
export function explainDispatchError(description: Description, error: ChainValue): DispatchFailure {
  const { type, value } = asRecord(error)
  if (type === 'Module') return moduleError(description, value)
  if (type === 'Token' || type === 'Arithmetic' || type === 'Transactional') {
    return withText(type, nameOf(value), '')
  }
  return withText('System', String(type), '')
}

/** A failure by pallet and name, with our sentence, else the metadata's. */
function withText(pallet: string, name: string, metadataDocs: string): DispatchFailure {
  const [meaning, remedy] = ERROR_TEXTS[pallet]?.[name] ?? []
  const docs = meaning ?? (metadataDocs === '' ? 'the runtime gives no explanation' : metadataDocs)
  return { pallet, name, docs, remedy, wrapper: undefined }
}

function moduleError(description: Description, value: ChainValue): DispatchFailure {
  const { index, error } = asRecord(value)
  const found = Object.entries(description.pallets).find(([, one]) => one.index === index)
  // Four bytes since 2022, of which the first is the variant; one byte before.
  const variant = typeof error === 'number' ? error : (fromHex(String(error))?.[0] ?? 0)
  const known = found?.[1].errors[variant]
  return found && known
    ? withText(found[0], known.name, known.docs)
    : withText(`pallet ${asNumber(index)}`, `error ${variant}`, '')
}

function nameOf(value: ChainValue): string {
  return typeof value === 'object' && !Array.isArray(value)
    ? String(asRecord(value)['type'])
    : String(value)
}

/** Events by which a successful transaction reports that the call inside it failed, and where they keep the error. */
const INNER_RESULTS: Readonly<Record<string, readonly string[]>> = {
  'Sudo.Sudid': ['sudo_result', '0'],
  'Sudo.SudoAsDone': ['sudo_result', '0'],
  'SubtensorModule.Sudid': ['0'],
  'Utility.BatchInterrupted': ['error', '1'],
  'Utility.ItemFailed': ['error', '0'],
  'Utility.DispatchedAs': ['result', '0'],
  'Proxy.ProxyExecuted': ['result', '0'],
  'Multisig.MultisigExecuted': ['result', '4'],
  'Triumvirate.MemberExecuted': ['result', '1'],
}

/** Said of a call that a proxy may not make: it is no matter of the chain's at present. */
const FILTERED_BY_TYPE = {
  docs: 'the type of the proxy does not allow this call',
  remedy: 'btcli proxy_list shows the type; the owner of the account gives another with proxy_add',
}

/** The first failure among a transaction's events: its own, or that of a call wrapped in it. */
export function failureIn(
  description: Description,
  events: readonly ChainEvent[],
): DispatchFailure | undefined {
  for (const event of events) {
    const path = `${event.pallet}.${event.name}`
    if (path === 'System.ExtrinsicFailed') {
      const error = fieldAt(event, ['dispatch_error', '0'])
      return explainDispatchError(description, error)
    }
    const fields = INNER_RESULTS[path]
    const error = fields && innerError(fieldAt(event, fields))
    if (error !== undefined) {
      const failure = { ...explainDispatchError(description, error), wrapper: path }
      return path === 'Proxy.ProxyExecuted' && failure.name === 'CallFiltered'
        ? { ...failure, ...FILTERED_BY_TYPE }
        : failure
    }
  }
  return undefined
}

function fieldAt(event: ChainEvent, names: readonly string[]): ChainValue {
  const data = event.data as { readonly [name: string]: ChainValue }
  const name = names.find((one) => data[one] !== undefined)
  return name === undefined ? undefined : data[name]
}

/** A Result carries the error in `Err`; the batch events carry it bare. */
function innerError(value: ChainValue): ChainValue {
  if (value === undefined) return undefined
  const { type, value: inner } = asRecord(value)
  if (type === 'Ok') return undefined
  return type === 'Err' ? inner : value
}
