/** Calls of the custom runtime APIs, whichever way the runtime wraps their arguments and results. */
import { BittensorError } from '../errors.js'
import { fromHex } from '../keys/hex.js'
import { decodeAddress } from '../keys/ss58.js'
import { compact, concat, littleEndian } from './encode.js'
import { bytes, type TypeRef } from './typeDef.js'
import type { ChainValue, ChainView } from './types.js'

/** Until this version results are bytes inside a byte vector and accounts go in as byte vectors. */
const FIRST_TYPED_SPEC = 233

/** Whether the runtime hides results in a byte vector: by its own description, else by its version. */
export function isWrapped(view: ChainView, trait: string, method: string): boolean {
  const output = view.apiOutput(trait, method)
  return output === undefined ? view.specVersion < FIRST_TYPED_SPEC : output.kind === 'bytes'
}

/**
 * Calls a runtime API and decodes its result: by the metadata, or by the first layout that fits to the last byte.
 * @returns undefined for "not there"
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED` when the runtime has no such function or no layout fits
 */
export async function callDecoded(
  view: ChainView,
  trait: string,
  method: string,
  args: Uint8Array,
  layouts: readonly TypeRef[],
): Promise<ChainValue> {
  const answer = await view.callApi(trait, method, args)
  const output = view.apiOutput(trait, method)
  if (!isWrapped(view, trait, method)) {
    if (output === undefined) throw unknownLayout(view, trait, method)
    return view.decodeOutput(output, answer)
  }
  const inner = fromHex(String(view.decode(bytes, answer))) ?? new Uint8Array()
  if (inner.length === 0) return undefined
  for (const layout of layouts) {
    const value = attempt(() => view.decode(layout, inner))
    if (value !== undefined) return value
  }
  throw unknownLayout(view, trait, method)
}

function attempt(work: () => ChainValue): ChainValue {
  try {
    return work()
  } catch (error) {
    if (error instanceof BittensorError) return undefined
    throw error
  }
}

/** An account as an argument: 32 bytes, inside a byte vector on wrapping runtimes. */
export function accountArgument(
  view: ChainView,
  trait: string,
  method: string,
  address: string,
): Uint8Array {
  const key = decodeAddress(address)
  return isWrapped(view, trait, method) ? concat([compact(BigInt(key.length)), key]) : key
}

/** u16 arguments in order. */
export function u16Arguments(...values: readonly number[]): Uint8Array {
  return concat(values.map((value) => littleEndian(BigInt(value), 2)))
}

/** Tries the runtime API when the runtime lists it, and falls back when it turns out not to export it. */
export async function preferApi<T>(
  view: ChainView,
  trait: string,
  method: string,
  byApi: () => Promise<T>,
  byStorage: () => Promise<T>,
): Promise<T> {
  if (!view.hasRuntimeApi(trait, method)) return byStorage()
  try {
    return await byApi()
  } catch (error) {
    if (error instanceof BittensorError && error.code === 'RUNTIME_UNSUPPORTED') return byStorage()
    throw error
  }
}

function unknownLayout(view: ChainView, trait: string, method: string): BittensorError {
  return new BittensorError(
    'RUNTIME_UNSUPPORTED',
    `the answer of ${trait}.${method} on this chain (spec ${view.specVersion}) is in an unknown form`,
    { data: { specVersion: view.specVersion } },
  )
}
