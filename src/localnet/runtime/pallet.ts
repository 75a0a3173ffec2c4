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
export type Origin = (
  | { readonly kind: 'signed'; readonly account: string }
  | { readonly kind: 'root' }
  | { readonly kind: 'none' }
  | { readonly kind: 'members'; readonly ayes: number; readonly seats: number }
  | { readonly kind: 'member'; readonly account: string }
) & {
  /** Calls it may make, also nested ones; all when absent. */
  readonly filter?: (call: Call) => boolean
}

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
  /** Place of the running extrinsic in its block. */
  readonly extrinsic: number
  /** Raises an event of the pallet with its fields in order (or by name). */
  emit(pallet: string, event: string, value?: unknown): void
  /** Runs another call in a layer of its own; a failure undoes the layer and is returned, not thrown. */
  dispatch(
    call: Call,
    origin: Origin,
  ):
    | { readonly ok: true; readonly post: PostInfo }
    | { readonly ok: false; readonly error: DispatchError }
  /** The outcome of a dispatch as events carry it. */
  result(outcome: { readonly ok: true } | { readonly ok: false; readonly error: DispatchError }): {
    readonly type: 'Ok' | 'Err'
    readonly value?: unknown
  }
}

/** Ref time in picoseconds and proof size in bytes. */
export type Cost = { readonly refTime: bigint; readonly proofSize: bigint }

/** A weight, or how it follows from the arguments and the weights of nested calls. */
export type DeclaredWeight =
  | Cost
  | ((args: Record<string, unknown>, costOf: (call: Call) => Cost) => Cost)

export type DispatchClassName = 'Normal' | 'Operational' | 'Mandatory'

/** A class of its own (none is Normal), that of the nested call, or Operational when all nested calls are. */
export type DeclaredClass = DispatchClassName | 'of the call' | 'of all calls'

/** The sum of weights. */
export function addCosts(...costs: readonly Cost[]): Cost {
  return costs.reduce((a, b) => ({
    refTime: a.refTime + b.refTime,
    proofSize: a.proofSize + b.proofSize,
  }))
}

/** A weight that grows with a number found in the arguments. */
export function growing(
  base: Cost,
  step: Cost,
  count: (args: Record<string, unknown>) => number,
): (args: Record<string, unknown>) => Cost {
  return (args) => {
    const times = BigInt(count(args))
    return addCosts(base, {
      refTime: step.refTime * times,
      proofSize: step.proofSize * times,
    })
  }
}

/** The weight that a `weight` argument states. */
export const statedWeight: DeclaredWeight = (args) => {
  const weight = args['weight'] as { ref_time: bigint; proof_size: bigint }
  return { refTime: weight.ref_time, proofSize: weight.proof_size }
}

/** The weight of the nested call and of what is around it. */
export const around =
  (base: Cost): DeclaredWeight =>
  (args, costOf) =>
    addCosts(base, costOf(args['call'] as Call))

/** A weight as benchmarks state it: picoseconds, bytes of proof, reads (25 µs) and writes (100 µs). */
export function cost(refTime: number, proofSize = 0, reads = 0, writes = 0): Cost {
  return {
    refTime: BigInt(refTime) + 25_000_000n * BigInt(reads) + 100_000_000n * BigInt(writes),
    proofSize: BigInt(proofSize),
  }
}

export type CallDef = {
  readonly index: number
  /** Argument names and types in wire order, as the metadata of the real runtime names them. */
  readonly args: Readonly<Record<string, ScaleType<unknown>>>
  /** Rust type names of the arguments for the metadata, in order. */
  readonly typeNames?: readonly string[]
  /** Whether the length fee is charged. */
  readonly pays: boolean
  /** Declared weight; none is 0. */
  readonly weight?: DeclaredWeight
  readonly class?: DeclaredClass
  readonly docs?: string
  run(context: RuntimeContext, args: never): PostInfo | undefined
}

/** An event as data; `value` is what the fields of its declaration hold, as in a {@link Variant}. */
export type RuntimeEvent = {
  readonly pallet: string
  readonly name: string
  readonly value?: unknown
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
  readonly storage: Readonly<Record<string, StorageItem<readonly unknown[], unknown>>>
  readonly calls: Readonly<Record<string, CallDef>>
  readonly events: Readonly<Record<string, EventDef>>
  /** Error names with their variant index. */
  readonly errors: Readonly<Record<string, number>>
  readonly constants: Readonly<Record<string, ConstantDef<unknown>>>
  /** Storage prefix where it differs from the name. */
  readonly prefix?: string
  /** Rust module for type paths, `pallet_subtensor`; `::` between the parts of one inside another. */
  readonly crate: string
  /** Generic parameters of the pallet's Call, Event and Error types, all phantom: `T`, or `T` and `I`. */
  readonly generics: {
    readonly call: readonly string[]
    readonly event: readonly string[]
    readonly error: readonly string[]
  }
  /** Runs before the block's extrinsics, in pallet order. */
  onInitialize?(context: RuntimeContext): void
}

