/** What the chain client hands out: connections, views of one block, calls, receipts and the results of every read. */
import type { Keypair } from '../keys/keypair.js'
import type { Ss58 } from '../keys/ss58.js'
import type { AlphaRao, Rao } from '../units.js'
import type { Runtime } from './description.js'
import type { TypeDef, TypeRef } from './typeDef.js'

/** Bytes as lower-case hex with `0x`. */
export type Hex = `0x${string}`

/** Newest blocks, which a fork can still replace, or those that can not be undone. */
export type HeadKind = 'best' | 'finalized'

/** A block by number and hash. */
export type BlockRef = { readonly number: number; readonly hash: Hex }

/** A block as its header tells of it. */
export type Head = BlockRef & {
  readonly parentHash: Hex
  /** It replaces the runtime: the next block is made by the new one, its own storage is still as the old one wrote it. */
  readonly bringsRuntime: boolean
}

/** `classic`: one TAO stake per hotkey; `dtao`: stake per subnet. Told apart by the arguments of `add_stake`. */
export type ChainEra = 'classic' | 'dtao'

/**
 * A decoded value: numbers up to u32, bigints above, `Ss58` for accounts, {@link Hex} for hashes and bytes, arrays,
 * objects for structs, `undefined` for an empty Option, and `{ type, value }` for variants.
 */
export type ChainValue =
  | undefined
  | boolean
  | number
  | bigint
  | string
  | readonly ChainValue[]
  | { readonly [key: string]: ChainValue }

/** Questions answered by the metadata. Names are the chain's own: `SubtensorModule`, `add_stake`, `NetworksAdded`. */
export type Capabilities = {
  hasPallet(pallet: string): boolean
  hasCall(pallet: string, call: string): boolean
  /** Argument names in wire order, undefined when there is no such call. */
  callArgs(pallet: string, call: string): readonly string[] | undefined
  hasStorage(pallet: string, item: string): boolean
  /** `hasRuntimeApi('NeuronInfoRuntimeApi', 'get_neurons_lite')`. */
  hasRuntimeApi(trait: string, method?: string): boolean
  /** A decoded constant, undefined when there is none. */
  constant(pallet: string, name: string): ChainValue
}

/** One entry of a storage map. */
export type StorageEntry = { readonly keys: readonly ChainValue[]; readonly value: ChainValue }

/**
 * The chain at one block: everything read through a view is of that block, decoded by that block's metadata.
 * Single reads made in the same turn of the event loop travel in one request.
 */
export type ChainView = Capabilities & {
  readonly network: string
  readonly endpoint: string
  readonly block: BlockRef
  readonly specVersion: number
  readonly era: ChainEra
  /** What the metadata of this block says. */
  readonly runtime: Runtime
  /**
   * Reads one storage entry. An absent entry reads as the item's default, or undefined for an optional item.
   * @throws {BittensorError} `RUNTIME_UNSUPPORTED` for an unknown item, `CONNECTION`, `TIMEOUT`
   */
  read(pallet: string, item: string, ...keys: readonly unknown[]): Promise<ChainValue>
  /** As `ChainView.read`, but undefined when the entry is not stored, whatever the default. */
  readStored(pallet: string, item: string, ...keys: readonly unknown[]): Promise<ChainValue>
  /** All entries of a map, or those below the given first keys, in the order of the keys in storage. */
  entries(
    pallet: string,
    item: string,
    ...prefix: readonly unknown[]
  ): Promise<readonly StorageEntry[]>
  /** The keys of `ChainView.entries`, without the values. */
  keys(
    pallet: string,
    item: string,
    ...prefix: readonly unknown[]
  ): Promise<readonly (readonly ChainValue[])[]>
  /** Type of a runtime API's result, undefined when the metadata does not describe it. */
  apiOutput(trait: string, method: string): TypeDef | undefined
  /** Decodes what `ChainView.apiOutput` is the type of. @throws `CONNECTION` when the bytes do not fit */
  decodeOutput(type: TypeRef, bytes: Uint8Array): ChainValue
  /** Decodes bytes by a type of this block's runtime or by a layout. @throws `CONNECTION` when they do not fit */
  decode(type: TypeRef, bytes: Uint8Array): ChainValue
  /** Calls a runtime API with SCALE-encoded arguments. @throws `RUNTIME_UNSUPPORTED`, `CONNECTION`, `TIMEOUT` */
  callApi(trait: string, method: string, args?: Uint8Array): Promise<Uint8Array>
  /** Any other JSON-RPC request. */
  request(method: string, params?: readonly unknown[]): Promise<unknown>
}

