/** Any method of any runtime API: its arguments and its answer by the metadata, or by what is known of older runtimes. */
import { BittensorError } from '../errors.js'
import { fromHex } from '../keys/hex.js'
import type { Description, Runtime } from './description.js'
import { concat, encode } from './encode.js'
import { bytes, type Field, type TypeRef } from './typeDef.js'
import type { ChainEra, ChainValue, ChainView } from './types.js'
import { type UndescribedMethod, undescribedMethod, undescribedNames } from './wrappedApis.js'

/** How one method is called. */
export type CallableMethod = {
  readonly inputs: readonly Field[]
  /** Type of the answer, undefined where it comes wrapped or is not described. */
  readonly output: TypeRef | undefined
  readonly known: UndescribedMethod | undefined
}

/** Methods of all runtime APIs that this runtime can be asked, by trait. */
export function callableMethods(
  runtime: Runtime,
  era: ChainEra,
  offers: (trait: string, method: string) => boolean,
): Readonly<Record<string, Readonly<Record<string, CallableMethod>>>> {
  const { description } = runtime
  const traits: Record<string, Record<string, CallableMethod>> = {}
  for (const [trait, methods] of Object.entries(description.apis)) {
    traits[trait] = Object.fromEntries(
      Object.entries(methods).map(([name, { inputs, output }]) => {
        const known = hidesBytes(description, output) ? undescribedMethod(trait, name) : undefined
        return [
          name,
          { inputs: known?.inputs ?? inputs, output: known ? undefined : output, known },
        ]
      }),
    )
  }
  if (Object.keys(traits).length > 0) return traits
  for (const [trait, method] of undescribedNames()) {
    const known = undescribedMethod(trait, method)
    if (!known || !offers(trait, method) || known.layouts(0, era).length === 0) continue
    traits[trait] = {
      ...traits[trait],
      [method]: { inputs: known.inputs, output: undefined, known },
    }
  }
  return traits
}

function hidesBytes({ types }: Description, output: TypeRef): boolean {
  return (typeof output === 'number' ? types[output] : output)?.kind === 'bytes'
}

/** An answer with the type it was decoded by; `value` is undefined for "not there". */
export type ApiAnswer = {
  readonly type: TypeRef | undefined
  readonly value: ChainValue
  readonly raw: Uint8Array
}

/**
 * Calls a method.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED` when the runtime does not export it or the answer has an unknown form
 */
export async function callMethod(
  view: ChainView,
  trait: string,
  method: string,
  called: CallableMethod,
  args: readonly unknown[],
): Promise<ApiAnswer> {
  const { types } = view.runtime.description
  const encoded = called.inputs.map(([name, type], i) => encode(types, type, args[i], name))
  const raw = await view.callApi(trait, method, concat(encoded))
  if (called.output !== undefined) {
    return { type: called.output, value: view.decode(called.output, raw), raw }
  }
  const { known } = called
  if (!known) return { type: undefined, value: undefined, raw }
  const inner = known.wrapped ? fromHex(String(view.decode(bytes, raw))) : raw
  if (!inner || inner.length === 0) return { type: undefined, value: undefined, raw }
  for (const layout of known.layouts(view.specVersion, view.era)) {
    const value = attempt(() => view.decode(layout, inner))
    if (value !== undefined) return { type: layout, value, raw }
  }
  throw new BittensorError(
    'RUNTIME_UNSUPPORTED',
    `the answer of ${trait}.${method} on this chain (spec ${view.specVersion}) is in an unknown form`,
    { hint: '--raw shows its bytes', data: { specVersion: view.specVersion } },
  )
}

function attempt(work: () => ChainValue): ChainValue {
  try {
    return work()
  } catch (error) {
    if (error instanceof BittensorError) return undefined
    throw error
  }
}
