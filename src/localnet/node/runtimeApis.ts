/** Runtime APIs as a table by name: what `state_call` answers and what metadata V15 lists. */

import { type ScaleType, tuple } from '../runtime/scale.js'
import type { State } from '../runtime/state.js'

/** The block that an API call looks at. */
export type ApiContext = {
  readonly state: State
  /** Number of the block whose state this is. */
  readonly block: number
}

/** One method: how its arguments and its answer are written, and what it does. */
export type RuntimeApiMethod = {
  readonly inputs: Readonly<Record<string, ScaleType<unknown>>>
  readonly output: ScaleType<unknown>
  /** The arguments come in the order of `inputs`. */
  run(context: ApiContext, args: readonly unknown[]): unknown
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

/**
 * Runs a method on encoded arguments.
 * @throws {Error} when the arguments are not what the method takes.
 */
export function callApiMethod(
  method: RuntimeApiMethod,
  context: ApiContext,
  input: Uint8Array,
): Uint8Array {
  const types = Object.values(method.inputs)
  const args = tuple(...types).codec.dec(input.slice())
  return method.output.codec.enc(method.run(context, args))
}
