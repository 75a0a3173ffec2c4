/** Runtime APIs as a table by name: what `state_call` answers and what metadata V15 lists. */
import { type ScaleType, struct, type ValueOf } from '../runtime/scale.js'
import type { State } from '../runtime/state.js'
import type { Engine } from './engine.js'
import type { Node } from './node.js'
import { RpcError } from './rpc/errors.js'

/** The block that an API call looks at. */
export type ApiContext = {
  readonly node: Node
  /** The runtime of the block, whose APIs these are. */
  readonly engine: Engine
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

/** A call of an exported function, `AccountNonceApi_account_nonce`, on the state of a block. */
export type RuntimeCall = {
  readonly name: string
  /** Its arguments, SCALE-encoded. */
  readonly input: Uint8Array
  readonly block: number
}

/**
 * Runs a function of the runtime and returns its encoded answer.
 * @throws with the text of a real node when there is no such function or it does not take the arguments.
 */
export async function runtimeCall(node: Node, call: RuntimeCall): Promise<Uint8Array> {
  const { name, input, block } = call
  const engine = node.chain.engineAt(block)
  const method = findApiMethod(engine.apis, name)
  if (!method) throw new Error(`Execution failed: Other: Exported method ${name} is not found`)
  const context = { node, engine, state: node.chain.stateAt(block), block }
  try {
    const args = struct(method.inputs).codec.dec(new Uint8Array(input))
    return method.output.codec.enc(await method.run(context, args as never))
  } catch (error) {
    if (error instanceof RpcError) throw error
    throw new Error(`Execution failed: ${name}: ${(error as Error).message}`)
  }
}

/** The method of an exported function. */
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
