/** A runtime's metadata boiled down to what this client needs, as plain JSON so that it can be cached. */
import { fromHex } from '../keys/hex.js'
import { decode } from './decode.js'
import type { Field, TypeDef, TypeRef, VariantCase } from './typeDef.js'
import type { Capabilities, ChainEra, ChainValue, Hex } from './types.js'

export type Hasher =
  | 'Blake2128'
  | 'Blake2256'
  | 'Blake2128Concat'
  | 'Twox128'
  | 'Twox256'
  | 'Twox64Concat'
  | 'Identity'

/** One storage item. `prefix` is its raw key without the hashed keys. */
export type StorageDescription = {
  readonly prefix: Hex
  readonly keys: readonly { readonly hasher: Hasher; readonly type: TypeRef }[]
  readonly value: TypeRef
  readonly optional: boolean
  /** What an absent entry reads as. */
  readonly fallback: Hex
}

export type ErrorDescription = { readonly name: string; readonly docs: string }

export type PalletDescription = {
  readonly index: number
  readonly storage: Readonly<Record<string, StorageDescription>>
  readonly calls: readonly VariantCase[]
  readonly events: readonly VariantCase[]
  /** By variant index. */
  readonly errors: Readonly<Record<number, ErrorDescription>>
  readonly constants: Readonly<Record<string, { readonly type: TypeRef; readonly value: Hex }>>
}

export type ApiMethod = {
  readonly inputs: readonly Field[]
  readonly output: TypeRef
}

export type ExtensionDescription = {
  readonly name: string
  readonly extra: TypeRef
  readonly additional: TypeRef
}

/** Everything about one runtime version that reading, composing and signing need. */
export type Description = {
  readonly types: readonly TypeDef[]
  readonly pallets: Readonly<Record<string, PalletDescription>>
  /** The type of a whole call and of System.Events. */
  readonly call: TypeRef
  readonly extensions: readonly ExtensionDescription[]
  /** Runtime APIs with their types; empty when the runtime is too old to describe them. */
  readonly apis: Readonly<Record<string, Readonly<Record<string, ApiMethod>>>>
}

/** Answer of `state_getRuntimeVersion`, as far as it is used. */
export type RuntimeVersion = {
  readonly specName: string
  readonly specVersion: number
  readonly implVersion: number
  readonly transactionVersion: number
  readonly apis: readonly (readonly [hash: Hex, version: number])[]
}

/** A runtime: its version and its description. */
export type Runtime = { readonly version: RuntimeVersion; readonly description: Description }

/** blake2b-64 of the trait names, as `apis` of the runtime version lists them. */
const TRAIT_HASHES: Readonly<Record<string, Hex>> = {
  Core: '0xdf6acb689907609b',
  Metadata: '0x37e397fc7c91f5e4',
  AccountNonceApi: '0xbc9d89904f5b923f',
  TransactionPaymentApi: '0x37c8bb1350a9a2a8',
  DelegateInfoRuntimeApi: '0x42e62be4a39e5b60',
  NeuronInfoRuntimeApi: '0x806df4ccaa9ed485',
  SubnetInfoRuntimeApi: '0x8375104b299b74c5',
  StakeInfoRuntimeApi: '0x5d1fbfbe852f2807',
  SubnetRegistrationRuntimeApi: '0xc6886e2f8e598b0a',
}

/**
 * Methods that came after their trait, with the first spec version that is known to have them; runtimes that describe
 * their APIs themselves do not need this.
 */
const LATER_METHODS: Readonly<Record<string, number>> = {
  get_subnet_hyperparams: 134,
  get_subnet_info_v2: 200,
  get_subnets_info_v2: 200,
  get_dynamic_info: 208,
  get_all_dynamic_info: 208,
  get_subnet_state: 208,
  get_metagraph: 233,
  get_all_metagraphs: 233,
}

/** The version of a runtime API trait, undefined when the runtime does not export it. */
export function apiVersion(version: RuntimeVersion, trait: string): number | undefined {
  const hash = TRAIT_HASHES[trait]
  return version.apis.find(([one]) => one === hash)?.[1]
}

/** The era of a runtime, by the arguments of its `add_stake`. */
export function eraOfDescription({ pallets }: Description): ChainEra {
  const stake = pallets['SubtensorModule']?.calls.find(({ name }) => name === 'add_stake')
  return stake?.fields.some(([name]) => name === 'netuid') ? 'dtao' : 'classic'
}

/** Answers capability questions from a runtime that may be replaced by an upgrade. */
export function capabilitiesOf(current: () => Runtime): Capabilities {
  const pallet = (name: string) => current().description.pallets[name]
  const callOf = (name: string, call: string) =>
    pallet(name)?.calls.find((one) => one.name === call)
  return {
    hasPallet: (name) => pallet(name) !== undefined,
    hasCall: (name, call) => callOf(name, call) !== undefined,
    callArgs: (name, call) => argumentNames(callOf(name, call)),
    hasStorage: (name, item) => pallet(name)?.storage[item] !== undefined,
    hasRuntimeApi: (trait, method) => hasApi(current(), trait, method),
    constant: (name, constant) => constantOf(current(), name, constant),
  }
}

function argumentNames(call: VariantCase | undefined): readonly string[] | undefined {
  return call?.fields.map(([name]) => name)
}

function hasApi(runtime: Runtime, trait: string, method: string | undefined): boolean {
  const described = runtime.description.apis[trait]
  if (Object.keys(runtime.description.apis).length > 0) {
    return described !== undefined && (method === undefined || described[method] !== undefined)
  }
  if (apiVersion(runtime.version, trait) === undefined) return false
  return method === undefined || runtime.version.specVersion >= (LATER_METHODS[method] ?? 0)
}

function constantOf(runtime: Runtime, pallet: string, name: string): ChainValue {
  const found = runtime.description.pallets[pallet]?.constants[name]
  const bytes = found && fromHex(found.value)
  return bytes && decode(runtime.description.types, found.type, bytes)
}
