/** The programmatic API of the `bittensor` package. */

export { BittensorError, type ErrorCode } from './core/errors.js'
export {
  type AlphaRao,
  alphaRao,
  formatBalance,
  formatTao,
  parseTao,
  RAO_PER_TAO,
  type Rao,
  rao,
} from './core/units.js'
export {
  normalizeMaxWeight,
  processWeights,
  weightsFromChain,
  weightsToChain,
} from './core/weights.js'
export { Axon, type AxonOptions, type AxonPublisher } from './network/axon.js'
export { type AxonInfo, isServing } from './network/axonInfo.js'
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
export type { Log, LogEvent } from './network/log.js'
export type { ProtocolOption } from './network/ports.js'
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
export { type Tensor, type TensorDtype, tensor } from './network/wire/tensor.js'