type Args = Readonly<Record<string, ScaleType<unknown>>>

/** Types the arguments of a call from its declaration; type names default to those derived from the types. */
export function call<const A extends Args>(def: {
  readonly index: number
  readonly args: A
  readonly typeNames?: readonly string[]
  readonly pays?: boolean
  readonly weight?: DeclaredWeight
  readonly class?: DeclaredClass
  readonly docs?: string
  run(context: RuntimeContext, args: { [K in keyof A]: ValueOf<A[K]> }): PostInfo | undefined
}): CallDef {
  const typeNames = def.typeNames ?? Object.values(def.args).map(rustName)
  return { ...def, typeNames, pays: def.pays ?? true } as CallDef
}

type Fields = EventDef['fields']

/** Declares events whose indexes are their positions. */
export function eventsInOrder(
  events: Readonly<Record<string, Fields>>,
): Readonly<Record<string, EventDef>> {
  return Object.fromEntries(
    Object.entries(events).map(([name, fields], index) => {
      const types: readonly ScaleType<unknown>[] = Object.values(fields)
      return [name, { index, fields, typeNames: types.map(rustName) }]
    }),
  )
}

/** Declares errors whose indexes are their positions. */
export function errorsInOrder(names: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(names.map((name, index) => [name, index]))
}

/** The name Rust code gives a type, as metadata shows it beside a field. */
export function rustName(type: ScaleType<unknown>): string {
  const last = type.path.at(-1)
  if (last === 'AccountId32') return 'T::AccountId'
  if (last === 'H256') return 'T::Hash'
  if (last === 'MultiAddress') return 'AccountIdLookupOf<T>'
  if (last !== undefined) return last
  const def = type.def()
  if (def.kind === 'primitive') return def.name
  if (def.kind === 'sequence') return `Vec<${rustName(def.of)}>`
  if (def.kind === 'compact') return rustName(def.of)
  if (def.kind === 'tuple') return `(${def.of.map(rustName).join(', ')})`
  if (def.kind === 'array') return `[${rustName(def.of)}; ${def.length}]`
  return 'Type'
}

type KeyValues<K extends readonly KeyDef<unknown>[]> = {
  -readonly [I in keyof K]: K[I] extends KeyDef<infer T> ? T : never
}

type Bare<I> = Omit<I, 'pallet' | 'name'>

/** A plain value; absent reads as `fallback`. */
export function value<V>(type: ScaleType<V>, fallback: V): Bare<StorageItem<[], V>> {
  return { keys: [], type, optional: false, fallback, docs: '' }
}

/** A plain value that may be absent. */
export function optionalValue<V>(type: ScaleType<V>): Bare<StorageItem<[], V | undefined>> {
  return { keys: [], type, optional: true, fallback: undefined, docs: '' }
}

/** A map; an absent entry reads as `fallback`. */
export function map<const K extends readonly KeyDef<unknown>[], V>(
  keys: K,
  type: ScaleType<V>,
  fallback: V,
): Bare<StorageItem<KeyValues<K>, V>> {
  return { keys: keys as never, type, optional: false, fallback, docs: '' }
}

/** A map without a value for absent entries. */
export function optionalMap<const K extends readonly KeyDef<unknown>[], V>(
  keys: K,
  type: ScaleType<V>,
): Bare<StorageItem<KeyValues<K>, V | undefined>> {
  return { keys: keys as never, type, optional: true, fallback: undefined, docs: '' }
}

type Named<D> = {
  readonly [N in keyof D]: D[N] & { readonly pallet: string; readonly name: string }
}

/**
 * The storage of one pallet: each item under its name.
 * @param prefix the storage prefix, which is the pallet's name.
 */
export function storageOf<const D extends Record<string, object>>(
  prefix: string,
  items: D,
): Named<D> {
  return Object.fromEntries(
    Object.entries(items).map(([name, item]) => [name, { ...item, pallet: prefix, name }]),
  ) as Named<D>
}

export const identity = <T>(type: ScaleType<T>): KeyDef<T> => ({ type, hasher: 'Identity' })
export const blake = <T>(type: ScaleType<T>): KeyDef<T> => ({ type, hasher: 'Blake2128Concat' })
export const twox = <T>(type: ScaleType<T>): KeyDef<T> => ({ type, hasher: 'Twox64Concat' })