/** A connection to one node, with the metadata of its newest block. */
export type ChainClient = Capabilities & {
  /** Network name, or the endpoint's host. */
  readonly network: string
  /** The node's URL; `in-process` for a provider. */
  readonly endpoint: string
  readonly genesisHash: Hex
  /** Whether money on this chain is worth something, by its genesis block. */
  readonly value: 'real' | 'worthless' | 'unknown'
  readonly specName: string
  /** Follows a runtime upgrade. */
  readonly specVersion: number
  readonly transactionVersion: number
  readonly era: ChainEra
  /** What the metadata says; replaced by an upgrade. */
  readonly runtime: Runtime
  readonly existentialDeposit: Rao
  readonly ss58Format: number
  /** Target time between blocks in milliseconds. */
  readonly blockTimeMs: number
  /** The newest block. */
  head(): Promise<Head>
  finalizedHead(): Promise<BlockRef>
  /**
   * A view of one block, of the newest one by default.
   * @throws {BittensorError} `USAGE` for a block above the newest, `CONNECTION` for an unknown hash or a pruned state
   */
  at(block?: number | Hex): Promise<ChainView>
  /**
   * Reads of a block whose header is known, in one round trip: what `read` asks for goes out together with the question
   * for the runtime. After an upgrade `read` is called again, with a view of the right one.
   * @throws {BittensorError} as `at`, and what `read` throws
   * @example
   * await chain.readHead(head, (view) => view.read('SubtensorModule', 'Difficulty', 1))
   */
  readHead<T>(head: Head, read: (view: ChainView) => Promise<T>): Promise<T>
  /** Calls back for each new best block, or for each that became final. @returns how to stop */
  subscribeHeads(
    onHead: (head: Head) => void,
    onLost?: (error: Error) => void,
    of?: HeadKind,
  ): Promise<() => void>
  /** A plain JSON-RPC request; reads are repeated when the connection breaks. @throws `CONNECTION`, `TIMEOUT`, … */
  request(method: string, params?: readonly unknown[]): Promise<unknown>
  /** A JSON-RPC request made once; the node's refusal is thrown as it came, a `RpcError`. */
  requestOnce(method: string, params?: readonly unknown[]): Promise<unknown>
  /** A subscription. @returns how to stop */
  subscribe(
    method: string,
    params: readonly unknown[],
    unsubscribe: string,
    onMessage: (message: unknown) => void,
    onLost?: (error: Error) => void,
  ): Promise<() => void>
  /** Reads the runtime version again; loads the new metadata after an upgrade. @returns whether it moved */
  refreshRuntime(): Promise<boolean>
  /** SCALE metadata of `ChainClient.specVersion`, V15 where the runtime has it; from the cache or the node. */
  metadata(): Promise<Hex>
  /**
   * @polkadot/api over the same connection, loaded at the first use, for programs that need more than this client: an
   * `ApiPromise`, not named as a type here because its own types pass no strict check in a program that uses this one.
   */
  api(): Promise<unknown>
  /** @polkadot/api with the metadata of `ChainClient.specVersion` and no connection: encodes what is signed. */
  encoder(): Promise<unknown>
  /** Ends the connection; nothing keeps the process alive afterwards. */
  close(): Promise<void>
}

/** A call ready to be signed: checked against the metadata and encoded. */
export type Call = {
  readonly pallet: string
  readonly name: string
  /** Arguments in wire order, decoded again from the encoding: what the chain will read. */
  readonly args: { readonly [name: string]: ChainValue }
  /** The SCALE encoding. */
  readonly data: Hex
  /** Runtime the call was encoded for. */
  readonly specVersion: number
}

/** A call decoded from chain data, such as a proposal. */
export type DecodedCall = {
  readonly pallet: string
  readonly name: string
  readonly args: { readonly [name: string]: ChainValue }
}

/** An event: `data` is an array for unnamed fields and an object for named ones. */
export type ChainEvent = {
  readonly pallet: string
  readonly name: string
  readonly data: readonly ChainValue[] | { readonly [field: string]: ChainValue }
  /** Index of the extrinsic that raised it, undefined for events of block initialization and finalization. */
  readonly extrinsicIndex: number | undefined
}

/** Lifetime of a transaction in block numbers: valid from `birth` up to and including `death`. */
export type Era = { readonly period: number; readonly birth: number; readonly death: number }

/** A signed transaction. */
export type SignedTransaction = {
  readonly hash: Hex
  /** The complete extrinsic as it is submitted. */
  readonly bytes: Hex
  readonly nonce: number
  /** `immortal` never expires. */
  readonly era: Era | 'immortal'
  readonly from: Ss58
  readonly genesisHash: Hex
  readonly specVersion: number
}

