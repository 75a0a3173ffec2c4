/** The runtime of the embedded chain: pallets, codecs, block and transaction execution. */
import type { AnyGenesisSpec } from '../genesis/spec.js'
import { createCallBook } from './callBook.js'
import { classicProfile } from './classic.js'
import { callTypeOf, eventRecordOf, eventTypeOf } from './codecs.js'
import { dtaoProfile } from './dtao/profile.js'
import { type Applied, applyTransaction, openExecution, type Transaction } from './executor.js'
import type { Call, ConstantDef, Pallet, RuntimeEvent } from './pallet.js'
import { type EventRecord, eventsItem, System } from './pallets/system.js'
import type { FeeParts, Ledger, ProfileName, RuntimeOptions } from './profile.js'
import type { ScaleType, Variant } from './scale.js'
import type { State } from './state.js'
import type { DispatchInfoValue } from './types.js'
import type { Verdict } from './validity.js'

/** What `state_getRuntimeVersion` answers. */
export type RuntimeVersion = {
  readonly specName: string
  readonly implName: string
  readonly authoringVersion: number
  readonly specVersion: number
  readonly implVersion: number
  readonly apis: readonly (readonly [hash: string, version: number])[]
  readonly transactionVersion: number
  readonly stateVersion: number
}

export type Runtime = {
  readonly profile: ProfileName
  readonly version: RuntimeVersion
  /** `System.Version`: the same with its codec. */
  readonly versionConstant: ConstantDef<unknown>
  /** In the order of their indexes. */
  readonly pallets: readonly Pallet[]
  /** RuntimeCall. */
  readonly callType: ScaleType<Call>
  /** RuntimeEvent. */
  readonly eventType: ScaleType<RuntimeEvent>
  readonly eventRecordType: ScaleType<EventRecord>
  readonly dispatchErrorType: ScaleType<Variant>
  /**
   * Starts a block: number, parent, hash of the parent, then the block step of every pallet. `parentHash` is the hash
   * of block `block - 1`. Returns the events of the Initialization phase.
   */
  initializeBlock(state: State, block: number, parentHash: string): readonly RuntimeEvent[]
  /**
   * Applies a transaction that {@link Runtime.validate} accepts (its nonce being the account's next), or an inherent
   * (no signer). Always leaves the state with one layer.
   */
  applyExtrinsic(state: State, transaction: Transaction): Applied
  /** Stores the events of the block: call it last. */
  finalizeBlock(state: State, events: readonly EventRecord[]): void
  /**
   * Fills an empty state with block 0.
   * Throws {@link BittensorError} `LOCALNET` when the spec breaks a rule of the runtime or is for another profile.
   */
  genesis(state: State, spec: AnyGenesisSpec): void
  /**
   * Takes over from the runtime before it: brings the state into its own form. Comes before its first block, as the first
   * part of it.
   */
  adopt(state: State, before: Runtime, block: number): void
  /** Fee in RAO for a transaction of so many bytes, tip excluded. */
  feeOf(call: Call, length: number): bigint
  /** {@link Runtime.feeOf} in parts. */
  feeParts(call: Call, length: number): FeeParts
  /** Declared weight, class and whether the call pays. */
  dispatchInfo(call: Call): DispatchInfoValue
  /** What the pool says about a transaction on top of a state, for a block: the next one if none is named. */
  validate(state: State, transaction: Transaction, block?: number): Verdict
} & Pick<Ledger, 'account' | 'mint' | 'issuance' | 'weightToFee'>

/** How many block hashes System keeps. */
const BLOCK_HASH_COUNT = 2400

const PROFILES = { classic: classicProfile, dtao: dtaoProfile }

/**
 * The runtime of a profile.
 * @example
 * const runtime = createRuntime()
 * runtime.initializeBlock(state, 1, parentHash)
 */
export function createRuntime(
  name: ProfileName = 'classic',
  options: RuntimeOptions = {},
): Runtime {
  const profile = PROFILES[name]
  const { ledger } = profile
  const pallets: Pallet[] = []
  const all = () => pallets
  const callType = callTypeOf(all)
  const eventType = eventTypeOf(all)
  const eventRecordType = eventRecordOf(eventType)
  const book = createCallBook(all)
  pallets.push(...profile.pallets({ callType, eventType, eventRecordType, book, options }))
  const Events = eventsItem(eventRecordType)
  const versionConstant = constantOf(pallets, 'System', 'Version')
  const feeParts = (call: Call, length: number) => ledger.feeParts(book, call, length)
  return {
    account: ledger.account,
    mint: ledger.mint,
    issuance: ledger.issuance,
    weightToFee: ledger.weightToFee,
    profile: name,
    version: versionOf(versionConstant),
    versionConstant,
    pallets,
    callType,
    eventType,
    eventRecordType,
    dispatchErrorType: profile.dispatchErrorType,
    initializeBlock(state, block, parentHash) {
      startBlock(state, block, parentHash)
      const { events, context } = openExecution(book, state, block)
      const hook = context({ kind: 'root' })
      for (const pallet of pallets) pallet.onInitialize?.(hook)
      return events
    },
    applyExtrinsic: (state, transaction) => applyTransaction(book, ledger, state, transaction),
    finalizeBlock(state, events) {
      state.set(Events, [], [...events])
      state.set(System.EventCount, [], events.length)
    },
    genesis(state, spec) {
      profile.buildGenesis((at, block) => openExecution(book, at, block), state, spec)
    },
    adopt: (state, before, block) => profile.migrate?.({ state, block }, before.pallets, pallets),
    feeOf: (call, length) => totalOf(feeParts(call, length)),
    feeParts,
    dispatchInfo: (call) => book.dispatchInfo(call),
    validate: (state, transaction, block = state.get(System.Number) + 1) =>
      profile.validate(book, state, transaction, block),
  }
}

const totalOf = ({ base, length, weight }: FeeParts) => base + length + weight

function constantOf(pallets: readonly Pallet[], pallet: string, name: string) {
  const found = pallets.find((one) => one.name === pallet)?.constants[name]
  if (!found) throw new Error(`the runtime has no constant ${pallet}.${name}`)
  return found
}

type VersionValue = {
  spec_name: string
  impl_name: string
  authoring_version: number
  spec_version: number
  impl_version: number
  apis: [string, number][]
  transaction_version: number
  /** Called system version by later runtimes. */
  state_version?: number
  system_version?: number
}

function versionOf({ value }: ConstantDef<unknown>): RuntimeVersion {
  const version = value as VersionValue
  return {
    specName: version.spec_name,
    implName: version.impl_name,
    authoringVersion: version.authoring_version,
    specVersion: version.spec_version,
    implVersion: version.impl_version,
    apis: version.apis,
    transactionVersion: version.transaction_version,
    stateVersion: version.state_version ?? version.system_version ?? 1,
  }
}

function startBlock(state: State, block: number, parentHash: string): void {
  state.set(System.Number, [], block)
  state.set(System.ParentHash, [], parentHash)
  state.set(System.BlockHash, [block - 1], parentHash)
  const forgotten = block - 1 - BLOCK_HASH_COUNT
  if (forgotten > 0) state.remove(System.BlockHash, forgotten)
}
