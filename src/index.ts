/** The programmatic API of the `bittensor` package. */

export {
  Config,
  type ConfigOption,
  type ConfigOptions,
  type ConfigValue,
  config,
} from './api/config.js'
export type { Environment } from './api/environment.js'
export {
  axon,
  dendrite,
  metagraph,
  subtensor,
  textPrompting,
  wallet,
} from './api/factories.js'
export {
  debug,
  Logging,
  type LoggingLevel,
  type LoggingOptions,
  logging,
  trace,
  turnConsoleOff,
} from './api/logging.js'
export { Metagraph, type MetagraphOptions, type SyncOptions } from './api/metagraph/metagraph.js'
export type { ConnectOptions } from './api/openChain.js'
export { type PromptOptions, prompt } from './api/prompt.js'
export type {
  ExtrinsicOptions,
  ExtrinsicResult,
  PartResult,
  SigningWallet,
  SubmitSettings,
} from './api/subtensor/carryOut.js'
export type {
  StakeOptions,
  StakePart,
  SubtensorExtrinsics,
  SwapOptions,
} from './api/subtensor/extrinsics.js'
export type { ReadOptions, SubtensorReads } from './api/subtensor/reads.js'
export type { PowOptions, RegisterOptions, RegisterResult } from './api/subtensor/register.js'
export type {
  DelegatedInfo,
  DelegateInfo,
  DynamicInfo,
  NeuronInfo,
  NeuronInfoFull,
  SparseRow,
  StakeInfo,
  SubnetInfo,
} from './api/subtensor/structs.js'
export { type BlockEvent, type FollowOptions, Subtensor } from './api/subtensor/subtensor.js'
export {
  type CreateWalletOptions,
  type KeyfilePlace,
  type KeySource,
  type NewKey,
  type NewKeyOptions,
  type PublicKey,
  Wallet,
  type WalletOptions,
  type WriteKeyOptions,
} from './api/wallet.js'
// biome-ignore lint/performance/noReExportAll: what works anywhere is part of what works here, and stands there only
export * from './browser/index.js'
export type { JsonRpcProvider } from './core/chain/rpc.js'
export type {
  AxonInfo as ChainAxonInfo,
  BlockRef,
  Call as ChainCall,
  Capabilities,
  ChainClient,
  ChainEra,
  ChainEvent,
  ChainValue,
  ChainView,
  DecodedCall,
  DispatchFailure,
  Era,
  Head,
  HeadKind,
  Hex,
  Hyperparameters,
  PrometheusInfo,
  Proposal,
  ProposalVotes,
  SignedTransaction,
  StorageEntry,
  SubmitPhase,
} from './core/chain/types.js'
export type { Failed } from './core/plans/sendEach.js'
export type { Challenge, Solution } from './core/pow/challenge.js'
export type { RaceEvent } from './core/pow/race.js'
export type { SolverOptions } from './core/pow/solver.js'
export type { WrittenKey } from './core/wallet/create.js'
export {
  type PasswordAnswer,
  type PasswordRequest,
  type PasswordSource,
  passwordSource,
} from './core/wallet/passwords.js'
export { BittensorLLM } from './langchain/lazy.js'
export { Axon, type AxonOptions, type AxonPublisher } from './network/axon.js'
export { BtauthError, type BtauthProblem, signRequest } from './network/btauth/btauth.js'
export {
  createRequestVerifier,
  type ReceivedRequest,
  type VerifiedCaller,
} from './network/btauth/requestVerifier.js'
export type { Call, Handlers, Pieces, ProtocolName } from './network/call.js'
export {
  type CallerRules,
  type CallerTable,
  createBlacklist,
  createPriority,
  type PriorityRules,
} from './network/callerPolicy.js'
export {
  type AxonTarget,
  Dendrite,
  type DendriteOptions,
  type DendriteResult,
  type DendriteStream,
  type QueryOptions,
} from './network/dendrite.js'
export { detectExternalIp } from './network/externalIp.js'
export { t } from './network/fields.js'
export { type AxonLimits, DEFAULT_LIMITS } from './network/limits.js'
export type { Log, LogEvent, LogLevel } from './network/log.js'
export type { ProtocolOption } from './network/ports.js'
export { type AxonFinder, FOUNDATION_HOTKEY, type PromptContent } from './network/prompting.js'
export type { HotkeyWallet, Signer, Verifier } from './network/signing/signer.js'
export {
  defineSynapse,
  type Fields,
  Ping,
  type Synapse,
  type SynapseInput,
  type SynapseOutput,
} from './network/synapse.js'
export {
  type ChatMessage,
  TextPrompting,
  TextPromptingBackward,
  TextPromptingMulti,
} from './network/textPrompting.js'
export {
  type Conversation,
  type TextPromptingCall,
  TextPromptingDendrite,
  TextPromptingPool,
} from './network/textPromptingDendrite.js'
export {
  type TextPromptingHandlers,
  TextPromptingSynapse,
} from './network/textPromptingSynapse.js'
export { NETWORK_VERSION as versionAsInt } from './network/version.js'
export { type Tensor, type TensorDtype, tensor } from './network/wire/tensor.js'
