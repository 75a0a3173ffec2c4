/** How a pallet of the embedded chain is declared: storage, calls, events, errors and constants in one object. */
import type { ScaleType, ValueOf } from './scale.js'
import type { State } from './state.js'

export type Hasher = 'Identity' | 'Blake2128Concat' | 'Twox64Concat'

export type KeyDef<T> = { readonly type: ScaleType<T>; readonly hasher: Hasher }

/** One storage item. `fallback` is what an absent entry reads as (`Default` modifier) or undefined (`Optional`). */
export type StorageItem<K extends readonly unknown[], V> = {
  readonly pallet: string
  readonly name: string
  readonly keys: { readonly [I in keyof K]: KeyDef<K[I]> }
  readonly type: ScaleType<V>
  readonly optional: boolean
  readonly fallback: V | undefined
  readonly docs: string
}

/** Who a call runs as. */
export type Origin =
  | { readonly kind: 'signed'; readonly account: string }
  | { readonly kind: 'root' }
  | { readonly kind: 'none' }
  | { readonly kind: 'members'; readonly ayes: number; readonly seats: number }
  | { readonly kind: 'member'; readonly account: string }

/** A call as data: what the extrinsic decoder yields and what Sudo, Utility and Triumvirate nest. */
export type Call = {
  readonly pallet: string
  readonly name: string
  readonly args: Record<string, unknown>
}

/** A failed dispatch, thrown by a call; its writes and events are rolled back by the executor. */
export type DispatchError =
  | { readonly kind: 'module'; readonly pallet: string; readonly error: string }
  | {
      readonly kind: 'other'
      readonly type: 'BadOrigin' | 'CannotLookup' | 'Other' | 'Exhausted' | 'Corruption'
    }
  | { readonly kind: 'token' | 'arithmetic'; readonly error: string }

/** What a successful call may report: `pays: false` gives the fee back. */
export type PostInfo = { readonly pays?: boolean }

/** What a running call or block hook can reach. */
export type RuntimeContext = {
  readonly state: State
  /** Number of the block being built. */
  readonly block: number
  readonly origin: Origin
  /** Raises an event of the pallet with its fields in order (or by name). */
  emit(pallet: string, event: string, value?: unknown): void
  /** Runs another call in a layer of its own; a failure undoes the layer and is returned, not thrown. */
  dispatch(
    call: Call,
    origin: Origin,
  ):
    | { readonly ok: true; readonly post: PostInfo }
    | { readonly ok: false; readonly error: DispatchError }
}

export type CallDef = {
  readonly index: number
  /** Argument names and types in wire order, as the metadata of the real runtime names them. */
  readonly args: Readonly<Record<string, ScaleType<unknown>>>
  /** Rust type names of the arguments for the metadata, in order. */
  readonly typeNames?: readonly string[]
  /** Whether the length fee is charged. */
  readonly pays: boolean
  /** Declared weight: ref time (ps) and proof size. */
  readonly weight?: { readonly refTime: bigint; readonly proofSize: bigint }
  readonly docs?: string
  run(context: RuntimeContext, args: never): PostInfo | undefined
}

export type EventDef = {
  readonly index: number
  /** Unnamed fields as a list, named ones as an object. */
  readonly fields: readonly ScaleType<unknown>[] | Readonly<Record<string, ScaleType<unknown>>>
  readonly typeNames?: readonly (string | undefined)[]
  readonly docs?: string
}

export type ConstantDef<T> = {
  readonly type: ScaleType<T>
  readonly value: T
  readonly docs?: string
}

export type Pallet = {
  readonly name: string
  readonly index: number
  readonly storage: Readonly<Record<string, StorageItem<readonly never[], never>>>
  readonly calls: Readonly<Record<string, CallDef>>
  readonly events: Readonly<Record<string, EventDef>>
  /** Error names with their variant index. */
  readonly errors: Readonly<Record<string, number>>
  readonly constants: Readonly<Record<string, ConstantDef<never>>>
  /** Rust module name for type paths, `pallet_subtensor`. */
  readonly crate: string
  /** Runs before the block's extrinsics, in pallet order. */
  onInitialize?(context: RuntimeContext): void
}

/** Types the arguments of a call from its declaration. */
export function call<const A extends Readonly<Record<string, ScaleType<unknown>>>>(def: {
  readonly index: number
  readonly args: A
  readonly typeNames?: readonly string[]
  readonly pays?: boolean
  readonly weight?: CallDef['weight']
  readonly docs?: string
  run(context: RuntimeContext, args: { [K in keyof A]: ValueOf<A[K]> }): PostInfo | undefined
}): CallDef {
  return { ...def, pays: def.pays ?? true } as CallDef
}