/** How far a submission has come. */
export type SubmitPhase =
  | { readonly phase: 'signing' }
  | { readonly phase: 'sending'; readonly hash: Hex }
  /** The node has taken it; the account's next transaction may be signed. */
  | { readonly phase: 'accepted'; readonly hash: Hex }
  | {
      readonly phase: 'waiting'
      readonly hash: Hex
      readonly block: number
      /** Undefined for an immortal transaction. */
      readonly blocksLeft: number | undefined
    }
  | { readonly phase: 'reconnecting'; readonly hash: Hex; readonly reason: string }
  | { readonly phase: 'searching'; readonly hash: Hex; readonly block: number }
  | { readonly phase: 'included'; readonly hash: Hex; readonly block: BlockRef }
  | { readonly phase: 'finalized'; readonly hash: Hex; readonly block: BlockRef }

/** Options of `signTransaction`. */
export type SignOptions = {
  readonly call: Call
  readonly signer: Keypair
  /** Blocks the transaction stays valid, rounded up to a power of two; 64 by default. */
  readonly era?: number | undefined
  /** The block from which they count; by default a final one if it is near, else the newest. */
  readonly anchor?: BlockRef | undefined
  /** RAO for the block author on top of the fee; 0 by default. */
  readonly tip?: Rao | undefined
  /** Account nonce; asked from the node (pending transactions counted) by default. */
  readonly nonce?: number | undefined
}

/** Options of `submit`. */
export type SubmitOptions = SignOptions & {
  /** What to wait for before returning; inclusion in a block by default. */
  readonly wait?: 'inclusion' | 'finalization' | 'none' | undefined
  readonly onPhase?: ((phase: SubmitPhase) => void) | undefined
  /** Ctrl-C. After sending, the failure names the hash and how long it may still be included. */
  readonly signal?: AbortSignal | undefined
  /** Runs with everything needed to find the transaction again, before anything is sent: a place to write a journal. */
  readonly beforeSend?: ((transaction: SignedTransaction) => Promise<void>) | undefined
  /** How long nothing may happen on the chain before giving up waiting; 60 s or six blocks by default. */
  readonly stallMs?: number | undefined
}

/** What `submit` returns with `wait: 'none'`. */
export type Sent = {
  readonly hash: Hex
  readonly outcome: 'sent'
  readonly transaction: SignedTransaction
}

/** The outcome of a successful transaction. */
export type Receipt = {
  readonly hash: Hex
  readonly outcome: 'included' | 'finalized'
  readonly blockHash: Hex
  readonly blockNumber: number
  readonly extrinsicIndex: number
  /** Events of this transaction in order. */
  readonly events: readonly ChainEvent[]
  /** What was really paid, undefined on runtimes that do not report it. */
  readonly fee: Rao | undefined
  readonly transaction: SignedTransaction
}

/** Where a transaction that was sent earlier has ended up. */
export type TransactionFate =
  | { readonly fate: 'included'; readonly receipt: Receipt }
  | {
      readonly fate: 'failed'
      readonly hash: Hex
      readonly block: BlockRef
      readonly error: DispatchFailure
    }
  /**
   * It is not on the chain and can not be included any more, so it is safe to try again: its `era` is over, or another
   * transaction took its `nonce`.
   */
  | { readonly fate: 'expired'; readonly hash: Hex; readonly reason: 'era' | 'nonce' }
  /** Neither found nor expired. `blocksLeft` is undefined for an immortal transaction. */
  | { readonly fate: 'unknown'; readonly hash: Hex; readonly blocksLeft: number | undefined }

/** A decoded dispatch error. */
export type DispatchFailure = {
  /** Pallet, or `System`, `Token`, `Arithmetic` for errors of the framework. */
  readonly pallet: string
  readonly name: string
  /** What it means: our own sentence, else the documentation in the metadata. */
  readonly docs: string
  /** What to do about it, where there is something. */
  readonly remedy: string | undefined
  /** The event that told of it, `Sudo.Sudid`, when not the transaction itself failed but a call inside it. */
  readonly wrapper: string | undefined
}

/** Balance of an account in RAO. */
export type AccountBalance = {
  readonly address: Ss58
  readonly free: Rao
  readonly reserved: Rao
  /** Part of `free` that can not be spent. */
  readonly frozen: Rao
  readonly nonce: number
}

/** A server endpoint announced by a hotkey. `ip` is text. */
export type AxonInfo = {
  readonly block: number
  readonly version: number
  readonly ip: string
  readonly port: number
  readonly ipType: number
  readonly protocol: number
}

/** A prometheus endpoint announced by a hotkey. */
export type PrometheusInfo = Omit<AxonInfo, 'protocol'>

