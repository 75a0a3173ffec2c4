/** What proxies of each type may do, told by the runtime itself (`ProxyFilterRuntimeApi.get_proxy_filter`; spec 425 has it). */
import { BittensorError } from '../errors.js'
import { fromHex } from '../keys/hex.js'
import { callDecoded, preferApi } from './runtimeApi.js'
import type { ChainValue, ChainView, DecodedCall } from './types.js'
import { asBigint, asList, asRecord, asText, fieldOf } from './values.js'

/** Calls of a rule: one, or without a name all of the pallet. */
type Rule = {
  readonly pallet: string
  readonly name: string | undefined
  readonly condition: Condition | undefined
}

type Condition =
  | { readonly argument: string; readonly below: bigint }
  | { readonly inner: Pick<DecodedCall, 'pallet' | 'name'> }

/** `Allow`: these calls alone, but for the exceptions; `Deny`: all but these. */
export type ProxyFilter = {
  readonly mode: (typeof MODES)[number]
  readonly calls: readonly Rule[]
  readonly exceptions: readonly Rule[]
}

/** By the name of the type. */
export type ProxyFilters = ReadonlyMap<string, ProxyFilter>

const API = 'ProxyFilterRuntimeApi'
/** `None`: of all types. */
const ALL_TYPES = new Uint8Array([0])

/**
 * Reads the rules of all types.
 * @returns none on runtimes that do not tell
 * @throws {BittensorError} `CONNECTION`, `TIMEOUT`
 */
export async function readProxyFilters(view: ChainView): Promise<ProxyFilters> {
  return preferApi(
    view,
    API,
    'get_proxy_filter',
    async () => {
      const answer = await callDecoded(view, API, 'get_proxy_filter', ALL_TYPES, [])
      return new Map(asList(answer).map((one) => [text(fieldOf(one, 'name')), filterOf(one)]))
    },
    async () => new Map(),
  )
}

const MODES = ['AllowAll', 'DenyAll', 'Allow', 'Deny'] as const

function filterOf(value: ChainValue): ProxyFilter {
  const { filter_mode: told, calls, exceptions } = asRecord(value)
  const mode = MODES.find((one) => one === fieldOf(told, 'type'))
  if (!mode) throw unknownForm()
  return {
    mode,
    calls: asList(calls).map(ruleOf),
    exceptions: asList(exceptions).map(ruleOf),
  }
}

function ruleOf(value: ChainValue): Rule {
  const { pallet_name: pallet, call_name: name, condition } = asRecord(value)
  return {
    pallet: text(pallet),
    name: name === undefined ? undefined : text(name),
    condition: condition === undefined ? undefined : conditionOf(condition),
  }
}

function conditionOf(value: ChainValue): Condition {
  const fields = asRecord(fieldOf(value, 'value'))
  switch (fieldOf(value, 'type')) {
    case 'ParamLessThan':
      return { argument: text(fields['param_name']), below: asBigint(fields['limit']) }
    case 'NestedCallMustBe':
      return { inner: { pallet: text(fields['pallet_name']), name: text(fields['call_name']) } }
    default:
      throw unknownForm()
  }
}

/** A later runtime may have more kinds: then nothing is told. */
function unknownForm(): BittensorError {
  return new BittensorError('RUNTIME_UNSUPPORTED', 'the rules of proxies are in an unknown form')
}

/** Names come as bytes. */
function text(value: ChainValue): string {
  return new TextDecoder().decode(fromHex(asText(value)))
}

/** Whether a filter lets a call pass; calls inside it are judged for themselves. */
export function passes({ mode, calls, exceptions }: ProxyFilter, call: DecodedCall): boolean {
  const isListed = calls.some((rule) => covers(rule, call))
  const isExcepted = exceptions.some((rule) => covers(rule, call))
  switch (mode) {
    case 'AllowAll':
      return true
    case 'DenyAll':
      return false
    case 'Allow':
      return isListed && !isExcepted
    case 'Deny':
      return !isListed
  }
}

function covers({ pallet, name, condition }: Rule, call: DecodedCall): boolean {
  if (pallet !== call.pallet || (name !== undefined && name !== call.name)) return false
  if (condition === undefined) return true
  if ('below' in condition) {
    const value = call.args[condition.argument]
    return typeof value === 'bigint' && value < condition.below
  }
  const { inner } = condition
  return Object.values(call.args).some(
    (value) => isCallOf(value) && value.pallet === inner.pallet && value.name === inner.name,
  )
}

function isCallOf(value: ChainValue): value is DecodedCall {
  return typeof value === 'object' && 'pallet' in value && 'name' in value
}
