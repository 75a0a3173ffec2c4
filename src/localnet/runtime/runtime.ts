/** The runtime of the embedded chain: pallets, codecs, block and transaction execution. */
import { buildGenesis } from '../genesis/build.js'
import type { GenesisSpec } from '../genesis/spec.js'
import { type CallBook, createCallBook } from './callBook.js'
import { callTypeOf, eventRecordOf, eventTypeOf } from './codecs.js'
import { type Applied, applyTransaction, openExecution, type Transaction } from './executor.js'
import type { Call, Pallet, RuntimeEvent } from './pallet.js'
import { adminUtilsPallet } from './pallets/adminUtils.js'
import { balancesPallet } from './pallets/balances.js'
import { collectivePallet } from './pallets/collective.js'
import { commitmentsPallet } from './pallets/commitments.js'
import {
  auraPallet,
  grandpaPallet,
  randomnessPallet,
  timestampPallet,
} from './pallets/consensus.js'
import { registryPallet } from './pallets/registry.js'
import { senate, triumvirateMembers } from './pallets/seats.js'
import { sudoPallet } from './pallets/sudo.js'
import { type EventRecord, eventsItem, System, systemPallet } from './pallets/system.js'
import { transactionPaymentPallet } from './pallets/transactionPayment.js'
import { utilityPallet } from './pallets/utility.js'
import type { ScaleType } from './scale.js'
import type { State } from './state.js'
import { type SubtensorOptions, subtensorPallet } from './subtensor/pallet.js'
import type { DispatchInfoValue } from './types.js'
import { type Verdict, validateTransaction } from './validity.js'
import { RUNTIME_VERSION } from './version.js'

/** Which runtime is modelled: `classic` is spec 143. */
export type Profile = 'classic'

/** Variations of a profile. */
export type RuntimeOptions = SubtensorOptions

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
  readonly profile: Profile
  readonly version: RuntimeVersion
  /** In the order of their indexes. */
  readonly pallets: readonly Pallet[]
  /** RuntimeCall. */
  readonly callType: ScaleType<Call>
  /** RuntimeEvent. */
  readonly eventType: ScaleType<RuntimeEvent>
  readonly eventRecordType: ScaleType<EventRecord>
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
   * Throws {@link BittensorError} `LOCALNET` when the spec breaks a rule of the runtime.
   */
  genesis(state: State, spec: GenesisSpec): void
  /** Fee in RAO for a transaction of so many bytes, tip excluded. */
  feeOf(call: Call, length: number): bigint
  /** Declared weight, class and whether the call pays. */
  dispatchInfo(call: Call): DispatchInfoValue
  /** What the pool says about a transaction on top of a state. */
  validate(state: State, transaction: Transaction): Verdict
}

/** How many block hashes System keeps. */
const BLOCK_HASH_COUNT = 2400

/**
 * The runtime of a profile.
 * @example
 * const runtime = createRuntime()
 * runtime.initializeBlock(state, 1, parentHash)
 */
export function createRuntime(profile: Profile = 'classic', options: RuntimeOptions = {}): Runtime {
  const pallets: Pallet[] = []
  const all = () => pallets
  const callType = callTypeOf(all)
  const eventType = eventTypeOf(all)
  const eventRecordType = eventRecordOf(eventType)
  const book = createCallBook(all)
  pallets.push(...classicPallets(callType, eventRecordType, book, options))
  const Events = eventsItem(eventRecordType)
  const { spec_name, impl_name, ...numbers } = RUNTIME_VERSION
  return {
    profile,
    version: {
      specName: spec_name,
      implName: impl_name,
      authoringVersion: numbers.authoring_version,
      specVersion: numbers.spec_version,
      implVersion: numbers.impl_version,
      apis: numbers.apis,
      transactionVersion: numbers.transaction_version,
      stateVersion: numbers.state_version,
    },
    pallets,
    callType,
    eventType,
    eventRecordType,
    initializeBlock(state, block, parentHash) {
      startBlock(state, block, parentHash)
      const { events, context } = openExecution(book, state, block)
      const hook = context({ kind: 'root' })
      for (const pallet of pallets) pallet.onInitialize?.(hook)
      return events
    },
    applyExtrinsic: (state, transaction) => applyTransaction(book, state, transaction),
    finalizeBlock(state, events) {
      state.set(Events, [], [...events])
      state.set(System.EventCount, [], events.length)
    },
    genesis(state, spec) {
      buildGenesis((at, block) => openExecution(book, at, block), state, spec)
    },
    feeOf: book.feeOf,
    dispatchInfo: (call) => book.dispatchInfo(call),
    validate: (state, transaction) => validateTransaction(book, state, transaction),
  }
}

function classicPallets(
  callType: ScaleType<Call>,
  eventRecordType: ScaleType<EventRecord>,
  book: CallBook,
  options: RuntimeOptions,
): Pallet[] {
  return [
    systemPallet(eventRecordType),
    randomnessPallet,
    timestampPallet,
    auraPallet,
    grandpaPallet,
    balancesPallet,
    transactionPaymentPallet,
    subtensorPallet(callType, options),
    collectivePallet({
      runtimeCall: callType,
      seats: (state) => senate.members({ state }).length,
      weightOf: book.costOf,
    }),
    triumvirateMembers.pallet,
    senate.pallet,
    utilityPallet(callType),
    sudoPallet(callType),
    registryPallet,
    commitmentsPallet,
    adminUtilsPallet,
  ]
}

function startBlock(state: State, block: number, parentHash: string): void {
  state.set(System.Number, [], block)
  state.set(System.ParentHash, [], parentHash)
  state.set(System.BlockHash, [block - 1], parentHash)
  const forgotten = block - 1 - BLOCK_HASH_COUNT
  if (forgotten > 0) state.remove(System.BlockHash, forgotten)
}