/** A neuron of a subnet. Ratios are raw u16 (65535 = 1). */
export type Neuron = {
  readonly netuid: number
  readonly uid: number
  readonly hotkey: Ss58
  readonly coldkey: Ss58
  readonly active: boolean
  /** All stake behind the hotkey. Classic: RAO. dTAO: alpha of the subnet (on root: RAO). */
  readonly stake: Rao
  /** Stake per coldkey, zeros left out; only when asked for with `{ stakes: true }`. */
  readonly stakes?: readonly (readonly [coldkey: Ss58, stake: Rao])[]
  readonly rank: number
  readonly trust: number
  readonly consensus: number
  readonly incentive: number
  readonly dividends: number
  readonly validatorTrust: number
  /** RAO of one epoch (dTAO: alpha). */
  readonly emission: bigint
  /** Block of the last set_weights, or of the registration. */
  readonly lastUpdate: number
  readonly validatorPermit: boolean
  readonly pruningScore: number
  /** Undefined when none is announced. */
  readonly axon: AxonInfo | undefined
  readonly prometheus: PrometheusInfo | undefined
}

/** Where a hotkey is registered. */
export type Registration = { readonly netuid: number; readonly uid: number; readonly hotkey: Ss58 }

/** A subnet as `list_subnets` shows it. Ratios are raw u16. */
export type SubnetInfo = {
  readonly netuid: number
  readonly n: number
  readonly maxN: number
  readonly difficulty: bigint
  /** An epoch runs every tempo + 1 blocks. */
  readonly tempo: number
  /** RAO per block that the subnet receives; 0 where the runtime no longer keeps it. */
  readonly emission: bigint
  /** Price of a registration by recycling. */
  readonly burn: Rao
  /** Owner's coldkey; undefined on runtimes without owners and for subnets without one. */
  readonly owner: Ss58 | undefined
  readonly immunityPeriod: number
  readonly rho: number
  readonly kappa: number
  readonly maxAllowedValidators: number
  readonly minAllowedWeights: number
  readonly maxWeightsLimit: number
  readonly scalingLawPower: number
  readonly modality: number
  readonly blocksSinceLastStep: number
  /** Subnets on which a registrant must reach a percentile first: netuid and u16 ratio. */
  readonly connect: readonly (readonly [netuid: number, requirement: number])[]
  /** Whether registration is open; undefined where the runtime has no such switch. */
  readonly registrationAllowed: boolean | undefined
  readonly powRegistrationAllowed: boolean | undefined
  /** How many mechanisms it has; 1 on runtimes before late 2025. */
  readonly mechanisms: number
}

/** A delegate as `list_delegates` shows it. */
export type Delegate = {
  readonly hotkey: Ss58
  readonly owner: Ss58
  /** u16 ratio. */
  readonly take: number
  /** Stake per coldkey in RAO, the owner's own included, zeros left out; on dTAO runtimes the value of all alpha. */
  readonly nominators: readonly (readonly [coldkey: Ss58, stake: Rao])[]
  /** Sum of the nominations. */
  readonly totalStake: Rao
  readonly registrations: readonly number[]
  /** Subnets where the delegate holds a validator permit. */
  readonly validatorPermits: readonly number[]
  /** RAO per day over all subnets; emission of tokens at the prices of their pools. */
  readonly totalDailyReturn: Rao
}

/** A delegation of one coldkey. */
export type Delegation = { readonly delegate: Delegate; readonly stake: Rao }

/** Stake of a coldkey behind a hotkey. In the classic era `netuid` and `alpha` are undefined. */
export type StakePosition = {
  readonly hotkey: Ss58
  readonly coldkey: Ss58
  /** Classic: RAO. dTAO: the value of `alpha` in TAO at the pool's price. */
  readonly stake: Rao
  readonly netuid: number | undefined
  readonly alpha: AlphaRao | undefined
}

/** Adjustable settings of a subnet; what a runtime does not have is undefined. */
export type Hyperparameters = { readonly [name: string]: number | bigint | boolean | undefined }

/** An open proposal of the triumvirate. */
export type Proposal = {
  readonly hash: Hex
  /** Undefined when the call is not stored or does not decode. */
  readonly call: DecodedCall | undefined
  readonly votes: ProposalVotes | undefined
}

/** Votes on a proposal. `ayes` and `nays` hold senators' hotkeys. */
export type ProposalVotes = {
  readonly index: number
  readonly threshold: number
  readonly ayes: readonly Ss58[]
  readonly nays: readonly Ss58[]
  /** Block from which it can be closed without a majority. */
  readonly end: number
}

/** What a neuron's owner says of itself on chain. */
export type Identity = {
  readonly name: string | undefined
  readonly url: string | undefined
  readonly githubRepo: string | undefined
  readonly image: string | undefined
  readonly discord: string | undefined
  readonly description: string | undefined
  readonly additional: string | undefined
}
