/** Runtime APIs as a table by name: what `state_call` answers and what metadata V15 lists. */
import { type ScaleType, struct, type ValueOf } from '../runtime/scale.js'
import type { State } from '../runtime/state.js'
import type { Node } from './node.js'

/** The block that an API call looks at. */
export type ApiContext = {
  readonly node: Node
  readonly state: State
  /** Number of the block whose state this is. */
  readonly block: number
}

/** One method: how its arguments and its answer are written, and what it does. */
export type RuntimeApiMethod = {
  readonly inputs: Readonly<Record<string, ScaleType<unknown>>>
  readonly output: ScaleType<unknown>
  run(context: ApiContext, args: never): unknown
}

/**
 * Declares a method; gives `run` its arguments by name, typed by `inputs`.
 * @example
 * apiMethod({ inputs: { account: AccountId }, output: u32, run: ({ state }, { account }) => … })
 */
export function apiMethod<const I extends Readonly<Record<string, ScaleType<unknown>>>, O>(def: {
  readonly inputs: I
  readonly output: ScaleType<O>
  run(context: ApiContext, args: { [K in keyof I]: ValueOf<I[K]> }): O | Promise<O>
}): RuntimeApiMethod {
  return def as RuntimeApiMethod
}

/** One trait: `AccountNonceApi`. */
export type RuntimeApi = {
  readonly name: string
  readonly methods: Readonly<Record<string, RuntimeApiMethod>>
}

/** Finds a method by its exported name, `AccountNonceApi_account_nonce`. */
export function findApiMethod(
  apis: readonly RuntimeApi[],
  exported: string,
): RuntimeApiMethod | undefined {
  for (const api of apis) {
    if (!exported.startsWith(`${api.name}_`)) continue
    const name = exported.slice(api.name.length + 1)
    if (Object.hasOwn(api.methods, name)) return api.methods[name]
  }
  return undefined
}

/** Runs a method on encoded arguments. Throws when they are not what the method takes. */
export async function callApiMethod(
  method: RuntimeApiMethod,
  context: ApiContext,
  input: Uint8Array,
): Promise<Uint8Array> {
  const args = struct(method.inputs).codec.dec(input.slice())
  return method.output.codec.enc(await method.run(context, args as never))
}
